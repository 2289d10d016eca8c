"""The first thing on screen: what this is, what is needed, how long it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.containers import Vertical
from textual.widgets import Button

from ava_setup.onboarding.steps import StepId
from ava_setup.tui.screens.step import StepScreen
from ava_setup.tui.widgets.spoken import Line, SpokenButton
from ava_setup.words import _

if TYPE_CHECKING:
    from textual.app import ComposeResult

_NEEDS = (
    _("1. your e-mail address: one, asked once;"),
    _("2. your Vapi private key (dashboard.vapi.ai, API Keys);"),
    _("3. your Twilio Account SID and Auth Token (console.twilio.com)."),
)


class WelcomeScreen(StepScreen):
    """Start, try it as a demo, or change the language."""

    STEP = StepId.WELCOME
    CSS_PATH = "welcome.tcss"
    AUTO_FOCUS = "#next"
    NEXT = _("Start")

    def fields(self) -> ComposeResult:
        """Lay out the welcome."""
        yield Line(
            _(
                "Ava answers your phone when you cannot: she greets your callers, takes their "
                "message and notes what they need."
            ),
            id="promise",
        )
        with Vertical(id="needs"):
            yield Line(_("Have three things at hand. It takes about 3 minutes:"))
            for need in _NEEDS:
                yield Line(need, classes="need")
        yield Line(
            _("Nothing is changed at Vapi or Twilio before you say so. You can stop at any time."),
            id="promise-kept",
        )

    def buttons(self) -> tuple[SpokenButton, ...]:
        """Give the buttons, leftmost first."""
        language = SpokenButton(_("Français"), id="language")
        start = SpokenButton(self.NEXT, id="next", classes="primary")
        if self.wizard.is_demo:
            return language, start
        return language, SpokenButton(_("Try it as a demo"), id="demo"), start

    @on(Button.Pressed, "#language")
    def _switch_language(self) -> None:
        self.wizard.action_switch_language()

    @on(Button.Pressed, "#demo")
    def _start_demo(self) -> None:
        self.wizard.start_demo()
