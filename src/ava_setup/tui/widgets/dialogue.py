"""A short example of a call, turn by turn, each with the name of who speaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal, Vertical

from ava_setup.tui.textual_defects import PlainText, plain
from ava_setup.tui.widgets.spoken import Line

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from ava_setup.onboarding.dialogue import Turn


class Dialogue(Vertical):
    """Shows a call; the same two take turns, however the words change.

    Args:
        turns: The call.
    """

    DEFAULT_CSS = """
    Dialogue { height: auto; }
    Dialogue .turn { height: auto; }
    Dialogue .speaker { width: 10; text-style: bold; }
    Dialogue .words { width: 1fr; height: auto; }
    Dialogue .-ava .speaker { color: $primary; }
    """

    def __init__(self, turns: tuple[Turn, ...], *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._turns = turns

    def compose(self) -> ComposeResult:
        """Lay out the turns."""
        for turn in self._turns:
            with Horizontal(classes=f"turn -{turn.speaker.name.lower()}"):
                yield Line(turn.speaker.label, classes="speaker")
                yield PlainText(turn.words, classes="words")

    def show(self, turns: tuple[Turn, ...]) -> None:
        """Show a call of as many turns with other words."""
        self._turns = turns
        shown = self.query(".words").results(PlainText)
        for turn, words in zip(turns, shown, strict=True):
            words.update(plain(turn.words))
