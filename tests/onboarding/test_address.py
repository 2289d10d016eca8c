"""The owner's one address: a new one goes where the earlier one went, and nowhere else."""

from __future__ import annotations

import pytest

from ava_setup.onboarding.errors import ErrorCode, SetupError, VendorError
from ava_setup.onboarding.state import ChosenAssistant
from ava_setup.onboarding.steps import StepId, first_open
from tests.onboarding.fakes import AVA, PROFILE, Line, draft, not_found, timed_out, unreachable

MOVED = PROFILE.model_copy(update={"admin_email": "new@example.fr"})


async def with_an_assistant_of_ours() -> tuple[Line, str]:
    line = await Line().opened()
    made = await line.setup.create_assistant(draft())
    return line, made.id


async def test_an_assistant_that_we_made_carries_the_new_address() -> None:
    line, made = await with_an_assistant_of_ours()
    before = line.vapi.assistants[made]
    await line.setup.save_profile(MOVED)
    after = line.vapi.assistants[made]
    assert (before.admin_email, after.admin_email) == (PROFILE.admin_email, MOVED.admin_email)
    assert (after.name, after.first_message) == (before.name, before.first_message)
    assert first_open(line.store.state) is not StepId.BUSINESS


async def test_an_assistant_that_others_made_is_left_as_it_is() -> None:
    line = await Line(chosen=AVA).opened()
    await line.setup.save_profile(MOVED)
    assert line.vapi.assistants[AVA.id] == AVA


async def test_another_name_for_the_business_asks_nothing_of_vapi() -> None:
    line, _made = await with_an_assistant_of_ours()
    line.vapi.fail("mend_assistant", unreachable())
    await line.setup.save_profile(PROFILE.model_copy(update={"business_name": "Martin"}))


async def test_an_address_that_could_not_be_carried_is_kept_and_its_step_stays_open() -> None:
    line, made = await with_an_assistant_of_ours()
    line.vapi.fail("mend_assistant", unreachable())
    with pytest.raises(VendorError):
        await line.setup.save_profile(MOVED)
    assert line.saved().profile == MOVED
    assert first_open(line.store.state) is StepId.BUSINESS
    # Started again another day, the same answer is enough.
    again = line.again()
    await again.open()
    await again.save_profile(MOVED)
    assert line.vapi.assistants[made].admin_email == MOVED.admin_email
    assert first_open(line.store.state) is not StepId.BUSINESS


async def test_a_change_that_nobody_saw_the_end_of_is_made_again() -> None:
    line, made = await with_an_assistant_of_ours()
    line.vapi.fail("mend_assistant", timed_out(), done=True)
    with pytest.raises(VendorError):
        await line.setup.save_profile(MOVED)
    await line.setup.save_profile(MOVED)
    assert line.vapi.assistants[made].admin_email == MOVED.admin_email


async def test_an_assistant_that_is_gone_holds_nobody_up() -> None:
    line, _made = await with_an_assistant_of_ours()
    line.vapi.fail("mend_assistant", not_found())
    await line.setup.save_profile(MOVED)
    assert line.saved().profile == MOVED
    assert isinstance(line.saved().assistant, ChosenAssistant)
    assert first_open(line.store.state) is not StepId.BUSINESS


async def test_without_a_key_the_new_address_waits_for_one() -> None:
    line, _made = await with_an_assistant_of_ours()
    again = line.again()
    line.vault = type(line.vault)()
    again = line.again()
    await again.open()
    with pytest.raises(SetupError) as caught:
        await again.save_profile(MOVED)
    assert caught.value.code is ErrorCode.VAPI_KEY_NEEDED
    assert line.saved().profile == MOVED


async def test_an_assistant_chosen_instead_owes_no_address() -> None:
    line, _made = await with_an_assistant_of_ours()
    line.vapi.fail("mend_assistant", unreachable())
    with pytest.raises(VendorError):
        await line.setup.save_profile(MOVED)
    await line.setup.choose_assistant(AVA)
    assert first_open(line.store.state) is not StepId.BUSINESS
