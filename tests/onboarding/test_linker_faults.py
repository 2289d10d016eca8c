"""What goes wrong between the engine and the vendors: nothing is doubled, nothing is claimed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from ava_setup.onboarding.calls import Call
from ava_setup.onboarding.credentials import AccountKind, AccountStatus, SecretName
from ava_setup.onboarding.errors import (
    CredentialsRefused,
    ErrorCode,
    SetupError,
    StoreError,
    Vendor,
    VendorError,
)
from ava_setup.onboarding.outcome import Consent, Outcome
from ava_setup.onboarding.setup import Setup
from ava_setup.onboarding.state import (
    Answered,
    ChosenAssistant,
    Connection,
    CreateAssistant,
    ImportNumber,
    Linked,
    NoAssistantYet,
    Region,
    RelinkNumber,
    Saved,
    VaultPlace,
)
from ava_setup.onboarding.verdicts import CheckId, Verdict
from ava_setup.store.vault import LocalVault
from tests.canaries import OTHER_VAPI_KEY
from tests.onboarding.fakes import (
    ACCOUNT,
    ACCOUNT_SID,
    API_KEY,
    AT_TWILIO,
    AUTH_TOKEN,
    AVA,
    BUSINESS_ID,
    DEMO,
    KEY_SECRET,
    NUMBER,
    OTHER,
    PROFILE,
    TOKEN_PAIR,
    VAPI_KEY,
    WEBHOOK,
    FakeTwilio,
    FakeVapi,
    FakeVendors,
    FullVault,
    Line,
    MemoryStore,
    at_vapi,
    down,
    draft,
    not_found,
    refused_key,
    rejected,
    timed_out,
    unreachable,
)

if TYPE_CHECKING:
    from ava_setup.onboarding.outcome import LinkResult
    from ava_setup.onboarding.verdicts import Check

Makes = Callable[[], VendorError]

CALLBACK = "https://pbx.example.fr/ended"
ROUTED = replace(AT_TWILIO, voice_url=WEBHOOK)


def verdicts(checks: tuple[Check, ...]) -> dict[CheckId, Verdict]:
    return {check.id: check.verdict for check in checks}


def failure(result: LinkResult) -> ErrorCode:
    """Give the code of a result that claims nothing, and of which nothing is kept as a link."""
    assert not result.success
    assert result.problem is not None
    assert result.message == result.problem.what
    return result.problem.code


def assert_linked(line: Line, result: LinkResult, outcome: Outcome) -> None:
    """The result is a success, three reads agreed, and there is one record."""
    assert (result.success, result.outcome, result.problem) == (True, outcome, None)
    assert set(verdicts(result.checks).values()) == {Verdict.PASSED}
    assert line.record.assistant_id == result.assistant_id == AVA.id
    assert result.phone is not None
    assert (result.phone.id, result.phone.number) == (line.record.id, NUMBER)
    linked = line.saved().linked
    assert linked is not None
    assert (linked.phone_number_id, linked.assistant_id) == (line.record.id, AVA.id)


# An import whose answer is lost.


async def test_an_import_is_linked_from_the_first_moment_and_named_for_the_business() -> None:
    line = await Line().opened()
    result = await line.setup.link()
    assert_linked(line, result, Outcome.IMPORTED)
    assert result.auto_linked
    assert line.record.name == PROFILE.business_name
    assert line.saved().assistant == ChosenAssistant(id=AVA.id, name="Ava", auto_linked=True)


@pytest.mark.parametrize("lost", [timed_out, down])
async def test_an_import_that_was_done_unseen_is_adopted(lost: Makes) -> None:
    line = await Line(chosen=AVA).opened()
    line.vapi.fail("import_number", lost(), done=True)
    result = await line.setup.link()
    assert_linked(line, result, Outcome.IMPORTED)
    assert not result.auto_linked
    assert [one.made for one in line.saved().journal] == [line.record.id]


@pytest.mark.parametrize("lost", [timed_out, down])
async def test_an_import_that_did_nothing_is_tried_once_more(lost: Makes) -> None:
    line = await Line().opened()
    line.vapi.fail("import_number", lost())
    assert_linked(line, await line.setup.link(), Outcome.IMPORTED)
    assert [one.made for one in line.saved().journal] == [line.record.id]


async def test_an_import_that_fails_twice_is_an_error_and_leaves_nothing_behind() -> None:
    line = await Line().opened()
    line.vapi.fail("import_number", down(), times=2)
    result = await line.setup.link()
    assert failure(result) is ErrorCode.VENDOR_DOWN
    assert result.outcome is Outcome.FAILED
    assert not line.vapi.numbers
    assert line.saved().linked is None
    # Retrying does what was wanted, once.
    assert_linked(line, await line.setup.link(), Outcome.IMPORTED)


async def test_an_import_done_by_the_second_request_unseen_is_adopted() -> None:
    line = await Line().opened()
    line.vapi.fail("import_number", timed_out())
    line.vapi.fail("import_number", timed_out(), done=True)
    assert_linked(line, await line.setup.link(), Outcome.IMPORTED)


async def test_a_lost_answer_and_a_list_that_fails_leave_the_intent_open() -> None:
    line = await Line().opened()
    line.vapi.before["import_number"] = lambda: line.vapi.fail("list_numbers", unreachable())
    line.vapi.fail("import_number", timed_out(), done=True)
    assert failure(await line.setup.link()) is ErrorCode.UNREACHABLE
    (intent,) = line.saved().journal
    assert isinstance(intent, ImportNumber)
    assert not intent.made
    # What the next run finds is kept, not imported again, and closes the intent.
    line.vapi.mend()
    assert_linked(line, await line.setup.link(), Outcome.IMPORTED)
    (closed,) = line.saved().journal
    assert isinstance(closed, ImportNumber)
    assert closed.made
    assert closed.voice_url == DEMO


async def test_an_interrupted_import_is_found_and_not_repeated() -> None:
    line = await Line().opened()
    line.vapi.hang("import_number", done=True)
    link = asyncio.create_task(line.setup.link())
    await line.vapi.hanging.wait()
    link.cancel()
    with pytest.raises(asyncio.CancelledError):
        await link
    assert not line.store.state.live.activity
    assert_linked(line, await line.again().link(), Outcome.IMPORTED)


# A number that Vapi says it holds already.


async def held_unseen(record_of: str | None, chosen: str = AVA.id) -> Line:
    """A number that Vapi holds, though its list masks it."""
    line = await Line(
        assistants=(AVA, OTHER),
        numbers=(at_vapi(assistant_id=record_of),),
        at_twilio=ROUTED,
        chosen=AVA if chosen == AVA.id else OTHER,
    ).opened()
    line.vapi.masks = True
    return line


async def test_a_number_that_exists_linked_to_nothing_is_adopted_and_linked() -> None:
    line = await held_unseen(None)
    assert_linked(line, await line.setup.link(), Outcome.RELINKED)
    (relink,) = line.saved().journal
    assert isinstance(relink, RelinkNumber)
    assert relink.made == line.record.id


async def test_a_number_that_exists_linked_to_this_one_is_kept() -> None:
    line = await held_unseen(AVA.id)
    assert_linked(line, await line.setup.link(), Outcome.ALREADY_LINKED)
    assert line.saved().journal == ()


async def test_a_number_that_exists_linked_to_another_is_asked_about() -> None:
    line = await held_unseen(OTHER.id)
    result = await line.setup.link()
    assert failure(result) is ErrorCode.LINKED_ELSEWHERE
    assert result.outcome is Outcome.LINKED_ELSEWHERE
    assert result.consent is Consent.REASSIGN
    assert line.record == at_vapi(assistant_id=OTHER.id)
    assert line.saved().journal == ()
    agreed = await line.setup.link(frozenset({Consent.REASSIGN}))
    assert_linked(line, agreed, Outcome.REASSIGNED)
    (relink,) = line.saved().journal
    assert isinstance(relink, RelinkNumber)
    assert relink.earlier_assistant_id == OTHER.id


async def test_a_squad_and_a_workflow_make_way_and_are_written_down() -> None:
    held = at_vapi(squad_id="squad", workflow_id="workflow")
    line = await Line(numbers=(held,), at_twilio=ROUTED).opened()
    assert failure(await line.setup.link()) is ErrorCode.LINKED_ELSEWHERE
    agreed = await line.setup.link(frozenset({Consent.REASSIGN}))
    assert_linked(line, agreed, Outcome.REASSIGNED)
    (relink,) = line.saved().journal
    assert isinstance(relink, RelinkNumber)
    assert (relink.earlier_squad_id, relink.earlier_workflow_id) == ("squad", "workflow")
    assert (line.record.squad_id, line.record.workflow_id) == (None, None)


async def test_a_number_that_exists_and_cannot_be_read_is_an_error_and_nothing_is_left_open() -> (
    None
):
    line = await held_unseen(None)
    line.vapi.fail("read_number", not_found(), times=10)
    assert failure(await line.setup.link()) is ErrorCode.NOT_FOUND
    assert line.saved().journal == ()


async def test_an_import_done_unseen_is_recognised_though_the_list_masks_it() -> None:
    line = await Line().opened()
    line.vapi.masks = True
    line.vapi.fail("import_number", timed_out(), done=True)
    assert_linked(line, await line.setup.link(), Outcome.IMPORTED)
    (imported,) = line.saved().journal
    assert imported.made == line.record.id


async def test_a_number_taken_meanwhile_behind_a_mask_is_not_called_imported() -> None:
    line = await Line(assistants=(AVA, OTHER), chosen=AVA).opened()
    line.vapi.masks = True
    line.vapi.fail("import_number", timed_out())

    def somebody_imports_it() -> None:
        if line.saved().journal:
            line.vapi.numbers["number"] = at_vapi(assistant_id=OTHER.id)

    line.vapi.before["list_numbers"] = somebody_imports_it
    result = await line.setup.link()
    assert failure(result) is ErrorCode.LINKED_ELSEWHERE
    assert line.record == at_vapi(assistant_id=OTHER.id)


async def test_a_number_said_to_be_another_organisations_that_is_ours_is_adopted() -> None:
    line = await Line(at_twilio=ROUTED).opened()
    line.vapi.fail("import_number", rejected(ErrorCode.NUMBER_IN_OTHER_ORG))
    line.vapi.before["import_number"] = lambda: line.vapi.numbers.update(number=at_vapi())
    assert_linked(line, await line.setup.link(), Outcome.RELINKED)
    (relink,) = line.saved().journal
    assert isinstance(relink, RelinkNumber)


async def test_a_number_that_is_another_organisations_is_an_error_and_the_intent_is_withdrawn() -> (
    None
):
    line = await Line().opened()
    line.vapi.used_elsewhere.add(NUMBER)
    result = await line.setup.link()
    assert failure(result) is ErrorCode.NUMBER_IN_OTHER_ORG
    assert not line.vapi.numbers
    assert line.saved().journal == ()
    assert line.twilio.numbers[NUMBER] == AT_TWILIO


async def test_a_number_that_exists_behind_a_squad_is_asked_about() -> None:
    line = await Line(numbers=(at_vapi(assistant_id=AVA.id, squad_id="squad"),)).opened()
    line.vapi.masks = True
    assert failure(await line.setup.link()) is ErrorCode.LINKED_ELSEWHERE


# A refusal.


@pytest.mark.parametrize("code", [ErrorCode.REJECTED, ErrorCode.ASSISTANT_GONE])
async def test_a_refused_import_keeps_the_credentials_and_no_intent(code: ErrorCode) -> None:
    line = await Line().opened()
    line.vapi.fail("import_number", rejected(code))
    assert failure(await line.setup.link()) is code
    assert not line.vapi.numbers
    assert line.saved().journal == ()
    assert line.saved().twilio is not None
    token = await line.vault.read(SecretName.TWILIO_AUTH_TOKEN)
    assert token == SecretStr(AUTH_TOKEN)


async def test_a_refused_relink_leaves_no_intent_and_an_unseen_one_does() -> None:
    line = await Line(numbers=(at_vapi(),), at_twilio=ROUTED).opened()
    line.vapi.fail("link_number", rejected())
    assert failure(await line.setup.link()) is ErrorCode.REJECTED
    assert line.saved().journal == ()
    line.vapi.fail("link_number", timed_out(), done=True)
    assert failure(await line.setup.link()) is ErrorCode.TIMED_OUT
    (intent,) = line.saved().journal
    assert not intent.made
    assert_linked(line, await line.setup.link(), Outcome.RELINKED)
    assert line.saved().journal == (intent.model_copy(update={"made": line.record.id}),)


async def test_intents_are_written_before_the_request_and_closed_after_it() -> None:
    at_twilio = replace(AT_TWILIO, voice_method="GET", status_callback=CALLBACK)
    line = await Line(at_twilio=at_twilio).opened()
    during: list[tuple[object, ...]] = []
    line.vapi.before["import_number"] = lambda: during.append(line.saved().journal)
    await line.setup.link()
    ((intent,),) = during
    assert isinstance(intent, ImportNumber)
    assert not intent.made
    assert (intent.number, intent.assistant_id) == (NUMBER, AVA.id)
    assert (intent.voice_url, intent.voice_method) == (DEMO, "GET")
    assert (intent.status_callback, intent.sms_url) == (CALLBACK, AT_TWILIO.sms_url)
    (closed,) = line.saved().journal
    assert closed == intent.model_copy(update={"made": line.record.id})


async def test_a_retried_import_takes_the_place_of_its_own_open_intent_and_of_no_other() -> None:
    line = await Line().opened()
    line.vapi.fail("import_number", down(), times=4)
    for _ in range(2):
        assert failure(await line.setup.link()) is ErrorCode.VENDOR_DOWN
    (intent,) = line.saved().journal
    another = replace(AT_TWILIO, sid="PN1", number="+33199005678")
    line.twilio.numbers[another.number] = another
    await line.setup.choose_number(another)
    assert (await line.setup.link()).success
    unseen, imported = line.saved().journal
    assert unseen == intent
    assert isinstance(imported, ImportNumber)
    assert (imported.number, imported.made) == (another.number, line.record.id)


async def test_a_retried_relink_takes_the_place_of_its_own_open_intent() -> None:
    line = await Line(numbers=(at_vapi(),), at_twilio=ROUTED).opened()
    line.vapi.fail("link_number", timed_out(), times=2)
    for _ in range(2):
        assert failure(await line.setup.link()) is ErrorCode.TIMED_OUT
    (intent,) = line.saved().journal
    assert isinstance(intent, RelinkNumber)
    # Another kind of thing is written beside it.
    await line.setup.create_assistant(draft())
    assert [one.kind for one in line.saved().journal] == ["relink_number", "create_assistant"]


async def test_a_long_business_name_is_cut_to_what_vapi_takes() -> None:
    line = await Line().opened()
    await line.setup.save_profile(PROFILE.model_copy(update={"business_name": "Martin " * 10}))
    assert (await line.setup.link()).success
    assert line.record.name == ("Martin " * 10)[:40]


async def test_a_journal_that_cannot_be_written_stops_before_anything_is_asked() -> None:
    line = await Line().opened()
    line.store.full = True
    with pytest.raises(StoreError):
        await line.setup.link()
    assert not line.vapi.numbers
    assert line.twilio.numbers[NUMBER] == AT_TWILIO
    with pytest.raises(StoreError):
        await line.setup.create_assistant(draft())
    assert list(line.vapi.assistants) == [AVA.id]


# Proof.


async def test_a_number_still_activating_is_waited_for() -> None:
    line = await Line().opened()
    line.vapi.activation = 2
    assert_linked(line, await line.setup.link(), Outcome.IMPORTED)


async def test_a_number_that_never_becomes_active_is_no_success() -> None:
    line = await Line().opened()
    line.vapi.activation = 100
    result = await line.setup.link()
    assert failure(result) is ErrorCode.LINK_UNPROVEN
    assert verdicts(result.checks)[CheckId.IMPORTED] is Verdict.FAILED


async def test_a_webhook_that_an_import_left_alone_is_unproven_and_written_by_the_next_try() -> (
    None
):
    line = await Line().opened()
    line.vapi.rewrites = False
    result = await line.setup.link()
    assert failure(result) is ErrorCode.LINK_UNPROVEN
    assert result.outcome is Outcome.UNPROVEN
    assert verdicts(result.checks)[CheckId.ROUTED] is Verdict.FAILED
    assert line.saved().linked is None
    assert line.record.assistant_id == AVA.id
    assert_linked(line, await line.setup.link(), Outcome.ALREADY_LINKED)
    await line.setup.undoer.carry_out(await line.setup.undoer.plan())
    assert line.twilio.numbers[NUMBER] == AT_TWILIO


async def test_an_assistant_deleted_between_listing_and_proof_is_no_success() -> None:
    line = await Line(numbers=(at_vapi(assistant_id=AVA.id),), at_twilio=ROUTED).opened()
    line.vapi.fail("read_assistant", not_found(), times=10)
    result = await line.setup.link()
    assert failure(result) is ErrorCode.LINK_UNPROVEN
    found = verdicts(result.checks)
    assert found[CheckId.ASSISTANT] is Verdict.FAILED
    assert found[CheckId.LINKED] is Verdict.FAILED


async def test_a_record_that_vanishes_before_the_proof_is_no_success() -> None:
    line = await Line().opened()
    line.vapi.fail("read_number", not_found(), times=10)
    result = await line.setup.link()
    assert failure(result) is ErrorCode.LINK_UNPROVEN
    assert verdicts(result.checks)[CheckId.IMPORTED] is Verdict.FAILED
    # It was linked all the same: the next look says so.
    line.vapi.mend()
    assert_linked(line, await line.setup.link(), Outcome.ALREADY_LINKED)


async def test_a_trial_is_imported_on_consent_and_still_not_called_a_success() -> None:
    line = await Line().opened()
    line.twilio.account = replace(ACCOUNT, kind=AccountKind.TRIAL)
    refusal = await line.setup.link()
    assert failure(refusal) is ErrorCode.TWILIO_TRIAL
    assert refusal.consent is Consent.TRIAL
    assert not line.vapi.numbers
    result = await line.setup.link(frozenset({Consent.TRIAL}))
    assert failure(result) is ErrorCode.LINK_UNPROVEN
    assert line.record.assistant_id == AVA.id


# Reads that fail.


@pytest.mark.parametrize("cause", [refused_key, unreachable, down])
async def test_assistants_that_cannot_be_listed_keep_their_cause_and_nothing_is_written(
    cause: Makes,
) -> None:
    line = await Line().opened()
    line.vapi.fail("list_assistants", cause())
    result = await line.setup.link()
    assert failure(result) is cause().code
    assert verdicts(result.checks)[CheckId.ASSISTANT] is Verdict.CANNOT_TELL
    assert not line.vapi.numbers
    assert line.saved().journal == ()


async def test_numbers_that_cannot_be_listed_at_vapi_stop_the_import() -> None:
    line = await Line().opened()
    line.vapi.fail("list_numbers", timed_out())
    result = await line.setup.link()
    assert failure(result) is ErrorCode.TIMED_OUT
    assert not line.vapi.numbers


@pytest.mark.parametrize("request_name", ["read_account", "find_number"])
async def test_twilio_failing_alone_is_named_and_stops_the_import(request_name: str) -> None:
    line = await Line().opened()
    line.twilio.fail(request_name, down(Vendor.TWILIO))
    result = await line.setup.link()
    assert failure(result) is ErrorCode.VENDOR_DOWN
    assert result.problem is not None
    assert result.problem.params == (("vendor", "Twilio"),)
    assert verdicts(result.checks)[CheckId.ASSISTANT] is not Verdict.CANNOT_TELL
    assert not line.vapi.numbers


async def test_twilio_that_no_longer_knows_the_number_says_so() -> None:
    line = await Line().opened()
    line.twilio.fail("find_number", not_found(Vendor.TWILIO))
    assert failure(await line.setup.link()) is ErrorCode.NUMBER_NOT_IN_ACCOUNT


async def test_no_assistant_is_said_plainly_and_nothing_is_written() -> None:
    line = await Line(assistants=()).opened()
    result = await line.setup.link()
    assert failure(result) is ErrorCode.ASSISTANT_REQUIRED
    assert result.outcome is Outcome.ASSISTANT_REQUIRED
    assert verdicts(result.checks)[CheckId.ASSISTANT] is Verdict.FAILED
    assert not line.vapi.numbers
    assert line.twilio.numbers[NUMBER] == AT_TWILIO


async def test_an_assistant_that_is_there_is_ticked_though_the_number_is_refused() -> None:
    line = await Line(assistants=(AVA, OTHER), chosen=OTHER).opened()
    line.twilio.numbers[NUMBER] = replace(AT_TWILIO, trunk_sid="TK0")
    result = await line.setup.link()
    assert failure(result) is ErrorCode.TRUNK_OWNS_VOICE
    assert verdicts(result.checks)[CheckId.ASSISTANT] is Verdict.PASSED
    assert line.store.state.live.assistants == (AVA, OTHER)


async def test_a_chosen_assistant_that_is_gone_fails_its_check() -> None:
    line = await Line(assistants=(AVA,), chosen=OTHER).opened()
    result = await line.setup.link()
    assert failure(result) is ErrorCode.ASSISTANT_GONE
    assert verdicts(result.checks)[CheckId.ASSISTANT] is Verdict.FAILED
    assert not line.vapi.numbers


@pytest.mark.parametrize(
    ("lost", "code"),
    [
        ("profile", ErrorCode.PROFILE_NEEDED),
        ("number", ErrorCode.NUMBER_NEEDED),
        ("connection", ErrorCode.VAPI_KEY_NEEDED),
        ("twilio", ErrorCode.TWILIO_NEEDED),
    ],
)
async def test_a_link_that_lacks_something_says_what(lost: str, code: ErrorCode) -> None:
    line = await Line().opened()
    await line.store.update(lambda state: state.save(**{lost: None}))
    assert failure(await line.setup.link()) is code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        (SecretName.VAPI_KEY, ErrorCode.VAPI_KEY_NEEDED),
        (SecretName.TWILIO_AUTH_TOKEN, ErrorCode.TWILIO_NEEDED),
    ],
)
async def test_a_link_whose_secret_is_lost_asks_for_it(name: SecretName, code: ErrorCode) -> None:
    line = await Line().opened()
    await line.vault.forget(name)
    assert failure(await line.setup.link()) is code


async def test_a_fault_that_the_user_cannot_mend_here_is_not_swallowed() -> None:
    line = await Line().opened()

    class Nowhere(FakeVendors):
        def vapi(self, key: SecretStr, region: Region) -> FakeVapi:
            del key, region
            raise SetupError(ErrorCode.ADDRESS_REFUSED, variable="AVA_SETUP_VAPI_URL")

    setup = Setup(line.store, line.vault, Nowhere(line.twilio, {}))
    with pytest.raises(SetupError) as caught:
        await setup.link()
    assert caught.value.code is ErrorCode.ADDRESS_REFUSED
    assert not line.store.state.live.activity


# Making an assistant.


async def test_a_creation_is_written_down_before_and_closed_after() -> None:
    line = await Line(assistants=()).opened()
    made = await line.setup.create_assistant(draft())
    (creation,) = line.saved().journal
    assert isinstance(creation, CreateAssistant)
    assert creation.made == made.id
    assert made.create_id == creation.create_id
    assert any(not one.made for journal in line.store.journals for one in journal)
    chosen = line.saved().assistant
    assert isinstance(chosen, ChosenAssistant)
    assert (chosen.id, chosen.name) == (made.id, "Ava")
    assert line.store.state.live.assistants == (made,)


@pytest.mark.parametrize("lost", [timed_out, down])
async def test_a_creation_done_unseen_is_adopted_by_its_mark(lost: Makes) -> None:
    line = await Line(assistants=(OTHER,)).opened()
    line.vapi.fail("create_assistant", lost(), done=True)
    made = await line.setup.create_assistant(draft())
    assert set(line.vapi.assistants) == {OTHER.id, made.id}
    (creation,) = line.saved().journal
    assert creation.made == made.id


async def test_a_creation_that_did_nothing_is_an_error_and_taken_up_by_the_next() -> None:
    line = await Line(assistants=()).opened()
    line.vapi.fail("create_assistant", timed_out())
    with pytest.raises(VendorError):
        await line.setup.create_assistant(draft())
    (intent,) = line.saved().journal
    assert isinstance(intent, CreateAssistant)
    assert not intent.made
    made = await line.setup.create_assistant(draft("Ava bis"))
    assert made.create_id == intent.create_id
    assert list(line.vapi.assistants.values()) == [made]
    assert line.saved().journal == (intent.model_copy(update={"made": made.id}),)


async def test_a_rejected_creation_is_withdrawn() -> None:
    line = await Line(assistants=()).opened()
    line.vapi.fail("create_assistant", rejected(ErrorCode.VOICE_UNAVAILABLE))
    with pytest.raises(VendorError) as caught:
        await line.setup.create_assistant(draft())
    assert caught.value.code is ErrorCode.VOICE_UNAVAILABLE
    assert line.saved().journal == ()
    assert line.saved().assistant is None
    assert not line.store.state.live.activity


@pytest.mark.parametrize("done", [True, False])
async def test_an_interrupted_creation_is_resumed_as_the_new_draft_says(*, done: bool) -> None:
    line = await Line(assistants=()).opened()
    line.vapi.hang("create_assistant", done=done)
    creation = asyncio.create_task(line.setup.create_assistant(draft("Before")))
    await line.vapi.hanging.wait()
    creation.cancel()
    with pytest.raises(asyncio.CancelledError):
        await creation
    (intent,) = line.saved().journal
    assert isinstance(intent, CreateAssistant)
    made = await line.again().create_assistant(draft("After"))
    assert list(line.vapi.assistants.values()) == [made]
    assert (made.name, made.create_id) == ("After", intent.create_id)
    assert line.saved().journal == (intent.model_copy(update={"made": made.id}),)


async def test_choosing_what_an_interrupted_creation_made_closes_it() -> None:
    line = await Line(assistants=(OTHER,)).opened()
    line.vapi.hang("create_assistant", done=True)
    creation = asyncio.create_task(line.setup.create_assistant(draft()))
    await line.vapi.hanging.wait()
    creation.cancel()
    with pytest.raises(asyncio.CancelledError):
        await creation
    (intent,) = line.saved().journal
    (made,) = (one for one in line.vapi.assistants.values() if one.id != OTHER.id)
    again = line.again()
    await again.choose_assistant(OTHER)
    assert line.saved().journal == (intent,)
    await again.choose_assistant(made)
    assert line.saved().journal == (intent.model_copy(update={"made": made.id}),)
    second = await again.create_assistant(draft("A second one"))
    assert set(line.vapi.assistants) == {OTHER.id, made.id, second.id}


async def test_a_creation_is_closed_and_chosen_in_one_write() -> None:
    line = await Line(assistants=()).opened()
    seen: list[tuple[bool, bool]] = []
    line.store.subscribe(
        lambda state: seen.append(
            (any(one.made for one in state.saved.journal), state.saved.assistant is not None)
        )
    )
    await line.setup.create_assistant(draft())
    assert set(seen) == {(False, False), (True, True)}


async def test_the_same_creation_twice_in_a_row_makes_one_assistant() -> None:
    line = await Line(assistants=()).opened()
    first = await line.setup.create_assistant(draft("Before", "c" * 32))
    second = await line.setup.create_assistant(draft("After", "c" * 32))
    assert second.id == first.id
    assert list(line.vapi.assistants.values()) == [second]
    assert second.name == "After"
    assert len(line.saved().journal) == 1


async def test_the_same_creation_twice_at_once_makes_one_assistant() -> None:
    line = await Line(assistants=()).opened()
    both = (line.setup.create_assistant(draft(create_id="c" * 32)) for _ in range(2))
    first, second = await asyncio.gather(*both)
    assert first.id == second.id
    assert len(line.vapi.assistants) == 1


async def test_a_creation_that_was_deleted_since_is_made_again() -> None:
    line = await Line(assistants=()).opened()
    await line.setup.create_assistant(draft(create_id="c" * 32))
    line.vapi.assistants.clear()
    made = await line.setup.create_assistant(draft(create_id="c" * 32))
    assert list(line.vapi.assistants.values()) == [made]


async def test_another_creation_makes_another_assistant() -> None:
    line = await Line(assistants=()).opened()
    first = await line.setup.create_assistant(draft())
    second = await line.setup.create_assistant(draft())
    assert first.id != second.id
    assert len(line.saved().journal) == 2


# Waiting for the first call.

CALL = Call(
    id="call",
    kind="inboundPhoneCall",
    status="in-progress",
    created_at="2026-03-01T10:00:00.000Z",
    started_at="2026-03-01T10:00:01.000Z",
    caller="+33699887766",
)
EARLIER = replace(CALL, id="earlier", created_at="2026-01-01T00:00:00.000Z")


async def linked_line(linked_at: str = "2026-02-01T00:00:00.000Z") -> Line:
    line = await Line(numbers=(at_vapi(assistant_id=AVA.id),), at_twilio=ROUTED).opened()
    linked = Linked(
        phone_number_id="number",
        number=NUMBER,
        assistant_id=AVA.id,
        outcome=Outcome.IMPORTED,
        auto_linked=False,
        linked_at=linked_at,
    )
    await line.store.update(lambda state: state.save(linked=linked))
    return line


async def waiting(line: Line) -> asyncio.Task[Call]:
    """Begin to wait, and give it time for some looks."""
    wait = asyncio.create_task(line.setup.wait_for_call())
    await asyncio.sleep(0.05)
    return wait


async def test_the_first_call_after_the_link_is_seen_and_kept() -> None:
    line = await linked_line()
    wait = await waiting(line)
    assert not wait.done()
    line.vapi.calls.append(CALL)
    assert await asyncio.wait_for(wait, 2) == CALL
    assert line.saved().answered == Answered(
        call_id="call", caller="+33699887766", at=CALL.created_at
    )


async def test_a_call_made_before_the_link_does_not_count() -> None:
    line = await linked_line()
    line.vapi.calls.append(EARLIER)
    wait = await waiting(line)
    assert not wait.done()
    line.vapi.calls.append(CALL)
    assert (await asyncio.wait_for(wait, 2)).id == "call"


async def test_a_call_between_the_link_and_the_wait_counts_when_the_link_is_ours() -> None:
    line = await linked_line()
    line.vapi.calls.append(CALL)
    assert (await asyncio.wait_for(line.setup.wait_for_call(), 2)).id == "call"


async def test_a_call_right_after_a_link_made_here_counts_and_one_before_it_does_not() -> None:
    line = await Line().opened()
    line.vapi.calls.append(EARLIER)
    assert_linked(line, await line.setup.link(), Outcome.IMPORTED)
    line.vapi.calls.append(CALL)
    assert (await asyncio.wait_for(line.setup.wait_for_call(), 2)).id == "call"


async def test_a_call_before_the_wait_does_not_count_when_the_link_was_there() -> None:
    line = await linked_line(linked_at="")
    line.vapi.calls.append(EARLIER)
    wait = await waiting(line)
    assert not wait.done()
    line.vapi.calls.append(CALL)
    assert (await asyncio.wait_for(wait, 2)).id == "call"


async def test_a_failed_call_does_not_count() -> None:
    line = await linked_line()
    failed = replace(
        CALL, id="failed", status="ended", ended_reason="pipeline-error-openai-llm-failed"
    )
    line.vapi.calls.append(failed)
    wait = await waiting(line)
    assert not wait.done()
    line.vapi.calls.append(CALL)
    assert (await asyncio.wait_for(wait, 2)).id == "call"


@pytest.mark.parametrize("error", [unreachable, down, timed_out, not_found])
async def test_a_vendors_error_does_not_stop_the_wait(error: Makes) -> None:
    line = await linked_line()
    line.vapi.calls.append(CALL)
    line.vapi.fail("list_calls", error(), times=3)
    assert (await asyncio.wait_for(line.setup.wait_for_call(), 2)).id == "call"


async def test_a_refused_key_stops_the_wait() -> None:
    line = await linked_line()
    line.vapi.fail("list_calls", refused_key())
    with pytest.raises(CredentialsRefused):
        await asyncio.wait_for(line.setup.wait_for_call(), 2)


async def test_there_is_nothing_to_wait_for_or_to_verify_without_a_link() -> None:
    line = await Line().opened()
    for use in (line.setup.wait_for_call, line.setup.verify):
        with pytest.raises(SetupError) as caught:
            await use()
        assert caught.value.code is ErrorCode.NUMBER_NEEDED


# Verifying a finished link.


async def test_a_link_that_holds_is_verified_and_kept_with_the_call_that_proved_it() -> None:
    line = await linked_line()
    answered = Answered(call_id="call", caller="", at="")
    await line.store.update(lambda state: state.save(answered=answered))
    checks = await line.setup.verify()
    assert set(verdicts(checks).values()) == {Verdict.PASSED}
    assert line.store.state.live.checks == checks
    assert line.saved().linked is not None
    assert line.saved().answered == answered


async def test_a_link_that_no_longer_holds_stops_being_called_one() -> None:
    line = await linked_line()
    line.vapi.numbers["number"] = at_vapi(assistant_id=OTHER.id)
    checks = await line.setup.verify()
    assert verdicts(checks)[CheckId.LINKED] is Verdict.FAILED
    assert line.saved().linked is None
    assert line.saved().answered is None


@pytest.mark.parametrize(
    "request_name", ["read_assistant", "read_number", "read_account", "find_number"]
)
async def test_a_link_that_cannot_be_read_is_still_called_one(request_name: str) -> None:
    line = await linked_line()
    for vendor in (line.vapi, line.twilio):
        vendor.fail(request_name, unreachable())
    checks = await line.setup.verify()
    assert Verdict.CANNOT_TELL in verdicts(checks).values()
    assert line.saved().linked is not None


async def test_proving_a_link_once_more_keeps_the_call_that_answered() -> None:
    line = await linked_line()
    answered = Answered(call_id="call", caller="", at="")
    await line.store.update(lambda state: state.save(answered=answered))
    assert_linked(line, await line.setup.link(), Outcome.ALREADY_LINKED)
    assert line.saved().answered == answered


async def test_an_assistant_taken_for_someone_who_said_later_is_the_one_chosen() -> None:
    line = await linked_line()
    await line.setup.assistant_later()
    assert line.saved().assistant == NoAssistantYet()
    assert_linked(line, await line.setup.link(), Outcome.ALREADY_LINKED)
    assert line.saved().assistant == ChosenAssistant(id=AVA.id, name="Ava", auto_linked=True)


async def test_choosing_another_assistant_or_number_undoes_what_was_proven() -> None:
    line = await linked_line()
    await line.setup.choose_assistant(AVA)
    assert line.saved().linked is not None
    await line.setup.choose_number(AT_TWILIO)
    assert line.saved().linked is not None
    await line.setup.choose_assistant(OTHER)
    assert line.saved().linked is None
    line = await linked_line()
    await line.setup.choose_number(replace(AT_TWILIO, number="+33199009999"))
    assert line.saved().linked is None


# Connecting.


def fresh(
    *,
    twilio: FakeTwilio | None = None,
    vapis: dict[Region, FakeVapi] | None = None,
    vault: LocalVault | None = None,
    saved: Saved | None = None,
) -> tuple[Setup, MemoryStore]:
    store = MemoryStore(saved)
    twilio = twilio or FakeTwilio()
    vendors = FakeVendors(twilio, vapis or {Region.US: FakeVapi(twilio)})
    return Setup(store, vault or LocalVault(), vendors, poll_s=0.01, settle_s=0.01), store


async def test_every_region_is_tried_before_a_key_is_called_wrong() -> None:
    american, european = FakeVapi(FakeTwilio(), key="elsewhere"), FakeVapi(FakeTwilio(), [AVA])
    setup, store = fresh(vapis={Region.US: american, Region.EU: european})
    connection = await setup.connect(SecretStr(VAPI_KEY))
    assert connection.region is Region.EU
    assert store.state.live.assistants == (AVA,)
    assert (american.closed, european.closed) == (True, False)
    with pytest.raises(CredentialsRefused):
        await setup.connect(SecretStr(OTHER_VAPI_KEY))
    assert (american.closed, european.closed) == (True, True)
    assert store.state.saved.connection == connection
    assert (await setup.list_assistants()) == (AVA,)


async def test_a_region_that_cannot_be_asked_is_not_taken_for_a_wrong_key() -> None:
    american, european = FakeVapi(FakeTwilio(), [AVA]), FakeVapi(FakeTwilio(), [OTHER])
    american.fail("list_assistants", unreachable())
    setup, store = fresh(vapis={Region.US: american, Region.EU: european})
    with pytest.raises(VendorError) as caught:
        await setup.connect(SecretStr(VAPI_KEY))
    assert caught.value.code is ErrorCode.UNREACHABLE
    assert store.state.saved.connection is None
    assert american.closed


async def test_a_secret_that_cannot_be_kept_leaves_everything_as_it_was() -> None:
    twilio = FakeTwilio()
    vapi = FakeVapi(twilio)
    setup, store = fresh(twilio=twilio, vapis={Region.US: vapi}, vault=FullVault())
    for connecting in (setup.connect(SecretStr(VAPI_KEY)), setup.check_twilio(TOKEN_PAIR)):
        with pytest.raises(StoreError):
            await connecting
    assert vapi.closed
    assert twilio.closed
    assert store.state.saved == Saved()
    assert not store.state.live.secrets


async def test_the_same_organisation_keeps_its_link_though_it_told_its_id_only_now() -> None:
    line = await linked_line()
    await line.store.update(lambda state: state.save(connection=Connection(region=Region.US)))
    line.vapi.assistants[AVA.id] = replace(AVA, org_id="org")
    await line.setup.connect(SecretStr(VAPI_KEY))
    assert line.saved().connection == Connection(region=Region.US, org_id="org")
    assert line.saved().linked is not None


async def test_another_organisation_has_none_of_the_earlier_things() -> None:
    line = await linked_line()
    await line.setup.choose_assistant(AVA)
    line.vapi.assistants.clear()
    line.vapi.assistants[OTHER.id] = OTHER
    await line.setup.connect(SecretStr(VAPI_KEY))
    assert (line.saved().linked, line.saved().assistant) == (None, None)


async def test_an_api_key_takes_the_place_of_the_auth_token_and_back() -> None:
    twilio = FakeTwilio()
    vault = LocalVault()
    setup, store = fresh(twilio=twilio, vault=vault)
    await setup.check_twilio(TOKEN_PAIR)
    assert store.state.live.secrets == {SecretName.TWILIO_AUTH_TOKEN}
    twilio.secret = KEY_SECRET
    await setup.check_twilio(API_KEY)
    assert store.state.live.secrets == {SecretName.TWILIO_API_SECRET}
    assert await vault.read(SecretName.TWILIO_AUTH_TOKEN) is None
    assert store.state.saved.twilio is not None
    assert store.state.saved.twilio.key_sid == API_KEY.key_sid
    await setup.aclose()
    assert twilio.closed
    # Opened again from what is kept.
    assert await setup.list_numbers() == (AT_TWILIO,)
    twilio.secret = AUTH_TOKEN
    await setup.check_twilio(TOKEN_PAIR)
    assert await vault.read(SecretName.TWILIO_API_SECRET) is None


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (AccountStatus.SUSPENDED, ErrorCode.TWILIO_SUSPENDED),
        (AccountStatus.CLOSED, ErrorCode.TWILIO_CLOSED),
    ],
)
@pytest.mark.parametrize("numbers_shown", [True, False])
async def test_an_account_that_shows_itself_suspended_is_said_to_be_so(
    status: AccountStatus, code: ErrorCode, *, numbers_shown: bool
) -> None:
    twilio = FakeTwilio(account=replace(ACCOUNT, status=status))
    if not numbers_shown:
        twilio.fail("list_numbers", CredentialsRefused(ErrorCode.TWILIO_REFUSED, Vendor.TWILIO))
    setup, store = fresh(twilio=twilio)
    with pytest.raises(VendorError) as caught:
        await setup.check_twilio(TOKEN_PAIR)
    assert caught.value.code is code
    assert store.state.saved.twilio is None
    assert twilio.closed


@pytest.mark.parametrize("request_name", ["read_account", "list_numbers"])
async def test_credentials_are_kept_only_when_everything_could_be_read(request_name: str) -> None:
    twilio = FakeTwilio()
    twilio.fail(request_name, down(Vendor.TWILIO))
    vault = LocalVault()
    setup, store = fresh(twilio=twilio, vault=vault)
    with pytest.raises(VendorError):
        await setup.check_twilio(TOKEN_PAIR)
    assert store.state.saved.twilio is None
    assert await vault.read(SecretName.TWILIO_AUTH_TOKEN) is None
    assert not store.state.live.activity


async def test_a_number_that_the_account_does_not_have_is_no_longer_chosen() -> None:
    line = await linked_line()
    await line.setup.check_twilio(TOKEN_PAIR)
    assert line.saved().number is not None
    assert line.saved().linked is not None
    line.twilio.numbers.clear()
    await line.setup.check_twilio(TOKEN_PAIR)
    assert line.saved().number is None
    assert line.saved().linked is None


async def test_opening_says_which_secrets_are_there_and_where() -> None:
    line = await Line().opened()
    live = line.store.state.live
    assert live.secrets == {SecretName.VAPI_KEY, SecretName.TWILIO_AUTH_TOKEN}
    assert live.vault is VaultPlace.MEMORY


async def test_a_connection_to_a_region_that_is_not_to_be_had_is_made_anew() -> None:
    line = await Line().opened()
    assert line.saved().connection is not None
    moved = FakeVendors(line.twilio, {Region.CUSTOM: line.vapi})
    await Setup(line.store, line.vault, moved).open()
    assert line.saved().connection is None


async def test_a_business_keeps_its_id_when_it_is_written_anew() -> None:
    setup, store = fresh()
    assert (await setup.save_profile(PROFILE)).business_id == BUSINESS_ID
    anew = PROFILE.model_copy(update={"business_id": "f" * 32, "business_name": "Martin"})
    kept = await setup.save_profile(anew)
    assert (kept.business_id, kept.business_name) == (BUSINESS_ID, "Martin")
    assert store.state.saved.profile == kept


async def test_what_was_typed_is_kept_field_by_field() -> None:
    setup, store = fresh()
    await setup.remember({"email": "a@", "hours": "8h"})
    await setup.remember({"email": "a@example.fr"})
    assert dict(store.state.saved.typed) == {"email": "a@example.fr", "hours": "8h"}


async def test_what_is_being_done_is_said_while_it_is_and_no_longer() -> None:
    line = await Line().opened()
    said: list[object] = []
    end = line.store.subscribe(lambda state: said.append(state.live.activity))
    await line.setup.link()
    end()
    assert len({str(one) for one in said}) > 3
    assert not said[-1]


async def test_nothing_of_a_secret_is_in_what_is_kept() -> None:
    line = await Line(assistants=()).opened()
    await line.setup.connect(SecretStr(VAPI_KEY))
    await line.setup.check_twilio(TOKEN_PAIR)
    await line.setup.create_assistant(draft())
    await line.setup.link()
    kept = line.saved().model_dump_json() + repr(line.store.state)
    assert ACCOUNT_SID in kept
    assert AUTH_TOKEN not in kept
    assert VAPI_KEY not in kept
