"""F1: what a field is, where to find it, an example; what a page is; the keys; and a search."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual import events, on
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Checkbox, OptionList, TextArea

from ava_setup.onboarding.guidance import Guidance, guidance
from ava_setup.onboarding.guidance_pages import topics
from ava_setup.tui.textual_defects import ScrollBox, SteadyModal
from ava_setup.tui.widgets.field import Choice
from ava_setup.tui.widgets.search import Search
from ava_setup.tui.widgets.spoken import Line, SpokenButton, say
from ava_setup.words import NOTHING, Text, _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import ComposeResult
    from textual.widget import Widget

_KEYS = (
    _("Enter: next field, then continue. Tab and Shift+Tab: move between fields."),
    _("F9: once a number is chosen, what its callers hear, and how to mend it."),
    _("Esc: back. F8: undo what was done. Ctrl+L: language. Ctrl+Q: leave; everything is kept."),
    _("Ctrl+P: all that can be done here, to be found by a word."),
)
# How each kind of widget is worked.
_HANDLING: tuple[tuple[type[Widget], Text], ...] = (
    (Choice, _("Left and right arrows change it, Space shows the list.")),
    (Checkbox, _("Space ticks and unticks it.")),
    (OptionList, _("Up and down arrows pick a line, Enter takes it.")),
    (TextArea, _("Esc or Ctrl+S keeps the text, Ctrl+Z undoes.")),
)


def explained(focused: Widget | None) -> tuple[Guidance, Text] | None:
    """Give what the table says of the field that has the focus, and how that is worked."""
    for widget in focused.ancestors_with_self if focused else ():
        known = guidance(widget.id or "")
        if known is not None:
            kinds = (words for kind, words in _HANDLING if isinstance(focused, kind))
            return known, next(kinds, NOTHING)
    return None


class HelpScreen(SteadyModal[None]):
    """Explains one thing, and finds any other.

    Args:
        topic: What to explain.
        handling: How it is worked, or nothing.
    """

    CSS_PATH = ["form.tcss", "question.tcss", "help.tcss"]
    AUTO_FOCUS = "#close"
    BINDINGS = [
        Binding("escape", "go_back", show=False, priority=True),
        Binding("ctrl+l", "app.switch_language", show=False, priority=True),
        Binding("down,pagedown", "scroll(3)", show=False),
        Binding("up,pageup", "scroll(-3)", show=False),
    ]

    def __init__(self, topic: Guidance, handling: Text = NOTHING) -> None:
        super().__init__(name="help")
        self._topic = topic
        self._handling = handling
        self._search = Search(_("Search the help"), tuple(topics()), self._title, lists_all=False)

    def compose(self) -> ComposeResult:
        """Lay out the explanation and the search."""
        with Vertical(classes="question"):
            with ScrollBox(id="explanation"):
                yield from self._explanation()
            yield self._search
            with Horizontal(classes="page-buttons"):
                yield SpokenButton(_("Close"), id="close", classes="primary")

    def _explanation(self) -> Iterator[Line]:
        yield Line(self._topic.title, classes="purpose")
        for text in (*self._topic.lines(), self._handling):
            if text:
                yield Line(text, classes="paragraph")
        for line in _KEYS:
            yield Line(line, classes="aside")

    def _title(self, topic: Guidance) -> Content:
        return Content(say(self, topic.title))

    @on(Search.Narrowed)
    def _make_room(self, event: Search.Narrowed) -> None:
        self.query_one("#explanation").display = not event.listing

    @on(Search.Taken)
    async def _explain(self, event: Search.Taken) -> None:
        self._topic, self._handling = cast("Guidance", event.value), NOTHING
        box = self.query_one("#explanation", ScrollBox)
        with self.app.batch_update():
            await box.remove_children()
            await box.mount_all(self._explanation())
            self._search.begin()
            self.query_one("#close").focus()
        box.scroll_home(animate=False)

    def on_key(self, event: events.Key) -> None:
        """Take a letter typed anywhere into the search."""
        if isinstance(self.focused, Button) and event.is_printable and event.character:
            event.stop()
            self._search.begin(event.character)

    def action_scroll(self, by: int) -> None:
        """Move in an explanation that is longer than the window."""
        self.query_one("#explanation").scroll_relative(y=by, animate=False)

    def action_go_back(self) -> None:
        """Leave the search, or else the help."""
        if self._search.is_listing:
            self._search.begin()
            self.query_one("#close").focus()
        else:
            self.dismiss()

    @on(Button.Pressed, "#close")
    def _close(self) -> None:
        self.dismiss()
