"""Every endpoint that the clients ask, with everything that a network or a vendor can do to it.

One endpoint goes wrong for as long as it is asked, all others work. What may be repeated is, what
may have been done is not, and the error says which of the two it is.
"""

from __future__ import annotations

import base64
import inspect
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from pydantic import SecretStr

from ava_setup.clients import transport
from ava_setup.clients.twilio import TwilioClient
from ava_setup.clients.vapi import VapiClient
from ava_setup.onboarding import ports
from ava_setup.onboarding.assistant import AssistantMends
from ava_setup.onboarding.errors import ErrorCode, VendorError
from ava_setup.onboarding.undo_steps import Holder, Webhooks
from tests.clients.lab import (
    ACCOUNT,
    API_KEY,
    APPLICATION,
    APPLICATION_SID,
    ASSISTANT,
    ASSISTANT_ID,
    BALANCE,
    CALL,
    CALL_SID,
    KEY_SECRET,
    KEY_SID,
    NOTIFICATION,
    NUMBER,
    ROUTE,
    ROUTES_URL,
    SECRETS,
    TOKEN_PAIR,
    TWILIO_CALL,
    TWILIO_KEY,
    TWILIO_NUMBER,
    TWILIO_URL,
    UUID,
    VAPI_KEY,
    VAPI_NUMBER,
    VAPI_URL,
    Waits,
    draft,
    numbers_page,
    page_of,
)
from tests.sandbox.spec import document, needs_contracts

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Reply = Callable[[httpx.Request, int, Any], httpx.Response]

TRIES = 3
SINCE = datetime(2026, 11, 1, tzinfo=UTC)
PN = str(TWILIO_NUMBER["sid"])
SUB = f"AC{'1' * 32}"
ROOT = "/2010-04-01/Accounts"

# Every endpoint, and what it says when all is well.
GOOD: dict[str, tuple[int, Any]] = {
    "GET /assistant": (200, [ASSISTANT]),
    "POST /assistant": (201, ASSISTANT),
    "GET /assistant/{id}": (200, ASSISTANT),
    "PATCH /assistant/{id}": (200, ASSISTANT),
    "DELETE /assistant/{id}": (200, ASSISTANT),
    "GET /phone-number": (200, [VAPI_NUMBER]),
    "POST /phone-number": (201, VAPI_NUMBER),
    "GET /phone-number/{id}": (200, VAPI_NUMBER),
    "PATCH /phone-number/{id}": (200, VAPI_NUMBER),
    "DELETE /phone-number/{id}": (200, VAPI_NUMBER),
    "GET /call": (200, [CALL]),
    "POST /call": (201, CALL),
    "GET /call/{id}": (200, CALL),
    f"GET {ROOT}.json": (200, page_of("accounts", ACCOUNT, {**ACCOUNT, "sid": SUB})),
    f"GET {ROOT}/{{Sid}}.json": (200, ACCOUNT),
    f"GET {ROOT}/{{AccountSid}}/Balance.json": (200, BALANCE),
    f"GET {ROOT}/{{AccountSid}}/IncomingPhoneNumbers.json": (200, numbers_page(TWILIO_NUMBER)),
    f"POST {ROOT}/{{AccountSid}}/IncomingPhoneNumbers/{{Sid}}.json": (200, TWILIO_NUMBER),
    f"GET {ROOT}/{{AccountSid}}/Applications/{{Sid}}.json": (200, APPLICATION),
    f"GET {ROOT}/{{AccountSid}}/Calls.json": (200, page_of("calls", TWILIO_CALL)),
    f"GET {ROOT}/{{AccountSid}}/Notifications.json": (
        200,
        page_of("notifications", NOTIFICATION),
    ),
    f"GET {ROOT}/{{AccountSid}}/Calls/{{CallSid}}/Notifications.json": (
        200,
        page_of("notifications", NOTIFICATION),
    ),
    f"GET {ROOT}/{{AccountSid}}/Keys.json": (200, page_of("keys", TWILIO_KEY)),
    f"POST {ROOT}/{{AccountSid}}/Keys.json": (201, {**TWILIO_KEY, "secret": KEY_SECRET}),
    f"DELETE {ROOT}/{{AccountSid}}/Keys/{{Sid}}.json": (204, b""),
    "GET /v2/PhoneNumbers/{PhoneNumber}": (200, ROUTE),
}
# Documented by the vendor, though the contract's cut of its specification does not have them.
DOCUMENTED = {
    f"GET {ROOT}.json",
    f"GET {ROOT}/{{AccountSid}}/Keys.json",
    f"DELETE {ROOT}/{{AccountSid}}/Keys/{{Sid}}.json",
    "GET /v2/PhoneNumbers/{PhoneNumber}",
}
# What can be done without: asked once, and never an error.
GLANCES = {f"GET {ROOT}/{{AccountSid}}/Balance.json", "GET /v2/PhoneNumbers/{PhoneNumber}"}


