"""`ava-setup status`: what is set up on this computer, business by business."""

from __future__ import annotations

import asyncio
import os
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ava_setup import exit_codes
from ava_setup.conversation import Conversation
from ava_setup.exit_codes import ExitCode
from ava_setup.headless import written_out
from ava_setup.onboarding.errors import ErrorCode, SetupError, StoreError
from ava_setup.onboarding.number import spaced
from ava_setup.onboarding.state import ChosenAssistant, DraftedAssistant, Saved, State
from ava_setup.onboarding.steps import first_open, step
from ava_setup.onboarding.verdicts import Check, Verdict
from ava_setup.store.places import Places
from ava_setup.store.state_file import StateFile
from ava_setup.wiring import open_world
from ava_setup.words import NOTHING, Text, Voice, _, verbatim

if TYPE_CHECKING:
    from ava_setup.onboarding.errors import Problem

_AT_A_TIME = 4


@dataclass(frozen=True, slots=True)
class Orders:
    """What is asked for.

    Attributes:
        profile: The only business, or None for all.
        check: Whether both vendors are read back.
        as_json: Whether the answer is for programs.
    """

    profile: str | None = None
    check: bool = False
    as_json: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """How one business stands.

    Attributes:
        saved: What is kept, or None when that cannot be read.
        checks: What both vendors say, when they were read.
        problem: Why something could not be told, or None.
        code: What the command would end with, were it only for this one.
    """

    profile: str
    saved: Saved | None = None
    checks: tuple[Check, ...] = ()
    problem: Problem | None = None
    code: ExitCode = ExitCode.DONE

    @property
    def is_linked(self) -> bool:
        """Whether it was linked, and nothing that was read says otherwise."""
        lost = any(check.verdict is Verdict.FAILED for check in self.checks)
        return self.saved is not None and self.saved.linked is not None and not lost

    @property
    def words(self) -> Text:
        """It in one sentence."""
        saved = self.saved
        if saved is None:
            return self.problem.what if self.problem else NOTHING
        if saved.linked is None:
            where = step(first_open(State(saved=saved))).title
            return _("not finished: it carries on at “{step}”", step=where)
        number = spaced(saved.linked.number)
        if not self.is_linked:
            failed = next(one for one in self.checks if one.verdict is Verdict.FAILED)
            return _("{number} no longer answers: {why}", number=number, why=failed.detail)
        if saved.answered is None:
            return _("{number} is linked; no call was seen yet", number=number)
        return _("{number}: Ava answers", number=number)


def status(orders: Orders, voice: Voice) -> int:
    """Tell how the businesses stand.

    Returns:
        The exit code, one of `ExitCode`: 0 when each is linked, 3 when one is not finished.
    """
    talk = Conversation(voice, yes=True, quiet=orders.as_json)

    async def converse() -> int:
        places = Places.from_environment()
        names = (orders.profile,) if orders.profile is not None else places.profiles()
        some = asyncio.Semaphore(_AT_A_TIME)

        async def one(name: str) -> Standing:
            async with some:
                stands = await asyncio.to_thread(_kept, places, name)
                if not orders.check or stands.saved is None or stands.saved.linked is None:
                    return stands
                return await _checked(places, stands)

        all_of_them = await asyncio.gather(*map(one, names))
        for stands in all_of_them:
            _show(stands, talk)
            if orders.as_json:
                talk.answer(written_out.line(_written_out(stands, voice)))
        codes = tuple(stands.code for stands in all_of_them)
        if orders.as_json:
            talk.answer(written_out.line(written_out.summary(codes)))
        elif not names:
            talk.say(_("Nothing is set up on this computer yet."))
        return exit_codes.of_all(codes)

    return talk.hold(converse, _("Stopped. Nothing was changed."))


def _kept(places: Places, name: str) -> Standing:
    """Look at what is kept, whoever works on it."""
    file = StateFile(places.profile(name).state)
    match file.look():
        case ErrorCode() as why:
            error = StoreError(why, path=str(file.path), backup="", cause="")
            return Standing(name, problem=error.problem, code=ExitCode.FAILED)
        case None:
            problem = SetupError(ErrorCode.LINE_NEEDED, name=name, others=NOTHING).problem
            return Standing(name, problem=problem, code=ExitCode.PREREQUISITE)
        case saved:
            code = ExitCode.DONE if saved.linked is not None else ExitCode.PREREQUISITE
            return Standing(name, saved, code=code)


async def _checked(places: Places, stands: Standing) -> Standing:
    """Read both vendors back, changing nothing at either."""
    try:
        async with AsyncExitStack() as held:
            world = await asyncio.to_thread(open_world, os.environ, places, profile=stands.profile)
            held.push_async_callback(world.aclose)
            await world.setup.open()
            checks = await world.setup.verify()
    except SetupError as error:
        return replace(stands, problem=error.problem, code=exit_codes.of_error(error))
    failed = any(check.verdict is Verdict.FAILED for check in checks)
    return replace(stands, checks=checks, code=ExitCode.FAILED if failed else ExitCode.DONE)


def _show(stands: Standing, talk: Conversation) -> None:
    mark = "✓" if stands.code is ExitCode.DONE else "✗"
    if stands.saved is not None and stands.saved.linked is None:
        mark = "○"
    profile = stands.saved.profile if stands.saved else None
    name = f"{stands.profile} ({profile.business_name})" if profile else stands.profile
    talk.say_beside(f"{mark} {name}: ", stands.words)
    if stands.problem is not None and stands.saved is not None:
        talk.say_beside("    ", _("not checked: {why}", why=stands.problem.what))


def _written_out(stands: Standing, voice: Voice) -> written_out.Plain:
    saved = stands.saved
    linked = saved.linked if saved else None
    return {
        "business": stands.profile,
        "success": stands.code is ExitCode.DONE,
        "name": saved.profile.business_name if saved and saved.profile else "",
        "step": first_open(State(saved=saved)).value if saved and not linked else None,
        "number": linked.number if linked else None,
        "phone_number_id": linked.phone_number_id if linked else None,
        "assistant_id": linked.assistant_id if linked else None,
        "assistant": voice(_assistant(saved)),
        "answered": saved is not None and saved.answered is not None,
        "message": voice(stands.words),
        "checks": [
            {
                "id": check.id.value,
                "verdict": check.verdict.value,
                "question": voice(check.question),
                "detail": voice(check.detail),
            }
            for check in stands.checks
        ],
        "error": written_out.problem(stands.problem, voice),
    }


def _assistant(saved: Saved | None) -> Text:
    match saved.assistant if saved else None:
        case ChosenAssistant(name=name):
            return verbatim(name)
        case DraftedAssistant(draft=draft):
            return verbatim(draft.name)
        case _:
            return NOTHING
