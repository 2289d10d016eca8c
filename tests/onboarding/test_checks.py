"""The checklist: what each check says when it passes, fails, cannot tell, or nobody looked."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from ava_setup.front.account import found
from ava_setup.onboarding.assistant import Opening
from ava_setup.onboarding.calls import CallFailure
from ava_setup.onboarding.checks import LINK_CHECKS, TABLE, all_passed, judge
from ava_setup.onboarding.credentials import (
    AccountKind,
    AccountStatus,
    TwilioAccount,
    TwilioRegion,
)
from ava_setup.onboarding.errors import ErrorCode, Problem
from ava_setup.onboarding.facts import Absent, Facts, Found, Unknown, Unread, Wanted
from ava_setup.onboarding.mends import plan_mend
from ava_setup.onboarding.number import SubaccountHit, TwimlApp
from ava_setup.onboarding.profile import CallersLanguage
from ava_setup.onboarding.state import Region, VaultPlace
from ava_setup.onboarding.verdicts import CheckId, Verdict
from ava_setup.words import Language, Voice
from tests.onboarding.fakes import (
    ACCOUNT,
    AT_TWILIO,
    AVA,
    DEMO,
    NUMBER,
    OTHER,
    WEBHOOK,
    at_vapi,
)

PHONE = "+33199005678"
PROBLEM = Problem(ErrorCode.TIMED_OUT, (("vendor", "Twilio"),))
UNKNOWN = Unknown(PROBLEM)
PASSED, FAILED = Verdict.PASSED, Verdict.FAILED
NOTED, WAITING, CANNOT_TELL = Verdict.NOTED, Verdict.WAITING, Verdict.CANNOT_TELL

ROUTED = replace(AT_TWILIO, voice_url=WEBHOOK)
PROVEN = Facts(
    vapi=Found(Region.US),
    twilio=Found(TwilioRegion.US1),
    account=Found(ACCOUNT),
    twilio_number=Found(ROUTED),
    vapi_number=Found(at_vapi(assistant_id=AVA.id)),
    assistant=Found(AVA),
    written=True,
)


def facts(**changes: Any) -> Facts:
    return replace(PROVEN, **changes)


def verdict(check_id: CheckId, known: Facts) -> Verdict:
    (check,) = judge(known, [check_id])
    for language in Language:
        say = Voice(language)
        assert say(check.question)
        assert "{" not in say(check.detail)
        assert bool(say(check.detail)) is (check.verdict is not WAITING)
    return check.verdict


def linked_to(**fields: str | None) -> Found[Any]:
    return Found(at_vapi(**fields))


def at_twilio(**fields: Any) -> Found[Any]:
    return Found(replace(ROUTED, **fields))


def through(**fields: str) -> Facts:
    """A number whose voice a TwiML app owns."""
    app = Found(TwimlApp("AP0", "App", **fields))
    return facts(twilio_number=at_twilio(application_sid="AP0"), application=app)


def account(**fields: Any) -> Found[Any]:
    return Found(replace(ACCOUNT, **fields))


def because(code: ErrorCode) -> Unknown:
    """What could not be read for this reason."""
    return Unknown(Problem(code, (("vendor", "Twilio"), ("words", "no"))))


def speaks(**fields: Any) -> Facts:
    """An assistant like this one, for callers who speak French."""
    wanted = Wanted(language=CallersLanguage.FR_FR)
    return facts(assistant=Found(replace(AVA, **fields)), wanted=wanted)


def in_region(looked_at: TwilioRegion, handled: str) -> Facts:
    return facts(twilio=Found(looked_at), voice_region=Found(handled))


def fallback(number: str, wanted: str = "") -> Facts:
    return facts(vapi_number=linked_to(fallback_number=number), wanted=Wanted(fallback=wanted))


ELSEWHERE = SubaccountHit("AC1", "Garage", ROUTED)
FAILURE = CallFailure("11200", call_sid="CA1")
REFUSALS = (
    ErrorCode.TWILIO_REFUSED,
    ErrorCode.TWILIO_USERNAME_INVALID,
    ErrorCode.TWILIO_TEST_CREDENTIALS,
    ErrorCode.TWILIO_KEY_LIMITED,
)
NO_ANSWER = (
    ErrorCode.UNREACHABLE,
    ErrorCode.TIMED_OUT,
    ErrorCode.INTERRUPTED,
    ErrorCode.REDIRECTED,
    ErrorCode.UNINTELLIGIBLE,
    ErrorCode.FORBIDDEN,
)

CASES: list[tuple[CheckId, Facts, Verdict]] = [
    (CheckId.REACHED, PROVEN, PASSED),
    (CheckId.REACHED, facts(vapi=because(ErrorCode.VAPI_KEY_REFUSED)), PASSED),
    *((CheckId.REACHED, facts(twilio=because(code)), FAILED) for code in NO_ANSWER),
    (CheckId.REACHED, facts(vapi=because(ErrorCode.TIMED_OUT), twilio=Unread()), FAILED),
    (CheckId.REACHED, facts(vapi=Absent()), CANNOT_TELL),
    (CheckId.VAPI_KEY, PROVEN, PASSED),
    (CheckId.VAPI_KEY, facts(vapi=Found(Region.EU)), PASSED),
    (CheckId.VAPI_KEY, facts(vapi=Found(Region.CUSTOM)), PASSED),
    (CheckId.VAPI_KEY, facts(vapi=Absent()), FAILED),
    (CheckId.VAPI_KEY, facts(vapi=because(ErrorCode.VAPI_KEY_REFUSED)), FAILED),
    (CheckId.VAPI_KEY, facts(vapi=UNKNOWN), CANNOT_TELL),
    (CheckId.ASSISTANT, PROVEN, PASSED),
    (CheckId.ASSISTANT, facts(assistant=Absent(), chosen=True), FAILED),
    (CheckId.ASSISTANT, facts(assistant=Absent()), FAILED),
    (CheckId.ASSISTANT, facts(assistant=UNKNOWN), CANNOT_TELL),
    (CheckId.FIRST_WORDS, speaks(first_message="Bonjour."), PASSED),
    (CheckId.FIRST_WORDS, speaks(opening=Opening.MADE_UP), NOTED),
    (CheckId.FIRST_WORDS, speaks(first_message=" "), FAILED),
    (CheckId.FIRST_WORDS, speaks(first_message="Oui ?", opening=Opening.WAITS), FAILED),
    (CheckId.FIRST_WORDS, facts(assistant=Absent()), CANNOT_TELL),
    (CheckId.FIRST_WORDS, facts(assistant=UNKNOWN), CANNOT_TELL),
    (CheckId.VOICE, speaks(voice_languages=frozenset({"fr"})), PASSED),
    (CheckId.VOICE, speaks(voice_languages=frozenset({"fr", "en", "de"})), PASSED),
    (CheckId.VOICE, speaks(voice_languages=frozenset({"en"})), FAILED),
    (CheckId.VOICE, speaks(voice_languages=None), CANNOT_TELL),
    (CheckId.VOICE, facts(assistant=UNKNOWN), CANNOT_TELL),
    (CheckId.HEARING, speaks(heard_languages=frozenset({"fr"})), PASSED),
    (CheckId.HEARING, speaks(heard_languages=frozenset({"en"})), FAILED),
    (CheckId.HEARING, speaks(heard_languages=None), CANNOT_TELL),
    (CheckId.HEARING, facts(assistant=Absent()), CANNOT_TELL),
    (CheckId.QUIET, speaks(is_quiet=True), PASSED),
    (CheckId.QUIET, speaks(is_quiet=False), FAILED),
    (CheckId.QUIET, facts(assistant=UNKNOWN), CANNOT_TELL),
    (CheckId.RECORDING, speaks(is_recorded=False), PASSED),
    (CheckId.RECORDING, speaks(is_recorded=True), NOTED),
    (CheckId.RECORDING, facts(assistant=UNKNOWN), CANNOT_TELL),
    *((CheckId.TWILIO_KEY, facts(twilio=Found(region)), PASSED) for region in TwilioRegion),
    *((CheckId.TWILIO_KEY, facts(twilio=because(code)), FAILED) for code in REFUSALS),
    (CheckId.TWILIO_KEY, facts(twilio=because(ErrorCode.TWILIO_SUSPENDED)), PASSED),
    (CheckId.TWILIO_KEY, facts(twilio=Absent()), FAILED),
    (CheckId.TWILIO_KEY, facts(twilio=UNKNOWN), CANNOT_TELL),
    (CheckId.ACCOUNT, PROVEN, PASSED),
    (CheckId.ACCOUNT, facts(account=because(ErrorCode.TWILIO_SUSPENDED)), FAILED),
    (CheckId.ACCOUNT, facts(account=because(ErrorCode.TWILIO_CLOSED)), FAILED),
    (CheckId.ACCOUNT, facts(account=Found(TwilioAccount(ACCOUNT.sid))), PASSED),
    (CheckId.ACCOUNT, facts(account=account(status=AccountStatus.SUSPENDED)), FAILED),
    (CheckId.ACCOUNT, facts(account=account(status=AccountStatus.CLOSED)), FAILED),
    (CheckId.ACCOUNT, facts(account=account(kind=AccountKind.TRIAL)), FAILED),
    (CheckId.ACCOUNT, facts(account=Absent()), FAILED),
    (CheckId.ACCOUNT, facts(account=UNKNOWN), CANNOT_TELL),
    (CheckId.BALANCE, facts(account=account(balance_amount=Decimal(3))), PASSED),
    (CheckId.BALANCE, facts(account=account(owner_account_sid="AC1")), NOTED),
    (CheckId.BALANCE, facts(account=account(balance_amount=Decimal("0.42"))), FAILED),
    (CheckId.BALANCE, facts(account=account(balance_amount=Decimal(-3))), FAILED),
    (CheckId.BALANCE, facts(account=account(balance="")), CANNOT_TELL),
    (CheckId.BALANCE, facts(account=Found(TwilioAccount(ACCOUNT.sid))), CANNOT_TELL),
    (CheckId.BALANCE, facts(account=Absent()), CANNOT_TELL),
    (CheckId.BALANCE, facts(account=UNKNOWN), CANNOT_TELL),
    (CheckId.NUMBER, PROVEN, PASSED),
    (CheckId.NUMBER, facts(twilio_number=Absent(), subaccount=Found(ELSEWHERE)), FAILED),
    (CheckId.NUMBER, facts(twilio_number=at_twilio(has_voice=False)), FAILED),
    (CheckId.NUMBER, facts(twilio_number=at_twilio(receives_fax=True)), FAILED),
    (CheckId.NUMBER, facts(twilio_number=Absent()), FAILED),
    (CheckId.NUMBER, facts(twilio_number=UNKNOWN), CANNOT_TELL),
    (CheckId.IMPORTED, PROVEN, PASSED),
    (CheckId.IMPORTED, facts(vapi_number=linked_to(status="")), PASSED),
    (CheckId.IMPORTED, facts(vapi_number=linked_to(status="blocked")), FAILED),
    (CheckId.IMPORTED, facts(vapi_number=linked_to(status="activating")), FAILED),
    (CheckId.IMPORTED, facts(vapi_number=Absent()), FAILED),
    (CheckId.IMPORTED, facts(vapi_number=Absent(), written=False), WAITING),
    (CheckId.IMPORTED, facts(vapi_number=UNKNOWN), CANNOT_TELL),
    (CheckId.LINKED, PROVEN, PASSED),
    (CheckId.LINKED, facts(written=False), WAITING),
    (CheckId.LINKED, facts(vapi_number=linked_to(assistant_id=OTHER.id)), FAILED),
    (CheckId.LINKED, facts(linked=Absent()), FAILED),
    (CheckId.LINKED, facts(vapi_number=linked_to()), FAILED),
    (CheckId.LINKED, facts(vapi_number=linked_to(assistant_id=AVA.id, squad_id="s")), FAILED),
    (
        CheckId.LINKED,
        facts(vapi_number=linked_to(assistant_id=AVA.id, workflow_id="w")),
        FAILED,
    ),
    (CheckId.LINKED, facts(vapi_number=Absent()), FAILED),
    (CheckId.LINKED, facts(vapi_number=UNKNOWN), CANNOT_TELL),
    (CheckId.LINKED, facts(assistant=UNKNOWN), CANNOT_TELL),
    (CheckId.LINKED, facts(assistant=Absent()), CANNOT_TELL),
    (CheckId.ROUTED, PROVEN, PASSED),
    (CheckId.ROUTED, facts(written=False), WAITING),
    (CheckId.ROUTED, facts(twilio_number=Found(AT_TWILIO)), FAILED),
    (CheckId.ROUTED, facts(twilio_number=at_twilio(voice_url="")), FAILED),
    (CheckId.ROUTED, facts(twilio_number=at_twilio(trunk_sid="TK0")), FAILED),
    (CheckId.ROUTED, facts(twilio_number=at_twilio(application_sid="AP0")), WAITING),
    (CheckId.ROUTED, through(voice_url=DEMO), FAILED),
    (CheckId.ROUTED, through(voice_url=WEBHOOK), PASSED),
    (CheckId.ROUTED, through(voice_url=WEBHOOK, voice_method="GET"), FAILED),
    (CheckId.ROUTED, facts(twilio_number=at_twilio(voice_method="GET")), FAILED),
    (CheckId.ROUTED, facts(twilio_number=Absent()), FAILED),
    (CheckId.ROUTED, facts(twilio_number=UNKNOWN), CANNOT_TELL),
    (CheckId.ROUTED, facts(twilio_number=at_twilio(has_voice=False)), FAILED),
    (CheckId.ROUTED, facts(twilio_number=at_twilio(voice_url="https://x.ngrok.io/")), FAILED),
    (CheckId.ROUTED, facts(twilio_number=at_twilio(voice_url="https://pbx.fr/")), FAILED),
    (CheckId.ROUTED, replace(through(), application=Absent()), FAILED),
    (CheckId.ROUTED, replace(through(), application=UNKNOWN), CANNOT_TELL),
    (CheckId.VOICE_REGION, in_region(TwilioRegion.US1, "us1"), PASSED),
    (CheckId.VOICE_REGION, in_region(TwilioRegion.IE1, "ie1"), PASSED),
    (CheckId.VOICE_REGION, in_region(TwilioRegion.CUSTOM, "ie1"), PASSED),
    (CheckId.VOICE_REGION, in_region(TwilioRegion.US1, "ie1"), FAILED),
    (CheckId.VOICE_REGION, in_region(TwilioRegion.US1, "de1"), FAILED),
    (CheckId.VOICE_REGION, facts(voice_region=Absent()), CANNOT_TELL),
    (CheckId.VOICE_REGION, facts(voice_region=UNKNOWN), CANNOT_TELL),
    (CheckId.MESSAGES, PROVEN, PASSED),
    (
        CheckId.MESSAGES,
        facts(twilio_number=at_twilio(sms_url="https://api.vapi.ai/twilio/sms")),
        NOTED,
    ),
    (CheckId.MESSAGES, facts(twilio_number=Absent()), CANNOT_TELL),
    (CheckId.MESSAGES, facts(twilio_number=UNKNOWN), CANNOT_TELL),
    (CheckId.FALLBACK, fallback(PHONE), PASSED),
    (CheckId.FALLBACK, fallback(PHONE, wanted=PHONE), PASSED),
    (CheckId.FALLBACK, fallback(""), NOTED),
    (CheckId.FALLBACK, fallback("", wanted=PHONE), FAILED),
    (CheckId.FALLBACK, fallback("sip:a@b.fr", wanted=PHONE), FAILED),
    (CheckId.FALLBACK, fallback(NUMBER), FAILED),
    (CheckId.FALLBACK, facts(vapi_number=Absent()), CANNOT_TELL),
    (CheckId.FALLBACK, facts(vapi_number=UNKNOWN), CANNOT_TELL),
    (CheckId.FAILURES, facts(failures=Found(())), PASSED),
    (CheckId.FAILURES, facts(failures=Found((FAILURE,))), NOTED),
    (CheckId.FAILURES, facts(failures=Found((CallFailure(""),))), NOTED),
    (CheckId.FAILURES, facts(failures=UNKNOWN), CANNOT_TELL),
    (CheckId.SECRETS, facts(vault=VaultPlace.KEYRING), PASSED),
    (CheckId.SECRETS, facts(vault=VaultPlace.FILE), NOTED),
    (CheckId.SECRETS, facts(vault=VaultPlace.MEMORY), PASSED),
    (CheckId.SECRETS, facts(vault=None), PASSED),
]


@pytest.mark.parametrize(("check_id", "known", "expected"), CASES)
def test_a_check_passes_fails_or_cannot_tell(
    check_id: CheckId, known: Facts, expected: Verdict
) -> None:
    assert verdict(check_id, known) is expected


ALL_BUT_NOTED = {PASSED, FAILED, CANNOT_TELL}
# What a check can find, where that is not each of the above.
POSSIBLE = {
    CheckId.FIRST_WORDS: {*ALL_BUT_NOTED, NOTED},
    CheckId.BALANCE: {*ALL_BUT_NOTED, NOTED},
    CheckId.FALLBACK: {*ALL_BUT_NOTED, NOTED},
    # Nothing that keeps callers from Ava, or that ought to be otherwise.
    CheckId.RECORDING: {PASSED, NOTED, CANNOT_TELL},
    CheckId.MESSAGES: {PASSED, NOTED, CANNOT_TELL},
    CheckId.FAILURES: {PASSED, NOTED, CANNOT_TELL},
    # This computer knows where it keeps them.
    CheckId.SECRETS: {PASSED, NOTED},
}


@pytest.mark.parametrize("check_id", CheckId)
def test_the_cases_above_have_every_verdict_that_a_check_can_come_to(check_id: CheckId) -> None:
    found = {expected for one, _known, expected in CASES if one is check_id}
    assert found - {WAITING} == POSSIBLE.get(check_id, ALL_BUT_NOTED)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("check_id", CheckId)
def test_every_check_has_a_page_of_help(check_id: CheckId, language: Language) -> None:
    page = Voice(language)(TABLE[check_id].explained)
    assert page
    assert "{" not in page


@pytest.mark.parametrize(("check_id", "known", "expected"), CASES)
def test_what_failed_has_a_remedy_or_says_what_to_do_or_another_check_does(
    check_id: CheckId, known: Facts, expected: Verdict
) -> None:
    failed = [check for check in judge(known, TABLE) if check.verdict is FAILED]
    if expected is FAILED:
        assert any(check.how or plan_mend(check, known) for check in failed)
    for check in failed:
        for language in Language:
            assert "{" not in Voice(language)(check.how)


OF_TWILIO = ("twilio", "account", "twilio_number", "application", "voice_region", "failures")


@pytest.mark.parametrize("fact", OF_TWILIO)
def test_what_an_api_key_may_not_see_is_never_called_failed(fact: str) -> None:
    known = replace(through(voice_url=WEBHOOK), failures=Found(()), voice_region=Found("us1"))
    hidden: dict[str, Any] = {fact: Unknown(Problem(ErrorCode.TWILIO_HIDDEN))}
    before, after = judge(known, TABLE), judge(replace(known, **hidden), TABLE)
    changed = [new for old, new in zip(before, after, strict=True) if new.verdict != old.verdict]
    assert {check.verdict for check in changed} == {CANNOT_TELL}
    assert all("not visible" in Voice(Language.EN)(check.detail) for check in changed)


@pytest.mark.parametrize(
    ("language", "left"), [(Language.FR, "12,40 USD"), (Language.EN, "12.40 USD")]
)
def test_a_balance_is_written_as_its_reader_writes_amounts(language: Language, left: str) -> None:
    known = account(balance="12.40 USD", balance_amount=Decimal("12.40"), currency="USD")
    (judged,) = judge(facts(account=known), [CheckId.BALANCE])
    assert Voice(language)(judged.detail) == left
    assert left in Voice(language)(found(known.value, ()))


def test_a_sub_account_is_said_to_have_no_balance_not_to_hide_it() -> None:
    owned = facts(account=account(balance="", owner_account_sid="AC1"))
    hidden = facts(account=Found(TwilioAccount(ACCOUNT.sid)))
    of_owned, of_hidden = (judge(one, [CheckId.BALANCE])[0].detail for one in (owned, hidden))
    assert "the main account pays" in Voice(Language.EN)(of_owned)
    assert "Not visible" in Voice(Language.EN)(of_hidden)


@pytest.mark.parametrize("code", ["11200", "11205", "11210", "11217", "12100", "12300", "99999"])
def test_a_debuggers_code_is_said_in_plain_words(code: str) -> None:
    known = facts(failures=Found((CallFailure(code, call_sid="CA1"),)))
    (check,) = judge(known, [CheckId.FAILURES])
    for language in Language:
        detail = Voice(language)(check.detail)
        assert code in detail
        assert len(detail) > len(f"Failed in the last days: 1. The latest:  ({code})")


# Where keys are kept is known from the start.
@pytest.mark.parametrize("check_id", sorted(set(CheckId) - {CheckId.SECRETS}))
def test_a_check_waits_while_nobody_has_looked(check_id: CheckId) -> None:
    assert verdict(check_id, Facts()) is WAITING
    assert verdict(check_id, Facts(written=True)) is WAITING


def test_the_checklist_has_every_check_in_the_order_of_the_line() -> None:
    assert list(TABLE) == list(CheckId)
    assert [check.id for check in judge(PROVEN, TABLE)] == list(CheckId)
    assert [check.id for check in judge(PROVEN)] == list(LINK_CHECKS)


def test_a_check_that_cannot_tell_says_why() -> None:
    (check,) = (one for one in judge(facts(account=UNKNOWN)) if one.id is CheckId.ACCOUNT)
    assert check.detail == PROBLEM.what


def test_only_when_every_check_passes_would_a_caller_hear_ava() -> None:
    assert all_passed(judge(PROVEN))
    for spoiled in (
        facts(written=False),
        facts(assistant=UNKNOWN),
        facts(vapi_number=linked_to(assistant_id=OTHER.id)),
        facts(account=account(kind=AccountKind.TRIAL)),
        Facts(),
    ):
        assert not all_passed(judge(spoiled))
    assert not all_passed(())
