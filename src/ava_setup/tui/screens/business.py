"""The business: what Ava tells callers, and the one e-mail address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal

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
from ava_setup.tui.time_zones import here, suggester
from ava_setup.tui.widgets.field import ChoiceField, Field, Help
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

    def fields(self) -> ComposeResult:
        """Lay out the fields, filled with what is known."""
        french = self.wizard.voice.language is Language.FR
        with Horizontal(classes="columns"):
            yield Field(
                "business-name",
                _("Business name"),
                read=read_business_name,
                value=self.earlier("business-name"),
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
                value=self.earlier("email"),
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
                Trade(self.earlier("trade", Trade.GENERAL)),
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
                CallersLanguage(
                    self.earlier(
                        "callers-language",
                        CallersLanguage.FR_FR if french else CallersLanguage.EN_US,
                    )
                ),
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
                value=self.earlier(
                    "opening-hours", self.wizard.voice(_("Mon-Fri 9am-12pm, 2pm-6pm"))
                ),
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
                value=self.earlier("time-zone", here()),
                hint=_("Region/City; → completes."),
                suggester=suggester(),
                help_=Help(
                    _("So that Ava knows whether you are open now."),
                    _("Taken from this computer. Type another; the right arrow completes it."),
                    _("Europe/Paris"),
                ),
            )

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
            )
        )
        self.go_on()
