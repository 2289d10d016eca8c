"""The folder of a demo: apart from everything, and gone afterwards, even after a kill."""

from __future__ import annotations

import atexit
import os
import shutil
import stat
import tempfile
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

if TYPE_CHECKING:
    from collections.abc import Iterator

_PREFIX = "ava-setup-demo-"
_HELD = "in-use"
_TRIES = 10


@contextmanager
def demo_folder() -> Iterator[Path]:
    """Make a folder for one demo, and remove it at the end; blocking, but short.

    Raises:
        OSError: It cannot be made.
    """
    root, lock = _new_folder()
    remove = partial(_remove, root, lock)
    # Left while it opens, a demo has nobody yet who would close it.
    atexit.register(remove)
    try:
        yield root
    finally:
        remove()
        atexit.unregister(remove)


def sweep_demos() -> None:
    """Remove what demos left behind that were killed; blocking, but short."""
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        # Another demo may hold it, or have just removed it.
        with suppress(OSError, Timeout):
            _remove_unless_held(left)


def _new_folder() -> tuple[Path, FileLock]:
    for _ in range(_TRIES):
        root = Path(tempfile.mkdtemp(prefix=_PREFIX))
        lock = _lock_of(root)
        # Somebody else's sweep may meet it before it is held.
        with suppress(OSError, Timeout):
            lock.acquire(blocking=False)
            return root, lock
    raise FileExistsError(f"no folder for a demo in {tempfile.gettempdir()}")


def _lock_of(root: Path) -> FileLock:
    # The one who lets go may be another thread than the one who took it.
    return FileLock(root / _HELD, mode=0o600, thread_local=False)


def _remove_unless_held(left: Path) -> None:
    if not _is_ours(left):
        return
    if not (left / _HELD).exists():
        # Made and not yet held, or nearly removed: then there is nothing else in it.
        left.rmdir()
        return
    lock = _lock_of(left)
    lock.acquire(blocking=False)
    _remove(left, lock)


def _is_ours(left: Path) -> bool:
    found = left.lstat()
    mine = os.name != "posix" or found.st_uid == os.getuid()
    return mine and stat.S_ISDIR(found.st_mode)


def _remove(root: Path, lock: FileLock) -> None:
    """Remove a folder that is held; what says so goes last."""
    with suppress(OSError):
        for inside in root.iterdir():
            if inside.name != _HELD:
                shutil.rmtree(inside, ignore_errors=True)
    lock.release()
    shutil.rmtree(root, ignore_errors=True)
