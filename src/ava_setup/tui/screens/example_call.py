"""An example of a call, in a page of its own: for windows too low to show it beside the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widgets import Button

from ava_setup.tui.textual_defects import ScrollBox, SteadyModal
from ava_setup.tui.widgets.dialogue import Dialogue
from ava_setup.tui.widgets.spoken import Line, SpokenButton
from ava_setup.words import _

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from ava_setup.onboarding.dialogue import Turn


class ExampleCallScreen(SteadyModal[None]):
    """Shows a call from the first words to the last.

    Args:
        turns: The call.
    """

    CSS_PATH = ["question.tcss", "example_call.tcss"]
    AUTO_FOCUS = "Button"
    BINDINGS = [
        Binding("escape", "close", show=False),
        Binding("ctrl+l", "app.switch_language", show=False, priority=True),
        Binding("down,pagedown", "scroll(3)", show=False),
        Binding("up,pageup", "scroll(-3)", show=False),
    ]

    def __init__(self, turns: tuple[Turn, ...]) -> None:
        super().__init__(name="example-call")
        self._turns = turns

    def compose(self) -> ComposeResult:
        """Lay out the call."""
        with Vertical(classes="question"):
            yield Line(_("An example of a call, in your callers' language."), classes="purpose")
            with ScrollBox(id="turns"):
                yield Dialogue(self._turns)
            with Horizontal(classes="page-buttons"):
                yield SpokenButton(_("Close"), id="close", classes="primary")

    def action_scroll(self, by: int) -> None:
        """Move in a call that is longer than the window."""
        self.query_one("#turns").scroll_relative(y=by, animate=False)

    @on(Button.Pressed, "#close")
    def action_close(self) -> None:
        """Go back to the assistant."""
        self.dismiss()
