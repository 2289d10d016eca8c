"""How the commands end, as a script sees it: through the real process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from ava_setup.exit_codes import ExitCode
from ava_setup.store.lock import ProfileLock
from ava_setup.store.places import Places
from tests.headless.files import HEAD, business, of
from tests.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.headless.conftest import Desk

PROGRAM = (sys.executable, "-m", "ava_setup", "--lang", "en")
FIRST = '[business.assistant]\nchoose = "first-available"'


def start(*arguments: str) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [*PROGRAM, *arguments], stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, text=True
    )


@pytest.mark.parametrize(
    ("scenario", "more", "environment", "code"),
    [
        ("fresh", "", {}, ExitCode.DONE),
        ("trunk", "", {}, ExitCode.FAILED),
        ("fresh", 'colour = "red"', {}, ExitCode.USAGE),
        ("fresh", FIRST, {}, ExitCode.PREREQUISITE),
        ("fresh", "", {"VAPI_KEY": "made-up-and-not-known"}, ExitCode.CREDENTIALS),
        ("linked-elsewhere", "", {}, ExitCode.CONSENT),
    ],
)
def test_each_end_has_its_code(
    desk_at: Callable[..., Desk],
    scenario: str,
    more: str,
    environment: dict[str, str],
    code: ExitCode,
) -> None:
    desk = desk_at(scenario)
    for name, value in environment.items():
        desk.monkeypatch.setenv(name, value)
    process = start("apply", desk.file(of(desk.told, more=more)), "--yes")
    out, err = process.communicate()
    assert (process.returncode, out) == (code, "")
    assert "Traceback" not in err


def test_a_vendor_that_cannot_be_reached_is_a_5(desk_at: Callable[..., Desk]) -> None:
    desk = desk_at()
    desk.monkeypatch.setenv("VAPI_API_KEY", desk.told.vapi_key)
    desk.monkeypatch.setenv("AVA_SETUP_VAPI_URL", "http://127.0.0.1:1")
    desk.monkeypatch.delenv("AVA_SETUP_VAPI_EU_URL")
    process = start("assistants")
    process.communicate()
    assert process.returncode == ExitCode.UNREACHABLE


def test_a_business_that_somebody_else_works_on_is_a_7(desk_at: Callable[..., Desk]) -> None:
    desk = desk_at()
    with ProfileLock(Places(desk.home).profile("martin")):
        process = start("apply", desk.file(of(desk.told)), "--yes")
        process.communicate()
    assert process.returncode == ExitCode.BUSY
    assert desk.writes() == 0


def test_after_ctrl_c_no_business_is_begun_and_the_same_command_carries_on(
    desk_at: Callable[..., Desk],
) -> None:
    desk = desk_at(latency_ms=100)
    file = desk.file(of(desk.told))
    process = start("apply", file, "--yes")
    assert process.stderr is not None
    assert process.stderr.readline() == "Reading what is there…\n"
    process.send_signal(signal.SIGINT)
    _out, err = process.communicate()
    assert process.returncode == ExitCode.INTERRUPTED
    assert "Finishing those under way." in err
    assert "Run the same command again" in err
    assert desk.writes() == 0
    again = start("apply", file, "--yes")
    again.communicate()
    assert again.returncode == ExitCode.DONE


def test_a_second_ctrl_c_stops_at_once_and_says_how_to_carry_on(
    desk_at: Callable[..., Desk],
) -> None:
    desk = desk_at(latency_ms=60_000)
    process = start("apply", desk.file(of(desk.told)), "--yes")
    assert process.stderr is not None
    process.stderr.readline()
    process.send_signal(signal.SIGINT)
    assert process.stderr.readline().startswith("Finishing those under way.")
    process.send_signal(signal.SIGINT)
    _out, err = process.communicate()
    assert (process.returncode, "Run the same command again" in err) == (ExitCode.INTERRUPTED, True)
    assert "Traceback" not in err


def test_on_a_terminal_each_business_that_would_take_something_away_is_asked_about(
    desk_at: Callable[..., Desk],
) -> None:
    desk = desk_at("linked-elsewhere")
    sid = desk.told.twilio_account_sid
    source = HEAD + business(number=desk.told.number, account_sid=sid)
    command = [*PROGRAM, "apply", desk.file(source)]
    with Terminal(command, env=dict(os.environ), columns=100, rows=30) as terminal:
        terminal.wait_for("Do this?").type("y").press("enter")
        terminal.wait_for("Go ahead all the same?").type("y").press("enter")
        assert terminal.exit_code() == ExitCode.DONE
    assert "Plomberie Martin" in desk.ring()["heard"]


def test_ctrl_c_at_the_question_ends_it_with_nothing_done(desk_at: Callable[..., Desk]) -> None:
    desk = desk_at()
    command = [*PROGRAM, "apply", desk.file(of(desk.told))]
    with Terminal(command, env=dict(os.environ), columns=100, rows=30) as terminal:
        terminal.wait_for("Do this?").press("ctrl+c")
        assert terminal.exit_code() == ExitCode.INTERRUPTED
    assert desk.writes() == 0


def test_every_code_stands_in_the_help_of_apply() -> None:
    process = start("apply", "--help")
    out, _err = process.communicate()
    section = out.partition("exit codes")[2]
    assert all(f"  {code.value} " in section for code in ExitCode)
