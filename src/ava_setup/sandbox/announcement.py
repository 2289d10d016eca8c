"""The line that tells where the sandbox listens and how to log in."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Announcement:
    """Where the sandbox listens, and the credentials that its scenario hands out.

    Attributes:
        vapi_url: The root of Vapi in the US, no slash at the end.
        twilio_url: The root of Twilio in us1: paths begin with `/2010-04-01`.
        control_url: The sandbox's own controls; ends in `/sandbox`.
        vapi_key: The private key that the user was given (a scenario may have rotated it).
        twilio_account_sid: The account's SID.
        twilio_auth_token: The token that the user was given (a scenario may have rotated it).
        numbers: The account's numbers in E.164.
        scenario: The scenario that is played.
        number: The number that the scenario is about, in E.164; it may be another account's.
        vapi_urls: The root of Vapi in each region: `us`, `eu`. The key is good in one of them.
        twilio_urls: The root of Twilio in each region: `us1`, `ie1`, `au1`. So is the token.
        twilio_routes_url: The root of what is `routes.twilio.com` elsewhere.
    """

    vapi_url: str
    twilio_url: str
    control_url: str
    vapi_key: str
    twilio_account_sid: str
    twilio_auth_token: str
    numbers: tuple[str, ...]
    scenario: str
    number: str
    vapi_urls: Mapping[str, str]
    twilio_urls: Mapping[str, str]
    twilio_routes_url: str

    def as_json_line(self) -> str:
        """Write it as one line of JSON, without the line's end."""
        return json.dumps(asdict(self), ensure_ascii=False)
