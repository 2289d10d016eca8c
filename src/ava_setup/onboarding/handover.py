"""The hand-over sheet: what whoever has the line needs to know of it, on one page. Pure.

Only what may lie on a counter is in it: no key, no token, no account's id, no webhook.
"""

from __future__ import annotations

import re
import textwrap
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ava_setup.onboarding import journal
from ava_setup.onboarding.assistant import Opening
from ava_setup.onboarding.composing import compose
from ava_setup.onboarding.errors import ErrorCode, SetupError
from ava_setup.onboarding.hours_said import as_read
from ava_setup.onboarding.number import national, spaced
from ava_setup.onboarding.state import Region
from ava_setup.words import NOTHING, Text, _

if TYPE_CHECKING:
    from datetime import datetime

    from ava_setup.onboarding.assistant import Assistant
    from ava_setup.onboarding.profile import CallersLanguage
    from ava_setup.onboarding.state import Saved

VAPI_DASHBOARD = {
    Region.US: "https://dashboard.vapi.ai",
    Region.EU: "https://dashboard.eu.vapi.ai",
    Region.CUSTOM: "https://dashboard.vapi.ai",
}
TWILIO_CONSOLE = "https://console.twilio.com"

# Vapi takes first words of any length; the page has room for so many characters of a quote.
_QUOTE_MAX = 800
_STEM_MAX = 40


@dataclass(frozen=True, slots=True)
class Facts:
    """What is told of a line.

    Attributes:
        at: When it was so.
        business: Its name.
        number: E.164.
        hours: Its opening hours, as the owner typed them.
        language: In which callers are answered.
        assistant: Who answers, as Vapi has it now.
        questions: What Ava is told to ask callers, in their language; "" when the owner wrote it.
        fallback: E.164 of the telephone that rings when no assistant can be had, or "".
        region: Of the Vapi organisation.
        profile: The name of its folder.
        is_demo: Whether all of it is made up.
    """

    at: datetime
    business: str
    number: str
    hours: str
    language: CallersLanguage
    assistant: Assistant
    questions: str
    fallback: str
    region: Region
    profile: str
    is_demo: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences."""

    text: Text


@dataclass(frozen=True, slots=True)
class Steps:
    """What to do, in this order."""

    texts: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """Words as they are.

    Attributes:
        words: The words.
        language: Two letters: of these words, whatever the sheet is in.
    """

    words: str
    language: str


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere to look.

    Attributes:
        text: What is found there, and on which page.
        url: https.
    """

    text: Text
    url: str


@dataclass(frozen=True, slots=True)
class Blank:
    """A line for somebody to write on.

    Attributes:
        label: What belongs there.
    """

    label: Text


Part = Paragraph | Steps | Quote | Place | Blank


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it."""

    heading: Text
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sheet, still in nobody's language.

    Attributes:
        business: The owner's name for it.
        headline: What it is all about.
        number: E.164.
        national: As people of its country dial it.
        international: As everybody else does.
        code: What the code beside the number does.
        warning: That it is a demo, or nothing.
        sections: The rest.
        footer: When it was written, and what is not on it.
    """

    business: str
    headline: Text
    number: str
    national: str
    international: str
    code: Text
    warning: Text
    sections: tuple[Section, ...]
    footer: Text


def facts_of(
    saved: Saved, assistant: Assistant, *, at: datetime, profile: str, is_demo: bool
) -> Facts:
    """Gather what is told of a line.

    Args:
        saved: The set-up.
        assistant: Who answers, as Vapi has it now.
        at: Now, with its time zone.
        profile: The name of the set-up's folder.
        is_demo: Whether it is a demo.

    Raises:
        SetupError: There is no business, or no link, to tell of.
    """
    business, linked = saved.profile, saved.linked
    if business is None:
        raise SetupError(ErrorCode.PROFILE_NEEDED)
    if linked is None:
        raise SetupError(ErrorCode.NUMBER_NEEDED)
    # Of other assistants, and of instructions that the owner wrote, the questions are not known.
    is_ready_made = assistant.id in journal.assistants_made(saved) and not saved.typed.get(
        "instructions"
    )
    return Facts(
        at=at.astimezone(_zone(business.time_zone)),
        business=business.business_name,
        number=linked.number,
        hours=business.opening_hours,
        language=business.callers_language,
        assistant=assistant,
        questions=compose(business).questions if is_ready_made else "",
        fallback=business.fallback_number,
        region=saved.connection.region if saved.connection else Region.US,
        profile=profile,
        is_demo=is_demo,
    )


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, KeyError):
        # This computer knows fewer zones than the one that the set-up comes from.
        return ZoneInfo("UTC")


