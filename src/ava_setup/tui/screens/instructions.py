"""The instructions, in a page of their own: long enough to deserve one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widgets import Button

from ava_setup.onboarding.assistant import read_instructions
from ava_setup.onboarding.credentials import NO_SECRET, could_be_secret, keep_secrets_out
from ava_setup.onboarding.errors import FieldProblem
from ava_setup.tui.textual_defects import ManyLines, SteadyModal
from ava_setup.tui.widgets.spoken import Line, SpokenButton
from ava_setup.words import NOTHING, _

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult


class _Editor(ManyLines):
    """Where they are written; a secret is not pasted into it, for it would be shown."""

    async def _on_paste(self, event: events.Paste) -> None:
        if could_be_secret(event.text):
            event.stop()
            event.prevent_default()
            self.screen.query_one("#wrong", Line).tell(NO_SECRET)


class InstructionsScreen(SteadyModal[str | None]):
    """Gives the edited text, or None when it stays as it was.

    Args:
        text: What to edit.
        ready_made: What the trade's template says, to bring back.
    """

    CSS_PATH = ["question.tcss", "instructions.tcss"]
    AUTO_FOCUS = "TextArea"
    BINDINGS = [
        Binding("escape", "dismiss_unchanged", show=False),
        Binding("ctrl+l", "app.switch_language", show=False, priority=True),
        Binding("ctrl+s", "keep", show=False, priority=True),
    ]

    def __init__(self, text: str, ready_made: str) -> None:
        super().__init__(id="instructions-page")
        self._text = text
        self._ready_made = ready_made

    def compose(self) -> ComposeResult:
        """Lay out the page."""
        with Vertical(classes="page"):
            yield Line(_("What Ava is told to do. Change what you like."), classes="purpose")
            yield _Editor(self._text, id="instructions-text")
            yield Line(id="wrong")
            with Horizontal(classes="page-buttons"):
                yield SpokenButton(_("Cancel"), id="cancel")
                yield SpokenButton(_("Ready-made text"), id="restore")
                yield SpokenButton(_("Keep (Ctrl+S)"), id="keep", classes="primary")

    def _editor(self) -> ManyLines:
        return self.query_one(ManyLines)

    @on(Button.Pressed, "#cancel")
    def action_dismiss_unchanged(self) -> None:
        """Leave the text as it was."""
        self.dismiss(None)

    @on(Button.Pressed, "#restore")
    def _restore(self) -> None:
        self._editor().text = self._ready_made
        self._editor().focus()

    @on(Button.Pressed, "#keep")
    def action_keep(self) -> None:
        """Keep the text, if it can be used."""
        try:
            text = read_instructions(self._editor().text)
            keep_secrets_out(text)
        except FieldProblem as problem:
            self.query_one("#wrong", Line).tell(problem.text)
            self._editor().focus()
            return
        self.query_one("#wrong", Line).tell(NOTHING)
        self.dismiss(text)
