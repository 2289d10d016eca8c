"""What the screens know of the app, as a protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ava_setup.words import NOTHING

if TYPE_CHECKING:
    from ava_setup.front.worlds import World
    from ava_setup.onboarding.setup import Setup
    from ava_setup.onboarding.state import Saved
    from ava_setup.onboarding.steps import StepId
    from ava_setup.tui.tempo import Tempo
    from ava_setup.tui.widgets.activity import News
    from ava_setup.words import Text, Voice


class Wizard(Protocol):
    """The app, as a step sees it.

    Attributes:
        voice: Speaks the app's language.
        is_demo: Whether it works on a sandbox.
        tempo: How fast moves what moves by itself.
        world: What it works on, or None when that is not open yet.
        stood: What was kept when a link last stood in this run, or None.
        news: What was last said in passing.
        theme: The name of the theme.
    """

    voice: Voice
    is_demo: bool
    tempo: Tempo
    world: World | None
    stood: Saved | None
    news: News
    theme: str

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

    def mend_for_review(self, step_id: StepId, *, goes_live: bool = False) -> None:
        """Show a step that the review led to; it leads back there."""
        ...

    def review(self, *, goes_live: bool) -> None:
        """Show the review once more; gone on with at once, or not."""
        ...

    def toast(self, text: Text, *, title: Text = NOTHING, more: Text = NOTHING) -> None:
        """Say something in passing; nothing takes back what was said."""
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

    def action_look(self, name: str) -> None:
        """Draw everything in a theme."""
        ...

    def action_help(self) -> None:
        """Explain what has the focus, or the page."""
        ...

    def leave(self, return_code: int) -> None:
        """Keep what is typed, then leave."""
        ...
