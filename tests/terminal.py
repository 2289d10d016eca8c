"""A real terminal for tests: a program in a pty, typed at as a person or a password manager does.

    with Terminal([sys.executable, "-m", "ava_setup"], columns=80, rows=24) as terminal:
        terminal.wait_for("Business name")
        terminal.type("Lemoine").press("tab").wait_for("Lemoine")
        terminal.send_signal(signal.SIGTERM)
        assert terminal.exit_code() == 143
        assert terminal.is_restored

Everything given to one `type`, `press` or `paste` arrives as one burst. Nothing here sleeps: a
test waits for what it expects to see, and fails with a picture of the screen.
"""

from __future__ import annotations

import fcntl
import os
import re
import select
import struct
import subprocess
import sys
import termios
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

import pyte

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from signal import Signals
    from types import TracebackType

KEYS: Final[Mapping[str, str]] = {
    "alt+backspace": "\x1b[127;3u",
    "backspace": "\x7f",
    "ctrl+backspace": "\x1b[127;5u",
    "delete": "\x1b[3~",
    "down": "\x1b[B",
    "end": "\x1b[F",
    "enter": "\r",
    "escape": "\x1b[27u",
    "f1": "\x1bOP",
    "f2": "\x1bOQ",
    "f3": "\x1bOR",
    "f4": "\x1bOS",
    "f5": "\x1b[15~",
    "f6": "\x1b[17~",
    "f7": "\x1b[18~",
    "f8": "\x1b[19~",
    "f9": "\x1b[20~",
    "home": "\x1b[H",
    "left": "\x1b[D",
    "pagedown": "\x1b[6~",
    "pageup": "\x1b[5~",
    "right": "\x1b[C",
    "shift+end": "\x1b[1;2F",
    "shift+home": "\x1b[1;2H",
    "shift+tab": "\x1b[Z",
    "space": " ",
    "tab": "\t",
    "up": "\x1b[A",
}
"""What a terminal sends for each key; `ctrl+<letter>` and single characters are worked out."""

# Makes the pty the controlling terminal, so that closing it hangs up as closing a window does.
_TAKE_TTY = (
    "import fcntl, os, sys, termios;"
    "fcntl.ioctl(0, termios.TIOCSCTTY, 0);"
    "os.execvp(sys.argv[1], sys.argv[1:])"
)
_TIMEOUT: Final = 10.0
# pyte prints the end of these instead of passing over them.
UNKNOWN_TO_PYTE = re.compile(rb"\x1b\[[<>=][\d;]*[a-zA-Z]|\x1b\[\?[\d;]*\$p")
_UNFINISHED = re.compile(rb"\x1b(?:\[[<>=?\d;$]*)?\Z")
_PRIVATE_MODE = re.compile(rb"\x1b\[\?([\d;]+)([hl])")
_ON_AT_FIRST: Final = frozenset({7, 25})
"""Line wrap and the visible cursor: the private modes that a terminal starts with."""


def key_bytes(name: str) -> str:
    """Spell a key as a terminal sends it."""
    if name in KEYS:
        return KEYS[name]
    if name.startswith("ctrl+") and len(name) == len("ctrl+x"):
        return chr(ord(name[-1].upper()) - 64)
    if len(name) == 1:
        return name
    raise ValueError(f"no such key: {name}")