def _pattern(endpoint: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(endpoint)))


# A literal part beats a place, as in the vendors' own routing.
PATTERNS = sorted(
    ((endpoint, _pattern(endpoint)) for endpoint in GOOD), key=lambda pair: pair[0].count("{")
)


def endpoint_of(request: httpx.Request) -> str:
    asked = f"{request.method} {request.url.path}"
    return next(endpoint for endpoint, pattern in PATTERNS if pattern.fullmatch(asked))


class Vendors:
    """Both vendors, of whom one endpoint goes wrong."""

    def __init__(self, target: str, reply: Reply) -> None:
        self._target = target
        self._reply = reply
        self.asked: list[str] = []
        wire = httpx.MockTransport(self._answer)
        patience = Waits().patience(tries=TRIES)
        self.vapi = VapiClient(SecretStr(VAPI_KEY), VAPI_URL, patience=patience, wire=wire)
        self.twilio, self.by_key = (
            TwilioClient(pair, TWILIO_URL, routes=ROUTES_URL, patience=patience, wire=wire)
            for pair in (TOKEN_PAIR, API_KEY)
        )

    def _answer(self, request: httpx.Request) -> httpx.Response:
        endpoint = endpoint_of(request)
        self.asked.append(endpoint)
        status, body = GOOD[endpoint]
        reply = self._reply if endpoint == self._target else _as_it_is
        return reply(request, status, body)


def _as_it_is(_request: httpx.Request, status: int, body: Any) -> httpx.Response:
    if isinstance(body, bytes):
        return httpx.Response(status, content=body)
    return httpx.Response(status, json=body)


@dataclass(frozen=True)
class Row:
    """A wish of the engine's, and the endpoints that it takes, first to last."""

    name: str
    ask: Callable[[Vendors], Awaitable[object]]
    takes: tuple[str, ...]

    def __str__(self) -> str:
        return self.name


def _twilio(path: str, method: str = "GET") -> str:
    return f"{method} {ROOT}/{{AccountSid}}{path}"


