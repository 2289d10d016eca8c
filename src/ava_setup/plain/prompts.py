"""Prompts: a line said, a line typed; each line makes sense to somebody who only hears it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from ava_setup.conversation import Conversation, meaning
from ava_setup.onboarding import chronicle
from ava_setup.onboarding.credentials import keep_secrets_out
from ava_setup.onboarding.errors import FieldProblem, SetupError
from ava_setup.onboarding.guidance import guidance
from ava_setup.plain.signs import (
    ASIDES,
    BACK,
    EMPTY,
    FILL,
    FILLS,
    HELP,
    HOW_TO_ANSWER,
    LANGUAGES,
    LEAVE,
    MORE_ANSWERS,
    Back,
    Ended,
    Leave,
    Wanted,
)
from ava_setup.words import NOTHING, Language, Text, Voice, _, verbatim

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping, Sequence

    from ava_setup.onboarding.errors import Problem
    from ava_setup.typed_lines import Lines

T = TypeVar("T")
_WIDTH = 80
# A space, and an answer of a few letters, stand on the line that asks for them.
_ANSWER = 4

# Signs that say something to the eye only; a sentence that begins with none of them is good news.
_SPELT_OUT = {
    "✓ ": NOTHING,
    "● ": NOTHING,
    "• ": NOTHING,
    "✗ ": _("Not good: "),
    "! ": _("Attention: "),
    "? ": _("Cannot tell: "),
}
_DONE = _("Done: ")


@dataclass(frozen=True, slots=True)
class Asked(Generic[T]):
    """A question that is answered by a line.

    Attributes:
        field_id: Names what help says about it.
        read: Makes a value of what was typed; raises `FieldProblem` with what is wrong.
        offered: What Enter takes, as it would be typed.
        kept: What Enter keeps, in words, where it cannot be shown as typed.
        note: A remark about a value that is right, or nothing.
        secret: Whether what is typed may be one: it is neither shown nor kept as typed.
        optional: Whether it can be left empty.
        passed_over: Lines that are no answer, in small letters: what a copied block has beside it.
    """

    field_id: str
    read: Callable[[str], T]
    offered: str = ""
    kept: Text = NOTHING
    note: Callable[[str], Text] | None = None
    secret: bool = False
    optional: bool = False
    passed_over: frozenset[str] = frozenset()


class Prompts(Conversation):
    """Asks by lines.

    Args:
        voice: The language to begin in.
        typed: Where answers come from; None is standard input.
        remember: Remembers the language that was chosen.

    Attributes:
        fills: In a demo, what an asterisk answers, by field id; else None.
        about: What help says where no field is asked for.
    """

    def __init__(
        self,
        voice: Voice,
        *,
        typed: Lines | None = None,
        remember: Callable[[Language], None] = lambda _language: None,
    ) -> None:
        super().__init__(voice, typed=typed, width=_WIDTH)
        self._remember = remember
        self.fills: Mapping[str, str] | None = None
        self.about: tuple[Text, ...] = ()

    # Saying

    def worded(self, text: Text) -> str:
        """Put a sentence into words; a sign at its beginning becomes a word."""
        words = super().worded(text)
        for sign, spelt in _SPELT_OUT.items():
            if words.startswith(sign):
                words = f"{super().worded(spelt)}{words.removeprefix(sign)}"
        return words.replace(" · ", ", ")

    def _folded(self, head: str, words: str, *, room: int = 0) -> str:
        mark = head.strip()
        if mark == "✓":
            head = self.worded(_DONE)
        elif mark not in {"•", "-", ""}:
            head = self.worded(verbatim(head.lstrip()))
        fold = super()._folded
        return "\n".join(fold(head, one, room=room) for one in words.splitlines() or [""])

    def say(self, text: Text = NOTHING) -> None:
        """Say a line, folded."""
        self.say_beside("", text)

    def complain(self, problem: Problem) -> None:
        """Say what went wrong among the questions, where the person is listening."""
        chronicle.problem(problem)
        for words in self.complaint(problem):
            self.say(verbatim(words))

    def speak(self, language: Language) -> None:
        """Speak another language from now on, and in later runs."""
        self.voice = Voice(language)
        try:
            self._remember(language)
        except SetupError as error:
            self.complain(error.problem)

    # Asking

    async def line(self, prompt: Text, *, field_id: str = "", hidden: bool = False) -> str:
        """Ask for a line, and do what it says when it is no answer.

        Raises:
            Back: `<` was typed.
            Leave: `!` was typed.
            Wanted: Something else is to be done first.
            Ended: There are no more lines.
        """
        while True:
            said = self._folded("", self.worded(_("{words}:", words=prompt)), room=_ANSWER)
            typed = await self.typed(f"{said} ", hidden=hidden)
            if typed is None:
                raise Ended
            command = typed.strip().casefold()
            if self.fills is not None and command == FILL:
                return self.fills.get(field_id, "")
            if not self.obeys(command, field_id):
                return typed

    def obeys(self, command: str, field_id: str = "") -> bool:
        """Whether a line was a command and no answer; does what it says."""
        if command == BACK:
            raise Back
        if command == LEAVE:
            raise Leave
        if command in ASIDES:
            raise Wanted(ASIDES[command])
        if command in LANGUAGES:
            self.speak(LANGUAGES[command])
        elif command == HELP:
            self._explain(field_id)
        else:
            return False
        return True

    def _explain(self, field_id: str) -> None:
        known = guidance(field_id)
        for text in known.lines() if known else self.about:
            self.say(text)
        for text in (*HOW_TO_ANSWER, *MORE_ANSWERS):
            self.say(text)
        if self.fills is not None:
            self.say(FILLS)

    async def ask(self, asked: Asked[T]) -> tuple[str, T]:
        """Ask until the answer can be used; gives it as typed, and as read."""
        known = guidance(asked.field_id)
        title, hint = (known.title, known.what) if known else (verbatim(asked.field_id), NOTHING)
        if hint:
            self.say(hint)
        if asked.optional and asked.offered:
            self.say(_("A dash, -, leaves it empty."))
        offered, kept, heeded = asked.offered, asked.kept, ""
        while True:
            typed = await self.line(
                _prompt(title, kept or verbatim(offered), asked),
                field_id=asked.field_id,
                hidden=asked.secret,
            )
            if typed.strip().rstrip(":").casefold() in asked.passed_over:
                continue
            typed = self._meant(typed, offered, asked)
            try:
                if not asked.secret:
                    keep_secrets_out(typed)
                value = asked.read(typed)
            except FieldProblem as problem:
                self.say(problem.text)
                continue
            note = asked.note(typed) if asked.note else NOTHING
            if not note or heeded == typed:
                return typed, value
            self.say(note)
            offered, kept, heeded = typed, NOTHING, typed

    def _meant(self, typed: str, offered: str, asked: Asked[T]) -> str:
        if not typed.strip():
            return offered
        return "" if asked.optional and typed.strip() == EMPTY else typed

    async def choose(
        self,
        title: Text,
        options: Sequence[tuple[T, Text]],
        default: T | None = None,
        *,
        field_id: str = "",
    ) -> T:
        """Have one of a numbered list chosen.

        Args:
            title: What is chosen.
            options: What there is, each with its name.
            default: What Enter takes; None is the first.
            field_id: Names what help says about it.
        """
        keys = [key for key, _name in options]
        usual = keys.index(default) + 1 if default in keys else 1
        self.say(_("{words}:", words=title))
        self._list([name for _key, name in options])
        while True:
            prompt = _("{title}, 1 to {count} [{usual}]", title=title, count=len(keys), usual=usual)
            typed = (await self.line(prompt, field_id=field_id)).strip()
            if not typed:
                return keys[usual - 1]
            named = [key for key, name in options if key == typed or self._names(name, typed)]
            if typed.isdecimal() and 1 <= int(typed) <= len(keys):
                return keys[int(typed) - 1]
            if len(named) == 1:
                return named[0]
            self.say(_("Type a number from 1 to {count}.", count=len(keys)))

    def _names(self, name: Text, typed: str) -> bool:
        return self.worded(name).casefold().startswith(typed.casefold())

    def _list(self, names: Sequence[Text]) -> None:
        for number, name in enumerate(names, 1):
            self.say_beside(f"  {number}. ", name)

    async def confirm(self, question: Text, *, usual: bool = False, field_id: str = "") -> bool:
        """Ask for a yes or a no.

        Args:
            question: What is asked.
            usual: What Enter says.
            field_id: Names what help says about it.
        """
        while True:
            yes, no = self.choice.split("/")
            prompt = _(
                "{question} {choice} [{usual}]",
                question=question,
                choice=self.choice,
                usual=yes if usual else no,
            )
            line = await self.line(prompt, field_id=field_id)
            answer = meaning(line) if line.strip() else usual
            if answer is not None:
                return answer
            self.say(_("Type y for yes, or n for no."))

    async def agrees(self, question: Text) -> bool:
        """Ask for a yes; to go back is a no."""
        try:
            return await self.confirm(question)
        except Back:
            return False

    # Waiting

    async def unless_typed(self, work: Coroutine[object, object, T]) -> T | str:
        """Do something until it is done, or until a line is typed; gives what came of either."""
        doing = asyncio.create_task(work)
        typing = asyncio.create_task(self.input.next())
        try:
            await asyncio.wait({doing, typing}, return_when=asyncio.FIRST_COMPLETED)
            if doing.done():
                return doing.result()
            line = typing.result()
            if line is None:
                raise Ended
            return line
        finally:
            for task in (doing, typing):
                task.cancel()
                with suppress(asyncio.CancelledError, Exception):
                    await task


def _prompt(title: Text, offered: Text, asked: Asked[T]) -> Text:
    if asked.secret:
        title = _("{title} (not shown while you type)", title=title)
    if offered:
        return _("{title} [{offered}]", title=title, offered=offered)
    return _("{title} [none]", title=title) if asked.optional else title
