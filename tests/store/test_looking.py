"""Looking at what is kept, while somebody else may hold it: nothing is changed by it."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from ava_setup.onboarding.credentials import SecretName
from ava_setup.onboarding.errors import ErrorCode
from ava_setup.onboarding.state import Saved, VaultPlace
from ava_setup.store import disk
from ava_setup.store.file_safe import FileSafe
from ava_setup.store.keyring_safe import KeyringSafe
from ava_setup.store.state_file import StateFile
from ava_setup.store.vault import LocalVault
from tests.canaries import AUTH_TOKEN, VAPI_KEY
from tests.store.test_disk import mode, names, refuse

if TYPE_CHECKING:
    from ava_setup.store.places import ProfileFolder
    from tests.store.conftest import GoodKeyring

KEY, TOKEN = SecretStr(VAPI_KEY), SecretStr(AUTH_TOKEN)


def as_it_is(root: Path) -> list[tuple[str, int, int, bytes]]:
    """All that there is below a folder: names, modes, times, content."""
    return [
        (str(path), path.stat().st_mode, path.stat().st_mtime_ns, path.read_bytes())
        for path in sorted(root.rglob("*"))
        if path.is_file()
    ]


# The state.


def test_a_state_is_looked_at_as_it_was_saved(folder: ProfileFolder) -> None:
    file = StateFile(folder.state)
    assert file.look() is None
    assert not folder.path.exists()
    saved = Saved(answers=(("email", "a"),))
    file.write(saved)
    assert file.look() == saved


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"{", ErrorCode.STATE_UNREADABLE),
        (b'{"version": 99}', ErrorCode.STATE_FROM_THE_FUTURE),
        (b'{"version": 1, "profile": null}', None),
    ],
)
def test_a_state_that_cannot_be_read_or_is_old_stays_where_it_is(
    folder: ProfileFolder, content: bytes, code: ErrorCode | None
) -> None:
    folder.path.mkdir(parents=True)
    folder.state.write_bytes(content)
    (folder.path / ".state.json.0a.tmp").touch()
    before = as_it_is(folder.path)
    assert StateFile(folder.state).look() == (code or Saved())
    assert as_it_is(folder.path) == before


def test_a_state_that_may_not_be_opened_is_said(
    folder: ProfileFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    StateFile(folder.state).write(Saved())
    monkeypatch.setattr(Path, "read_bytes", refuse(errno.EACCES))
    assert StateFile(folder.state).look() is ErrorCode.STATE_INACCESSIBLE


# The secrets.


async def test_secrets_are_found_in_both_places_the_file_being_the_newer(
    folder: ProfileFolder, good_keyring: GoodKeyring
) -> None:
    KeyringSafe(folder.name).keep(SecretName.VAPI_KEY, TOKEN)
    KeyringSafe(folder.name).keep(SecretName.TWILIO_AUTH_TOKEN, TOKEN)
    FileSafe(folder.secrets).keep(SecretName.VAPI_KEY, KEY)
    folder.secrets.chmod(0o644)
    before, entries = as_it_is(folder.path), dict(good_keyring.entries)
    vault = LocalVault(KeyringSafe(folder.name), FileSafe(folder.secrets))
    kept = await vault.look()
    assert kept.secrets == {SecretName.VAPI_KEY: KEY, SecretName.TWILIO_AUTH_TOKEN: TOKEN}
    assert kept.places == {VaultPlace.KEYRING, VaultPlace.FILE}
    assert kept.silent == frozenset()
    assert (as_it_is(folder.path), good_keyring.entries) == (before, entries)
    assert await vault.read(SecretName.VAPI_KEY) is None
    assert VAPI_KEY not in repr(kept)


async def test_where_nothing_is_kept_nothing_is_found_and_nothing_is_made(
    folder: ProfileFolder, good_keyring: GoodKeyring
) -> None:
    kept = await LocalVault(KeyringSafe(folder.name), FileSafe(folder.secrets)).look()
    assert (kept.secrets, kept.places, kept.silent) == ({}, frozenset(), frozenset())
    assert not folder.path.exists()
    assert good_keyring.entries == {}
    assert not (await LocalVault().look()).secrets


async def test_what_will_not_tell_is_named(
    folder: ProfileFolder, good_keyring: GoodKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(KeyringSafe, "patience_seconds", 0.2)
    folder.path.mkdir(parents=True)
    folder.secrets.write_bytes(b"damaged")
    vault = LocalVault(KeyringSafe(folder.name), FileSafe(folder.secrets))
    good_keyring.stuck.clear()
    assert (await vault.look()).silent == {VaultPlace.KEYRING, VaultPlace.FILE}
    good_keyring.stuck.set()
    good_keyring.broken = True
    monkeypatch.setattr(Path, "read_bytes", refuse(errno.EACCES))
    kept = await vault.look()
    assert kept.silent == {VaultPlace.KEYRING, VaultPlace.FILE}
    assert not kept.places


async def test_a_vault_tells_of_each_secret_as_soon_as_it_holds_it(folder: ProfileFolder) -> None:
    FileSafe(folder.secrets).keep(SecretName.VAPI_KEY, KEY)
    told: list[SecretStr] = []
    vault = LocalVault(file=FileSafe(folder.secrets), on_secret=told.append)
    await vault.load()
    assert told == [KEY]
    await vault.write(SecretName.TWILIO_AUTH_TOKEN, TOKEN)
    assert told == [KEY, TOKEN]


# A new file.


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
@pytest.mark.usefixtures("open_umask")
def test_a_new_file_is_private_and_takes_nobodys_place(tmp_path: Path) -> None:
    disk.write_new(tmp_path / "new", b"content")
    assert mode(tmp_path / "new") == 0o600
    with pytest.raises(FileExistsError):
        disk.write_new(tmp_path / "new", b"other")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    with pytest.raises(FileExistsError):
        disk.write_new(tmp_path / "link", b"other")
    assert (tmp_path / "new").read_bytes() == b"content"
    assert names(tmp_path) == ["link", "new"]


def test_nothing_is_left_of_a_new_file_that_could_not_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "write", refuse(errno.ENOSPC))
    with pytest.raises(OSError, match="No space left"):
        disk.write_new(tmp_path / "new", b"content")
    assert names(tmp_path) == []
