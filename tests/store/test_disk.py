"""Private from creation on, whole or not at all.

A test that runs as root can read and write anything, whatever the modes: refusals are put in place
of the system's calls instead.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ava_setup.store import disk

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")


def refuse(number: int) -> Callable[..., int]:
    def call(*_arguments: object, **_options: object) -> int:
        raise OSError(number, os.strerror(number))

    return call


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.usefixtures("open_umask")
def test_every_folder_and_file_is_private_at_the_moment_of_its_creation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[tuple[str, int]] = []
    mkdir, opening = os.mkdir, os.open

    def watched_mkdir(path: Path, wanted: int = 0o777) -> None:
        mkdir(path, wanted)
        made.append((path.name, mode(path)))

    def watched_open(path: Path, flags: int, wanted: int = 0o777) -> int:
        descriptor = opening(path, flags, wanted)
        if flags & os.O_CREAT:
            made.append((path.suffix, stat.S_IMODE(os.fstat(descriptor).st_mode)))
        return descriptor

    def no_chmod(*_arguments: object, **_options: object) -> None:
        raise AssertionError("made private afterwards")

    monkeypatch.setattr(os, "mkdir", watched_mkdir)
    monkeypatch.setattr(os, "open", watched_open)
    monkeypatch.setattr(Path, "chmod", no_chmod)
    disk.write_whole(tmp_path / "root" / "profiles" / "default" / "state.json", b"{}")
    assert made == [("root", 0o700), ("profiles", 0o700), ("default", 0o700), (".tmp", 0o600)]
    assert mode(tmp_path / "root" / "profiles" / "default" / "state.json") == 0o600


@pytest.mark.usefixtures("closed_umask")
def test_an_umask_that_shuts_out_the_owner_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "file"
    disk.write_whole(path, b"content")
    assert (mode(path.parent), mode(path)) == (0o700, 0o600)


def test_a_file_in_the_folders_place_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "folder").touch()
    with pytest.raises(FileExistsError):
        disk.make_folder(tmp_path / "folder")


@pytest.mark.parametrize("call", ["write", "fsync", "replace"])
def test_a_write_that_fails_leaves_the_earlier_file_and_no_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    path = tmp_path / "file"
    disk.write_whole(path, b"earlier")
    with monkeypatch.context() as full:
        full.setattr(os, call, refuse(errno.ENOSPC))
        with pytest.raises(OSError, match="No space left"):
            disk.write_whole(path, b"later")
    assert path.read_bytes() == b"earlier"
    assert names(tmp_path) == ["file"]


def test_a_disk_that_takes_a_byte_at_a_time_gets_them_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda to, content: write(to, content[:1]))
    disk.write_whole(tmp_path / "file", b"content")
    assert (tmp_path / "file").read_bytes() == b"content"


def test_content_is_synced_before_the_rename_and_the_folder_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    fsync, replace = os.fsync, os.replace

    def watched_fsync(descriptor: int) -> None:
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        order.append("sync folder" if is_folder else "sync file")
        fsync(descriptor)

    def watched_replace(source: Path, target: Path) -> None:
        order.append("replace")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", watched_fsync)
    monkeypatch.setattr(os, "replace", watched_replace)
    disk.write_whole(tmp_path / "file", b"content")
    assert order == ["sync file", "replace", "sync folder"]


def test_a_folder_that_cannot_be_synced_does_not_undo_the_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fsync = os.fsync

    def files_only(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", files_only)
    disk.write_whole(tmp_path / "file", b"content")
    assert (tmp_path / "file").read_bytes() == b"content"


def test_where_modes_say_nothing_every_file_counts_as_private(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "_POSIX", False)
    (tmp_path / "file").touch(0o644)
    assert disk.is_private(tmp_path / "file")
    disk.write_whole(tmp_path / "file", b"content")


def test_only_a_files_own_drafts_are_swept(tmp_path: Path) -> None:
    for name in (".file.0a.tmp", ".file.0b.tmp", ".other.0a.tmp", "file", "file.tmp"):
        (tmp_path / name).touch()
    disk.sweep(tmp_path / "file")
    assert names(tmp_path) == [".other.0a.tmp", "file", "file.tmp"]
    disk.sweep(tmp_path / "nowhere" / "file")


def test_drafts_that_cannot_be_removed_are_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".file.0a.tmp").touch()
    monkeypatch.setattr(Path, "unlink", refuse(errno.EROFS))
    disk.sweep(tmp_path / "file")
    assert names(tmp_path) == [".file.0a.tmp"]


@pytest.mark.usefixtures("open_umask")
def test_a_folder_copied_by_hand_is_taken_away_from_others(tmp_path: Path) -> None:
    folder = tmp_path / "copied"
    folder.mkdir(0o755)
    assert disk.can_keep_private(folder / "file")
    assert mode(folder) == 0o700
    assert names(folder) == []


def test_a_disk_without_modes_cannot_keep_anything_private(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch(0o644)
    monkeypatch.setattr(Path, "chmod", lambda *_: None)
    with pytest.raises(PermissionError):
        disk.make_private(tmp_path / "file")
    folder = tmp_path / "shared"
    folder.mkdir(0o755)
    assert not disk.can_keep_private(folder / "file")


@pytest.mark.parametrize("links", [True, False])
def test_what_is_published_is_whole_and_takes_no_name_from_anything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, links: bool
) -> None:
    if not links:
        monkeypatch.setattr(os, "link", refuse(errno.EPERM))
    path = tmp_path / "sheet.html"
    disk.publish(path, b"first")
    assert (path.read_bytes(), mode(path)) == (b"first", 0o600)
    with pytest.raises(FileExistsError):
        disk.publish(path, b"second")
    assert path.read_bytes() == b"first"
    monkeypatch.setattr(os, "fsync", refuse(errno.ENOSPC))
    with pytest.raises(OSError, match="No space"):
        disk.publish(tmp_path / "other.html", b"third")
    assert names(tmp_path) == ["sheet.html"]
