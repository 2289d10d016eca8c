"""Makes an API key at Twilio that takes the auth token's place: one, whatever happens."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ava_setup.onboarding import changes, journal
from ava_setup.onboarding.credentials import ApiKey, AuthToken, MadeKey
from ava_setup.onboarding.errors import (
    CredentialsRefused,
    ErrorCode,
    NotFound,
    Rejected,
    SetupError,
    Vendor,
    VendorError,
)
from ava_setup.onboarding.state import MakeKey, Undone
from ava_setup.onboarding.undoing_keys import made_by, users_of

if TYPE_CHECKING:
    from ava_setup.onboarding.connections import Connections
    from ava_setup.onboarding.ports import Store, Twilio, Vendors

# The longest name of a key (spec).
_NAME_MAX = 64
_LATER_LOOKS = 2
# A key may not be known everywhere at Twilio in its first moments.
_PROOFS = 4


def key_name(business_name: str) -> str:
    """Name a business's key, as Twilio's console will show it."""
    return f"ava-setup for {business_name}"[:_NAME_MAX].strip()


class KeyMaker:
    """One making of one key.

    Twilio tells a key's secret once, and has no idempotency keys: the intent is written first, and
    what an unseen request made is found by its name and deleted, for nobody can ever use it.

    Args:
        settle_s: Seconds between two looks for what an unseen request may still be making.
    """

    def __init__(
        self, store: Store, connections: Connections, vendors: Vendors, *, settle_s: float
    ) -> None:
        self._store = store
        self._connections = connections
        self._vendors = vendors
        self._settle_s = settle_s

    async def make(self, business_name: str) -> None:
        """Make a key, prove it, keep it, use it from now on, and forget the auth token.

        Raises:
            SetupError: `TWILIO_KEY_REFUSED`: an API key is in use already. Nothing changed.
            VendorError: There is no key; the token is still in use.
            StoreError: The key could not be kept, and the token is still in use; or the key is in
                use, and the token could not be forgotten yet.
        """
        credentials, twilio = await self._connections.twilio()
        if not isinstance(credentials, AuthToken):
            raise SetupError(ErrorCode.TWILIO_KEY_REFUSED)
        account_sid = credentials.account_sid
        in_doubt = await self._clear(twilio, account_sid)
        intent, made = await self._create(twilio, account_sid, key_name(business_name))
        try:
            key = ApiKey(account_sid=account_sid, key_sid=made.sid, key_secret=made.secret)
            await self._prove(key)
            if in_doubt:
                # A request that nobody waited for may have come through after all.
                await self._delete_orphans(twilio, account_sid, spare=made.sid)
            await self._connections.take_up_key(
                key, lambda state: changes.key_made(state, intent, made.sid)
            )
        except SetupError:
            access = self._store.state.saved.twilio
            if access is None or access.key_sid != made.sid:
                # When this fails too, the intent is still open: the next making finds it.
                with suppress(SetupError):
                    await self._take_back(intent, made.sid)
            raise

    # Before: what earlier makings left

    async def _clear(self, twilio: Twilio, account_sid: str) -> bool:
        """Delete what earlier makings left at Twilio; tells whether some of it may still come."""
        for look in range(_LATER_LOOKS + 1):
            if not self._unseen(account_sid):
                break
            # A request that nobody waits for any more may still be on its way.
            await asyncio.sleep(self._settle_s if look else 0)
            await self._sweep(twilio, account_sid)
        saved = self._store.state.saved
        for one in self._intents(account_sid):
            # The token is in use: nobody but Vapi can still have this key's secret.
            if one.made and not users_of(one.made, journal.standing(saved)):
                await _delete(twilio, one.made)
                await self._store.update(
                    lambda state, one=one: journal.undone(state, (one,), Undone.WHOLLY)  # type: ignore[misc]
                )
        return bool(self._unseen(account_sid))

    def _intents(self, account_sid: str) -> list[MakeKey]:
        standing = journal.standing(self._store.state.saved)
        makings = [one for one in standing if isinstance(one, MakeKey)]
        return [one for one in makings if one.account_sid == account_sid]

    def _unseen(self, account_sid: str) -> list[MakeKey]:
        """Give the intents that nobody saw the end of."""
        return [one for one in self._intents(account_sid) if not one.made]

    async def _sweep(self, twilio: Twilio, account_sid: str) -> bool:
        """Delete what unseen requests made, which ends their intents; tells whether any did."""
        ended = await self._delete_orphans(twilio, account_sid)
        for one in ended:
            await self._withdraw(one)
        return bool(ended)

    async def _delete_orphans(
        self, twilio: Twilio, account_sid: str, *, spare: str = ""
    ) -> list[MakeKey]:
        """Delete the keys that unseen requests made, but for one; gives their intents."""
        keys = [one for one in await twilio.list_keys() if one.sid != spare]
        ended = []
        for intent in self._unseen(account_sid):
            orphans = made_by(intent, self._store.state.saved.journal, keys)
            for orphan in orphans:
                await _delete(twilio, orphan.sid)
            if orphans:
                ended.append(intent)
        return ended

    # The making itself

    async def _create(self, twilio: Twilio, account_sid: str, name: str) -> tuple[MakeKey, MadeKey]:
        """Send the request at most twice, deleting before the second time what the first made."""
        last = False
        while True:
            intent = MakeKey(
                account_sid=account_sid,
                name=name,
                beside=tuple(sorted(one.sid for one in await twilio.list_keys(name))),
                at=datetime.now(UTC),
            )
            await self._store.update(lambda state, one=intent: journal.opened(state, one))  # type: ignore[misc]
            try:
                return intent, await twilio.create_key(name)
            except VendorError as error:
                if not error.may_have_acted:
                    await self._withdraw(intent)
                    raise
                # Its secret is lost with the answer.
                if not await self._sweep(twilio, account_sid) or last:
                    raise
                last = True

    async def _prove(self, key: ApiKey) -> None:
        """Read the account with a key.

        Raises:
            VendorError: It could not be read.
        """
        access = self._store.state.saved.twilio
        region = access.region if access else self._vendors.twilio_regions[0]
        twilio = self._vendors.twilio(key, region)
        try:
            for proofs_left in reversed(range(_PROOFS)):
                try:
                    await twilio.read_account()
                except CredentialsRefused as error:
                    if not proofs_left:
                        raise Rejected(
                            ErrorCode.TWILIO_KEY_REFUSED,
                            Vendor.TWILIO,
                            evidence=error.problem.evidence,
                        ) from error
                    await asyncio.sleep(self._settle_s)
                else:
                    return
        finally:
            await twilio.aclose()

    async def _take_back(self, intent: MakeKey, sid: str) -> None:
        _credentials, twilio = await self._connections.twilio()
        await _delete(twilio, sid)
        await self._withdraw(intent)

    async def _withdraw(self, intent: MakeKey) -> None:
        await self._store.update(lambda state: journal.withdrawn(state, intent))


async def _delete(twilio: Twilio, sid: str) -> None:
    """Delete a key; that it is not there is what was wanted."""
    with suppress(NotFound):
        await twilio.delete_key(sid)
