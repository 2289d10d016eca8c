"""A profile's folder for each test, and keyrings of every temper."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

import keyring.core
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

from ava_setup.store.places import Places, ProfileFolder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path / "home")


@pytest.fixture
def folder(places: Places) -> ProfileFolder:
    return places.profile()


@pytest.fixture
def open_umask() -> Iterator[None]:
    """An umask that takes nothing away: what is private then was made private."""
    earlier = os.umask(0)
    yield
    os.umask(earlier)


@pytest.fixture
def closed_umask() -> Iterator[None]:
    """An umask that takes everything away, from the owner too."""
    earlier = os.umask(0o777)
    yield
    os.umask(earlier)


class GoodKeyring(KeyringBackend):
    """Does what a keyring should."""

    priority = 5

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], str] = {}
        self.broken = False
        self.stuck = threading.Event()
        self.stuck.set()

    def set_password(self, service: str, username: str, password: str) -> None:
        self._suffer()
        self.entries[service, username] = password

    def get_password(self, service: str, username: str) -> str | None:
        self._suffer()
        return self.entries.get((service, username))

    def delete_password(self, service: str, username: str) -> None:
        self._suffer()
        if self.entries.pop((service, username), None) is None:
            raise PasswordDeleteError(username)

    def _suffer(self) -> None:
        self.stuck.wait()
        if self.broken:
            raise RuntimeError("Prompt dismissed")


class ForgetfulKeyring(GoodKeyring):
    """Says yes and stores nothing, like the null backend."""

    def set_password(self, service: str, username: str, password: str) -> None:
        pass

    def delete_password(self, service: str, username: str) -> None:
        pass


class PanickingKeyring(GoodKeyring):
    """Fails with what is no Exception, as a Rust extension does."""

    def get_password(self, service: str, username: str) -> str | None:
        raise BaseException(f"panic at {service} {username}")  # noqa: TRY002


def _installed(backend: GoodKeyring, monkeypatch: pytest.MonkeyPatch) -> GoodKeyring:
    monkeypatch.setattr(keyring.core, "_keyring_backend", backend)
    return backend


@pytest.fixture
def good_keyring(monkeypatch: pytest.MonkeyPatch) -> Iterator[GoodKeyring]:
    backend = _installed(GoodKeyring(), monkeypatch)
    yield backend
    # Lets the threads of a test that made it hang come to their end.
    backend.stuck.set()


@pytest.fixture
def forgetful_keyring(monkeypatch: pytest.MonkeyPatch) -> GoodKeyring:
    return _installed(ForgetfulKeyring(), monkeypatch)


@pytest.fixture
def panicking_keyring(monkeypatch: pytest.MonkeyPatch) -> GoodKeyring:
    return _installed(PanickingKeyring(), monkeypatch)
