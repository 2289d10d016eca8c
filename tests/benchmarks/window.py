"""A program in a terminal of its own, timed from outside: from exec or a key to what is drawn."""

from __future__ import annotations

import fcntl
import os
import re
import select
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType

COLUMNS, ROWS = 80, 24
PYTHON: Final = sys.executable
WIZARD: Final = str(Path(sys.executable).with_name("ava-setup"))
_PATIENCE_S = 30.0
_RESTLESS_S = 1.0
_MARKUP = re.compile(rb"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[^\[\]]")
# What would change how a program starts, or what it draws.
_LEFT_OUT = ("AVA_SETUP", "COLUMNS", "COLORTERM", "FORCE_COLOR", "LANG", "LC_", "LINES", "NO_COLOR")
_PYTHONS = ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "TEXTUAL", "TWILIO", "VAPI")


def environment(changes: Mapping[str, str] | None = None) -> dict[str, str]:
    """Give the environment of a plain terminal, in which bytecode is used as it is for users."""
    left_out = (*_LEFT_OUT, *_PYTHONS)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    plain = {
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "C.UTF-8",
        "TEXTUAL_ANIMATIONS": "none",
    }
    return kept | plain | dict(changes or {})


class Window:
    """A program in a pty of 80 columns and 24 rows.

    Args:
        command: The program and its arguments.
        env: Added to the environment.
    """

    def __init__(self, command: Sequence[str], env: Mapping[str, str] | None = None) -> None:
        self._master, slave = os.openpty()
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self._seen = bytearray()
        surroundings = environment(env)
        self.started = time.perf_counter()
        self.process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            env=surroundings,
        )
        os.close(slave)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def text(self) -> str:
        """What was written since the last key, without its colours."""
        return _MARKUP.sub(b"", bytes(self._seen)).decode(errors="replace")

    def send(self, keys: str) -> float:
        """Type; what was written before is forgotten. Gives the moment, in seconds."""
        self.settle(0)
        self._seen.clear()
        now = time.perf_counter()
        os.write(self._master, keys.encode())
        return now

    def wait(self, *words: str) -> float:
        """Wait until each of some words has been written since the last key.

        Returns:
            The moment in seconds, by `time.perf_counter`.

        Raises:
            TimeoutError: They do not come, or the program has ended.
        """
        deadline = time.perf_counter() + _PATIENCE_S
        while True:
            text = self.text
            if all(one in text for one in words):
                return time.perf_counter()
            if not self._read(deadline - time.perf_counter()):
                raise TimeoutError(f"{words} did not come; there is:\n{self.text[-2000:]}")

    def settle(self, quiet_s: float = 0.3) -> float:
        """Read on until nothing is written any more; gives the moment of the last that was."""
        last = time.perf_counter()
        # A cursor that blinks is never quiet for long.
        until = last + quiet_s + _RESTLESS_S
        while self._read(quiet_s) and last < until:
            last = time.perf_counter()
        return last

    @property
    def peak_kib(self) -> int:
        """The most memory that the program ever held, in KiB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.findall(r"VmHWM:\s+(\d+)", status)[0])

    def close(self) -> None:
        """End the program."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                # Drained, so that the program can say its last words.
                self.settle(0.2)
                self.process.wait(3)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        os.close(self._master)

    def _read(self, patience_s: float) -> bool:
        ready, _, _ = select.select([self._master], [], [], max(0.0, patience_s))
        if not ready:
            return False
        try:
            written = os.read(self._master, 65536)
        except OSError:
            return False
        self._seen += written
        return bool(written)


def seconds_of(command: Sequence[str], env: Mapping[str, str] | None = None) -> float:
    """Run a program to its end, without a terminal; gives the seconds that it took.

    Raises:
        RuntimeError: It failed.
    """
    surroundings = environment(env)
    started = time.perf_counter()
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)
    took = time.perf_counter() - started
    if done.returncode:
        raise RuntimeError(f"{command[0]} ended with {done.returncode}: {done.stderr[-2000:]}")
    return took
