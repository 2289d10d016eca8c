"""Puts the engines of many businesses together: one set of clients' limits, one log for all."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ava_setup.clients.patience import RetryPolicy
from ava_setup.clients.rehearsal_wire import Rehearsal
from ava_setup.clients.vendors import HttpVendors
from ava_setup.headless.narrowed import Narrowed
from ava_setup.onboarding.errors import ErrorCode, StoreError
from ava_setup.onboarding.redaction import Redactor
from ava_setup.onboarding.setup import Setup
from ava_setup.store.lock import ProfileLock
from ava_setup.store.memory import MemoryStore
from ava_setup.store.state_file import StateFile
from ava_setup.store.state_store import StateStore
from ava_setup.store.vault import open_vault

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from ava_setup.clients.rehearsal_wire import Foretold
    from ava_setup.headless.answer_file import BusinessAnswers
    from ava_setup.onboarding.ports import Vendors
    from ava_setup.store.places import Places

# With many at work, being turned away is part of finding the pace: it must not end anybody's try.
_POLICY = RetryPolicy(tries=10, in_all=180.0)


class Workshop:
    """Opens businesses, as many at a time as asked; see `headless.fleet.Businesses`.

    Args:
        environ: Says which addresses the vendors have, if not their own.
        places: Where things are kept.
        keep_secrets: Whether the secrets of a business outlast the run.

    Raises:
        SetupError: The environment names an address that may not receive credentials.
    """

    def __init__(self, environ: Mapping[str, str], places: Places, *, keep_secrets: bool) -> None:
        self.redactor = Redactor()
        self._places = places
        self._keep_secrets = keep_secrets
        self._vendors = HttpVendors(environ, policy=_POLICY, on_secret=self.redactor.learn)

    @asynccontextmanager
    async def look(self, answers: BusinessAnswers) -> AsyncIterator[Setup]:
        """Open a business on what is kept of it, keeping nothing more.

        Raises:
            SetupError: It cannot be read.
        """
        async with self._looked_at(answers, self._vendors) as setup:
            yield setup

    @asynccontextmanager
    async def rehearse(self, answers: BusinessAnswers) -> AsyncIterator[_Rehearsed]:
        """Open a business as `look` does; nothing is written at a vendor either.

        Raises:
            SetupError: It cannot be read.
        """
        rehearsal = Rehearsal()
        try:
            async with self._looked_at(answers, self._vendors.over(rehearsal.wire)) as setup:
                yield _Rehearsed(setup, rehearsal)
        finally:
            await rehearsal.aclose()

    @asynccontextmanager
    async def _looked_at(
        self, answers: BusinessAnswers, vendors: HttpVendors
    ) -> AsyncIterator[Setup]:
        folder, learn = self._places.profile(answers.name), self.redactor.learn
        seen = await asyncio.to_thread(StateFile(folder.state).look)
        match seen:
            case ErrorCode.STATE_UNREADABLE:
                # Set aside when it is worked on.
                seen = None
            case ErrorCode():
                raise StoreError(seen, path=str(folder.state), cause="OSError")
        vault = open_vault(self._places, folder.name, keep=False, on_secret=learn)
        if self._keeps(answers):
            kept = await open_vault(self._places, folder.name, on_secret=learn).look()
            for name, secret in kept.secrets.items():
                await vault.write(name, secret)
        setup = Setup(MemoryStore(seen), vault, _narrowed(vendors, answers))
        async with aclosing(setup):
            yield setup

    @asynccontextmanager
    async def work(self, answers: BusinessAnswers) -> AsyncIterator[Setup]:
        """Open a business to set it up.

        Raises:
            SetupError: It is in use, or cannot be read.
        """
        folder = self._places.profile(answers.name)
        lock = ProfileLock(folder)
        await asyncio.to_thread(lock.acquire)
        try:
            file = StateFile(folder.state)
            loaded = await asyncio.to_thread(file.load)
            vault = open_vault(
                self._places,
                folder.name,
                keep=self._keeps(answers),
                on_secret=self.redactor.learn,
            )
            store = StateStore(file, loaded.saved)
            setup = Setup(store, vault, _narrowed(self._vendors, answers))
            async with aclosing(setup):
                yield setup
        finally:
            await asyncio.to_thread(lock.release)

    def _keeps(self, answers: BusinessAnswers) -> bool:
        # Nobody else has the secret of a key that is made here.
        return self._keep_secrets or answers.twilio.own_key


@dataclass(frozen=True, slots=True)
class _Rehearsed:
    """See `headless.fleet.Rehearsed`."""

    setup: Setup
    rehearsal: Rehearsal

    @property
    def requests(self) -> tuple[Foretold, ...]:
        return self.rehearsal.requests


def _narrowed(vendors: Vendors, answers: BusinessAnswers) -> Vendors:
    return Narrowed(vendors, answers.vapi.region, answers.twilio.region)
