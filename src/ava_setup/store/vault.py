"""The vault: secrets in the system's keyring, else in a private file, else in memory only."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from ava_setup.onboarding.errors import ErrorCode, StoreError
from ava_setup.onboarding.state import VaultPlace
from ava_setup.store.blocking import finish, in_daemon
from ava_setup.store.file_safe import FileSafe
from ava_setup.store.keyring_safe import KeyringSafe

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic import SecretStr

    from ava_setup.onboarding.credentials import SecretName
    from ava_setup.store.places import Places


@dataclass(frozen=True, slots=True)
class Kept:
    """What was found in a vault by looking.

    Attributes:
        secrets: By name; of one that is in both places, the newer.
        places: Where there are any.
        silent: Where there may be some, which could not be seen.
    """

    secrets: Mapping[SecretName, SecretStr]
    places: frozenset[VaultPlace]
    silent: frozenset[VaultPlace]


class LocalVault:
    """Keeps secrets where it can best be done; implements the port `Vault`.

    Secrets are held in memory as well, and until `load` only there. What is found in the file while
    the keyring works was put there when it did not, so it is the newer: it moves into the keyring.

    Args:
        keyring: The system's keyring, or None when it is not to be touched.
        file: The file, or None when nothing is to be kept.
        on_secret: Told of every secret that comes to be held, before anybody can ask for it.
    """

    def __init__(
        self,
        keyring: KeyringSafe | None = None,
        file: FileSafe | None = None,
        *,
        on_secret: Callable[[SecretStr], None] = lambda _secret: None,
    ) -> None:
        self._keyring = keyring
        self._file = file
        self._on_secret = on_secret
        self._safe: KeyringSafe | FileSafe | None = None
        self._secrets: dict[SecretName, SecretStr] = {}
        self._turn = asyncio.Lock()

    @property
    def place(self) -> VaultPlace:
        """Where secrets are kept; memory until `load` has found better."""
        return VaultPlace.MEMORY if self._safe is None else self._safe.place

    async def load(self) -> frozenset[SecretName]:
        """Open the vault and tell which secrets it holds; once it is open, only the latter.

        Raises:
            StoreError: `VAULT_UNREADABLE`: the file is untouched. The vault keeps secrets in memory
                until it is loaded again.
        """
        async with self._turn:
            if self._safe is None:
                await self._open()
            return frozenset(self._secrets)

    async def read(self, name: SecretName) -> SecretStr | None:
        """Give a secret, or None when it is not there."""
        return self._secrets.get(name)

    async def write(self, name: SecretName, secret: SecretStr) -> None:
        """Keep a secret.

        Raises:
            StoreError: It could not be kept.
        """
        self._on_secret(secret)
        async with self._turn:
            await self._keep(name, secret)

    async def forget(self, name: SecretName) -> None:
        """Remove a secret, if it is there.

        Raises:
            StoreError: It is still there.
        """
        async with self._turn:
            if self._safe is None:
                self._drop(name)
                return
            await self._ask(self._safe, partial(self._safe.forget, name), partial(self._drop, name))
            await self._forget_in_file(name)

    async def look(self) -> Kept:
        """Look at what is kept, changing nothing: neither there, nor what this vault holds."""
        seen = {
            VaultPlace.KEYRING: await self._look_into_keyring(),
            VaultPlace.FILE: self._file.look() if self._file is not None else {},
        }
        secrets: dict[SecretName, SecretStr] = {}
        for found in seen.values():
            secrets |= found or {}
        return Kept(
            secrets,
            frozenset(place for place, found in seen.items() if found),
            frozenset(place for place, found in seen.items() if found is None),
        )

    async def wipe(self) -> frozenset[VaultPlace]:
        """Remove every secret from everywhere it may be, whether the vault was loaded or not.

        Returns:
            The places where there was one.

        Raises:
            StoreError: `NOT_FORGOTTEN`: one may still be in the keyring or the file; memory is
                empty all the same, and the other place was tried too.
        """
        async with self._turn:
            wiped = {VaultPlace.MEMORY} if self._secrets else set()
            self._secrets.clear()
            failure: StoreError | None = None
            for wipe in (self._wipe_file, self._wipe_keyring):
                try:
                    wiped |= await wipe()
                except StoreError as error:
                    failure = error
            if failure is not None:
                raise failure
            return frozenset(wiped)

    async def _wipe_file(self) -> set[VaultPlace]:
        if self._file is None:
            return set()
        found = await in_daemon(self._file.wipe, seconds=None)
        return {VaultPlace.FILE} if found else set()

    async def _wipe_keyring(self) -> set[VaultPlace]:
        keyring = self._keyring
        if keyring is None:
            return set()
        cause = "NoAnswer"
        found = await self._look_into_keyring()
        try:
            for name in found or ():
                await self._ask(keyring, partial(keyring.forget, name))
        except StoreError as error:
            found, cause = None, type(error).__name__
        if found is None:
            raise StoreError(ErrorCode.NOT_FORGOTTEN, path=keyring.whereabouts, cause=cause)
        return {VaultPlace.KEYRING} if found else set()

    async def _look_into_keyring(self) -> dict[SecretName, SecretStr] | None:
        """Give what is in the keyring, or None when it will not tell."""
        keyring = self._keyring
        if keyring is None:
            return {}
        try:
            if not await in_daemon(keyring.exists, seconds=keyring.patience_seconds):
                return {}
            return await in_daemon(keyring.read, seconds=keyring.patience_seconds)
        except TimeoutError:
            return None

    def _drop(self, name: SecretName) -> None:
        self._secrets.pop(name, None)

    async def _open(self) -> None:
        in_file = await _look_into(self._file)
        in_keyring = await _look_into(self._keyring)
        # Written before the vault was open: newer than anything found.
        newer = dict(self._secrets)
        if in_keyring is not None:
            newer = {**(in_file or {}), **newer}
            self._safe, self._secrets = self._keyring, {**in_keyring, **newer}
        elif in_file is not None:
            self._safe, self._secrets = self._file, {**in_file, **newer}
        for secret in self._secrets.values():
            self._on_secret(secret)
        for name, secret in newer.items():
            # It stays where it was, and in memory; the next load tries again.
            with suppress(StoreError):
                await self._keep(name, secret)

    async def _keep(self, name: SecretName, secret: SecretStr) -> None:
        if self._safe is None:
            self._secrets[name] = secret
            return
        await self._ask(
            self._safe,
            partial(self._safe.keep, name, secret),
            lambda: self._secrets.update({name: secret}),
        )
        await self._forget_in_file(name)

    async def _forget_in_file(self, name: SecretName) -> None:
        """Leave no older copy in the file when the keyring is in use."""
        if self._file is not None and self._safe is not self._file:
            await self._ask(self._file, partial(self._file.forget, name))

    async def _ask(
        self,
        safe: KeyringSafe | FileSafe,
        work: Callable[[], None],
        then: Callable[[], None] = lambda: None,
    ) -> None:
        try:
            await finish(in_daemon(work, seconds=safe.patience_seconds), lambda _: then())
        except TimeoutError:
            raise StoreError(
                ErrorCode.VAULT_UNWRITABLE, path=safe.whereabouts, cause="TimeoutError"
            ) from None


async def _look_into(safe: KeyringSafe | FileSafe | None) -> dict[SecretName, SecretStr] | None:
    """Give what is in a safe, or None when it is of no use."""
    if safe is None:
        return None
    try:
        if not await in_daemon(safe.usable, seconds=safe.proof_seconds):
            return None
        return await in_daemon(safe.read, seconds=safe.patience_seconds)
    except TimeoutError:
        return None


def open_vault(
    places: Places,
    profile: str,
    *,
    keep: bool = True,
    keyring_allowed: bool = True,
    on_secret: Callable[[SecretStr], None] = lambda _secret: None,
) -> LocalVault:
    """Make a profile's vault; nothing is touched before its `load`.

    Args:
        places: A root that somebody chose (`AVA_SETUP_HOME`) keeps secrets too: no keyring then.
        profile: The profile's name.
        keep: False keeps secrets in memory only, and reads none that were kept earlier.
        keyring_allowed: False leaves the keyring alone.
        on_secret: Told of every secret that comes to be held.

    Raises:
        FieldProblem: It is no name for a profile.
    """
    folder = places.profile(profile)
    if not keep:
        return LocalVault(on_secret=on_secret)
    keyring = KeyringSafe(folder.name) if keyring_allowed and not places.moved else None
    return LocalVault(keyring, FileSafe(folder.secrets), on_secret=on_secret)
