"""What to change of a set-up that stands: each part with what it is now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, OptionList
from textual.widgets.option_list import Option

from ava_setup.front.changes import NAMES, Change, as_it_is
from ava_setup.tui.textual_defects import SteadyModal
from ava_setup.tui.widgets.pick_list import PickList
from ava_setup.tui.widgets.spoken import Line, SpokenButton, say
from ava_setup.words import Text, _

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from ava_setup.onboarding.state import Saved


class ChangeScreen(SteadyModal[Change | None]):
    """Gives what is to be changed, or None.

    Args:
        saved: The set-up as it stands.
        undoable: Whether there is anything to undo.
    """

    CSS_PATH = ["question.tcss", "change.tcss"]
    AUTO_FOCUS = "#changes"
    BINDINGS = [
        Binding("escape", "close", show=False),
        Binding("ctrl+l", "app.switch_language", show=False, priority=True),
    ]

    def __init__(self, saved: Saved, *, undoable: bool) -> None:
        super().__init__(name="change")
        self._as_it_is = as_it_is(saved)
        self._offered = [one for one in Change if undoable or one is not Change.UNDO]

    def compose(self) -> ComposeResult:
        """Lay out the choice."""
        with Vertical(classes="question"):
            yield Line(_("What would you like to change?"), classes="purpose")
            yield PickList(id="changes")
            yield Line(_("All else stays as it is, and nothing is asked twice."), classes="aside")
            with Horizontal(classes="page-buttons"):
                yield SpokenButton(_("Nothing"), id="nothing")

    def on_mount(self) -> None:
        """List what can be changed."""
        self.speak()
        self.query_one(OptionList).highlighted = 0

    def speak(self) -> None:
        """Put the list into the app's language."""
        options = self.query_one(OptionList)
        highlighted = options.highlighted
        width = max(len(say(self, NAMES[one])) for one in self._offered)
        options.set_options(Option(self._row(one, width), id=one.value) for one in self._offered)
        options.highlighted = highlighted

    def _row(self, change: Change, width: int) -> Content:
        name: Text = NAMES[change]
        now = self._as_it_is.get(change, "")
        return Content.assemble(f"{say(self, name):<{width}}  ", (now, "$text-muted"))

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(Change(str(event.option_id)))

    @on(Button.Pressed, "#nothing")
    def action_close(self) -> None:
        """Change nothing."""
        self.dismiss(None)
