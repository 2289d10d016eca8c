"""One wizard at a time on one profile."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from ava_setup.onboarding.errors import ErrorCode, StoreError
from ava_setup.store import lock as lock_module
from ava_setup.store.lock import ProfileLock
from tests.store.test_disk import mode, refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ava_setup.store.places import Places, ProfileFolder

HOLD = """
import sys
from pathlib import Path
from ava_setup.store.lock import ProfileLock
from ava_setup.store.places import Places

with ProfileLock(Places(Path(sys.argv[1])).profile()):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other_process(places: Places) -> Iterator[subprocess.Popen[bytes]]:
    """Another wizard, that has the default profile open."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(places.root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        yield process
        process.kill()


def pid_named(folder: ProfileFolder) -> str:
    """Try to take a held profile; gives the pid that the refusal names."""
    with pytest.raises(StoreError) as caught:
        ProfileLock(folder).acquire()
    assert caught.value.code is ErrorCode.BUSY
    return str(dict(caught.value.problem.params)["pid"])


def test_the_second_process_is_told_who_holds_the_profile(
    folder: ProfileFolder, places: Places, other_process: subprocess.Popen[bytes]
) -> None:
    assert pid_named(folder) == str(other_process.pid)
    with ProfileLock(places.profile("another")):
        pass
    # Being refused took nothing from the holder.
    assert pid_named(folder) == str(other_process.pid)


def test_the_lock_dies_with_its_process(
    folder: ProfileFolder, other_process: subprocess.Popen[bytes]
) -> None:
    other_process.kill()
    other_process.wait()
    assert folder.pid.exists()
    with ProfileLock(folder):
        assert folder.pid.read_text() == str(os.getpid())


@pytest.mark.usefixtures("open_umask")
def test_what_is_held_is_private_and_given_back(folder: ProfileFolder) -> None:
    with ProfileLock(folder):
        assert pid_named(folder) == str(os.getpid())
        assert mode(folder.path) == 0o700
        assert {mode(folder.lock), mode(folder.pid)} == {0o600}
    assert not folder.pid.exists()
    with ProfileLock(folder):
        pass


def test_a_lock_that_was_refused_gives_nothing_back(folder: ProfileFolder) -> None:
    refused = ProfileLock(folder)
    with ProfileLock(folder):
        with pytest.raises(StoreError):
            refused.acquire()
        refused.release()
        assert folder.pid.exists()


def test_another_thread_may_give_it_back(folder: ProfileFolder) -> None:
    lock = ProfileLock(folder)
    lock.acquire()
    thread = threading.Thread(target=lock.release)
    thread.start()
    thread.join()
    with ProfileLock(folder):
        pass


DEAD = str(2**22 + 1)


@pytest.mark.parametrize("content", [b"", b"?", b"\xff", b"0", b"-1", b"9" * 30, DEAD.encode()])
def test_a_pid_that_makes_no_sense_is_a_question_mark(
    folder: ProfileFolder, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    monkeypatch.setattr(lock_module, "_LOOK_EVERY", 0.001)
    with ProfileLock(folder):
        folder.pid.write_bytes(content)
        assert pid_named(folder) == "?"
        folder.pid.unlink()
        assert pid_named(folder) == "?"


def test_a_holder_that_is_just_saying_who_it_is_gets_a_moment(folder: ProfileFolder) -> None:
    with ProfileLock(folder):
        folder.pid.write_text(DEAD)
        threading.Timer(0.05, folder.pid.write_text, [str(os.getpid())]).start()
        assert pid_named(folder) == str(os.getpid())


def test_somebody_elses_process_is_named_too(
    folder: ProfileFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ProfileLock(folder):
        folder.pid.write_text("1")
        monkeypatch.setattr(os, "kill", refuse(errno.EPERM))
        assert pid_named(folder) == "1"


def test_a_full_disk_hides_the_pid_but_the_lock_holds(
    folder: ProfileFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock_module, "_LOOK_EVERY", 0.001)
    monkeypatch.setattr(os, "write", refuse(errno.ENOSPC))
    with ProfileLock(folder):
        assert pid_named(folder) == "?"


def test_a_place_that_cannot_be_written_is_said(places: Places) -> None:
    places.root.touch()
    with pytest.raises(StoreError) as caught, ProfileLock(places.profile()):
        pass
    assert caught.value.code is ErrorCode.STATE_UNWRITABLE
    assert dict(caught.value.problem.params)["cause"] in {"Not a directory", "File exists"}
