"""A search over a list of what there is: a few letters narrow it, Enter takes what is picked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from textual import events, on
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input, OptionList

from ava_setup.onboarding.credentials import NO_SECRET, could_be_secret
from ava_setup.onboarding.searching import Entry, find
from ava_setup.tui.textual_defects import TextField
from ava_setup.tui.widgets.pick_list import PickList
from ava_setup.tui.widgets.spoken import Line
from ava_setup.words import NOTHING, Language, Text, Voice, _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult
    from textual.content import Content

T = TypeVar("T")


class _Letters(TextField):
    """Where the letters are typed; a secret never stays in it, for it would be shown."""

    def take_paste(self, text: str) -> str | None:
        line = super().take_paste(text)
        if line and could_be_secret(line):
            self.post_message(Search.Refused())
            return None
        return line


class Search(Vertical, Generic[T]):
    """Finds in both languages, whichever is spoken.

    Args:
        label: What the field is for.
        entries: What there is.
        row: Draws a line of the list, in the app's language.
        lists_all: Whether all is listed while nothing is typed.
    """

    BINDINGS = [("down", "move(1)"), ("up", "move(-1)")]
    DEFAULT_CSS = """
    Search {
        height: auto;
    }
    Search .label {
        height: 1;
        text-style: bold;
    }
    Search OptionList {
        margin-top: 1;
    }
    Search .-empty {
        display: none;
    }
    """

    @dataclass
    class Narrowed(Message):
        """Posted when what is typed has changed.

        Attributes:
            listing: Whether the list is shown.
        """

        listing: bool

    class Refused(Message):
        """Posted when something was pasted that must not be shown."""

    @dataclass
    class Taken(Message):
        """Posted when one was taken.

        Attributes:
            value: What it stands for.
        """

        value: object

    def __init__(
        self,
        label: Text,
        entries: Sequence[Entry[T]],
        row: Callable[[T], Content],
        *,
        lists_all: bool,
    ) -> None:
        super().__init__(classes="field")
        self._label = label
        self._entries = entries
        self._row = row
        self._lists_all = lists_all
        self._found: tuple[T, ...] = ()
        self._voices = tuple(Voice(language) for language in Language)

    def compose(self) -> ComposeResult:
        """Lay out the field and the list."""
        yield Line(self._label, classes="label")
        letters = _Letters(id="search")
        letters.compact = True
        yield letters
        yield PickList(id="found", compact=True)
        yield Line(id="nothing-found", classes="aside")

    def on_mount(self) -> None:
        """List what there is."""
        self.speak()

    @property
    def _letters(self) -> TextField:
        return self.query_one("#search", TextField)

    @property
    def _list(self) -> OptionList:
        return self.query_one("#found", OptionList)

    @property
    def is_listing(self) -> bool:
        """Whether it lists what it finds."""
        return self._lists_all or bool(self._letters.value.strip())

    def speak(self) -> None:
        """List what is found, in the app's language."""
        typed = self._letters.value
        listing = self.is_listing
        self._found = find(typed, self._entries, self._voices) if listing else ()
        self._list.set_options(self._row(one) for one in self._found)
        self._list.highlighted = 0 if self._found else None
        self._list.display = bool(self._found)
        # A box around it does not heed a greatest height, only a height.
        self._list.styles.height = min(len(self._found), max(1, self.app.size.height // 2))
        missed = listing and not self._found
        self.query_one("#nothing-found", Line).tell(
            _("Nothing is called that. Try another word.") if missed else NOTHING
        )
        self.post_message(self.Narrowed(listing))

    def begin(self, letters: str = "") -> None:
        """Take the focus, with these letters."""
        self._letters.value = letters
        self._letters.cursor_position = len(letters)
        self._letters.focus()

    @on(Input.Changed)
    def _narrow(self, event: Input.Changed) -> None:
        event.stop()
        if could_be_secret(event.value):
            self._letters.value = ""
            self._refuse()
        else:
            self.speak()

    @on(Refused)
    def _refuse(self) -> None:
        self.query_one("#nothing-found", Line).tell(NO_SECRET)

    def action_move(self, by: int) -> None:
        """Pick the next or the previous one while typing."""
        if self._found:
            place = (self._list.highlighted or 0) + by
            self._list.highlighted = min(max(place, 0), len(self._found) - 1)

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        if self._found and self._list.highlighted is not None:
            self._take(self._list.highlighted)

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._take(event.option_index)

    def _take(self, place: int) -> None:
        self.post_message(self.Taken(self._found[place]))

    def on_key(self, event: events.Key) -> None:
        """Take what is typed on the list into the field."""
        if self._list.has_focus and event.is_printable and event.character:
            event.stop()
            self.begin(self._letters.value + event.character)
