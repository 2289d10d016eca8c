"""The checklist: what each check says when it passes, fails, cannot tell, or nobody looked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ava_setup.onboarding.checks import (
    TABLE,
    Absent,
    CheckId,
    Facts,
    Found,
    Unknown,
    Verdict,
    all_passed,
    judge,
)
from ava_setup.onboarding.credentials import AccountKind, AccountStatus, TwilioAccount
from ava_setup.onboarding.errors import ErrorCode, Problem
from ava_setup.words import Language, Voice
from tests.onboarding.fakes import ACCOUNT, AT_TWILIO, AVA, OTHER, WEBHOOK, at_vapi

PROBLEM = Problem(ErrorCode.TIMED_OUT, (("vendor", "Twilio"),))
UNKNOWN = Unknown(PROBLEM)
PASSED, FAILED = Verdict.PASSED, Verdict.FAILED
WAITING, CANNOT_TELL = Verdict.WAITING, Verdict.CANNOT_TELL

ROUTED = replace(AT_TWILIO, voice_url=WEBHOOK)
PROVEN = Facts(
    account=Found(ACCOUNT),
    twilio_number=Found(ROUTED),
    vapi_number=Found(at_vapi(assistant_id=AVA.id)),
    assistant=Found(AVA),
    written=True,
)


def facts(**changes: Any) -> Facts:
    return replace(PROVEN, **changes)


def verdict(check_id: CheckId, known: Facts) -> Verdict:
    (check,) = (one for one in judge(known) if one.id is check_id)
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


def account(**fields: Any) -> Found[Any]:
    return Found(replace(ACCOUNT, **fields))


@pytest.mark.parametrize(
    ("check_id", "known", "expected"),
    [
        (CheckId.ASSISTANT, PROVEN, PASSED),
        (CheckId.ASSISTANT, facts(assistant=Absent()), FAILED),
        (CheckId.ASSISTANT, facts(assistant=UNKNOWN), CANNOT_TELL),
        (CheckId.ACCOUNT, PROVEN, PASSED),
        (CheckId.ACCOUNT, facts(account=Found(TwilioAccount(ACCOUNT.sid))), PASSED),
        (CheckId.ACCOUNT, facts(account=account(status=AccountStatus.SUSPENDED)), FAILED),
        (CheckId.ACCOUNT, facts(account=account(status=AccountStatus.CLOSED)), FAILED),
        (CheckId.ACCOUNT, facts(account=account(kind=AccountKind.TRIAL)), FAILED),
        (CheckId.ACCOUNT, facts(account=Absent()), FAILED),
        (CheckId.ACCOUNT, facts(account=UNKNOWN), CANNOT_TELL),
        (CheckId.NUMBER, PROVEN, PASSED),
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
        (CheckId.ROUTED, facts(twilio_number=at_twilio(application_sid="AP0")), FAILED),
        (CheckId.ROUTED, facts(twilio_number=at_twilio(voice_method="GET")), FAILED),
        (CheckId.ROUTED, facts(twilio_number=Absent()), FAILED),
        (CheckId.ROUTED, facts(twilio_number=UNKNOWN), CANNOT_TELL),
    ],
)
def test_a_check_passes_fails_or_cannot_tell(
    check_id: CheckId, known: Facts, expected: Verdict
) -> None:
    assert verdict(check_id, known) is expected


@pytest.mark.parametrize("check_id", CheckId)
def test_a_check_waits_while_nobody_has_looked(check_id: CheckId) -> None:
    assert verdict(check_id, Facts()) is WAITING
    assert verdict(check_id, Facts(written=True)) is WAITING


def test_the_checklist_has_every_check_in_the_order_of_the_line() -> None:
    assert list(TABLE) == list(CheckId)
    assert [check.id for check in judge(PROVEN)] == list(CheckId)


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
