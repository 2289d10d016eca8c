"""What a face of the set-up works on, as protocols."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ava_setup.onboarding.errors import Problem
    from ava_setup.onboarding.setup import Setup
    from ava_setup.words import Voice


@dataclass(frozen=True, slots=True)
class Overheard:
    """What a simulated caller met.

    Attributes:
        answered: Whether the assistant that the number names took the call.
        words: What was heard first, word for word; "" is silence.
    """

    answered: bool
    words: str


class Demo(Protocol):
    """What a demo can do by itself.

    Attributes:
        number: The number that it is about, E.164.
        caller: Who rings it, E.164.
    """

    number: str
    caller: str

    @property
    def answers(self) -> Mapping[str, str]:
        """What F2 types, by field id."""
        ...

    async def ring(self, number: str) -> Overheard:
        """Have the simulated caller ring a number, and tell what is heard."""
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

    def handover_file(self) -> str:
        """Name a file for the hand-over sheet that is not there yet: its page, in HTML."""
        ...

    async def hand_over(self, voice: Voice, file: str) -> tuple[str, ...]:
        """Write the hand-over sheet: its page and, beside it, its twin in Markdown.

        Args:
            voice: The language of the sheet.
            file: As typed; where something has that name, or is of it, another is taken.

        Returns:
            The files.

        Raises:
            StoreError: `SHEET_UNWRITABLE`.
            VendorError: The assistant that answers could not be read.
            SetupError: There is no link to tell of.
        """
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

    def open_demo(self, scenario: str = "") -> World:
        """Open a demo, apart from everything.

        Args:
            scenario: What it starts from; "" is what the command line asked for.
        """
        ...
