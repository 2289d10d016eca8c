"""The question before Ava rings a telephone: which one, and that it costs money."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Input

from ava_setup.front.telephones import cost_of_call, read_callee
from ava_setup.onboarding.number import spaced
from ava_setup.tui.textual_defects import SteadyModal
from ava_setup.tui.widgets.field import Field
from ava_setup.tui.widgets.spoken import Line, SpokenButton
from ava_setup.words import NOTHING, Text, _, verbatim

if TYPE_CHECKING:
    from textual.app import ComposeResult


class RingScreen(SteadyModal[str | None]):
    """Gives the number to ring, E.164, or None; Escape and the first button mean no.

    Args:
        line: The number that Ava rings from, E.164.
        callee: The number to offer, or "".
        warning: What there is to know beside, or nothing.
    """

    CSS_PATH = ["form.tcss", "question.tcss"]
    BINDINGS = [
        Binding("escape", "refuse", show=False),
        Binding("ctrl+l", "app.switch_language", show=False, priority=True),
        Binding("up", "app.focus_previous", show=False),
        Binding("down", "app.focus_next", show=False),
    ]

    def __init__(self, line: str, callee: str, warning: Text = NOTHING) -> None:
        super().__init__(name="ring")
        self._line = line
        self._warning = warning
        self._field = Field(
            "callee",
            _("Telephone to ring"),
            read=self._read,
            value=spaced(callee) if callee else "",
            hint=_("Yours, at hand now."),
        )

    def compose(self) -> ComposeResult:
        """Lay out the question."""
        with Vertical(classes="question"):
            yield Line(_("Have Ava ring a telephone, once?"), classes="purpose")
            yield Line(cost_of_call(self._line), classes="paragraph")
            if self._warning:
                yield Line(self._warning, classes="paragraph warning")
            yield self._field
            with Horizontal(classes="page-buttons"):
                yield SpokenButton(_("No, ring nobody"), id="no")
                yield SpokenButton(_("Yes, ring once"), id="yes", classes="primary")

    def on_mount(self) -> None:
        """Ask for the number where none is known; else for the answer."""
        if self._field.typed:
            self.query_one("#no").focus()
        else:
            self._field.entry.focus()

    def _read(self, typed: str) -> str:
        return read_callee(typed, self._line)

    @on(Input.Submitted)
    def _entered(self) -> None:
        callee = self._field.check()
        if callee is not None:
            self._field.relieve(verbatim(spaced(callee)))
            self.query_one("#no").focus()

    @on(Button.Pressed, "#yes")
    def _agreed(self) -> None:
        callee = self._field.check()
        if callee is None:
            self._field.entry.focus()
        else:
            self.dismiss(callee)

    @on(Button.Pressed, "#no")
    def action_refuse(self) -> None:
        """Ring nobody."""
        self.dismiss(None)
