"""The business: asked once, remembered for good."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import Annotated
from uuid import uuid4
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from ava_setup.onboarding.errors import FieldProblem
from ava_setup.words import Language, Text, Voice, _

NAME_MAX = 80
OFFERED_HOURS = _("Mon-Fri 9am-12pm, 2pm-6pm")
HOURS_MAX = 120

# Slips of the finger in the addresses that owners have most often.
_LIKELY_DOMAINS = {
    "gmial.com": "gmail.com",
    "gmai.com": "gmail.com",
    "gmail.fr": "gmail.com",
    "gmail.con": "gmail.com",
    "gamil.com": "gmail.com",
    "hotmial.com": "hotmail.com",
    "hotmail.con": "hotmail.com",
    "outlok.com": "outlook.com",
    "outlook.con": "outlook.com",
    "orange.com": "orange.fr",
    "wanado.fr": "wanadoo.fr",
    "yaho.fr": "yahoo.fr",
    "yaho.com": "yahoo.com",
    "iclould.com": "icloud.com",
}


class Trade(StrEnum):
    """What the business does: chooses the ready-made greeting and instructions."""

    GENERAL = "general"
    PLUMBER = "plumber"
    ELECTRICIAN = "electrician"
    MEDICAL = "medical"
    DENTAL = "dental"
    PHYSIO = "physio"
    VET = "vet"
    RESTAURANT = "restaurant"
    HOTEL = "hotel"
    SALON = "salon"
    BEAUTY = "beauty"
    GARAGE = "garage"
    SHOP = "shop"
    REAL_ESTATE = "real_estate"
    LAW = "law"
    ACCOUNTANT = "accountant"


class CallersLanguage(StrEnum):
    """The language that callers are answered in; `BILINGUAL` answers French and English."""

    FR_FR = "fr-FR"
    FR_CA = "fr-CA"
    EN_GB = "en-GB"
    EN_US = "en-US"
    BILINGUAL = "bilingual"

    @property
    def speaks_french(self) -> bool:
        """Whether the first words are French."""
        return self in {CallersLanguage.FR_FR, CallersLanguage.FR_CA, CallersLanguage.BILINGUAL}

    @property
    def first(self) -> Language:
        """The language of the first words, and of the instructions."""
        return Language.FR if self.speaks_french else Language.EN

    @property
    def spoken(self) -> frozenset[str]:
        """The two-letter languages that callers speak."""
        if self is CallersLanguage.BILINGUAL:
            return frozenset({"fr", "en"})
        return frozenset({self.value[:2]})


TRADE_NAMES: dict[Trade, Text] = {
    Trade.GENERAL: _("General reception"),
    Trade.PLUMBER: _("Plumber, trades"),
    Trade.ELECTRICIAN: _("Electrician"),
    Trade.MEDICAL: _("Medical practice"),
    Trade.DENTAL: _("Dental practice"),
    Trade.PHYSIO: _("Physiotherapist"),
    Trade.VET: _("Veterinary practice"),
    Trade.RESTAURANT: _("Restaurant"),
    Trade.HOTEL: _("Hotel, bed and breakfast"),
    Trade.SALON: _("Hairdresser"),
    Trade.BEAUTY: _("Beauty salon"),
    Trade.GARAGE: _("Garage"),
    Trade.SHOP: _("Shop"),
    Trade.REAL_ESTATE: _("Real estate"),
    Trade.LAW: _("Law office"),
    Trade.ACCOUNTANT: _("Accountant"),
}

CALLERS_LANGUAGE_NAMES: dict[CallersLanguage, Text] = {
    CallersLanguage.FR_FR: _("French (France)"),
    CallersLanguage.FR_CA: _("French (Canada)"),
    CallersLanguage.EN_GB: _("English (UK)"),
    CallersLanguage.EN_US: _("English (US)"),
    CallersLanguage.BILINGUAL: _("Bilingual French-English"),
}


def read_business_name(typed: str) -> str:
    """Tidy a business name.

    Raises:
        FieldProblem: It is empty or longer than `NAME_MAX` characters.
    """
    name = " ".join(typed.split())
    if not name:
        raise FieldProblem(_("Type the name that callers know you by."))
    if len(name) > NAME_MAX:
        raise FieldProblem(_("Keep it under {max} characters.", max=NAME_MAX))
    return name


def read_email(typed: str) -> str:
    """Check and normalise the one e-mail address; its domain is not looked up.

    Raises:
        FieldProblem: It is not an e-mail address.
    """
    address = typed.strip().removeprefix("mailto:")
    if not address:
        raise FieldProblem(_("Type your e-mail address, for example contact@example.fr."))
    if "@" not in address:
        raise FieldProblem(_("An e-mail address has an @, for example contact@example.fr."))
    try:
        return validate_email(address, check_deliverability=False).normalized
    except EmailNotValidError:
        raise FieldProblem(
            _("Not a complete address: check for a space, or the ending (.fr).")
        ) from None


def email_hint(address: str) -> str | None:
    """Suggest the address probably meant when its domain looks like a slip, else None."""
    local, _at, domain = address.strip().rpartition("@")
    meant = _LIKELY_DOMAINS.get(domain.lower())
    return f"{local}@{meant}" if meant and local else None


def read_hours(typed: str) -> str:
    """Tidy the opening hours, kept as people write them.

    Raises:
        FieldProblem: Nothing was typed, or more than `HOURS_MAX` characters.
    """
    hours = " ".join(typed.split())
    if not hours:
        raise FieldProblem(_("Type your hours, for example Mon-Fri 9am-6pm, or 24/7."))
    if len(hours) > HOURS_MAX:
        raise FieldProblem(_("Keep it under {max} characters.", max=HOURS_MAX))
    return hours


@cache
def _time_zones() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones()}


def read_time_zone(typed: str) -> str:
    """Check a time zone's IANA name, whatever its case.

    Raises:
        FieldProblem: No such time zone.
    """
    wanted = "_".join(typed.split()).lower()
    known = _time_zones().get(wanted)
    if known is None:
        raise FieldProblem(_("Unknown: type Region/City, for example Europe/Paris."))
    return known


def is_offered(name: str, value: object) -> bool:
    """Whether a fact of a business is what is offered before anybody has typed.

    Args:
        name: Of the profile's attribute.
        value: What it is.
    """
    offered: dict[str, set[object]] = {
        "trade": {Trade.GENERAL},
        "callers_language": {CallersLanguage.FR_FR, CallersLanguage.EN_US},
        "opening_hours": {Voice(language)(OFFERED_HOURS) for language in Language},
    }
    return value in offered.get(name, set())


class Profile(BaseModel):
    """A business. `adminEmail` is the only address that exists anywhere in this product.

    Attributes:
        fallback_number: E.164 of the telephone that rings when Ava cannot answer, or "".
        webhook_url: Where Vapi tells AVA's services of the calls, https; or "".
        country: Of the number that callers ring, ISO 3166; "" until one is chosen.
    """

    # The other engine keeps 400 KiB for one pattern.
    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, regex_engine="python-re"
    )

    business_id: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}\Z")] = Field(
        default_factory=lambda: uuid4().hex
    )
    business_name: Annotated[str, StringConstraints(min_length=1, max_length=NAME_MAX)]
    admin_email: Annotated[str, AfterValidator(read_email)] = Field(alias="adminEmail")
    trade: Trade = Trade.GENERAL
    opening_hours: Annotated[str, StringConstraints(min_length=1, max_length=HOURS_MAX)]
    callers_language: CallersLanguage = CallersLanguage.FR_FR
    # Checked when it is typed: another computer may know fewer zones than the one it came from.
    time_zone: str = "Europe/Paris"
    fallback_number: str = ""
    webhook_url: str = ""
    country: str = ""
