"""A line whose Twilio judges each request by who makes it, as keys and tokens see different things.

`fakes` has one account that answers whoever holds it; here a client is one pair of credentials.
Each request can be cut short before and after the work, at a place that a test names.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from ava_setup.onboarding.credentials import (
    ApiKey,
    AuthToken,
    SecretName,
    TwilioCredentials,
    TwilioRegion,
    secret_of,
)
from ava_setup.onboarding.errors import (
    CredentialsRefused,
    ErrorCode,
    Evidence,
    Hidden,
    Rejected,
    StoreError,
    Vendor,
    VendorError,
)
from ava_setup.onboarding.setup import Setup
from ava_setup.onboarding.state import MakeKey, Region
from ava_setup.store.vault import LocalVault
from tests.onboarding.fakes import (
    TOKEN_PAIR,
    FakeTwilio,
    FakeVapi,
    FakeVendors,
    Line,
    MemoryStore,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from pydantic import SecretStr

    from ava_setup.onboarding.number import VapiNumber
    from ava_setup.onboarding.state import State

T = TypeVar("T")

NAME = "ava-setup for Martin Plomberie"
_TOKEN_ONLY = {"create_key", "list_keys", "delete_key"}


class Twilio(FakeTwilio):
    """The account; every request is cut in two by a pause, before and after the work.

    Attributes:
        propagation: How many requests by a fresh key are refused.
        sends_on: After how many more requests one that was cut short arrives; None is never.
    """

    def __init__(self) -> None:
        super().__init__()
        self.propagation = 0
        self.sends_on: int | None = None
        self._on_their_way: list[tuple[int, Callable[[], object]]] = []

    async def _answer(self, request: str, work: Callable[[], T]) -> T:
        self._let_arrive()
        acted = False

        def act() -> T:
            nonlocal acted
            acted = True
            return work()

        try:
            answer = await super()._answer(request, act)
            # A vendor has acted before its answer is here.
            await asyncio.sleep(0)
        except asyncio.CancelledError:
            if not acted and self.sends_on is not None:
                self._on_their_way.append((self.sends_on, work))
            raise
        return answer

    def _let_arrive(self) -> None:
        coming = [(left - 1, work) for left, work in self._on_their_way]
        self._on_their_way = [(left, work) for left, work in coming if left > 0]
        for left, work in coming:
            if left <= 0:
                # Nobody hears of a refusal.
                with suppress(VendorError):
                    work()

    def opens(self, credentials: TwilioCredentials) -> bool:
        """Whether credentials are good here now."""
        secret = secret_of(credentials).get_secret_value()
        match credentials:
            case AuthToken():
                return secret == self.secret
            case ApiKey(key_sid=sid):
                return sid in self.keys and self.keys[sid][1] == secret


class Door:
    """The account as one pair sees it (contract: twilio.md, Auth)."""

    def __init__(self, account: Twilio, credentials: TwilioCredentials) -> None:
        self._account = account
        self._credentials = credentials
        self._closed = False

    async def aclose(self) -> None:
        self._closed = True

    def __getattr__(self, request: str) -> Any:
        async def ask(*args: Any, **kwargs: Any) -> Any:
            assert not self._closed, "asked through a closed client"
            account, by_key = self._account, isinstance(self._credentials, ApiKey)
            evidence = Evidence(Vendor.TWILIO, 401, "20003")
            if by_key and account.propagation:
                account.propagation -= 1
                raise CredentialsRefused(ErrorCode.TWILIO_REFUSED, Vendor.TWILIO, evidence=evidence)
            if not account.opens(self._credentials):
                raise CredentialsRefused(ErrorCode.TWILIO_REFUSED, Vendor.TWILIO, evidence=evidence)
            if by_key and request == "list_keys":
                raise Hidden(ErrorCode.TWILIO_HIDDEN, Vendor.TWILIO, evidence=evidence)
            if by_key and request in _TOKEN_ONLY:
                raise Rejected(ErrorCode.TWILIO_KEY_STAYS, Vendor.TWILIO, evidence=evidence)
            return await getattr(account, request)(*args, **kwargs)

        return ask


class Vapi(FakeVapi):
    """The organisation, which keeps what an import hands it.

    Attributes:
        handed: The credentials that each number was imported with.
    """

    def __init__(self, twilio: Twilio, *args: Any) -> None:
        super().__init__(twilio, *args)
        self.handed: dict[str, TwilioCredentials] = {}

    async def import_number(
        self, number: str, credentials: TwilioCredentials, **how: Any
    ) -> VapiNumber:
        self.handed[number] = credentials
        return await super().import_number(number, credentials, **how)


class Vendors(FakeVendors):
    """Clients that are one pair of credentials each."""

    def __init__(self, twilio: Twilio, vapi: FakeVapi) -> None:
        super().__init__(twilio, {Region.US: vapi})
        self._account = twilio

    def twilio(
        self, credentials: TwilioCredentials, region: TwilioRegion = TwilioRegion.US1
    ) -> Any:
        del region
        return Door(self._account, credentials)


class Disk(LocalVault):
    """A vault that outlives the program, each write of it in two; `full` keeps nothing more."""

    def __init__(self) -> None:
        super().__init__()
        self.full = False
        self.stuck = False

    async def write(self, name: SecretName, secret: SecretStr) -> None:
        if self.full:
            raise StoreError(ErrorCode.VAULT_UNWRITABLE, path="secrets.json", cause="full")
        await asyncio.sleep(0)
        await super().write(name, secret)
        await asyncio.sleep(0)

    async def forget(self, name: SecretName) -> None:
        if self.stuck:
            raise StoreError(ErrorCode.VAULT_UNWRITABLE, path="secrets.json", cause="read-only")
        await asyncio.sleep(0)
        await super().forget(name)
        await asyncio.sleep(0)


class Journal(MemoryStore):
    """A store whose writes take place before they are done."""

    async def update(self, change: Callable[[State], State]) -> State:
        after = await super().update(change)
        await asyncio.sleep(0)
        return after


class KeyLine(Line):
    """A set-up with its auth token, about to be given a key."""

    twilio: Twilio
    vapi: Vapi
    vault: Disk

    def __init__(self, **how: Any) -> None:
        super().__init__(**how)
        assistants, numbers = self.vapi.assistants, self.vapi.numbers
        self.twilio = Twilio()
        self.vapi = Vapi(self.twilio, assistants.values(), numbers.values())
        self.vault = Disk()
        self.store = Journal(self.saved())
        self.setup = self.again()

    def again(self) -> Setup:
        """The same set-up, started once more."""
        vendors = Vendors(self.twilio, self.vapi)
        return Setup(self.store, self.vault, vendors, poll_s=0.0, settle_s=0.0)

    @property
    def keys(self) -> set[str]:
        """SIDs of all keys at Twilio."""
        return set(self.twilio.keys)

    @property
    def intents(self) -> list[MakeKey]:
        return [one for one in self.saved().journal if isinstance(one, MakeKey)]

    async def token_is_entered_again(self) -> None:
        """Do what undoing asks for, to delete a key."""
        await self.setup.check_twilio(TOKEN_PAIR)

    async def opens_twilio(self) -> bool:
        """Whether what is kept, for a program that starts now, opens the account."""
        setup = self.again()
        await setup.open()
        credentials = await setup._connections.credentials()
        return credentials is not None and self.twilio.opens(credentials)

    async def secrets(self) -> set[str]:
        """Names of Twilio's secrets in the vault."""
        names = (SecretName.TWILIO_AUTH_TOKEN, SecretName.TWILIO_API_SECRET)
        return {name.value for name in names if await self.vault.read(name) is not None}


async def cut_short(act: Callable[[], Coroutine[Any, Any, T]], after: int) -> bool:
    """Run something and cancel it after so many turns of the loop; tells whether it was cut."""
    task = asyncio.ensure_future(act())
    for _turn in range(after):
        await asyncio.sleep(0)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        return True
    return False
