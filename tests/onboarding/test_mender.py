"""Carrying a mend out: what was there before is written down first, whatever comes after."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr

from ava_setup.onboarding.doctor import Diagnosis
from ava_setup.onboarding.errors import ErrorCode, SetupError, StoreError, Vendor
from ava_setup.onboarding.examining import Examiner, Patient
from ava_setup.onboarding.facts import Wanted
from ava_setup.onboarding.mender import Mender
from ava_setup.onboarding.mends import LinkNumber, MendAssistant, PointNumber, SetFallback
from ava_setup.onboarding.outcome import Consent
from ava_setup.onboarding.profile import CallersLanguage
from ava_setup.onboarding.state import (
    ChangeAssistant,
    ChangeFallback,
    ImportNumber,
    Region,
    RelinkNumber,
    RepointNumber,
)
from tests.onboarding.fakes import (
    AT_TWILIO,
    AVA,
    BUSINESS_ID,
    NUMBER,
    OTHER,
    SID,
    TOKEN_PAIR,
    VAPI_KEY,
    WEBHOOK,
    FakeTwilio,
    FakeVapi,
    FakeVendors,
    MemoryStore,
    at_vapi,
    rejected,
    timed_out,
    unreachable,
)

if TYPE_CHECKING:
    from ava_setup.onboarding.errors import Problem
    from ava_setup.onboarding.journal import Entry
    from ava_setup.onboarding.mends import Mend
    from ava_setup.onboarding.number import TwilioNumber, VapiNumber

ALL = frozenset(Consent)
PHONE, OLD_PHONE = "+33199005678", "+33199009999"
NOISY = replace(AVA, first_message="Bonjour, assistante automatique.", is_quiet=False)
QUIET = replace(NOISY, is_quiet=True)
ROUTED = replace(AT_TWILIO, voice_url=WEBHOOK)
PBX = replace(AT_TWILIO, voice_url="https://pbx.example.fr/voice", voice_method="GET")


class Ward:
    """A line with one thing wrong, and who mends it."""

    def __init__(
        self,
        at_twilio: TwilioNumber = ROUTED,
        record: VapiNumber | None = None,
        assistant: Any = QUIET,
        **wanted: Any,
    ) -> None:
        self.twilio = FakeTwilio(at_twilio)
        self.vapi = FakeVapi(self.twilio, (assistant, OTHER), (record,) if record else ())
        self.store = MemoryStore()
        self.patient = Patient(
            NUMBER,
            key=SecretStr(VAPI_KEY),
            credentials=TOKEN_PAIR,
            chosen=AVA.id,
            business_id=BUSINESS_ID,
            business_name="Martin Plomberie",
            wanted=Wanted(**wanted),
        )
        vendors = FakeVendors(self.twilio, {Region.US: self.vapi})
        self.examiner = Examiner(vendors, self.patient)
        self.mender = Mender(self.store, self.examiner, self.patient, settle_s=0.0)

    async def diagnosed(self) -> tuple[Mend, ...]:
        facts = await self.examiner.examine()
        return tuple(mend for _check, mend in Diagnosis(NUMBER, facts, is_over=True).mends)

    @property
    def journal(self) -> tuple[Entry, ...]:
        return self.store.state.saved.journal


def squad() -> Ward:
    return Ward(record=at_vapi(assistant_id=AVA.id, squad_id="squad"))


def misrouted() -> Ward:
    return Ward(at_twilio=PBX, record=at_vapi(assistant_id=AVA.id))


def noisy() -> Ward:
    return Ward(record=at_vapi(assistant_id=AVA.id), assistant=NOISY)


def without_fallback() -> Ward:
    record = at_vapi(assistant_id=AVA.id, fallback_number=OLD_PHONE)
    return Ward(record=record, fallback=PHONE)


# What is asked of a vendor, and what is written down of what was there before.
WARDS: dict[str, tuple[Any, str, type[Mend], dict[str, Any]]] = {
    "link": (
        squad,
        "link_number",
        LinkNumber,
        {"earlier_assistant_id": AVA.id, "earlier_squad_id": "squad", "made": "number"},
    ),
    "point": (
        misrouted,
        "point_number",
        PointNumber,
        {"voice_url": PBX.voice_url, "voice_method": "GET", "sid": SID, "made": SID},
    ),
    "assistant": (
        noisy,
        "mend_assistant",
        MendAssistant,
        {"assistant_id": AVA.id, "earlier": json.dumps({"is_quiet": False}), "made": AVA.id},
    ),
    "fallback": (
        without_fallback,
        "set_fallback",
        SetFallback,
        {"phone_number_id": "number", "wanted": PHONE, "earlier": OLD_PHONE, "made": "number"},
    ),
}
KINDS: dict[str, type[Entry]] = {
    "link": RelinkNumber,
    "point": RepointNumber,
    "assistant": ChangeAssistant,
    "fallback": ChangeFallback,
}
each_ward = pytest.mark.parametrize("name", WARDS)


def vendor_of(ward: Ward, name: str) -> Any:
    return ward.twilio if name == "point" else ward.vapi


@each_ward
async def test_what_was_there_is_written_down_before_a_vendor_is_asked_and_closed_after(
    name: str,
) -> None:
    make, request, kind, expected = WARDS[name]
    ward: Ward = make()
    (mend,) = await ward.diagnosed()
    assert isinstance(mend, kind)
    seen: list[tuple[Entry, ...]] = []
    vendor_of(ward, name).before[request] = lambda: seen.append(ward.journal)
    assert await ward.mender.mend(mend, ALL) is None
    ((intent,),) = seen
    assert not intent.made
    (entry,) = ward.journal
    assert isinstance(entry, KINDS[name])
    assert {field: getattr(entry, field) for field in expected} == expected
    assert await ward.diagnosed() == ()


@each_ward
@pytest.mark.parametrize("error", ["unreachable", "rejected"])
async def test_what_provably_did_nothing_leaves_nothing_written_down(name: str, error: str) -> None:
    make, request, _kind, _expected = WARDS[name]
    ward: Ward = make()
    (mend,) = await ward.diagnosed()
    failure = unreachable() if error == "unreachable" else rejected()
    vendor_of(ward, name).fail(request, failure, times=9)
    with pytest.raises(SetupError):
        await ward.mender.mend(mend, ALL)
    assert ward.journal == ()
    assert ward.store.journals[1], "it had been written down"


@each_ward
async def test_what_may_have_been_done_stays_written_down(name: str) -> None:
    make, request, _kind, expected = WARDS[name]
    ward: Ward = make()
    (mend,) = await ward.diagnosed()
    vendor = Vendor.TWILIO if name == "point" else Vendor.VAPI
    vendor_of(ward, name).fail(request, timed_out(vendor), done=True)
    with pytest.raises(SetupError):
        await ward.mender.mend(mend, ALL)
    (entry,) = ward.journal
    assert entry.made == ""
    earlier = {field: value for field, value in expected.items() if field != "made"}
    assert {field: getattr(entry, field) for field in earlier} == earlier


@each_ward
async def test_a_mend_cut_short_stays_written_down(name: str) -> None:
    make, request, _kind, _expected = WARDS[name]
    ward: Ward = make()
    (mend,) = await ward.diagnosed()
    vendor = vendor_of(ward, name)
    vendor.hang(request, done=True)
    work = asyncio.create_task(ward.mender.mend(mend, ALL))
    await vendor.hanging.wait()
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    (entry,) = ward.journal
    assert entry.made == ""


@each_ward
async def test_what_cannot_be_written_down_is_not_asked_for(name: str) -> None:
    make, request, _kind, _expected = WARDS[name]
    ward: Ward = make()
    (mend,) = await ward.diagnosed()
    asked: list[str] = []
    vendor_of(ward, name).before[request] = lambda: asked.append(request)
    ward.store.full = True
    with pytest.raises(StoreError):
        await ward.mender.mend(mend, ALL)
    assert asked == []


@pytest.mark.parametrize("name", ["link", "point"])
async def test_what_is_somebody_elses_is_not_touched_without_consent(name: str) -> None:
    make, request, _kind, _expected = WARDS[name]
    ward: Ward = make()
    (mend,) = await ward.diagnosed()
    asked: list[str] = []
    vendor_of(ward, name).before[request] = lambda: asked.append(request)
    with pytest.raises(SetupError) as raised:
        await ward.mender.mend(mend, frozenset({Consent.TRIAL}))
    assert raised.value.code is ErrorCode.CONSENT_NEEDED
    assert asked == []
    assert ward.journal == ()


async def test_an_import_writes_down_the_webhooks_that_vapi_writes_over() -> None:
    ward = Ward(at_twilio=PBX, fallback=PHONE)
    mend = (await ward.diagnosed())[0]
    assert (mend.before, mend.consent) == (PBX.target.words, Consent.OVERWRITE)
    assert await ward.mender.mend(mend, ALL) is None
    (entry,) = ward.journal
    assert isinstance(entry, ImportNumber)
    assert (entry.voice_url, entry.voice_method) == (PBX.voice_url, "GET")
    assert ward.vapi.numbers[entry.made].fallback_number == PHONE
    assert await ward.diagnosed() == ()


async def test_a_link_that_a_vendor_refuses_is_a_problem_not_an_exception() -> None:
    ward = Ward(at_twilio=AT_TWILIO)
    ward.vapi.used_elsewhere.add(NUMBER)
    mend = (await ward.diagnosed())[0]
    problem: Problem | None = None
    try:
        problem = await ward.mender.mend(mend, ALL)
    except SetupError as error:
        problem = error.problem
    assert problem is not None
    assert problem.code is ErrorCode.NUMBER_IN_OTHER_ORG
    assert ward.journal == ()


async def test_a_line_of_no_set_up_is_linked_to_what_was_shown_and_not_to_the_newest() -> None:
    ward = Ward(record=at_vapi(assistant_id=AVA.id, squad_id="squad"), is_set_up=False)
    ward.patient = replace(ward.patient, chosen=None)
    ward.examiner = Examiner(FakeVendors(ward.twilio, {Region.US: ward.vapi}), ward.patient)
    ward.mender = Mender(ward.store, ward.examiner, ward.patient, settle_s=0.0)
    (mend,) = await ward.diagnosed()
    assert OTHER.created_at > AVA.created_at
    assert await ward.mender.mend(mend, ALL) is None
    assert ward.vapi.numbers["number"].assistant_id == AVA.id


@pytest.mark.parametrize(
    ("missing", "code"),
    [
        ({"key": None}, ErrorCode.VAPI_KEY_NEEDED),
        ({"credentials": None}, ErrorCode.TWILIO_NEEDED),
    ],
)
@each_ward
async def test_without_a_key_nothing_is_mended_and_it_says_which(
    name: str, missing: dict[str, None], code: ErrorCode
) -> None:
    make, _request, _kind, _expected = WARDS[name]
    ward: Ward = make()
    (mend,) = await ward.diagnosed()
    patient = replace(ward.patient, **missing)  # type: ignore[arg-type]
    examiner = Examiner(FakeVendors(ward.twilio, {Region.US: ward.vapi}), patient)
    await examiner.examine()
    mender = Mender(ward.store, examiner, patient, settle_s=0.0)
    needs = {"assistant": "key", "fallback": "key", "point": "credentials"}
    if needs.get(name, *missing) not in missing:
        assert await mender.mend(mend, ALL) is None
        return
    with pytest.raises(SetupError) as raised:
        await mender.mend(mend, ALL)
    assert raised.value.code is code
    assert ward.journal == ()


async def test_the_language_of_a_bilingual_business_is_mended_whole() -> None:
    ward = Ward(
        record=at_vapi(assistant_id=AVA.id),
        assistant=replace(
            QUIET, voice_languages=frozenset({"fr"}), heard_languages=frozenset({"fr"})
        ),
        language=CallersLanguage.BILINGUAL,
    )
    mends = await ward.diagnosed()
    assert len(set(mends)) == 1
    assert await ward.mender.mend(mends[0], ALL) is None
    assert await ward.diagnosed() == ()
