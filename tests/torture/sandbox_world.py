"""The sandbox as `any_order` sees its vendors: real clients over a wire that fails and is cut."""

from __future__ import annotations

import asyncio
import json
import ssl
from typing import TYPE_CHECKING, Any

import httpx

from ava_setup.clients import twilio_answers, vapi_answers
from ava_setup.clients.answers import Answer
from ava_setup.clients.patience import RetryPolicy
from ava_setup.clients.vendors import HttpVendors
from ava_setup.onboarding.credentials import TwilioRegion
from ava_setup.onboarding.state import Region
from ava_setup.sandbox.world import Quirk
from tests.onboarding.lives import Loop
from tests.onboarding.neighbourhood import HOME, MAIN
from tests.onboarding.strict_vendors import Harm, Quirks, World

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import SecretStr

    from ava_setup.clients.twilio import TwilioClient
    from ava_setup.clients.vapi import VapiClient
    from ava_setup.onboarding.assistant import Assistant
    from ava_setup.onboarding.credentials import TwilioCredentials
    from ava_setup.onboarding.number import TwilioNumber, VapiNumber
    from tests.onboarding.lives import Cut, Life
    from tests.onboarding.strict_vendors import Caller
    from tests.sandbox.lab import Lab

_POLICY = RetryPolicy(tries=2, first_wait=0.0, longest_wait=0.0)
_DATES = frozenset({"updatedAt", "date_updated"})
# How the sandbox is told what the clients are to suffer; a refused connection never reaches it.
_KINDS: dict[Harm, dict[str, Any]] = {
    Harm.TOO_MANY: {"kind": "too_many"},
    Harm.UNAUTHORIZED: {"kind": "unauthorized"},
    Harm.DOWN_IDLE: {"kind": "error"},
    Harm.DOWN_DONE: {"kind": "error", "acted": True},
    Harm.LOST_IDLE: {"kind": "reset"},
    Harm.LOST_DONE: {"kind": "reset", "acted": True},
    Harm.LATE: {"kind": "reset_mid_body"},
    Harm.NONSENSE: {"kind": "truncated"},
}


class _Org:
    """The organisation at Vapi, read anew each time."""

    id = HOME
    region = Region.CUSTOM

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._at_first = {*lab.world.org.assistants, *lab.world.org.numbers}

    @property
    def key(self) -> str:
        return self._lab.world.org.private_key

    @key.setter
    def key(self, fresh: str) -> None:
        self._lab.world.org.private_key = fresh

    @property
    def assistants(self) -> dict[str, Assistant]:
        listed = list(self._lab.world.org.assistants.values())
        return {one.id: one for one in vapi_answers.assistants(_answer(listed)).members}

    @property
    def numbers(self) -> dict[str, VapiNumber]:
        listed = list(self._lab.world.org.numbers.values())
        return {one.id: one for one in vapi_answers.numbers(_answer(listed)).members}

    @property
    def made(self) -> set[str]:
        org = self._lab.world.org
        return {*org.assistants, *org.numbers} - self._at_first


class _Account:
    """The account at Twilio, read anew each time."""

    key_sid = ""
    key_secret = ""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self.sid = lab.told.twilio_account_sid
        self._account = lab.world.accounts[self.sid]

    @property
    def token(self) -> str:
        return str(self._account.record["auth_token"])

    @token.setter
    def token(self, fresh: str) -> None:
        self._account.record["auth_token"] = fresh

    @property
    def numbers(self) -> dict[str, TwilioNumber]:
        listed = {"incoming_phone_numbers": list(self._account.numbers.values())}
        return {one.sid: one for one in twilio_answers.numbers(_answer(listed)).members}


def _answer(body: object) -> Answer:
    return Answer(200, body=json.dumps(body).encode())


