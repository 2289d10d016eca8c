"""Lines typed by a person, or sent through a pipe; read beside the event loop."""

from __future__ import annotations

import asyncio
import os
import re
import sys
import threading
from contextlib import contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

if sys.platform == "win32":
    from getpass import getpass
else:
    import termios

_CHUNK = 4096
# An arrow key, or another that is no letter, in the middle of a line.
_KEYS = re.compile(r"\x1b(?:\[[0-9;]*[A-Za-z~]|O[A-Za-z])|[\x00-\x08\x0b-\x1f\x7f]")


class Lines(Protocol):
    """Where answers come from."""

    @property
    def is_terminal(self) -> bool:
        """Whether a person types them."""
        ...

    async def next(self, *, hidden: bool = False) -> str | None:
        """Wait for a line; None when there are no more.

        Args:
            hidden: Whether the terminal is not to show it.
        """
        ...


class TypedLines:
    """The lines of a file descriptor. One that was waited for in vain is the next one.

    Args:
        fd: Standard input's, usually.
    """

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._rest = b""
        self._awaited: asyncio.Future[str | None] | None = None

    @property
    def is_terminal(self) -> bool:
        """Whether a person types them."""
        return os.isatty(self._fd)

    async def next(self, *, hidden: bool = False) -> str | None:
        """Wait for a line; None when there are no more."""
        if self._awaited is None:
            loop = asyncio.get_running_loop()
            self._awaited = loop.create_future()
            # Not the loop's own executor: that one waits for its threads at the end.
            asked = (loop, self._awaited, self._unseen_line if hidden else self._line)
            threading.Thread(target=self._read, args=asked, daemon=True).start()
        with self._unseen() if hidden else nullcontext():
            line = await asyncio.shield(self._awaited)
        self._awaited = None
        return line

    def _read(
        self,
        loop: asyncio.AbstractEventLoop,
        awaited: asyncio.Future[str | None],
        read: Callable[[], str | None],
    ) -> None:
        line = read()
        # The conversation may be over by now.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_deliver, awaited, line)

    def _line(self) -> str | None:
        # Not by way of `sys.stdin`, whose lock a thread that waits would hold at the end.
        while b"\n" not in self._rest:
            try:
                more = os.read(self._fd, _CHUNK)
            except OSError:
                more = b""
            if not more:
                line, self._rest = self._rest, b""
                return _decoded(line) if line else None
            self._rest += more
        line, _end, self._rest = self._rest.partition(b"\n")
        return _decoded(line)

    def _unseen_line(self) -> str | None:
        if sys.platform == "win32" and self.is_terminal:
            return getpass("")
        return self._line()

    @contextmanager
    def _unseen(self) -> Iterator[None]:
        """Have the terminal not show what is typed; what was pasted already is not lost."""
        if sys.platform == "win32" or not self.is_terminal:
            yield
            return
        before = termios.tcgetattr(self._fd)
        after = list(before)
        after[3] = (before[3] & ~termios.ECHO) | termios.ECHONL
        termios.tcsetattr(self._fd, termios.TCSADRAIN, after)
        try:
            yield
        finally:
            termios.tcsetattr(self._fd, termios.TCSADRAIN, before)


def _deliver(awaited: asyncio.Future[str | None], line: str | None) -> None:
    if not awaited.done():
        awaited.set_result(line)


def _decoded(line: bytes) -> str:
    try:
        text = line.decode()
    except UnicodeDecodeError:
        text = line.decode(sys.stdin.encoding, errors="replace")
    return _KEYS.sub("", text)
