"""Commands about lines rather than businesses: `link`, `assistants` and `numbers`.

They work with the keys of a business that is set up here, or else with those of the environment.
"""

from __future__ import annotations

import os
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ava_setup import exit_codes
from ava_setup.clients.vendors import HttpVendors
from ava_setup.conversation import Conversation
from ava_setup.exit_codes import ExitCode
from ava_setup.headless import written_out
from ava_setup.headless.fleet import Ended, OnConflict
from ava_setup.onboarding.errors import SetupError, problem_of
from ava_setup.onboarding.number import read_number, spaced
from ava_setup.onboarding.outcome import Consent
from ava_setup.onboarding.setup import Setup
from ava_setup.onboarding.surrounding_keys import (
    REGIONS,
    surrounding_keys,
    surrounding_twilio,
    surrounding_vapi,
)
from ava_setup.store.memory import MemoryStore
from ava_setup.store.places import Places, line_name
from ava_setup.store.vault import open_vault
from ava_setup.wiring import open_world
from ava_setup.words import Text, Voice, _

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from ava_setup.onboarding.outcome import LinkResult

_AGREED = frozenset({Consent.REASSIGN, Consent.OVERWRITE})
_STOPPED = _("Stopped. Run it again to see how things stand.")


@dataclass(frozen=True, slots=True)
class Orders:
    """What is asked for.

    Attributes:
        profile: A business whose keys are to be used, or None for the environment's.
        as_json: Whether the answer is for programs.
    """

    profile: str | None = None
    as_json: bool = False


@dataclass(frozen=True, slots=True)
class LinkOrders(Orders):
    """What is to be linked.

    Attributes:
        number: As typed.
        assistant: Vapi's id, or "" to take the first available.
        on_conflict: What to do where somebody would lose something.
    """

    number: str = ""
    assistant: str = ""
    on_conflict: OnConflict = OnConflict.SKIP


class _Command:
    """What these commands do the same way."""

    def __init__(self, orders: Orders, voice: Voice) -> None:
        self.orders = orders
        self.voice = voice
        self.talk = Conversation(voice, yes=True, quiet=orders.as_json)

    def hold(self, work: Callable[[AsyncExitStack], Awaitable[int]]) -> int:
        """Do the work; a failure is said, and written out for programs too."""

        async def converse() -> int:
            try:
                async with AsyncExitStack() as held:
                    return await work(held)
            except SetupError as error:
                self.talk.complain(error.problem)
                self.fail(error)
                return exit_codes.of_error(error)
            except Exception as error:
                self.fail(error)
                raise

        return self.talk.hold(converse, _STOPPED)

    def fail(self, error: Exception) -> None:
        """Write a failure out."""
        if self.orders.as_json:
            problem = written_out.problem(problem_of(error), self.voice)
            self.answer({"success": False, "error": problem})

    def answer(self, value: written_out.Plain) -> None:
        """Give a program its answer."""
        self.talk.answer(written_out.line(value))

    def show(self, lines: Sequence[tuple[str, Text]], none: Text) -> int:
        """Say a list, each member's name before its words, or that there is none."""
        for name, words in lines:
            self.talk.say_beside(f"{name}  ", words)
        if not lines:
            self.talk.say(none)
        return ExitCode.DONE

    async def business(self, profile: str, held: AsyncExitStack) -> Setup:
        """Open a business; its keys are those that are kept."""
        world = open_world(os.environ, Places.from_environment(), profile=profile)
        held.push_async_callback(world.aclose)
        await world.setup.open()
        return world.setup

    async def visitor(self, held: AsyncExitStack) -> Setup:
        """Give an engine of which nothing is kept."""
        vendors = HttpVendors(os.environ, on_wait=self.talk.say_wait)
        vault = open_vault(Places.from_environment(), "visitor", keep=False)
        setup = Setup(MemoryStore(), vault, vendors)
        held.push_async_callback(setup.aclose)
        await setup.open()
        return setup


def link(orders: LinkOrders, voice: Voice) -> int:
    """Link one number, with the keys of the environment.

    Returns:
        The exit code, one of `ExitCode`.
    """
    command = _Command(orders, voice)

    async def work(held: AsyncExitStack) -> int:
        number = read_number(orders.number, REGIONS)[0]
        keys = surrounding_keys(os.environ)
        # What is overwritten outlasts the run, for `undo --number`; the keys do not.
        places = Places.from_environment().lines()
        world = open_world(
            os.environ,
            places,
            profile=line_name(number),
            keep_secrets=False,
            on_wait=command.talk.say_wait,
        )
        held.push_async_callback(world.aclose)
        setup = world.setup
        await setup.open()
        await setup.connect_both(keys.vapi, keys.twilio)
        agreed = _AGREED if orders.on_conflict is OnConflict.REASSIGN else frozenset()
        result = await setup.link_line(number, orders.assistant or None, agreed)
        _tell(command, number, result)
        return exit_codes.of_result(result)

    return command.hold(work)


def _tell(command: _Command, number: str, result: LinkResult) -> None:
    if result.success:
        command.talk.say_beside("✓ ", result.message)
    elif result.problem is not None:
        command.talk.complain(result.problem)
    if command.orders.as_json:
        ended = Ended(number, exit_codes.of_result(result), result, result.problem)
        command.answer(written_out.ended(ended, command.voice))


def assistants(orders: Orders, voice: Voice) -> int:
    """List the assistants of a Vapi organisation.

    Returns:
        The exit code, one of `ExitCode`.
    """
    command = _Command(orders, voice)

    async def work(held: AsyncExitStack) -> int:
        if orders.profile is None:
            setup = await command.visitor(held)
            await setup.connect(surrounding_vapi(os.environ))
        else:
            setup = await command.business(orders.profile, held)
            await setup.list_assistants()
        known = setup.store.state.live.assistants or ()
        newest_first = sorted(known, key=lambda one: (one.created_at, one.id), reverse=True)
        if orders.as_json:
            found: list[written_out.Plain] = [
                {
                    "id": one.id,
                    "name": one.name,
                    "created_at": one.created_at,
                    "first_message": one.first_message,
                    "made_by_us": bool(one.business_id),
                }
                for one in newest_first
            ]
            command.answer({"success": True, "assistants": found})
            return ExitCode.DONE
        lines = [(one.id, Text("{name}", (("name", one.label),))) for one in newest_first]
        return command.show(lines, _("There is no assistant in this Vapi organisation."))

    return command.hold(work)


def numbers(orders: Orders, voice: Voice) -> int:
    """List the numbers of a Twilio account, and where the calls of each go today.

    Returns:
        The exit code, one of `ExitCode`.
    """
    command = _Command(orders, voice)

    async def work(held: AsyncExitStack) -> int:
        if orders.profile is None:
            setup = await command.visitor(held)
            await setup.check_twilio(surrounding_twilio(os.environ))
        else:
            setup = await command.business(orders.profile, held)
            await setup.list_numbers()
        known = setup.store.state.live.numbers or ()
        if orders.as_json:
            found: list[written_out.Plain] = [
                {
                    "sid": one.sid,
                    "number": one.number,
                    "label": one.label,
                    "can_be_called": one.can_be_called,
                    "points_at": one.target.kind.value,
                    "points_at_words": voice(one.target.words),
                    "host": one.target.host,
                }
                for one in known
            ]
            command.answer({"success": True, "numbers": found})
            return ExitCode.DONE
        lines = [(spaced(one.number), one.target.words) for one in known]
        return command.show(lines, _("There is no number in this Twilio account."))

    return command.hold(work)