class SandboxWorld(World):
    """One scenario of a running sandbox."""

    def __init__(self, lab: Lab, scenario: str, quirks: Quirks) -> None:
        lab.play(scenario)
        super().__init__((), (), quirks)
        if quirks.masks:
            lab.world.quirks |= {Quirk.MASKED_LIST}
        self._lab = lab
        self.orgs = {HOME: _Org(lab)}  # type: ignore[dict-item] # looks like one
        self.accounts = {MAIN: _Account(lab)}  # type: ignore[dict-item] # looks like one

    def everything(self) -> dict[str, object]:
        """Give all that both vendors hold, dates and calls apart."""
        state = self._lab.state()
        vapi, account = state["vapi"], state["twilio"]["accounts"][0]
        return {
            "assistants": [_dateless(one) for one in vapi["assistants"]],
            "numbers": [_dateless(one) for one in vapi["numbers"]],
            "twilio": [_dateless(one) for one in account["numbers"]],
        }

    def ring(self, number: str) -> bool:
        """Call a number."""
        return bool(self._lab.call(number)["answered"])

    def remove_fallback(self, phone_number_id: str) -> None:
        """Remove a number's other telephone, as its owner does in Vapi's dashboard."""
        self._lab.world.org.numbers[phone_number_id].pop("fallbackDestination")

    def mend(self) -> None:
        """Have nothing go wrong any more."""
        super().mend()
        self._lab.client.delete(f"{self._lab.told.control_url}/faults")

    def imports(self) -> list[dict[str, Any]]:
        """Give the body of every import that was asked for."""
        return [
            one["body"]
            for one in self._lab.requests()
            if (one["vendor"], one["method"], one["path"]) == ("vapi", "POST", "/phone-number")
        ]

    # What a request meets on its way

    def meets(self, request: httpx.Request) -> None:
        """Have what is due befall a request.

        Raises:
            httpx.ConnectError: Nobody listens.
        """
        harm = self._due("", writes=request.method != "GET")
        self._pass_by()
        if harm is Harm.REFUSED:
            raise httpx.ConnectError("nobody listens", request=request)
        if harm is None:
            return
        told = self._lab.told
        vendor = "vapi" if str(request.url).startswith(told.vapi_url) else "twilio"
        order = {"vendor": vendor, "method": request.method, "path": request.url.path}
        answer = self._lab.client.post(f"{told.control_url}/faults", json=order | _KINDS[harm])
        assert answer.status_code == 200, answer.text


def _dateless(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name not in _DATES}


class WireLoop(Loop):
    """Cuts a use case short at one of its touches of the wire: no two runs turn alike."""

    def __init__(self) -> None:
        super().__init__()
        self._touched: Callable[[], None] = lambda: None

    def _awaits_the_cut(self, life: Life, task: asyncio.Task[Any], cut: Cut) -> None:
        left = cut.at

        def touched() -> None:
            nonlocal left
            left -= 1
            if left < 0:
                self._touched = lambda: None
                self._count_down(life, task, cut, 0)

        self._touched = touched

    def touch(self) -> None:
        """Count a touch."""
        self._touched()


class _Wire(httpx.AsyncHTTPTransport):
    """A wire to the sandbox."""

    _context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

    def __init__(self, world: SandboxWorld, loop: WireLoop, caller: Caller) -> None:
        super().__init__(verify=self._context)
        self._world = world
        self._loop = loop
        self._caller = caller

    async def aclose(self) -> None:
        self._caller.clients.discard(self)
        await super().aclose()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self._caller.clients.add(self)
        self._loop.touch()
        await self._caller.breathe()
        self._world.meets(request)
        response = await super().handle_async_request(request)
        self._loop.touch()
        await self._caller.breathe()
        return response


class WireVendors(HttpVendors):
    """The real clients, over such a wire."""

    def __init__(self, lab: Lab, world: SandboxWorld, loop: WireLoop, caller: Caller) -> None:
        told = lab.told
        super().__init__(
            {"AVA_SETUP_VAPI_URL": told.vapi_url, "AVA_SETUP_TWILIO_URL": told.twilio_url},
            policy=_POLICY,
            sleep=lambda _seconds: asyncio.sleep(0),
        )
        self._wired = (world, loop, caller)

    def vapi(self, key: SecretStr, region: Region) -> VapiClient:
        client = super().vapi(key, region)
        client._transport._wire = _Wire(*self._wired)
        return client

    def twilio(
        self, credentials: TwilioCredentials, region: TwilioRegion = TwilioRegion.US1
    ) -> TwilioClient:
        client = super().twilio(credentials, region)
        client._transport._wire = _Wire(*self._wired)
        return client
