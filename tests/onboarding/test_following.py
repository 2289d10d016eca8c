"""The first call is followed to its end, and on until what was said is known."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from ava_setup.front.proof_words import how_long, what_was_said
from ava_setup.onboarding.errors import CredentialsRefused, ErrorCode, SetupError, Vendor
from ava_setup.onboarding.following import LOOKS_AFTER_END, FollowedCall, follow
from ava_setup.onboarding.state import Answered
from ava_setup.words import Language, Voice
from tests.onboarding.fakes import Line, unreachable
from tests.onboarding.test_listening import ANSWERED, LINKED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ava_setup.onboarding.calls import Call

SAY = Voice(Language.EN)
OVER = replace(ANSWERED, status="ended", ended_at="2026-02-01T00:02:26.000Z")
TOLD = replace(OVER, summary="A leak.", transcript="AI: Hello.\nUser: A leak!")


class Vapi:
    """Has a call at each look what it is next; the last stays."""

    def __init__(self, *calls: Call | Exception) -> None:
        self._calls: Iterator[Call | Exception] = iter(calls)
        self._now: Call | Exception = calls[0]

    async def read_call(self, call_id: str) -> Call:
        self._now = next(self._calls, self._now)
        if isinstance(self._now, Exception):
            raise self._now
        assert call_id == self._now.id
        return self._now


async def followed(*calls: Call | Exception) -> list[FollowedCall]:
    told: list[FollowedCall] = []

    async def tell(one: FollowedCall) -> None:
        told.append(one)

    await follow(Vapi(*calls), "call", tell, poll_s=0)  # type: ignore[arg-type]
    return told


def words(call: FollowedCall) -> list[str]:
    return [SAY(how_long(call)), *map(SAY, what_was_said(call))]


async def test_a_call_is_told_of_while_it_goes_on_once_it_is_over_and_once_it_is_summed_up() -> (
    None
):
    told = await followed(ANSWERED, unreachable(), OVER, TOLD)
    assert [words(one) for one in told] == [
        ["● They are talking now…"],
        ["The call lasted 1 min 24 s. Vapi is writing down what was said…"],
        ["The call lasted 1 min 24 s.", "In short: A leak.", "Ava: Hello.", "Caller: A leak!"],
    ]


async def test_a_call_that_vapi_never_sums_up_is_not_looked_at_for_ever() -> None:
    silent = replace(OVER, ended_at="")
    told = await followed(silent)
    assert len(told) == LOOKS_AFTER_END
    assert words(told[-1]) == ["", "Vapi has kept no words of this call."]
    assert words(told[-2]) == ["Vapi is writing down what was said…"]


async def test_a_key_that_stops_working_ends_it() -> None:
    with pytest.raises(CredentialsRefused):
        await followed(ANSWERED, CredentialsRefused(ErrorCode.VAPI_KEY_REFUSED, Vendor.VAPI))


@pytest.fixture
async def line() -> Line:
    line = await Line().opened()
    answered = Answered(call_id="call", caller=ANSWERED.caller, at=ANSWERED.created_at)
    await line.store.update(lambda state: state.save(linked=LINKED, answered=answered))
    return line


def known(line: Line) -> FollowedCall | None:
    return line.store.state.proving_call


async def test_what_was_said_is_known_to_this_run_and_kept_nowhere(line: Line) -> None:
    line.vapi.calls.append(TOLD)
    await line.setup.follow_call()
    assert known(line) == FollowedCall(TOLD, is_all=True)
    assert "leak" not in line.store.state.saved.model_dump_json()


async def test_a_call_that_vapi_no_longer_has_stays_the_proof(line: Line) -> None:
    await line.setup.follow_call()
    assert known(line) is None
    await line.store.update(lambda state: state.note(followed=FollowedCall(OVER)))
    await line.setup.follow_call()
    assert known(line) == FollowedCall(OVER, is_all=True)
    assert line.store.state.saved.answered


async def test_a_call_of_another_line_is_not_taken_for_the_proof(line: Line) -> None:
    await line.store.update(lambda state: state.note(followed=FollowedCall(TOLD)))
    await line.store.update(lambda state: state.save(answered=None))
    assert known(line) is None
    with pytest.raises(SetupError):
        await line.setup.follow_call()
