"""Reads what linking a number depends on, at both vendors, side by side."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeVar, cast

from ava_setup.onboarding import changes
from ava_setup.onboarding.errors import NotFound
from ava_setup.onboarding.facts import Absent, Found, Unread, found, looked
from ava_setup.onboarding.linking import LinkFacts
from ava_setup.onboarding.number import fits_mask
from ava_setup.onboarding.recent import Fact, Recent

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ava_setup.onboarding.assistant import Assistant
    from ava_setup.onboarding.credentials import TwilioAccount
    from ava_setup.onboarding.facts import Looked, Reading, Unknown
    from ava_setup.onboarding.number import TwilioNumber, TwimlApp, VapiNumber
    from ava_setup.onboarding.ports import Store, Twilio, Vapi

    AtTwilio = tuple[Looked[TwilioNumber], Reading[TwimlApp]]

T = TypeVar("T")


class Learn(Protocol):
    """Takes in facts, by their names in `Facts`."""

    async def __call__(self, **facts: object) -> None:
        """Take in some."""
        ...


async def _nobody(**_facts: object) -> None:
    """Tell nobody."""


class Looker:
    """Reads what the plan for a number depends on, but for what was read seconds ago.

    Args:
        vapi: The organisation that is to answer.
        twilio: The account that is to have the number.
    """

    def __init__(self, store: Store, vapi: Vapi, twilio: Twilio, recent: Recent) -> None:
        self._store = store
        self._vapi = vapi
        self._twilio = twilio
        self._recent = recent

    async def look(
        self,
        *,
        number: str,
        business_id: str,
        enough: tuple[Assistant, ...] | None = None,
        account: TwilioAccount | None = None,
        learn: Learn = _nobody,
    ) -> LinkFacts:
        """Read both vendors side by side; what cannot be read is in doubt.

        Args:
            number: E.164.
            business_id: The business being set up, or "".
            enough: The assistants that matter where the number has no record that could name
                another; None lists all of them.
            account: The account, when it need not be read.
            learn: Told of each fact, by its name in `Facts`, as it comes.
        """
        read = self._recent.read
        record = asyncio.ensure_future(looked(partial(self._at_vapi, number)))

        async def assistants() -> Found[tuple[Assistant, ...]] | Unknown:
            if enough is not None and isinstance(await record, Absent):
                return Found(enough)
            return await read(Fact.ASSISTANTS, "", self._list_assistants)

        async def learnt(name: str, reading: Callable[[], Awaitable[T]]) -> T:
            value = await reading()
            await learn(**{name: value})
            return value

        async def at_twilio() -> AtTwilio:
            there, application = await self._at_twilio(number)
            await learn(twilio_number=there, application=application)
            return there, application

        async def the_account() -> Found[TwilioAccount] | Unknown:
            if account is not None:
                return Found(account)
            return await read(Fact.ACCOUNT, "", partial(found, self._twilio.read_account))

        try:
            listed, known, (there, application), vapi_number = await asyncio.gather(
                assistants(),
                learnt("account", the_account),
                at_twilio(),
                learnt("vapi_number", lambda: record),
            )
        finally:
            record.cancel()
        return LinkFacts(
            number=number,
            business_id=business_id,
            chosen=None,
            assistants=listed,
            account=known,
            twilio_number=there,
            vapi_number=vapi_number,
            application=application,
        )

    async def _list_assistants(self) -> Found[tuple[Assistant, ...]] | Unknown:
        assistants = await found(self._vapi.list_assistants)
        if isinstance(assistants, Found):
            listed = assistants.value
            await self._store.update(lambda state: changes.assistants_listed(state, listed))
        return assistants

    async def _at_vapi(self, number: str) -> VapiNumber | None:
        async def unmasked(record_id: str) -> VapiNumber:
            return await self._recent.read(
                Fact.UNMASKED, record_id, partial(self._vapi.read_number, record_id)
            )

        listed = await numbers_at_vapi(self._vapi, self._recent)
        return await _found_among(listed, number, unmasked)

    async def _at_twilio(self, number: str) -> AtTwilio:
        listed = cast("tuple[TwilioNumber, ...]", self._recent.known(Fact.NUMBERS) or ())
        for one in listed:
            if one.number == number and not one.application_sid:
                return Found(one), Unread()
        return await self._recent.read(
            Fact.AT_TWILIO, number, partial(find_at_twilio, self._twilio, number)
        )


async def find_at_twilio(twilio: Twilio, number: str) -> AtTwilio:
    """Find a number, and the TwiML app that owns its voice when one does."""
    there = await looked(partial(twilio.find_number, number))
    match there:
        case Found(value) if value.application_sid and not value.trunk_sid:
            return there, await looked(partial(twilio.read_application, value.application_sid))
        case _:
            return there, Unread()


async def numbers_at_vapi(vapi: Vapi, recent: Recent) -> tuple[VapiNumber, ...]:
    """Give the numbers of an organisation.

    Raises:
        VendorError: They cannot be read.
    """
    return await recent.read(Fact.VAPI_NUMBERS, "", vapi.list_numbers)


async def find_at_vapi(vapi: Vapi, number: str) -> VapiNumber | None:
    """Find a number's record; a list may mask numbers (contract: vapi.md, Phone numbers).

    Raises:
        VendorError: Vapi's numbers cannot be read.
    """
    return await _found_among(await vapi.list_numbers(), number, vapi.read_number)


async def _found_among(
    listed: tuple[VapiNumber, ...], number: str, read: Callable[[str], Awaitable[VapiNumber]]
) -> VapiNumber | None:
    for one in listed:
        if one.number == number:
            return one
        if fits_mask(one.number, number):
            with suppress(NotFound):
                unmasked = await read(one.id)
                if unmasked.number == number:
                    return unmasked
    return None
