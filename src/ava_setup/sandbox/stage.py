"""What stands for as long as the sandbox runs: the world being played, and what was asked of it."""

from __future__ import annotations

import json
from collections import Counter, deque
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from ava_setup.sandbox.announcement import Announcement
from ava_setup.sandbox.population import populate

if TYPE_CHECKING:
    from ava_setup.sandbox.exchange import Answer, Asked
    from ava_setup.sandbox.world import Document

_KEPT = 5000


class Stage:
    """Holds one world after another.

    Attributes:
        world: The world that is played now.
        latency: Seconds that every vendor takes to answer.
        in_flight: How many requests each Twilio account has under way, by SID.
    """

    def __init__(
        self, scenario: str, *, vapi_url: str, twilio_url: str, latency: float, call_seconds: float
    ) -> None:
        self._vapi_url = vapi_url
        self._twilio_url = twilio_url
        self._call_seconds = call_seconds
        self._log: deque[Document] = deque(maxlen=_KEPT)
        self.world = populate(scenario, call_seconds)
        self.latency = latency
        self.in_flight: Counter[str] = Counter()

    def play(self, scenario: str) -> None:
        """Begin a scenario from its beginning; nothing of the world before is left.

        Raises:
            UnknownScenarioError: There is none of this name, and the world goes on.
        """
        self.world = populate(scenario, self._call_seconds)
        self._log.clear()

    @property
    def announcement(self) -> Announcement:
        """Where to knock, and with which keys."""
        told = self.world.credentials
        return Announcement(
            vapi_url=self._vapi_url,
            twilio_url=self._twilio_url,
            control_url=f"{self._vapi_url}/sandbox",
            vapi_key=told.vapi_key,
            twilio_account_sid=told.account_sid,
            twilio_auth_token=told.auth_token,
            numbers=self.world.phone_numbers,
            scenario=self.world.scenario,
        )

    @property
    def requests(self) -> list[Document]:
        """The last requests, in the order in which they were answered."""
        return list(self._log)

    def note(self, vendor: str, asked: Asked, given: Answer) -> None:
        """Write an exchange down."""
        self._log.append(
            {
                "vendor": vendor,
                "method": asked.method,
                "path": asked.path,
                "query": dict(asked.query),
                "body": _parsed(asked),
                "status": given.status,
                "answer": json.loads(json.dumps(given.body)),
            }
        )


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
