"""F1: what a field is, where to find it, an example; and the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widgets import Button

from ava_setup.onboarding.steps import StepId, step
from ava_setup.tui.textual_defects import SteadyModal
from ava_setup.tui.widgets.spoken import Line, SpokenButton
from ava_setup.words import _

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from ava_setup.tui.widgets.field import Labelled

_KEYS = (
    _("Enter: next field, then continue. Tab and Shift+Tab: move between fields."),
    _("Esc: back. Ctrl+L: language. Ctrl+Q: leave; everything is kept."),
)


class HelpScreen(SteadyModal[None]):
    """Explains a field, or a step when no field has the focus."""

    CSS_PATH = "question.tcss"
    AUTO_FOCUS = "Button"
    BINDINGS = [
        Binding("escape,f1", "close", show=False, priority=True),
        Binding("ctrl+l", "app.switch_language", show=False, priority=True),
    ]

    def __init__(self, step_id: StepId, field: Labelled | None) -> None:
        super().__init__(id="help")
        self._step = step(step_id)
        self._field = field

    def compose(self) -> ComposeResult:
        """Lay out the explanation."""
        with Vertical(classes="question"):
            if self._field is None:
                yield Line(self._step.title, classes="purpose")
                yield Line(self._step.purpose, classes="paragraph")
            else:
                explained = self._field.help
                yield Line(self._field.label, classes="purpose")
                yield Line(explained.what, classes="paragraph")
                if explained.where:
                    yield Line(_("Where: {where}", where=explained.where), classes="paragraph")
                if explained.example:
                    yield Line(
                        _("Example: {example}", example=explained.example), classes="paragraph"
                    )
            for line in _KEYS:
                yield Line(line, classes="aside")
            with Horizontal(classes="page-buttons"):
                yield SpokenButton(_("Close"), id="close", classes="primary")

    @on(Button.Pressed, "#close")
    def action_close(self) -> None:
        """Go back to where one was."""
        self.dismiss()
