"""What arrives in one burst, on the wizard's own screens, counts as if it were typed slowly."""

from __future__ import annotations

import json
import re
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from ava_setup.sandbox import Sandbox
from tests.terminal import Terminal, key_bytes
from tests.torture.canary import at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BACKSPACE, HOME, END, CTRL_U = map(key_bytes, ("backspace", "home", "end", "ctrl+u"))
BEGINS, ENDS = "\x1b[200~", "\x1b[201~"
LONG = ("Plomberie Martin et filles, " * 8)[:199] + "."
BULLETS = "•" * 32


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox("fresh") as sandbox:
        yield sandbox


@pytest.fixture
def terminal(sandbox: Sandbox, tmp_path: Path) -> Iterator[Terminal]:
    """The wizard, on its first form."""
    told = sandbox.announcement
    with Terminal(
        [sys.executable, "-m", "ava_setup", "--lang", "en"],
        env={
            "AVA_SETUP_HOME": str(tmp_path),
            "AVA_SETUP_VAPI_URL": told.vapi_url,
            "AVA_SETUP_TWILIO_URL": told.twilio_url,
        },
    ) as terminal:
        terminal.wait_for("Start").press("enter")
        at(terminal, "Business name")
        yield terminal


def field(terminal: Terminal, label: str = "Business name") -> str:
    """What stands in the field below a label, as it is shown."""
    lines = terminal.screen_text().splitlines()
    row = next((row for row, line in enumerate(lines) if f"  {label}  " in line), None)
    # The screen may be read in the midst of being drawn.
    if row is None:
        return ""
    column = lines[row].index(f"  {label}  ") + 2
    return lines[row + 1][column : column + 38].strip()


def settles_on(terminal: Terminal, value: str, label: str = "Business name") -> None:
    """Wait until a field shows a value, and has the focus."""
    terminal.wait_until(lambda: field(terminal, label) == value, f"{value!r} in {label}")


def kept(terminal: Terminal, home: Path) -> dict[str, str]:
    """Leave, and read what the wizard keeps of what was typed."""
    terminal.press("ctrl+q")
    assert terminal.exit_code() == 0
    state: Any = json.loads((home / "profiles" / "default" / "state.json").read_text())
    return dict(state["answers"])


@pytest.mark.parametrize(
    ("burst", "expected"),
    [
        (f"a{BACKSPACE}b", "b"),
        (f"bc{HOME}a", "abc"),
        (f"bad{CTRL_U}ok", "ok"),
        (f"x{BACKSPACE * 3}y{HOME}{HOME}z", "zy"),
    ],
)
def test_keys_of_one_burst_end_as_the_same_keys_do_one_by_one(
    terminal: Terminal, tmp_path: Path, burst: str, expected: str
) -> None:
    terminal.type(burst)
    settles_on(terminal, expected)
    terminal.press("end", "ctrl+u")
    settles_on(terminal, "")
    for key in re.findall(r"\x1b\[.|.", burst):
        terminal.type(key)
        time.sleep(0.03)
    settles_on(terminal, expected)
    # And over two fields at once, the second left with nothing but a Tab.
    terminal.type(f"{END}{CTRL_U}{burst}\t{burst}\t")
    settles_on(terminal, expected, "E-mail")
    answers = kept(terminal, tmp_path)
    assert (answers["business-name"], answers["email"]) == (expected, expected)


def test_a_paste_of_three_lines_with_blanks_gives_its_first_words(
    terminal: Terminal, tmp_path: Path
) -> None:
    terminal.paste("\n\n  Plomberie Martin \n").paste("\n   \n").type("!\t")
    terminal.type("a@b.example").type(f"{BEGINS}\r  \r{ENDS}").type("\t")
    settles_on(terminal, "a@b.example", "E-mail")
    answers = kept(terminal, tmp_path)
    assert answers["business-name"] == "Plomberie Martin!"
    assert answers["email"] == "a@b.example"


def test_a_paste_of_200_characters_is_whole_and_nothing_overtakes_it(
    terminal: Terminal, tmp_path: Path
) -> None:
    terminal.type(f"<{BEGINS}{LONG}{ENDS}>{HOME}^\t")
    terminal.type(f"{BEGINS}{LONG}{ENDS}{END}{CTRL_U}ok@b.example\t")
    settles_on(terminal, "ok@b.example", "E-mail")
    answers = kept(terminal, tmp_path)
    assert answers["business-name"] == f"^<{LONG}>"
    assert answers["email"] == "ok@b.example"


@pytest.mark.parametrize("between", ["\t", "\r"])
def test_a_sid_and_a_token_in_one_burst_never_show_the_token(
    sandbox: Sandbox, terminal: Terminal, tmp_path: Path, between: str
) -> None:
    told = sandbox.announcement
    terminal.type("Plomberie Martin\ta@b.example\r\r")
    at(terminal, "Vapi private key")
    terminal.paste(told.vapi_key).press("enter").wait_for("First words")
    terminal.press("enter")
    at(terminal, "Account SID")
    terminal.type(f"{told.twilio_account_sid}{between}{told.twilio_auth_token}")
    terminal.wait_until(lambda: field(terminal, "Auth Token") == BULLETS, "32 bullets")
    assert field(terminal, "Account SID") == told.twilio_account_sid
    terminal.press("enter").wait_for("Choose this number")
    assert kept(terminal, tmp_path)["account-sid"] == told.twilio_account_sid
    for start in range(len(told.twilio_auth_token) - 12):
        assert told.twilio_auth_token[start : start + 12].encode() not in terminal.raw
