"""The business: what Ava tells callers, and the one e-mail address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.containers import Horizontal
from textual.widgets import Button

from ava_setup.onboarding.profile import (
    CALLERS_LANGUAGE_NAMES,
    TRADE_NAMES,
    CallersLanguage,
    Profile,
    Trade,
    email_hint,
    read_business_name,
    read_email,
    read_hours,
    read_time_zone,
)
from ava_setup.onboarding.steps import StepId
from ava_setup.tui.screens.form import FormScreen
from ava_setup.tui.screens.more import More, MoreScreen
from ava_setup.tui.time_zones import here, suggester
from ava_setup.tui.widgets.beside import beside
from ava_setup.tui.widgets.field import ChoiceField, Field, Help
from ava_setup.tui.widgets.spoken import Line, SpokenButton
from ava_setup.words import NOTHING, Language, Text, _

if TYPE_CHECKING:
    from textual.app import ComposeResult


def _slip(address: str) -> Text:
    meant = email_hint(address)
    domain = meant.rpartition("@")[2] if meant else ""
    return _("Did you mean @{domain}? If not, carry on.", domain=domain) if meant else NOTHING


class BusinessScreen(FormScreen):
    """Six answers, four of them already filled in."""

    STEP = StepId.BUSINESS
    CSS_PATH = ["form.tcss", "business.tcss"]

    def __init__(self) -> None:
        super().__init__()
        self._more = More()

    def fields(self) -> ComposeResult:
        """Lay out the fields, filled with what is known."""
        known = self.state.saved.profile or self._ready_made()
        with Horizontal(classes="columns"):
            yield Field(
                "business-name",
                _("Business name"),
                read=read_business_name,
                value=self.earlier("business-name", known.business_name),
                hint=_("As callers know it."),
                help_=Help(
                    _("The name that Ava says when she answers."),
                    _("Your shop sign, your invoices."),
                    _("Plomberie Martin"),
                ),
            )
            yield Field(
                "email",
                _("E-mail"),
                read=read_email,
                value=self.earlier("email", known.admin_email),
                hint=_("The only one we ask for."),
                note=_slip,
                help_=Help(
                    _("Your address, for everything: asked once, never again."),
                    _("The mailbox that you read every day."),
                    _("contact@plomberie-martin.fr"),
                ),
            )
        with Horizontal(classes="columns"):
            yield ChoiceField(
                "trade",
                _("Trade"),
                TRADE_NAMES,
                Trade(self.earlier("trade", known.trade)),
                hint=_("Chooses the ready-made greeting."),
                help_=Help(
                    _("What you do. It chooses a ready-made greeting and instructions for Ava."),
                    _("Left and right arrows change it, Space shows the list."),
                ),
            )
            yield ChoiceField(
                "callers-language",
                _("Callers' language"),
                CALLERS_LANGUAGE_NAMES,
                CallersLanguage(self.earlier("callers-language", known.callers_language)),
                hint=_("What Ava speaks on the phone."),
                help_=Help(
                    _("The language in which Ava answers. Bilingual follows each caller."),
                    _("Left and right arrows change it, Space shows the list."),
                ),
            )
        with Horizontal(classes="columns"):
            yield Field(
                "opening-hours",
                _("Opening hours"),
                read=read_hours,
                value=self.earlier("opening-hours", known.opening_hours),
                hint=_("The way you write them on the door."),
                help_=Help(
                    _("When you are open. Ava tells callers, and says when you will ring back."),
                    _("Write them as on your door, in the language of your callers."),
                    _("Mon-Fri 9am-6pm, Sat 9am-12pm"),
                ),
            )
            yield Field(
                "time-zone",
                _("Time zone"),
                read=read_time_zone,
                value=self.earlier("time-zone", known.time_zone),
                hint=_("Region/City; → completes."),
                suggester=suggester(),
                help_=Help(
                    _("So that Ava knows whether you are open now."),
                    _("Taken from this computer. Type another; the right arrow completes it."),
                    _("Europe/Paris"),
                ),
            )

        yield Line(id="answered-beside")

    def _ready_made(self) -> Profile:
        """Give what is offered for the fields before anybody has typed; two are left to type."""
        french = self.wizard.voice.language is Language.FR
        return Profile.model_construct(
            business_name="",
            admin_email="",
            trade=Trade.GENERAL,
            opening_hours=self.wizard.voice(_("Mon-Fri 9am-12pm, 2pm-6pm")),
            callers_language=CallersLanguage.FR_FR if french else CallersLanguage.EN_US,
            time_zone=here(),
        )

    # What is rarely asked for

    def buttons(self) -> tuple[SpokenButton, ...]:
        """Give the buttons, leftmost first."""
        back, following = super().buttons()
        return back, SpokenButton(_("More…"), id="more"), following

    def on_mount(self) -> None:
        """Show what was answered beside the fields."""
        super().on_mount()
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
