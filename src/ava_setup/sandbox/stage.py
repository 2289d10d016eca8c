"""What stands for as long as the sandbox runs: the world being played, and what was asked of it."""

from __future__ import annotations

import json
from collections import Counter, deque
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from ava_setup.sandbox.announcement import Announcement
from ava_setup.sandbox.doors import ROUTES, TWILIO, VAPI, Door, TwilioRegion, VapiRegion
from ava_setup.sandbox.faults import Faults
from ava_setup.sandbox.metering import Meter, Tally
from ava_setup.sandbox.population import populate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ava_setup.sandbox.exchange import Answer, Asked
    from ava_setup.sandbox.faults import Fault
    from ava_setup.sandbox.world import Document

# How many requests are remembered, with what was answered.
REMEMBERED = 5000


class Stage:
    """Holds one world after another.

    Attributes:
        world: The world that is played now.
        latency: Seconds that every vendor takes to answer.
        in_flight: How many requests each Twilio account has under way, by region and SID.
        faults: What is ordered to go wrong.
        doors: For each host, what shuts its port for some seconds.
        meter: How often the organisation at Vapi may ask.
        tally: What was asked, in figures.
    """

    def __init__(
        self,
        scenario: str,
        *,
        urls: Mapping[Door, str],
        latency: float,
        call_seconds: float,
        rate: float = 0.0,
        remembered: int = REMEMBERED,
    ) -> None:
        self._urls = urls
        self._call_seconds = call_seconds
        self._log: deque[Document] = deque(maxlen=remembered)
        self.world = populate(scenario, call_seconds)
        self.latency = latency
        self.in_flight: Counter[tuple[Door, str]] = Counter()
        self.faults = Faults()
        self.doors: dict[Door, Callable[[float], None]] = {}
        self.meter = Meter(rate)
        self.tally = Tally()

    def play(self, scenario: str) -> None:
        """Begin a scenario from its beginning; nothing of the world before is left, nor any fault.

        Raises:
            UnknownScenarioError: There is none of this name, and the world goes on.
        """
        self.world = populate(scenario, self._call_seconds)
        self._log.clear()
        self.tally.clear()
        self.faults.clear()

    def shut(self, door: Door, seconds: float) -> None:
        """Drop a host's connections and refuse new ones for a while."""
        self.doors[door](seconds)

    @property
    def announcement(self) -> Announcement:
        """Where to knock, and with which keys."""
        told = self.world.credentials
        vapi = {region.value: self._urls[door] for region, door in VAPI.items()}
        twilio = {region.value: self._urls[door] for region, door in TWILIO.items()}
        return Announcement(
            vapi_url=vapi[VapiRegion.US],
            twilio_url=twilio[TwilioRegion.US1],
            control_url=f"{vapi[VapiRegion.US]}/sandbox",
            vapi_key=told.vapi_key,
            twilio_account_sid=told.account_sid,
            twilio_auth_token=told.auth_token,
            numbers=self.world.phone_numbers,
            scenario=self.world.scenario,
            number=self.world.number,
            vapi_urls=vapi,
            twilio_urls=twilio,
            twilio_routes_url=self._urls[ROUTES],
        )

    @property
    def requests(self) -> list[Document]:
        """The last requests, in the order in which they were answered."""
        return list(self._log)

    def note(
        self, door: Door, asked: Asked, given: Answer | None, fault: Fault | None = None
    ) -> None:
        """Write an exchange down.

        Args:
            door: Who was asked.
            asked: What was asked.
            given: What the vendor made of it, or None when it never saw it.
            fault: What went wrong on the way, if anything did.
        """
        self.tally.note(door.vendor, asked.method, given.status if given else None)
        if not self._log.maxlen:
            return
        entry = {
            "vendor": door.vendor,
            "region": door.region,
            "method": asked.method,
            "path": asked.path,
            "query": dict(asked.query),
            "body": _parsed(asked),
            "status": given and given.status,
            "answer": given and json.loads(json.dumps(given.body)),
        }
        if fault is not None:
            entry["fault"] = fault.kind.value
        self._log.append(entry)


def _parsed(asked: Asked) -> Any:
    if not asked.body:
        return None
    text = asked.body.decode(errors="replace")
    if asked.media_type == "application/x-www-form-urlencoded":
        return dict(parse_qsl(text, keep_blank_values=True))
    try:
        return json.loads(text)
    except ValueError:
        return text
