"""Removes all that is kept of one profile on this computer. Nothing changes at a vendor."""

from __future__ import annotations

import asyncio
import shutil
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ava_setup.onboarding.errors import ErrorCode
from ava_setup.onboarding.state import VaultPlace
from ava_setup.store.disk import said_plainly

if TYPE_CHECKING:
    from pathlib import Path

    from ava_setup.store.places import ProfileFolder
    from ava_setup.store.vault import LocalVault


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was removed.

    Attributes:
        secrets: Where secrets were: the keyring, the file.
        files: How many other files there were.
    """

    secrets: frozenset[VaultPlace]
    files: int

    def __bool__(self) -> bool:
        """Whether there was anything."""
        return bool(self.secrets) or bool(self.files)


async def forget_profile(folder: ProfileFolder, vault: LocalVault) -> Forgotten:
    """Remove a profile's secrets from everywhere, then its folder.

    The caller holds the profile's lock, which goes last.

    Raises:
        StoreError: `NOT_FORGOTTEN`: something is still there; secrets go first, and it can be
            asked for again.
    """
    secrets = await vault.wipe()
    files = await asyncio.to_thread(_remove_content, folder)
    return Forgotten(secrets - {VaultPlace.MEMORY}, files)


def _remove_content(folder: ProfileFolder) -> int:
    """Remove what is in a folder, but for the lock that is being held; tells how many files."""
    kept = {folder.lock, folder.pid}
    removed = 0
    with said_plainly(folder.path, ErrorCode.NOT_FORGOTTEN):
        for path in sorted(folder.path.iterdir()):
            if path in kept:
                continue
            removed += _count(path)
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
    # Still held: nobody can begin anew on what is removed here. Where a file in use cannot be
    # removed, an empty folder with a lock stays.
    with suppress(OSError):
        folder.pid.unlink(missing_ok=True)
        folder.lock.unlink()
        folder.path.rmdir()
    return removed


def _count(path: Path) -> int:
    if path.is_symlink() or not path.is_dir():
        return 1
    return sum(1 for one in path.rglob("*") if not one.is_dir())
