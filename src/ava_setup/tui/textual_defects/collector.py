"""Garbage collection while nobody is typing."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    import asyncio
    from types import TracebackType

_QUIET: Final = 0.4
_IDLE: Final = 10.0
# New objects that make a collection worth its while.
_MANY: Final = 2000


class QuietCollector:
    """Turns automatic collection off, and collects when no input came for a moment.

    A collection in the middle of a keystroke is what makes a step jerk. A context manager: on
    leaving it the collector is as it was found.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._next: asyncio.TimerHandle | None = None
        self._was_enabled = False
        self._modules_known = 0

    def __enter__(self) -> Self:
        self._was_enabled = gc.isenabled()
        gc.disable()
        self.input_seen()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._next is not None:
            self._next.cancel()
        if self._modules_known:
            gc.unfreeze()
        if self._was_enabled:
            gc.enable()

    def input_seen(self) -> None:
        """Put the next collection off until it has been quiet again."""
        self._collect_in(_QUIET)

    def collect(self) -> None:
        """Collect now: it is quiet, and much was let go of."""
        self._collect()

    def modules_came(self) -> None:
        """Never look again at what is there now, if modules were imported: they stay.

        So does whatever else is there. Hence not at every collection: a screen that is open then
        would be kept for good.
        """
        if len(sys.modules) > self._modules_known:
            gc.freeze()
            self._modules_known = len(sys.modules)

    def _collect_in(self, seconds: float) -> None:
        if self._next is not None:
            self._next.cancel()
        self._next = self._loop.call_later(seconds, self._collect)

    def _collect(self) -> None:
        if gc.get_count()[0] > _MANY:
            gc.collect()
        self._collect_in(_IDLE)
