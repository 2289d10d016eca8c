"""What must be true for a caller to hear Ava: one table of checks over the facts read so far."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Generic, TypeVar

from ava_setup.onboarding.credentials import AccountKind, AccountStatus
from ava_setup.words import NOTHING, Text, _, verbatim

if TYPE_CHECKING:
    from collections.abc import Callable

    from ava_setup.onboarding.assistant import Assistant
    from ava_setup.onboarding.credentials import TwilioAccount
    from ava_setup.onboarding.errors import Problem
    from ava_setup.onboarding.number import TwilioNumber, VapiNumber

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Unread:
    """Nobody has looked yet."""


@dataclass(frozen=True, slots=True)
class Absent:
    """Looked, and it is not there."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Looked, and could not tell."""

    problem: Problem


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """Looked, and here it is."""

    value: T


Looked = Absent | Unknown | Found[T]
Reading = Unread | Looked[T]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a line at some moment.

    Attributes:
        account: The Twilio account.
        twilio_number: The number at Twilio.
        vapi_number: The number's record at Vapi.
        assistant: The assistant that is to answer.
        written: Whether the reads of the two numbers are later than the last write.
    """

    account: Reading[TwilioAccount] = Unread()
    twilio_number: Reading[TwilioNumber] = Unread()
    vapi_number: Reading[VapiNumber] = Unread()
    assistant: Reading[Assistant] = Unread()
    written: bool = False


class CheckId(StrEnum):
    """The checks, in the order in which they are shown."""

    ASSISTANT = "assistant"
    ACCOUNT = "account"
    NUMBER = "number"
    IMPORTED = "imported"
    LINKED = "linked"
    ROUTED = "routed"


class Verdict(StrEnum):
    """What a check found."""

    WAITING = "waiting"
    PASSED = "passed"
    FAILED = "failed"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the checklist."""

    id: CheckId
    verdict: Verdict
    detail: Text = NOTHING

    @property
    def question(self) -> Text:
        """What the check is about, in a few words."""
        return TABLE[self.id].question


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table: what is asked, and how the facts answer it."""

    question: Text
    judge: Callable[[Facts], tuple[Verdict, Text]]


def _judged(
    reading: Reading[T],
    absent: Text,
    judge: Callable[[T], tuple[Verdict, Text]],
) -> tuple[Verdict, Text]:
    """Give the verdict that does not depend on the value, or ask `judge` about it."""
    match reading:
        case Unread():
            return Verdict.WAITING, NOTHING
        case Absent():
            return Verdict.FAILED, absent
        case Unknown(problem):
            return Verdict.CANNOT_TELL, problem.what
        case Found(value):
            return judge(value)


def _assistant(facts: Facts) -> tuple[Verdict, Text]:
    return _judged(
        facts.assistant,
        _("There is no assistant at Vapi."),
        lambda assistant: (Verdict.PASSED, verbatim(assistant.label)),
    )


def _account(facts: Facts) -> tuple[Verdict, Text]:
    def judge(account: TwilioAccount) -> tuple[Verdict, Text]:
        if account.status is AccountStatus.SUSPENDED:
            return Verdict.FAILED, _("The account is suspended.")
        if account.status is AccountStatus.CLOSED:
            return Verdict.FAILED, _("The account is closed.")
        if account.kind is AccountKind.TRIAL:
            return Verdict.FAILED, _("A trial account: upgrade it first.")
        if account.status is AccountStatus.HIDDEN:
            return Verdict.PASSED, _("Accepted (details are not visible with an API key).")
        return Verdict.PASSED, verbatim(account.name)

    return _judged(facts.account, _("The account does not exist."), judge)


def _number(facts: Facts) -> tuple[Verdict, Text]:
    def judge(number: TwilioNumber) -> tuple[Verdict, Text]:
        if not number.can_be_called:
            return Verdict.FAILED, _("This number takes no voice calls.")
        return Verdict.PASSED, _("In the account, with voice.")

    return _judged(facts.twilio_number, _("Not in this Twilio account."), judge)


def _imported(facts: Facts) -> tuple[Verdict, Text]:
    if isinstance(facts.vapi_number, Absent) and not facts.written:
        return Verdict.WAITING, NOTHING

    def judge(number: VapiNumber) -> tuple[Verdict, Text]:
        if number.status == "blocked":
            return Verdict.FAILED, _("Vapi has blocked this number.")
        if number.status == "activating":
            return Verdict.FAILED, _("Vapi is still activating this number.")
        return Verdict.PASSED, _("Known to Vapi and active.")

    return _judged(facts.vapi_number, _("Vapi does not know this number."), judge)


def _linked(facts: Facts) -> tuple[Verdict, Text]:
    if not facts.written:
        return Verdict.WAITING, NOTHING

    def judge(number: VapiNumber) -> tuple[Verdict, Text]:
        if number.squad_id or number.workflow_id:
            return Verdict.FAILED, _("A squad or a workflow stands in the way.")
        if number.assistant_id is None:
            return Verdict.FAILED, _("No assistant is linked to it.")
        if not isinstance(facts.assistant, Found):
            return Verdict.CANNOT_TELL, _("The assistant could not be read.")
        if number.assistant_id != facts.assistant.value.id:
            return Verdict.FAILED, _("Another assistant is linked to it.")
        return Verdict.PASSED, _("Answered by {name}.", name=facts.assistant.value.label)

    return _judged(facts.vapi_number, _("Vapi does not know this number."), judge)


def _routed(facts: Facts) -> tuple[Verdict, Text]:
    if not facts.written:
        return Verdict.WAITING, NOTHING

    def judge(number: TwilioNumber) -> tuple[Verdict, Text]:
        if not number.target.is_vapi:
            return Verdict.FAILED, _(
                "Twilio sends the calls to {target}.", target=number.target.words
            )
        if number.voice_method != "POST":
            return Verdict.FAILED, _("Twilio calls Vapi with GET; POST is needed.")
        return Verdict.PASSED, _("Twilio sends the calls to Vapi.")

    return _judged(facts.twilio_number, _("Not in this Twilio account."), judge)


TABLE: dict[CheckId, Row] = {
    CheckId.ASSISTANT: Row(_("Assistant"), _assistant),
    CheckId.ACCOUNT: Row(_("Twilio account"), _account),
    CheckId.NUMBER: Row(_("Number at Twilio"), _number),
    CheckId.IMPORTED: Row(_("Number at Vapi"), _imported),
    CheckId.LINKED: Row(_("Link"), _linked),
    CheckId.ROUTED: Row(_("Calls"), _routed),
}


def judge(facts: Facts) -> tuple[Check, ...]:
    """Judge every check by the facts read so far."""
    return tuple(Check(check_id, *row.judge(facts)) for check_id, row in TABLE.items())


def all_passed(checks: tuple[Check, ...]) -> bool:
    """Whether a caller would hear Ava: every check passed, none is unread or in doubt."""
    return bool(checks) and all(check.verdict is Verdict.PASSED for check in checks)
