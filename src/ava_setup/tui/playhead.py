"""Where a demo that plays by itself is held, and how fast it goes."""

from __future__ import annotations

import asyncio

from ava_setup.tui.tempo import Tempo

# How many times as fast as written; the middle one is how it begins.
_PACES = (0.5, 0.75, 1.0, 1.5, 2.0, 3.0)
_TICK_S = 0.1


class Playhead(Tempo):
    """A tempo that a person can hold, hurry and skip.

    Args:
        lasts: Seconds that one second of the script lasts; 0 is no time at all, for tests.
    """

    def __init__(self, lasts: float = 1.0) -> None:
        self._lasts = lasts
        self._pace = _PACES.index(1.0)
        self._going = asyncio.Event()
        self._going.set()
        self._skips = False

    @property
    def pace(self) -> float:
        """How many times as fast as written it goes."""
        return _PACES[self._pace]

    @property
    def is_paused(self) -> bool:
        """Whether it is held."""
        return not self._going.is_set()

    def pause_or_go(self) -> None:
        """Hold it, or let it go on."""
        if self.is_paused:
            self._going.set()
        else:
            self._going.clear()

    def hurry(self, by: int) -> None:
        """Go faster (1) or slower (-1), as far as there is a faster or a slower."""
        self._pace = min(max(self._pace + by, 0), len(_PACES) - 1)

    def skip(self) -> None:
        """Wait no more until the next beat; what is held goes on."""
        self._skips = True
        self._going.set()

    def begin_beat(self) -> None:
        """Wait again as it is written."""
        self._skips = False

    async def rest(self, seconds: float) -> None:
        """Let some time of the script pass, for as long as it takes with pauses."""
        left = seconds if self._lasts else 0.0
        await self._going.wait()
        while left > 0 and not self._skips:
            await asyncio.sleep(_TICK_S * self._lasts)
            left -= _TICK_S * self.pace
            await self._going.wait()
        await asyncio.sleep(0)
