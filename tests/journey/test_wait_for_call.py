"""`ava-setup doctor --wait-for-call`: what becomes of a call is said within seconds."""

from __future__ import annotations

import signal
import subprocess
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.journey.test_doctor import Practice
from tests.journey.test_undo import COMMAND

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ava_setup.sandbox import Sandbox

CALLER = "+33699887766"


class Wait:
    """A doctor who waits for a call."""

    def __init__(self, practice: Practice) -> None:
        self._told = practice.told
        self.process = subprocess.Popen(
            [*COMMAND, "--lang", "en", "doctor", "--number", self._told.number, "--wait-for-call"],
            env=practice.environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.until("Ring ")

    def until(self, words: str) -> str:
        """Read lines up to the one with some words, and give it."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if words in line:
                return line
        raise AssertionError(f"it never said {words!r}")

    def ring(self) -> None:
        answer = httpx.post(
            f"{self._told.control_url}/calls",
            json={"from": CALLER, "to": self._told.number},
            trust_env=False,
        )
        answer.raise_for_status()


@pytest.fixture
def waiting(tmp_path: Path, sandbox_of: Callable[..., Sandbox]) -> Iterator[Callable[[str], Wait]]:
    waits: list[Wait] = []

    def wait(scenario: str) -> Wait:
        waits.append(Wait(Practice(sandbox_of(scenario), tmp_path)))
        return waits[-1]

    yield wait
    for one in waits:
        one.process.kill()
        one.process.communicate()


def test_a_call_that_ava_answers_ends_the_wait(waiting: Callable[[str], Wait]) -> None:
    wait = waiting("returning")
    wait.ring()
    wait.until("Ava answered +33 6 99 88 77 66.")
    assert wait.process.wait(30) == 0


def test_a_call_that_only_reached_twilio_is_said_with_its_reason(
    waiting: Callable[[str], Wait],
) -> None:
    wait = waiting("dead-tunnel")
    wait.ring()
    said = wait.until("reached Twilio but not Vapi")
    assert "(11200)" in said
    wait.process.send_signal(signal.SIGINT)
    assert wait.process.wait(30) == 130
