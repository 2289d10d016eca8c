"""A demo's folder: its own while it runs, gone at the end, and swept up after a kill."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING

import pytest

from ava_setup.store.demo_folder import demo_folder, sweep_demos

if TYPE_CHECKING:
    from pathlib import Path

_KILLED = """
import os, signal, sys, tempfile
tempfile.tempdir = sys.argv[1]
from ava_setup.store.demo_folder import demo_folder
with demo_folder() as root:
    (root / "profiles" / "demo").mkdir(parents=True)
    (root / "profiles" / "demo" / "state.json").write_text("{}")
    os.kill(os.getpid(), signal.SIGKILL)
"""


_LEFT_WHILE_IT_OPENS = """
import sys, tempfile, threading
tempfile.tempdir = sys.argv[1]
from ava_setup.store.demo_folder import demo_folder
demo = demo_folder()
(demo.__enter__() / "profiles").mkdir()
held = threading.Thread(target=lambda _demo: threading.Event().wait(), args=[demo], daemon=True)
held.start()
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_what_a_killed_demo_left_goes_at_the_next_sweep_and_a_running_one_stays(
    temporary: Path,
) -> None:
    killed = subprocess.run([sys.executable, "-c", _KILLED, str(temporary)], check=False)
    assert killed.returncode == -9
    assert len(list(temporary.iterdir())) == 1
    with demo_folder() as running:
        (running / "profiles").mkdir()
        sweep_demos()
        assert list(temporary.iterdir()) == [running]
        assert (running / "profiles").is_dir()
    assert not list(temporary.iterdir())


def test_a_demo_that_nobody_came_to_close_goes_as_the_program_ends(temporary: Path) -> None:
    program = [sys.executable, "-c", _LEFT_WHILE_IT_OPENS, str(temporary)]
    subprocess.run(program, check=True)
    assert not list(temporary.iterdir())


def test_a_sweep_leaves_alone_what_only_has_the_name_of_a_demo(temporary: Path) -> None:
    elsewhere = temporary / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "in-use").touch()
    (temporary / "ava-setup-demo-link").symlink_to(elsewhere)
    (temporary / "ava-setup-demo-file").touch()
    (temporary / "ava-setup-demo-other").mkdir()
    (temporary / "ava-setup-demo-other" / "mine").touch()
    (temporary / "ava-setup-demo-empty").mkdir()
    sweep_demos()
    assert {path.name for path in temporary.iterdir()} == {
        "elsewhere",
        "ava-setup-demo-link",
        "ava-setup-demo-file",
        "ava-setup-demo-other",
    }
    assert (elsewhere / "in-use").exists()
