"""When work shows: not while it is too short to be seen, and then long enough to be read."""

from __future__ import annotations

from typing import NamedTuple

from ava_setup.words import NOTHING, Text

APPEARS_AFTER_S = 0.1
STAYS_S = 1.0


class Pace(NamedTuple):
    """What goes on, and what of it is on screen. Times are seconds of any one clock.

    Attributes:
        going_on: What is being done; empty when nothing is.
        shown: What stands on screen; empty when nothing does.
        due: When the next change on screen is, or None when none is to come.
        since: When something came on screen.
    """

    going_on: Text = NOTHING
    shown: Text = NOTHING
    due: float | None = None
    since: float = 0.0

    def hear(self, going_on: Text, now: float) -> Pace:
        """Take note of what is being done now, or of nothing."""
        if going_on and self.shown:
            return self._replace(going_on=going_on, shown=going_on, due=None)
        if going_on:
            due = now + APPEARS_AFTER_S if self.due is None else self.due
            return self._replace(going_on=going_on, due=due)
        if self.shown:
            return self._replace(going_on=NOTHING, due=self.since + STAYS_S).at(now)
        return Pace()

    def at(self, now: float) -> Pace:
        """Give how things stand at a time, at which nothing was heard."""
        if self.due is None or now < self.due:
            return self
        if self.going_on:
            return Pace(self.going_on, self.going_on, since=now)
        return Pace()
