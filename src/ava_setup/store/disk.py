"""How anything is written here: for its owner only, and whole or not at all. All of it blocks."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ava_setup.onboarding.errors import ErrorCode, StoreError
from ava_setup.words import _

if TYPE_CHECKING:
    from collections.abc import Iterator

_OWNERS_FOLDER = 0o700
_OWNERS_FILE = 0o600
_OTHERS = 0o077

# Elsewhere modes say nothing (a user's folders are private there), nor can a folder be synced.
_POSIX = os.name == "posix"


_FORBIDDEN = _("your account on this computer may not do that")
_FULL = _("the disk is full")
_CAUSES = {
    errno.ENOSPC: _FULL,
    errno.EROFS: _("the disk can only be read"),
    errno.EACCES: _FORBIDDEN,
    errno.EPERM: _FORBIDDEN,
    errno.ENOENT: _("there is no such folder"),
    errno.EIO: _("the disk does not work"),
}


@contextmanager
def said_plainly(path: Path, code: ErrorCode = ErrorCode.STATE_UNWRITABLE) -> Iterator[None]:
    """Turn what the system refuses into an error that can be shown.

    Raises:
        StoreError: `code`, with the cause in plain words, else in the system's own.
    """
    try:
        yield
    except OSError as error:
        raise StoreError(
            code,
            path=str(path),
            cause=_CAUSES.get(error.errno or 0) or error.strerror or type(error).__name__,
        ) from error


def make_folder(path: Path) -> None:
    """Make a folder that only its owner can enter, and the folders above it likewise.

    A folder that exists is left as it is.

    Raises:
        OSError: It cannot be made, or something else has its name.
    """
    try:
        os.mkdir(path, _OWNERS_FOLDER)  # noqa: PTH102 - Path.mkdir(parents=True) ignores the mode
    except FileNotFoundError:
        make_folder(path.parent)
        make_folder(path)
    except FileExistsError:
        if not path.is_dir():
            raise
    else:
        # An umask can only take away; what it took from the owner is given back.
        if stat.S_IMODE(path.stat().st_mode) & _OWNERS_FOLDER != _OWNERS_FOLDER:
            path.chmod(_OWNERS_FOLDER)


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file by new content: a reader, or a crash, meets the earlier or the new one.

    Raises:
        OSError: It could not be written; the earlier file is intact.
    """
    make_folder(path.parent)
    draft = _draft_of(path)
    with _removed_on_failure(draft):
        _write_out(_create(draft), content)
        os.replace(draft, path)  # noqa: PTH105 - the one call that tests make fail
    sync_folder(path.parent)


def write_new(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read, under a name that nothing has yet.

    Raises:
        FileExistsError: Something has that name.
        OSError: It could not be written; nothing is left of it.
    """
    descriptor = _create(path)
    with _removed_on_failure(path):
        _write_out(descriptor, content)


def publish(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, under a name that nothing has yet.

    Raises:
        FileExistsError: Something has that name; it is untouched.
        OSError: It could not be written; nothing is left of it.
    """
    draft = _draft_of(path)
    with _removed_on_failure(draft):
        _write_out(_create(draft), content)
        try:
            # Unlike a rename, a link never takes a name from anything.
            os.link(draft, path)
        except FileExistsError:
            raise
        except OSError:
            # This disk knows no links, as on most memory sticks.
            write_new(path, content)
        draft.unlink()
    sync_folder(path.parent)


def sweep(path: Path) -> None:
    """Remove the drafts of a file that a killed process left behind, as far as that can be done."""
    with suppress(OSError):
        for draft in path.parent.glob(f".{path.name}.*.tmp"):
            draft.unlink()


def sync_folder(path: Path) -> None:
    """Make a rename in a folder outlast a power cut, where the system can."""
    if not _POSIX:
        return
    # The rename is done and readers see it: where this fails (some network shares) it stays so.
    with suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def is_private(path: Path) -> bool:
    """Whether only its owner can use a file or folder.

    Raises:
        OSError: It cannot be looked at.
    """
    return not _POSIX or not path.stat().st_mode & _OTHERS


def make_private(path: Path) -> None:
    """Take a file or folder that was copied here by hand away from everybody but its owner.

    Raises:
        OSError: It belongs to somebody else, or its disk knows no modes.
    """
    if not is_private(path):
        path.chmod(stat.S_IMODE(path.stat().st_mode) & ~_OTHERS)
        if not is_private(path):
            raise PermissionError(f"{path} stays open to others")


def can_keep_private(path: Path) -> bool:
    """Whether a file could be made there that only its owner can read, in a folder likewise."""
    try:
        make_folder(path.parent)
        make_private(path.parent)
        trial = _draft_of(path)
        os.close(_create(trial))
        try:
            return is_private(trial)
        finally:
            trial.unlink()
    except OSError:
        return False


def open_privately(path: str | Path, flags: int) -> int:
    """Open a file, creating it for its owner only; what `open` takes as its `opener`.

    Raises:
        OSError: It cannot be opened.
    """
    descriptor = os.open(path, flags, _OWNERS_FILE)
    # As for folders: an umask such as 0777 would leave a file that its owner cannot read again.
    if stat.S_IMODE(os.fstat(descriptor).st_mode) & _OWNERS_FILE != _OWNERS_FILE:
        Path(path).chmod(_OWNERS_FILE)
    return descriptor


def _draft_of(path: Path) -> Path:
    return path.with_name(f".{path.name}.{secrets.token_hex(8)}.tmp")


def _create(path: Path) -> int:
    """Create a file that only its owner can read; give its descriptor, open for writing."""
    return open_privately(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0))


def _write_out(descriptor: int, content: bytes) -> None:
    """Write all of some content, see it onto the disk, and close the descriptor."""
    try:
        left = memoryview(content)
        while left:
            left = left[os.write(descriptor, left) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _removed_on_failure(path: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise
