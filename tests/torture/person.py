"""A person who sets a line up through the real engine, clients and store, while a fault strikes."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx
from pydantic import SecretStr

from ava_setup.clients.patience import RetryPolicy
from ava_setup.clients.vendors import HttpVendors
from ava_setup.onboarding.checks import all_passed
from ava_setup.onboarding.credentials import AuthToken, TwilioRegion
from ava_setup.onboarding.errors import ErrorCode, SetupError
from ava_setup.onboarding.setup import Setup
from ava_setup.sandbox.exchange import Asked
from ava_setup.sandbox.faults import Fault
from ava_setup.store.places import Places
from ava_setup.store.state_file import StateFile
from ava_setup.store.state_store import StateStore
from ava_setup.store.vault import open_vault
from tests.onboarding.fakes import PROFILE, draft

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from ava_setup.clients.twilio import TwilioClient
    from ava_setup.clients.vapi import VapiClient
    from ava_setup.onboarding.credentials import TwilioCredentials
    from ava_setup.onboarding.state import Region
    from tests.sandbox.lab import Lab

ACCOUNT = "/2010-04-01/Accounts/{sid}"
IMPATIENCE_S = 0.25
_PATIENCE_S = 10.0
DRAFT = draft(create_id="c" * 32)
STEPS = (
    "connect",
    "draft",
    "check_twilio",
    "read_balance",
    "choose",
    "go_live",
    "change",
    "verify",
    "call",
)
_POLICY = RetryPolicy(tries=2, first_wait=0.0, longest_wait=0.0)


@dataclass(frozen=True)
class Target:
    """An endpoint, and the step of the journey at which it is asked."""

    vendor: str
    method: str
    path: str
    step: str
    query: dict[str, bool] = field(default_factory=dict)
    scenario: str = "fresh"

    def __str__(self) -> str:
        found = "?PhoneNumber" if self.query.get("PhoneNumber") else ""
        path = self.path.removeprefix(ACCOUNT)
        return f"{self.method} {path}{found} at {self.step}"


class _Wire(httpx.AsyncHTTPTransport):
    """Dials a port on which nobody listens where the connection is to be refused."""

    _context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

    def __init__(self, refused: Callable[[httpx.Request], int | None]) -> None:
        super().__init__(verify=self._context)
        self._refused = refused

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        port = self._refused(request)
        if port is not None:
            request.url = request.url.copy_with(port=port)
        return await super().handle_async_request(request)


class _Vendors(HttpVendors):
    """The real vendors, by such a wire."""

    refused: Callable[[httpx.Request], int | None]

    def vapi(self, key: SecretStr, region: Region) -> VapiClient:
        client = super().vapi(key, region)
        client._transport._wire = _Wire(self.refused)
        return client

    def twilio(
        self, credentials: TwilioCredentials, region: TwilioRegion = TwilioRegion.US1
    ) -> TwilioClient:
        client = super().twilio(credentials, region)
        client._transport._wire = _Wire(self.refused)
        return client


class Person:
    """Sets a line up, step by step."""

    def __init__(self, lab: Lab, home: Path, nobody: int) -> None:
        self._lab = lab
        self._places = Places(home)
        self._nobody = nobody
        self._refusing: Fault | None = None
        self._refusals: int | None = 0
        self.waits: list[float] = []
        self.struck = 0
        self.setup: Setup

    async def starts(self) -> None:
        folder = self._places.profile()
        loaded = StateFile(folder.state).load()
        assert loaded.problem is None
        told = self._lab.told
        vendors = _Vendors(
            {"AVA_SETUP_VAPI_URL": told.vapi_url, "AVA_SETUP_TWILIO_URL": told.twilio_url},
            policy=_POLICY,
            sleep=self._sleeps,
        )
        vendors.refused = self._refused
        self.setup = Setup(
            StateStore(StateFile(folder.state), loaded.saved),
            open_vault(self._places, folder.name),
            vendors,
            poll_s=0.01,
            settle_s=0.01,
            # Every request of a step is one that can go wrong.
            believed_s=0,
        )
        await self.setup.open()

    async def _sleeps(self, seconds: float) -> None:
        self.waits.append(seconds)
        await asyncio.sleep(0)

    # What goes wrong

    def suffers(self, target: Target, how: dict[str, Any], *, throughout: bool) -> None:
        aim = {name: getattr(target, name) for name in ("vendor", "method", "path", "query")}
        times = None if throughout and how.get("kind") != "shut" else 1
        if how:
            order = {**aim, **how, "times": times}
            url = f"{self._lab.told.control_url}/faults"
            assert self._lab.client.post(url, json=order).status_code == 200
        else:
            self._refusing = Fault.model_validate({**aim, "kind": "shut"}, strict=False)
            self._refusals = times

    def _refused(self, request: httpx.Request) -> int | None:
        asked = Asked(request.method, request.url.path, tuple(request.url.params.multi_items()))
        vendor = "vapi" if str(request.url).startswith(self._lab.told.vapi_url) else "twilio"
        if self._refusing is None or not self._refusing.aims_at(vendor, asked):
            return None
        if self._refusals is not None:
            if not self._refusals:
                return None
            self._refusals -= 1
        self.struck += 1
        return self._nobody

    def is_relieved(self) -> None:
        """Lift the fault, and note how often it struck."""
        for url in (self._lab.told.control_url, self._lab.told.twilio_url):
            _until_open(url)
        url = f"{self._lab.told.control_url}/faults"
        self.struck += sum(one["struck"] for one in self._lab.client.get(url).json())
        self._lab.client.delete(url)
        self._refusing = None

    # The steps

    async def tries(self, step: str) -> ErrorCode | None:
        """Take a step; give the error that is told, if one is."""
        taking: Callable[[], Awaitable[ErrorCode | None]] = getattr(self, f"_{step}")
        try:
            return await taking()
        except SetupError as error:
            return error.code

    async def _connect(self) -> None:
        await self.setup.save_profile(PROFILE)
        await self.setup.connect(SecretStr(self._lab.told.vapi_key))

    async def _draft(self) -> None:
        await self.setup.draft_assistant(DRAFT)

    async def _change(self) -> None:
        await self.setup.create_assistant(DRAFT)

    async def _check_twilio(self) -> None:
        told = self._lab.told
        token = SecretStr(told.twilio_auth_token)
        await self.setup.check_twilio(
            AuthToken(account_sid=told.twilio_account_sid, auth_token=token)
        )

    async def _read_balance(self) -> None:
        await self.setup.read_balance()

    async def _choose(self) -> None:
        numbers = await self.setup.list_numbers()
        await self.setup.choose_number(
            next(one for one in numbers if one.number == self._lab.told.numbers[0])
        )

    async def _go_live(self) -> ErrorCode | None:
        result = await self.setup.go_live()
        assert result.success is (result.problem is None)
        return result.problem.code if result.problem else None

    async def _verify(self) -> ErrorCode | None:
        return None if all_passed(await self.setup.verify()) else ErrorCode.LINK_UNPROVEN

    async def _call(self) -> None:
        call = self._lab.call()
        assert call["answered"], call
        waiting = asyncio.ensure_future(self.setup.wait_for_call())
        # However long the fault lasts, waiting goes on.
        await asyncio.wait({waiting}, timeout=IMPATIENCE_S)
        self.is_relieved()
        if not waiting.done():
            # A call from before a link that was found made proves nothing.
            await asyncio.sleep(IMPATIENCE_S)
            self._lab.call()
        await asyncio.wait_for(waiting, _PATIENCE_S)

    async def goes_on(self) -> None:
        """Do what is left, from wherever it stopped, and make sure of the whole."""
        saved = self.setup.saved
        for step, is_done in (
            ("connect", saved.connection),
            ("draft", saved.assistant),
            ("check_twilio", saved.twilio),
            ("choose", saved.number),
            ("go_live", None),
            ("verify", None),
            ("call", None),
        ):
            if not is_done:
                assert await self.tries(step) is None, step


def _until_open(url: str) -> None:
    parts = httpx.URL(url)
    for _ in range(200):
        try:
            socket.create_connection((parts.host, parts.port or 0), 1).close()
        except OSError:
            time.sleep(0.01)
        else:
            return
    raise AssertionError(f"never open again: {url}")
