"""The owner's one address: a new one goes where the earlier one went, and nowhere else."""

from __future__ import annotations

from ava_setup.onboarding.errors import ErrorCode
from ava_setup.onboarding.steps import StepId, first_open
from tests.onboarding.fakes import AVA, PROFILE, Line, draft, timed_out, unreachable

MOVED = PROFILE.model_copy(update={"admin_email": "new@example.fr"})


async def with_an_assistant_of_ours() -> tuple[Line, str]:
    line = await Line().opened()
    made = await line.setup.create_assistant(draft())
    return line, made.id


async def test_an_assistant_that_we_made_carries_the_new_address_once_it_goes_live() -> None:
    line, made = await with_an_assistant_of_ours()
    before = line.vapi.assistants[made]
    await line.setup.save_profile(MOVED)
    assert line.vapi.assistants[made] == before
    assert (await line.setup.go_live()).success
    after = line.vapi.assistants[made]
    assert (before.admin_email, after.admin_email) == (PROFILE.admin_email, MOVED.admin_email)
    assert (after.name, after.first_message) == (before.name, before.first_message)
    assert first_open(line.store.state) is StepId.PROOF


async def test_an_assistant_that_others_made_is_left_as_it_is() -> None:
    line = await Line(chosen=AVA).opened()
    await line.setup.save_profile(MOVED)
    assert (await line.setup.go_live()).success
    assert line.vapi.assistants[AVA.id] == AVA


async def test_another_name_for_the_business_is_not_told_to_vapi() -> None:
    line, _made = await with_an_assistant_of_ours()
    line.vapi.fail("mend_assistant", unreachable())
    await line.setup.save_profile(PROFILE.model_copy(update={"business_name": "Martin"}))
    assert (await line.setup.go_live()).success


async def test_an_address_that_could_not_be_carried_is_kept_and_the_review_stays_open() -> None:
    line, made = await with_an_assistant_of_ours()
    await line.setup.save_profile(MOVED)
    line.vapi.fail("mend_assistant", unreachable())
    assert not (await line.setup.go_live()).success
    profile = line.saved().profile
    assert profile is not None
    assert profile.admin_email == MOVED.admin_email
    assert first_open(line.store.state) is StepId.REVIEW
    # Started again another day, going live is enough.
    again = line.again()
    await again.open()
    assert (await again.go_live()).success
    assert line.vapi.assistants[made].admin_email == MOVED.admin_email
    assert first_open(line.store.state) is StepId.PROOF


async def test_a_change_that_nobody_saw_the_end_of_is_made_again() -> None:
    line, made = await with_an_assistant_of_ours()
    await line.setup.save_profile(MOVED)
    line.vapi.fail("mend_assistant", timed_out(), done=True)
    assert not (await line.setup.go_live()).success
    assert (await line.setup.go_live()).success
    assert line.vapi.assistants[made].admin_email == MOVED.admin_email


async def test_an_assistant_that_goes_meanwhile_is_found_out_by_linking() -> None:
    line, made = await with_an_assistant_of_ours()
    await line.setup.save_profile(MOVED)
    del line.vapi.assistants[made]
    result = await line.setup.go_live()
    assert result.problem is not None
    assert result.problem.code is ErrorCode.ASSISTANT_GONE
    assert not line.vapi.numbers


async def test_an_assistant_chosen_instead_owes_no_address() -> None:
    line, made = await with_an_assistant_of_ours()
    await line.setup.save_profile(MOVED)
    await line.setup.choose_assistant(AVA)
    assert (await line.setup.go_live()).success
    assert line.vapi.assistants[made].admin_email == PROFILE.admin_email
    assert first_open(line.store.state) is StepId.PROOF
