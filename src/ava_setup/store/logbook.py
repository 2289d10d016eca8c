"""The log of a profile: small files in its folder, for their owner only, without secrets."""

from __future__ import annotations

import logging
import os
from contextlib import suppress
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from typing import IO, TYPE_CHECKING, Self

from ava_setup.onboarding.chronicle import LOGGER, named
from ava_setup.store.disk import make_folder, make_private, open_privately

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from ava_setup.onboarding.redaction import Redactor

FILE_MAX = 256 * 1024
EARLIER = 2


class Logbook(RotatingFileHandler):
    """Takes in what is logged, as a context manager; one at a time, the latest.

    Whatever the disk does, nobody who logs hears of it.

    Args:
        path: The file; there need be nothing yet.
        redactor: Sees every line before the disk does.
    """

    def __init__(self, path: Path, redactor: Redactor) -> None:
        super().__init__(
            path,
            maxBytes=FILE_MAX,
            backupCount=EARLIER,
            encoding="utf-8",
            errors="backslashreplace",
            delay=True,
        )
        self.setFormatter(_Line(redactor))
        self._folder = path.parent
        self._is_open = False
        self._same: object = None
        self._repeated = 0

    def __enter__(self) -> Self:
        with suppress(OSError):
            make_folder(self._folder)
        for other in LOGGER.handlers[:]:
            # Two businesses never write into each other's log.
            if isinstance(other, Logbook):
                LOGGER.removeHandler(other)
        self._is_open = True
        LOGGER.addHandler(self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        LOGGER.removeHandler(self)
        self.acquire()
        try:
            self._tell_repeats()
            self._is_open = False
            with suppress(OSError):
                self.close()
        finally:
            self.release()

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record, unless it is the same again: those are only counted."""
        # A thread may have found this handler just before it was removed.
        if not self._is_open:
            return
        same = getattr(record, "same", None)
        if same is not None and same == self._same:
            self._repeated += 1
            return
        self._tell_repeats()
        self._same = same
        super().emit(record)

    def _tell_repeats(self) -> None:
        times, self._repeated = self._repeated, 0
        if times:
            told = f"the same again, times={times}"
            super().emit(LOGGER.makeRecord(LOGGER.name, logging.INFO, "", 0, told, (), None))

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Do without what could not be written; logging itself would print a traceback."""

    def _open(self) -> IO[str]:  # type: ignore[override]
        stream = open(  # noqa: SIM115 - Path.open takes no opener; closed by `close`
            self.baseFilename,
            self.mode,
            encoding=self.encoding,
            errors=self.errors,
            opener=open_privately,
        )
        # One that was copied here by hand; on a disk without modes it stays as it is.
        with suppress(OSError):
            make_private(self._folder / os.path.basename(self.baseFilename))  # noqa: PTH119
        return stream


class _Line(logging.Formatter):
    """Makes one line of a record: time, level, what happened; the redactor sees it last."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        """Give the line. Exceptions are named and placed; what they say may hold anything."""
        told = record.getMessage()
        if record.exc_info and record.exc_info[1] is not None:
            told = f"{told} {named(record.exc_info[1])}"
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = f"{at.replace('+00:00', 'Z')} {record.levelname} {self._redactor.clean(told)}"
        return printable(line)


def read_log(path: Path) -> tuple[str, ...]:
    """Give the lines of a log and of the earlier ones beside it, oldest first.

    Takes no lock: a line that is being written may be cut, and what cannot be read is left out.
    """
    earlier = [path.with_name(f"{path.name}.{number}") for number in range(EARLIER, 0, -1)]
    lines: list[str] = []
    for file in (*earlier, path):
        with suppress(OSError):
            lines += file.read_bytes().decode(errors="replace").splitlines()
    return tuple(map(printable, lines))


def printable(line: str) -> str:
    """Spell out what would break a line, or move a terminal's cursor."""
    if line.isprintable():
        return line
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in line
    )
