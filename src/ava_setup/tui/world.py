"""What the screens know of the app and of the world, as protocols."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from ava_setup.words import NOTHING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ava_setup.onboarding.errors import Problem
    from ava_setup.onboarding.setup import Setup
    from ava_setup.onboarding.state import Saved
    from ava_setup.onboarding.steps import StepId
    from ava_setup.words import Text, Voice


class Demo(Protocol):
    """What a demo can do by itself."""

    @property
    def answers(self) -> Mapping[str, str]:
        """What F2 types, by field id."""
        ...

    async def ring(self, number: str) -> None:
        """Have a simulated caller ring a number."""
        ...


class World(Protocol):
    """What the wizard works on."""

    @property
    def setup(self) -> Setup:
        """The engine."""
        ...

    @property
    def demo(self) -> Demo | None:
        """The demo, or None for the real thing."""
        ...

    @property
    def problem(self) -> Problem | None:
        """What went wrong on opening and must be said, though the work goes on."""
        ...

    async def aclose(self) -> None:
        """Let go of it all."""
        ...


@dataclass(frozen=True, slots=True)
class Business:
    """A business that there is saved work of.

    Attributes:
        profile: Names its folder.
        name: As its callers know it, or "" when it was not typed yet.
    """

    profile: str
    name: str = ""


class Worlds(Protocol):
    """Opens worlds. Its methods block; they are not for the event loop."""

    def businesses(self) -> tuple[Business, ...]:
        """List the businesses that there is saved work of."""
        ...

    def unused_profile(self) -> str:
        """Name a profile that has no saved work yet."""
        ...

    def open(self, profile: str) -> World:
        """Open a business.

        Raises:
            SetupError: It is in use, cannot be read, or an address is refused.
        """
        ...

    def open_demo(self) -> World:
        """Open a demo, apart from everything."""
        ...


class Wizard(Protocol):
    """The app, as a step sees it.

    Attributes:
        voice: Speaks the app's language.
        is_demo: Whether it works on a sandbox.
        world: What it works on, or None when that is not open yet.
        stood: What was kept when a link last stood in this run, or None.
    """

    voice: Voice
    is_demo: bool
    world: World | None
    stood: Saved | None

    async def open(self) -> World:
        """Give the world, opening it when it is not open yet."""
        ...

    @property
    def setup(self) -> Setup:
        """The engine; only to be asked for once the world is open."""
        ...

    def go(self, step_id: StepId) -> None:
        """Show a step."""
        ...

    def mend_for_undo(self, step_id: StepId) -> None:
        """Show a step that asks for what undoing needs; undoing follows it."""
        ...

    def mend_for_doctor(self, step_id: StepId) -> None:
        """Show a step that mends what the doctor found; the doctor looks again after it."""
        ...

    def toast(self, text: Text, *, title: Text = NOTHING, more: Text = NOTHING) -> None:
        """Say something in passing."""
        ...

    def start_demo(self) -> None:
        """Become a demo."""
        ...

    def work_on(self, profile: str | None) -> None:
        """Leave the business worked on for another; None begins a new one."""
        ...

    def action_switch_language(self) -> None:
        """Speak the other language."""
        ...

    def leave(self, return_code: int) -> None:
        """Keep what is typed, then leave."""
        ...
