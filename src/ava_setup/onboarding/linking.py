"""The link, the heart of it: what to do so that a number is answered, decided from facts alone."""

from __future__ import annotations

from dataclasses import dataclass, field

from ava_setup.onboarding.assistant import Assistant, first_available
from ava_setup.onboarding.credentials import AccountKind, AccountStatus, TwilioAccount
from ava_setup.onboarding.errors import ErrorCode, Problem
from ava_setup.onboarding.facts import (
    Absent,
    Found,
    Looked,
    Reading,
    Unknown,
    Unread,
    leads_to_vapi,
)
from ava_setup.onboarding.number import (
    TargetKind,
    TwilioNumber,
    TwimlApp,
    VapiNumber,
    spaced,
)
from ava_setup.onboarding.outcome import Consent, Outcome
from ava_setup.words import Text, _, verbatim


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """All that the plan depends on.

    Attributes:
        number: E.164 number to link.
        business_id: The business being set up.
        chosen: Id of the assistant that the user chose, or None.
        assistants: All assistants of the organisation.
        account: The Twilio account.
        twilio_number: The number at Twilio; absent when it is not in the account.
        application: The TwiML app that owns its voice, when one does.
        vapi_number: The number at Vapi; absent when it was never imported.
        consents: What the user has agreed to.
        points: Whether calls that Twilio sends elsewhere are to go to Vapi, when it has the number.
    """

    number: str
    business_id: str
    chosen: str | None
    assistants: Found[tuple[Assistant, ...]] | Unknown
    account: Found[TwilioAccount] | Unknown
    twilio_number: Looked[TwilioNumber]
    vapi_number: Looked[VapiNumber]
    application: Reading[TwimlApp] = field(default_factory=Unread)
    consents: frozenset[Consent] = field(default_factory=frozenset)
    points: bool = True


@dataclass(frozen=True, slots=True)
class Refuse:
    """Write nothing, and say why."""

    problem: Problem


@dataclass(frozen=True, slots=True)
class Ask:
    """Write nothing before the user has agreed."""

    consent: Consent
    problem: Problem
    assistant: Assistant
    auto_linked: bool


@dataclass(frozen=True, slots=True)
class Import:
    """Import the number into Vapi, linked from the first moment."""

    assistant: Assistant
    auto_linked: bool


@dataclass(frozen=True, slots=True)
class Relink:
    """Link the number where it already is, clearing what stands in the way.

    Attributes:
        vapi_number: The record to change.
        outcome: `RELINKED` when nothing was linked, `REASSIGNED` when something was.
        clears: The fields to set to null (`squadId`, `workflowId`).
        astray: The number at Twilio, when its calls have to be sent to Vapi, too.
    """

    vapi_number: VapiNumber
    assistant: Assistant
    auto_linked: bool
    outcome: Outcome
    clears: tuple[str, ...] = ()
    astray: TwilioNumber | None = None


@dataclass(frozen=True, slots=True)
class Keep:
    """It is linked to this assistant already: write nothing at Vapi, only prove it.

    Attributes:
        astray: The number at Twilio, when its calls have to be sent to Vapi.
    """

    vapi_number: VapiNumber
    assistant: Assistant
    auto_linked: bool
    astray: TwilioNumber | None = None


LinkPlan = Refuse | Ask | Import | Relink | Keep


def _refuse(code: ErrorCode, **params: str | int | Text) -> Refuse:
    return Refuse(Problem(code, tuple(params.items())))


def plan_link(facts: LinkFacts) -> LinkPlan:
    """Decide what to do. Pure and total: every combination of facts has exactly one plan."""
    match facts.assistants:
        case Unknown(problem):
            return Refuse(problem)
        case Found(()):
            return _refuse(ErrorCode.ASSISTANT_REQUIRED)
        case Found(assistants):
            pass
    assistant = wanted_assistant(facts.chosen, assistants, facts.business_id)
    if assistant is None:
        return _refuse(ErrorCode.ASSISTANT_GONE)
    auto_linked = not facts.chosen
    return (
        _obstacle_at_twilio(facts)
        or _unasked_overwrite(facts, assistant, auto_linked=auto_linked)
        or _plan_at_vapi(facts, assistant, auto_linked=auto_linked)
    )


def wanted_assistant(
    chosen: str | None, assistants: tuple[Assistant, ...], business_id: str
) -> Assistant | None:
    """Give the assistant that was chosen, else the first available; None when it is not there."""
    if chosen:
        return next((one for one in assistants if one.id == chosen), None)
    return first_available(assistants, business_id)


def _obstacle_at_twilio(facts: LinkFacts) -> Refuse | None:
    """Say why no call could come in, or None when one could."""
    return _obstacle_of_account(facts) or _obstacle_of_number(facts)


