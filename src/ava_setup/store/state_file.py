"""The state file: versioned JSON, written whole, never lost."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pydantic import ValidationError

from ava_setup.onboarding.errors import ErrorCode, Problem, StoreError
from ava_setup.onboarding.state import VERSION, Saved
from ava_setup.store.disk import said_plainly, sweep, sync_folder, write_whole
from ava_setup.store.migrations import MIGRATIONS

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was found.

    Attributes:
        saved: What to carry on with.
        problem: Why that is a fresh start although there was a file, or None.
    """

    saved: Saved
    problem: Problem | None = None


class _DamagedError(Exception):
    """The file is not what this product writes."""


class _FutureError(Exception):
    """The file is what a later version of this product writes."""


class StateFile:
    """One profile's state file. Its methods block; whoever calls them holds the profile's lock."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def load(self) -> Loaded:
        """Read the file; one that makes no sense is set aside beside it, under a new name.

        Of one that an earlier version wrote, a copy is kept as `NAME.version-N`.

        Raises:
            StoreError: `STATE_FROM_THE_FUTURE`, `STATE_INACCESSIBLE`, or `STATE_UNWRITABLE` (it
                cannot be set aside or copied); the file is untouched and nothing must be written
                over it.
        """
        sweep(self.path)
        with said_plainly(self.path, ErrorCode.STATE_INACCESSIBLE):
            try:
                content = self.path.read_bytes()
            except FileNotFoundError:
                return Loaded(Saved())
        try:
            version, saved = _decode(content)
            if version < VERSION:
                self._keep_copy(content, version)
            return Loaded(saved)
        except _FutureError:
            raise StoreError(ErrorCode.STATE_FROM_THE_FUTURE, path=str(self.path)) from None
        except _DamagedError:
            backup = self._set_aside()
        problem = StoreError(ErrorCode.STATE_UNREADABLE, backup=str(backup)).problem
        return Loaded(Saved(), problem)

    def look(self) -> Saved | ErrorCode | None:
        """Read the file and change nothing, whoever holds the profile.

        Returns:
            What is kept, None when nothing is, or why that cannot be told.
        """
        try:
            return _decode(self.path.read_bytes())[1]
        except FileNotFoundError:
            return None
        except OSError:
            return ErrorCode.STATE_INACCESSIBLE
        except _FutureError:
            return ErrorCode.STATE_FROM_THE_FUTURE
        except _DamagedError:
            return ErrorCode.STATE_UNREADABLE

    def business_name(self) -> str:
        """Look up the business's name, taking no lock and setting nothing aside; else ""."""
        try:
            document = json.loads(self.path.read_bytes())
            profile = document.get("profile") or {}
            typed = dict(document.get("answers") or ())
            return str(profile.get("business_name") or typed.get("business-name") or "")
        except (OSError, ValueError, TypeError, AttributeError, RecursionError):
            return ""

    def write(self, saved: Saved) -> None:
        """Replace the file; on return the new one outlasts a power cut.

        Raises:
            StoreError: `STATE_UNWRITABLE`; the earlier file is intact.
        """
        # What would not be read back (a wrong type, half a surrogate pair) fails here instead.
        content = saved.model_dump_json(indent=2, by_alias=True, warnings="error").encode()
        with said_plainly(self.path):
            write_whole(self.path, content + b"\n")

    def _keep_copy(self, content: bytes, version: int) -> None:
        copy = self.path.with_name(f"{self.path.name}.version-{version}")
        with said_plainly(self.path):
            write_whole(copy, content)

    def _set_aside(self) -> Path:
        """Rename the file to a name that nothing has; gives it."""
        stem = f"{self.path.name}.damaged-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
        backup = self.path.with_name(stem)
        again = 1
        # A clock that was set back, or two in one second, must not overwrite an earlier one.
        while backup.exists():
            again += 1
            backup = self.path.with_name(f"{stem}-{again}")
        with said_plainly(self.path):
            self.path.rename(backup)
        sync_folder(self.path.parent)
        return backup


def _decode(content: bytes) -> tuple[int, Saved]:
    """Read a file's content; gives the version that wrote it, too."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        raise _DamagedError from None
    version = document.get("version") if isinstance(document, dict) else None
    if type(version) is not int:
        raise _DamagedError
    if version > VERSION:
        raise _FutureError
    wrote = version
    while version < VERSION:
        try:
            document = MIGRATIONS[version](document)
            version = document["version"]
        except Exception:  # noqa: BLE001 - whatever it trips over, that version did not write
            raise _DamagedError from None
    try:
        return wrote, Saved.model_validate(document)
    except ValidationError:
        raise _DamagedError from None
