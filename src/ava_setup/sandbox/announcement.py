"""The line that tells where the sandbox listens and how to log in."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Announcement:
    """Where the sandbox listens, and the credentials that its scenario hands out.

    Attributes:
        vapi_url: The root of Vapi, no slash at the end.
        twilio_url: The root of Twilio: paths begin with `/2010-04-01`.
        control_url: The sandbox's own controls; ends in `/sandbox`.
        vapi_key: The private key that the user was given (a scenario may have rotated it).
        twilio_account_sid: The account's SID.
        twilio_auth_token: The token that the user was given (a scenario may have rotated it).
        numbers: The account's numbers in E.164.
        scenario: The scenario that is played.
    """

    vapi_url: str
    twilio_url: str
    control_url: str
    vapi_key: str
    twilio_account_sid: str
    twilio_auth_token: str
    numbers: tuple[str, ...]
    scenario: str

    def as_json_line(self) -> str:
        """Write it as one line of JSON, without the line's end."""
        return json.dumps(asdict(self), ensure_ascii=False)
