"""Secrets in the system's keyring. All of it blocks, and may hang: call it in a daemon thread."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, TypeVar

from pydantic import SecretStr

from ava_setup.onboarding.credentials import SecretName
from ava_setup.onboarding.errors import ErrorCode, StoreError
from ava_setup.onboarding.state import VaultPlace

if TYPE_CHECKING:
    from collections.abc import Callable

SERVICE = "ava-setup"

_PROBE = "probe"

T = TypeVar("T")


class KeyringSafe:
    """One profile's entries: service `ava-setup`, user name `<profile>/<secret's name>`."""

    place = VaultPlace.KEYRING
    # After this it is taken for broken.
    proof_seconds: float | None = 2.0
    # After this too; but the system may be asking its user to allow it.
    patience_seconds: float | None = 20.0
    whereabouts = "keyring"

    def __init__(self, profile: str) -> None:
        self._profile = profile

    def exists(self) -> bool:
        """Whether this system has any keyring at all, working or not."""
        try:
            import keyring  # noqa: PLC0415
            from keyring.backends.fail import Keyring as NoKeyring  # noqa: PLC0415

            return not isinstance(keyring.get_keyring(), NoKeyring)
        except BaseException:  # noqa: BLE001 - backends fail in every way
            return True

    def usable(self) -> bool:
        """Whether it gives back what is put into it: the type of a backend proves nothing."""
        try:
            # Not before, and not in the loop: its first import looks for every backend.
            import keyring  # noqa: PLC0415 - slow

            written = secrets.token_hex(16)
            keyring.set_password(SERVICE, self._entry(_PROBE), written)
            read = keyring.get_password(SERVICE, self._entry(_PROBE))
            keyring.delete_password(SERVICE, self._entry(_PROBE))
        except BaseException:  # noqa: BLE001 - backends fail in every way, Rust panics among them
            return False
        return read == written

    def read(self) -> dict[SecretName, SecretStr] | None:
        """Every secret that is there, or None when the keyring will not tell."""
        import keyring  # noqa: PLC0415 - slow

        found: dict[SecretName, SecretStr] = {}
        try:
            for name in SecretName:
                secret = keyring.get_password(SERVICE, self._entry(name))
                if secret is not None:
                    found[name] = SecretStr(secret)
        except BaseException:  # noqa: BLE001 - as above
            return None
        return found

    def keep(self, name: SecretName, secret: SecretStr) -> None:
        """Keep a secret.

        Raises:
            StoreError: The keyring refused.
        """
        import keyring  # noqa: PLC0415 - slow

        _attempt(
            lambda: keyring.set_password(SERVICE, self._entry(name), secret.get_secret_value())
        )

    def forget(self, name: SecretName) -> None:
        """Remove a secret, if it is there.

        Raises:
            StoreError: The keyring refused.
        """
        import keyring  # noqa: PLC0415 - slow

        entry = self._entry(name)
        if _attempt(lambda: keyring.get_password(SERVICE, entry)) is not None:
            _attempt(lambda: keyring.delete_password(SERVICE, entry))

    def _entry(self, name: str) -> str:
        return f"{self._profile}/{name}"


def _attempt(call: Callable[[], T]) -> T:
    try:
        return call()
    except BaseException as error:  # noqa: BLE001 - as above
        cause = type(error).__name__
    # Out here, the backend's own error, whose frames hold the secret, is not chained to ours.
    raise StoreError(ErrorCode.VAULT_UNWRITABLE, path=KeyringSafe.whereabouts, cause=cause)
