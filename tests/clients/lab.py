"""What the clients' tests share: made-up values, recorded-style answers, a scripted wire."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import httpx
from pydantic import SecretStr

from ava_setup.clients.answers import Answer
from ava_setup.clients.patience import Patience, RetryPolicy
from ava_setup.clients.twilio import TwilioClient
from ava_setup.clients.vapi import VapiClient
from ava_setup.onboarding.assistant import AssistantDraft, VoiceId
from ava_setup.onboarding.credentials import ApiKey, AuthToken
from ava_setup.onboarding.profile import CallersLanguage
from tests import canaries

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

VAPI_KEY = canaries.VAPI_KEY
AUTH_TOKEN = canaries.AUTH_TOKEN
KEY_SECRET = canaries.KEY_SECRET
SECRETS = (VAPI_KEY, AUTH_TOKEN, KEY_SECRET)

ACCOUNT_SID = f"AC{'0' * 32}"
KEY_SID = f"SK{'0' * 32}"
NUMBER = "+33199001234"
UUID = "7a1b8f5e-0000-4000-8000-000000000001"
ASSISTANT_ID = "7a1b8f5e-0000-4000-8000-00000000000a"

TOKEN_PAIR = AuthToken(account_sid=ACCOUNT_SID, auth_token=SecretStr(AUTH_TOKEN))
API_KEY = ApiKey(account_sid=ACCOUNT_SID, key_sid=KEY_SID, key_secret=SecretStr(KEY_SECRET))

VAPI_URL = "https://api.vapi.ai"
TWILIO_URL = "https://api.twilio.com"
ROUTES_URL = "https://routes.twilio.com"

# Vapi's and Twilio's bodies as the contract shows them.
ASSISTANT = {
    "id": ASSISTANT_ID,
    "orgId": "org-1",
    "name": "Ava",
    "createdAt": "2026-11-01T10:00:00.000Z",
    "updatedAt": "2026-11-01T10:00:00.000Z",
    "firstMessage": "Bonjour.",
    "metadata": {"adminEmail": "a@example.fr", "businessId": "b" * 32, "createId": "c" * 32},
}
VAPI_NUMBER = {
    "id": UUID,
    "orgId": "org-1",
    "provider": "twilio",
    "number": NUMBER,
    "twilioAccountSid": ACCOUNT_SID,
    "twilioAuthToken": AUTH_TOKEN,
    "twilioApiSecret": KEY_SECRET,
    "assistantId": ASSISTANT_ID,
    "status": "active",
    "name": "Plomberie Martin",
    "createdAt": "2026-11-01T10:00:00.000Z",
    "updatedAt": "2026-11-01T10:00:01.000Z",
}
CALL = {
    "id": "call-1",
    "orgId": "org-1",
    "type": "inboundPhoneCall",
    "status": "ended",
    "createdAt": "2026-11-01T10:05:00.000Z",
    "updatedAt": "2026-11-01T10:06:00.000Z",
    "startedAt": "2026-11-01T10:05:01.000Z",
    "endedAt": "2026-11-01T10:05:41.000Z",
    "endedReason": "customer-ended-call",
    "customer": {"number": "+33612345678"},
    "assistantId": ASSISTANT_ID,
}
TWILIO_NUMBER = {
    "sid": f"PN{'0' * 32}",
    "phone_number": NUMBER,
    "friendly_name": "01 99 00 12 34",
    "capabilities": {"voice": True, "sms": True, "mms": False, "fax": False},
    "voice_url": "https://demo.twilio.com/welcome/voice/",
    "voice_method": "GET",
    "voice_application_sid": "",
    "voice_receive_mode": "voice",
    "trunk_sid": None,
    "sms_url": "https://demo.twilio.com/welcome/sms/reply",
    "status_callback": "",
}
ACCOUNT = {
    "sid": ACCOUNT_SID,
    "friendly_name": "Plomberie Martin",
    "status": "active",
    "type": "Full",
    "auth_token": AUTH_TOKEN,
    "owner_account_sid": ACCOUNT_SID,
}
APPLICATION_SID = f"AP{'0' * 32}"
APPLICATION = {
    "sid": APPLICATION_SID,
    "account_sid": ACCOUNT_SID,
    "friendly_name": "Standard",
    "voice_url": "https://pbx.example.fr/voice",
    "voice_method": "GET",
    "voice_fallback_url": "https://handler.twilio.com/twiml/EH0",
    "voice_fallback_method": "POST",
}
CALL_SID = f"CA{'0' * 32}"
TWILIO_CALL = {
    "sid": CALL_SID,
    "account_sid": ACCOUNT_SID,
    "from": "+33612345678",
    "to": NUMBER,
    "status": "completed",
    "direction": "inbound",
    "start_time": "Sun, 01 Nov 2026 10:05:00 +0000",
    "date_created": "Sun, 01 Nov 2026 10:04:59 +0000",
}
NOTIFICATION = {
    "sid": f"NO{'0' * 32}",
    "account_sid": ACCOUNT_SID,
    "call_sid": CALL_SID,
    "error_code": "11200",
    "log": "0",
    "message_date": "Sun, 01 Nov 2026 10:05:01 +0000",
    "message_text": "url=https%3A%2F%2Fpbx.example.fr%2F&ErrorCode=11200&LogLevel=ERROR"
    "&Msg=Got+HTTP+404+response+to+https%3A%2F%2Fpbx.example.fr%2F",
    "request_url": "https://pbx.example.fr/",
}
TWILIO_KEY = {
    "sid": KEY_SID,
    "friendly_name": "ava-setup for Martin",
    "date_created": "Sun, 01 Nov 2026 10:00:00 +0000",
    "date_updated": "Sun, 01 Nov 2026 10:00:00 +0000",
}
ROUTE = {
    "phone_number": NUMBER,
    "sid": f"QQ{'0' * 32}",
    "account_sid": ACCOUNT_SID,
    "voice_region": "ie1",
}
BALANCE = {"account_sid": ACCOUNT_SID, "balance": "12.40", "currency": "USD"}


def numbers_page(*members: object, next_page_uri: str | None = None) -> dict[str, Any]:
    return page_of("incoming_phone_numbers", *members, next_page_uri=next_page_uri)


def page_of(name: str, *members: object, next_page_uri: str | None = None) -> dict[str, Any]:
    return {name: list(members), "next_page_uri": next_page_uri, "page": 0}


def answer(
    status: int, body: object = b"", headers: dict[str, str] | None = None, *, secret: str = ""
) -> Answer:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(status, headers or {}, raw, (SecretStr(secret),))


def draft(
    voice: VoiceId = VoiceId.CLARA,
    language: CallersLanguage = CallersLanguage.FR_FR,
    *,
    recorded: bool = False,
) -> AssistantDraft:
    return AssistantDraft(
        name="Ava",
        greeting="Bonjour, assistant virtuel de Plomberie Martin.",
        instructions="Réponds aux appels.",
        voice=voice,
        recorded=recorded,
        language=language,
        admin_email="contact@example.fr",
        business_id="b" * 32,
        create_id="c" * 32,
    )


class Script:
    """Answers requests in order, as told: (status, body, headers), or an exception to raise.

    The last answer is given again and again.
    """

    def __init__(self, *answers: tuple[Any, ...] | Exception) -> None:
        self._answers = list(answers)
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        told = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(told, Exception):
            raise told
        status, body, headers = (*told, {})[:3]
        if isinstance(body, bytes):
            return httpx.Response(status, content=body, headers=headers)
        return httpx.Response(status, json=body, headers=headers)

    @property
    def wire(self) -> httpx.MockTransport:
        return httpx.MockTransport(self)

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(request.content) if request.content else None for request in self.asked]

    @property
    def paths(self) -> list[str]:
        return [request.url.raw_path.decode() for request in self.asked]


class Waits:
    """Stands in for sleeping: remembers the seconds, and waits for none of them."""

    def __init__(self) -> None:
        self.slept: list[float] = []
        self.told: list[tuple[str, float]] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(float(seconds))

    def on_wait(self, vendor: str, seconds: float) -> None:
        self.told.append((vendor, float(seconds)))

    def patience(self, **figures: Any) -> Patience:
        return Patience(RetryPolicy(**figures), self.on_wait, self.sleep)


ONCE = Patience(RetryPolicy(tries=1))


def vapi(script: Script, patience: Patience = ONCE) -> VapiClient:
    return VapiClient(SecretStr(VAPI_KEY), VAPI_URL, patience=patience, wire=script.wire)


def twilio(
    script: Script,
    credentials: AuthToken | ApiKey = TOKEN_PAIR,
    patience: Patience = ONCE,
    *,
    routes: str | None = None,
) -> TwilioClient:
    return TwilioClient(credentials, TWILIO_URL, routes=routes, patience=patience, wire=script.wire)


Reply = bytes | None


@asynccontextmanager
async def serving(
    *replies: Reply, then: Callable[[asyncio.StreamWriter], Awaitable[None]] | None = None
) -> AsyncIterator[Server]:
    """Serve raw bytes on loopback: each request takes the next reply; None resets instead."""
    server = Server(list(replies), then)
    listener = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.port = listener.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listener.close()
        for task in server.tasks:
            task.cancel()
        await asyncio.gather(*server.tasks, return_exceptions=True)
        await listener.wait_closed()


class Server:
    """A loopback server that says exactly what it is told."""

    def __init__(
        self, replies: list[Reply], then: Callable[[asyncio.StreamWriter], Awaitable[None]] | None
    ) -> None:
        self._replies = replies
        self._then = then
        self.port = 0
        self.heard: list[bytes] = []
        self.asked = asyncio.Event()
        self.connections = 0
        self.tasks: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        assert task is not None
        self.tasks.add(task)
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(
                    (
                        int(line.split(b":")[1])
                        for line in head.split(b"\r\n")
                        if line.lower().startswith(b"content-length:")
                    ),
                    0,
                )
                self.heard.append(head + await reader.readexactly(length))
                self.asked.set()
                reply = self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]
                if reply is None:
                    writer.transport.abort()
                    return
                writer.write(reply)
                await writer.drain()
                if self._then is not None:
                    await self._then(writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


def http(
    status: int, body: bytes = b"", *headers: str, length: int | None = None, close: bool = False
) -> bytes:
    """Write an HTTP answer by hand."""
    lines = [
        f"HTTP/1.1 {status} Status",
        "Content-Type: application/json",
        f"Content-Length: {len(body) if length is None else length}",
        *headers,
        *(["Connection: close"] if close else []),
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body
