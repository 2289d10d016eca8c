"""Secrets in a file that only its owner can read. All of it blocks."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from pydantic import SecretStr

from ava_setup.onboarding.credentials import SecretName
from ava_setup.onboarding.errors import ErrorCode, StoreError
from ava_setup.onboarding.state import VaultPlace
from ava_setup.store.disk import (
    can_keep_private,
    make_private,
    said_plainly,
    sweep,
    write_whole,
)

if TYPE_CHECKING:
    from pathlib import Path

_VERSION = 1


class FileSafe:
    """One profile's secrets file: `{"version": 1, "secrets": {name: secret}}`."""

    place = VaultPlace.FILE
    # As long as it takes: a write that was given up could still happen later.
    proof_seconds: float | None = None
    patience_seconds: float | None = None

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def whereabouts(self) -> str:
        """The file's path."""
        return str(self._path)

    def usable(self) -> bool:
        """Whether there is a file already, or one could be made that only its owner can read."""
        sweep(self._path)
        # What was kept earlier can be read even where nothing more can be written.
        return can_keep_private(self._path) or os.path.lexists(self._path)

    def read(self) -> dict[SecretName, SecretStr]:
        """Every secret that is there.

        A file that others can read was copied here by hand: it is taken away from them and used,
        for refusing it would leave it readable.

        Raises:
            StoreError: `VAULT_UNREADABLE`; the file is untouched.
        """
        try:
            content = self._path.read_bytes()
            make_private(self._path)
        except FileNotFoundError:
            return {}
        except OSError:
            found = None
        else:
            found = _decode(content)
        if found is None:
            # Out here, no error that quotes the file is chained to this one.
            raise StoreError(ErrorCode.VAULT_UNREADABLE, path=self.whereabouts)
        return found

    def look(self) -> dict[SecretName, SecretStr] | None:
        """Every secret that is there, or None when that cannot be told; changes nothing."""
        try:
            return _decode(self._path.read_bytes())
        except FileNotFoundError:
            return {}
        except OSError:
            return None

    def keep(self, name: SecretName, secret: SecretStr) -> None:
        """Keep a secret.

        Raises:
            StoreError: `VAULT_UNWRITABLE` or `VAULT_UNREADABLE`; the earlier file is intact.
        """
        self._write({**self.read(), name: secret})

    def forget(self, name: SecretName) -> None:
        """Remove a secret, if it is there; the last one takes the file with it.

        Raises:
            StoreError: `VAULT_UNWRITABLE` or `VAULT_UNREADABLE`; the earlier file is intact.
        """
        found = self.read()
        if found.pop(name, None) is None:
            return
        if found:
            self._write(found)
            return
        with said_plainly(self._path, ErrorCode.VAULT_UNWRITABLE):
            self._path.unlink()

    def wipe(self) -> bool:
        """Remove the file, readable or not; tells whether there was one.

        Raises:
            StoreError: `NOT_FORGOTTEN`: it is still there.
        """
        sweep(self._path)
        with said_plainly(self._path, ErrorCode.NOT_FORGOTTEN):
            try:
                self._path.unlink()
            except FileNotFoundError:
                return False
        return True

    def _write(self, found: dict[SecretName, SecretStr]) -> None:
        secrets = {name.value: secret.get_secret_value() for name, secret in found.items()}
        with said_plainly(self._path, ErrorCode.VAULT_UNWRITABLE):
            write_whole(self._path, json.dumps({"version": _VERSION, "secrets": secrets}).encode())


def _decode(content: bytes) -> dict[SecretName, SecretStr] | None:
    """Read the file's content; None when it is not what this product writes."""
    try:
        document = json.loads(content)
        if document["version"] != _VERSION:
            return None
        found = {SecretName(name): secret for name, secret in document["secrets"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    if not all(isinstance(secret, str) for secret in found.values()):
        return None
    return {name: SecretStr(secret) for name, secret in found.items()}
