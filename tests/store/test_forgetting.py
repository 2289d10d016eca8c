"""Forgetting: secrets and answers are gone from everywhere they were, and only there."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from ava_setup.onboarding.credentials import SecretName
from ava_setup.onboarding.errors import ErrorCode, StoreError
from ava_setup.onboarding.state import Saved, VaultPlace
from ava_setup.store.file_safe import FileSafe
from ava_setup.store.forgetting import forget_profile
from ava_setup.store.keyring_safe import KeyringSafe
from ava_setup.store.lock import ProfileLock
from ava_setup.store.state_file import StateFile
from ava_setup.store.vault import LocalVault
from tests.canaries import VAPI_KEY
from tests.store.test_disk import refuse

if TYPE_CHECKING:
    from ava_setup.store.places import ProfileFolder
    from tests.store.conftest import GoodKeyring

KEY = SecretStr(VAPI_KEY)
NAME = SecretName.VAPI_KEY


@pytest.fixture(autouse=True)
def short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KeyringSafe, "proof_seconds", 0.2)
    monkeypatch.setattr(KeyringSafe, "patience_seconds", 0.2)


def both(folder: ProfileFolder) -> LocalVault:
    return LocalVault(KeyringSafe(folder.name), FileSafe(folder.secrets))


async def test_a_profile_is_gone_from_the_folder_the_file_the_keyring_and_memory(
    folder: ProfileFolder, good_keyring: GoodKeyring
) -> None:
    KeyringSafe("another").keep(NAME, KEY)
    vault = both(folder)
    await vault.load()
    await vault.write(NAME, KEY)
    FileSafe(folder.secrets).keep(SecretName.TWILIO_AUTH_TOKEN, KEY)
    with ProfileLock(folder):
        StateFile(folder.state).write(Saved())
        (folder.path / "log").mkdir()
        (folder.path / "log" / "ava-setup.log").write_bytes(b"x")
        (folder.path / ".state.json.0.tmp").write_bytes(b"x")
        forgotten = await forget_profile(folder, vault)
    assert forgotten.secrets == {VaultPlace.KEYRING, VaultPlace.FILE}
    assert forgotten.files == 3
    assert not folder.path.exists()
    assert list(good_keyring.entries) == [("ava-setup", "another/vapi-key")]
    assert await vault.read(NAME) is None


async def test_an_unreadable_file_of_secrets_goes_too(folder: ProfileFolder) -> None:
    with ProfileLock(folder):
        folder.secrets.write_bytes(b"damaged")
        forgotten = await forget_profile(folder, LocalVault(file=FileSafe(folder.secrets)))
    assert forgotten.secrets == {VaultPlace.FILE}
    assert not folder.path.exists()


async def test_nothing_kept_is_nothing_forgotten(folder: ProfileFolder) -> None:
    with ProfileLock(folder):
        assert not await forget_profile(folder, LocalVault())
    assert not folder.path.exists()


async def test_a_link_to_elsewhere_is_removed_and_what_it_leads_to_is_not(
    folder: ProfileFolder,
) -> None:
    elsewhere = folder.path.parent.parent / "elsewhere"
    elsewhere.mkdir(parents=True)
    (elsewhere / "photo").write_bytes(b"x")
    with ProfileLock(folder):
        (folder.path / "link").symlink_to(elsewhere)
        assert (await forget_profile(folder, LocalVault())).files == 1
    assert (elsewhere / "photo").exists()


async def test_a_keyring_that_will_not_tell_is_said_and_the_file_is_gone_all_the_same(
    folder: ProfileFolder, good_keyring: GoodKeyring
) -> None:
    FileSafe(folder.secrets).keep(NAME, KEY)
    good_keyring.broken = True
    with pytest.raises(StoreError) as caught:
        await both(folder).wipe()
    assert caught.value.code is ErrorCode.NOT_FORGOTTEN
    assert not folder.secrets.exists()


async def test_a_keyring_that_will_not_let_go_is_said(
    folder: ProfileFolder, good_keyring: GoodKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    KeyringSafe(folder.name).keep(NAME, KEY)
    monkeypatch.setattr(good_keyring, "delete_password", refuse(1))
    with pytest.raises(StoreError) as caught:
        await both(folder).wipe()
    assert caught.value.code is ErrorCode.NOT_FORGOTTEN
    assert KEY.get_secret_value() not in repr(caught.value.problem)


async def test_a_keyring_that_hangs_is_given_up(
    folder: ProfileFolder, good_keyring: GoodKeyring
) -> None:
    good_keyring.stuck.clear()
    with pytest.raises(StoreError):
        await both(folder).wipe()


async def test_where_there_is_no_keyring_none_is_missed(
    folder: ProfileFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    from keyring import core  # noqa: PLC0415
    from keyring.backends.fail import Keyring  # noqa: PLC0415

    none = Keyring()  # type: ignore[no-untyped-call]
    monkeypatch.setattr(core, "_keyring_backend", none)
    assert await both(folder).wipe() == frozenset()


async def test_a_keyring_that_cannot_even_be_looked_for_counts_as_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("keyring.get_keyring", lambda: 1 / 0)
    assert KeyringSafe("x").exists()


async def test_what_cannot_be_removed_is_said(
    folder: ProfileFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ProfileLock(folder):
        StateFile(folder.state).write(Saved())
        with monkeypatch.context() as stuck:
            stuck.setattr(os, "unlink", refuse(1))
            stuck.setattr("pathlib.Path.unlink", refuse(1))
            with pytest.raises(StoreError) as caught:
                await forget_profile(folder, LocalVault())
    assert caught.value.code is ErrorCode.NOT_FORGOTTEN
    assert folder.state.exists()
