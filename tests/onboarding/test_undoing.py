"""Undo: what the journal says is taken back, once, and nothing else is touched."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from ava_setup.onboarding.assistant import Assistant
from ava_setup.onboarding.errors import ErrorCode, SetupError, Vendor, VendorError
from ava_setup.onboarding.number import is_vapis
from ava_setup.onboarding.state import (
    Connection,
    CreateAssistant,
    Region,
    Saved,
)
from ava_setup.onboarding.undo_steps import DeleteNumber, UndoPlan, Webhooks
from ava_setup.onboarding.undoing_webhooks import to_write
from tests.onboarding.fakes import (
    AT_TWILIO,
    AVA,
    DEMO,
    NUMBER,
    OTHER,
    WEBHOOK,
    Line,
    at_vapi,
    down,
    draft,
    not_found,
    rejected,
    timed_out,
    unreachable,
)
from tests.onboarding.taking_back import (
    CONSENTS,
    ELSEWHERE,
    SAY,
    linked,
    undo,
    vendors,
    wholly,
)

if TYPE_CHECKING:
    from ava_setup.onboarding.number import VapiNumber


async def test_a_created_assistant_and_an_imported_number_are_taken_back() -> None:
    line = await Line(assistants=()).opened()
    before = vendors(line)
    await line.setup.create_assistant(draft())
    await linked(line)
    done, left = await undo(line)
    assert [type(step).__name__ for step in done] == [
        "PutWebhooksBack",
        "DeleteNumber",
        "DeleteAssistant",
    ]
    assert all(SAY(step.words) for step in done)
    assert left == []
    assert vendors(line) == before
    saved = line.saved()
    assert (saved.linked, saved.answered, saved.number, saved.assistant) == (None,) * 4
    assert wholly(line)
    assert not line.setup.undoer.has_something
    assert await line.setup.undoer.plan() == UndoPlan()


async def test_after_undoing_the_number_can_be_linked_and_undone_again() -> None:
    line = await Line(assistants=()).opened()
    before = vendors(line)
    for _round in range(2):
        await line.setup.create_assistant(draft(create_id="c" * 32))
        await line.setup.choose_number(AT_TWILIO)
        await linked(line)
        assert len(line.vapi.assistants) == len(line.vapi.numbers) == 1
        await undo(line)
        assert vendors(line) == before


@pytest.mark.parametrize(
    "earlier",
    [
        {"voice_url": ""},
        {"voice_url": ELSEWHERE, "voice_method": "GET", "status_callback": f"{ELSEWHERE}/end"},
        {"voice_url": WEBHOOK},
    ],
)
async def test_webhooks_are_what_they_were_even_when_the_deletion_empties_them(
    earlier: dict[str, str],
) -> None:
    number = replace(AT_TWILIO, **earlier)  # type: ignore[arg-type] # all of them are text
    line = await Line(at_twilio=number).opened()
    line.vapi.empties = True
    await linked(line)
    await undo(line)
    assert line.twilio.numbers[NUMBER] == number
    assert line.vapi.numbers == {}
    assert set(line.vapi.assistants) == {AVA.id}, "it was there before"


async def test_calls_that_go_elsewhere_by_now_stay_there() -> None:
    line = await Line().opened()
    await linked(line)
    line.twilio.point(NUMBER, voice_url=ELSEWHERE)
    done, left = await undo(line)
    assert [type(step) for step in done] == [DeleteNumber]
    assert len(left) == 1
    assert "pbx.example" in left[0]
    assert line.twilio.numbers[NUMBER].voice_url == ELSEWHERE
    assert wholly(line)


async def test_a_status_webhook_goes_back_even_when_the_calls_go_elsewhere() -> None:
    line = await Line().opened()
    await linked(line)
    status = "https://api.vapi.ai/twilio/status"
    line.twilio.point(NUMBER, voice_url=ELSEWHERE, status_callback=status)
    done, _left = await undo(line)
    assert "earlier settings" in SAY(done[0].words)
    assert line.twilio.numbers[NUMBER].status_callback == ""


@pytest.mark.parametrize("change", [{"assistant_id": OTHER.id}, {"squad_id": "squad"}])
async def test_a_number_that_somebody_else_linked_meanwhile_is_left_with_its_webhooks(
    change: dict[str, str],
) -> None:
    line = await Line(assistants=(AVA, OTHER), chosen=AVA).opened()
    await linked(line)
    line.vapi.numbers = {one.id: replace(one, **change) for one in line.vapi.numbers.values()}
    before = vendors(line)
    done, left = await undo(line)
    assert (done, len(left)) == ([], 1)
    assert vendors(line) == before
    assert line.setup.undoer.has_something


async def test_a_number_imported_anew_by_somebody_is_left() -> None:
    line = await Line().opened()
    await linked(line)
    line.vapi.numbers = {"anew": at_vapi(id="anew", assistant_id=AVA.id)}
    before = vendors(line)
    done, left = await undo(line)
    assert (done, len(left)) == ([], 1)
    assert vendors(line) == before


async def test_a_number_that_is_gone_from_vapi_gets_its_webhooks_back() -> None:
    line = await Line().opened()
    await linked(line)
    line.vapi.numbers.clear()
    await undo(line)
    assert line.twilio.numbers[NUMBER] == AT_TWILIO
    assert wholly(line)


async def test_a_number_that_left_the_account_is_removed_from_vapi_and_said() -> None:
    line = await Line().opened()
    await linked(line)
    line.twilio.numbers.clear()
    _done, left = await undo(line)
    assert line.vapi.numbers == {}
    assert len(left) == 1
    assert line.setup.undoer.has_something, "its webhooks are not back"


async def test_what_is_gone_everywhere_is_settled_without_a_question() -> None:
    line = await Line(assistants=()).opened()
    await line.setup.create_assistant(draft())
    await linked(line)
    line.vapi.numbers.clear()
    line.vapi.assistants.clear()
    line.twilio.point(NUMBER, voice_url=DEMO)
    plan = await line.setup.undoer.plan()
    assert (plan.steps, plan.left) == ((), ())
    await line.setup.undoer.carry_out(plan)
    assert wholly(line)
    assert line.saved().assistant is None


async def test_an_assistant_that_answers_another_number_is_left() -> None:
    line = await Line(assistants=()).opened()
    made = await line.setup.create_assistant(draft())
    line.vapi.numbers["shop"] = at_vapi(id="shop", number="+33199005678", assistant_id=made.id)
    done, left = await undo(line)
    assert done == []
    assert "+33 1 99 00 56 78" in left[0]
    assert made.id in line.vapi.assistants


async def test_an_assistant_that_vapi_keeps_is_said_and_the_rest_is_undone() -> None:
    line = await Line(assistants=()).opened()
    await line.setup.create_assistant(draft())
    await linked(line)
    line.vapi.fail("delete_assistant", rejected(ErrorCode.ASSISTANT_PINNED))
    _done, left = await undo(line)
    assert "pinned" in left[0]
    assert line.vapi.numbers == {}
    # Released, it goes with the next undo.
    done, _left = await undo(line)
    assert len(done) == 1
    assert wholly(line)


EARLIER = [
    at_vapi(),
    at_vapi(assistant_id=OTHER.id),
    at_vapi(squad_id="squad"),
    at_vapi(workflow_id="workflow"),
    at_vapi(assistant_id=OTHER.id, squad_id="squad"),
]


@pytest.mark.parametrize("earlier", EARLIER)
async def test_a_number_that_was_at_vapi_before_is_handed_back(earlier: VapiNumber) -> None:
    at_twilio = replace(AT_TWILIO, voice_url=WEBHOOK)
    line = await Line(
        assistants=(AVA, OTHER), numbers=(earlier,), at_twilio=at_twilio, chosen=AVA
    ).opened()
    before = vendors(line)
    await linked(line)
    done, left = await undo(line)
    assert (len(done), left) == (1, [])
    assert SAY(done[0].words)
    assert vendors(line) == before
    assert wholly(line)
    assert line.saved().linked is None


async def test_links_made_in_a_row_go_back_to_the_first_in_one_step() -> None:
    third = Assistant("third", "Third")
    earlier = at_vapi(assistant_id=OTHER.id)
    at_twilio = replace(AT_TWILIO, voice_url=WEBHOOK)
    line = await Line(
        assistants=(AVA, OTHER, third), numbers=(earlier,), at_twilio=at_twilio, chosen=AVA
    ).opened()
    before = vendors(line)
    await linked(line)
    await line.setup.choose_assistant(third)
    await linked(line)
    done, _left = await undo(line)
    assert len(done) == 1
    assert vendors(line) == before


async def test_a_number_that_was_there_and_is_linked_otherwise_by_now_is_left() -> None:
    at_twilio = replace(AT_TWILIO, voice_url=WEBHOOK)
    line = await Line(numbers=(at_vapi(),), at_twilio=at_twilio).opened()
    await linked(line)
    line.vapi.numbers["number"] = at_vapi(squad_id="squad")
    done, left = await undo(line)
    assert (done, len(left)) == ([], 1)
    assert line.record.squad_id == "squad"


async def test_a_number_that_was_there_and_is_gone_is_settled() -> None:
    at_twilio = replace(AT_TWILIO, voice_url=WEBHOOK)
    line = await Line(numbers=(at_vapi(),), at_twilio=at_twilio).opened()
    await linked(line)
    line.vapi.numbers.clear()
    await undo(line)
    assert wholly(line)
    assert line.saved().linked is None


async def test_a_number_whose_earlier_assistant_is_gone_is_unlinked() -> None:
    at_twilio = replace(AT_TWILIO, voice_url=WEBHOOK)
    line = await Line(
        assistants=(AVA, OTHER),
        numbers=(at_vapi(assistant_id=OTHER.id),),
        at_twilio=at_twilio,
        chosen=AVA,
    ).opened()
    await linked(line)
    del line.vapi.assistants[OTHER.id]
    await undo(line)
    assert line.record.assistant_id is None


@pytest.mark.parametrize("masks", [False, True])
async def test_an_import_that_nobody_saw_the_end_of_is_found_and_undone(*, masks: bool) -> None:
    line = await Line().opened()
    line.vapi.fail("import_number", timed_out(), done=True)
    line.vapi.fail("list_numbers", unreachable(), times=0)
    line.vapi.before["import_number"] = lambda: line.vapi.fail("list_numbers", unreachable())
    assert not (await line.setup.link()).success
    line.vapi.mend()
    line.vapi.masks = masks
    assert line.saved().journal[-1].made == ""
    await undo(line)
    assert line.vapi.numbers == {}
    assert line.twilio.numbers[NUMBER] == AT_TWILIO


async def test_a_creation_that_nobody_saw_the_end_of_is_found_and_undone() -> None:
    line = await Line(assistants=()).opened()
    line.vapi.fail("create_assistant", timed_out(), done=True)
    line.vapi.fail("list_assistants", unreachable())
    with pytest.raises(VendorError):
        await line.setup.create_assistant(draft())
    await undo(line)
    assert line.vapi.assistants == {}
    assert wholly(line)


WRITES = ("point_number", "delete_number", "delete_assistant")


@pytest.mark.parametrize("request_", WRITES)
@pytest.mark.parametrize("done", [False, True])
async def test_an_unseen_answer_is_looked_after_and_undo_carries_on(
    request_: str, *, done: bool
) -> None:
    line = await Line(assistants=()).opened()
    before = vendors(line)
    await line.setup.create_assistant(draft())
    await linked(line)
    vendor = line.twilio if request_ == "point_number" else line.vapi
    vendor.fail(request_, down(), done=done)
    if done:
        await undo(line)
    else:
        with pytest.raises(VendorError):
            await undo(line)
        assert line.setup.undoer.has_something
        line.setup = line.again()
        await line.setup.open()
        await undo(line)
    assert vendors(line) == before
    assert wholly(line)


@pytest.mark.parametrize("request_", WRITES)
async def test_a_refusal_ends_it_and_what_was_done_is_not_done_again(request_: str) -> None:
    line = await Line(assistants=()).opened()
    before = vendors(line)
    await line.setup.create_assistant(draft())
    await linked(line)
    vendor = line.twilio if request_ == "point_number" else line.vapi
    vendor.fail(request_, unreachable())
    with pytest.raises(VendorError):
        await undo(line)
    done, _left = await undo(line)
    assert len(done) == 3 - WRITES.index(request_)
    assert vendors(line) == before


async def test_what_is_deleted_by_somebody_in_the_same_moment_counts_as_done() -> None:
    line = await Line(assistants=()).opened()
    await line.setup.create_assistant(draft())
    await linked(line)
    for request in ("delete_number", "delete_assistant"):
        line.vapi.fail(request, not_found(), done=True)
    await undo(line)
    assert wholly(line)


async def test_webhooks_that_do_not_change_are_said_and_nothing_is_called_undone() -> None:
    line = await Line().opened()
    await linked(line)
    line.twilio.fail("point_number", timed_out(Vendor.TWILIO))
    with pytest.raises(VendorError) as caught:
        await undo(line)
    assert caught.value.code is ErrorCode.WEBHOOKS_NOT_BACK
    assert not wholly(line)
    assert len(line.vapi.numbers) == 1


async def test_what_nobody_agreed_to_is_not_done() -> None:
    line = await Line().opened()
    await linked(line)
    before = vendors(line)
    await line.setup.undoer.carry_out(UndoPlan())
    assert vendors(line) == before


async def test_missing_keys_are_said_before_anything_is_changed() -> None:
    line = Line()
    line.store = type(line.store)(
        Saved(
            journal=(
                CreateAssistant.model_validate({"create_id": "c", "at": "2026-11-01T10:00:00Z"}),
            )
        )
    )
    with pytest.raises(SetupError) as caught:
        await line.again().undoer.plan()
    assert caught.value.code is ErrorCode.VAPI_KEY_NEEDED


async def test_what_was_made_in_another_organisation_is_left_and_said() -> None:
    line = await Line().opened()
    await linked(line)
    made = await line.setup.create_assistant(draft())
    elsewhere = Connection(region=Region.US, org_id="another org")
    await line.store.update(lambda state: state.save(connection=elsewhere))
    done, left = await undo(line)
    assert not done
    assert left == [
        "What was made in another Vapi organisation is left as it is: enter that key to undo it."
    ]
    assert made.id in line.vapi.assistants
    # Back with the first key, all of it is taken back.
    await line.store.update(
        lambda state: state.save(connection=Connection(region=Region.US, org_id="org"))
    )
    done, left = await undo(line)
    assert (len(done), left) == (3, [])
    assert not line.vapi.numbers


async def test_an_import_cut_short_and_done_again_still_knows_the_first_webhooks() -> None:
    line = await Line(at_twilio=replace(AT_TWILIO, voice_url=ELSEWHERE)).opened()
    line.vapi.hang("import_number", done=True)
    task = asyncio.create_task(line.setup.link(CONSENTS))
    await line.vapi.hanging.wait()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    # Its record is deleted by hand, Twilio still points at Vapi; then it is imported once more.
    line.vapi.numbers.clear()
    await linked(line)
    await undo(line)
    assert line.twilio.numbers[NUMBER].voice_url == ELSEWHERE
    assert not line.vapi.numbers


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (WEBHOOK, True),
        ("https://api.eu.vapi.ai/twilio/status", True),
        ("https://vapi.ai.example/twilio/status", False),
        ("https://vapi.ai/", False),
        ("https://[", False),
        ("", False),
    ],
)
def test_only_what_an_import_writes_is_taken_for_vapis(url: str, *, expected: bool) -> None:
    assert is_vapis(url) is expected


# What takes a number's calls, besides its webhooks.


@pytest.mark.parametrize(
    ("now", "wanted", "writes"),
    [
        ({}, Webhooks(trunk_sid="TK0"), Webhooks(trunk_sid="TK0")),
        ({"trunk_sid": "TK0"}, Webhooks(trunk_sid="TK0"), Webhooks()),
        ({"trunk_sid": "TK1"}, Webhooks(trunk_sid=""), Webhooks(trunk_sid="")),
        ({"trunk_sid": "TK1"}, Webhooks(application_sid=""), Webhooks()),
        ({"application_sid": "AP1"}, Webhooks(application_sid=""), Webhooks(application_sid="")),
        ({"application_sid": "AP1"}, Webhooks(sms_url=AT_TWILIO.sms_url), Webhooks()),
    ],
)
def test_a_trunk_or_an_app_is_written_only_where_it_is_not_already(
    now: dict[str, str], wanted: Webhooks, writes: Webhooks
) -> None:
    number = replace(AT_TWILIO, **now)  # type: ignore[arg-type] # every field changed is one of text
    assert to_write(number, wanted) == writes


async def test_a_trunk_that_is_put_back_takes_the_calls_from_an_app_as_at_twilio() -> None:
    line = Line(at_twilio=replace(AT_TWILIO, application_sid="AP0"))
    number = await line.twilio.point_number(AT_TWILIO.sid, Webhooks(trunk_sid="TK0"))
    assert (number.trunk_sid, number.application_sid) == ("TK0", "")


async def test_a_record_that_was_there_before_an_import_cut_short_is_not_ours_to_remove() -> None:
    # Somebody was quicker: an import is begun, and stopped at once.
    line = await Line().opened()
    line.vapi.hang("import_number", done=False)
    linking = asyncio.create_task(line.setup.link(CONSENTS))
    await line.vapi.hanging.wait()
    theirs = at_vapi()
    line.vapi.numbers[theirs.id] = theirs
    linking.cancel()
    with suppress(asyncio.CancelledError):
        await linking
    await undo(line)
    assert line.record == theirs


async def test_linked_once_more_after_half_an_undo_it_is_as_linked_for_the_first_time() -> None:
    line = await Line().opened()
    await linked(line)
    line.vapi.fail("delete_number", unreachable())
    with pytest.raises(VendorError):
        await undo(line)
    assert line.twilio.numbers[NUMBER] == AT_TWILIO
    await line.setup.choose_number(AT_TWILIO)
    await linked(line)
    assert is_vapis(line.twilio.numbers[NUMBER].voice_url)
    # What its owner empties now is no deletion's doing.
    line.twilio.point(NUMBER, voice_url="", voice_method="POST")
    _done, left = await undo(line)
    assert [text for text in left if "go to nothing today" in text] == left != []
    assert line.twilio.numbers[NUMBER].voice_url == ""


async def test_a_step_that_nobody_saw_the_end_of_leaves_no_link_claimed() -> None:
    line = await Line().opened()
    await linked(line)
    plan = await line.setup.undoer.plan()
    line.vapi.fail("delete_number", down(), done=True)
    line.vapi.fail("read_number", unreachable())
    with pytest.raises(VendorError):
        await line.setup.undoer.carry_out(plan)
    assert line.saved().linked is None