ONE = "/assistant/{id}"
PHONE = "/phone-number/{id}"
NUMBERS = _twilio("/IncomingPhoneNumbers.json")
ROWS = (
    Row("list_assistants", lambda v: v.vapi.list_assistants(), ("GET /assistant",)),
    Row("read_assistant", lambda v: v.vapi.read_assistant("a"), (f"GET {ONE}",)),
    Row("create_assistant", lambda v: v.vapi.create_assistant(draft()), ("POST /assistant",)),
    Row("update_assistant", lambda v: v.vapi.update_assistant("a", draft()), (f"PATCH {ONE}",)),
    Row(
        "mend_assistant",
        lambda v: v.vapi.mend_assistant("a", AssistantMends(quiet=True)),
        (f"PATCH {ONE}",),
    ),
    Row(
        "mend_assistant",
        lambda v: v.vapi.mend_assistant("a", AssistantMends(webhook_url="https://x.example")),
        (f"GET {ONE}", f"PATCH {ONE}"),
    ),
    Row(
        "mend_assistant",
        lambda v: v.vapi.mend_assistant("a", AssistantMends(admin_email="a@example.fr")),
        (f"GET {ONE}", f"PATCH {ONE}"),
    ),
    Row(
        "read_settings",
        lambda v: v.vapi.read_settings("a", AssistantMends(quiet=True)),
        (f"GET {ONE}",),
    ),
    Row(
        "put_settings_back",
        lambda v: v.vapi.put_settings_back("a", '{"backgroundSound": null}'),
        (f"PATCH {ONE}",),
    ),
    Row("delete_assistant", lambda v: v.vapi.delete_assistant("a"), (f"DELETE {ONE}",)),
    Row("list_numbers", lambda v: v.vapi.list_numbers(), ("GET /phone-number",)),
    Row("read_number", lambda v: v.vapi.read_number(UUID), (f"GET {PHONE}",)),
    Row(
        "import_number",
        lambda v: v.vapi.import_number(
            NUMBER, TOKEN_PAIR, assistant_id="a", name="x", fallback="+33612345678"
        ),
        ("POST /phone-number",),
    ),
    Row(
        "link_number",
        lambda v: v.vapi.link_number(UUID, assistant_id="a", clears=()),
        (f"PATCH {PHONE}",),
    ),
    Row(
        "hand_back_number",
        lambda v: v.vapi.hand_back_number(UUID, Holder("a")),
        (f"PATCH {PHONE}",),
    ),
    Row("set_fallback", lambda v: v.vapi.set_fallback(UUID, ""), (f"PATCH {PHONE}",)),
    Row("delete_number", lambda v: v.vapi.delete_number(UUID), (f"DELETE {PHONE}",)),
    Row("list_calls", lambda v: v.vapi.list_calls(UUID, limit=5), ("GET /call",)),
    Row("read_call", lambda v: v.vapi.read_call("c"), ("GET /call/{id}",)),
    Row(
        "place_call",
        lambda v: v.vapi.place_call(ASSISTANT_ID, UUID, "+33612345678"),
        ("POST /call",),
    ),
    Row(
        "read_account",
        lambda v: v.twilio.read_account(),
        (f"GET {ROOT}/{{Sid}}.json",),
    ),
    Row("read_account", lambda v: v.by_key.read_account(), (NUMBERS,)),
    Row("read_balance", lambda v: v.twilio.read_balance(), (_twilio("/Balance.json"),)),
    Row("list_numbers", lambda v: v.twilio.list_numbers(), (NUMBERS,)),
    Row("find_number", lambda v: v.twilio.find_number(NUMBER), (NUMBERS,)),
    Row(
        "find_in_subaccounts",
        lambda v: v.twilio.find_in_subaccounts(NUMBER),
        (f"GET {ROOT}.json", NUMBERS),
    ),
    Row(
        "point_number",
        lambda v: v.twilio.point_number(PN, Webhooks(trunk_sid="")),
        (_twilio("/IncomingPhoneNumbers/{Sid}.json", "POST"),),
    ),
    Row(
        "read_application",
        lambda v: v.twilio.read_application(APPLICATION_SID),
        (_twilio("/Applications/{Sid}.json"),),
    ),
    Row(
        "list_calls",
        lambda v: v.twilio.list_calls(NUMBER, since=SINCE, limit=5),
        (_twilio("/Calls.json"),),
    ),
    Row(
        "list_failures",
        lambda v: v.twilio.list_failures(since=SINCE),
        (_twilio("/Notifications.json"),),
    ),
    Row(
        "list_failures",
        lambda v: v.twilio.list_failures(since=SINCE, call_sid=CALL_SID),
        (_twilio("/Calls/{CallSid}/Notifications.json"),),
    ),
    Row(
        "voice_region",
        lambda v: v.twilio.voice_region(NUMBER),
        ("GET /v2/PhoneNumbers/{PhoneNumber}",),
    ),
    Row("create_key", lambda v: v.twilio.create_key("x"), (_twilio("/Keys.json", "POST"),)),
    Row("list_keys", lambda v: v.twilio.list_keys(), (_twilio("/Keys.json"),)),
    Row(
        "delete_key",
        lambda v: v.twilio.delete_key(KEY_SID),
        (_twilio("/Keys/{Sid}.json", "DELETE"),),
    ),
)


