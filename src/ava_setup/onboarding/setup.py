"""The use cases of a set-up: the one engine behind every front end. Knows no widget, no HTTP."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from pydantic import SecretStr

from ava_setup.onboarding import changes
from ava_setup.onboarding.activity import doing
from ava_setup.onboarding.admitting import admitted
from ava_setup.onboarding.connecting import (
    account_and_numbers,
    twilio_that_knows,
    vapi_that_knows,
)
from ava_setup.onboarding.connections import Connections
from ava_setup.onboarding.credentials import (
    ApiKey,
    SecretName,
    TwilioAccount,
    TwilioCredentials,
)
from ava_setup.onboarding.doctor import Diagnosis, Doctor
from ava_setup.onboarding.drafting import drafted
from ava_setup.onboarding.errors import StoreError
from ava_setup.onboarding.facts import Found
from ava_setup.onboarding.going_live import GoingLive
from ava_setup.onboarding.number import region_of
from ava_setup.onboarding.proving import Proving
from ava_setup.onboarding.recent import BELIEVED_S, Fact, Recent
from ava_setup.onboarding.sources import TYPED, FoundKeys, OfferedKey, Source, offer_of
from ava_setup.onboarding.state import (
    ChosenNumber,
    Connection,
    NoAssistantYet,
    TwilioAccess,
)
from ava_setup.onboarding.undoer import Undoer
from ava_setup.words import _

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ava_setup.onboarding.assistant import Assistant, AssistantDraft
    from ava_setup.onboarding.calls import Call
    from ava_setup.onboarding.examining import Patient
    from ava_setup.onboarding.number import TwilioNumber
    from ava_setup.onboarding.outcome import Consent, LinkResult
    from ava_setup.onboarding.ports import KeysAround, Store, Vault, Vendors
    from ava_setup.onboarding.profile import Profile
    from ava_setup.onboarding.review_rows import Review
    from ava_setup.onboarding.state import Saved, State
    from ava_setup.onboarding.verdicts import Check

# What is read ahead may keep nobody waiting for much longer than a request takes.
_AHEAD_S = 0.3


class Setup:
    """One set-up of one business.

    Args:
        around: Finds keys on this computer, to be offered; None offers none.
        first: Done at the end of `open`: answers what is known already.
        poll_s: Seconds between two looks for the first call.
        settle_s: Seconds between two looks at a fresh link.
        believed_s: Seconds for which what was read need not be read again; 0 always reads.
    """

    def __init__(
        self,
        store: Store,
        vault: Vault,
        vendors: Vendors,
        *,
        around: KeysAround | None = None,
        first: Callable[[Setup], Awaitable[None]] | None = None,
        poll_s: float = 2.5,
        settle_s: float = 1.0,
        believed_s: float = BELIEVED_S,
    ) -> None:
        self.store = store
        self._vault = vault
        self._vendors = vendors
        self._poll_s = poll_s
        self._settle_s = settle_s
        self._around = around
        self._first = first
        self._found: tuple[FoundKeys, ...] = ()
        self._connections = Connections(store, vault, vendors)
        self._recent = Recent(store, believed_s=believed_s)
        self._live = GoingLive(store, self._connections, vendors, self._recent, settle_s=settle_s)
        self._proof = Proving(store, self._connections, poll_s=poll_s)
        self.undoer = Undoer(store, self._connections)

    @property
    def saved(self) -> Saved:
        """What is kept."""
        return self.store.state.saved

    async def open(self) -> State:
        """Look for saved secrets; to be called once, first.

        A key that was accepted at another address than today's is asked for again: it is never
        sent where it was not meant to go.

        Raises:
            StoreError: The vault cannot be read.
        """
        secrets = await self._vault.load()
        place, vendors = self._vault.place, self._vendors
        await self.store.update(
            lambda state: changes.opened(state, vendors.vapi_regions, vendors.twilio_regions)
        )
        self._found = await self._around.look() if self._around else ()
        offered = tuple(map(offer_of, self._found))
        await self.store.update(
            lambda state: state.note(
                at_start=state.saved, secrets=secrets, vault=place, offered=offered
            )
        )
        # What stays for now is tried again at the next start.
        with suppress(StoreError):
            await self._connections.forget_spare_token()
        if self._first is not None:
            await self._first(self)
        return self.store.state

    async def aclose(self) -> None:
        """Close the connections; what is kept stays."""
        await self._connections.aclose()

    async def remember(self, answers: dict[str, str]) -> None:
        """Keep what was typed so far, as typed. Never called with a secret field.

        Raises:
            StoreError: It could not be written.
        """
        await self.store.update(
            lambda state: replace(state, saved=state.saved.with_typed(**answers))
        )

    async def save_profile(self, profile: Profile) -> Profile:
        """Keep the business; its id stays the one it first had.

        An assistant that was made for it carries its address: going live takes a new one there.

        Raises:
            StoreError: It could not be written.
        """
        earlier, number = self.saved.profile, self.saved.number
        kept = {"country": (number and region_of(number.number)) or ""}
        if earlier is not None:
            kept["business_id"] = earlier.business_id
        profile = profile.model_copy(update=kept)
        await self.store.update(lambda state: changes.profile_saved(state, profile))
        return profile

    # What is offered

    async def use_offered(self, offer: OfferedKey) -> None:
        """Prove and keep keys that were found on this computer.

        Args:
            offer: One of `live.offered`.

        Raises:
            VendorError: The vendor refuses them, or could not be asked.
            StoreError: They were accepted but could not be kept.
        """
        found = next(one for one in self._found if offer_of(one) == offer)
        if isinstance(found.keys, SecretStr):
            await self.connect(found.keys, source=found.source)
        else:
            await self.take_twilio(found.keys, source=found.source)

    # Vapi

    async def connect(self, key: SecretStr, *, source: Source = TYPED) -> Connection:
        """Prove a Vapi key and keep it; the same request lists the assistants.

        Every region is tried before the key is called wrong (contract: vapi.md, Hosts, keys).

        Raises:
            CredentialsRefused: No region accepts it.
            VendorError: Vapi could not be asked.
            StoreError: It was accepted but could not be kept.
        """
        async with doing(self.store, _("Asking Vapi…")):
            at = self._recent.now
            region, vapi, assistants = await vapi_that_knows(self._vendors, key)
            connection = await self._connections.keep_vapi(key, region, vapi)
            state = await self.store.update(
                lambda state: changes.vapi_connected(state, connection, assistants).note(
                    vapi_source=source
                )
            )
            self._recent.note(Fact.ASSISTANTS, Found(assistants), at=at)
            return state.saved.connection or connection

    async def list_assistants(self) -> tuple[Assistant, ...]:
        """Read the assistants anew.

        Raises:
            VendorError: They cannot be listed.
        """
        async with doing(self.store, _("Asking Vapi…")):
            at = self._recent.now
            assistants = await (await self._connections.vapi()).list_assistants()
            await self.store.update(lambda state: changes.assistants_listed(state, assistants))
            self._recent.note(Fact.ASSISTANTS, Found(assistants), at=at)
            return assistants

    async def choose_assistant(self, assistant: Assistant) -> None:
        """Have this assistant answer.

        Raises:
            StoreError: It could not be written.
        """
        await self.store.update(lambda state: changes.assistant_chosen(state, assistant))

    async def assistant_later(self) -> None:
        """Go on without an assistant: linking will ask for one.

        Raises:
            StoreError: It could not be written.
        """
        await self.store.update(lambda state: changes.answered_by(state, NoAssistantYet()))

    async def draft_assistant(self, draft: AssistantDraft, *, of: str = "") -> None:
        """Have an assistant answer that is yet to be created: going live does it, once.

        Args:
            draft: As it is to be; a `create_id` of "" is that of the draft before, if there is one.
            of: Id of the assistant at Vapi that is to become so; "" makes a new one.

        Raises:
            StoreError: It could not be written.
        """
        await self.store.update(
            lambda state: changes.answered_by(state, drafted(draft, state.saved, of))
        )

    async def create_assistant(self, draft: AssistantDraft) -> Assistant:
        """Create an assistant at once and have it answer; an interrupted creation is taken up.

        Vapi has no idempotency keys (contract: vapi.md): the intent is written first, and after
        an unseen answer the assistant is looked for by its mark, never made twice.

        Args:
            draft: What to create. Its `create_id` is replaced by that of an open intent; one that
                was finished before is the same creation once more, "" is always a new one.

        Raises:
            VendorError: It was not created.
            StoreError: The intent could not be written; nothing was asked of Vapi then.
        """
        return await self._live.create(draft)

    # Twilio

    async def check_twilio(
        self, credentials: TwilioCredentials, *, source: Source = TYPED
    ) -> TwilioAccount:
        """Prove Twilio credentials, keep them, and see what the account holds.

        Every region is tried before well-formed credentials are called wrong (contract:
        twilio.md, Auth).

        Raises:
            VendorError: Twilio refuses them, or could not be asked.
            StoreError: They were accepted but could not be kept.
        """
        async with doing(self.store, _("Asking Twilio…")):
            at = self._recent.now
            region, twilio, account, numbers = await twilio_that_knows(self._vendors, credentials)
            await self._connections.keep_twilio(credentials, twilio)
            access = TwilioAccess(
                account_sid=credentials.account_sid,
                key_sid=credentials.key_sid if isinstance(credentials, ApiKey) else "",
                account_name=account.name,
                region=region,
            )
            await self.store.update(
                lambda state: changes.twilio_connected(state, access, account, numbers).note(
                    twilio_source=source
                )
            )
            self._note_account(account, numbers, at)
            return account

    async def take_twilio(
        self, credentials: TwilioCredentials, *, source: Source = TYPED
    ) -> TwilioAccount:
        """Do as `check_twilio`, and read meanwhile what the review asks Vapi for.

        Raises:
            VendorError: Twilio refuses them, or could not be asked.
            StoreError: They were accepted but could not be kept.
        """
        ahead = asyncio.ensure_future(self._live.read_ahead())
        try:
            account = await self.check_twilio(credentials, source=source)
            await asyncio.wait({ahead}, timeout=_AHEAD_S)
        finally:
            ahead.cancel()
        return account

    async def connect_both(self, key: SecretStr, credentials: TwilioCredentials) -> None:
        """Prove the keys of both vendors side by side, and keep those that are accepted.

        Raises:
            VendorError: A vendor refuses its keys, or could not be asked; of two, Vapi's.
            StoreError: They were accepted but could not be kept.
        """
        ends = await asyncio.gather(
            self.connect(key), self.check_twilio(credentials), return_exceptions=True
        )
        for end in ends:
            if isinstance(end, BaseException):
                raise end

    def _note_account(
        self, account: TwilioAccount, numbers: tuple[TwilioNumber, ...], at: float
    ) -> None:
        self._recent.note(Fact.ACCOUNT, Found(account), at=at)
        self._recent.note(Fact.NUMBERS, numbers, at=at)

    async def read_balance(self) -> None:
        """Read what the Twilio account has left, to be shown; only what is known of it changes.

        Raises:
            SetupError: No credentials are known.
        """
        _credentials, twilio = await self._connections.twilio()
        balance = await twilio.read_balance()
        await self.store.update(lambda state: changes.balance_read(state, balance))

    async def want_key(self, *, wanted: bool) -> None:
        """Note whether going live is to make an API key that takes the auth token's place.

        Raises:
            StoreError: It could not be written.
        """
        if wanted != self.saved.own_key:
            await self.store.update(lambda state: state.save(own_key=wanted))

    async def make_key(self) -> None:
        """Have Twilio make an API key, use it from now on, and forget the auth token.

        An import then hands Vapi the key. An interrupted making is taken up again: never are two
        keys left behind, and at every moment the token or the key is kept.

        Raises:
            SetupError: `TWILIO_KEY_REFUSED`: an API key is in use already. Nothing changed.
            VendorError: There is no key; the token is still in use.
            StoreError: The key could not be kept, and the token is still in use; or the key is in
                use, and the token could not be forgotten yet.
        """
        await self._live.make_key()

    async def list_numbers(self) -> tuple[TwilioNumber, ...]:
        """Read the account and its numbers anew.

        Raises:
            VendorError: They cannot be listed.
        """
        async with doing(self.store, _("Asking Twilio…")):
            at = self._recent.now
            account, numbers = await account_and_numbers((await self._connections.twilio())[1])
            await self.store.update(lambda state: state.note(account=account, numbers=numbers))
            self._note_account(account, numbers, at)
            return numbers

    async def choose_number(self, number: TwilioNumber) -> None:
        """Have this number answered.

        Raises:
            StoreError: It could not be written.
        """
        chosen = ChosenNumber(sid=number.sid, number=number.number)
        await self.store.update(lambda state: changes.number_chosen(state, chosen))

    # Going live

    async def review(self) -> Review:
        """Read both vendors, changing nothing, and show what going live is to do.

        Raises:
            SetupError: Something that it needs was never answered.
        """
        return await self._live.review()

    async def go_live(self, consents: frozenset[Consent] = frozenset()) -> LinkResult:
        """Write all that the review shows, each once; taken up where it was cut short.

        An API key is made first if one is wanted, then the drafted assistant, then the number is
        linked. Nothing is written when it could not be linked in the end, or before a consent
        that it needs. Never raises for what a vendor says: the result carries the problem.

        Raises:
            StoreError: What was done, or is about to be, could not be kept.
        """
        return await self._live.go_live(consents)

    async def link(self, consents: frozenset[Consent] = frozenset()) -> LinkResult:
        """Import the chosen number, linked, or link it where it is; prove it at both vendors.

        Never raises for what a vendor says: the result carries the problem.

        Raises:
            StoreError: The journal or the result could not be written.
        """
        return await self._live.link(consents)

    # The proof

    async def link_line(
        self, number: str, chosen: str | None, consents: frozenset[Consent] = frozenset()
    ) -> LinkResult:
        """Import or link a number that no business here is about, as `link` does.

        Args:
            number: E.164.
            chosen: Id of the assistant that is to answer, or None to take the first available.
            consents: What whoever asks has agreed to.

        Raises:
            StoreError: The journal or the result could not be written.
        """
        return await self._live.link_line(number, chosen, consents)

    async def verify(self) -> tuple[Check, ...]:
        """Read a finished link back from both vendors, changing nothing at either.

        A link that no longer holds stops being called one.

        Raises:
            VendorError: A vendor could not be asked.
            SetupError: Something that it needs is missing.
        """
        async with doing(self.store, _("Checking both sides…")):
            return await self._proof.verify(await self._live.linker())

    async def wait_for_call(self) -> Call:
        """Wait until Ava has answered a call on the linked number; polls, changes nothing.

        Calls made before the link, or before the wait when this set-up did not make the link,
        prove nothing. One that came and was not answered is noted as `live.stray`. Cancel to stop.

        Raises:
            CredentialsRefused: The Vapi key stopped working.
            SetupError: There is no link to wait on.
        """
        return await self._proof.wait_for_call()

    async def follow_call(self) -> None:
        """Follow the call that proved it until Vapi has told all of it, as `live.followed`.

        What was said is never kept on this computer. Cancel to stop.

        Raises:
            CredentialsRefused: The Vapi key stopped working.
            SetupError: No call was answered yet.
        """
        await self._proof.follow_call()

    async def answering(self) -> Assistant:
        """Read the assistant that answers, as Vapi has it now.

        Raises:
            VendorError: It could not be read.
            SetupError: There is no link.
        """
        return await self._proof.answering()

    async def ring(self, callee: str) -> Call:
        """Have Ava ring a telephone once. It costs money: only on an explicit yes.

        Args:
            callee: E.164.

        Raises:
            VendorError: It was not placed, or nobody saw whether it was: it is not repeated.
            SetupError: There is no link to ring from.
        """
        return await self._proof.ring(callee)

    # The doctor

    async def patient(self) -> Patient:
        """Give the line of this set-up, as the doctor examines it.

        Raises:
            SetupError: No number is chosen yet.
        """
        return admitted(
            self.saved,
            key=await self._vault.read(SecretName.VAPI_KEY),
            credentials=await self._connections.credentials(),
            vault=self._vault.place,
        )

    async def doctor(self, tell: Callable[[Diagnosis], None] = lambda _diagnosis: None) -> Doctor:
        """Call the doctor for this set-up's line; close it afterwards.

        Raises:
            SetupError: No number is chosen yet.
        """
        return Doctor(
            self.store,
            self._vendors,
            await self.patient(),
            tell=tell,
            settle_s=self._settle_s,
            poll_s=self._poll_s,
        )