def write_sheet(facts: Facts) -> Sheet:
    """Write the sheet. Pure and total."""
    return Sheet(
        business=facts.business,
        headline=_("Ava answers the telephone"),
        number=facts.number,
        national=national(facts.number),
        international=spaced(facts.number),
        code=_("Point a phone's camera here to ring."),
        warning=_("Demo: this number is made up, and nobody answers it.")
        if facts.is_demo
        else NOTHING,
        sections=(
            _how_to_test(facts),
            _what_she_says(facts),
            _what_she_asks(facts),
            Section(_("Opening hours"), (Paragraph(as_read(facts.hours)),)),
            _when_she_cannot(facts),
            *_recording(facts),
            _where_to_look(facts),
            _whom_to_ask(),
            _how_to_undo(facts),
        ),
        footer=_(
            "As it was on {date}. There is no key and no password on this sheet.",
            date=f"{facts.at:%d/%m/%Y}",
        ),
    )


def file_stem(business: str) -> str:
    """Name the sheet's files after a business, in letters that every system takes."""
    plain = unicodedata.normalize("NFKD", business).encode("ascii", "ignore").decode().lower()
    words = "-".join(re.findall(r"[a-z0-9]+", plain))[:_STEM_MAX].strip("-")
    return f"ava-{words}" if words else "ava"


def _how_to_test(facts: Facts) -> Section:
    steps = (
        _("Ring {number} from any telephone.", number=national(facts.number)),
        _("Listen to the first words below, then say what you want, as a caller would."),
        _("Hang up. The call, and what was said, is at Vapi half a minute later."),
        _(
            "Something else is heard? On the computer where it was set up: {command}. It says why, "
            "and mends it.",
            command=_command("doctor --fix", facts),
        ),
    )
    return Section(_("How to test it"), (Steps(steps),))


def _command(words: str, facts: Facts) -> str:
    named = "" if facts.profile == "default" else f" --profile {facts.profile}"
    return f"ava-setup {words}{named}"


def _what_she_says(facts: Facts) -> Section:
    assistant = facts.assistant
    if assistant.opening is Opening.MADE_UP:
        part: Part = Paragraph(_("She greets callers in words of her own."))
    elif not assistant.speaks_first:
        part = Paragraph(_("Nothing: she waits until the caller has spoken."))
    else:
        part = _quote(assistant.first_message, facts)
    return Section(_("What Ava says first"), (part,))


def _what_she_asks(facts: Facts) -> Section:
    where = _("Change it at Vapi: Assistants, {name}, System Prompt.", name=facts.assistant.label)
    if not facts.questions:
        own = _("What her instructions say.")
        return Section(_("What she asks"), (Paragraph(own), Paragraph(where)))
    lead = Paragraph(_("Her instructions tell her:"))
    quote = _quote(facts.questions, facts)
    return Section(_("What she asks"), (lead, quote, Paragraph(where)))


def _quote(words: str, facts: Facts) -> Quote:
    shown = textwrap.shorten(words, _QUOTE_MAX, placeholder=" …")
    return Quote(shown, facts.language.value[:2])


def _when_she_cannot(facts: Facts) -> Section:
    text = (
        _("{number} rings.", number=spaced(facts.fallback))
        if facts.fallback
        else _(
            "No other telephone rings: callers hear an error message. Name a telephone in the "
            "wizard, step 1, “More…”."
        )
    )
    return Section(_("When Ava cannot answer"), (Paragraph(text),))


def _recording(facts: Facts) -> tuple[Section, ...]:
    if not facts.assistant.is_recorded:
        return ()
    text = _(
        "Calls are recorded, and kept at Vapi. Callers must be told so at the beginning, and may "
        "ask for theirs to be deleted."
    )
    return (Section(_("Recording"), (Paragraph(text),)),)


def _where_to_look(facts: Facts) -> Section:
    at_vapi = _(
        "Vapi: Call Logs (each call, what was said), Assistants (what Ava says and does), Billing"
    )
    at_twilio = _(
        "Twilio: Monitor, Logs (calls that never reach Ava), Phone Numbers (the number), Billing"
    )
    places = (Place(at_vapi, VAPI_DASHBOARD[facts.region]), Place(at_twilio, TWILIO_CONSOLE))
    return Section(_("Where to look"), places)


def _whom_to_ask() -> Section:
    return Section(_("Whom to ask"), (Blank(_("Set up by")), Blank(_("Telephone"))))


def _how_to_undo(facts: Facts) -> Section:
    steps = (
        _(
            "On the computer where it was set up: {command}. It shows everything, and asks first.",
            command=_command("undo", facts),
        ),
        _(
            "Without that computer: at Vapi, Phone Numbers, delete the number. It stays yours at "
            "Twilio: there, Phone Numbers, Active numbers, say who answers its calls."
        ),
    )
    return Section(_("How to undo it"), (Steps(steps),))
