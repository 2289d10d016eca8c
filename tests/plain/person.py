"""A person who answers the plain set-up line by line, and what they are told."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx

from ava_setup.plain.journey import set_up
from ava_setup.plain.prompts import Prompts
from ava_setup.words import Language, Voice
from tests.journey.wizard import CALLER, QuickWorlds

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from ava_setup.sandbox import Sandbox

# A line; or what the person does instead of typing one, until something else ends the wait.
Answer = str | Callable[[], Awaitable[None]]

EMAIL = "contact@plomberie-martin.example"


class Answers:
    """Answers given one after another; then there are no more.

    Attributes:
        hidden: The answers that a terminal would not have shown.
    """

    def __init__(self, *answers: Answer, is_terminal: bool = False) -> None:
        self._left = list(answers)
        self.is_terminal = is_terminal
        self.hidden: list[Answer] = []

    async def next(self, *, hidden: bool = False) -> str | None:
        if not self._left:
            return None
        answer = self._left.pop(0)
        if hidden:
            self.hidden.append(answer)
        if isinstance(answer, str):
            return answer
        await answer()
        await asyncio.Event().wait()
        raise AssertionError("waits for ever")


@dataclass(frozen=True)
class Told:
    """How a conversation went."""

    code: int
    out: str
    err: str

    @property
    def words(self) -> str:
        """All that was said, as one line: a sentence is found wherever it wraps."""
        return re.sub("[ \n]+", " ", self.out)


class Person:
    """Somebody at a prompt, with a business of the sandbox's."""

    def __init__(self, sandbox: Sandbox, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.told = sandbox.announcement
        self._home = home
        self._sandbox = sandbox
        self._worlds = QuickWorlds(sandbox, home)
        self._capsys = capsys

    def finds(self, **environ: str) -> None:
        """Have keys lie about on this computer."""
        self._worlds = QuickWorlds(self._sandbox, self._home, environ=environ)

    def answers(
        self, *answers: Answer, language: Language = Language.EN, is_terminal: bool = False
    ) -> Told:
        """Start the set-up and answer it, to the end of the answers."""
        return self.says(Answers(*answers, is_terminal=is_terminal), language)

    def says(self, answers: Answers, language: Language = Language.EN) -> Told:
        """Start the set-up and answer it."""
        talk = Prompts(Voice(language), typed=answers)
        code = set_up(talk, self._worlds, profile=None, demo=False)
        out, err = self._capsys.readouterr()
        return Told(code, out, err)

    @property
    def business(self) -> list[Answer]:
        """From the welcome to the Vapi key."""
        return ["", "Plomberie Martin", EMAIL, "2", ""]

    def up_to_review(self, assistant: str = "") -> list[Answer]:
        """From the welcome to the review: an assistant by its number, "" for the ready-made one."""
        who = [assistant] if assistant else ["1", ""]
        twilio = [self.told.twilio_account_sid, self.told.twilio_auth_token, ""]
        return [*self.business, self.told.vapi_key, *who, *twilio, ""]

    async def somebody_rings(self) -> None:
        """Have a caller ring the number; Ava must answer."""
        async with httpx.AsyncClient(trust_env=False) as client:
            call = {"from": CALLER, "to": self.told.numbers[0]}
            answer = await client.post(f"{self.told.control_url}/calls", json=call)
        assert answer.json()["answered"]

    def spoil(self, vendor: str, method: str, path: str, kind: str, times: int = 1) -> None:
        """Have a vendor fail on such requests."""
        order = {"vendor": vendor, "method": method, "path": path, "kind": kind, "times": times}
        httpx.post(
            f"{self.told.control_url}/faults", json=order, trust_env=False
        ).raise_for_status()

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be said."""
        return self.told.vapi_key, self.told.twilio_auth_token
