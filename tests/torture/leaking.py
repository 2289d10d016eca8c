"""Leaks a made-up secret in every way there is, so that the watch over a suite is seen to see.

Not collected with the tests: `test_suite_canary.py` names this file to pytest.
"""

from __future__ import annotations

import asyncio
import base64
import logging
import os
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import pytest
from pydantic import SecretStr
from textual.app import App, ComposeResult
from textual.widgets import Label

from ava_setup.sandbox.ids import Ids
from tests.canaries import AUTH_TOKEN, MARK, TOKEN, VAPI_KEY
from tests.terminal import Terminal

_REMOVES = """
import sys
from pathlib import Path
path = Path(sys.argv[1])
path.write_text(sys.argv[2])
path.unlink()
"""
_SAYS = "import os, sys; print(os.environ['SAID']); sys.stderr.write(sys.argv[1])"
_COPIES = "import sys; print('\\x1b]52;c;' + sys.argv[1] + '\\x07copied')"


def test_left(tmp_path: Path) -> None:
    (tmp_path / "left").write_text(f"a {VAPI_KEY}!")


def test_named(tmp_path: Path) -> None:
    (tmp_path / f"named-{MARK}").touch()


def test_vault(tmp_path: Path) -> None:
    (tmp_path / "secrets.json").write_text(VAPI_KEY)


def test_removed(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory(dir=tmp_path, prefix="x.", suffix=".tmp") as folder:
        Path(folder, "removed").write_text(AUTH_TOKEN)
    (tmp_path / "removed").write_text(AUTH_TOKEN)
    (tmp_path / "removed").unlink()


def test_replaced(tmp_path: Path) -> None:
    (tmp_path / "replaced").write_text(AUTH_TOKEN)
    (tmp_path / "new").write_text("harmless")
    (tmp_path / "new").replace(tmp_path / "replaced")


def test_overwritten(tmp_path: Path) -> None:
    for text in (AUTH_TOKEN, "harmless"):
        (tmp_path / "overwritten").write_text(text)


def test_by_a_program(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _REMOVES, str(tmp_path / "by-a-program"), VAPI_KEY]
    subprocess.run(command, env={"PATH": os.defpath}, check=True)


def test_outside() -> None:
    Path(os.environ["LEAKING_OUTSIDE"]).write_text("anything")


def test_logged() -> None:
    logging.getLogger("leaking").debug("logged %s", VAPI_KEY)
    try:
        int(VAPI_KEY)
    except ValueError:
        logging.getLogger("leaking").exception("with its traceback")


async def test_of_a_task() -> None:
    async def fail() -> None:
        raise RuntimeError(VAPI_KEY)

    task = asyncio.ensure_future(fail())
    await asyncio.wait({task})
    context = {"message": "never retrieved", "task": task}
    asyncio.get_running_loop().call_exception_handler(context)


def test_printed() -> None:
    print("printed", VAPI_KEY)  # noqa: T201
    print("complained", TOKEN, file=sys.stderr)  # noqa: T201


@pytest.mark.filterwarnings("default")
def test_warned() -> None:
    warnings.warn(f"warned of {AUTH_TOKEN}", UserWarning, stacklevel=1)


def test_said_by_a_program() -> None:
    command = [sys.executable, "-c", _SAYS, AUTH_TOKEN]
    subprocess.run(command, env={"SAID": VAPI_KEY}, capture_output=True, check=True)


def test_in_a_terminal() -> None:
    copied = base64.b64encode(VAPI_KEY.encode()).decode()
    with Terminal([sys.executable, "-c", _COPIES, copied]) as terminal:
        terminal.wait_for("copied")


async def test_drawn() -> None:
    class Drawn(App[None]):
        def compose(self) -> ComposeResult:
            yield Label(VAPI_KEY)

    async with Drawn().run_test() as pilot:
        await pilot.pause()


@pytest.mark.parametrize("name", [pytest.param(1, id=f"id-{MARK}")])
def test_with_a_name(name: int) -> None:
    assert name


def test_strangers() -> None:
    masked = SecretStr("stranger-0a1b2c3d4e5f")
    print("a stranger", masked.get_secret_value())  # noqa: T201
    print("a token", Ids("no scenario").token("strange"))  # noqa: T201
    print("a key", Ids("no scenario").key("strange"))  # noqa: T201


def test_failing() -> None:
    raise RuntimeError(f"raised {VAPI_KEY}")
