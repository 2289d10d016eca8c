"""Whatever is known of a line, and whatever is not: it is judged, foretold and planned for."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given, strategies as st

from ava_setup.onboarding.assistant import Assistant, Opening
from ava_setup.onboarding.calls import CallFailure, TwilioCall
from ava_setup.onboarding.catalogue import CATALOGUE, Action, ErrorCode
from ava_setup.onboarding.checks import TABLE, all_passed, judge
from ava_setup.onboarding.credentials import (
    AccountKind,
    AccountStatus,
    TwilioAccount,
    TwilioRegion,
)
from ava_setup.onboarding.doctor import Diagnosis
from ava_setup.onboarding.errors import Problem
from ava_setup.onboarding.facts import Absent, Facts, Found, Unknown, Unread, Wanted
from ava_setup.onboarding.hearing import Heard, foretell
from ava_setup.onboarding.mends import (
    Mend,
    MendAssistant,
    PointNumber,
    SetFallback,
    loss,
    plan_mend,
)
from ava_setup.onboarding.number import (
    SubaccountHit,
    TargetKind,
    TwilioNumber,
    TwimlApp,
    VapiNumber,
)
from ava_setup.onboarding.profile import CallersLanguage
from ava_setup.onboarding.state import Region, VaultPlace
from ava_setup.onboarding.verdicts import Check, CheckId, Verdict
from ava_setup.words import Language, Text, Voice
from tests.onboarding.fakes import AVA, DEMO, NUMBER, OTHER, SID, WEBHOOK

VOICES = [Voice(language) for language in Language]
PLACES = sorted(
    {
        place
        for entry in CATALOGUE.values()
        for text in (entry.what, entry.why, entry.next)
        for place in re.findall(r"\{(\w+)\}", text.msgid)
    }
)
PHONE = "+33199005678"

languages = st.sampled_from(
    [None, frozenset({"fr"}), frozenset({"en"}), frozenset({"fr", "en"}), frozenset({"de"})]
)
assistants = st.builds(
    Assistant,
    id=st.sampled_from([AVA.id, OTHER.id]),
    name=st.sampled_from(["", "Ava {x} [b]"]),
    first_message=st.sampled_from(["", " ", "Bonjour {name}, “ici” Ava."]),
    opening=st.sampled_from(Opening),
    voice_languages=languages,
    heard_languages=languages,
    is_quiet=st.booleans(),
    is_recorded=st.booleans(),
)
urls = st.sampled_from(
    [
        "",
        WEBHOOK,
        "https://api.vapi.ai/elsewhere",
        DEMO,
        "https://handler.twilio.com/twiml/EH0",
        "https://webhooks.twilio.com/v1/Accounts/AC0/Flows/FW0",
        "https://a-1234.twil.io/x",
        "https://x.ngrok-free.app/voice",
        "https://api.retellai.com/x",
        "https://pbx.example.fr/voice",
        "https://[bad",
        "nonsense",
    ]
)
methods = st.sampled_from(["POST", "GET"])
webhooks: dict[str, Any] = {
    "voice_url": urls,
    "voice_method": methods,
    "voice_fallback_url": urls,
    "voice_fallback_method": methods,
}
twilio_numbers = st.builds(
    TwilioNumber,
    sid=st.just(SID),
    number=st.just(NUMBER),
    # Mostly an ordinary number: more is decided there.
    has_voice=st.sampled_from([True, True, True, False]),
    receives_fax=st.sampled_from([False, False, False, True]),
    trunk_sid=st.sampled_from(["", "", "", "TK0"]),
    application_sid=st.sampled_from(["", "", "", "AP0"]),
    sms_url=st.sampled_from(["", "https://api.vapi.ai/twilio/sms", "https://sms.example/"]),
    **webhooks,
)
applications = st.builds(
    TwimlApp, sid=st.just("AP0"), name=st.sampled_from(["", "App"]), **webhooks
)
vapi_numbers = st.builds(
    VapiNumber,
    id=st.just("number"),
    number=st.just(NUMBER),
    provider=st.just("twilio"),
    status=st.sampled_from(["", "active", "activating", "blocked", "brand-new"]),
    assistant_id=st.sampled_from([None, AVA.id, OTHER.id]),
    squad_id=st.sampled_from([None, "squad"]),
    workflow_id=st.sampled_from([None, "workflow"]),
    fallback_number=st.sampled_from(["", PHONE, NUMBER, "sip:a@b.fr"]),
)
accounts = st.builds(
    lambda amount, **fields: TwilioAccount(
        "AC0", balance=f"{amount or ''}", balance_amount=amount, **fields
    ),
    amount=st.sampled_from([None, Decimal("0.42"), Decimal("12.40")]),
    name=st.sampled_from(["", "Garage"]),
    status=st.sampled_from(AccountStatus),
    kind=st.sampled_from(AccountKind),
    owner_account_sid=st.sampled_from(["", "AC0", "AC1"]),
)
failures = st.lists(
    st.builds(
        CallFailure,
        code=st.sampled_from(["", "11200", "11205", "99999"]),
        url=urls,
        call_sid=st.sampled_from(["CA1", "CA2"]),
    ),
    max_size=3,
).map(tuple)
problems = st.builds(
    Problem, st.sampled_from(ErrorCode), st.just(tuple((place, "x") for place in PLACES))
)


def readings(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Whatever a reading can be; mostly found, for most is decided there."""
    found = values.map(Found)
    return st.one_of(
        found, found, st.just(Unread()), st.just(Absent()), st.builds(Unknown, problems)
    )


