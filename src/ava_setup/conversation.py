"""A conversation on a plain terminal: lines said, one question asked, and how it ends."""

from __future__ import annotations

import asyncio
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, TextIO

from ava_setup.onboarding.errors import Problem, problem_of
from ava_setup.words import NOTHING, Language, Text, Voice, _

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

FAILED = 1
USAGE = 2
INTERRUPTED = 130

_YES = frozenset({"y", "yes", "o", "oui"})
_NO = frozenset({"n", "no", "non", ""})


class Conversation:
    """Says lines to a person and asks for a yes.

    Args:
        voice: The language.
        yes: Whether the answer is known to be yes.
    """

    def __init__(self, voice: Voice, *, yes: bool) -> None:
        self._voice = voice
        self._yes = yes

    def say(self, text: Text = NOTHING) -> None:
        """Say a line."""
        _write(sys.stdout, f"{self._voice(text)}\n")

    def complain(self, problem: Problem) -> None:
        """Say what went wrong, why, what to do next, and what a vendor's support would ask for."""
        for text in (problem.what, problem.why, problem.next):
            if words := self._voice(text):
                _write(sys.stderr, f"{words}\n")
        if evidence := str(problem.evidence):
            _write(sys.stderr, f"({problem.code.value}: {evidence})\n")

    def agrees(self, question: Text) -> bool:
        """Ask until the answer is a yes or a no; an ended input is a no."""
        if self._yes:
            return True
        # The choice is the language's own: “o/n” in French.
        choice = "o/n" if self._voice.language is Language.FR else "y/n"
        while True:
            _write(sys.stdout, f"{self._voice(question)} [{choice}] ")
            line = _typed()
            answer = line.strip().casefold()
            if answer in _YES:
                return True
            if not line or answer in _NO:
                return False

    def hold(self, talk: Callable[[], Coroutine[object, object, int]], stopped: Text) -> int:
        """Hold the conversation to its end, whatever ends it.

        Args:
            talk: What it is about; gives the exit code.
            stopped: Said after Ctrl+C.

        Returns:
            The exit code.
        """
        for stream in (sys.stdout, sys.stderr):
            # A terminal that cannot write “é” gets a question mark, not a traceback.
            if reconfigure := getattr(stream, "reconfigure", None):
                reconfigure(errors="replace")
        if not self._yes and not sys.stdin.isatty():
            refusal = self._voice(_("There is no terminal to ask on. Add --yes to go ahead."))
            _write(sys.stderr, f"{refusal}\n")
            return USAGE
        try:
            return asyncio.run(talk())
        except KeyboardInterrupt:
            _write(sys.stderr, f"\n{self._voice(stopped)}\n")
            return INTERRUPTED
        except Exception as error:  # noqa: BLE001 - the last place where one can be caught
            self.complain(problem_of(error))
            return FAILED


def _typed() -> str:
    """Read a line; "" when the input has ended.

    Raises:
        KeyboardInterrupt: Ctrl+C. The event loop would only note it, and go on waiting.
    """
    noted = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return sys.stdin.readline()
    finally:
        signal.signal(signal.SIGINT, noted)


def _write(stream: TextIO, words: str) -> None:
    # Whoever listened may have gone away.
    with suppress(OSError):
        stream.write(words)
        stream.flush()