def _lost(error: type[httpx.TransportError]) -> Reply:
    def reply(request: httpx.Request, _status: int, _body: Any) -> httpx.Response:
        raise error(_echo(request))

    return reply


def _refusing(status: int) -> Reply:
    def reply(request: httpx.Request, _status: int, _body: Any) -> httpx.Response:
        return httpx.Response(status, json={"message": _echo(request), "code": 1})

    return reply


def _echo(request: httpx.Request) -> str:
    """Give back every secret that came in."""
    scheme, _space, signature = request.headers["Authorization"].partition(" ")
    signed = base64.b64decode(signature).decode() if scheme == "Basic" else signature
    sent = json.loads(request.content or "{}") if scheme == "Bearer" else {}
    return f"no: {signed} {sent.get('twilioAuthToken', '')}"


def _saying(status: int | None, content: bytes) -> Reply:
    return lambda _request, good, _body: httpx.Response(status or good, content=content)


def _cut_short(_request: httpx.Request, status: int, body: Any) -> httpx.Response:
    return httpx.Response(status, content=json.dumps(body or {"id": 1}).encode()[:-1])


def _emptied(_request: httpx.Request, status: int, body: Any) -> httpx.Response:
    return httpx.Response(status, json=[{}] if isinstance(body, list) else {})


def _turned_round(_request: httpx.Request, status: int, body: Any) -> httpx.Response:
    return httpx.Response(status, json={} if isinstance(body, list) else [7])


def _with_more(_request: httpx.Request, status: int, body: Any) -> httpx.Response:
    more = {"xNew": {"deep": [1, None]}}
    if isinstance(body, list):
        return httpx.Response(status, json=[{**one, **more} for one in body])
    return httpx.Response(status, json={**(body or {}), **more})


LONGEST = 10_000
Code = ErrorCode
NOTHING_DONE: dict[str, tuple[Reply, ErrorCode]] = {
    "connection refused": (_lost(httpx.ConnectError), Code.UNREACHABLE),
    "proxy": (_lost(httpx.ProxyError), Code.UNREACHABLE),
    "429": (_refusing(429), Code.RATE_LIMITED),
}
# Whether it was done is not known: only a read is repeated.
UNSEEN: dict[str, tuple[Reply, ErrorCode]] = {
    "reset": (_lost(httpx.ReadError), Code.INTERRUPTED),
    "time-out": (_lost(httpx.ReadTimeout), Code.TIMED_OUT),
    "408": (_refusing(408), Code.TIMED_OUT),
    "500": (_refusing(500), Code.VENDOR_DOWN),
    "502": (_saying(502, b"<html></html>"), Code.VENDOR_DOWN),
}
# Nonsense stays nonsense: not even a read is repeated.
NONSENSE: dict[str, Reply] = {
    "truncated": _cut_short,
    "web page": _saying(None, b"<html></html>"),
    "wrong types": _turned_round,
    "missing fields": _emptied,
    "long body": _saying(None, b" " * (LONGEST + 1)),
}
REFUSALS: dict[str, tuple[int, set[ErrorCode]]] = {
    "400": (400, {Code.REJECTED, Code.CALL_REFUSED}),
    "401": (401, {Code.VAPI_KEY_REFUSED, Code.TWILIO_REFUSED}),
    "404": (404, {Code.NOT_FOUND}),
    "302": (302, {Code.REDIRECTED}),
}
CASES = [(row, target) for row in ROWS for target in row.takes]
every_request = pytest.mark.parametrize(
    ("row", "target"), CASES, ids=[f"{row} - {target}" for row, target in CASES]
)


async def outcome(row: Row, vendors: Vendors) -> VendorError | None:
    try:
        await row.ask(vendors)
    except VendorError as error:
        return error
    return None


def _is_read(target: str) -> bool:
    return target.startswith("GET")


def test_every_wish_of_the_engine_is_in_the_table() -> None:
    wishes = {
        name
        for port in (ports.Vapi, ports.Twilio)
        for name, method in vars(port).items()
        if inspect.iscoroutinefunction(method) and name != "aclose"
    }
    assert {row.name for row in ROWS} == wishes
    assert {target for row in ROWS for target in row.takes} == set(GOOD)


