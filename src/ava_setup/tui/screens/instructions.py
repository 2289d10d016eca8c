"""The instructions, in a page of their own: long enough to deserve one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, TextArea

from ava_setup.onboarding.assistant import INSTRUCTIONS_MAX, read_instructions
from ava_setup.onboarding.credentials import NO_SECRET, could_be_secret, keep_secrets_out
from ava_setup.onboarding.errors import FieldProblem
from ava_setup.onboarding.recomposing import own_lines
from ava_setup.tui.textual_defects import ManyLines, SteadyModal
from ava_setup.tui.widgets.spoken import Line, SpokenButton
from ava_setup.words import NOTHING, Text, _

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

    from ava_setup.onboarding.composing import Composition


class _Editor(ManyLines):
    """Where they are written; what can never be used is not pasted into it.

    A secret would be shown, and a whole book would hold up every key.
    """

    async def _on_paste(self, event: events.Paste) -> None:
        problem = NO_SECRET if could_be_secret(event.text) else _too_long(event.text)
        if problem:
            event.stop()
            event.prevent_default()
            self.screen.query_one("#wrong", Line).tell(problem)


class InstructionsScreen(SteadyModal[str | None]):
    """Gives the edited text, or None when it stays as it was.

    Args:
        text: What to edit.
        ready_made: What the trade's template says: to bring back, and to tell what was changed.
    """

    CSS_PATH = ["question.tcss", "instructions.tcss"]
    AUTO_FOCUS = "TextArea"
    BINDINGS = [
        Binding("ctrl+l", "app.switch_language", show=False, priority=True),
        Binding("escape,ctrl+s", "keep", show=False, priority=True),
    ]

    def __init__(self, text: str, ready_made: Composition) -> None:
        super().__init__(name="instructions-page")
        self._text = text
        self._ready_made = ready_made

    def compose(self) -> ComposeResult:
        """Lay out the page."""
        with Vertical(classes="page"):
            yield Line(_("What Ava is told to do. Change what you like."), classes="purpose")
            yield _Editor(self._text, id="instructions-text")
            with Horizontal(id="measure"):
                yield Line(id="wrong")
                yield Line(id="length", classes="aside")
            yield Line(id="own", classes="aside")
            with Horizontal(classes="page-buttons"):
                yield SpokenButton(_("Cancel"), id="cancel")
                yield SpokenButton(_("Ready-made text"), id="restore")
                yield SpokenButton(_("Keep (Esc)"), id="keep", classes="primary")

    def on_mount(self) -> None:
        """Say how long the text is, and what in it is the owner's."""
        self._measure()

    @property
    def _editor(self) -> ManyLines:
        return self.query_one(ManyLines)

    @on(TextArea.Changed)
    def _measure(self) -> None:
        """Say how long the text is at every change, and at once when it is too long."""
        text = self._editor.text.strip()
        length, most = _grouped(len(text)), _grouped(INSTRUCTIONS_MAX)
        self.query_one("#length", Line).tell(
            _("{length} of {max} characters", length=length, max=most)
        )
        own = own_lines(text, self._ready_made)
        self.query_one("#own", Line).tell(
            _("Your own lines, which stay as they are if the business changes: {count}.", count=own)
            if own
            else _("If the business changes, this text follows it. Ctrl+Z undoes.")
        )
        self._complain(_too_long(text))

    def _complain(self, wrong: Text) -> None:
        self.query_one("#wrong", Line).tell(wrong)

    @on(Button.Pressed, "#cancel")
    def _leave(self) -> None:
        self.dismiss(None)

    @on(Button.Pressed, "#restore")
    def _restore(self) -> None:
        # An edit like any other, so that it can be undone.
        editor = self._editor
        editor.replace(self._ready_made.instructions, (0, 0), editor.document.end)
        editor.move_cursor((0, 0))
        editor.focus()

    @on(Button.Pressed, "#keep")
    def action_keep(self) -> None:
        """Keep the text, if it can be used."""
        wrong = _wrong_with(self._editor.text)
        self._complain(wrong)
        if wrong:
            self._editor.focus()
        else:
            self.dismiss(read_instructions(self._editor.text))


def _wrong_with(text: str) -> Text:
    try:
        keep_secrets_out(read_instructions(text))
    except FieldProblem as problem:
        return problem.text
    return NOTHING


def _too_long(text: str) -> Text:
    return _wrong_with(text) if len(text) > INSTRUCTIONS_MAX else NOTHING


def _grouped(figure: int) -> str:
    """Write a figure in groups of three, as either language reads it."""
    return f"{figure:,}".replace(",", "\u00a0")