class Terminal:
    """A program running in a terminal of its own, and what that terminal shows.

    Args:
        command: The program and its arguments.
        columns: Width of the terminal.
        rows: Height of the terminal.
        env: Added to the environment; an empty value removes the variable.
        cwd: Where to start it; by default the project's folder.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        columns: int = 80,
        rows: int = 24,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> None:
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._raw = bytearray()
        self._unfed = b""
        self._changed = threading.Condition()
        self._ended = False
        self._master, slave = os.openpty()
        self._wake_out, self._wake_in = os.pipe()
        self._set_size(columns, rows)
        try:
            self.process = subprocess.Popen(
                [sys.executable, "-I", "-S", "-c", _TAKE_TTY, *command],
                stdin=slave,
                stdout=slave,
                stderr=slave,
                start_new_session=True,
                env=_environment(env or {}),
                cwd=cwd or Path(__file__).parents[1],
            )
        finally:
            os.close(slave)
        self._reader = threading.Thread(target=self._read, name="terminal", daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # What the person does

    def type(self, text: str) -> Self:
        r"""Send characters as they are, in one burst: `"user\tsecret"` types a Tab."""
        os.write(self._master, text.encode())
        return self

    def press(self, *keys: str) -> Self:
        """Send keys by name ("tab", "ctrl+u", "a"), in one burst."""
        return self.type("".join(map(key_bytes, keys)))

    def paste(self, text: str) -> Self:
        """Paste as a terminal does: bracketed, and with its line ends turned into returns."""
        return self.type("\x1b[200~" + text.replace("\n", "\r") + "\x1b[201~")

    def click(self, column: int, row: int) -> Self:
        """Press and release the left button on a cell, counted from 0."""
        place = f"{column + 1};{row + 1}"
        return self.type(f"\x1b[<0;{place}M\x1b[<0;{place}m")

    def resize(self, columns: int, rows: int) -> Self:
        """Change the size of the window."""
        with self._changed:
            self._screen.resize(rows, columns)
        self._set_size(columns, rows)
        return self

    def send_signal(self, number: Signals) -> Self:
        """Send a signal to the program."""
        self.process.send_signal(number)
        return self

    def hang_up(self) -> Self:
        """Close the window: the program loses its terminal."""
        if self._master >= 0:
            os.write(self._wake_in, b"x")
            self._reader.join()
            os.close(self._master)
            self._master = -1
        return self

    # What the person sees

    def screen_text(self) -> str:
        """What is on the screen now, one line per row."""
        with self._changed:
            return "\n".join(self._screen.display)

    @property
    def cursor(self) -> tuple[int, int]:
        """Column and row of the hardware cursor, counted from 0."""
        with self._changed:
            return self._screen.cursor.x, self._screen.cursor.y

    def emphasis(self, column: int, row: int) -> set[str]:
        """How a cell stands out, colour aside: "bold", "underscore", "reverse"."""
        with self._changed:
            cell = self._screen.buffer[row][column]
        return {name for name in ("bold", "underscore", "reverse") if getattr(cell, name)}

    @property
    def raw(self) -> bytes:
        """Every byte the program has written so far."""
        with self._changed:
            return bytes(self._raw)

    def wait_for(self, text: str, timeout: float = _TIMEOUT) -> Self:
        """Wait until a text is on the screen."""
        return self.wait_until(lambda: text in self.screen_text(), f"{text!r} to show", timeout)

    def wait_gone(self, text: str, timeout: float = _TIMEOUT) -> Self:
        """Wait until a text is no longer on the screen."""
        return self.wait_until(lambda: text not in self.screen_text(), f"{text!r} to go", timeout)

    def wait_until(
        self, condition: Callable[[], bool], what: str, timeout: float = _TIMEOUT
    ) -> Self:
        """Wait until a condition holds; it is looked at again whenever something is written.

        Raises:
            AssertionError: It does not hold in time, or the program has ended without it.
        """
        deadline = time.monotonic() + timeout
        with self._changed:
            while not condition():
                left = deadline - time.monotonic()
                if left <= 0 or self._ended:
                    why = "the program ended" if self._ended else f"{timeout} s went by"
                    raise AssertionError(f"waited for {what}, but {why}:\n{self.screen_text()}")
                self._changed.wait(left)
        return self

    # How it ends

    def exit_code(self, timeout: float = _TIMEOUT) -> int:
        """Wait for the program to end; its exit code, or minus the signal that killed it.

        Raises:
            AssertionError: It is still running after the time-out.
        """
        try:
            code = self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"still running:\n{self.screen_text()}") from None
        self._reader.join(timeout)
        return code

    @property
    def is_cooked(self) -> bool:
        """Whether the terminal echoes, edits lines and makes Ctrl+C a signal, as in a shell."""
        flags = termios.tcgetattr(self._master)
        wanted = termios.ECHO | termios.ICANON | termios.ISIG | termios.IEXTEN
        return flags[3] & wanted == wanted and bool(flags[0] & termios.ICRNL)

    @property
    def modes_left(self) -> set[int]:
        """Private modes that differ from a fresh terminal's: alternate screen, mouse, paste…"""
        state = dict.fromkeys(_ON_AT_FIRST, True)
        for numbers, verb in _PRIVATE_MODE.findall(self.raw):
            for number in numbers.split(b";"):
                state[int(number)] = verb == b"h"
        return {number for number, on in state.items() if on != (number in _ON_AT_FIRST)}

    @property
    def is_restored(self) -> bool:
        """Whether the terminal is as the program found it."""
        keyboard = self.raw.count(b"\x1b[>") == self.raw.count(b"\x1b[<u")
        return self.is_cooked and not self.modes_left and keyboard

    def close(self) -> None:
        """End the program if it still runs, and close the terminal."""
        self.hang_up()
        try:
            self.process.wait(1)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for end in (self._wake_in, self._wake_out):
            os.close(end)

    def _set_size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def _read(self) -> None:
        while True:
            ready, _, _ = select.select([self._master, self._wake_out], [], [])
            if self._wake_out in ready:
                break
            try:
                written = os.read(self._master, 65536)
            except OSError:
                break
            if not written:
                break
            with self._changed:
                self._raw += written
                self._feed(written)
                self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def _feed(self, written: bytes) -> None:
        text = self._unfed + written
        cut = _UNFINISHED.search(text)
        self._unfed = text[cut.start() :] if cut else b""
        self._stream.feed(UNKNOWN_TO_PYTE.sub(b"", text[: cut.start()] if cut else text))


def _environment(changes: Mapping[str, str]) -> dict[str, str]:
    """The environment of a plain terminal, without what would alter Textual or its size."""
    # The last is of servers: with it, Python forgets what can no longer be written.
    alters = (
        *("TEXTUAL", "NO_COLOR", "COLUMNS", "LINES", "LC_", "LANG", "FORCE_COLOR"),
        "PYTHONUNBUFFERED",
    )
    env = {name: value for name, value in os.environ.items() if not name.startswith(alters)}
    env |= {
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "C.UTF-8",
        "TEXTUAL_ANIMATIONS": "none",
        **changes,
    }
    return {name: value for name, value in env.items() if value}
