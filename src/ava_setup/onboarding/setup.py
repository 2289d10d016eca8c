"""The use cases of a set-up: the one engine behind every front end. Knows no widget, no HTTP."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from ava_setup.onboarding import changes, chronicle, journal
from ava_setup.onboarding.assistant import AssistantMends
from ava_setup.onboarding.composing import compose
from ava_setup.onboarding.connections import Connections
from ava_setup.onboarding.creator import Creator
from ava_setup.onboarding.credentials import (
    ApiKey,
    SecretName,
    TwilioAccount,
    TwilioCredentials,
    TwilioRegion,
)
from ava_setup.onboarding.doctor import Diagnosis, Doctor
from ava_setup.onboarding.errors import (
    CredentialsRefused,
    ErrorCode,
    NotFound,
    SetupError,
    StoreError,
    Vendor,
    VendorError,
)
from ava_setup.onboarding.examining import Patient
from ava_setup.onboarding.facts import Wanted
from ava_setup.onboarding.keymaker import KeyMaker
from ava_setup.onboarding.linker import Linker
from ava_setup.onboarding.linking import CLOSED_DOORS
from ava_setup.onboarding.listening import Listener, StrayCall
from ava_setup.onboarding.outcome import refused
from ava_setup.onboarding.state import (
    Answered,
    ChosenAssistant,
    ChosenNumber,
    Connection,
    NoAssistantYet,
    TwilioAccess,
)
from ava_setup.onboarding.undoer import Undoer
from ava_setup.onboarding.verdicts import Check, Verdict
from ava_setup.words import NOTHING, Text, _

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from pydantic import SecretStr

    from ava_setup.onboarding.assistant import Assistant, AssistantDraft
    from ava_setup.onboarding.calls import Call
    from ava_setup.onboarding.number import TwilioNumber
    from ava_setup.onboarding.outcome import Consent, LinkResult
    from ava_setup.onboarding.ports import Store, Twilio, Vapi, Vault, Vendors
    from ava_setup.onboarding.profile import Profile
    from ava_setup.onboarding.state import Saved, State


class Setup:
    """One set-up of one business.

    Args:
        poll_s: Seconds between two looks for the first call.
        settle_s: Seconds between two looks at a fresh link.
    """

    def __init__(
        self,
        store: Store,
        vault: Vault,
        vendors: Vendors,
        *,
        poll_s: float = 2.5,
        settle_s: float = 1.0,
    ) -> None:
        self.store = store
        self._vault = vault
        self._vendors = vendors
        self._poll_s = poll_s
        self._settle_s = settle_s
        self._connections = Connections(store, vault, vendors)
        self.undoer = Undoer(store, self._connections)
        self._creating = asyncio.Lock()

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
        await self.store.update(lambda state: state.note(secrets=secrets, vault=place))
        # What stays for now is tried again at the next start.
        with suppress(StoreError):
            await self._connections.forget_spare_token()
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
            lambda state: state.model_copy(update={"saved": state.saved.with_typed(**answers)})
        )

    async def save_profile(self, profile: Profile) -> Profile:
        """Keep the business; its id stays the one it first had.

        An assistant that was made for it carries its address: a new one goes there too.

        Raises:
            StoreError: It could not be written.
            VendorError: It is kept, but its assistant still carries the earlier facts.
        """
        earlier = self.saved.profile
        if earlier is not None:
            profile = profile.model_copy(update={"business_id": earlier.business_id})
        await self.store.update(lambda state: changes.profile_saved(state, profile))
        chosen = self.saved.assistant
        if isinstance(chosen, ChosenAssistant) and chosen.outdated:
            await self._tell_assistant(chosen.id, profile)
        return profile

    async def _tell_assistant(self, assistant_id: str, profile: Profile) -> None:
        mends = AssistantMends(admin_email=profile.admin_email, webhook_url=profile.webhook_url)
        async with self._doing(_("Telling Vapi…")):
            vapi = await self._connections.vapi()
            # When it is gone, linking finds out and says so.
            with suppress(NotFound):
                await vapi.mend_assistant(assistant_id, mends)
            await self.store.update(changes.assistant_told)

    # Vapi

    async def connect(self, key: SecretStr) -> Connection:
        """Prove a Vapi key and keep it; the same request lists the assistants.

        Every region is tried before the key is called wrong (contract: vapi.md, Hosts, keys).

        Raises:
            CredentialsRefused: No region accepts it.
            VendorError: Vapi could not be asked.
            StoreError: It was accepted but could not be kept.
        """
        async with self._doing(_("Asking Vapi…")):
            connection, vapi, assistants = await self._first_region_that_knows(key)
            await self._connections.keep_vapi(key, vapi)
            await self.store.update(
                lambda state: changes.vapi_connected(state, connection, assistants)
            )
            return connection

    async def _first_region_that_knows(
        self, key: SecretStr
    ) -> tuple[Connection, Vapi, tuple[Assistant, ...]]:
        refusal: CredentialsRefused | None = None
        for region in self._vendors.vapi_regions:
            vapi = self._vendors.vapi(key, region)
            try:
                assistants = await vapi.list_assistants()
            except CredentialsRefused as error:
                await vapi.aclose()
                refusal = refusal or error
                continue
            except BaseException:
                await vapi.aclose()
                raise
            org_id = next((one.org_id for one in assistants if one.org_id), "")
            return Connection(region=region, org_id=org_id), vapi, assistants
        raise refusal or VendorError(ErrorCode.VAPI_KEY_REFUSED, Vendor.VAPI)

    async def list_assistants(self) -> tuple[Assistant, ...]:
        """Read the assistants anew.

        Raises:
            VendorError: They cannot be listed.
        """
        async with self._doing(_("Asking Vapi…")):
            assistants = await (await self._connections.vapi()).list_assistants()
            await self.store.update(lambda state: changes.assistants_listed(state, assistants))
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

    async def create_assistant(self, draft: AssistantDraft) -> Assistant:
        """Create an assistant and have it answer; an interrupted creation is taken up again.

        Vapi has no idempotency keys (contract: vapi.md): the intent is written first, and after
        an unseen answer the assistant is looked for by its mark, never made twice.

        Args:
            draft: What to create. Its `create_id` is replaced by that of an open intent; one that
                was finished before is the same creation once more, "" is always a new one.

        Raises:
            VendorError: It was not created.
            StoreError: The intent could not be written; nothing was asked of Vapi then.
        """
        async with self._creating, self._doing(_("Creating “{name}”…", name=draft.name)):
            vapi = await self._connections.vapi()
            creator = Creator(self.store, vapi, settle_s=self._settle_s)
            return await creator.create(draft)

    # Twilio

    async def check_twilio(self, credentials: TwilioCredentials) -> TwilioAccount:
        """Prove Twilio credentials, keep them, and see what the account holds.

        Every region is tried before well-formed credentials are called wrong (contract:
        twilio.md, Auth).

        Raises:
            VendorError: Twilio refuses them, or could not be asked.
            StoreError: They were accepted but could not be kept.
        """
        async with self._doing(_("Asking Twilio…")):
            region, twilio, account, numbers = await self._account_somewhere(credentials)
            await self._connections.keep_twilio(credentials, twilio)
            access = TwilioAccess(
                account_sid=credentials.account_sid,
                key_sid=credentials.key_sid if isinstance(credentials, ApiKey) else "",
                account_name=account.name,
                region=region,
            )
            await self.store.update(
                lambda state: changes.twilio_connected(state, access, account, numbers)
            )
            return account

    async def _account_somewhere(
        self, credentials: TwilioCredentials
    ) -> tuple[TwilioRegion, Twilio, TwilioAccount, tuple[TwilioNumber, ...]]:
        """Read an account in the first region that takes its credentials."""
        refusal: VendorError | None = None
        for region in self._vendors.twilio_regions:
            twilio = self._vendors.twilio(credentials, region)
            try:
                account, numbers = await _account_and_numbers(twilio)
            except VendorError as error:
                await twilio.aclose()
                # Elsewhere an account that is known is only unreachable, not unknown.
                if error.code is not ErrorCode.TWILIO_REFUSED and refusal is None:
                    raise
                refusal = refusal or error
            except BaseException:
                await twilio.aclose()
                raise
            else:
                return region, twilio, account, numbers
        raise refusal or VendorError(ErrorCode.TWILIO_REFUSED, Vendor.TWILIO)

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
        profile = self.saved.profile
        if profile is None:
            raise SetupError(ErrorCode.PROFILE_NEEDED)
        async with self._creating, self._doing(_("Making an API key at Twilio…")):
            maker = KeyMaker(self.store, self._connections, self._vendors, settle_s=self._settle_s)
            await maker.make(profile.business_name)

    async def list_numbers(self) -> tuple[TwilioNumber, ...]:
        """Read the account and its numbers anew.

        Raises:
            VendorError: They cannot be listed.
        """
        async with self._doing(_("Asking Twilio…")):
            account, numbers = await _account_and_numbers((await self._connections.twilio())[1])
            await self.store.update(lambda state: state.note(account=account, numbers=numbers))
            return numbers

    async def choose_number(self, number: TwilioNumber) -> None:
        """Have this number answered.

        Raises:
            StoreError: It could not be written.
        """
        chosen = ChosenNumber(sid=number.sid, number=number.number)
        await self.store.update(
            lambda state: (
                state
                if state.saved.number == chosen
                else state.save(number=chosen, linked=None, answered=None)
            ).note(checks=(), result=None)
        )

    async def forget_number(self) -> None:
        """Choose no number after all; nothing changes at a vendor.

        Raises:
            StoreError: It could not be written.
        """
        await self.store.update(
            lambda state: state.save(number=None, linked=None, answered=None).note(
                checks=(), result=None
            )
        )

    # The link

    async def link(self, consents: frozenset[Consent] = frozenset()) -> LinkResult:
        """Import the chosen number, linked, or link it where it is; prove it at both vendors.

        Never raises for what a vendor says: the result carries the problem.

        Raises:
            StoreError: The journal or the result could not be written.
        """
        async with self._doing(_("Reading Vapi and Twilio…")):
            await self.store.update(lambda state: state.note(checks=(), result=None))
            try:
                linker = await self._linker()
                assistant = self.saved.assistant
                chosen = assistant.id if isinstance(assistant, ChosenAssistant) else None
                result = await linker.link(chosen, consents)
            except VendorError as error:
                result = refused(error.problem, checks=self.store.state.live.checks)
            except SetupError as error:
                if error.code not in _MISSING:
                    raise
                result = refused(error.problem)
            chronicle.link_ended(result)
            await self.store.update(lambda state: changes.link_ended(state, result))
            return result

    async def verify(self) -> tuple[Check, ...]:
        """Read a finished link back from both vendors, changing nothing at either.

        A link that no longer holds stops being called one.

        Raises:
            VendorError: A vendor could not be asked.
            SetupError: Something that it needs is missing.
        """
        async with self._doing(_("Checking both sides…")):
            linker = await self._linker()
            linked = self.saved.linked
            if linked is None:
                raise SetupError(ErrorCode.NUMBER_NEEDED)
            checks = await linker.verify(linked.phone_number_id, linked.assistant_id)
            chronicle.checked(checks)
            if any(check.verdict is Verdict.FAILED for check in checks):
                await self.store.update(lambda state: state.save(linked=None, answered=None))
            return checks

    async def wait_for_call(self) -> Call:
        """Wait until Ava has answered a call on the linked number; polls, changes nothing.

        Calls made before the link, or before the wait when this set-up did not make the link,
        prove nothing. One that came and was not answered is noted as `live.stray`. Cancel to stop.

        Raises:
            CredentialsRefused: The Vapi key stopped working.
            SetupError: There is no link to wait on.
        """
        linked = self.saved.linked
        if linked is None:
            raise SetupError(ErrorCode.NUMBER_NEEDED)
        vapi = await self._connections.vapi()
        try:
            twilio: Twilio | None = (await self._connections.twilio())[1]
        except SetupError:
            twilio = None
        listener = Listener(
            vapi,
            twilio,
            number=linked.number,
            phone_number_id=linked.phone_number_id,
            linked_at=linked.linked_at,
            tell=self._note_stray,
            poll_s=self._poll_s,
        )
        call = await listener.first_call()
        await self._note_answered(call)
        return call

    async def _note_stray(self, stray: StrayCall) -> None:
        await self.store.update(lambda state: state.note(stray=stray))

    async def ring(self, callee: str) -> Call:
        """Have Ava ring a telephone once. It costs money: only on an explicit yes.

        Args:
            callee: E.164.

        Raises:
            VendorError: It was not placed, or nobody saw whether it was: it is not repeated.
            SetupError: There is no link to ring from.
        """
        linked = self.saved.linked
        if linked is None:
            raise SetupError(ErrorCode.NUMBER_NEEDED)
        async with self._doing(_("Vapi is placing the call…")):
            vapi = await self._connections.vapi()
            return await vapi.place_call(linked.assistant_id, linked.phone_number_id, callee)

    async def _note_answered(self, call: Call) -> None:
        chronicle.call_answered(call.id)
        answered = Answered(call_id=call.id, caller=call.caller, at=call.created_at)
        await self.store.update(lambda state: state.save(answered=answered))

    # The doctor

    async def patient(self) -> Patient:
        """Give the line of this set-up, as the doctor examines it.

        Raises:
            SetupError: No number is chosen yet.
        """
        saved = self.saved
        if saved.number is None:
            raise SetupError(ErrorCode.NUMBER_NEEDED)
        chosen, profile = saved.assistant, saved.profile
        return Patient(
            saved.number.number,
            key=await self._vault.read(SecretName.VAPI_KEY),
            region=saved.connection.region if saved.connection else None,
            credentials=await self._connections.credentials(),
            twilio_region=saved.twilio.region if saved.twilio else None,
            chosen=chosen.id if isinstance(chosen, ChosenAssistant) else None,
            business_id=profile.business_id if profile else "",
            business_name=profile.business_name if profile else "",
            vault=self._vault.place,
            wanted=Wanted(
                language=profile.callers_language if profile else None,
                greeting=compose(profile).greeting if profile else "",
                fallback=profile.fallback_number if profile else "",
                owned=journal.assistants_made(saved),
            ),
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

    # What the use cases share

    @asynccontextmanager
    async def _doing(self, activity: Text) -> AsyncIterator[None]:
        """Say what is being done while it is, and no longer."""
        await self.store.update(lambda state: state.note(activity=activity))
        try:
            yield
        finally:
            await self.store.update(lambda state: state.note(activity=NOTHING))

    async def _linker(self) -> Linker:
        profile, number = self.saved.profile, self.saved.number
        if profile is None:
            raise SetupError(ErrorCode.PROFILE_NEEDED)
        if number is None:
            raise SetupError(ErrorCode.NUMBER_NEEDED)
        vapi = await self._connections.vapi()
        credentials, twilio = await self._connections.twilio()
        return Linker(
            self.store,
            vapi,
            twilio,
            credentials,
            business_id=profile.business_id,
            label=profile.business_name,
            fallback=_fallback(self.saved, profile),
            number=number.number,
            settle_s=self._settle_s,
        )


_MISSING = frozenset(
    {
        ErrorCode.PROFILE_NEEDED,
        ErrorCode.NUMBER_NEEDED,
        ErrorCode.VAPI_KEY_NEEDED,
        ErrorCode.TWILIO_NEEDED,
    }
)


def _fallback(saved: Saved, profile: Profile) -> str | None:
    """Give the telephone that is to ring when Ava cannot answer; None leaves what there is."""
    outdated = saved.linked is not None and saved.linked.outdated
    return profile.fallback_number if profile.fallback_number or outdated else None


async def _account_and_numbers(
    twilio: Twilio,
) -> tuple[TwilioAccount, tuple[TwilioNumber, ...]]:
    """Read an account and its numbers side by side.

    Raises:
        VendorError: Either cannot be read, or the account cannot take calls.
    """
    reads = await asyncio.gather(
        twilio.read_account(), twilio.list_numbers(), return_exceptions=True
    )
    account, numbers = reads
    if isinstance(account, BaseException):
        raise account
    # A suspended account may still show itself, with its status (contract: twilio.md, Errors).
    if account.status in CLOSED_DOORS:
        raise VendorError(CLOSED_DOORS[account.status], Vendor.TWILIO)
    if isinstance(numbers, BaseException):
        raise numbers
    return account, numbers
