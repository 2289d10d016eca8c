"""`ava-setup doctor`: says why a number does not answer, and mends what it may."""

from __future__ import annotations

import json
import os
import shlex
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ava_setup.clients.vendors import HttpVendors
from ava_setup.conversation import Conversation
from ava_setup.onboarding import chronicle
from ava_setup.onboarding.doctor import Doctor
from ava_setup.onboarding.errors import ErrorCode, Problem, SetupError, problem_of
from ava_setup.onboarding.examining import Patient
from ava_setup.onboarding.facts import Wanted
from ava_setup.onboarding.number import read_number, spaced
from ava_setup.onboarding.surrounding_keys import REGIONS, surrounding_keys
from ava_setup.plain.visit import Chart, Treatment, say_what_to_do
from ava_setup.store.memory import MemoryStore
from ava_setup.store.places import DEFAULT_PROFILE, Places, line_name
from ava_setup.wiring import open_world
from ava_setup.words import NOTHING, Voice, _

if TYPE_CHECKING:
    from ava_setup.onboarding.calls import Call
    from ava_setup.onboarding.listening import StrayCall
    from ava_setup.onboarding.ports import Store

_ANSWERED, _NOT_ANSWERED = 0, 1


@dataclass(frozen=True, slots=True)
class Orders:
    """What the doctor is to do.

    Attributes:
        profile: The business, or None for the default one.
        number: As typed, of a line without a set-up; or None.
        fix: Whether to mend what can be mended.
        yes: Whether to mend without asking where nobody else loses anything.
        as_json: Whether the answer is for programs.
        waits: Whether to wait for a call, and to say what became of each.
    """

    profile: str | None = None
    number: str | None = None
    fix: bool = False
    yes: bool = False
    as_json: bool = False
    waits: bool = False

    @property
    def command(self) -> str:
        """What to type for the same line to be mended."""
        words = ["ava-setup", "doctor"]
        if self.number is not None:
            words += ["--number", self.number]
        if self.profile is not None:
            words += ["--profile", self.profile]
        return shlex.join([*words, "--fix"])


def doctor(orders: Orders, voice: Voice) -> int:
    """Examine a line, and mend it when asked to.

    Returns:
        The exit code: 0 only if a caller would be answered by Ava; 1 when not, or when that could
        not be found out; 2 when it has to ask and there is no terminal.
    """
    talk = Conversation(voice, yes=orders.yes or not orders.fix, quiet=orders.as_json)

    async def converse() -> int:
        try:
            async with AsyncExitStack() as held:
                return await _Visit(orders, talk, voice).pay(held)
        except Exception as error:
            if orders.as_json:
                talk.answer(_as_json(_failure_written_out(problem_of(error), voice)))
            raise

    return talk.hold(converse, _("Stopped. Run it again to see how things stand."))


