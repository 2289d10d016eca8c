"""How fast one account may be asked: found out by asking, since no vendor publishes it.

Libraries that limit a rate (aiolimiter and the like) have to be told the rate; here it is learnt.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from ava_setup.clients.patience import Sleep

# Turned away, it goes on at this part of the rate that was too much.
_BACK_OFF = 0.85
# Up to this part of it the way is known and climbed quickly, then the limit is felt for, the bolder
# the longer nobody was turned away; in parts of the rate a second.
_KNOWN, _CLIMB, _FEEL = 0.97, 0.08, 0.003
# How long, in seconds, others that were sent at the same speed may still be turned away.
_ECHO_S = 0.25
# What was let in this many seconds is what may be asked, when that is far less than was tried.
_LATELY_S, _FAR = 1.0, 1.5
_SLOWEST = 0.2


class Pace:
    """Bounds the requests in flight, and once one was turned away also those in a second.

    To be shared by all who ask for one account: `async with pace: …`.

    Args:
        in_flight: How many requests may be under way.
        clock: Seconds, from any beginning.
        sleep: How to wait that many seconds.
    """

    def __init__(
        self,
        in_flight: int,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._turns = asyncio.Semaphore(in_flight)
        self._clock = clock
        self._sleep = sleep
        self._let_in: deque[float] = deque()
        self._rate: float | None = None
        self._too_much = 0.0
        self._next = 0.0
        self._echo_until = 0.0
        self._turned_away_at = 0.0
        self._since: float | None = None

    @property
    def rate(self) -> float | None:
        """Requests a second that are made at most; None while no limit was met."""
        return self._rate

    async def __aenter__(self) -> Self:
        """Wait for a turn."""
        await self._turns.acquire()
        try:
            now = self._clock()
            at = max(now, self._next)
            self._since = at if self._since is None else self._since
            if self._rate is not None:
                self._next = at + 1 / self._rate
            if at > now:
                await self._sleep(at - now)
        except BaseException:
            self._turns.release()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the turn to the next."""
        self._turns.release()

    def let_in(self) -> None:
        """Take in that a request was processed: a little more may be asked."""
        now = self._clock()
        self._let_in.append(now)
        self._forget_before(now - _LATELY_S)
        if self._rate is None:
            return
        if self._rate < self._too_much * _KNOWN:
            self._rate += self._too_much * _CLIMB / self._rate
        else:
            bolder = 1 + now - self._turned_away_at
            self._rate += self._too_much * _FEEL * bolder / self._rate

    def turned_away(self, retry_after: float | None) -> None:
        """Take in a 429.

        Args:
            retry_after: Seconds that the vendor asks to wait, or None.
        """
        now = self._clock()
        if retry_after:
            self._next = max(self._next, now + retry_after)
        self._turned_away_at = now
        if now < self._echo_until:
            return
        self._forget_before(now - _LATELY_S)
        # One more than was let in: the one that was not.
        asked_for = now - (self._since if self._since is not None else now)
        lately = (len(self._let_in) + 1) / min(_LATELY_S, max(asked_for, _ECHO_S))
        tried = math.inf if self._rate is None else self._rate
        self._too_much = lately if tried > lately * _FAR else tried
        self._rate = max(self._too_much * _BACK_OFF, _SLOWEST)
        self._next = max(self._next, now + 1 / self._rate)
        self._echo_until = now + _ECHO_S

    def _forget_before(self, moment: float) -> None:
        while self._let_in and self._let_in[0] < moment:
            self._let_in.popleft()
