"""Every endpoint that no set-up asks, with every fault that a network or a vendor can have.

What the doctor looks at, what undoing deletes, and what costs money: here the clients ask by
themselves, over real connections. What a vendor did is counted: nothing is ever done twice.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr

from ava_setup.clients.addresses import (
    ROUTES_VARIABLE,
    TWILIO_IE1_VARIABLE,
    TWILIO_VARIABLE,
    VAPI_VARIABLE,
)
from ava_setup.clients.patience import RetryPolicy
from ava_setup.clients.vendors import HttpVendors
from ava_setup.onboarding.credentials import AuthToken
from ava_setup.onboarding.errors import ErrorCode as Code, VendorError
from ava_setup.onboarding.state import Region
from ava_setup.onboarding.undo_steps import Webhooks
from ava_setup.sandbox import Sandbox
from ava_setup.sandbox.twilio import api as twilio_api, routing
from tests.clients.test_every_request import GOOD
from tests.sandbox.lab import Lab
from tests.torture.person import ACCOUNT, IMPATIENCE_S
from tests.torture.test_faults import CODES, FAULTS, NOTHING_DONE, TARGETS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

    from ava_setup.clients.twilio import TwilioClient
    from ava_setup.clients.vapi import VapiClient

OWNER = "+33612345678"
_POLICY = RetryPolicy(tries=2, first_wait=0.0, longest_wait=0.0)


async def _no_time(_seconds: float) -> None:
    await asyncio.sleep(0)


class Bench:
    """A line whose webhook is dead, with one failed call in its log, and a key."""

    def __init__(self, lab: Lab) -> None:
        lab.play("dead-tunnel")
        told = self.told = lab.told
        self.lab = lab
        vendors = HttpVendors(
            {
                VAPI_VARIABLE: told.vapi_url,
                TWILIO_VARIABLE: told.twilio_url,
                TWILIO_IE1_VARIABLE: told.twilio_urls["ie1"],
                ROUTES_VARIABLE: told.twilio_routes_url,
            },
            policy=_POLICY,
            sleep=_no_time,
        )
        token = SecretStr(told.twilio_auth_token)
        pair = AuthToken(account_sid=told.twilio_account_sid, auth_token=token)
        self.vapi: VapiClient = vendors.vapi(SecretStr(told.vapi_key), Region.US)
        self.twilio: TwilioClient = vendors.twilio(pair)
        self.since = lab.world.clock.now() - timedelta(minutes=1)
        lab.call()
        self.key_sid = lab.twilio("POST", "/Keys.json", data={"FriendlyName": "x"}).json()["sid"]
        held = lab.state()
        (account,) = held["twilio"]["accounts"]
        self.number_sid = account["numbers"][0]["sid"]
        self.call_sid = account["calls"][0]["sid"]
        self.record = held["vapi"]["numbers"][0]["id"]
        self.assistant = held["vapi"]["assistants"][0]["id"]

    async def aclose(self) -> None:
        await self.vapi.aclose()
        await self.twilio.aclose()

    def done(self) -> int:
        """How much of what costs money, or cannot be seen again, was done so far."""
        held = self.lab.state()
        (account,) = held["twilio"]["accounts"]
        return len(held["vapi"]["calls"]) + len(account["keys"])


@dataclass(frozen=True)
class Look:
    """An endpoint, and the wish that asks it."""

    vendor: str
    method: str
    path: str
    ask: Callable[[Bench], Awaitable[object]]

    def __str__(self) -> str:
        return f"{self.method} {self.path.removeprefix(ACCOUNT)}"


def _twilio(method: str, path: str, ask: Callable[[Bench], Awaitable[object]]) -> Look:
    return Look("twilio", method, f"{ACCOUNT}{path}", ask)


LOOKS = (
    Look("vapi", "DELETE", "/assistant/{id}", lambda b: b.vapi.delete_assistant(b.assistant)),
    Look("vapi", "DELETE", "/phone-number/{id}", lambda b: b.vapi.delete_number(b.record)),
    Look("vapi", "POST", "/call", lambda b: b.vapi.place_call(b.assistant, b.record, OWNER)),
    Look("vapi", "GET", "/call/{id}", lambda b: b.vapi.read_call("gone")),
    Look(
        "twilio",
        "GET",
        "/2010-04-01/Accounts.json",
        lambda b: b.twilio.find_in_subaccounts(OWNER),
    ),
    _twilio(
        "POST",
        "/IncomingPhoneNumbers/{number}.json",
        lambda b: b.twilio.point_number(b.number_sid, Webhooks(voice_url="")),
    ),
    _twilio("GET", "/Applications/{app}.json", lambda b: b.twilio.read_application("gone")),
    _twilio(
        "GET",
        "/Calls.json",
        lambda b: b.twilio.list_calls(b.told.number, since=b.since, limit=5),
    ),
    _twilio("GET", "/Notifications.json", lambda b: b.twilio.list_failures(since=b.since)),
    _twilio(
        "GET",
        "/Calls/{call}/Notifications.json",
        lambda b: b.twilio.list_failures(since=b.since, call_sid=b.call_sid),
    ),
    _twilio("GET", "/Keys.json", lambda b: b.twilio.list_keys()),
    _twilio("POST", "/Keys.json", lambda b: b.twilio.create_key("ava-setup for Martin")),
    _twilio("DELETE", "/Keys/{key}.json", lambda b: b.twilio.delete_key(b.key_sid)),
    Look(
        "twilio",
        "GET",
        "/v2/PhoneNumbers/{number}",
        lambda b: b.twilio.voice_region(b.told.number),
    ),
)
# A port that nobody listens on is the set-up's test: here every connection is real.
HERE = {fault: how for fault, how in FAULTS.items() if how and how["kind"] != "shut"}
# Read by an id that nobody has: when all is well the answer is that it is gone.
_GONE = {"/call/{id}", f"{ACCOUNT}/Applications/{{app}}.json"}


def _is_played(look: Look) -> bool:
    routes = {(one.method, _bare(one.template)) for one in (*twilio_api.ROUTES, *routing.ROUTES)}
    return look.vendor == "vapi" or (look.method, _bare(look.path)) in routes


def _bare(template: str) -> str:
    """A path without the names of its places, which everybody gives anew."""
    parts = template.split("/")
    return "/".join("{}" + part.partition("}")[2] if part[:1] == "{" else part for part in parts)


CASES = [
    (look, fault, throughout)
    for look in LOOKS
    if _is_played(look)
    for fault in HERE
    # Struck once, reads are all alike: the set-up's test has one of each vendor.
    for throughout in ((False, True) if look.method != "GET" else (True,))
]


def test_no_endpoint_of_the_clients_is_left_out() -> None:
    walked = {f"{one.method} {_bare(one.path)}" for one in (*TARGETS, *LOOKS)}
    assert {_bare(endpoint) for endpoint in GOOD} == walked


@pytest.fixture(scope="module")
def running() -> Iterator[Lab]:
    with Sandbox("dead-tunnel", call_seconds=0.0) as sandbox:
        running = Lab(sandbox)
        with running.client:
            yield running


@pytest.fixture
async def bench(running: Lab, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    monkeypatch.setattr("ava_setup.sandbox.web._SHORTEST_VISIT", 0.001)
    made = Bench(running)
    yield made
    await made.aclose()


def expected(look: Look, fault: str, *, throughout: bool) -> Code | None:
    """Give what is told; None where nothing is."""
    refused = Code.VAPI_KEY_REFUSED if look.vendor == "vapi" else Code.TWILIO_REFUSED
    code = CODES.get(fault, refused)
    unread = look.method == "DELETE" or look.path.startswith("/v2/")
    spoilt = code is Code.UNINTELLIGIBLE and fault != "long body"
    # Of an answer without a body nothing can be lost.
    bodiless = "/Keys/" in look.path and fault in {"reset mid-body", "long body"}
    harmless = fault == "extra fields" or (unread and spoilt) or look.path.startswith("/v2/")
    well = Code.NOT_FOUND if look.path in _GONE else None
    if look.path in _GONE and (spoilt or fault == "extra fields"):
        # A refusal is understood by its status, whatever became of its words.
        return well
    if harmless or bodiless or (fault in NOTHING_DONE and not throughout):
        return well
    return code


@pytest.mark.parametrize(
    ("look", "fault", "throughout"),
    CASES,
    ids=[f"{look} - {fault} - {'throughout' if all_ else 'once'}" for look, fault, all_ in CASES],
)
async def test_every_fault_of_every_other_endpoint(
    look: Look,
    fault: str,
    throughout: bool,  # noqa: FBT001 - one of the choices
    bench: Bench,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if "time-out" in fault:
        monkeypatch.setattr("ava_setup.clients.transport.TOTAL_S", IMPATIENCE_S)
    how: dict[str, Any] = HERE[fault]
    times = None if throughout else 1
    aim = {"vendor": look.vendor, "method": look.method, "path": look.path}
    assert bench.lab.control("faults", **aim, **how, times=times).status_code == 200
    before = bench.done()
    told = None
    try:
        await look.ask(bench)
    except VendorError as error:
        told = error.code
    assert told is expected(look, fault, throughout=throughout)
    faults = bench.lab.client.get(f"{bench.told.control_url}/faults").json()
    assert sum(one["struck"] for one in faults) >= 1
    if look.method == "POST":
        assert bench.done() - before <= 1
