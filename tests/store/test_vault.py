"""Secrets: kept in the best place that works, shown nowhere."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from ava_setup.onboarding.credentials import SecretName
from ava_setup.onboarding.errors import ErrorCode, StoreError
from ava_setup.onboarding.state import VaultPlace
from ava_setup.store.file_safe import FileSafe
from ava_setup.store.keyring_safe import KeyringSafe
from ava_setup.store.places import Places
from ava_setup.store.vault import LocalVault, open_vault
from tests.canaries import OTHER_VAPI_KEY, VAPI_KEY
from tests.store.test_disk import mode, refuse

if TYPE_CHECKING:
    from ava_setup.onboarding.ports import Vault
    from ava_setup.store.places import ProfileFolder
    from tests.store.conftest import GoodKeyring

CANARY = VAPI_KEY
KEY = SecretStr(CANARY)
NAME = SecretName.VAPI_KEY
OTHER = SecretName.TWILIO_AUTH_TOKEN


@pytest.fixture(autouse=True)
def short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KeyringSafe, "proof_seconds", 0.2)
    monkeypatch.setattr(KeyringSafe, "patience_seconds", 0.2)


@pytest.fixture
def unmoved(tmp_path: Path) -> Places:
    """The system's own place: the keyring may be used."""
    return Places(tmp_path / "home", moved=False)


def file_vault(folder: ProfileFolder) -> LocalVault:
    return LocalVault(file=FileSafe(folder.secrets))


def both(folder: ProfileFolder) -> LocalVault:
    return LocalVault(KeyringSafe(folder.name), FileSafe(folder.secrets))


async def opened(vault: LocalVault) -> LocalVault:
    await vault.load()
    return vault


async def test_the_vault_is_what_the_engine_asks_for(places: Places) -> None:
    port: Vault = open_vault(places, "default")
    places_seen = [port.place]
    assert await port.load() == frozenset()
    places_seen.append(port.place)
    assert places_seen == [VaultPlace.MEMORY, VaultPlace.FILE]


async def test_a_keyring_that_works_is_used_and_nothing_else(
    unmoved: Places, good_keyring: GoodKeyring
) -> None:
    vault = await opened(open_vault(unmoved, "garage"))
    assert vault.place is VaultPlace.KEYRING
    assert good_keyring.entries == {}, "the probe is gone"
    await vault.write(NAME, KEY)
    assert good_keyring.entries == {("ava-setup", "garage/vapi-key"): CANARY}
    assert not unmoved.profile("garage").secrets.exists()
    again = open_vault(unmoved, "garage")
    assert await again.load() == {NAME}
    assert await again.read(NAME) == KEY
    assert await open_vault(unmoved, "salon").load() == frozenset()
    await again.forget(NAME)
    await again.forget(NAME)
    assert good_keyring.entries == {}
    assert await again.read(NAME) is None


async def test_a_chosen_home_keeps_secrets_itself(
    places: Places, good_keyring: GoodKeyring
) -> None:
    good_keyring.broken = True
    vault = await opened(open_vault(places, "default"))
    await vault.write(NAME, KEY)
    assert vault.place is VaultPlace.FILE
    assert good_keyring.entries == {}


async def test_a_keyring_that_is_not_allowed_is_not_touched(
    unmoved: Places, good_keyring: GoodKeyring
) -> None:
    good_keyring.stuck.clear()
    vault = await opened(open_vault(unmoved, "default", keyring_allowed=False))
    assert vault.place is VaultPlace.FILE


async def test_nothing_is_kept_when_nothing_is_to_be_kept(
    unmoved: Places, good_keyring: GoodKeyring
) -> None:
    vault = await opened(open_vault(unmoved, "default", keep=False))
    await vault.write(NAME, KEY)
    await vault.write(OTHER, KEY)
    assert vault.place is VaultPlace.MEMORY
    assert await vault.read(NAME) == KEY
    await vault.forget(NAME)
    assert await vault.load() == {OTHER}
    assert good_keyring.entries == {}
    assert not unmoved.root.exists()


async def test_a_keyring_that_fails_gives_way_to_the_file(
    folder: ProfileFolder, good_keyring: GoodKeyring
) -> None:
    good_keyring.broken = True
    assert (await opened(both(folder))).place is VaultPlace.FILE


@pytest.mark.usefixtures("forgetful_keyring")
async def test_a_keyring_that_stores_nothing_gives_way_to_the_file(folder: ProfileFolder) -> None:
    assert (await opened(both(folder))).place is VaultPlace.FILE


@pytest.mark.usefixtures("panicking_keyring")
async def test_a_keyring_that_panics_gives_way_to_the_file(folder: ProfileFolder) -> None:
    assert (await opened(both(folder))).place is VaultPlace.FILE


async def test_a_keyring_that_hangs_gives_way_to_the_file_in_time(
    folder: ProfileFolder, good_keyring: GoodKeyring
) -> None:
    good_keyring.stuck.clear()
    began = time.monotonic()
    vault = await opened(both(folder))
    assert vault.place is VaultPlace.FILE
    assert time.monotonic() - began < 1
    # What the thread ends with, once it is let go, is dropped.
    good_keyring.stuck.set()
    await asyncio.sleep(0.05)
    assert vault.place is VaultPlace.FILE


