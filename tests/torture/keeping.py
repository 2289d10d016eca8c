"""Keeps a copy of every file that is about to vanish, and notes what is written elsewhere.

What a test writes and removes again is gone before anybody can look into it. Each Python process
of a watched suite starts with a `sitecustomize` that calls `watch_this_process`.
"""

from __future__ import annotations

import logging
import os
import stat
import sys
import threading
from itertools import count
from typing import Final

SUITE: Final = "WATCHED_SUITE"
"""Names the environment variable that says where a watched suite keeps everything."""
PASSED_ON: Final = (SUITE, "PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "HOME", "TMPDIR")
"""What a program needs to be watched as well, however little of the environment it is given."""

# Tests replace some of these; what is kept must not depend on it.
_open, _write, _read, _close = os.open, os.write, os.read, os.close
_stat, _readlink, _getpid = os.stat, os.readlink, os.getpid
_abspath, _dirname, _join = os.path.abspath, os.path.dirname, os.path.join

_WRITES: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
# What ends a file's content, and which argument names the file.
_ENDS: Final = {"os.remove": 0, "os.rename": 1, "os.truncate": 0}
_NO_FILES: Final = ("/dev/", "/proc/")


class Keeper:
    """Keeps what vanishes below a folder, and notes what is written outside it.

    Args:
        suite: Holds `tree`, where tests may write; `kept`, which takes the copies, each with its
            mode, its folder's mode and its name on the first line; and `notes`, which takes what
            went against expectation.
    """

    def __init__(self, suite: str) -> None:
        self._suite = suite + os.sep
        self._tree = f"{suite}/tree{os.sep}"
        self._kept = f"{suite}/kept"
        self._notes = f"{suite}/notes"
        self._numbers = count()
        self._thread = threading.local()

    def audit(self, event: str, arguments: tuple[object, ...]) -> None:
        """Take what the interpreter reports before it does it."""
        if event != "open" and event not in _ENDS:
            return
        if getattr(self._thread, "busy", False):
            return
        self._thread.busy = True
        try:
            self._see(event, arguments)
        finally:
            self._thread.busy = False

    def _see(self, event: str, arguments: tuple[object, ...]) -> None:
        if event == "open":
            path, flags = arguments[0], arguments[2]
            if not isinstance(flags, int) or not flags & _WRITES:
                return
            ends = bool(flags & os.O_TRUNC)
        else:
            path, ends = arguments[_ENDS[event]], True
        if not isinstance(path, str | bytes | os.PathLike):
            return
        name = _abspath(_join(_folder(event, arguments), os.fsdecode(path)))
        if name.startswith(_NO_FILES):
            return
        if not name.startswith(self._suite):
            self._note(f"outside: {event} {name}")
        elif ends and name.startswith(self._tree):
            self._keep(name)

    def _keep(self, name: str) -> None:
        try:
            there = _stat(name, follow_symlinks=False)
            if not stat.S_ISREG(there.st_mode) or not there.st_size:
                return
            folder = _stat(_dirname(name))
            opened = _open(name, os.O_RDONLY)
        except FileNotFoundError:
            return
        except OSError as error:
            self._note(f"lost: {name} {error!r}")
            return
        head = f"{there.st_mode & 0o777:o} {folder.st_mode & 0o777:o} {name}\n"
        copy = f"{self._kept}/{_getpid()}-{threading.get_ident()}-{next(self._numbers)}"
        kept = _open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            _write(kept, os.fsencode(head))
            while content := _read(opened, 1 << 20):
                _write(kept, content)
        finally:
            _close(opened)
            _close(kept)

    def _note(self, what: str) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        notes = _open(f"{self._notes}/{_getpid()}", flags, 0o600)
        try:
            _write(notes, os.fsencode(f"{what}\n"))
        finally:
            _close(notes)


def _folder(event: str, arguments: tuple[object, ...]) -> str:
    """Give the folder that a path is relative to, when it was given as a descriptor."""
    place = {"os.remove": 1, "os.rename": 3}.get(event)
    descriptor = -1 if place is None else arguments[place]
    if isinstance(descriptor, int) and descriptor >= 0:
        return _readlink(f"/proc/self/fd/{descriptor}")
    return ""


def watch_this_process() -> None:
    """Keep what vanishes, and log what every library has to say, from now on."""
    suite = os.environ[SUITE]
    sys.addaudithook(Keeper(suite).audit)
    logging.basicConfig(
        filename=f"{suite}/logs/{_getpid()}.log",
        level=logging.DEBUG,
        format="%(asctime)s %(name)s %(levelname)s %(message)s",
    )