known: dict[str, st.SearchStrategy[Any]] = {
    "vapi": readings(st.sampled_from(Region)),
    "twilio": readings(st.sampled_from(TwilioRegion)),
    "account": readings(accounts),
    "twilio_number": readings(twilio_numbers),
    "subaccount": readings(st.builds(SubaccountHit, st.just("AC1"), st.just(""), twilio_numbers)),
    "application": readings(applications),
    "voice_region": readings(st.sampled_from(["us1", "ie1", "au1", "de1"])),
    "last_call": readings(st.builds(TwilioCall, st.just("CA1"))),
    "failures": readings(failures),
    "vapi_number": readings(vapi_numbers),
    "assistant": readings(assistants),
    "linked": readings(assistants),
    "chosen": st.booleans(),
    "vault": st.sampled_from([None, *VaultPlace]),
    "wanted": st.builds(
        Wanted,
        language=st.sampled_from([None, *CallersLanguage]),
        greeting=st.sampled_from(["", "Bonjour."]),
        fallback=st.sampled_from(["", PHONE]),
        owned=st.sampled_from([frozenset(), frozenset({AVA.id})]),
        is_set_up=st.booleans(),
    ),
    "written": st.booleans(),
}
all_facts = st.builds(Facts, **known)
LINKED = Facts(
    vapi=Found(Region.US),
    twilio=Found(TwilioRegion.US1),
    account=Found(TwilioAccount("AC0", "", AccountStatus.ACTIVE, AccountKind.FULL)),
    twilio_number=Found(TwilioNumber(SID, NUMBER, voice_url=WEBHOOK)),
    vapi_number=Found(VapiNumber("number", NUMBER, "twilio", "active", AVA.id)),
    assistant=Found(replace(AVA, is_quiet=True)),
    linked=Found(AVA),
    written=True,
)


@st.composite
def nearly_linked(draw: st.DrawFn) -> Facts:
    """A linked line of which some facts are otherwise."""
    others = draw(st.lists(st.sampled_from(sorted(known)), max_size=4, unique=True))
    changes: dict[str, Any] = {name: draw(known[name]) for name in others}
    return replace(LINKED, **changes)


any_facts = st.one_of(all_facts, nearly_linked())
# Those that this tool carries out, and some that only people can.
REMEDIES = (
    Action.LINK,
    Action.POINT,
    Action.GREET,
    Action.CHANGE_LANGUAGE,
    Action.SILENCE_BACKGROUND,
    Action.SET_FALLBACK,
    Action.SEE_TWILIO,
    Action.NONE,
)


def said(text: Text) -> None:
    """It is something in every language, and every place in it is filled."""
    for voice in VOICES:
        words = voice(text)
        assert words.strip()
        assert not re.search(r"\{(?!name\}|x\})", words), words


@given(any_facts)
def test_whatever_is_known_every_check_is_judged_the_same_each_time(facts: Facts) -> None:
    checks = judge(facts, TABLE)
    assert checks == judge(facts, TABLE)
    assert [check.id for check in checks] == list(CheckId)
    for check in checks:
        if check.verdict is not Verdict.WAITING:
            said(check.detail)


@given(any_facts)
def test_whatever_is_known_what_callers_hear_is_said_in_one_sentence(facts: Facts) -> None:
    foretold = foretell(facts)
    assert foretold == foretell(facts)
    said(foretold.sentence(NUMBER))
    for voice in VOICES:
        assert "\n" not in voice(foretold.sentence(NUMBER))
    if foretold.is_ava:
        return
    said(foretold.because)
    assert foretold.check is not None
    assert VOICES[1](foretold.because).endswith(".")
    if foretold.heard is not Heard.UNKNOWN:
        said(foretold.words)


