"""A conversation on a plain terminal: lines said, one question asked, and how it ends."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import textwrap
from contextlib import suppress
from typing import TYPE_CHECKING, TextIO

from ava_setup.onboarding import chronicle
from ava_setup.onboarding.catalogue import REPORT_HINT
from ava_setup.onboarding.errors import ErrorCode, Problem, problem_of
from ava_setup.words import NOTHING, Language, Text, Voice, _

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

FAILED = 1
USAGE = 2
INTERRUPTED = 130

# How narrow a column beside a head may get.
_BESIDE_MIN = 24

_YES = frozenset({"y", "yes", "o", "oui"})
_NO = frozenset({"n", "no", "non", ""})


class Conversation:
    """Says lines to a person and asks for a yes.

    Args:
        voice: The language.
        yes: Whether the answer is known to be yes.
        quiet: Whether lines go beside the answer, which a program reads.
    """

    def __init__(self, voice: Voice, *, yes: bool, quiet: bool = False) -> None:
        self._voice = voice
        self._yes = yes
        self._lines = sys.stderr if quiet else sys.stdout

    def say(self, text: Text = NOTHING) -> None:
        """Say a line."""
        _write(self._lines, f"{self._voice(text)}\n")

    def say_beside(self, head: str, text: Text) -> None:
        """Say a line that begins with a head; on a terminal, the rest stays beside the head."""
        words = self._voice(text)
        columns = self._columns
        if columns is None:
            _write(self._lines, f"{head}{words}\n")
            return
        folded = textwrap.fill(
            words,
            max(columns, len(head) + _BESIDE_MIN),
            initial_indent=head,
            subsequent_indent=" " * len(head),
            break_long_words=False,
            break_on_hyphens=False,
        )
        _write(self._lines, f"{folded}\n")

    @property
    def _columns(self) -> int | None:
        """How wide the terminal is that lines go to; None when they go elsewhere."""
        try:
            return os.get_terminal_size(self._lines.fileno()).columns or None
        except (OSError, ValueError):
            return None

    def answer(self, data: str) -> None:
        """Give a program its answer, on a line of its own."""
        _write(sys.stdout, f"{data}\n")

    def complain(self, problem: Problem) -> None:
        """Say what went wrong, why, what to do next, and what a vendor's support would ask for."""
        chronicle.problem(problem)
        for text in (problem.what, problem.why, problem.next):
            if words := self._voice(text):
                _write(sys.stderr, f"{words}\n")
        if evidence := str(problem.evidence):
            _write(sys.stderr, f"({problem.code.value}: {evidence})\n")
        if problem.code is ErrorCode.UNEXPECTED:
            _write(sys.stderr, f"{self._voice(REPORT_HINT)}\n")

    def agrees(self, question: Text) -> bool:
        """Ask until the answer is a yes or a no; an ended input is a no."""
        if self._yes:
            return True
        # The choice is the language's own: “o/n” in French.
        choice = "o/n" if self._voice.language is Language.FR else "y/n"
        while True:
            line = self._typed(f"{self._voice(question)} [{choice}] ")
            answer = line.strip().casefold()
            if answer in _YES:
                return True
            if not line or answer in _NO:
                return False

    def _typed(self, prompt: str) -> str:
        """Ask for a line; "" when the input has ended.

        Raises:
            KeyboardInterrupt: Ctrl+C. The event loop would only note it, and go on waiting.
        """
        noted = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            _write(self._lines, prompt)
            return sys.stdin.readline()
        finally:
            signal.signal(signal.SIGINT, noted)

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


def _write(stream: TextIO, words: str) -> None:
    # Whoever listened may have gone away.
    with suppress(OSError):
        stream.write(words)
        stream.flush()
