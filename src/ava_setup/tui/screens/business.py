"""The business: what Ava tells callers, and the one e-mail address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.widgets import Button

from ava_setup.front.beside import beside
from ava_setup.front.offered import offered_profile, slip
from ava_setup.onboarding.profile import (
    CALLERS_LANGUAGE_NAMES,
    TRADE_NAMES,
    CallersLanguage,
    Profile,
    Trade,
    read_business_name,
    read_email,
    read_time_zone,
)
from ava_setup.onboarding.steps import StepId
from ava_setup.tui.screens.form import FormScreen
from ava_setup.tui.screens.more import More, MoreScreen
from ava_setup.tui.time_zones import suggester
from ava_setup.tui.widgets.field import ChoiceField, Columns, Field
from ava_setup.tui.widgets.hours_field import HoursField
from ava_setup.tui.widgets.spoken import Line, SpokenButton
from ava_setup.words import _

if TYPE_CHECKING:
    from textual.app import ComposeResult


class BusinessScreen(FormScreen):
    """Six answers, four of them already filled in."""

    STEP = StepId.BUSINESS
    CSS_PATH = ["form.tcss", "business.tcss"]

    def __init__(self) -> None:
        super().__init__()
        self._more = More()

    def fields(self) -> ComposeResult:
        """Lay out the fields, filled with what is known."""
        known = self.state.saved.profile or offered_profile(self.wizard.voice)
        with Columns():
            yield Field(
                "business-name",
                _("Business name"),
                read=read_business_name,
                value=self.earlier("business-name", known.business_name),
                hint=_("As callers know it."),
            )
            yield Field(
                "email",
                _("E-mail"),
                read=read_email,
                value=self.earlier("email", known.admin_email),
                hint=_("The only one we ask for."),
                note=slip,
            )
        with Columns():
            yield ChoiceField(
                "trade",
                _("Trade"),
                TRADE_NAMES,
                Trade(self.earlier("trade", known.trade)),
                hint=_("Chooses the ready-made greeting."),
                asks=True,
            )
            yield ChoiceField(
                "callers-language",
                _("Callers' language"),
                CALLERS_LANGUAGE_NAMES,
                CallersLanguage(self.earlier("callers-language", known.callers_language)),
                hint=_("What Ava speaks on the phone."),
            )
        with Columns():
            yield HoursField(self.earlier("opening-hours", known.opening_hours))
            yield Field(
                "time-zone",
                _("Time zone"),
                read=read_time_zone,
                value=self.earlier("time-zone", known.time_zone),
                hint=_("Region/City; → completes."),
                suggester=suggester(),
            )

        yield Line(id="answered-beside")

    def made_of(self) -> tuple[object, ...]:
        """Give what it is laid out from."""
        return *super().made_of(), self.state.saved.profile

    # What is rarely asked for

    def buttons(self) -> tuple[SpokenButton, ...]:
        """Give the buttons, leftmost first."""
        back, following = super().buttons()
        return back, SpokenButton(_("More…"), id="more"), following

    def draw(self) -> None:
        """Show what was answered beside the fields."""
        super().draw()
        known = self.state.saved.profile
        self._more = More(
            self.earlier("fallback-number", known.fallback_number if known else ""),
            self.earlier("webhook-url", known.webhook_url if known else ""),
        )
        self._show_more()

    def _show_more(self) -> None:
        more = self._more
        line = self.query_one("#answered-beside", Line)
        line.tell(beside(more.fallback_number, more.webhook_url))

    @on(Button.Pressed, "#more")
    def _ask_more(self) -> None:
        line = self.state.saved.number.number if self.state.saved.number else ""
        language = CallersLanguage(self.typed_of("callers-language"))
        self.app.push_screen(MoreScreen(self._more, language, line), self._answered)

    def _answered(self, more: More | None) -> None:
        if more is not None:
            self._more = more
            self._show_more()
            self._keep_soon()

    async def keep_typed(self) -> None:
        """Keep the fields, and what stands beside them."""
        await super().keep_typed()
        beside = {
            "fallback-number": self._more.fallback_number,
            "webhook-url": self._more.webhook_url,
        }
        if any(self.earlier(name) != value for name, value in beside.items()):
            await self.setup.remember(beside)

    async def proceed(self) -> None:
        """Keep the business and go on."""
        await self.setup.save_profile(
            Profile(
                business_name=self.value_of("business-name"),
                admin_email=self.value_of("email"),
                trade=Trade(self.typed_of("trade")),
                opening_hours=self.value_of("opening-hours"),
                callers_language=CallersLanguage(self.typed_of("callers-language")),
                time_zone=self.value_of("time-zone"),
                fallback_number=self._more.fallback_number,
                webhook_url=self._more.webhook_url,
            )
        )
        self.go_on()