@given(nearly_linked())
def test_ava_is_only_foretold_where_both_vendors_were_read_and_lead_to_her(facts: Facts) -> None:
    assume(foretell(facts).is_ava)
    for reading in (facts.account, facts.vapi_number, facts.linked):
        assert isinstance(reading, Found)
    assert isinstance(facts.twilio_number, Found) or isinstance(facts.subaccount, Found)
    assert isinstance(facts.account, Found)
    assert facts.account.value.kind is not AccountKind.TRIAL


@given(nearly_linked())
def test_a_link_whose_checks_all_pass_is_foretold_to_answer(facts: Facts) -> None:
    facts = replace(facts, linked=facts.assistant, voice_region=Absent())
    assume(all_passed(judge(facts)))
    assert foretell(facts).is_ava


def test_a_linked_line_passes_so_that_the_rules_above_are_not_empty() -> None:
    assert all_passed(judge(LINKED))
    assert foretell(LINKED).is_ava


@given(any_facts, st.sampled_from(REMEDIES))
def test_whatever_is_known_a_remedy_has_one_plan_or_none(facts: Facts, remedy: Action) -> None:
    check = Check(CheckId.LINKED, Verdict.FAILED, remedy=remedy)
    mend = plan_mend(check, facts)
    assert mend == plan_mend(check, facts)
    if mend is None:
        return
    for text in (mend.words, mend.before, mend.after):
        said(text)
    assert bool(loss(mend)) is (mend.consent is not None)
    if mend.consent is not None:
        said(loss(mend))


SOMEBODYS = {
    TargetKind.TRUNK,
    TargetKind.APPLICATION,
    TargetKind.TWIML_BIN,
    TargetKind.STUDIO,
    TargetKind.FUNCTIONS,
    TargetKind.TUNNEL,
    TargetKind.OTHER,
}


def takes_from_somebody(facts: Facts, mend: Mend) -> bool:
    """Whether somebody else would notice a mend; decided apart from the plans."""
    match mend:
        case MendAssistant():
            return mend.assistant_id not in facts.wanted.owned
        case PointNumber():
            return mend.number.target.kind in SOMEBODYS
        case SetFallback():
            return False
    match facts.vapi_number, facts.twilio_number:
        case Found(record), _:
            answered = record.squad_id or record.workflow_id or isinstance(facts.linked, Found)
            return bool(answered)
        case _, Found(number):
            return number.target.kind in SOMEBODYS
        case _:
            raise AssertionError(mend)


@given(any_facts)
def test_what_is_mended_unasked_takes_nothing_from_anybody(facts: Facts) -> None:
    for _check, mend in Diagnosis(NUMBER, facts, is_over=True).mends:
        assert (mend.consent is not None) is takes_from_somebody(facts, mend)


@given(any_facts)
def test_what_keeps_callers_from_ava_is_mended_first(facts: Facts) -> None:
    diagnosis = Diagnosis(NUMBER, facts, is_over=True)
    ids = [check.id for check, _mend in diagnosis.mends]
    decisive = diagnosis.hearing.check
    assert decisive not in ids or ids[0] is decisive


@given(any_facts)
def test_a_diagnosis_can_be_written_out_for_programs(facts: Facts) -> None:
    told = Diagnosis(NUMBER, facts, is_over=True).written_out(VOICES[0])
    assert told["success"] is foretell(facts).is_ava


@pytest.mark.parametrize("owner", [{"trunk_sid": "TK0"}, {"application_sid": "AP0"}])
def test_what_owns_the_calls_lets_go_of_them_before_the_number_is_imported(
    owner: dict[str, Any],
) -> None:
    facts = replace(
        LINKED,
        twilio_number=Found(TwilioNumber(SID, NUMBER, voice_url=DEMO, **owner)),
        application=Found(TwimlApp("AP0", voice_url="https://pbx.example.fr/")),
        vapi_number=Absent(),
        linked=Absent(),
    )
    (mend,) = [mend for _check, mend in Diagnosis(NUMBER, facts).mends]
    assert isinstance(mend, PointNumber)
    assert (mend.webhooks.voice_url, mend.webhooks.voice_method) == (None, None)
    assert {mend.webhooks.trunk_sid, mend.webhooks.application_sid} == {"", None}


def test_on_a_trial_account_no_link_is_offered() -> None:
    trial = TwilioAccount("AC0", "", AccountStatus.ACTIVE, AccountKind.TRIAL)
    facts = replace(LINKED, account=Found(trial), vapi_number=Absent(), linked=Absent())
    assert Diagnosis(NUMBER, facts).mends == ()
