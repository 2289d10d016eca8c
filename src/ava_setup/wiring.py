"""Puts the engine together with the real store, vault and clients. Imported late: it is heavy."""

from __future__ import annotations

import asyncio
import os
from contextlib import ExitStack, contextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING

from ava_setup.clients.network import network
from ava_setup.clients.vendors import HttpVendors
from ava_setup.front.worlds import Overheard
from ava_setup.handing_over import hand_over, usual_page
from ava_setup.onboarding import chronicle
from ava_setup.onboarding.redaction import Redactor
from ava_setup.onboarding.setup import Setup
from ava_setup.store.keys_around import KeysAround
from ava_setup.store.lock import ProfileLock
from ava_setup.store.logbook import Logbook
from ava_setup.store.state_file import StateFile
from ava_setup.store.state_store import StateStore
from ava_setup.store.vault import open_vault
from ava_setup.surroundings import surroundings
from ava_setup.words import _

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Mapping

    from ava_setup.clients.patience import OnWait
    from ava_setup.onboarding.errors import Problem, Vendor
    from ava_setup.store.places import Places
    from ava_setup.words import Voice


class Rehearsal:
    """What a demo can do by itself, at the sandbox; see `front.worlds.Demo`.

    Args:
        control_url: The sandbox's controls.
        answers: What F2 types, by field id.
        number: The number that the demo is about, E.164.
        caller: Who rings it, E.164.
    """

    def __init__(
        self, control_url: str, answers: Mapping[str, str], *, number: str, caller: str
    ) -> None:
        self._calls = f"{control_url}/calls"
        self.number = number
        self.caller = caller
        self.answers = MappingProxyType(dict(answers))

    async def ring(self, number: str) -> Overheard:
        """Have the simulated caller ring a number, and tell what is heard.

        Raises:
            httpx.HTTPError: The sandbox is gone.
        """
        async with network(self._calls) as client:
            answer = await client.post(self._calls, json={"from": self.caller, "to": number})
            answer.raise_for_status()
        told = answer.json()
        return Overheard(answered=told["answered"], words=told["heard"])


class World:
    """What a front end works on; see `front.worlds.World`."""

    def __init__(
        self,
        setup: Setup,
        *,
        profile: str,
        demo: Rehearsal | None,
        problem: Problem | None,
        held: ExitStack,
    ) -> None:
        self.setup = setup
        self._profile = profile
        self.demo = demo
        self.problem = problem
        self._held = held

    def handover_file(self) -> str:
        """Name a file for the hand-over sheet that is not there yet."""
        return str(usual_page(self.setup.saved))

    async def hand_over(self, voice: Voice, file: str) -> tuple[str, ...]:
        """Write the hand-over sheet, as `front.worlds.World` says.

        Raises:
            SetupError: It could not be gathered, or written.
        """
        is_demo = self.demo is not None
        files = await hand_over(self.setup, voice, file, profile=self._profile, is_demo=is_demo)
        return tuple(map(str, files))

    async def aclose(self) -> None:
        """Close the connections, then let go of the lock and of a demo's folder."""
        await self.setup.aclose()
        await asyncio.to_thread(self._held.close)


def open_world(
    environ: Mapping[str, str],
    places: Places,
    *,
    profile: str,
    demo: Rehearsal | None = None,
    held: ExitStack | None = None,
    keep_secrets: bool = True,
    on_wait: OnWait | None = None,
    first: Callable[[Setup], Awaitable[None]] | None = None,
) -> World:
    """Open one profile. Blocks for some tenths of a second; not for the event loop.

    Args:
        environ: Says which addresses the vendors have, if not their own.
        places: Where things are kept.
        profile: The profile's name.
        demo: What a demo can do by itself, or None.
        held: What else to let go of at the end.
        keep_secrets: Whether secrets outlast the run.
        on_wait: Told before a vendor is asked again; else the state's activity says it.
        first: Answers what is known already, once the set-up is open.

    Raises:
        SetupError: The profile is in use or cannot be read, or an address is refused.
    """
    with ExitStack() as opened:
        if held is not None:
            opened.push(held)
        folder = places.profile(profile)
        opened.enter_context(ProfileLock(folder))
        redactor = Redactor()
        opened.enter_context(Logbook(folder.log, redactor))
        opened.enter_context(_session())
        file = StateFile(folder.state)
        loaded = file.load()
        store = StateStore(file, loaded.saved)
        vendors = HttpVendors(
            environ, on_wait=on_wait or _Patience(store).say, on_secret=redactor.learn
        )
        vendors.prepare()
        vault = open_vault(places, profile, keep=keep_secrets, on_secret=redactor.learn)
        return World(
            Setup(
                store,
                vault,
                vendors,
                around=KeysAround(environ, on_secret=redactor.learn),
                first=first,
            ),
            profile=profile,
            demo=demo,
            problem=loaded.problem,
            held=opened.pop_all(),
        )


@contextmanager
def _session() -> Iterator[None]:
    """Log the beginning and the end, and what came between them when it is an error."""
    chronicle.session_started(surroundings(os.environ))
    try:
        yield
    except Exception as error:
        chronicle.failure(error)
        raise
    finally:
        chronicle.session_ended()


class _Patience:
    """Says that a client waits before it tries again."""

    def __init__(self, store: StateStore) -> None:
        self._store = store
        self._saying: set[asyncio.Task[object]] = set()

    def say(self, vendor: Vendor, seconds: float) -> None:
        activity = _(
            "{vendor} does not answer: trying again in {seconds} s… (Esc stops)",
            vendor=vendor.value,
            seconds=max(1, round(seconds)),
        )
        task: asyncio.Task[object] = asyncio.ensure_future(
            self._store.update(lambda state: state.note(activity=activity))
        )
        self._saying.add(task)
        task.add_done_callback(self._saying.discard)
