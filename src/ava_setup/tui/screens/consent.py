"""A question before something that others may notice, or that costs money."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widgets import Button

from ava_setup.tui.textual_defects import SteadyModal
from ava_setup.tui.widgets.spoken import Line, SpokenButton
from ava_setup.words import Text, _

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from ava_setup.front.consents import Question

_NO = _("No, change nothing")


class ConsentScreen(SteadyModal[bool]):
    """Gives True when the user agrees; Escape and the first button mean no.

    Args:
        heading: What it is about.
        said: What there is to know before answering, by paragraphs.
        agree: What agreeing does, on its button.
        refuse: What the harmless answer says.
    """

    CSS_PATH = "question.tcss"
    AUTO_FOCUS = "#no"
    BINDINGS = [
        Binding("escape", "answer(False)", show=False),
        Binding("ctrl+l", "app.switch_language", show=False, priority=True),
        Binding("left,up", "app.focus_previous", show=False),
        Binding("right,down", "app.focus_next", show=False),
    ]

    def __init__(
        self, heading: Text, said: tuple[Text, ...], agree: Text, refuse: Text = _NO
    ) -> None:
        super().__init__(name="consent")
        self._heading = heading
        self._said = said
        self._agree = agree
        self._refuse = refuse

    @classmethod
    def asking(cls, question: Question) -> ConsentScreen:
        """Make the screen of a question."""
        return cls(question.heading, question.said, question.agree)

    def compose(self) -> ComposeResult:
        """Lay out the question."""
        with Vertical(classes="question"):
            yield Line(self._heading, classes="purpose")
            for text in self._said:
                yield Line(text, classes="paragraph")
            with Horizontal(classes="page-buttons"):
                yield SpokenButton(self._refuse, id="no")
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
