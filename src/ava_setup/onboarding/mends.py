"""What this tool can mend, decided from facts alone: each with before, after and whose it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ava_setup.onboarding.assistant import AssistantMends
from ava_setup.onboarding.catalogue import Action
from ava_setup.onboarding.credentials import AccountKind
from ava_setup.onboarding.facts import Absent, Facts, Found
from ava_setup.onboarding.linking import CLOSED_DOORS
from ava_setup.onboarding.number import TargetKind, inbound_webhook, spaced
from ava_setup.onboarding.outcome import Consent
from ava_setup.onboarding.profile import CALLERS_LANGUAGE_NAMES
from ava_setup.onboarding.state import Region
from ava_setup.onboarding.undo_steps import Webhooks
from ava_setup.words import NOTHING, Text, _, verbatim

if TYPE_CHECKING:
    from collections.abc import Callable

    from ava_setup.onboarding.number import TwilioNumber, VapiNumber
    from ava_setup.onboarding.verdicts import Check


@dataclass(frozen=True, slots=True)
class LinkNumber:
    """Import the number, linked, or link it where it is."""

    words: Text
    before: Text
    after: Text
    consent: Consent | None = None


@dataclass(frozen=True, slots=True)
class PointNumber:
    """Have Twilio send the number's calls to Vapi."""

    number: TwilioNumber
    webhooks: Webhooks
    words: Text
    before: Text
    after: Text
    consent: Consent | None = None


@dataclass(frozen=True, slots=True)
class MendAssistant:
    """Change something about the assistant itself."""

    assistant_id: str
    mends: AssistantMends
    words: Text
    before: Text
    after: Text
    consent: Consent | None = None


@dataclass(frozen=True, slots=True)
class SetFallback:
    """Have somebody's telephone ring when Ava cannot answer."""

    phone_number_id: str
    number: str
    words: Text
    before: Text
    after: Text
    consent: Consent | None = None


Mend = LinkNumber | PointNumber | MendAssistant | SetFallback


def loss(mend: Mend) -> Text:
    """Say who would notice a mend that needs consent; nothing of one that takes from nobody."""
    match mend.consent:
        case None:
            return NOTHING
        case Consent.CHANGE_ASSISTANT:
            return _("ava-setup did not make this assistant: others may rely on it as it is.")
        case _:
            return _("Today {before} takes these calls, and would lose them.", before=mend.before)


def plan_mend(check: Check, facts: Facts) -> Mend | None:
    """Decide how to mend what a check found; None when only people can. Pure and total."""
    plan = _PLANS.get(check.remedy)
    return plan(facts) if plan else None


def _link(facts: Facts) -> LinkNumber | None:
    """Link: what already answers, here or at Vapi, is only taken over on consent."""
    match facts.assistant, facts.twilio_number:
        case Found(assistant), Found(number):
            pass
        case _:
            return None
    # What owns the calls has to let go of them first; a trial account carries none to Vapi.
    if number.target.kind in _OWNED or not _can_carry(facts):
        return None
    words = _(
        "link {number} to {assistant}", number=spaced(number.number), assistant=assistant.label
    )
    after = verbatim(assistant.label)
    match facts.vapi_number:
        case Found(record):
            holder = _holder(facts, record)
            consent = None if holder == _NOBODY else Consent.REASSIGN
            return LinkNumber(words, holder, after, consent)
        case Absent():
            consent = Consent.OVERWRITE if number.target.is_somebodys else None
            return LinkNumber(words, number.target.words, after, consent)
        case _:
            return None


def _can_carry(facts: Facts) -> bool:
    """Whether the Twilio account can have a caller talk to an assistant."""
    match facts.account:
        case Found(account):
            return account.kind is not AccountKind.TRIAL and account.status not in CLOSED_DOORS
        case _:
            return False


_OWNED = frozenset({TargetKind.TRUNK, TargetKind.APPLICATION, TargetKind.NO_VOICE})
_NOBODY = _("nobody")


