"""A running sandbox and a client for it that judges every answer by the specifications."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx

from ava_setup.sandbox.ids import Clock
from tests.sandbox.spec import (
    CONTRACTS,
    document,
    template_of,
    twilio_schema_errors,
    vapi_schema_errors,
)

if TYPE_CHECKING:
    from ava_setup.sandbox import Announcement, Sandbox
    from ava_setup.sandbox.quirks import Quirk
    from ava_setup.sandbox.world import World

AGENT = {"User-Agent": "ava-setup-tests/1"}
CALLER = "+33699887766"
NOBODY = "3f9f2d0a-0000-4000-8000-000000000000"


class Lab:
    """Talks to one sandbox as a client would, with the announced credentials."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.client = httpx.Client(headers=AGENT)

    @property
    def told(self) -> Announcement:
        return self.sandbox.announcement

    @property
    def world(self) -> World:
        return self.sandbox.world

    def play(self, scenario: str) -> None:
        answer = self.client.post(f"{self.told.control_url}/reset", json={"scenario": scenario})
        assert answer.status_code == 200

    def vapi(
        self,
        method: str,
        path: str,
        *,
        key: str | None = None,
        region: str = "",
        judged: bool = True,
        **options: Any,
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {key or self.told.vapi_key}"}
        root = self.told.vapi_urls[region or self.world.org.region]
        answer = self.client.request(method, root + path, headers=headers, **options)
        if judged:
            _judge_vapi(answer)
        return answer

    def twilio(
        self,
        method: str,
        path: str,
        *,
        login: tuple[str, str] | None = None,
        account: str | None = None,
        **options: Any,
    ) -> httpx.Response:
        sid = account or self.told.twilio_account_sid
        return self.twilio_at(method, f"/2010-04-01/Accounts/{sid}{path}", login=login, **options)

    def twilio_at(
        self,
        method: str,
        path: str,
        *,
        login: tuple[str, str] | None = None,
        region: str = "us1",
        judged: bool = True,
        **options: Any,
    ) -> httpx.Response:
        pair = login or (self.told.twilio_account_sid, self.told.twilio_auth_token)
        root = self.told.twilio_urls[region]
        answer = self.client.request(method, root + path, auth=pair, **options)
        if judged:
            _judge_twilio(answer)
        return answer

    def route(
        self,
        method: str,
        phone_number: str | None = None,
        *,
        login: tuple[str, str] | None = None,
        **options: Any,
    ) -> httpx.Response:
        """Ask Twilio where a number's calls are processed."""
        pair = login or (self.told.twilio_account_sid, self.told.twilio_auth_token)
        url = f"{self.told.twilio_routes_url}/v2/PhoneNumbers/{phone_number or self.told.number}"
        answer = self.client.request(method, url, auth=pair, **options)
        _judge_twilio(answer)
        return answer

    def call(self, called: str | None = None, caller: str = CALLER) -> Any:
        order = {"from": caller, "to": called or self.told.number}
        answer = self.client.post(f"{self.told.control_url}/calls", json=order)
        assert answer.status_code == 200
        return answer.json()

    def let_pass(self, seconds: float) -> None:
        """Put the world's clock forward."""
        now = self.world.clock.now
        self.world.clock = Clock(lambda: now() + timedelta(seconds=seconds))

    def state(self) -> Any:
        return self.client.get(f"{self.told.control_url}/state").json()

    def control(self, name: str, **order: Any) -> httpx.Response:
        return self.client.post(f"{self.told.control_url}/{name}", json=order)

    def switch_on(self, *quirks: Quirk) -> None:
        assert self.control("quirks", on=quirks).status_code == 200

    def requests(self) -> Any:
        return self.client.get(f"{self.told.control_url}/requests").json()

    def point(self, **fields: str) -> Any:
        """Write to the first number at Twilio."""
        sid = next(iter(self.world.accounts[self.told.twilio_account_sid].numbers))
        answer = self.twilio("POST", f"/IncomingPhoneNumbers/{sid}.json", data=fields)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def at_twilio(self) -> Any:
        """Read the first number at Twilio."""
        found = self.twilio("GET", "/IncomingPhoneNumbers.json?PageSize=1").json()
        return found["incoming_phone_numbers"][0]

    def import_body(self, **fields: Any) -> dict[str, Any]:
        return {
            "provider": "twilio",
            "number": self.told.numbers[0],
            "twilioAccountSid": self.told.twilio_account_sid,
            "twilioAuthToken": self.told.twilio_auth_token,
            **fields,
        }

    def assistant(self, **fields: Any) -> Any:
        """Make an assistant that says something."""
        answer = self.vapi("POST", "/assistant", json={"firstMessage": "Bonjour !", **fields})
        assert answer.status_code == 201, answer.text
        return answer.json()

    def linked(self, **assistant: Any) -> Any:
        """Import the first number, linked to a new assistant."""
        made = self.assistant(**assistant)
        body = self.import_body(assistantId=made["id"])
        answer = self.vapi("POST", "/phone-number", json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()


def _judge_vapi(answer: httpx.Response) -> None:
    assert answer.headers["cf-ray"]
    if not answer.headers["content-type"].startswith("application/json"):
        return
    body = answer.json()
    if answer.status_code >= 400 and answer.status_code != 409:
        assert set(body) == {"message", "error", "statusCode"}, body
        assert body["statusCode"] == answer.status_code
        return
    template = template_of("vapi", answer.request.url.path) if CONTRACTS.is_dir() else None
    if template:
        method = answer.request.method
        assert vapi_schema_errors(method, template, answer.status_code, body) == []


def _judge_twilio(answer: httpx.Response) -> None:
    request_id = answer.headers["twilio-request-id"]
    assert request_id.startswith("RQ")
    assert len(request_id) == 34
    if answer.status_code == 204:
        return
    body = answer.json()
    if answer.status_code >= 400:
        assert set(body) == {"code", "message", "more_info", "status"}, body
        assert body["status"] == answer.status_code
        return
    template = template_of("twilio", answer.request.url.path) if CONTRACTS.is_dir() else None
    method = answer.request.method
    # Of one path the specification beside the contract does not have every method.
    if template and method.lower() in document("twilio")["paths"][template]:
        assert twilio_schema_errors(method, template, answer.status_code, body) == []
