"""What everything in a scenario's file is made with: ids from names, dates from how long ago."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ava_setup.sandbox.ids import Clock, Ids, iso, rfc2822

if TYPE_CHECKING:
    from datetime import datetime

    from ava_setup.sandbox.doors import VapiRegion
    from ava_setup.sandbox.world import Document

DEMO_URL = "https://demo.twilio.com/welcome/voice/"


class Beginnings:
    """Makes ids, dates and addresses for one world.

    Args:
        name: The scenario's: the same name makes the same ids.
        region: Of the organisation at Vapi.
    """

    def __init__(self, name: str, region: VapiRegion) -> None:
        self.ids = Ids(name)
        self.clock = Clock()
        self.webhooks = f"https://{region.host}/twilio"
        self._start = self.clock.tick()
        self._made = 0

    def stamps(self, days_ago: int) -> Document:
        """Date a record of Vapi's: a millisecond apart, for dates are what lists are paged by."""
        self._made += 1
        moment = iso(self._start - timedelta(days=days_ago, milliseconds=self._made))
        return {"createdAt": moment, "updatedAt": moment}

    def dates(self, days_ago: int = 0, minutes_ago: int = 0) -> Document:
        """Date a record of Twilio's."""
        moment = rfc2822(self.moment(days_ago, minutes_ago))
        return {"date_created": moment, "date_updated": moment}

    def moment(self, days_ago: int = 0, minutes_ago: int = 0) -> datetime:
        """Go back in time."""
        return self._start - timedelta(days=days_ago, minutes=minutes_ago)

    def url(self, where: str) -> str:
        """Read an address of a file: `demo`, `vapi`, `nothing`, or a URL as it is."""
        known = {"demo": DEMO_URL, "vapi": f"{self.webhooks}/inbound_call", "nothing": ""}
        return known.get(where, where)
