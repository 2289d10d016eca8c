"""The account's numbers: each with its voice and where its calls go today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from ava_setup.onboarding.choosing import most_sensible
from ava_setup.onboarding.number import spaced
from ava_setup.tui.textual_defects import plain
from ava_setup.tui.widgets.pick_list import PickList
from ava_setup.tui.widgets.spoken import say
from ava_setup.words import _

if TYPE_CHECKING:
    from ava_setup.onboarding.number import TwilioNumber

# Rows that are made in one go, and how many there are at least beyond the one that is picked.
_AT_ONCE = 50
_WITHIN_REACH = 30


class NumberList(PickList):
    """Shows the most sensible number highlighted."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._numbers: tuple[TwilioNumber, ...] = ()

    def show(self, numbers: tuple[TwilioNumber, ...], chosen_sid: str = "") -> None:
        """List these numbers; nothing moves when they are the ones listed."""
        if numbers == self._numbers:
            return
        self._numbers = numbers
        self.clear_options()
        self._draw_beyond(0)
        best = most_sensible(numbers, chosen_sid)
        if best is not None:
            self.pick(best)

    @property
    def picked(self) -> TwilioNumber | None:
        """The number that is highlighted."""
        return None if self.highlighted is None else self._numbers[self.highlighted]

    def pick(self, number: TwilioNumber) -> None:
        """Highlight a number of the list."""
        place = self._numbers.index(number)
        self._draw_beyond(place)
        self.highlighted = place

    def move(self, by: int) -> None:
        """Highlight the next or the previous number."""
        if self._numbers:
            place = (self.highlighted or 0) + by
            place = min(max(place, 0), len(self._numbers) - 1)
            self._draw_beyond(place)
            self.highlighted = place

    def action_last(self) -> None:
        """Highlight the last number there is, not only the last that is drawn."""
        self.move(len(self._numbers))

    def _draw_beyond(self, place: int) -> None:
        """Have rows up to some way beyond a place: thousands at once would take a second."""
        drawn = self.option_count
        if drawn < min(len(self._numbers), place + _WITHIN_REACH):
            more = self._numbers[drawn : place + _AT_ONCE]
            self.add_options(Option(self._row(one), id=one.sid) for one in more)

    @on(OptionList.OptionHighlighted)
    def _follow_highlight(self) -> None:
        self._draw_beyond(self.highlighted or 0)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Have more rows before the wheel reaches the last."""
        super().watch_scroll_y(old_value, new_value)
        self._draw_beyond(int(new_value) + self.size.height)

    def speak(self) -> None:
        """Put the rows into the app's language."""
        for number in self._numbers[: self.option_count]:
            self.replace_option_prompt(number.sid, self._row(number))

    def _row(self, number: TwilioNumber) -> str:
        voice = say(self, _("voice") if number.can_be_called else _("no voice"))
        shown = spaced(number.number)
        called = number.label not in {number.number, shown}
        goes_to = f"{shown:<20} {voice:<10} → {say(self, number.target.words)}"
        return str(plain(f"{goes_to}   {number.label}" if called and number.label else goes_to))
