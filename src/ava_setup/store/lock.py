"""The lock that keeps two wizards off one profile, and dies with the process that holds it."""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from filelock import FileLock, Timeout

from ava_setup.onboarding.errors import ErrorCode, StoreError
from ava_setup.store.disk import make_folder, said_plainly, sweep, write_whole

if TYPE_CHECKING:
    from types import TracebackType

    from ava_setup.store.places import ProfileFolder

_UNKNOWN = "?"

# A holder says who it is just after it has the lock: seconds between looks, and how many.
_LOOK_EVERY = 0.02
_LOOKS = 10


class ProfileLock:
    """Holds a profile from `acquire` to `release`, or as a context manager.

    Never waits for another holder; finding out its pid takes 0.2 s at most.
    """

    def __init__(self, folder: ProfileFolder) -> None:
        self._folder = folder
        # The one who releases may be another thread than the one who acquired.
        self._lock = FileLock(folder.lock, mode=0o600, thread_local=False)

    def acquire(self) -> None:
        """Take the profile.

        Raises:
            StoreError: `BUSY` with the holder's pid ("?" when it cannot be known), or
                `STATE_UNWRITABLE`.
        """
        with said_plainly(self._folder.lock):
            make_folder(self._folder.path)
            try:
                self._lock.acquire(blocking=False)
            except Timeout:
                raise StoreError(ErrorCode.BUSY, pid=self._holder()) from None
        sweep(self._folder.pid)
        # On a full disk nobody learns the pid; the lock holds all the same.
        with suppress(OSError):
            write_whole(self._folder.pid, str(os.getpid()).encode())

    def release(self) -> None:
        """Give the profile back."""
        # Whoever was refused must not wipe out who holds it.
        if not self._lock.is_locked:
            return
        with suppress(OSError):
            self._folder.pid.unlink()
        self._lock.release()

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()

    def _holder(self) -> str:
        for _ in range(_LOOKS):
            try:
                pid = int(self._folder.pid.read_bytes())
            except (OSError, ValueError):
                pid = 0
            if _is_alive(pid):
                return str(pid)
            time.sleep(_LOOK_EVERY)
        return _UNKNOWN


def _is_alive(pid: int) -> bool:
    """Whether a process exists; a pid left by a killed holder mostly does not."""
    if pid <= 0:
        return False
    if sys.platform == "win32":
        # There, os.kill ends the process whatever the signal.
        return True
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return True
