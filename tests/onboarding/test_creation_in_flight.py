"""A creation whose request nobody waits for any more: what it still makes is found, not doubled."""

from __future__ import annotations

import asyncio

import pytest

from tests.onboarding.fakes import Line, draft


async def cancelled(line: Line) -> str:
    """Cancel a creation whose request is still on its way; gives its mark."""
    line.vapi.hang("create_assistant", done=False)
    creation = asyncio.create_task(line.setup.create_assistant(draft("Before")))
    await line.vapi.hanging.wait()
    creation.cancel()
    with pytest.raises(asyncio.CancelledError):
        await creation
    (intent,) = line.saved().journal
    assert intent.kind == "create_assistant"
    return intent.create_id


@pytest.mark.parametrize("look", [1, 2, 3])
async def test_an_assistant_that_appears_late_is_taken_up(look: int) -> None:
    line = await Line(assistants=()).opened()
    mark = await cancelled(line)
    looks = 0

    def arrive() -> None:
        nonlocal looks
        looks += 1
        if looks == look:
            late = line.vapi._made_of(draft("Before", mark), "late", "2026-02-01T00:00:00.000Z")
            line.vapi.assistants[late.id] = late

    line.vapi.before["list_assistants"] = arrive
    made = await line.setup.create_assistant(draft("After"))
    assert (made.id, made.name) == ("late", "After")
    assert list(line.vapi.assistants) == ["late"]


async def test_one_that_never_appears_is_made() -> None:
    line = await Line(assistants=()).opened()
    mark = await cancelled(line)
    made = await line.setup.create_assistant(draft("After"))
    assert list(line.vapi.assistants.values()) == [made]
    assert made.create_id == mark