def _as_json(value: dict[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False)


def _failure_written_out(problem: Problem, voice: Voice) -> dict[str, object]:
    """Give a failure to examine as plain values, as far as a diagnosis has the same."""
    return {
        "schema_version": 1,
        "success": False,
        "message": voice(problem.what),
        "error": {
            "code": problem.code.value,
            "what": voice(problem.what),
            "why": voice(problem.why),
            "next": voice(problem.next),
        },
    }


class _Visit:
    """One examination, from its first line to its one sentence."""

    def __init__(self, orders: Orders, talk: Conversation, voice: Voice) -> None:
        self._orders = orders
        self._talk = talk
        self._voice = voice
        self._chart = Chart(talk)

    async def pay(self, held: AsyncExitStack) -> int:
        """Examine, mend when that was ordered, and say what callers will hear."""
        doctor = await self._doctor(held)
        try:
            return await self._examine(doctor)
        except Exception as error:
            # While the business's log is still open.
            chronicle.failure(error)
            raise

    async def _examine(self, doctor: Doctor) -> int:
        talk, orders = self._talk, self._orders
        talk.say(_("Examining {number}…", number=spaced(doctor.number)))
        diagnosis = await doctor.examine()
        treatment = Treatment(talk, doctor, yes=orders.yes)
        if orders.fix:
            diagnosis = await treatment.give(diagnosis)
        say_what_to_do(talk, diagnosis, "" if orders.fix else orders.command)
        if treatment.changed and orders.number is not None:
            talk.say()
            talk.say(
                _(
                    "To put it back: {command}",
                    command=shlex.join(["ava-setup", "undo", "--number", orders.number]),
                )
            )
        talk.say()
        talk.say_beside("", diagnosis.hearing.sentence(diagnosis.number))
        call = await self._await_call(doctor) if orders.waits else None
        if orders.as_json:
            told = diagnosis.written_out(self._voice)
            mended = treatment.written_out(self._voice)
            answered = {"call": {"id": call.id, "caller": call.caller}} if call else {}
            talk.answer(_as_json({**told, "mended": mended, **answered}))
        return _ANSWERED if call or diagnosis.hearing.is_ava else _NOT_ANSWERED

    async def _await_call(self, doctor: Doctor) -> Call:
        """Wait for a call that Ava answers; each that she does not is said, with its reason."""

        async def say(stray: StrayCall) -> None:
            self._talk.say_beside("✗ ", stray.words)

        def invite() -> None:
            number = spaced(doctor.number)
            self._talk.say()
            self._talk.say(
                _("Ring {number} now: waiting for the call. Ctrl+C stops.", number=number)
            )

        call = await doctor.wait_for_call(say, invite)
        caller = spaced(call.caller) if call.caller else _("a hidden number")
        self._talk.say_beside("✓ ", _("Ava answered {caller}.", caller=caller))
        return call

    async def _doctor(self, held: AsyncExitStack) -> Doctor:
        """Take a business's own line; else the line that is named, by what the environment holds.

        Raises:
            SetupError: There is no such line, or nothing to examine it with.
        """
        number = self._orders.number
        found = await (self._of_business(held) if number is None else self._of_number(number, held))
        held.push_async_callback(found.aclose)
        return found

    async def _of_number(self, typed: str, held: AsyncExitStack) -> Doctor:
        number = read_number(typed, REGIONS)[0]
        keys = surrounding_keys(os.environ)
        patient = Patient(
            number, key=keys.vapi, credentials=keys.twilio, wanted=Wanted(is_set_up=False)
        )
        vendors = HttpVendors(os.environ, on_wait=self._talk.say_wait)
        store: Store = MemoryStore()
        if self._orders.fix:
            # What is overwritten outlasts the run; the environment's keys do not.
            places, name = Places.from_environment().lines(), line_name(number)
            world = open_world(os.environ, places, profile=name, keep_secrets=False)
            held.push_async_callback(world.aclose)
            store = world.setup.store
        return Doctor(store, vendors, patient, tell=self._chart.tell)

    async def _of_business(self, held: AsyncExitStack) -> Doctor:
        places = Places.from_environment()
        name = self._orders.profile or DEFAULT_PROFILE
        # A business that was never set up gets no folder by being looked at.
        if not places.profile(name).state.exists():
            raise _nothing_to_examine(places, name)
        world = open_world(os.environ, places, profile=name, on_wait=self._talk.say_wait)
        held.push_async_callback(world.aclose)
        if world.problem is not None:
            self._talk.complain(world.problem)
        await world.setup.open()
        if world.setup.saved.number is None:
            raise _nothing_to_examine(places, name)
        return await world.setup.doctor(self._chart.tell)


def _nothing_to_examine(places: Places, name: str) -> SetupError:
    others = ", ".join(other for other in places.profiles() if other != name)
    named = _("Set up here: {others}. Name one with --profile.", others=others)
    return SetupError(ErrorCode.LINE_NEEDED, name=name, others=named if others else NOTHING)
