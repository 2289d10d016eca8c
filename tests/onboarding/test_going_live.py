"""Going live: all that is written, once and in order, and nothing of it too early."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pytest

from ava_setup.onboarding.errors import ErrorCode
from ava_setup.onboarding.outcome import Consent, Outcome
from ava_setup.onboarding.state import ChosenAssistant, CreateAssistant, DraftedAssistant
from ava_setup.onboarding.steps import StepId, first_open
from tests.onboarding.fakes import (
    AT_TWILIO,
    AVA,
    OTHER,
    TOKEN_PAIR,
    Line,
    at_vapi,
    draft,
    unreachable,
)

if TYPE_CHECKING:
    from ava_setup.onboarding.number import TwilioNumber

STUDIO = "https://webhooks.twilio.com/v1/Accounts/AC0/Flows/FW0"


async def drafted(**how: object) -> Line:
    """Give a line whose assistant is still to be created."""
    line = await Line(**{"assistants": (), **how}).opened()  # type: ignore[arg-type]
    await line.setup.draft_assistant(draft())
    return line


def creations(line: Line) -> list[CreateAssistant]:
    return [one for one in line.saved().journal if isinstance(one, CreateAssistant)]


async def test_a_drafted_assistant_is_created_once_and_answers() -> None:
    line = await drafted()
    assert not line.vapi.assistants
    assert first_open(line.store.state) is StepId.REVIEW
    first = line.saved().assistant
    assert isinstance(first, DraftedAssistant)
    result = await line.setup.go_live()
    assert (result.success, result.outcome) == (True, Outcome.IMPORTED)
    (made,) = line.vapi.assistants.values()
    assert line.record.assistant_id == made.id
    chosen = line.saved().assistant
    assert isinstance(chosen, ChosenAssistant)
    assert (chosen.id, chosen.draft) == (made.id, first.draft)
    assert first_open(line.store.state) is StepId.PROOF
    await line.setup.go_live()
    assert list(line.vapi.assistants) == [made.id]


class Counted:
    """Counts what a vendor is asked, by method name, from now on."""

    def __init__(self, line: Line) -> None:
        self.asked: Counter[str] = Counter()
        for vendor in (line.vapi, line.twilio):
            for request in ("list_numbers", "find_number", "list_assistants", "read_account"):
                vendor.before[request] = partial(self.asked.update, [request])


async def test_what_was_read_while_twilio_was_asked_is_not_read_again_before_writing() -> None:
    line = await drafted()
    await line.setup.take_twilio(TOKEN_PAIR)
    counted = Counted(line)
    await line.setup.review()
    assert (await line.setup.go_live()).success
    # The list at Vapi was read ahead; the rest reads back what was written.
    assert counted.asked == {"find_number": 1}


async def test_what_cannot_be_read_ahead_holds_nothing_up_and_is_asked_for_later() -> None:
    line = await drafted()
    line.vapi.fail("list_numbers", unreachable())
    assert (await line.setup.take_twilio(TOKEN_PAIR)).is_in_order
    assert (await line.setup.go_live()).success

    line = await drafted()
    line.vapi.hang("list_numbers", done=False)
    assert (await line.setup.take_twilio(TOKEN_PAIR)).is_in_order
    assert (await line.setup.go_live()).success


async def test_a_draft_that_is_changed_stays_one_creation() -> None:
    line = await drafted()
    first = line.saved().assistant
    await line.setup.draft_assistant(draft("Ava du samedi"))
    then = line.saved().assistant
    assert isinstance(first, DraftedAssistant)
    assert isinstance(then, DraftedAssistant)
    assert then.draft.create_id == first.draft.create_id != ""
    await line.setup.go_live()
    assert [one.name for one in line.vapi.assistants.values()] == ["Ava du samedi"]


async def test_a_draft_is_kept_for_the_next_start() -> None:
    line = await drafted()
    kept = type(line.saved()).model_validate_json(line.saved().model_dump_json())
    assert kept == line.saved()


async def test_nothing_is_created_for_a_number_that_cannot_be_linked() -> None:
    line = await drafted(at_twilio=replace(AT_TWILIO, trunk_sid="TK0"))
    result = await line.setup.go_live()
    assert result.problem is not None
    assert result.problem.code is ErrorCode.TRUNK_OWNS_VOICE
    assert not line.vapi.assistants
    assert line.saved().journal == ()


@pytest.mark.parametrize(
    ("at_twilio", "numbers", "consent"),
    [
        (replace(AT_TWILIO, voice_url=STUDIO), (), Consent.OVERWRITE),
        (AT_TWILIO, (at_vapi(assistant_id=OTHER.id),), Consent.REASSIGN),
    ],
)
async def test_nothing_is_created_before_the_consent_that_linking_needs(
    at_twilio: TwilioNumber, numbers: tuple[object, ...], consent: Consent
) -> None:
    line = await drafted(assistants=(OTHER,), at_twilio=at_twilio, numbers=numbers)
    result = await line.setup.go_live()
    assert result.consent is consent
    assert list(line.vapi.assistants) == [OTHER.id]
    assert isinstance(line.saved().assistant, DraftedAssistant)
    agreed = await line.setup.go_live(frozenset({consent, Consent.OVERWRITE}))
    assert agreed.success
    assert len(line.vapi.assistants) == 2


@pytest.mark.parametrize("done", [False, True])
async def test_a_creation_cut_short_is_taken_up_and_never_made_twice(*, done: bool) -> None:
    line = await drafted()
    line.vapi.hang("create_assistant", done=done)
    going = asyncio.ensure_future(line.setup.go_live())
    await line.vapi.hanging.wait()
    going.cancel()
    again = line.again()
    await again.open()
    assert (await again.go_live()).success
    assert len(line.vapi.assistants) == 1
    assert len(creations(line)) == 1


async def test_after_a_failed_link_the_assistant_is_no_longer_said_to_be_created() -> None:
    line = await drafted()
    review = await line.setup.review()
    assert "assistant" in {row.id for row in review.writes}
    line.vapi.fail("import_number", unreachable())
    assert not (await line.setup.go_live()).success
    after = line.store.state.live.review
    assert after is not None
    assert {row.id for row in after.writes} == {"number", "calls"}


async def test_a_wanted_key_is_made_first_and_vapi_gets_it_in_place_of_the_token() -> None:
    line = await drafted()
    await line.setup.want_key(wanted=True)
    assert first_open(line.store.state) is StepId.REVIEW
    assert (await line.setup.go_live()).success
    access = line.saved().twilio
    assert access is not None
    assert access.key_sid
    assert not line.saved().own_key


async def test_where_no_assistant_was_chosen_the_first_available_one_is_taken() -> None:
    line = await Line(assistants=(OTHER, AVA)).opened()
    await line.setup.assistant_later()
    result = await line.setup.go_live()
    assert (result.success, result.auto_linked, result.assistant_id) == (True, True, AVA.id)


async def test_where_there_is_none_it_is_said_and_made_afterwards_it_is_linked() -> None:
    line = await Line(assistants=()).opened()
    await line.setup.assistant_later()
    assert (await line.setup.go_live()).outcome is Outcome.ASSISTANT_REQUIRED
    assert line.saved().journal == ()
    await line.setup.draft_assistant(draft())
    assert (await line.setup.go_live()).success


async def test_a_draft_follows_its_business_but_for_the_words_that_are_the_owners_own() -> None:
    line = await drafted()
    profile = line.saved().profile
    assert profile is not None
    moved = profile.model_copy(
        update={"admin_email": "new@example.fr", "webhook_url": "https://ava.example/calls"}
    )
    await line.setup.save_profile(moved)
    choice = line.saved().assistant
    assert isinstance(choice, DraftedAssistant)
    assert choice.draft.admin_email == "new@example.fr"
    assert choice.draft.webhook_url == "https://ava.example/calls"
    assert choice.draft.greeting == draft().greeting
