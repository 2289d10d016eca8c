"""The wizard in a real terminal, against the sandbox in another process."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COMMAND = [sys.executable, "-m", "ava_setup"]


@pytest.fixture
def told() -> Iterator[dict[str, Any]]:
    """What `ava-setup sandbox` says of itself."""
    with subprocess.Popen(
        [*COMMAND, "sandbox", "--scenario", "fresh"], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 143


def wizard(told: dict[str, Any], home: Path, *arguments: str) -> Terminal:
    """Start the wizard in a terminal of 80 columns and 24 rows."""
    return Terminal(
        [*COMMAND, *arguments],
        columns=80,
        rows=24,
        env={
            "AVA_SETUP_HOME": str(home),
            "AVA_SETUP_VAPI_URL": told["vapi_url"],
            "AVA_SETUP_TWILIO_URL": told["twilio_url"],
            "TERM": "xterm-256color",
            "LC_ALL": "C.UTF-8",
            "NO_COLOR": "",
        },
    )


def call(told: dict[str, Any]) -> Any:
    """Ring the number."""
    return httpx.post(
        f"{told['control_url']}/calls",
        json={"from": "+33199009999", "to": told["numbers"][0]},
        trust_env=False,
    ).json()


def test_a_person_types_the_whole_journey_and_the_caller_hears_the_greeting(
    told: dict[str, Any], tmp_path: Path
) -> None:
    with wizard(told, tmp_path, "--lang", "fr") as terminal:
        terminal.wait_for("Commencer")
        terminal.press("enter").wait_for("Nom de l'entreprise")
        terminal.type("Plomberie Martin").press("enter")
        terminal.type("contact@plomberie-martin.example").press("enter")
        terminal.press("right")
        terminal.wait_for("Plombier, artisan")
        terminal.press("enter").wait_for("Clé privée Vapi")
        terminal.paste(f"\n{told['vapi_key']}\n").press("enter")
        terminal.wait_for("Ce que vos appelants entendront")
        terminal.press("enter").wait_for("Account SID")
        # One burst, as a password manager types: the secret must not land in the visible field.
        terminal.wait_for("console.twilio.com → Account Info")
        terminal.type(f"{told['twilio_account_sid']}\t{told['twilio_auth_token']}")
        terminal.wait_for(told["twilio_account_sid"])
        terminal.press("enter")
        terminal.wait_for("Choisir ce numéro").press("enter")
        terminal.wait_for("créée chez Vapi").wait_for("Mettre en service").press("enter")
        terminal.wait_for("En attente du premier appel")
        heard = call(told)
        assert heard["answered"]
        assert "Plomberie Martin" in heard["heard"]
        terminal.wait_for("Ava a répondu")
        assert told["twilio_auth_token"].encode() not in terminal.raw
        assert told["vapi_key"].encode() not in terminal.raw
        terminal.press("enter")
        assert terminal.exit_code() == 0
        assert terminal.is_restored
        terminal.wait_for("Ava répond.")

    # Started again, it asks nothing and opens on the proof.
    with wizard(told, tmp_path, "--lang", "en") as terminal:
        terminal.wait_for("Ava answered +33 1 99 00 99 99")
        terminal.press("ctrl+q")
        assert terminal.exit_code() == 0


def click_on(terminal: Terminal, words: str, *, below: int = 0) -> None:
    """Click on words, or so many rows below them, wherever they are by now."""
    lines = terminal.wait_for(words).screen_text().split("\n")
    row = next(row for row, line in enumerate(lines) if words in line)
    terminal.click(lines[row].index(words) + len(words) // 2, row + below)


def click_through(terminal: Terminal, words: str, then: str) -> Terminal:
    """Click on words, once more where they were just being drawn elsewhere, until it leads on."""
    for _ in range(4):
        click_on(terminal, words)
        with contextlib.suppress(AssertionError):
            return terminal.wait_for(then, 2)
    return terminal.wait_for(then)


def test_whoever_only_clicks_and_pastes_gets_there_without_colour_in_a_window_that_changes(
    told: dict[str, Any], tmp_path: Path
) -> None:
    env = {
        "AVA_SETUP_HOME": str(tmp_path),
        "AVA_SETUP_VAPI_URL": told["vapi_url"],
        "AVA_SETUP_TWILIO_URL": told["twilio_url"],
        "LC_ALL": "C.UTF-8",
        "NO_COLOR": "1",
    }
    with Terminal([*COMMAND, "--lang", "en"], env=env) as terminal:
        click_through(terminal, "Start", "As callers know it.")
        terminal.paste("Martin Plumbing").wait_for("Martin Plumbing")
        click_on(terminal, "E-mail", below=1)
        terminal.paste("owner@example.com").wait_for("owner@example.com")
        click_through(terminal, "Continue", "Vapi private key").resize(120, 36)
        terminal.wait_for("to do").paste(told["vapi_key"]).wait_for("•••")
        click_through(terminal, "Continue", "Take this Ava").resize(80, 24)
        click_through(terminal, "Take this Ava", "console.twilio.com → Account Info")
        terminal.paste(f"{told['twilio_account_sid']}\n{told['twilio_auth_token']}")
        terminal.wait_for(told["twilio_account_sid"]).wait_for("•••")
        click_through(terminal, "Continue", "Choose this number").resize(100, 30)
        click_through(terminal, "Choose this number", "created at Vapi")
        click_through(terminal, "Go live", "Waiting for the first call")
        assert call(told)["answered"]
        terminal.wait_for("Ava answered")
        assert b"\x1b[38;" not in terminal.raw
        assert told["twilio_auth_token"].encode() not in terminal.raw
        click_on(terminal, "Finish")
        assert terminal.exit_code() == 0
        assert terminal.is_restored


def test_what_is_typed_before_there_is_a_screen_is_kept_in_order_and_shown_nowhere_else(
    told: dict[str, Any], tmp_path: Path
) -> None:
    with wizard(told, tmp_path, "--lang", "en") as terminal:
        # The title says that the terminal keeps still by now.
        terminal.wait_for("Ava")
        terminal.type("\rMartin Plumbing").wait_for("Business name").wait_for("Martin Plumbing")
        assert b"Martin Plumbing" not in terminal.raw.partition(b"\x1b[?1049h")[0]
        terminal.press("ctrl+q")
        assert terminal.exit_code() == 0
        assert terminal.is_restored


def test_ctrl_c_in_the_middle_keeps_what_is_typed_and_gives_the_terminal_back(
    told: dict[str, Any], tmp_path: Path
) -> None:
    with wizard(told, tmp_path, "--lang", "en") as terminal:
        terminal.wait_for("Start").press("enter").wait_for("Business name")
        terminal.type("Martin Plum").wait_for("Martin Plum").press("ctrl+c")
        assert terminal.exit_code() == 130
        assert terminal.is_restored
        terminal.wait_for("Everything is kept")
    with wizard(told, tmp_path, "--lang", "en") as terminal:
        terminal.wait_for("Martin Plum").press("ctrl+q")
        assert terminal.exit_code() == 0


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)]
)
def test_a_signal_ends_it_with_an_honest_code_and_the_terminal_as_it_was(
    told: dict[str, Any], tmp_path: Path, number: signal.Signals, code: int
) -> None:
    with wizard(told, tmp_path) as terminal:
        terminal.wait_for("Ava").send_signal(number)
        assert terminal.exit_code() == code
        assert terminal.is_restored


def test_a_terminal_that_shows_no_utf8_is_told_of_the_ways_that_there_are(tmp_path: Path) -> None:
    env = {"LC_ALL": "fr_FR.ISO-8859-15", "AVA_SETUP_HOME": str(tmp_path), "AVA_SETUP_LANG": "en"}
    with Terminal(COMMAND, columns=160, env=env) as terminal:
        terminal.wait_for("LC_ALL=C.UTF-8 ava-setup").wait_for("--plain")
        assert terminal.exit_code() == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--lang", "fr", "--help"], "affiche cette aide"),
        (["--lang", "en", "--help"], "show this help message"),
        (["--version"], "ava-setup 0."),
        (["--lang", "fr", "sandbox", "--help"], "délai de chaque réponse"),
    ],
)
def test_the_command_line_explains_itself_in_the_language_asked_for(
    arguments: list[str], words: str
) -> None:
    done = subprocess.run(
        [*COMMAND, *arguments], capture_output=True, text=True, timeout=30, check=True
    )
    assert words in " ".join(done.stdout.split())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--lang", "fr", "--nope"], "arguments inconnus"),
        (["--lang", "fr", "sandbox", "--scenario", "nope"], "pas de situation"),
        (["--lang", "en", "sandbox", "--port", "seven"], "invalid int value"),
        (["--lang", "fr", "sandbox", "--port", "-1"], "0 et 65535"),
        (["--lang", "fr", "sandbox", "--latency", "-5"], "0 ou plus"),
        (["--lang", "en", "--autoplay"], "it needs a terminal window"),
    ],
)
def test_a_wrong_argument_is_said_in_words_and_ends_with_2(
    arguments: list[str], words: str
) -> None:
    done = subprocess.run(
        [*COMMAND, *arguments], capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 2
    assert words in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


_SIGNALLED_WHILE_A_CLASS_IS_MADE = """
import os, signal, sys, time
from ava_setup import first_sight
signal.signal(signal.SIGINT, signal.default_int_handler)
first_sight.begin()
class Part:
    def __set_name__(self, owner, name):
        os.kill(os.getpid(), int(sys.argv[1]))
        time.sleep(5)
class Whole:
    part = Part()
"""


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)]
)
def test_a_signal_while_modules_are_imported_ends_it_without_a_traceback(
    number: signal.Signals, code: int
) -> None:
    command = [sys.executable, "-c", _SIGNALLED_WHILE_A_CLASS_IS_MADE, str(int(number))]
    with Terminal(command) as terminal:
        assert terminal.exit_code() == code
        assert "Error" not in terminal.screen_text()
        assert terminal.is_cooked
