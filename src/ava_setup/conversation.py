"""A conversation on a plain terminal: lines said, one question asked, and how it ends."""

from __future__ import annotations

import asyncio
import os
import sys
import textwrap
from contextlib import suppress
from typing import TYPE_CHECKING, TextIO

from ava_setup.onboarding import chronicle
from ava_setup.onboarding.catalogue import REPORT_HINT
from ava_setup.onboarding.errors import ErrorCode, Problem, problem_of
from ava_setup.readable import write_the_nearest
from ava_setup.typed_lines import TypedLines
from ava_setup.words import NOTHING, Language, Text, Voice, _

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator

    from ava_setup.onboarding.errors import Vendor
    from ava_setup.typed_lines import Lines

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
        typed: Where answers come from; None is standard input.
        width: Where lines that go to no terminal are folded; None leaves them whole.
    """

    def __init__(
        self,
        voice: Voice,
        *,
        yes: bool = False,
        quiet: bool = False,
        typed: Lines | None = None,
        width: int | None = None,
    ) -> None:
        self.voice = voice
        self._yes = yes
        self._quiet = quiet
        self._lines = sys.stderr if quiet else sys.stdout
        self._typed = typed
        self._width = width

    def say(self, text: Text = NOTHING) -> None:
        """Say a line."""
        _write(self._lines, f"{self.worded(text)}\n")

    def say_beside(self, head: str, text: Text) -> None:
        """Say a line that begins with a head; where lines are folded, the rest stays beside it."""
        _write(self._lines, f"{self._folded(head, self.worded(text))}\n")

    def worded(self, text: Text) -> str:
        """Put a sentence into words, as this conversation says them."""
        return self.voice(text)

    def _folded(self, head: str, words: str, *, room: int = 0) -> str:
        """Fold words beside a head, leaving some columns free for what is typed after them."""
        columns = self._columns
        if columns is None:
            return f"{head}{words}"
        return textwrap.fill(
            words,
            max(columns - room, len(head) + _BESIDE_MIN),
            initial_indent=head,
            subsequent_indent=" " * len(head),
            break_long_words=False,
            break_on_hyphens=False,
        )

    @property
    def _columns(self) -> int | None:
        """How wide the terminal is that lines go to; where they go elsewhere, what was asked."""
        try:
            return os.get_terminal_size(self._lines.fileno()).columns or self._width
        except (OSError, ValueError):
            return self._width

    def answer(self, data: str) -> None:
        """Give a program its answer, on a line of its own."""
        _write(sys.stdout, f"{data}\n")

    def complain(self, problem: Problem) -> None:
        """Say what went wrong, why, what to do next, and what a vendor's support would ask for."""
        chronicle.problem(problem)
        for words in self.complaint(problem):
            _write(sys.stderr, f"{words}\n")

    def warn(self, text: Text) -> None:
        """Say a line beside those of the conversation, where what goes wrong is looked for."""
        _write(sys.stderr, f"{self.worded(text)}\n")

    def complaint(self, problem: Problem) -> Iterator[str]:
        """Give the sentences about a problem."""
        yield from filter(None, map(self.worded, (problem.what, problem.why, problem.next)))
        if evidence := str(problem.evidence):
            yield f"({problem.code.value}: {evidence})"
        if problem.code is ErrorCode.UNEXPECTED:
            yield self.worded(REPORT_HINT)

    def say_wait(self, vendor: Vendor, seconds: float) -> None:
        """Say that a vendor is asked again in a moment."""
        self.say(
            _(
                "{vendor} does not answer: trying again in {seconds} s…",
                vendor=vendor.value,
                seconds=max(1, round(seconds)),
            )
        )

    async def agrees(self, question: Text) -> bool:
        """Ask until the answer is a yes or a no; an ended input is a no."""
        if self._yes:
            return True
        while True:
            line = await self.typed(f"{self.worded(question)} [{self.choice}] ")
            agreed = False if line is None else meaning(line)
            if agreed is not None:
                return agreed

    @property
    def choice(self) -> str:
        """The two answers to a question, in the language's own letters."""
        return "o/n" if self.voice.language is Language.FR else "y/n"

    async def typed(self, prompt: str, *, hidden: bool = False) -> str | None:
        """Ask for a line; None when the input has ended.

        Args:
            prompt: Stands before what is typed.
            hidden: Whether the terminal is not to show it.
        """
        _write(self._lines, prompt)
        typed = self.input
        line = await typed.next(hidden=hidden)
        if line is None or not typed.is_terminal:
            # Nobody pressed Enter on this screen.
            _write(self._lines, "\n")
        return line

    @property
    def input(self) -> Lines:
        """Where answers come from."""
        if self._typed is None:
            # Where there is no input at all, another file may have its number.
            nothing = None if sys.stdin else os.open(os.devnull, os.O_RDONLY)
            self._typed = TypedLines(sys.stdin.fileno() if nothing is None else nothing)
        return self._typed

    def hold(
        self,
        talk: Callable[[], Coroutine[object, object, int]],
        stopped: Text | Callable[[], Text],
        *,
        by_pipe: bool = False,
    ) -> int:
        """Hold the conversation to its end, whatever ends it.

        Args:
            talk: What it is about; gives the exit code.
            stopped: Said after Ctrl+C; or what gives it then.
            by_pipe: Whether the answers may come through a pipe.

        Returns:
            The exit code.
        """
        # An answer for a program keeps every letter that it can.
        write_the_nearest(sys.stdout, {} if self._quiet else os.environ)
        write_the_nearest(sys.stderr, os.environ)
        if not (self._yes or by_pipe or sys.stdin.isatty()):
            refusal = self.voice(_("There is no terminal to ask on. Add --yes to go ahead."))
            _write(sys.stderr, f"{refusal}\n")
            return USAGE
        try:
            return asyncio.run(talk())
        except KeyboardInterrupt:
            said = stopped if isinstance(stopped, Text) else stopped()
            _write(sys.stderr, f"\n{self.voice(said)}\n")
            return INTERRUPTED
        except Exception as error:  # noqa: BLE001 - the last place where one can be caught
            self.complain(problem_of(error))
            return FAILED


def _write(stream: TextIO, words: str) -> None:
    # Whoever listened may have gone away.
    with suppress(OSError):
        stream.write(words)
        stream.flush()


def meaning(line: str) -> bool | None:
    """Tell a yes from a no; None is neither."""
    answer = line.strip().casefold()
    if answer in _YES:
        return True
    return False if answer in _NO else None
