"""Textual's driver, for a terminal that may go away."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, cast

from textual.drivers.linux_driver import LinuxDriver

from ava_setup import first_sight

if TYPE_CHECKING:
    import asyncio
    import io
    from collections.abc import Callable

    from textual.app import App

_HUNG_UP: Final = 129
_WATCH: Final = 1.0


class _Unbreakable:
    """A stream that drops what can no longer be written.

    Textual's writing thread would die of the error, and the app would then wait for it for ever.
    """

    def __init__(self, stream: IO[str], lost: Callable[[], None]) -> None:
        self._stream = stream
        self._lost = lost

    def write(self, text: str) -> int:
        try:
            return self._stream.write(text)
        except (OSError, ValueError):
            self._give_up()
            return len(text)

    def flush(self) -> None:
        try:
            self._stream.flush()
        except (OSError, ValueError):
            self._give_up()

    def fileno(self) -> int:
        return self._stream.fileno()

    def _give_up(self) -> None:
        # What it still holds would fail once more as Python ends, which would then end with 120.
        with contextlib.suppress(OSError, ValueError), Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), self._stream.fileno())
        self._lost()


class SteadyDriver(LinuxDriver):
    """Leaves with the code of a hang-up when the terminal is gone."""

    def __init__(
        self,
        app: App[Any],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        if sys.__stderr__ is not None:
            # Textual only writes to it, flushes it and asks for its number.
            self._file = cast("io.TextIOWrapper", _Unbreakable(sys.__stderr__, self._leave))
        self._watch: asyncio.TimerHandle | None = None

    def start_application_mode(self) -> None:
        """Take the terminal over, and watch that it stays."""
        found = first_sight.hand_over()
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if found is not None:
            # Not as it is kept still until now: as whoever started this had it.
            self.attrs_before = found
            self.write(f"\x1b[H{first_sight.TITLE}")
        if self.input_tty:
            self._look()

    def stop_application_mode(self) -> None:
        """Give the terminal back."""
        if self._watch is not None:
            self._watch.cancel()
        super().stop_application_mode()

    def _get_terminal_size(self) -> tuple[int, int]:
        # Textual asks stdout, which may be a file; keys come from the terminal itself.
        try:
            return os.get_terminal_size(self.fileno)
        except OSError:
            return super()._get_terminal_size()

    def _look(self) -> None:
        # A hang-up nobody signals reads as an endless run of nothing.
        if os.isatty(self.fileno):
            self._watch = self._loop.call_later(_WATCH, self._look)
        else:
            self._hang_up()

    def _leave(self) -> None:
        # Called from the threads that read and write, also after the loop has ended.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._hang_up)

    def _hang_up(self) -> None:
        if self._app.return_code is None:
            self._app.exit(return_code=_HUNG_UP)

    def run_input_thread(self) -> None:
        """Read keys until the app ends; a terminal that cannot be read is a hang-up."""
        try:
            super().run_input_thread()
        except OSError:
            self._leave()
