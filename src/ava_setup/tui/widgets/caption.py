"""The line of the frame in which a demo that plays by itself says what happens, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.containers import Horizontal, Vertical

from ava_setup.tui.widgets.spoken import Line

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from ava_setup.words import Text

ROWS = 2
"""Of a caption, at the most."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a caption says.

    Attributes:
        words: What happens, and why.
        key: The key that is pressed now, or nothing.
        chapter: The chapter.
        steers: The keys of the person who watches.
    """

    words: Text
    key: Text
    chapter: Text
    steers: Text


class Caption(Vertical):
    """Stands at the foot of every screen, also over questions."""

    DEFAULT_CSS = """
    Caption {
        dock: bottom;
        height: 3;
        padding: 0 1;
        background: $picked;
    }
    Caption #caption-words {
        height: 2;
        text-style: bold;
    }
    Caption Horizontal {
        height: 1;
    }
    Caption #caption-key {
        width: auto;
        margin-right: 2;
        padding: 0 1;
        text-style: reverse;
    }
    Caption #caption-chapter {
        width: 1fr;
    }
    Caption #caption-steers {
        width: auto;
    }
    Caption #caption-key.-empty {
        display: none;
    }
    """

    def __init__(self, told: Told) -> None:
        super().__init__(id="caption")
        self._words = Line(told.words, id="caption-words")
        self._key = Line(told.key, id="caption-key")
        self._chapter = Line(told.chapter, id="caption-chapter")
        self._steers = Line(told.steers, id="caption-steers")

    def compose(self) -> ComposeResult:
        """Lay the lines out."""
        yield self._words
        with Horizontal():
            yield self._key
            yield self._chapter
            yield self._steers

    def tell(self, told: Told) -> None:
        """Say something else."""
        self._words.tell(told.words)
        self._key.tell(told.key)
        self._chapter.tell(told.chapter)
        self._steers.tell(told.steers)
