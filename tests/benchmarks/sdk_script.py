"""What somebody would write with the vendors' own SDKs: an assistant, the import, both sides read.

    python sdk_script.py ANNOUNCEMENT

Run by `vendors_sdks` in an environment that has nothing but `vapi-server-sdk` and `twilio`.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from vapi import Vapi
from vapi.phone_numbers import CreatePhoneNumbersRequest_Twilio

told: dict[str, Any] = json.loads(sys.argv[1])


class Moved(TwilioHttpClient):  # type: ignore[misc]
    """Twilio's own client, at another address: its SDK has no setting for that."""

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        moved = url.replace("https://api.twilio.com", told["twilio_url"])
        return super().request(method, moved, *args, **kwargs)


vapi = Vapi(token=told["vapi_key"], base_url=told["vapi_url"])
twilio = Client(told["twilio_account_sid"], told["twilio_auth_token"], http_client=Moved())

assistant = vapi.assistants.create(name="Ava", first_message="Bonjour, ici Ava.")
number = vapi.phone_numbers.create(
    request=CreatePhoneNumbersRequest_Twilio(
        number=told["number"],
        twilio_account_sid=told["twilio_account_sid"],
        twilio_auth_token=told["twilio_auth_token"],
        assistant_id=assistant.id,
        sms_enabled=False,
    )
)
assert vapi.phone_numbers.get(number.id).assistant_id == assistant.id
assert vapi.assistants.get(assistant.id).id == assistant.id
[there] = twilio.incoming_phone_numbers.list(phone_number=told["number"])
assert there.voice_url == "https://api.vapi.ai/twilio/inbound_call"
