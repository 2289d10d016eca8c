"""What tests of undoing have in common: linking, mending, undoing, and what the vendors hold."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ava_setup.onboarding.outcome import Consent
from ava_setup.onboarding.state import Undone
from ava_setup.words import Language, Voice

if TYPE_CHECKING:
    from ava_setup.onboarding.outcome import LinkResult
    from ava_setup.onboarding.undo_steps import Step
    from tests.onboarding.fakes import Line

CONSENTS = frozenset(Consent)
ELSEWHERE = "https://pbx.example/voice"
SAY = Voice(Language.EN)
_ROUNDS = 8


async def linked(line: Line, consents: frozenset[Consent] = CONSENTS) -> LinkResult:
    result = await line.setup.link(consents)
    assert result.success, result.problem
    return result


async def mended(line: Line) -> list[str]:
    """Have the doctor mend all that it can, one thing after the other; gives what it did."""
    doctor = await line.setup.doctor()
    did: list[str] = []
    try:
        for _round in range(_ROUNDS):
            mends = (await doctor.examine()).mends
            if not mends:
                break
            mend = mends[0][1]
            assert await doctor.mend(mend, CONSENTS) is None
            did.append(type(mend).__name__)
    finally:
        await doctor.aclose()
    return did


async def undo(line: Line) -> tuple[list[Step], list[str]]:
    """Undo all, as somebody who says yes; gives what was done, and what was left."""
    plan = await line.setup.undoer.plan()
    done: list[Step] = []
    left = await line.setup.undoer.carry_out(plan, done.append)
    return done, [SAY(text) for text in left]


def kinds(steps: list[Step]) -> list[str]:
    return [type(step).__name__ for step in steps]


def vendors(line: Line) -> tuple[object, ...]:
    """What both vendors hold, dates apart."""
    numbers = {key: replace(one, updated_at="") for key, one in line.vapi.numbers.items()}
    at_twilio = dict(line.twilio.numbers), dict(line.twilio.keys)
    return dict(line.vapi.assistants), numbers, at_twilio


def wholly(line: Line) -> bool:
    return all(entry.undone is Undone.WHOLLY for entry in line.saved().journal)
