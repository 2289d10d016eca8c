"""Finds every touch of disk and network by itself, and dies at the one it is told to."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

# What the interpreter reports before it does it, and which arguments are paths.
_AUDITED = {
    "open": slice(0, 1),
    "os.chmod": slice(0, 1),
    "os.listdir": slice(0, 1),
    "os.mkdir": slice(0, 1),
    "os.remove": slice(0, 1),
    "os.rename": slice(0, 2),
    "os.rmdir": slice(0, 1),
    "os.scandir": slice(0, 1),
    "os.truncate": slice(0, 1),
}

# Nothing left yet; half of it left; all of it, unanswered; an answer begun; the answer read.
_ON_THE_WIRE = frozenset(
    {
        "connection.connect_tcp.started",
        "http11.send_request_headers.started",
        "http11.send_request_headers.complete",
        "http11.send_request_body.complete",
        "http11.receive_response_headers.complete",
        "http11.receive_response_body.complete",
    }
)


class Points:
    """Counts the touches of one run; to be made once in a process, for it stays in its way.

    Args:
        home: Only what is below it counts, of the disk.
        origins: Only these `(host, port)` count, of the network.
        kill_at: Which touch is the last of this process; 0 for none.
        log: Told each touch before it happens.
    """

    def __init__(
        self,
        home: Path,
        origins: frozenset[tuple[str, int | None]],
        kill_at: int,
        log: Callable[[str], None],
    ) -> None:
        self._home = os.fspath(home)
        self._origins = origins
        self._kill_at = kill_at
        self._log = log
        self._count = 0
        self._turn = threading.Lock()
        self._files: dict[int, str] = {}

    def watch(self) -> None:
        """Put the instruments in place."""
        self._watch_descriptors()
        sys.addaudithook(self._audit)
        self._watch_requests()

    def touch(self, what: str) -> None:
        """Count a touch, and die there if it is the one."""
        with self._turn:
            self._count += 1
            self._log(f"at {what}")
            if self._count == self._kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

    # The disk

    def _audit(self, event: str, arguments: tuple[object, ...]) -> None:
        if event not in _AUDITED:
            return
        for path in arguments[_AUDITED[event]]:
            name = self._below_home(path)
            if name:
                self.touch(f"{event} {name}")
                return

    def _below_home(self, path: object) -> str:
        """Name a file or folder in the home, with what is random in it left out; else ""."""
        if not isinstance(path, str | os.PathLike):
            return ""
        text = os.fspath(path)
        if not text.startswith(self._home):
            return ""
        name = os.path.relpath(text, self._home)
        # A draft is `.NAME.RANDOM.tmp`.
        return name.rsplit(".", 2)[0] + " draft" if name.endswith(".tmp") else name

    def _watch_descriptors(self) -> None:
        """Wrap what works on descriptors: the interpreter does not report it."""
        opened, closed, wrote, synced = os.open, os.close, os.write, os.fsync

        def open_(path: Any, *how: Any, **more: Any) -> int:
            descriptor = opened(path, *how, **more)
            name = self._below_home(path)
            if name:
                self._files[descriptor] = name
            return descriptor

        def close(descriptor: int) -> None:
            name = self._files.pop(descriptor, "")
            if name:
                self.touch(f"os.close {name}")
            closed(descriptor)

        def write(descriptor: int, content: Any) -> int:
            name = self._files.get(descriptor, "")
            if not name:
                return wrote(descriptor, content)
            half = len(content) // 2
            self.touch(f"os.write {name}")
            wrote(descriptor, content[:half])
            self.touch(f"os.write {name}, half done")
            return half + wrote(descriptor, content[half:])

        def fsync(descriptor: int) -> None:
            name = self._files.get(descriptor, "")
            if name:
                self.touch(f"os.fsync {name}")
            synced(descriptor)

        # The store and its lock look these up in `os` at each call.
        vars(os).update(open=open_, close=close, write=write, fsync=fsync)

    # The network

    def _watch_requests(self) -> None:
        """Have the real transport report each stage of each request."""
        handle = httpx.AsyncHTTPTransport.handle_async_request

        async def handled(
            transport: httpx.AsyncHTTPTransport, request: httpx.Request
        ) -> httpx.Response:
            if (request.url.host, request.url.port) in self._origins:
                what = f"{request.method} {request.url.path}"

                async def trace(event: str, _info: dict[str, Any]) -> None:
                    if event in _ON_THE_WIRE:
                        self.touch(f"{event.partition('.')[2]} {what}")

                request.extensions = {**request.extensions, "trace": trace}
            return await handle(transport, request)

        httpx.AsyncHTTPTransport.handle_async_request = handled  # type: ignore[assignment,method-assign]


class Log:
    """A file that outlives the process: every line is there once `tell` returns."""

    def __init__(self, path: Path) -> None:
        self._write = os.write
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def tell(self, line: str) -> None:
        """Write a line."""
        self._write(self._descriptor, f"{line}\n".encode())


@contextlib.contextmanager
def asked(log: Log, questions: Sequence[str]) -> Iterator[None]:
    """Say that questions are put to the user, and that their answers were taken."""
    for question in questions:
        log.tell(f"asked {question}")
    yield
    for question in questions:
        log.tell(f"kept {question}")
