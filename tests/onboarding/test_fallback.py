"""The telephone that rings when Ava cannot answer: imported with the number, changed, undone."""

from __future__ import annotations

from typing import Any

import pytest

from ava_setup.onboarding.outcome import Outcome
from ava_setup.onboarding.state import ChangeFallback
from ava_setup.onboarding.steps import StepId, first_open
from tests.onboarding.fakes import (
    AVA,
    NUMBER,
    PROFILE,
    Line,
    at_vapi,
    draft,
    rejected,
    unreachable,
)
from tests.onboarding.taking_back import linked, undo, wholly

OWNER, ANOTHER = "+33612345678", "+33687654321"


async def line_of(fallback: str, **how: Any) -> Line:
    line = await Line(**how).opened()
    await line.setup.save_profile(PROFILE.model_copy(update={"fallback_number": fallback}))
    return line


async def test_an_import_names_it_from_the_first_moment() -> None:
    line = await line_of(OWNER)
    assert (await line.setup.link()).outcome is Outcome.IMPORTED
    assert line.record.fallback_number == OWNER


async def test_a_number_that_is_at_vapi_already_is_given_it() -> None:
    line = await line_of(OWNER, numbers=(at_vapi(fallback_number=ANOTHER),))
    await line.setup.link()
    assert line.record.fallback_number == OWNER
    (change,) = (one for one in line.saved().journal if isinstance(one, ChangeFallback))
    assert (change.earlier, change.wanted, change.made) == (ANOTHER, OWNER, line.record.id)


async def test_without_one_what_there_is_stays() -> None:
    line = await line_of("", numbers=(at_vapi(fallback_number=ANOTHER),))
    await line.setup.link()
    assert line.record.fallback_number == ANOTHER


async def test_a_line_never_rings_itself() -> None:
    line = await line_of(NUMBER)
    await line.setup.link()
    assert line.record.fallback_number == ""


@pytest.mark.parametrize("later", [ANOTHER, ""])
async def test_changed_afterwards_the_review_is_open_until_vapi_has_it(later: str) -> None:
    line = await line_of(OWNER)
    await line.setup.link()
    await line.setup.save_profile(PROFILE.model_copy(update={"fallback_number": later}))
    assert first_open(line.store.state) is StepId.REVIEW
    result = await line.setup.go_live()
    assert result.outcome is Outcome.ALREADY_LINKED
    assert line.record.fallback_number == later
    assert first_open(line.store.state) is StepId.PROOF


async def test_a_change_that_provably_failed_is_not_in_the_journal() -> None:
    line = await line_of(OWNER, numbers=(at_vapi(assistant_id=AVA.id),))
    line.vapi.fail("set_fallback", unreachable())
    result = await line.setup.link()
    assert not result.success
    assert not any(isinstance(one, ChangeFallback) for one in line.saved().journal)


async def test_one_that_vapi_does_not_let_go_of_is_said_and_all_else_is_undone() -> None:
    line = await line_of(OWNER, numbers=(at_vapi(),))
    await linked(line)
    line.vapi.fail("set_fallback", rejected())
    _done, left = await undo(line)
    assert [text for text in left if "dashboard.vapi.ai" in text] == left != []
    assert (line.record.assistant_id, line.record.fallback_number) == (None, OWNER)
    assert (await undo(line))[1] == []
    assert wholly(line)


async def test_another_webhook_goes_to_the_assistant_that_was_made_here() -> None:
    line = await Line().opened()
    made = await line.setup.create_assistant(draft())
    profile = PROFILE.model_copy(update={"webhook_url": "https://ava.example/calls"})
    line.vapi.fail("mend_assistant", unreachable())
    await line.setup.save_profile(profile)
    assert not (await line.setup.go_live()).success
    assert first_open(line.store.state) is StepId.REVIEW
    assert (await line.setup.go_live()).success
    assert line.vapi.assistants[made.id].webhook_url == "https://ava.example/calls"