@needs_contracts
def test_every_endpoint_is_the_contracts_or_documented_elsewhere() -> None:
    specified = {
        f"{method.upper()} {path}"
        for vendor in ("vapi", "twilio")
        for path, methods in document(vendor)["paths"].items()
        for method in methods
    }
    assert set(GOOD) - specified == DOCUMENTED


@pytest.mark.parametrize("row", ROWS, ids=[f"{row} {place}" for place, row in enumerate(ROWS)])
async def test_every_wish_takes_the_endpoints_that_it_says_and_no_more(row: Row) -> None:
    vendors = Vendors("", _as_it_is)
    assert await outcome(row, vendors) is None
    assert sorted(vendors.asked) == sorted(row.takes)


@every_request
@pytest.mark.parametrize("fault", NOTHING_DONE)
async def test_what_provably_did_nothing_is_asked_again(row: Row, target: str, fault: str) -> None:
    reply, code = NOTHING_DONE[fault]
    vendors = Vendors(target, reply)
    error = await outcome(row, vendors)
    if target in GLANCES:
        assert (error, vendors.asked.count(target)) == (None, 1)
        return
    assert error is not None
    assert (error.code, error.may_have_acted) == (code, False)
    assert vendors.asked.count(target) == TRIES


@every_request
@pytest.mark.parametrize("fault", UNSEEN)
async def test_what_may_have_been_done_is_never_asked_again_unless_it_is_a_read(
    row: Row, target: str, fault: str
) -> None:
    reply, code = UNSEEN[fault]
    vendors = Vendors(target, reply)
    error = await outcome(row, vendors)
    if target in GLANCES:
        assert (error, vendors.asked.count(target)) == (None, 1)
        return
    assert error is not None
    assert (error.code, error.may_have_acted) == (code, True)
    assert vendors.asked.count(target) == (TRIES if _is_read(target) else 1)


@every_request
@pytest.mark.parametrize("fault", NONSENSE)
async def test_nonsense_is_not_asked_again_and_may_have_been_done(
    row: Row, target: str, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "BODY_MAX", LONGEST)
    vendors = Vendors(target, NONSENSE[fault])
    error = await outcome(row, vendors)
    # That a deletion succeeded is all there is to know, however it says so.
    deleted = target.startswith("DELETE") and fault != "long body"
    if target in GLANCES or deleted:
        assert (error, vendors.asked.count(target)) == (None, 1)
        return
    assert error is not None
    assert (error.code, error.may_have_acted) == (Code.UNINTELLIGIBLE, True)
    # Of Vapi's long lists, fewer at once are asked for.
    shrinks = fault == "long body" and target in {"GET /assistant", "GET /phone-number"}
    assert vendors.asked.count(target) == (4 if shrinks else 1)


@every_request
@pytest.mark.parametrize("fault", REFUSALS)
async def test_a_refusal_is_final_and_nothing_was_done(row: Row, target: str, fault: str) -> None:
    status, codes = REFUSALS[fault]
    vendors = Vendors(target, _refusing(status))
    error = await outcome(row, vendors)
    assert vendors.asked.count(target) == 1
    if target in GLANCES:
        assert error is None
        return
    assert error is not None
    assert error.code in codes
    assert not error.may_have_acted


@every_request
async def test_fields_that_nobody_knows_do_no_harm(row: Row, target: str) -> None:
    vendors = Vendors(target, _with_more)
    assert await outcome(row, vendors) is None
    assert vendors.asked.count(target) == 1


@every_request
@pytest.mark.parametrize("reply", [_refusing(400), _refusing(429), _lost(httpx.ReadError)])
async def test_no_error_repeats_a_secret_that_the_vendor_echoes(
    row: Row, target: str, reply: Reply
) -> None:
    error = await outcome(row, Vendors(target, reply))
    shown = f"{error!r} {vars(error)!r}" if error else ""
    assert not [secret for secret in SECRETS if secret in shown]
