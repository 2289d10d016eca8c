"""Keys that were found on this computer: a line each, taken by Enter and never by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.front.offers import offer_words
from ava_setup.tui.textual_defects import plain
from ava_setup.tui.widgets.pick_list import PickList
from ava_setup.tui.widgets.spoken import say

if TYPE_CHECKING:
    from ava_setup.onboarding.sources import OfferedKey


class OfferList(PickList):
    """A line for each; there is one at least."""

    DEFAULT_CSS = """
    OfferList {
        height: auto;
        max-height: 3;
        margin-bottom: 1;
    }
    """

    def __init__(self, offers: tuple[OfferedKey, ...]) -> None:
        super().__init__(id="offers")
        self._offers = offers

    def on_mount(self) -> None:
        """Speak as soon as there is an app to ask; the first choice is to take what is there."""
        self.speak()
        self.highlighted = 0
        self.focus()
        self.call_after_refresh(self.scroll_visible, animate=False, top=True)

    @property
    def picked(self) -> OfferedKey | None:
        """The keys that are highlighted."""
        return None if self.highlighted is None else self._offers[self.highlighted]

    def speak(self) -> None:
        """Put the lines into the app's language."""
        highlighted = self.highlighted
        self.set_options(plain(say(self, offer_words(offer))) for offer in self._offers)
        self.highlighted = highlighted
