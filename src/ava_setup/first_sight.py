"""What is seen before the first screen: the title at once, on a terminal that keeps still.

Importing Textual takes a quarter of a second. Until then the terminal would show what is typed
ahead, be it a secret, and turn its Enter into another key. Imports nothing slow.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from types import FrameType
    from typing import Any

TITLE: Final = " Ava"
_ERASED: Final = b"\r\x1b[K"
_NO_SCREEN: Final = frozenset({"", "dumb", "unknown"})
_TAKES_NOTHING: Final = frozenset({"--demo", "--autoplay", "--no-save-secrets"})
_LANGUAGES: Final = frozenset({"fr", "en"})
# The terminal as it was found, while it is kept still.
_found: list[list[Any]] = []


def draws_screens() -> bool:
    """Whether there is a terminal here that draws screens, and nobody asked for lines."""
    if os.environ.get("ACCESSIBLE", "") not in {"", "0"}:
        return False
    # Something else does the drawing.
    if os.environ.get("TEXTUAL_DRIVER"):
        return True
    streams = (sys.stdin, sys.stdout, sys.stderr)
    return os.environ.get("TERM", "") not in _NO_SCREEN and all(
        one and one.isatty() for one in streams
    )


def surely_opens_the_wizard(arguments: list[str]) -> bool:
    """Whether these arguments lead to the first screen, with nothing to complain of before it."""
    left = list(arguments)
    while left:
        one = left.pop(0)
        if one == "--lang" and left:
            one = f"--lang={left.pop(0)}"
        if one not in _TAKES_NOTHING and one.removeprefix("--lang=") not in _LANGUAGES:
            return False
    return draws_screens()


def begin() -> None:
    """Show the title, and keep the terminal still; without one, do nothing."""
    try:
        import termios  # noqa: PLC0415 - only where there are terminals of that kind
    except ImportError:
        return
    try:
        found: list[Any] = termios.tcgetattr(sys.stdin.fileno())
        still = list(found)
        still[0] &= ~termios.ICRNL
        still[3] &= ~(termios.ECHO | termios.ICANON)
        termios.tcsetattr(sys.stdin.fileno(), termios.TCSANOW, still)
    except (termios.error, ValueError):
        return
    _found.append(found)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) in {signal.SIG_DFL, signal.default_int_handler}:
            signal.signal(number, _leave)
    _write(TITLE.encode())


def hand_over() -> list[Any] | None:
    """Take the title away, for whoever takes the terminal over as it is.

    Returns:
        The terminal's attributes as they were found, or None when it was not kept still.
    """
    if not _found:
        return None
    _write(_ERASED)
    return _found.pop()


def end() -> None:
    """Take the title away and give the terminal back, unless somebody took it over."""
    found = hand_over()
    if found is not None:
        import termios  # noqa: PLC0415 - there is a terminal

        with suppress(termios.error, ValueError):
            termios.tcsetattr(sys.stdin.fileno(), termios.TCSANOW, found)


def _leave(number: int, _frame: FrameType | None) -> None:
    if _found:
        # Modules are imported, and nothing is open: an error raised into the making of a class
        # would come out as another one, with a traceback.
        end()
        os._exit(128 + number)
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    raise SystemExit(128 + number)


def _write(what: bytes) -> None:
    with suppress(OSError):
        os.write(sys.stderr.fileno(), what)
