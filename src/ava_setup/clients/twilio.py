"""The Twilio client: which requests carry out which wish."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from ava_setup.clients import twilio_answers as answers
from ava_setup.clients.patience import Patience
from ava_setup.clients.transport import Basic, Form, Transport
from ava_setup.onboarding.credentials import ApiKey, AuthToken, TwilioAccount, TwilioCredentials
from ava_setup.onboarding.errors import Vendor

if TYPE_CHECKING:
    import httpx

    from ava_setup.onboarding.number import TwilioNumber
    from ava_setup.onboarding.undo_steps import Webhooks

# Contract: twilio.md, When calls fail: per account.
IN_FLIGHT = 2
# The most that a page may hold (contract: twilio.md, Endpoints).
PAGE_SIZE = 1000
_PAGES_MAX = 50
# The balance is only for show: nobody waits for it longer than this after the account is known.
_BALANCE_S = 3.0


class TwilioClient:
    """One Twilio account, as one pair of credentials sees it.

    Args:
        credentials: The account's own pair, or an API key of it.
        base: Address of its region, without a slash at the end.
        gate: Bounds the requests in flight; to be shared by all clients of an account.
        patience: Decides what is sent again.
        wire: Replaces the network, in tests.
    """

    def __init__(
        self,
        credentials: TwilioCredentials,
        base: str,
        *,
        gate: asyncio.Semaphore | None = None,
        patience: Patience | None = None,
        wire: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._credentials = credentials
        match credentials:
            case AuthToken(account_sid=sid, auth_token=token):
                auth = Basic(sid, token)
            case ApiKey(key_sid=sid, key_secret=secret):
                auth = Basic(sid, secret)
        self._account = f"/2010-04-01/Accounts/{quote(credentials.account_sid, safe='')}"
        self._transport = Transport(
            Vendor.TWILIO,
            base,
            auth,
            gate=gate or asyncio.Semaphore(IN_FLIGHT),
            patience=patience or Patience(),
            wire=wire,
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._transport.aclose()

    async def read_account(self) -> TwilioAccount:
        """The account; its details are hidden from API keys."""
        if isinstance(self._credentials, ApiKey):
            # Standard keys cannot read accounts, only what is in them (contract: twilio.md, Auth).
            await self._transport.read(self._numbers_path(PageSize=1), answers.numbers)
            return TwilioAccount(self._credentials.account_sid)
        glance = asyncio.create_task(
            self._transport.glance(f"{self._account}/Balance.json", answers.balance)
        )
        try:
            account = await self._transport.read(f"{self._account}.json", answers.account)
            await asyncio.wait({glance}, timeout=_BALANCE_S)
            balance = glance.result() if glance.done() else None
        finally:
            glance.cancel()
            await asyncio.wait({glance})
        return replace(account, balance=balance or "")

    async def list_numbers(self) -> tuple[TwilioNumber, ...]:
        """All phone numbers; members that make no sense are left out."""
        return await self._list(self._numbers_path(PageSize=PAGE_SIZE))

    async def find_number(self, number: str) -> TwilioNumber | None:
        """The phone number that is exactly this E.164 number, or None."""
        # The filter matches parts of numbers too (contract: twilio.md, Endpoints).
        like = await self._list(self._numbers_path(PhoneNumber=number, PageSize=PAGE_SIZE))
        return next((one for one in like if one.number == number), None)

    async def point_number(self, sid: str, webhooks: Webhooks) -> TwilioNumber:
        """Write some of a number's webhooks; those that are None stay as they are."""
        return await self._transport.write(
            "POST",
            f"{self._account}/IncomingPhoneNumbers/{quote(sid, safe='')}.json",
            _form(webhooks),
            answers.number,
        )

    async def _list(self, path: str) -> tuple[TwilioNumber, ...]:
        """Follow the pages to the last."""
        found: dict[str, TwilioNumber] = {}
        for _page in range(_PAGES_MAX):
            page = await self._transport.read(path, answers.numbers)
            found |= {one.sid: one for one in page.members}
            if not page.next_path or page.next_path == path:
                break
            path = page.next_path
        return tuple(found.values())

    def _numbers_path(self, **query: str | int) -> str:
        return f"{self._account}/IncomingPhoneNumbers.json?{urlencode(query)}"


def _form(webhooks: Webhooks) -> Form:
    """Write what is to be changed; an empty value unsets (contract: twilio.md, Endpoints)."""
    fields = {
        "VoiceUrl": webhooks.voice_url,
        # The method has no value for "unset".
        "VoiceMethod": webhooks.voice_method or None,
        "StatusCallback": webhooks.status_callback,
        "SmsUrl": webhooks.sms_url,
    }
    return Form(tuple((name, value) for name, value in fields.items() if value is not None))
