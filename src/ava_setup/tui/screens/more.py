"""Beside the six answers: who is rung when Ava cannot answer, and AVA's own services."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Input

from ava_setup.front.telephones import read_fallback
from ava_setup.onboarding.assistant import read_webhook_url
from ava_setup.onboarding.number import spaced
from ava_setup.tui.textual_defects import SteadyModal
from ava_setup.tui.widgets.field import Field
from ava_setup.tui.widgets.spoken import Line, SpokenButton
from ava_setup.words import _

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from ava_setup.onboarding.profile import CallersLanguage


@dataclass(frozen=True, slots=True)
class More:
    """What is rarely asked for.

    Attributes:
        fallback_number: E.164 of the telephone that rings when Ava cannot answer, or "".
        webhook_url: Where Vapi tells AVA's services of the calls, https; or "".
    """

    fallback_number: str = ""
    webhook_url: str = ""


class MoreScreen(SteadyModal[More | None]):
    """Gives the answers, or None when they stay as they were.

    Args:
        more: The answers so far.
        language: The callers', whose country's notation is understood.
        line: The number that Ava answers, E.164, or "".
    """

    CSS_PATH = ["form.tcss", "question.tcss"]
    AUTO_FOCUS = "Input"
    BINDINGS = [
        Binding("escape", "close", show=False),
        Binding("ctrl+l", "app.switch_language", show=False, priority=True),
        Binding("ctrl+s", "keep", show=False, priority=True),
    ]

    def __init__(self, more: More, language: CallersLanguage, line: str) -> None:
        super().__init__(name="more")
        self._language = language
        self._line = line
        self._fallback = Field(
            "fallback-number",
            _("Your phone (optional)"),
            read=self._read_fallback,
            value=spaced(more.fallback_number) if more.fallback_number else "",
            hint=_("It rings when Ava cannot answer, so that no caller is lost."),
        )
        self._webhook = Field(
            "webhook-url",
            _("Web address for calls (installers only)"),
            read=read_webhook_url,
            value=more.webhook_url,
            hint=_("AVA's own address, https. Leave it empty unless you were given one."),
        )

    def compose(self) -> ComposeResult:
        """Lay out both fields."""
        with Vertical(classes="question"):
            yield Line(_("Rarely needed: both can stay empty."), classes="purpose")
            yield self._fallback
            yield self._webhook
            with Horizontal(classes="page-buttons"):
                yield SpokenButton(_("Cancel"), id="cancel")
                yield SpokenButton(_("Keep (Ctrl+S)"), id="keep", classes="primary")

    def _read_fallback(self, typed: str) -> str:
        return read_fallback(typed, self._language, self._line)

    @on(Input.Submitted, "#fallback-number")
    def _next(self) -> None:
        if self._fallback.check() is not None:
            self._webhook.entry.focus()

    @on(Input.Submitted, "#webhook-url")
    @on(Button.Pressed, "#keep")
    def action_keep(self) -> None:
        """Keep both, if they can be used."""
        fallback, webhook = self._fallback.check(), self._webhook.check()
        if fallback is None:
            self._fallback.entry.focus()
        elif webhook is None:
            self._webhook.entry.focus()
        else:
            self.dismiss(More(fallback, webhook))

    @on(Button.Pressed, "#cancel")
    def action_close(self) -> None:
        """Leave them as they were."""
        self.dismiss(None)
