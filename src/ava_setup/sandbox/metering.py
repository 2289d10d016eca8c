"""How many requests a second Vapi lets an organisation make, and what became of those that came.

No vendor publishes a figure (contract: vapi.md, Errors; twilio.md, Limits): whoever starts the
sandbox sets it. Twilio bounds an account's requests in flight instead.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from ava_setup.sandbox.doors import Vendor
    from ava_setup.sandbox.world import Document

_BURST_S = 0.25


@dataclass(slots=True)
class Meter:
    """A bucket that fills at a steady rate; each request takes one out of it, or is turned away.

    Attributes:
        rate: Requests a second; 0 is no limit.
        clock: Seconds, from any beginning.
    """

    rate: float = 0.0
    clock: Callable[[], float] = time.monotonic
    _left: float = field(default=0.0, init=False)
    _at: float | None = field(default=None, init=False)

    def admits(self) -> bool:
        """Count a request that comes now; tell whether it is let in."""
        if not self.rate:
            return True
        now, most = self.clock(), max(1.0, self.rate * _BURST_S)
        self._left = (
            most if self._at is None else min(most, self._left + (now - self._at) * self.rate)
        )
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Tally:
    """Counts what the vendors were asked.

    Args:
        clock: Seconds, from any beginning.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._counts: Counter[tuple[Vendor, str, int | None]] = Counter()
        self._times: dict[Vendor, tuple[float, float]] = {}

    def clear(self) -> None:
        """Begin anew."""
        self._counts.clear()
        self._times.clear()

    def note(self, vendor: Vendor, method: str, status: int | None) -> None:
        """Count a request; None for one that the vendor never saw."""
        now = self._clock()
        self._counts[vendor, method, status] += 1
        self._times[vendor] = (self._times.get(vendor, (now, now))[0], now)

    def listed(self) -> Document:
        """Give, for each vendor, seconds from its first request to its last, and the counts."""
        return {
            vendor: {
                "seconds": last - first,
                "requests": [
                    {"method": method, "status": status, "count": count}
                    for (whose, method, status), count in sorted(
                        self._counts.items(), key=lambda one: (one[0][1], one[0][2] or 0)
                    )
                    if whose == vendor
                ],
            }
            for vendor, (first, last) in self._times.items()
        }
