"""A question before something that others may notice is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widgets import Button

from ava_setup.tui.textual_defects import SteadyModal
from ava_setup.tui.widgets.spoken import Line, SpokenButton
from ava_setup.words import _

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from ava_setup.onboarding.errors import Problem
    from ava_setup.words import Text


class ConsentScreen(SteadyModal[bool]):
    """Gives True when the user agrees; Escape and the first button mean no.

    Args:
        problem: Why it has to be asked.
        agree: What agreeing does, on its button.
    """

    CSS_PATH = "question.tcss"
    AUTO_FOCUS = "#no"
    BINDINGS = [
        Binding("escape", "answer(False)", show=False),
        Binding("ctrl+l", "app.switch_language", show=False, priority=True),
        Binding("left,up", "app.focus_previous", show=False),
        Binding("right,down", "app.focus_next", show=False),
    ]

    def __init__(self, problem: Problem, agree: Text) -> None:
        super().__init__(id="consent")
        self._problem = problem
        self._agree = agree

    def compose(self) -> ComposeResult:
        """Lay out the question."""
        with Vertical(classes="question"):
            yield Line(self._problem.what, classes="purpose")
            yield Line(self._problem.why, classes="paragraph")
            yield Line(self._problem.next, classes="paragraph")
            with Horizontal(classes="page-buttons"):
                yield SpokenButton(_("No, change nothing"), id="no")
                yield SpokenButton(self._agree, id="yes", classes="primary")

    @on(Button.Pressed, "#no")
    def _no(self) -> None:
        self.dismiss(result=False)

    @on(Button.Pressed, "#yes")
    def _yes(self) -> None:
        self.dismiss(result=True)

    def action_answer(self, agreed: bool) -> None:  # noqa: FBT001 - written in a binding
        """Answer by a key."""
        self.dismiss(result=agreed)
