"""The question before the hand-over sheet is written: where to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Input

from ava_setup.onboarding.errors import FieldProblem
from ava_setup.tui.textual_defects import SteadyModal
from ava_setup.tui.widgets.field import Field
from ava_setup.tui.widgets.spoken import Line, SpokenButton
from ava_setup.words import _

if TYPE_CHECKING:
    from textual.app import ComposeResult


class HandoverScreen(SteadyModal[str | None]):
    """Gives the page's file, or None; Escape and the first button mean no.

    Args:
        file: The one to offer.
    """

    CSS_PATH = ["form.tcss", "question.tcss"]
    AUTO_FOCUS = "#yes"
    BINDINGS = [
        Binding("escape", "refuse", show=False),
        Binding("ctrl+l", "app.switch_language", show=False, priority=True),
        Binding("up", "app.focus_previous", show=False),
        Binding("down", "app.focus_next", show=False),
    ]

    def __init__(self, file: str) -> None:
        super().__init__(name="handover-question")
        self._field = Field(
            "handover-file",
            _("File"),
            read=_read,
            value=file,
            hint=_("Nothing is overwritten: where it exists, another name is taken."),
        )

    def compose(self) -> ComposeResult:
        """Lay out the question."""
        with Vertical(classes="question"):
            yield Line(_("Write the hand-over sheet?"), classes="purpose")
            yield Line(
                _(
                    "One page to print or to pass on: the number and its code, how to test it, "
                    "what Ava says, where to look, how to undo it. No key is on it. A copy in "
                    "Markdown is written beside it."
                ),
                classes="paragraph",
            )
            yield self._field
            with Horizontal(classes="page-buttons"):
                yield SpokenButton(_("No"), id="no")
                yield SpokenButton(_("Yes, write it"), id="yes", classes="primary")

    @on(Input.Submitted)
    @on(Button.Pressed, "#yes")
    def _agreed(self) -> None:
        file = self._field.check()
        if file is None:
            self._field.entry.focus()
        else:
            self.dismiss(file)

    @on(Button.Pressed, "#no")
    def action_refuse(self) -> None:
        """Write nothing."""
        self.dismiss(None)


def _read(typed: str) -> str:
    if not typed.strip():
        raise FieldProblem(_("Type a file's name, for example ava.html."))
    return typed.strip()
