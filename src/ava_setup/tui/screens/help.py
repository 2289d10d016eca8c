"""F1: what a field is, where to find it, an example; and the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widgets import Button

from ava_setup.tui.textual_defects import ScrollBox, SteadyModal
from ava_setup.tui.widgets.spoken import Line, SpokenButton
from ava_setup.words import _

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from ava_setup.tui.widgets.field import Labelled
    from ava_setup.words import Text

_KEYS = (
    _("Enter: next field, then continue. Tab and Shift+Tab: move between fields."),
    _("F9: once a number is chosen, what its callers hear, and how to mend it."),
    _("Esc: back. F8: undo what was done. Ctrl+L: language. Ctrl+Q: leave; everything is kept."),
)


class HelpScreen(SteadyModal[None]):
    """Explains a field, or the screen when no field has the focus.

    Args:
        heading: What the screen is called.
        purpose: What it is for.
        field: What to explain instead, or None.
    """

    CSS_PATH = "question.tcss"
    AUTO_FOCUS = "Button"
    BINDINGS = [
        Binding("escape,f1", "close", show=False, priority=True),
        Binding("ctrl+l", "app.switch_language", show=False, priority=True),
        Binding("down,pagedown", "scroll(3)", show=False),
        Binding("up,pageup", "scroll(-3)", show=False),
    ]

    def __init__(self, heading: Text, purpose: Text, field: Labelled | None) -> None:
        super().__init__(id="help")
        self._heading = heading
        self._purpose = purpose
        self._field = field

    def compose(self) -> ComposeResult:
        """Lay out the explanation."""
        with Vertical(classes="question"):
            with ScrollBox(id="explanation"):
                yield from self._explanation()
                for line in _KEYS:
                    yield Line(line, classes="aside")
            with Horizontal(classes="page-buttons"):
                yield SpokenButton(_("Close"), id="close", classes="primary")

    def _explanation(self) -> ComposeResult:
        if self._field is None:
            yield Line(self._heading, classes="purpose")
            yield Line(self._purpose, classes="paragraph")
            return
        explained = self._field.help
        yield Line(self._field.label, classes="purpose")
        yield Line(explained.what, classes="paragraph")
        if explained.where:
            yield Line(_("Where: {where}", where=explained.where), classes="paragraph")
        if explained.example:
            yield Line(_("Example: {example}", example=explained.example), classes="paragraph")

    def action_scroll(self, by: int) -> None:
        """Move in an explanation that is longer than the window."""
        self.query_one("#explanation").scroll_relative(y=by, animate=False)

    @on(Button.Pressed, "#close")
    def action_close(self) -> None:
        """Go back to where one was."""
        self.dismiss()
