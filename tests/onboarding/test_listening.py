"""Waiting for the first call: what comes and is not answered is said, with its reason."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from ava_setup.onboarding.calls import Call, CallFailure, TwilioCall
from ava_setup.onboarding.errors import SetupError
from ava_setup.onboarding.outcome import Outcome
from ava_setup.onboarding.state import Linked
from ava_setup.words import Language, Voice
from tests.onboarding.fakes import AVA, NUMBER, Line, unreachable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

SAY = Voice(Language.EN)
CALLER = "+33699887766"
LINKED = Linked(
    phone_number_id="number",
    number=NUMBER,
    assistant_id=AVA.id,
    outcome=Outcome.IMPORTED,
    auto_linked=False,
    linked_at="2026-02-01T00:00:00.000Z",
)
ANSWERED = Call(
    "call",
    "inboundPhoneCall",
    "in-progress",
    "2026-02-01T00:01:00.000Z",
    "2026-02-01T00:01:02.000Z",
    caller=CALLER,
)
FAILED = Call(
    "failed",
    "inboundPhoneCall",
    "ended",
    "2026-02-01T00:01:00.000Z",
    ended_at="2026-02-01T00:01:01.000Z",
    ended_reason="assistant-not-found",
    caller=CALLER,
)
STRAY = TwilioCall("CA1", CALLER, NUMBER, "completed", "inbound")


class Waiting:
    """Somebody waits for the first call."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self.task = asyncio.ensure_future(line.setup.wait_for_call())

    async def looks(self) -> None:
        """Give it time for some looks."""
        await asyncio.sleep(0.05)

    @property
    def told(self) -> str:
        """What is said of the latest call that was not answered."""
        stray = self._line.store.state.live.stray
        return SAY(stray.words) if stray else ""


@pytest.fixture
async def line() -> Line:
    line = await Line().opened()
    await line.store.update(lambda state: state.save(linked=LINKED))
    return line


@pytest.fixture
async def waiting(line: Line) -> AsyncIterator[Waiting]:
    waiting = Waiting(line)
    await waiting.looks()
    yield waiting
    waiting.task.cancel()


async def test_a_call_that_only_reached_twilio_is_said_with_the_debuggers_reason(
    line: Line, waiting: Waiting
) -> None:
    line.twilio.failures.append(CallFailure("11200", call_sid="CA1"))
    line.twilio.calls.append(STRAY)
    await waiting.looks()
    assert waiting.told == (
        "The call of +33 6 99 88 77 66 reached Twilio but not Vapi: "
        "the server that should answer gave an error or nothing. (11200)"
    )
    assert not waiting.task.done()


async def test_without_a_reason_it_is_said_all_the_same(line: Line, waiting: Waiting) -> None:
    line.twilio.fail("list_failures", unreachable())
    line.twilio.calls.append(STRAY)
    await waiting.looks()
    assert waiting.told == "The call of +33 6 99 88 77 66 reached Twilio but not Vapi."


async def test_a_call_that_still_rings_is_not_called_lost(line: Line, waiting: Waiting) -> None:
    line.twilio.calls.append(TwilioCall("CA1", CALLER, NUMBER, "ringing", "inbound"))
    await waiting.looks()
    assert waiting.told == ""


async def test_a_call_that_vapi_could_not_give_to_an_assistant_is_said(
    line: Line, waiting: Waiting
) -> None:
    line.vapi.calls.append(FAILED)
    line.twilio.calls.append(STRAY)
    await waiting.looks()
    assert waiting.told == (
        "The call of +33 6 99 88 77 66 reached Vapi, but no assistant took it "
        "(assistant-not-found)."
    )


async def test_an_answered_call_ends_the_wait_whatever_came_before(
    line: Line, waiting: Waiting
) -> None:
    line.twilio.calls.append(STRAY)
    await waiting.looks()
    line.vapi.calls.append(ANSWERED)
    assert await asyncio.wait_for(waiting.task, 2) == ANSWERED


async def test_calls_from_before_the_wait_are_not_news(line: Line) -> None:
    line.twilio.calls.append(STRAY)
    waiting = Waiting(line)
    await waiting.looks()
    assert waiting.told == ""
    waiting.task.cancel()


async def test_twilio_out_of_reach_does_not_stop_the_wait(line: Line, waiting: Waiting) -> None:
    line.twilio.fail("list_calls", unreachable(), times=50)
    line.vapi.calls.append(ANSWERED)
    assert await asyncio.wait_for(waiting.task, 2) == ANSWERED


async def test_ava_rings_a_telephone_once() -> None:
    line = await Line().opened()
    await line.setup.link()
    call = await line.setup.ring(CALLER)
    assert call.id
    assert not line.store.state.live.activity


async def test_without_a_link_nobody_is_rung() -> None:
    line = await Line().opened()
    with pytest.raises(SetupError):
        await line.setup.ring(CALLER)
