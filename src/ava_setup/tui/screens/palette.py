"""Ctrl+P: all that can be done here and now, found by a word of either language."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual import on
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content

from ava_setup.onboarding.searching import Entry
from ava_setup.tui.commands import Command
from ava_setup.tui.textual_defects import SteadyModal
from ava_setup.tui.widgets.search import Search
from ava_setup.tui.widgets.spoken import Line, say
from ava_setup.words import _

if TYPE_CHECKING:
    from textual.app import ComposeResult

_KEY_WIDTH = 8


class PaletteScreen(SteadyModal[Command | None]):
    """Gives the command that is wanted, or None.

    Args:
        commands: Those that work now.
    """

    CSS_PATH = ["form.tcss", "question.tcss", "palette.tcss"]
    AUTO_FOCUS = "#search"
    BINDINGS = [
        Binding("escape", "close", show=False),
        Binding("ctrl+l", "app.switch_language", show=False, priority=True),
    ]

    def __init__(self, commands: tuple[Command, ...]) -> None:
        super().__init__(name="palette")
        entries = [Entry(one, one.title, one.also) for one in commands]
        self._search = Search(_("What would you like to do?"), entries, self._row, lists_all=True)

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        with Vertical(classes="question"):
            yield self._search
            yield Line(_("Type a word of it. Enter does it, Esc closes."), classes="aside")

    def _row(self, command: Command) -> Content:
        key = say(self, command.key)
        return Content.assemble((f"{key:<{_KEY_WIDTH}}", "$text-muted"), say(self, command.title))

    @on(Search.Taken)
    def _take(self, event: Search.Taken) -> None:
        self.dismiss(cast("Command", event.value))

    def action_close(self) -> None:
        """Do nothing."""
        self.dismiss(None)
