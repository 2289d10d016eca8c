"""Going live: all that is written at a vendor to set a line up, in one place and in order."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from ava_setup.onboarding import changes, chronicle
from ava_setup.onboarding.activity import doing, say
from ava_setup.onboarding.creator import Creator
from ava_setup.onboarding.errors import ErrorCode, NotFound, SetupError, Vendor, VendorError
from ava_setup.onboarding.facts import Found
from ava_setup.onboarding.keymaker import KeyMaker
from ava_setup.onboarding.linker import Linker
from ava_setup.onboarding.linking import Ask, Refuse, plan_link
from ava_setup.onboarding.looking import Looker, numbers_at_vapi
from ava_setup.onboarding.outcome import refused
from ava_setup.onboarding.retelling import retold
from ava_setup.onboarding.review import foreseen, review, wanted_fallback
from ava_setup.onboarding.state import ChosenAssistant, DraftedAssistant
from ava_setup.words import _

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ava_setup.onboarding.assistant import Assistant, AssistantDraft, AssistantMends
    from ava_setup.onboarding.connections import Connections
    from ava_setup.onboarding.credentials import TwilioAccount
    from ava_setup.onboarding.linking import LinkFacts
    from ava_setup.onboarding.outcome import Consent, LinkResult
    from ava_setup.onboarding.ports import Store, Vapi, Vendors
    from ava_setup.onboarding.profile import Profile
    from ava_setup.onboarding.recent import Recent
    from ava_setup.onboarding.review_rows import Review
    from ava_setup.onboarding.state import ChosenNumber, Saved, State

_READING = _("Reading Vapi and Twilio…")


class GoingLive:
    """Makes what was chosen true at both vendors.

    Args:
        settle_s: Seconds between two looks at what a vendor may still be doing.
    """

    def __init__(
        self,
        store: Store,
        connections: Connections,
        vendors: Vendors,
        recent: Recent,
        *,
        settle_s: float,
    ) -> None:
        self._store = store
        self._connections = connections
        self._vendors = vendors
        self._recent = recent
        self._settle_s = settle_s
        self._making = asyncio.Lock()
        self._facts: LinkFacts | None = None

    @property
    def _saved(self) -> Saved:
        return self._store.state.saved

    async def review(self) -> Review:
        """Read both vendors, changing nothing, and show what going live is to do.

        Raises:
            SetupError: Something that it needs was never answered.
        """
        async with doing(self._store, _READING):
            # It was proven in this run, and is read again before anything is written.
            account = self._store.state.live.account
            is_well = account is not None and account.is_in_order
            facts = self._facts = await self._look(account if is_well else None)
            state = await self._store.update(lambda state: _reviewed(state, facts))
            if isinstance(plan_link(foreseen(state, facts)), Refuse | Ask):
                # Whoever mends it wants to see that it is mended.
                self._recent.forget()
            return review(state, facts)

    async def go_live(self, consents: frozenset[Consent]) -> LinkResult:
        """Write all that the review shows, each once; taken up where it was cut short.

        Nothing is written when the number cannot be linked in the end, or before a consent that
        linking it needs.

        Raises:
            StoreError: What was done, or is about to be, could not be kept.
        """

        async def go() -> LinkResult:
            refusal = await self._refusal(consents)
            if refusal is None:
                return await self._linked(consents, await self._prepare())
            return refusal

        return await self._ending(go)

    async def link(self, consents: frozenset[Consent]) -> LinkResult:
        """Import the chosen number, linked, or link it where it is; prove it at both vendors.

        Raises:
            StoreError: The journal or the result could not be written.
        """
        return await self._ending(lambda: self._linked(consents))

    async def link_line(
        self, number: str, chosen: str | None, consents: frozenset[Consent]
    ) -> LinkResult:
        """Import or link a number that no business here is about; prove it at both vendors.

        Args:
            number: E.164.
            chosen: Id of the assistant that is to answer, or None to take the first available.
            consents: What whoever asks has agreed to.

        Raises:
            StoreError: The journal or the result could not be written.
        """

        async def link() -> LinkResult:
            linker = await self._linker_of(number, business_id="", label=number, fallback=None)
            return await linker.link(chosen, consents)

        return await self._ending(link)

    async def _ending(self, work: Callable[[], Awaitable[LinkResult]]) -> LinkResult:
        """Make a result of whatever a vendor says, and keep it."""
        async with doing(self._store, _READING):
            await self._store.update(lambda state: state.note(checks=(), result=None))
            try:
                result = await work()
            except VendorError as error:
                result = refused(error.problem, checks=self._store.state.live.checks)
            except SetupError as error:
                if error.code not in _TOLD:
                    raise
                result = refused(error.problem)
            chronicle.link_ended(result)
            if not result.success:
                self._recent.forget()
            if self._facts is not None and not result.success:
                # What was done before it failed is not said to be still to do.
                facts = _with_assistants(self._facts, self._store.state)
                await self._store.update(lambda state: _reviewed(state, facts))
            await self._store.update(lambda state: changes.link_ended(state, result))
            return result

    # Before: whether it can be done at all

    async def _refusal(self, consents: frozenset[Consent]) -> LinkResult | None:
        """Say why the number could not be linked once the rest is made; None when it could.

        Linking looks for itself: only what is written before it needs a look of its own, which
        linking then believes as far as those writes cannot have changed it.
        """
        choice = self._saved.assistant
        outdated = isinstance(choice, ChosenAssistant) and choice.outdated
        if not (isinstance(choice, DraftedAssistant) or outdated or self._saved.own_key):
            return None
        facts = foreseen(self._store.state, await self._look())
        match plan_link(replace(facts, consents=consents)):
            case Refuse(problem):
                return refused(problem)
            case Ask(consent, problem):
                return refused(problem, consent=consent)
            case _:
                return None

    async def read_ahead(self) -> None:
        """Read what the review is going to ask Vapi for; what cannot be read, it asks itself."""
        with suppress(SetupError):
            await numbers_at_vapi(await self._connections.vapi(), self._recent)

    async def _look(self, account: TwilioAccount | None = None) -> LinkFacts:
        profile, number = self._what_for()
        vapi = await self._connections.vapi()
        _credentials, twilio = await self._connections.twilio()
        choice = self._saved.assistant
        return await Looker(self._store, vapi, twilio, self._recent).look(
            number=number.number,
            business_id=profile.business_id,
            enough=() if isinstance(choice, DraftedAssistant) and not choice.of else None,
            account=account,
        )

    # What is written

    async def _prepare(self) -> Assistant | None:
        """Write what comes before the link; whatever is done already is not done again.

        Returns:
            The assistant, when it is a new one.
        """
        # None of it touches the account, or the number at either vendor.
        made, uphold = None, self._recent.upheld()
        if self._saved.own_key:
            await self._take_own_key()
        match self._saved.assistant:
            case ChosenAssistant(outdated=True) as choice:
                await self._tell(choice)
            case DraftedAssistant(draft=draft, of=""):
                made = await self.create(draft)
            case DraftedAssistant(draft=draft, of=assistant_id):
                await self._renew(assistant_id, draft)
            case _:
                pass
        uphold()
        await say(self._store, _READING)
        return made

    async def _take_own_key(self) -> None:
        """Make the wanted key; refused, it is wanted no more, and the token stays in use."""
        try:
            await self.make_key()
        except SetupError as error:
            if error.code is ErrorCode.TWILIO_KEY_REFUSED:
                await self._store.update(lambda state: state.save(own_key=False))
            raise

    async def make_key(self) -> None:
        """Have Twilio make an API key, use it from now on, and forget the auth token.

        Raises:
            SetupError: `TWILIO_KEY_REFUSED`: an API key is in use already. Nothing changed.
            VendorError: There is no key; the token is still in use.
            StoreError: The key could not be kept, and the token is still in use; or the key is in
                use, and the token could not be forgotten yet.
        """
        profile = self._profile()
        async with self._making, doing(self._store, _("Making an API key at Twilio…")):
            maker = KeyMaker(self._store, self._connections, self._vendors, settle_s=self._settle_s)
            await maker.make(profile.business_name)

    async def create(self, draft: AssistantDraft) -> Assistant:
        """Create an assistant and have it answer; an interrupted creation is taken up again.

        Raises:
            VendorError: It was not created.
            StoreError: The intent could not be written; nothing was asked of Vapi then.
        """
        async with self._making, doing(self._store, _("Creating “{name}”…", name=draft.name)):
            vapi = await self._connections.vapi()
            made = await Creator(self._store, vapi, settle_s=self._settle_s).create(draft)
            self._recent.wrote(made)
            return made

    async def _renew(self, assistant_id: str, draft: AssistantDraft) -> None:
        """Have an assistant that was made for this business be as it is drafted now."""
        async with doing(self._store, _("Telling Vapi…")):
            vapi = await self._connections.vapi()
            renewed = await vapi.update_assistant(assistant_id, draft)
            self._recent.wrote(renewed)
            await self._store.update(lambda state: changes.assistant_made(state, renewed, draft))

    async def _tell(self, choice: ChosenAssistant) -> None:
        """Have an assistant of ours carry the business's facts of today, and read it back."""
        profile = self._profile()
        async with doing(self._store, _("Telling Vapi…")):
            vapi = await self._connections.vapi()
            try:
                there = await vapi.read_assistant(choice.id)
                wanted = retold(there, choice, profile)
                if wanted.mends:
                    there = await self._write(vapi, there, wanted.mends)
            except NotFound:
                # Linking finds out and says so.
                self._recent.forget()
                await self._store.update(changes.assistant_lost)
                return
            self._recent.wrote(there)
            told = partial(changes.assistant_told, assistant=there, draft=wanted.draft)
            await self._store.update(told)

    async def _write(self, vapi: Vapi, there: Assistant, mends: AssistantMends) -> Assistant:
        """Change an assistant, and see that it is so.

        Raises:
            VendorError: It is not, or nobody could see.
        """
        profile = self._profile()
        state = await self._store.update(lambda state: changes.assistant_telling(state, profile))
        await vapi.mend_assistant(there.id, mends)
        there = await vapi.read_assistant(there.id)
        choice = state.saved.assistant
        if isinstance(choice, ChosenAssistant) and retold(there, choice, profile).mends:
            raise VendorError(ErrorCode.ASSISTANT_UNTOLD, Vendor.VAPI)
        return there

    async def _linked(
        self, consents: frozenset[Consent], made: Assistant | None = None
    ) -> LinkResult:
        linker, choice = await self.linker(), self._saved.assistant
        chosen = choice.id if isinstance(choice, ChosenAssistant) else None
        return await linker.link(chosen, consents, made=made)

    async def linker(self) -> Linker:
        """Give what links the chosen number, or reads its link back.

        Raises:
            SetupError: Something that it needs was never answered.
        """
        profile, number = self._what_for()
        return await self._linker_of(
            number.number,
            business_id=profile.business_id,
            label=profile.business_name,
            fallback=wanted_fallback(self._saved),
        )

    async def _linker_of(
        self, number: str, *, business_id: str, label: str, fallback: str | None
    ) -> Linker:
        vapi = await self._connections.vapi()
        credentials, twilio = await self._connections.twilio()
        return Linker(
            self._store,
            vapi,
            twilio,
            credentials,
            business_id=business_id,
            label=label,
            fallback=fallback,
            number=number,
            settle_s=self._settle_s,
            recent=self._recent,
        )

    def _what_for(self) -> tuple[Profile, ChosenNumber]:
        if self._saved.number is None:
            self._profile()
            raise SetupError(ErrorCode.NUMBER_NEEDED)
        return self._profile(), self._saved.number

    def _profile(self) -> Profile:
        if self._saved.profile is None:
            raise SetupError(ErrorCode.PROFILE_NEEDED)
        return self._saved.profile


def _reviewed(state: State, facts: LinkFacts) -> State:
    return changes.reviewed(state, review(state, facts))


def _with_assistants(facts: LinkFacts, state: State) -> LinkFacts:
    """Bring facts up to date with the assistants listed or made since."""
    listed = state.live.assistants
    return facts if listed is None else replace(facts, assistants=Found(listed))


# What is told as the result of an attempt; anything else that fails is a fault of this computer.
_TOLD = frozenset(
    {
        ErrorCode.PROFILE_NEEDED,
        ErrorCode.NUMBER_NEEDED,
        ErrorCode.VAPI_KEY_NEEDED,
        ErrorCode.TWILIO_NEEDED,
        ErrorCode.TWILIO_KEY_REFUSED,
    }
)