def _obstacle_of_account(facts: LinkFacts) -> Refuse | None:
    match facts.account:
        case Unknown(problem):
            return Refuse(problem)
        case Found(account):
            pass
    if account.status in CLOSED_DOORS:
        return _refuse(CLOSED_DOORS[account.status])
    if account.kind is AccountKind.TRIAL and Consent.TRIAL not in facts.consents:
        return _refuse(ErrorCode.TWILIO_TRIAL)
    return None


def _obstacle_of_number(facts: LinkFacts) -> Refuse | None:
    number = spaced(facts.number)
    match facts.twilio_number:
        case Unknown(problem):
            return Refuse(problem)
        case Absent():
            return _refuse(ErrorCode.NUMBER_NOT_IN_ACCOUNT, number=number)
        case Found(twilio_number):
            target = twilio_number.target
            if target.kind is TargetKind.APPLICATION and leads_to_vapi(facts.application):
                return None
            code = _CALLS_TAKEN_BY.get(target.kind)
            return _refuse(code, number=number) if code else None


CLOSED_DOORS = {
    AccountStatus.SUSPENDED: ErrorCode.TWILIO_SUSPENDED,
    AccountStatus.CLOSED: ErrorCode.TWILIO_CLOSED,
}
_CALLS_TAKEN_BY = {
    TargetKind.TRUNK: ErrorCode.TRUNK_OWNS_VOICE,
    TargetKind.APPLICATION: ErrorCode.APPLICATION_OWNS_VOICE,
    TargetKind.NO_VOICE: ErrorCode.NUMBER_WITHOUT_VOICE,
}


def _unasked_overwrite(facts: LinkFacts, assistant: Assistant, *, auto_linked: bool) -> Ask | None:
    """Ask before the calls are taken away from something that works today."""
    imports = isinstance(facts.vapi_number, Absent)
    match facts.twilio_number:
        case Found(number) if number.target.is_somebodys and (imports or astray(facts)):
            if Consent.OVERWRITE in facts.consents:
                return None
            problem = Problem(
                ErrorCode.POINTS_ELSEWHERE,
                (("number", spaced(facts.number)), ("target", number.target.words)),
            )
            return Ask(Consent.OVERWRITE, problem, assistant, auto_linked)
        case _:
            return None


def astray(facts: LinkFacts) -> TwilioNumber | None:
    """Give the number at Twilio when Vapi knows it and does not get its calls."""
    match facts.vapi_number, facts.twilio_number:
        case Found(), Found(number) if facts.points and not is_routed(number, facts.application):
            return number
        case _:
            return None


def is_routed(number: TwilioNumber, application: Reading[TwimlApp]) -> bool:
    """Whether Twilio sends a number's calls to Vapi, the way Vapi takes them."""
    if number.target.kind is TargetKind.APPLICATION:
        return leads_to_vapi(application)
    return number.target.is_vapi and number.voice_method == "POST"


def _plan_at_vapi(facts: LinkFacts, assistant: Assistant, *, auto_linked: bool) -> LinkPlan:
    match facts.vapi_number:
        case Unknown(problem):
            return Refuse(problem)
        case Absent():
            return Import(assistant, auto_linked)
        case Found(number):
            pass
    clears = tuple(
        name
        for name, value in (("squadId", number.squad_id), ("workflowId", number.workflow_id))
        if value
    )
    if not clears and number.assistant_id == assistant.id:
        return Keep(number, assistant, auto_linked, astray(facts))
    # A deleted assistant answers nobody: replacing it takes nothing from anyone.
    if not clears and _assistant_named(number.assistant_id, facts) is None:
        return Relink(number, assistant, auto_linked, Outcome.RELINKED, astray=astray(facts))
    if Consent.REASSIGN in facts.consents:
        outcome = Outcome.REASSIGNED
        return Relink(number, assistant, auto_linked, outcome, clears, astray(facts))
    problem = Problem(
        ErrorCode.LINKED_ELSEWHERE,
        (
            ("number", spaced(facts.number)),
            ("holder", _holder(number, facts)),
            ("assistant", assistant.label),
        ),
    )
    return Ask(Consent.REASSIGN, problem, assistant, auto_linked)


def _assistant_named(assistant_id: str | None, facts: LinkFacts) -> Assistant | None:
    known = facts.assistants.value if isinstance(facts.assistants, Found) else ()
    return next((one for one in known if one.id == assistant_id), None)


def _holder(number: VapiNumber, facts: LinkFacts) -> Text:
    """Name what a number is linked to today."""
    if number.squad_id:
        return _("a squad of assistants")
    if number.workflow_id:
        return _("a workflow")
    assistant = _assistant_named(number.assistant_id, facts)
    return verbatim(assistant.label if assistant else "")
