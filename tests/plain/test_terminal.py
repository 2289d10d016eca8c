"""The plain set-up as a program: through a pipe, and on a terminal that cannot draw."""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import httpx
import pytest

from ava_setup.sandbox import Sandbox
from tests.plain.person import EMAIL
from tests.sandbox.lab import CALLER
from tests.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COMMAND = [sys.executable, "-m", "ava_setup"]
_PATIENCE_S = 60


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(scenario="fresh") as sandbox:
        yield sandbox


def environ(sandbox: Sandbox, home: Path, **more: str) -> dict[str, str]:
    told = sandbox.announcement
    return {
        "PATH": "/usr/bin:/bin",
        "AVA_SETUP_HOME": str(home),
        "AVA_SETUP_VAPI_URL": told.vapi_url,
        "AVA_SETUP_TWILIO_URL": told.twilio_url,
        **more,
    }


class Pipe:
    """The program at the other end of a pipe."""

    def __init__(self, *arguments: str, env: dict[str, str]) -> None:
        self.said = b""
        self._process = subprocess.Popen(
            [*COMMAND, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=env,
        )
        # A program that never says what is waited for fails the test instead of stopping it.
        self._end = threading.Timer(_PATIENCE_S, self._process.kill)
        self._end.start()

    def answer(self, *lines: str) -> None:
        """Send lines."""
        assert self._process.stdin is not None
        self._process.stdin.write("".join(f"{line}\n" for line in lines).encode())
        self._process.stdin.flush()

    def until(self, words: bytes) -> None:
        """Read up to the line with some words."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.said += line
            if words in line:
                return
        raise AssertionError(f"it never said {words!r}:\n{self.said.decode()}")

    def end(self) -> int:
        """Close the pipe; gives the exit code."""
        rest, _none = self._process.communicate()
        self.said += rest
        self._end.cancel()
        return self._process.returncode


def test_through_a_pipe_in_the_poorest_locale_a_french_owner_gets_a_number_that_ava_answers(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    told = sandbox.announcement
    env = environ(sandbox, tmp_path, LC_ALL="C", NO_COLOR="1", TERM="dumb")
    pipe = Pipe("--lang", "fr", env=env)
    pipe.answer("", "Plomberie Gérard", EMAIL, "2", "", told.vapi_key, "1", "")
    pipe.answer(told.twilio_account_sid, told.twilio_auth_token, "", "", "o")
    pipe.until(b"+33 1 99 00 12 34.")
    call = {"from": CALLER, "to": told.number}
    heard = httpx.post(f"{told.control_url}/calls", json=call, trust_env=False).json()
    assert heard["answered"]
    pipe.until(b"Ava a r")
    pipe.answer("", "1")
    assert pipe.end() == 0
    said = pipe.said.decode("ascii")
    assert "Plomberie Gerard" in said
    assert "\x1b" not in said
    assert "?pondu" not in said
    assert not any(secret in said for secret in (told.vapi_key, told.twilio_auth_token))


def test_a_pipe_that_ends_in_the_middle_is_said_and_is_no_success(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    pipe = Pipe("--lang", "en", env=environ(sandbox, tmp_path, TERM="xterm", LC_ALL="C.UTF-8"))
    pipe.answer("", "Plomberie Martin")
    assert pipe.end() == 1
    assert "The answers ended before the set-up was finished." in pipe.said.decode()
    assert b"Traceback" not in pipe.said


def test_a_terminal_that_cannot_draw_is_asked_line_by_line_and_shows_no_secret(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    key = sandbox.announcement.vapi_key
    env = environ(sandbox, tmp_path, TERM="dumb", AVA_SETUP_LANG="en")
    with Terminal(COMMAND, env=env, rows=60) as terminal:
        terminal.wait_for("What now, 1 to 3 [1]:").type("\r")
        terminal.wait_for("Business name:").type("Plomberie Martin\r")
        terminal.wait_for("E-mail:").type(f"{EMAIL}\r")
        terminal.wait_for("Trade, 1 to").type("2\r")
        terminal.wait_for("Enter accepts all").type("\r")
        terminal.wait_for("Vapi private key (not shown while you type):")
        terminal.wait_until(lambda: not terminal.is_cooked, "a terminal that does not echo")
        terminal.type(f"{key}\r").wait_for("Vapi accepts the key.")
        terminal.wait_for("Who answers, 1 to 2").type("\r")
        terminal.wait_for("Enter accepts all").type("\r")
        terminal.wait_for("Account SID (not shown while you type):")
        terminal.wait_until(lambda: not terminal.is_cooked, "a terminal that does not echo")
        terminal.press("ctrl+c")
        assert terminal.exit_code() == 130
        assert terminal.is_restored
        assert "Everything is kept" in terminal.screen_text()
        assert EMAIL.encode() in terminal.raw
        assert key.encode() not in terminal.raw
        assert b"\x1b" not in terminal.raw


@pytest.mark.parametrize("chosen", [["--plain"], ["ACCESSIBLE=1"]])
def test_whoever_asks_for_lines_gets_them_on_any_terminal(
    sandbox: Sandbox, tmp_path: Path, chosen: list[str]
) -> None:
    env = environ(sandbox, tmp_path, AVA_SETUP_LANG="en")
    env |= dict(one.split("=") for one in chosen if "=" in one)
    with Terminal([*COMMAND, *(one for one in chosen if one[0] == "-")], env=env) as terminal:
        # Ctrl+D, as the end of the input is typed.
        terminal.wait_for("What now, 1 to 3 [1]:").type("\x04")
        assert terminal.exit_code() == 0
        assert "Everything is kept" in terminal.screen_text()
        assert b"\x1b" not in terminal.raw
