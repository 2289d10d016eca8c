"""All that is drawn: each story is one run of the app, and knows the files that it makes."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING
from unittest.mock import patch

from ava_setup.tui.looks import Look
from ava_setup.words import Language
from tests.gallery import aside, journey, plain
from tests.gallery.frame import LARGE, SMALL, Frame

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Draw = Callable[[Frame, "Path"], Awaitable[dict[str, str]]]

# What would show on a picture of whoever draws it.
_TELLING = ("NO_COLOR", "TWILIO_", "VAPI_", "AVA_SETUP_", "COLORTERM", "FORCE_COLOR", "TEXTUAL")
_SAME = {"TZ": "Europe/Paris", "TEXTUAL_ANIMATIONS": "none"}


@dataclass(frozen=True, slots=True)
class Story:
    """One run.

    Attributes:
        name: What it tells.
        frame: How it is drawn.
        files: Those that it makes.
        draw: Runs it in a folder of its own, and gives the pictures by file.
    """

    name: str
    frame: Frame
    files: frozenset[str]
    draw: Draw

    async def told(self, home: Path) -> dict[str, str]:
        """Run it; gives the pictures by file.

        Raises:
            AssertionError: The app does not show what a picture is to show.
        """
        with _same_everywhere(home):
            pictures = await self.draw(self.frame, home)
        assert set(pictures) == self.files
        return pictures

    def __str__(self) -> str:
        """Name it in a few letters."""
        return f"{self.name}.{self.frame}"


def stories() -> tuple[Story, ...]:
    """Give all, the longest first."""
    return (*_journeys(), *_asides())


def _journeys() -> Iterator[Story]:
    for language, size, look in product(Language, (SMALL, LARGE), (Look.DARK, Look.LIGHT)):
        frame = Frame(language, size, look)
        yield Story("journey", frame, frozenset(journey.files(frame)), journey.draw)


def _asides() -> Iterator[Story]:
    told: tuple[tuple[str, Draw, tuple[str, ...]], ...] = (
        ("plain", plain.draw, ("25-plain",)),
        ("no-assistant", aside.no_assistant, ("13-assistant-required",)),
        ("linked-elsewhere", aside.linked_elsewhere, ("14-linked-elsewhere",)),
        ("doctor", aside.doctor, ("20-doctor", "21-doctor-all-well")),
        ("caller", aside.caller, ("24-caller",)),
    )
    for language, (name, draw, subjects) in product(Language, told):
        frame = Frame(language)
        yield Story(name, frame, frozenset(map(frame.file, subjects)), draw)


@contextmanager
def _same_everywhere(home: Path) -> Iterator[None]:
    """Let nothing of this computer be seen."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(_TELLING)}
    with patch.dict(os.environ, {**env, **_SAME, "AVA_SETUP_HOME": str(home)}, clear=True):
        yield
