"""The Twilio client: which requests carry out which wish."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol, TypeVar
from urllib.parse import quote, urlencode

from ava_setup.clients import twilio_answers as answers, twilio_refusals as refusals
from ava_setup.clients.pace import Pace
from ava_setup.clients.patience import Patience
from ava_setup.clients.transport import Basic, Form, Transport
from ava_setup.onboarding.credentials import (
    ApiKey,
    AuthToken,
    MadeKey,
    TwilioAccount,
    TwilioCredentials,
    TwilioKey,
)
from ava_setup.onboarding.errors import Vendor, VendorError
from ava_setup.onboarding.number import SubaccountHit, TwilioNumber, TwimlApp

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx
    from pydantic import SecretStr

    from ava_setup.clients.answers import Answer
    from ava_setup.onboarding.calls import CallFailure, TwilioCall
    from ava_setup.onboarding.credentials import Balance
    from ava_setup.onboarding.undo_steps import Webhooks

# Contract: twilio.md, When calls fail: per account.
IN_FLIGHT = 2
# The most that a page may hold (contract: twilio.md, Endpoints).
PAGE_SIZE = 1000
_PAGES_MAX = 50
# Nobody waits for the balance longer than this.
_BALANCE_S = 3.0
# How many sub-accounts are looked through: two at a time, in ten round trips.
_SUBACCOUNTS_MAX = 20
# The latest failures of a whole account, among which those of one number are.
_FAILURES_MAX = 200
# The longest name of a key (spec).
_NAME_MAX = 64

_VERSION = "/2010-04-01"


class _Listed(Protocol):
    @property
    def sid(self) -> str: ...


L = TypeVar("L", bound=_Listed)
T = TypeVar("T")


class TwilioClient:
    """One Twilio account, as one pair of credentials sees it.

    Args:
        credentials: The account's own pair, or an API key of it.
        base: Address of its region, without a slash at the end.
        pace: Bounds its requests; to be shared by all clients of an account.
        patience: Decides what is sent again.
        routes: Address of `routes.twilio.com`, or None where there is none.
        on_secret: Told of every secret that Twilio hands out.
        wire: Replaces the network, in rehearsals and in tests.
    """

    def __init__(
        self,
        credentials: TwilioCredentials,
        base: str,
        *,
        routes: str | None = None,
        on_secret: Callable[[SecretStr], None] = lambda _secret: None,
        pace: Pace | None = None,
        patience: Patience | None = None,
        wire: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._credentials = credentials
        match credentials:
            case AuthToken(account_sid=sid, auth_token=token):
                auth = Basic(sid, token)
            case ApiKey(key_sid=sid, key_secret=secret):
                auth = Basic(sid, secret)
        self._account = _account_path(credentials.account_sid)
        self._on_secret = on_secret
        pace = pace or Pace(IN_FLIGHT)
        patience = patience or Patience()

        def way_to(address: str) -> Transport:
            return Transport(Vendor.TWILIO, address, auth, pace=pace, patience=patience, wire=wire)

        self._transport = way_to(base)
        self._routes = way_to(routes) if routes else None

    async def aclose(self) -> None:
        """Close the connections."""
        await self._transport.aclose()
        if self._routes is not None:
            await self._routes.aclose()

    @property
    def _by_key(self) -> bool:
        return isinstance(self._credentials, ApiKey)

    async def read_account(self) -> TwilioAccount:
        """The account without its balance; its details are hidden from API keys."""
        if not self._by_key:
            return await self._transport.read(f"{self._account}.json", answers.account)
        # Standard keys cannot read accounts, only what is in them (contract: twilio.md, Auth).
        path = _numbers_path(self._account, PageSize=1)
        await self._transport.read(path, answers.numbers)
        return TwilioAccount(self._credentials.account_sid)

    async def read_balance(self) -> Balance | None:
        """What the account has left; None when that cannot be told. Asked once, without waiting."""
        path = f"{self._account}/Balance.json"
        try:
            async with asyncio.timeout(_BALANCE_S):
                return await self._transport.glance(path, answers.balance)
        except TimeoutError:
            return None

    async def list_numbers(self) -> tuple[TwilioNumber, ...]:
        """All phone numbers; members that make no sense are left out."""
        path = _numbers_path(self._account, PageSize=PAGE_SIZE)
        return await self._list(path, answers.numbers)

    async def find_number(self, number: str) -> TwilioNumber | None:
        """The phone number that is exactly this E.164 number, or None."""
        return await self._find_in(self._account, number)

    async def find_in_subaccounts(self, number: str) -> SubaccountHit | None:
        """Look for exactly this E.164 number in the first sub-accounts; None when in none."""
        # One more: the account itself is in its list (docs: twilio.com/docs/iam/api/account).
        query = urlencode({"Status": "active", "PageSize": _SUBACCOUNTS_MAX + 1})
        page = await self._transport.read(
            f"{_VERSION}/Accounts.json?{query}", self._if_visible(answers.accounts)
        )
        own = self._credentials.account_sid
        owned = [one for one in page.members if one.sid != own][:_SUBACCOUNTS_MAX]
        asked = [asyncio.create_task(self._hit(one, number)) for one in owned]
        try:
            return await _first_hit(asked)
        finally:
            for one in asked:
                one.cancel()
            await asyncio.gather(*asked, return_exceptions=True)

    async def _hit(self, account: TwilioAccount, number: str) -> SubaccountHit | None:
        found = await self._find_in(_account_path(account.sid), number)
        return SubaccountHit(account.sid, account.name, found) if found else None

    async def _find_in(self, account: str, number: str) -> TwilioNumber | None:
        # The filter matches parts of numbers too (contract: twilio.md, Endpoints).
        path = _numbers_path(account, PhoneNumber=number, PageSize=PAGE_SIZE)
        like = await self._list(path, answers.numbers)
        return next((one for one in like if one.number == number), None)

    async def read_application(self, sid: str) -> TwimlApp:
        """One TwiML app.

        Raises:
            NotFound: It is not there.
        """
        path = f"{self._account}/Applications/{quote(sid, safe='')}.json"
        return await self._transport.read(path, self._if_visible(answers.application))

    async def list_calls(
        self, number: str, *, since: datetime, limit: int
    ) -> tuple[TwilioCall, ...]:
        """Calls to an E.164 number, newest first; those before `since` are left out."""
        size = min(max(limit, 1), PAGE_SIZE)
        query = {"To": number, "StartTime>": _utc(since), "PageSize": size}
        path = f"{self._account}/Calls.json?{urlencode(query)}"
        page = await self._transport.read(path, self._if_visible(answers.calls))
        return tuple(one for one in page.members if one.at is None or one.at >= since)

    async def list_failures(
        self, *, since: datetime, call_sid: str = ""
    ) -> tuple[CallFailure, ...]:
        """What went wrong since then, newest first: in the whole account, or with one call."""
        # A day is as fine as this filter gets, and only errors are failures (spec).
        day = _utc(since).partition("T")[0]
        query = urlencode({"Log": 0, "MessageDate>": day, "PageSize": _FAILURES_MAX})
        of = f"/Calls/{quote(call_sid, safe='')}" if call_sid else ""
        path = f"{self._account}{of}/Notifications.json?{query}"
        page = await self._transport.read(path, self._if_visible(answers.failures))
        news = [one for one in page.members if one.at is None or one.at >= since]
        return tuple(sorted(news, key=lambda one: one.at or since, reverse=True))

    async def voice_region(self, number: str) -> str:
        """Twilio's region in which a number's calls are processed, `ie1`; "" cannot be told.

        Not in the contract (docs: twilio.com/docs/global-infrastructure,
        inbound-processing-region-api-phone-number). The host knows the pairs of us1 alone.
        """
        if self._routes is None:
            return ""
        path = f"/v2/PhoneNumbers/{quote(number, safe='')}"
        return await self._routes.glance(path, answers.voice_region) or ""

    async def create_key(self, name: str) -> MadeKey:
        """Make an API key of the account. Never repeated when it may have been made.

        Raises:
            Rejected: `TWILIO_KEY_REFUSED`: these credentials, or this account, can make none.
        """

        def decipher(answer: Answer) -> MadeKey:
            if not answer.succeeded:
                raise refusals.no_key(answer, by_key=self._by_key)
            return answers.made_key(answer)

        body = Form((("FriendlyName", name[:_NAME_MAX]),))
        made = await self._transport.write("POST", f"{self._account}/Keys.json", body, decipher)
        self._on_secret(made.secret)
        return made

    async def list_keys(self, name: str = "") -> tuple[TwilioKey, ...]:
        """The account's API keys: all, or those of exactly this name.

        Not in the contract (docs: twilio.com/docs/iam/api-keys).
        """
        path = f"{self._account}/Keys.json?{urlencode({'PageSize': PAGE_SIZE})}"
        found = await self._list(path, self._if_visible(answers.keys))
        return tuple(one for one in found if name in {"", one.name})

    async def delete_key(self, sid: str) -> None:
        """Delete an API key; whoever uses it is refused from then on.

        Not in the contract (docs: twilio.com/docs/iam/api-keys).

        Raises:
            NotFound: It is not there.
            Rejected: `TWILIO_KEY_STAYS`: these credentials can delete none.
        """

        def decipher(answer: Answer) -> None:
            if not answer.succeeded:
                raise refusals.key_stays(answer) if self._by_key else refusals.failure(answer)

        path = f"{self._account}/Keys/{quote(sid, safe='')}.json"
        await self._transport.write("DELETE", path, None, decipher)

    async def point_number(self, sid: str, webhooks: Webhooks) -> TwilioNumber:
        """Write some of what takes a number's calls; what is None stays as it is."""
        return await self._transport.write(
            "POST",
            f"{self._account}/IncomingPhoneNumbers/{quote(sid, safe='')}.json",
            _form(webhooks),
            answers.number,
        )

    def _if_visible(self, decipher: Callable[[Answer], T]) -> Callable[[Answer], T]:
        """Decipher what good API keys may not be allowed to see (contract: twilio.md, Auth)."""

        def look(answer: Answer) -> T:
            if self._by_key and not answer.succeeded:
                raise refusals.hidden(answer)
            return decipher(answer)

        return look

    async def _list(
        self, path: str, decipher: Callable[[Answer], answers.Page[L]]
    ) -> tuple[L, ...]:
        """Follow the pages to the last."""
        found: dict[str, L] = {}
        for _page in range(_PAGES_MAX):
            page = await self._transport.read(path, decipher)
            found |= {one.sid: one for one in page.members}
            if not page.next_path or page.next_path == path:
                break
            path = page.next_path
        return tuple(found.values())