def _holder(facts: Facts, record: VapiNumber) -> Text:
    """Name who answers a number at Vapi today."""
    if record.squad_id:
        return _("a squad of assistants")
    if record.workflow_id:
        return _("a workflow")
    # A deleted assistant answers nobody: replacing it takes nothing from anyone.
    return verbatim(facts.linked.value.label) if isinstance(facts.linked, Found) else _NOBODY


def _point(facts: Facts) -> PointNumber | None:
    """Point at Vapi; what else takes the calls today only lets go of them on consent."""
    if not isinstance(facts.twilio_number, Found):
        return None
    number = facts.twilio_number.value
    if number.target.kind is TargetKind.NO_VOICE:
        return None
    known = isinstance(facts.vapi_number, Found)
    region = facts.vapi.value if isinstance(facts.vapi, Found) else Region.US
    webhooks = Webhooks(
        # Of a number that Vapi does not know yet, the import writes them.
        voice_url=inbound_webhook(region) if known else None,
        voice_method="POST" if known else None,
        trunk_sid="" if number.trunk_sid else None,
        application_sid="" if number.application_sid else None,
    )
    target = _where(facts, number)
    owned = number.target.kind in {TargetKind.TRUNK, TargetKind.APPLICATION}
    return PointNumber(
        number,
        webhooks,
        _("send the calls of {number} to Vapi", number=spaced(number.number)),
        target,
        _("Vapi"),
        Consent.OVERWRITE if owned or number.target.is_somebodys else None,
    )


def _where(facts: Facts, number: TwilioNumber) -> Text:
    if number.target.is_vapi:
        return _("Vapi, by GET")
    if number.target.kind is TargetKind.APPLICATION and isinstance(facts.application, Found):
        return facts.application.value.target.words
    return number.target.words


def _mend_assistant(
    facts: Facts, mends: AssistantMends, said: tuple[Text, Text, Text]
) -> MendAssistant | None:
    if not isinstance(facts.assistant, Found):
        return None
    assistant = facts.assistant.value
    words, before, after = said
    is_ours = assistant.id in facts.wanted.owned
    named = _("{name}: {words}", name=assistant.label, words=words)
    consent = None if is_ours else Consent.CHANGE_ASSISTANT
    return MendAssistant(assistant.id, mends, named, before, after, consent)


def _greet(facts: Facts) -> MendAssistant | None:
    has = facts.assistant.value.first_message if isinstance(facts.assistant, Found) else ""
    greeting = has or facts.wanted.greeting
    if not greeting:
        return None
    after = _("“{words}”", words=greeting)
    said = (_("have it greet callers"), _("silence"), after)
    return _mend_assistant(facts, AssistantMends(opening_words=greeting), said)


def _change_language(facts: Facts) -> MendAssistant | None:
    language = facts.wanted.language
    if language is None:
        return None
    said = (
        _("have it speak and understand your callers' language"),
        _("another language"),
        CALLERS_LANGUAGE_NAMES[language],
    )
    return _mend_assistant(facts, AssistantMends(language=language), said)


def _set_fallback(facts: Facts) -> SetFallback | None:
    if not isinstance(facts.vapi_number, Found) or not facts.wanted.fallback:
        return None
    record, wanted = facts.vapi_number.value, facts.wanted.fallback
    return SetFallback(
        record.id,
        wanted,
        _("ring {number} when Ava cannot answer", number=spaced(wanted)),
        verbatim(spaced(record.fallback_number)) if record.fallback_number else _NOBODY,
        verbatim(spaced(wanted)),
    )


def _silence(facts: Facts) -> MendAssistant | None:
    said = (_("switch the background noise off"), _("the noise of an office"), _("none"))
    return _mend_assistant(facts, AssistantMends(quiet=True), said)


_PLANS: dict[Action, Callable[[Facts], Mend | None]] = {
    Action.LINK: _link,
    Action.POINT: _point,
    Action.SILENCE_BACKGROUND: _silence,
    Action.GREET: _greet,
    Action.CHANGE_LANGUAGE: _change_language,
    Action.SET_FALLBACK: _set_fallback,
}
