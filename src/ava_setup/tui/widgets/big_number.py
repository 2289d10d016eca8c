"""A phone number that is read from across the room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Container
from textual.widgets import Digits

from ava_setup.onboarding.number import national, spaced
from ava_setup.tui.textual_defects import PlainText

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.events import Resize


class BigNumber(Container):
    """A number as people of its country dial it, in large digits where there is room.

    Args:
        number: E.164, or "".
    """

    def __init__(self, number: str) -> None:
        super().__init__(id="dial")
        self._national = national(number)
        self._abroad = spaced(number)

    def compose(self) -> ComposeResult:
        """Lay out the number, twice: the large digits are no digits to a screen reader."""
        yield Digits(self._national)
        both = f"{self._national}   {self._abroad}" if self._national else ""
        yield PlainText(both, id="written")

    def on_resize(self, event: Resize) -> None:
        """Leave the large digits out where they would be cut."""
        digits = self.query_one(Digits)
        digits.display = digits.get_content_width(event.size, event.size) <= event.size.width