def test_a_keyring_that_hangs_does_not_hold_up_the_end_of_the_program(
    folder: ProfileFolder,
) -> None:
    program = """
import asyncio, sys, time, keyring.core
from pathlib import Path
from keyring.backend import KeyringBackend
from ava_setup.store.vault import open_vault
from ava_setup.store.places import Places
from ava_setup.store.keyring_safe import KeyringSafe

class Hanging(KeyringBackend):
    priority = 5
    def set_password(self, *_): time.sleep(60)
    def get_password(self, *_): time.sleep(60)

keyring.core._keyring_backend = Hanging()
KeyringSafe.proof_seconds = 0.1
vault = open_vault(Places(Path(sys.argv[1]), moved=False), "default")
asyncio.run(vault.load())
print(vault.place)
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder.path)],
        capture_output=True,
        timeout=20,
        check=True,
    )
    assert (done.stdout, done.stderr) == (b"file\n", b"")


async def test_a_keyring_that_will_not_tell_gives_way_to_the_file(
    folder: ProfileFolder, good_keyring: GoodKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(KeyringSafe, "usable", lambda _: True)
    good_keyring.broken = True
    assert (await opened(both(folder))).place is VaultPlace.FILE
    good_keyring.broken = False
    good_keyring.stuck.clear()
    assert (await opened(both(folder))).place is VaultPlace.FILE


async def test_a_keyring_that_breaks_later_is_said_without_the_secret(
    folder: ProfileFolder, good_keyring: GoodKeyring
) -> None:
    vault = await opened(both(folder))
    await vault.write(OTHER, KEY)
    good_keyring.broken = True
    for refused in (vault.write(NAME, KEY), vault.forget(OTHER)):
        with pytest.raises(StoreError) as caught:
            await refused
        assert caught.value.code is ErrorCode.VAULT_UNWRITABLE
        assert dict(caught.value.problem.params) == {"path": "keyring", "cause": "RuntimeError"}
        assert caught.value.__context__ is None
    assert await vault.read(NAME) is None
    assert await vault.read(OTHER) == KEY


async def test_a_keyring_that_hangs_later_is_given_up(
    folder: ProfileFolder, good_keyring: GoodKeyring
) -> None:
    vault = await opened(both(folder))
    good_keyring.stuck.clear()
    with pytest.raises(StoreError) as caught:
        await vault.write(NAME, KEY)
    assert dict(caught.value.problem.params)["cause"] == "TimeoutError"


async def test_secrets_move_from_the_file_into_a_keyring_that_works_again(
    folder: ProfileFolder, good_keyring: GoodKeyring
) -> None:
    await (await opened(both(folder))).write(NAME, SecretStr(OTHER_VAPI_KEY))
    good_keyring.broken = True
    without = await opened(both(folder))
    await without.write(NAME, KEY)
    assert folder.secrets.exists()
    good_keyring.broken = False
    vault = await opened(both(folder))
    assert vault.place is VaultPlace.KEYRING
    assert good_keyring.entries == {("ava-setup", "default/vapi-key"): CANARY}
    assert not folder.secrets.exists()
    assert await vault.read(NAME) == KEY


async def test_secrets_that_cannot_move_stay_in_the_file_and_are_known(
    folder: ProfileFolder, good_keyring: GoodKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    await (await opened(file_vault(folder))).write(NAME, KEY)

    def full(_self: KeyringSafe, _name: SecretName, _secret: SecretStr) -> None:
        raise StoreError(ErrorCode.VAULT_UNWRITABLE, path="keyring", cause="full")

    with monkeypatch.context() as patch:
        patch.setattr(KeyringSafe, "keep", full)
        vault = await opened(both(folder))
    assert await vault.read(NAME) == KEY
    assert folder.secrets.exists()
    # A newer one leaves no older copy that could come back.
    await vault.write(NAME, SecretStr(OTHER_VAPI_KEY))
    assert not folder.secrets.exists()
    assert good_keyring.entries == {("ava-setup", "default/vapi-key"): OTHER_VAPI_KEY}


@pytest.mark.usefixtures("open_umask")
async def test_the_file_is_for_its_owner_and_comes_back_the_same(folder: ProfileFolder) -> None:
    vault = await opened(file_vault(folder))
    await vault.write(NAME, KEY)
    await vault.write(OTHER, SecretStr(f"é\ud800{CANARY}"))
    assert (mode(folder.path), mode(folder.secrets)) == (0o700, 0o600)
    assert json.loads(folder.secrets.read_bytes())["version"] == 1
    again = file_vault(folder)
    assert await again.load() == {NAME, OTHER}
    assert (await again.read(OTHER)) == SecretStr(f"é\ud800{CANARY}")
    await again.forget(NAME)
    await again.forget(NAME)
    assert await file_vault(folder).load() == {OTHER}
    await again.forget(OTHER)
    assert not folder.secrets.exists()


async def test_secrets_written_at_once_are_all_kept(folder: ProfileFolder) -> None:
    vault = await opened(file_vault(folder))
    await asyncio.gather(*(vault.write(name, KEY) for name in SecretName))
    assert await file_vault(folder).load() == frozenset(SecretName)


async def test_a_write_that_is_cancelled_is_done_all_the_same(folder: ProfileFolder) -> None:
    vault = await opened(file_vault(folder))
    writing = asyncio.create_task(vault.write(NAME, KEY))
    await asyncio.sleep(0)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    assert await vault.read(NAME) == KEY
    assert await file_vault(folder).load() == {NAME}


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
async def test_a_file_copied_by_hand_is_taken_away_from_others_and_used(
    folder: ProfileFolder,
) -> None:
    await (await opened(file_vault(folder))).write(NAME, KEY)
    folder.secrets.chmod(0o644)
    assert await file_vault(folder).load() == {NAME}
    assert mode(folder.secrets) == 0o600


UNREADABLE = {
    "empty": b"",
    "truncated": f'{{"version": 1, "secrets": {{"vapi-key": "{VAPI_KEY}'.encode(),
    "not an object": b"[]",
    "from the future": b'{"version": 2, "secrets": {}}',
    "no version": b'{"secrets": {}}',
    "no secrets": b'{"version": 1}',
    "secrets no object": b'{"version": 1, "secrets": []}',
    "unknown name": f'{{"version": 1, "secrets": {{"password": "{VAPI_KEY}"}}}}'.encode(),
    "no text": b'{"version": 1, "secrets": {"vapi-key": 4}}',
    "nested without end": b"[" * 100_000,
}


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE.keys())
async def test_an_unreadable_file_is_said_and_left_as_it_is(
    folder: ProfileFolder, content: bytes
) -> None:
    folder.path.mkdir(parents=True)
    folder.secrets.write_bytes(content)
    vault = file_vault(folder)
    for _ in range(2):
        with pytest.raises(StoreError) as caught:
            await vault.load()
        assert caught.value.code is ErrorCode.VAULT_UNREADABLE
        assert dict(caught.value.problem.params) == {"path": str(folder.secrets)}
        assert caught.value.__context__ is None
    await vault.write(NAME, KEY)
    assert vault.place is VaultPlace.MEMORY
    assert folder.secrets.read_bytes() == content
    # Moved away, as the message says, it makes room for what was pasted meanwhile.
    folder.secrets.unlink()
    assert await vault.load() == {NAME}
    assert await file_vault(folder).load() == {NAME}


async def test_a_file_that_cannot_be_opened_is_said(folder: ProfileFolder) -> None:
    folder.secrets.mkdir(parents=True)
    with pytest.raises(StoreError) as caught:
        await file_vault(folder).load()
    assert caught.value.code is ErrorCode.VAULT_UNREADABLE


async def test_a_folder_that_cannot_be_written_leaves_memory(
    folder: ProfileFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "mkdir", refuse(errno.EROFS))
    vault = await opened(file_vault(folder))
    assert vault.place is VaultPlace.MEMORY
    await vault.write(NAME, KEY)
    assert await vault.read(NAME) == KEY


async def test_secrets_on_a_read_only_disk_are_read_and_nothing_is_said_to_be_kept(
    folder: ProfileFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    await (await opened(file_vault(folder))).write(NAME, KEY)
    opening = os.open

    def read_only(path: Path, flags: int, wanted: int = 0o777) -> int:
        if flags & os.O_CREAT:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return opening(path, flags, wanted)

    monkeypatch.setattr(os, "open", read_only)
    monkeypatch.setattr(Path, "unlink", refuse(errno.EROFS))
    vault = file_vault(folder)
    assert await vault.load() == {NAME}
    assert vault.place is VaultPlace.FILE
    with pytest.raises(StoreError) as caught:
        await vault.write(OTHER, KEY)
    assert caught.value.code is ErrorCode.VAULT_UNWRITABLE
    with pytest.raises(StoreError):
        await vault.forget(NAME)
    assert await vault.read(NAME) == KEY


async def test_drafts_of_a_killed_run_hold_no_secret_for_long(folder: ProfileFolder) -> None:
    folder.path.mkdir(parents=True)
    draft = folder.path / ".secrets.json.0123456789abcdef.tmp"
    draft.write_text(CANARY)
    await file_vault(folder).load()
    assert not draft.exists()


async def test_no_secret_is_shown_by_anything(
    folder: ProfileFolder, good_keyring: GoodKeyring
) -> None:
    for vault in (both(folder), file_vault(folder), LocalVault()):
        await vault.load()
        await vault.write(NAME, KEY)
        shown = f"{vault!r} {vars(vault)!r} {await vault.read(NAME)!r} {await vault.load()!r}"
        shown += "".join(repr(vars(safe)) for safe in vars(vault).values() if "Safe" in repr(safe))
        assert CANARY not in shown
    assert CANARY in good_keyring.entries.values()