def _account_path(sid: str) -> str:
    return f"{_VERSION}/Accounts/{quote(sid, safe='')}"


def _numbers_path(account: str, **query: str | int) -> str:
    return f"{account}/IncomingPhoneNumbers.json?{urlencode(query)}"


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


async def _first_hit(asked: list[asyncio.Task[SubaccountHit | None]]) -> SubaccountHit | None:
    """Wait for a hit; an account that cannot be looked into only counts when there is none.

    Raises:
        VendorError: It might be in that account.
    """
    failure: VendorError | None = None
    for answer in asyncio.as_completed(asked):
        try:
            if (hit := await answer) is not None:
                return hit
        except VendorError as error:
            failure = error
    if failure is not None:
        raise failure
    return None


def _form(webhooks: Webhooks) -> Form:
    """Write what is to be changed; an empty value unsets (contract: twilio.md, Endpoints)."""
    fields = {
        "VoiceUrl": webhooks.voice_url,
        # The method has no value for "unset".
        "VoiceMethod": webhooks.voice_method or None,
        "StatusCallback": webhooks.status_callback,
        "SmsUrl": webhooks.sms_url,
        "TrunkSid": webhooks.trunk_sid,
        "VoiceApplicationSid": webhooks.application_sid,
    }
    return Form(tuple((name, value) for name, value in fields.items() if value is not None))
