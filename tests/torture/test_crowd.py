"""Many at once: fifty wizards on fifty profiles, and two on one."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING

from ava_setup.store.places import Places
from ava_setup.store.state_file import StateFile

if TYPE_CHECKING:
    from pathlib import Path

CROWD = 50
UPDATES = 20

_WORK = """
import asyncio, os, sys
from dataclasses import replace
from ava_setup.onboarding.errors import SetupError
from ava_setup.store.places import Places
from ava_setup.store.state_file import StateFile
from ava_setup.store.state_store import StateStore
from ava_setup.store.lock import ProfileLock

async def work(folder, mark):
    file = StateFile(folder.state)
    store = StateStore(file, file.load().saved)
    for number in range(int(sys.argv[2])):
        await store.update(
            lambda state: replace(
                state, saved=state.saved.with_typed(mark=mark, number=str(number))
            )
        )

folder = Places.from_environment().profile(sys.argv[1])
try:
    with ProfileLock(folder):
        asyncio.run(work(folder, sys.argv[3]))
        sys.stdin.read()
except SetupError as error:
    print(error.code.value, dict(error.problem.params).get("pid", ""))
    sys.exit(7)
"""


def _start(home: Path, profile: str, mark: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _WORK, profile, str(UPDATES), mark],
        env={"AVA_SETUP_HOME": str(home), "PATH": "/usr/bin:/bin"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_fifty_at_once_on_fifty_profiles_corrupt_nothing(tmp_path: Path) -> None:
    crowd = {f"p{number}": _start(tmp_path, f"p{number}", f"m{number}") for number in range(CROWD)}
    for process in crowd.values():
        process.communicate(timeout=120)
    places = Places(tmp_path)
    assert set(places.profiles()) == set(crowd)
    for number in range(CROWD):
        loaded = StateFile(places.profile(f"p{number}").state).load()
        assert loaded.problem is None
        assert loaded.saved.typed == {"mark": f"m{number}", "number": str(UPDATES - 1)}
    assert all(process.returncode == 0 for process in crowd.values())


def test_the_second_on_a_profile_is_turned_away_naming_the_first(tmp_path: Path) -> None:
    first = _start(tmp_path, "one", "first")
    state = Places(tmp_path).profile("one").state
    # Only who holds the lock may load: loading sweeps drafts away.
    while not state.exists() or f'"{UPDATES - 1}"' not in state.read_text(encoding="utf-8"):
        assert first.poll() is None
        time.sleep(0.02)
    second = _start(tmp_path, "one", "second")
    said, _ = second.communicate(timeout=60)
    assert second.returncode == 7
    assert said.split() == ["busy", str(first.pid)]
    first.communicate(timeout=60)
    assert first.returncode == 0
    assert StateFile(state).load().saved.typed["mark"] == "first"
