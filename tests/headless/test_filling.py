"""`ava-setup --answers FILE`: the wizard begins with what the file says, and asks the rest."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.headless.files import HEAD, business, of
from tests.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.headless.conftest import Desk

PROGRAM = [sys.executable, "-m", "ava_setup", "--lang", "en"]


def test_a_whole_file_leaves_only_the_review_to_be_agreed_to_on_screen(
    desk_at: Callable[..., Desk],
) -> None:
    desk = desk_at()
    command = [*PROGRAM, "--answers", desk.file(of(desk.told))]
    environ = {**os.environ, "TERM": "xterm-256color"}
    with Terminal(command, env=environ, columns=100, rows=30) as terminal:
        terminal.wait_for("Step 6 of 7").wait_for("from the answer file").press("ctrl+q")
        terminal.exit_code()
    assert desk.writes() == 0


def test_what_the_file_cannot_give_is_asked_line_by_line(desk_at: Callable[..., Desk]) -> None:
    desk = desk_at()
    source = of(desk.told).replace('{ env = "VAPI_KEY" }', '"prompt"')
    command = [*PROGRAM, "--plain", "--answers", desk.file(source)]
    typed = f"{desk.told.vapi_key}\n"
    done = subprocess.run(command, input=typed, capture_output=True, text=True, check=False)
    assert "Step 2 of 7" in done.stdout
    assert "Business name" not in done.stdout
    assert desk.told.twilio_auth_token not in done.stdout + done.stderr


def test_the_file_of_several_businesses_needs_the_name_of_one(desk_at: Callable[..., Desk]) -> None:
    desk = desk_at()
    file = desk.file(HEAD + business("martin") + business("durand", number="+33199001235"))
    printed = desk.run("--answers", file)
    assert (printed.code, printed.out) == (2, "")
    assert "choose with --profile: martin, durand" in printed.err
    unknown = desk.run("--answers", file, "--profile", "nobody")
    assert unknown.code == 2
    assert "nobody; there are: martin, durand" in unknown.err


def test_a_file_that_cannot_be_used_is_told_with_its_lines_before_anything_opens(
    desk_at: Callable[..., Desk],
) -> None:
    desk = desk_at()
    printed = desk.run("--answers", desk.file(of(desk.told, more='colour = "red"')))
    assert (printed.code, printed.out) == (2, "")
    assert printed.err.startswith("line 21, business[1].phone.colour: is not known")
    assert desk.run("--answers", str(desk.home / "not-there.toml")).code == 2
    assert desk.run("--answers", desk.file(of(desk.told)), "--demo").code == 2
    assert not desk.home.exists()
