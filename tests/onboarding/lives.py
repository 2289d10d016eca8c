"""The program's lives: the real engine, store and vault on one folder, cut short at any await."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from unittest import mock

from ava_setup.onboarding.errors import ErrorCode, SetupError, StoreError
from ava_setup.onboarding.setup import Setup
from ava_setup.store.file_safe import FileSafe
from ava_setup.store.state_file import StateFile
from ava_setup.store.state_store import StateStore
from ava_setup.store.vault import LocalVault
from tests.onboarding.strict_vendors import Caller

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator
    from pathlib import Path

    from pydantic import SecretStr

    from ava_setup.onboarding.credentials import SecretName
    from ava_setup.onboarding.ports import Vendors
    from ava_setup.onboarding.state import Saved, State

T = TypeVar("T")

STATE = "state.json"
SECRETS = "secrets.json"
_HANGS_S = 30.0
_TURNS = 200


@dataclass(frozen=True)
class Cut:
    """Where a use case is cut short.

    Attributes:
        at: After how many turns of the event loop.
        kills: Whether the process is killed; else the use case is cancelled, as by Escape.
        lands: Whether a write that is on its way to a vendor arrives all the same, later.
    """

    at: int
    kills: bool = False
    lands: bool = False


@dataclass(frozen=True)
class Done(Generic[T]):
    """It ran to its end."""

    value: T


@dataclass(frozen=True)
class Failed:
    """It told what went wrong."""

    error: SetupError

    def __str__(self) -> str:
        return f"{self.error.code}: {self.error.problem.params}"


@dataclass(frozen=True)
class Short:
    """It was cut short."""

    killed: bool


End = Done[T] | Failed | Short


class _AtOnce(ThreadPoolExecutor):
    """Does what it is given there and then: the same turns of the loop every time."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        done: Future[T] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001 - whoever waits is to have it
            done.set_exception(error)
        return done


def _at_once(call: Callable[[], T], *, seconds: float | None) -> asyncio.Future[T]:
    del seconds
    outcome: asyncio.Future[T] = asyncio.get_running_loop().create_future()
    try:
        outcome.set_result(call())
    except Exception as error:  # noqa: BLE001 - whoever waits is to have it
        outcome.set_exception(error)
    return outcome


@contextmanager
def no_waiting() -> Iterator[None]:
    """Have no thread, and no disk waited for: a power cut is another test's."""
    with (
        mock.patch("ava_setup.store.vault.in_daemon", _at_once),
        mock.patch("os.fsync", return_value=None),
    ):
        yield


class Disk:
    """What outlives a process.

    Attributes:
        room: After how many writes to come it is full for one; None for never.
        kept: What was last written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.room: int | None = None
        self.kept = StateFile(folder / STATE).load().saved

    def has_room(self, path: Path, code: ErrorCode) -> None:
        """Take a write.

        Raises:
            StoreError: The disk is full.
        """
        if self.room is None:
            return
        if self.room:
            self.room -= 1
            return
        self.room = None
        raise StoreError(code, path=str(path), cause="No space left on device")


class _File(StateFile):
    def __init__(self, disk: Disk, caller: Caller) -> None:
        super().__init__(disk.folder / STATE)
        self._disk = disk
        self._caller = caller

    def write(self, saved: Saved) -> None:
        if self._caller.dead:
            return
        self._disk.has_room(self.path, ErrorCode.STATE_UNWRITABLE)
        super().write(saved)
        self._disk.kept = saved


class _Safe(FileSafe):
    def __init__(self, disk: Disk, caller: Caller) -> None:
        super().__init__(disk.folder / SECRETS)
        self._disk = disk
        self._caller = caller

    def keep(self, name: SecretName, secret: SecretStr) -> None:
        if not self._caller.dead:
            self._disk.has_room(self._path, ErrorCode.VAULT_UNWRITABLE)
            super().keep(name, secret)

    def forget(self, name: SecretName) -> None:
        if not self._caller.dead:
            super().forget(name)


class Life:
    """One process: what it has in memory is gone with it.

    Args:
        disk: What earlier ones left.
        reach: Gives the vendors as a caller reaches them.
        seen: Told of each state.
    """

    def __init__(
        self, disk: Disk, reach: Callable[[Caller], Vendors], seen: Callable[[State], None]
    ) -> None:
        self.caller = Caller()
        file = _File(disk, self.caller)
        loaded = file.load()
        assert loaded.problem is None, "what was kept cannot be read"
        self.store = StateStore(file, loaded.saved)
        self.store.subscribe(seen)
        vault = LocalVault(None, _Safe(disk, self.caller))
        self.setup = Setup(self.store, vault, reach(self.caller), poll_s=0.0, settle_s=0.0)


class Loop:
    """One event loop for all lives, the same at each run."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._loop.set_default_executor(_AtOnce())
        self._loop.set_exception_handler(self._note)
        self.complaints: list[object] = []

    def _note(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        self.complaints.append(context.get("exception") or context["message"])

    def run(
        self, life: Life, act: Callable[[Setup], Coroutine[Any, Any, T]], cut: Cut | None = None
    ) -> End[T]:
        """Run a use case, to its end or to where it is cut short."""
        task = self._loop.create_task(act(life.setup))
        if cut is not None:
            life.caller.sends_on = cut.lands
            self._awaits_the_cut(life, task, cut)
        self._loop.run_until_complete(asyncio.wait({task}, timeout=_HANGS_S))
        assert task.done(), "it hangs"
        life.caller.sends_on = False
        if task.cancelled() or life.caller.dead:
            assert cut is not None, "it was cancelled by nobody"
            return Short(life.caller.dead)
        error = task.exception()
        if error is None:
            return Done(task.result())
        if not isinstance(error, SetupError):
            raise error
        return Failed(error)

    def _awaits_the_cut(self, life: Life, task: asyncio.Task[T], cut: Cut) -> None:
        self._loop.call_soon(self._count_down, life, task, cut, cut.at)

    def _count_down(self, life: Life, task: asyncio.Task[T], cut: Cut, left: int) -> None:
        if task.done():
            return
        if left:
            self._loop.call_soon(self._count_down, life, task, cut, left - 1)
            return
        life.caller.dead = cut.kills
        task.cancel()
        if cut.kills:
            # Nothing is cleaned up after a kill.
            self._loop.call_soon(self._count_down, life, task, cut, 0)

    def left_running(self) -> int:
        """Count what goes on although nobody waits for it, after giving it time to end."""
        self._loop.run_until_complete(_turns(5))
        return len(asyncio.all_tasks(self._loop))

    def bury(self, life: Life) -> None:
        """End all that a killed process has under way."""
        life.caller.dead = True
        for _ in range(_TURNS):
            tasks = asyncio.all_tasks(self._loop)
            if not tasks:
                break
            for task in tasks:
                task.cancel()
            self._loop.run_until_complete(_turns(1))
        assert not asyncio.all_tasks(self._loop), "the dead will not rest"
        # The system closes what a process had open.
        for client in tuple(life.caller.clients):
            self._loop.run_until_complete(client.aclose())

    def close(self) -> None:
        """Close the loop."""
        self._loop.close()


async def _turns(number: int) -> None:
    for _ in range(number):
        await asyncio.sleep(0)
