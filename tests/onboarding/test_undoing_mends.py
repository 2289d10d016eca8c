"""Undo of what the doctor mended: as it was before the first of our writes, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings, strategies as st

from ava_setup.onboarding.assistant import AssistantMends
from ava_setup.onboarding.errors import ErrorCode, Vendor, VendorError
from ava_setup.onboarding.state import (
    ChangeAssistant,
    ChangeFallback,
    ImportNumber,
    RepointNumber,
)
from ava_setup.onboarding.undo_steps import UndoPlan, Webhooks
from ava_setup.onboarding.undoing_webhooks import earlier
from tests.onboarding.fakes import (
    AT_TWILIO,
    AVA,
    DEMO,
    NUMBER,
    OTHER,
    PROFILE,
    SID,
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
    ELSEWHERE,
    SAY,
    kinds,
    linked,
    mended,
    undo,
    vendors,
    wholly,
)

if TYPE_CHECKING:
    from ava_setup.onboarding.journal import Entry
    from ava_setup.onboarding.number import VapiNumber

TRUNK, APP = f"TK{'0' * 32}", f"AP{'0' * 32}"
OWNER, ANOTHER = "+33612345678", "+33687654321"
NOW = datetime(2026, 11, 1, tzinfo=UTC)
# Says nothing, in English, with an office behind it.
POOR = replace(
    AVA,
    first_message="",
    is_quiet=False,
    voice_languages=frozenset({"en"}),
    heard_languages=frozenset({"en"}),
)
RICH = replace(
    AVA,
    first_message="Bonjour, ici l'assistante virtuelle.",
    is_quiet=True,
    voice_languages=frozenset({"fr"}),
    heard_languages=frozenset({"fr"}),
)


async def line_of(*, fallback: str = "", **how: Any) -> Line:
    line = await Line(**{"assistants": (RICH, OTHER), "chosen": RICH, **how}).opened()
    await line.setup.save_profile(PROFILE.model_copy(update={"fallback_number": fallback}))
    return line


async def remembering(line: Line, *entries: Entry) -> None:
    """Have the journal say this."""
    await line.store.update(lambda state: state.save(journal=entries))


def repointed(**fields: str) -> RepointNumber:
    known = {"voice_url": DEMO, "voice_method": "POST", **fields}
    return RepointNumber(sid=SID, number=NUMBER, at=NOW, org_id="org", **known)


def imported(**fields: str) -> ImportNumber:
    known = {"voice_url": DEMO, "voice_method": "POST", **fields}
    return ImportNumber(number=NUMBER, assistant_id=AVA.id, at=NOW, org_id="org", **known)


# Who takes the calls.


@pytest.mark.parametrize(
    ("owner", "words"),
    [({"trunk_sid": TRUNK}, "a SIP trunk"), ({"application_sid": APP}, "a TwiML app")],
)
async def test_a_number_goes_back_to_what_owned_it_in_one_write(
    owner: dict[str, str], words: str
) -> None:
    line = await line_of(at_twilio=replace(AT_TWILIO, **owner))  # type: ignore[arg-type]
    before = vendors(line)
    assert await mended(line) == ["PointNumber", "LinkNumber"]
    done, left = await undo(line)
    assert kinds(done) == ["PutWebhooksBack", "DeleteNumber"]
    assert SAY(done[0].words).endswith(f"where they went before: {words}")
    assert left == []
    assert vendors(line) == before
    assert wholly(line)
    assert await line.setup.undoer.plan() == UndoPlan()


async def test_a_number_that_was_at_vapi_goes_back_to_where_twilio_sent_it() -> None:
    at_twilio = replace(AT_TWILIO, voice_url=ELSEWHERE, voice_method="GET", trunk_sid=TRUNK)
    line = await line_of(numbers=(at_vapi(assistant_id=OTHER.id),), at_twilio=at_twilio)
    before = vendors(line)
    assert await mended(line) == ["PointNumber", "LinkNumber"]
    done, left = await undo(line)
    assert sorted(kinds(done)) == ["HandBack", "PutWebhooksBack"]
    assert left == []
    assert vendors(line) == before
    assert line.saved().linked is None
    assert wholly(line)


async def test_a_wrong_method_is_wrong_again() -> None:
    at_twilio = replace(AT_TWILIO, voice_url=WEBHOOK, voice_method="GET")
    line = await line_of(numbers=(at_vapi(assistant_id=RICH.id),), at_twilio=at_twilio)
    before = vendors(line)
    assert await mended(line) == ["PointNumber"]
    done, _left = await undo(line)
    assert SAY(done[0].words).endswith("Vapi, by GET")
    assert vendors(line) == before
    assert wholly(line)


async def test_a_number_that_somebody_put_back_is_settled_and_no_longer_called_linked() -> None:
    line = await line_of(numbers=(at_vapi(assistant_id=RICH.id),))
    assert await mended(line) == ["PointNumber"]
    await linked(line)
    line.twilio.point(NUMBER, voice_url=DEMO)
    assert await undo(line) == ([], [])
    assert line.saved().linked is None
    assert wholly(line)


async def test_a_number_that_left_the_account_is_said() -> None:
    line = await line_of(numbers=(at_vapi(assistant_id=RICH.id),))
    assert await mended(line) == ["PointNumber"]
    line.twilio.numbers.clear()
    done, left = await undo(line)
    assert (done, len(left)) == ([], 1)
    assert line.setup.undoer.has_something


async def test_calls_that_somebody_took_over_meanwhile_stay_with_them() -> None:
    line = await line_of(at_twilio=replace(AT_TWILIO, trunk_sid=TRUNK))
    await mended(line)
    line.twilio.point(NUMBER, voice_url=ELSEWHERE)
    done, left = await undo(line)
    assert kinds(done) == ["DeleteNumber"]
    assert "pbx.example" in left[0]
    now = line.twilio.numbers[NUMBER]
    assert (now.voice_url, now.trunk_sid) == (ELSEWHERE, "")
    assert wholly(line)


@pytest.mark.parametrize("taken", [{"trunk_sid": "TK9"}, {"application_sid": "AP9"}])
async def test_a_number_that_somebody_else_owns_by_now_stays_theirs(taken: dict[str, str]) -> None:
    line = await line_of(at_twilio=replace(AT_TWILIO, trunk_sid=TRUNK))
    await mended(line)
    line.twilio.point(NUMBER, **taken)
    _done, left = await undo(line)
    assert len(left) == 1
    assert line.twilio.numbers[NUMBER] == replace(AT_TWILIO, **taken)  # type: ignore[arg-type]
    assert wholly(line)


async def test_a_trunk_that_cannot_be_had_again_is_said_and_the_rest_is_undone() -> None:
    at_twilio = replace(AT_TWILIO, trunk_sid=TRUNK)
    line = await line_of(at_twilio=at_twilio)
    line.vapi.empties = True
    await mended(line)
    refusal = rejected()
    line.twilio.fail("point_number", refusal)
    # What the deletion empties is put back too, and the trunk is refused again.
    line.vapi.before["delete_number"] = lambda: line.twilio.fail("point_number", refusal)
    done, left = await undo(line)
    assert kinds(done) == ["PutWebhooksBack", "DeleteNumber"]
    assert len(left) == 1
    assert "cannot be had again" in left[0]
    assert line.twilio.numbers[NUMBER] == AT_TWILIO
    assert wholly(line)


async def test_a_number_whose_trunk_alone_goes_back_and_cannot_is_settled() -> None:
    line = await line_of()
    await remembering(line, repointed(trunk_sid=TRUNK))
    # Nothing else is to be written: a second request would be refused too.
    line.twilio.fail("point_number", rejected(), times=2)
    _done, left = await undo(line)
    assert len(left) == 1
    assert wholly(line)


async def test_any_other_refusal_of_twilios_ends_it() -> None:
    line = await line_of(at_twilio=replace(AT_TWILIO, trunk_sid=TRUNK))
    await mended(line)
    line.twilio.fail("point_number", rejected(ErrorCode.TWILIO_SUSPENDED))
    with pytest.raises(VendorError):
        await undo(line)
    assert not wholly(line)


async def test_an_owner_that_does_not_come_back_is_said() -> None:
    line = await line_of()
    await remembering(line, repointed(trunk_sid=TRUNK))
    line.twilio.fail("point_number", timed_out(Vendor.TWILIO))
    with pytest.raises(VendorError) as caught:
        await undo(line)
    assert caught.value.code is ErrorCode.WEBHOOKS_NOT_BACK


async def test_a_number_keeps_its_calls_at_vapi_where_somebody_else_answers_by_now() -> None:
    at_twilio = replace(AT_TWILIO, voice_url=ELSEWHERE)
    line = await line_of(numbers=(at_vapi(),), at_twilio=at_twilio)
    await mended(line)
    line.vapi.numbers["number"] = at_vapi(squad_id="squad")
    done, left = await undo(line)
    assert (done, len(left)) == ([], 1)
    assert line.twilio.numbers[NUMBER].voice_url == WEBHOOK
    assert line.setup.undoer.has_something


@pytest.mark.parametrize("done", [False, True])
async def test_a_repointing_that_nobody_saw_the_end_of_is_undone(*, done: bool) -> None:
    at_twilio = replace(AT_TWILIO, trunk_sid=TRUNK)
    line = await line_of(at_twilio=at_twilio)
    line.twilio.fail("point_number", down(Vendor.TWILIO), done=done)
    with pytest.raises(VendorError):
        await mended(line)
    assert line.saved().journal[-1].made == ""
    await undo(line)
    assert line.twilio.numbers[NUMBER] == at_twilio
    assert wholly(line)


async def test_what_was_pointed_for_another_organisation_is_left_and_said() -> None:
    line = await line_of(at_twilio=replace(AT_TWILIO, voice_url=WEBHOOK))
    await remembering(line, repointed().model_copy(update={"org_id": "another org"}))
    done, left = await undo(line)
    assert (done, len(left)) == ([], 1)
    assert line.twilio.numbers[NUMBER].voice_url == WEBHOOK


VAPIS = {"voice_url": WEBHOOK}
STATUS = "https://api.vapi.ai/twilio/status"


@pytest.mark.parametrize(
    ("writes", "now", "wanted", "taken"),
    [
        # Imported behind a trunk that was cleared first: back to before both.
        (
            [repointed(trunk_sid=TRUNK), imported(status_callback="https://s.example")],
            {**VAPIS, "status_callback": STATUS},
            Webhooks(DEMO, "POST", "https://s.example", "", TRUNK),
            False,
        ),
        (
            [repointed(trunk_sid=TRUNK), imported(**VAPIS)],
            VAPIS,
            Webhooks(DEMO, "POST", "", "", TRUNK),
            False,
        ),
        # A trunk that came after the import: both go.
        (
            [imported(), repointed(**VAPIS, trunk_sid=TRUNK)],
            VAPIS,
            Webhooks(DEMO, "POST", "", "", TRUNK),
            False,
        ),
        # Several in a row.
        (
            [repointed(voice_url=ELSEWHERE), repointed(**VAPIS), repointed(**VAPIS)],
            VAPIS,
            Webhooks(ELSEWHERE, "POST"),
            False,
        ),
        (
            [repointed(**VAPIS, voice_method="GET"), repointed(**VAPIS)],
            VAPIS,
            Webhooks(WEBHOOK, "GET"),
            False,
        ),
        (
            [imported(), repointed(**VAPIS, voice_method="GET")],
            VAPIS,
            Webhooks(DEMO, "POST", "", ""),
            False,
        ),
        (
            [
                imported(status_callback="https://s.example", sms_url=f"{STATUS}?1"),
                imported(**VAPIS, status_callback=STATUS, sms_url=STATUS),
            ],
            {**VAPIS, "status_callback": STATUS, "sms_url": STATUS},
            Webhooks(DEMO, "POST", "https://s.example", f"{STATUS}?1"),
            False,
        ),
        # Somebody sent them elsewhere between two of ours: that is what was there before.
        (
            [repointed(trunk_sid=TRUNK), repointed(voice_url=ELSEWHERE)],
            VAPIS,
            Webhooks(ELSEWHERE, "POST"),
            False,
        ),
        (
            [repointed(trunk_sid=TRUNK), repointed(**VAPIS, application_sid=APP)],
            VAPIS,
            Webhooks(DEMO, "POST", application_sid=APP),
            False,
        ),
        # Both were said to own it: a trunk goes before an app.
        (
            [repointed(trunk_sid=TRUNK, application_sid=APP)],
            VAPIS,
            Webhooks(DEMO, "POST", trunk_sid=TRUNK),
            False,
        ),
        # All is as it was already, or nothing was ever done.
        (
            [repointed(trunk_sid=TRUNK)],
            {"voice_url": DEMO, "trunk_sid": TRUNK, "application_sid": "AP9"},
            Webhooks(DEMO, "POST", trunk_sid=TRUNK),
            False,
        ),
        # Put back by somebody, in their own way.
        ([repointed()], {"voice_url": DEMO, "voice_method": "GET"}, Webhooks(DEMO, "GET"), False),
        # Somebody's.
        ([repointed()], {"voice_url": ELSEWHERE}, Webhooks(), True),
        (
            [repointed(application_sid=APP)],
            {**VAPIS, "application_sid": "AP9"},
            Webhooks(DEMO, "POST"),
            True,
        ),
    ],
)
def test_what_is_put_back_is_what_was_there_before_the_first_of_our_writes(
    writes: list[RepointNumber | ImportNumber],
    now: dict[str, str],
    wanted: Webhooks,
    taken: bool,  # noqa: FBT001 - one of the answers
) -> None:
    number = replace(AT_TWILIO, **{"sms_url": "", **now})  # type: ignore[arg-type]
    found = earlier(writes, number)
    assert (found.webhooks, found.taken) == (wanted, taken)


# Assistants.


async def test_an_assistant_is_what_it_was() -> None:
    line = await line_of(assistants=(POOR, OTHER), chosen=POOR)
    await linked(line)
    before = line.vapi.assistants[POOR.id]
    did = await mended(line)
    assert did.count("MendAssistant") == 3
    done, left = await undo(line)
    assert kinds(done) == ["PutWebhooksBack", "DeleteNumber", "PutSettingsBack"]
    assert "earlier settings of “Ava”" in SAY(done[-1].words)
    assert left == []
    assert line.vapi.assistants[POOR.id] == before
    assert wholly(line)
    chosen = line.saved().assistant
    assert chosen is not None, "it is still the one that was chosen"


async def test_of_what_was_changed_twice_the_first_value_comes_back() -> None:
    line = await line_of(assistants=(POOR,), chosen=POOR)
    for words in ("Bonjour", "Bonsoir"):
        mends = AssistantMends(opening_words=words)
        was = await line.vapi.read_settings(POOR.id, mends)
        entry = ChangeAssistant(assistant_id=POOR.id, at=NOW, org_id="org", earlier=was)
        await line.store.update(
            lambda state, entry=entry: state.save(journal=(*state.saved.journal, entry))  # type: ignore[misc]
        )
        await line.vapi.mend_assistant(POOR.id, mends)
    done, _left = await undo(line)
    assert len(done) == 1
    assert line.vapi.assistants[POOR.id] == POOR


async def test_an_assistant_that_was_made_here_and_mended_is_only_deleted() -> None:
    line = await line_of(assistants=(), chosen=None)
    made = await line.setup.create_assistant(draft())
    await linked(line)
    line.vapi.assistants[made.id] = replace(line.vapi.assistants[made.id], is_quiet=False)
    assert await mended(line) == ["MendAssistant"]
    done, _left = await undo(line)
    assert kinds(done) == ["PutWebhooksBack", "DeleteNumber", "DeleteAssistant"]
    assert line.vapi.assistants == {}
    assert wholly(line)


async def test_an_assistant_that_was_made_here_and_stays_stays_mended() -> None:
    line = await line_of(assistants=(), chosen=None)
    made = await line.setup.create_assistant(draft())
    await linked(line)
    line.vapi.assistants[made.id] = replace(line.vapi.assistants[made.id], is_quiet=False)
    await mended(line)
    line.vapi.numbers["shop"] = at_vapi(id="shop", number="+33199005678", assistant_id=made.id)
    done, left = await undo(line)
    assert kinds(done) == ["PutWebhooksBack", "DeleteNumber"]
    assert len(left) == 1
    assert line.vapi.assistants[made.id].is_quiet
    # Once nothing needs it any more it goes, with all that was done to it.
    del line.vapi.numbers["shop"]
    await undo(line)
    assert wholly(line)


async def test_an_assistant_that_is_gone_has_nothing_to_put_back() -> None:
    line = await line_of(assistants=(POOR, OTHER), chosen=POOR)
    await linked(line)
    await mended(line)
    del line.vapi.assistants[POOR.id]
    line.vapi.numbers.clear()
    done, left = await undo(line)
    assert (kinds(done), left) == (["PutWebhooksBack"], [])
    assert wholly(line)


@pytest.mark.parametrize("done", [False, True])
async def test_a_change_that_nobody_saw_the_end_of_is_undone(*, done: bool) -> None:
    line = await line_of(assistants=(POOR,), chosen=POOR)
    await linked(line)
    line.vapi.fail("mend_assistant", timed_out(), done=done)
    with pytest.raises(VendorError):
        await mended(line)
    await undo(line)
    assert line.vapi.assistants[POOR.id] == POOR
    assert wholly(line)


# The telephone that rings when Ava cannot answer.


async def test_the_telephone_that_rang_before_rings_again() -> None:
    at_twilio = replace(AT_TWILIO, voice_url=WEBHOOK)
    record = at_vapi(assistant_id=RICH.id, fallback_number=ANOTHER)
    line = await line_of(fallback=OWNER, numbers=(record,), at_twilio=at_twilio)
    assert await mended(line) == ["SetFallback"]
    done, left = await undo(line)
    assert (kinds(done), left) == (["PutFallbackBack"], [])
    assert "+33 6 87 65 43 21" in SAY(done[0].words)
    assert line.record.fallback_number == ANOTHER
    assert wholly(line)


async def test_where_none_rang_none_rings_again_even_after_two_changes() -> None:
    at_twilio = replace(AT_TWILIO, voice_url=WEBHOOK)
    line = await line_of(
        fallback=OWNER, numbers=(at_vapi(assistant_id=RICH.id),), at_twilio=at_twilio
    )
    await mended(line)
    await line.setup.save_profile(PROFILE.model_copy(update={"fallback_number": ANOTHER}))
    await mended(line)
    assert line.record.fallback_number == ANOTHER
    done, _left = await undo(line)
    assert "ring nobody" in SAY(done[0].words)
    assert line.record.fallback_number == ""
    assert wholly(line)


async def test_a_telephone_that_somebody_else_set_stays_and_is_said_once() -> None:
    at_twilio = replace(AT_TWILIO, voice_url=WEBHOOK)
    line = await line_of(
        fallback=OWNER, numbers=(at_vapi(assistant_id=RICH.id),), at_twilio=at_twilio
    )
    await mended(line)
    line.vapi.numbers["number"] = replace(line.record, fallback_number=ANOTHER)
    done, left = await undo(line)
    assert (done, len(left)) == ([], 1)
    assert line.record.fallback_number == ANOTHER
    assert not line.setup.undoer.has_something


async def test_a_telephone_that_the_owner_took_away_is_what_undoing_wanted() -> None:
    at_twilio = replace(AT_TWILIO, voice_url=WEBHOOK)
    line = await line_of(
        fallback=OWNER, numbers=(at_vapi(assistant_id=RICH.id),), at_twilio=at_twilio
    )
    await mended(line)
    await line.setup.save_profile(PROFILE.model_copy(update={"fallback_number": ANOTHER}))
    await mended(line)
    line.vapi.numbers["number"] = replace(line.record, fallback_number="")
    assert await undo(line) == ([], [])
    assert wholly(line)


async def test_one_that_somebody_took_away_instead_of_theirs_is_said_to_ring_no_more() -> None:
    record = at_vapi(assistant_id=RICH.id, fallback_number=ANOTHER)
    at_twilio = replace(AT_TWILIO, voice_url=WEBHOOK)
    line = await line_of(fallback=OWNER, numbers=(record,), at_twilio=at_twilio)
    await mended(line)
    line.vapi.numbers["number"] = replace(line.record, fallback_number="")
    done, left = await undo(line)
    assert done == []
    assert [one.partition(" rings")[0] for one in left] == ["No other telephone"]


async def test_what_an_import_set_goes_with_it() -> None:
    line = await line_of(fallback=OWNER)
    await linked(line)
    await line.setup.save_profile(PROFILE.model_copy(update={"fallback_number": ANOTHER}))
    assert await mended(line) == ["SetFallback"]
    done, _left = await undo(line)
    assert kinds(done) == ["PutWebhooksBack", "DeleteNumber"]
    assert wholly(line)


async def test_what_rang_at_a_number_that_is_gone_is_settled() -> None:
    line = await line_of()
    await remembering(
        line, ChangeFallback(phone_number_id="gone", wanted=OWNER, at=NOW, org_id="org")
    )
    assert await undo(line) == ([], [])
    assert wholly(line)


async def test_a_number_that_lists_hide_is_read_before_it_is_judged() -> None:
    at_twilio = replace(AT_TWILIO, voice_url=WEBHOOK)
    line = await line_of(
        fallback=OWNER, numbers=(at_vapi(assistant_id=RICH.id),), at_twilio=at_twilio
    )
    await mended(line)
    line.vapi.masks = True
    done, _left = await undo(line)
    assert "+33 1 99 00 12 34" in SAY(done[0].words)
    assert line.record.fallback_number == ""


# Failures of undoing itself.

BACK = ("put_settings_back", "set_fallback", "hand_back_number")


async def one_of_everything() -> Line:
    record = at_vapi(assistant_id=OTHER.id, fallback_number=ANOTHER)
    line = await line_of(
        fallback=OWNER,
        assistants=(POOR, OTHER),
        chosen=POOR,
        numbers=(record,),
        at_twilio=replace(AT_TWILIO, voice_url=ELSEWHERE, trunk_sid=TRUNK),
    )
    await mended(line)
    found = {entry.kind for entry in line.saved().journal}
    assert found == {"repoint_number", "relink_number", "change_assistant", "change_fallback"}
    return line


@pytest.mark.parametrize("done", [False, True])
@pytest.mark.parametrize("request_", [*BACK, "point_number"])
async def test_undoing_that_fails_is_taken_up_where_it_stopped(
    request_: str, *, done: bool
) -> None:
    line = await one_of_everything()
    vendor = line.twilio if request_ == "point_number" else line.vapi
    vendor.fail(request_, down(), done=done)
    looked_after = request_ == "point_number" and done
    if looked_after:
        await undo(line)
    else:
        with pytest.raises(VendorError):
            await undo(line)
        line.setup = line.again()
        await line.setup.open()
        await undo(line)
    assert line.record == at_vapi(
        assistant_id=OTHER.id, fallback_number=ANOTHER, updated_at=line.record.updated_at
    )
    assert line.vapi.assistants[POOR.id] == POOR
    assert line.twilio.numbers[NUMBER].target.words.msgid == "a SIP trunk"
    assert wholly(line)


@pytest.mark.parametrize("request_", ["put_settings_back", "set_fallback"])
async def test_what_went_in_the_same_moment_counts_as_done(request_: str) -> None:
    line = await one_of_everything()
    line.vapi.fail(request_, not_found())
    await undo(line)
    assert wholly(line)


async def test_a_refusal_leaves_what_was_done_done() -> None:
    line = await one_of_everything()
    line.vapi.fail("put_settings_back", unreachable())
    with pytest.raises(VendorError):
        await undo(line)
    done, _left = await undo(line)
    assert kinds(done) == ["PutSettingsBack"]


# All of it.

ACTIONS = ("link", "mend", "create", "choose", "ring one", "ring another", "ring nobody")
RECORDS = [
    None,
    at_vapi(),
    at_vapi(assistant_id=OTHER.id, fallback_number=ANOTHER),
    at_vapi(squad_id="squad"),
    at_vapi(assistant_id=OTHER.id, workflow_id="workflow"),
]
FAULTS = ("point_number", "delete_number", "delete_assistant", *BACK)


async def act(line: Line, action: str) -> None:
    match action:
        case "link":
            # A number that something owns cannot be linked before it is mended.
            await line.setup.link(frozenset())
        case "mend":
            await mended(line)
        case "create":
            await line.setup.create_assistant(draft())
        case "choose":
            await line.setup.choose_assistant(OTHER)
        case _:
            rings = {"ring one": OWNER, "ring another": ANOTHER}.get(action, "")
            await line.setup.save_profile(PROFILE.model_copy(update={"fallback_number": rings}))


@settings(max_examples=150, deadline=None)
@given(
    record=st.sampled_from(RECORDS),
    owner=st.sampled_from([{}, {"trunk_sid": TRUNK}, {"application_sid": APP}]),
    voice_url=st.sampled_from(["", DEMO, ELSEWHERE, WEBHOOK]),
    method=st.sampled_from(["GET", "POST"]),
    assistant=st.sampled_from([POOR, RICH]),
    actions=st.lists(st.sampled_from(ACTIONS), min_size=1, max_size=6),
    quirks=st.tuples(st.booleans(), st.booleans()),
    fault=st.sampled_from([None, *FAULTS]),
)
async def test_undoing_mends_and_links_leaves_the_vendors_as_they_were(  # noqa: PLR0917
    record: VapiNumber | None,
    owner: dict[str, str],
    voice_url: str,
    method: str,
    assistant: Any,
    actions: list[str],
    quirks: tuple[bool, bool],
    fault: str | None,
) -> None:
    at_twilio = replace(AT_TWILIO, voice_url=voice_url, voice_method=method, **owner)  # type: ignore[arg-type]
    line = await line_of(
        assistants=(assistant, OTHER),
        chosen=assistant,
        numbers=(record,) if record else (),
        at_twilio=at_twilio,
    )
    line.vapi.empties, line.vapi.masks = quirks
    before = vendors(line)
    for action in actions:
        await act(line, action)
    if fault:
        (line.twilio if fault == "point_number" else line.vapi).fail(fault, down())
        try:
            await undo(line)
        except VendorError:
            line.twilio.mend()
            line.vapi.mend()
    _done, left = await undo(line)
    assert left == []
    assert vendors(line) == before
    assert wholly(line)
    assert (await line.setup.undoer.plan()) == UndoPlan()
