"""Makes one business what its answers say: the steps of the wizard, taken without a screen."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from ava_setup.headless.answer_file import ExistingAssistant, FirstAvailable, NewAssistant
from ava_setup.onboarding.assistant import VOICES, AssistantDraft, first_available
from ava_setup.onboarding.composing import compose, suggested_name
from ava_setup.onboarding.errors import ErrorCode, SetupError, Vendor, VendorError
from ava_setup.onboarding.number import region_of, spaced
from ava_setup.onboarding.profile import Profile
from ava_setup.onboarding.sources import TYPED

if TYPE_CHECKING:
    from pydantic import SecretStr

    from ava_setup.headless.answer_file import BusinessAnswers, TwilioAnswers
    from ava_setup.onboarding.credentials import TwilioCredentials
    from ava_setup.onboarding.outcome import Consent, LinkResult
    from ava_setup.onboarding.review_rows import Review
    from ava_setup.onboarding.setup import Setup
    from ava_setup.onboarding.sources import Source

# What a business and its assistant are known by on any computer follows from its name in the file.
_BUSINESSES = UUID("6f1c5f2e-2d5e-5c57-9d4b-0a3c4f6f5a11")


@dataclass(frozen=True, slots=True)
class Keys:
    """A business's secrets, fetched."""

    vapi: SecretStr
    twilio: TwilioCredentials


class Applier:
    """One business on its way.

    Args:
        setup: Its engine, not opened yet.
    """

    def __init__(self, setup: Setup, answers: BusinessAnswers, keys: Keys) -> None:
        self._setup = setup
        self._answers = answers
        self._keys = keys

    async def prepare(self) -> None:
        """Answer every step of the wizard; reads both vendors, and writes at neither.

        Raises:
            SetupError: A vendor refuses something, or has not got it.
        """
        setup, answers = self._setup, self._answers
        await setup.open()
        profile = await setup.save_profile(profile_of(answers))
        await setup.connect(self._keys.vapi)
        await choose_assistant(setup, answers, profile)
        await enter_twilio(setup, answers.twilio, self._keys.twilio)
        await choose_number(setup, answers.phone.number)

    async def review(self) -> Review:
        """Say what going live is to do; writes nothing."""
        return await self._setup.review()

    async def go_live(self, consents: frozenset[Consent]) -> LinkResult:
        """Write it.

        Raises:
            StoreError: What was done, or is about to be, could not be kept.
        """
        return await self._setup.go_live(consents)


async def choose_assistant(setup: Setup, answers: BusinessAnswers, profile: Profile) -> None:
    """Choose or draft who is to answer, once Vapi is connected.

    Raises:
        VendorError: It is not there.
    """
    known = setup.store.state.live.assistants or ()
    match answers.assistant:
        case ExistingAssistant(id=assistant_id):
            found = next((one for one in known if one.id == assistant_id), None)
            if found is None:
                raise VendorError(ErrorCode.ASSISTANT_GONE, Vendor.VAPI)
            await setup.choose_assistant(found)
        case FirstAvailable():
            await setup.assistant_later()
        case NewAssistant() as wanted:
            # Its number is chosen later, and is of the country that it is to speak for.
            country = region_of(answers.phone.number) or ""
            draft = draft_of(profile.model_copy(update={"country": country}), wanted)
            ours = [one for one in known if one.business_id == profile.business_id]
            same = next((one for one in ours if one.create_id == draft.create_id), None)
            newest = first_available(tuple(ours), profile.business_id)
            if same is not None:
                await setup.choose_assistant(same)
            else:
                # One that was made for this business before is changed, not doubled.
                await setup.draft_assistant(draft, of=newest.id if newest else "")


async def enter_twilio(
    setup: Setup,
    answers: TwilioAnswers,
    credentials: TwilioCredentials,
    *,
    source: Source = TYPED,
) -> None:
    """Prove the credentials, and list the account's numbers.

    Raises:
        SetupError: Twilio refuses them, or could not be asked.
    """
    known = setup.saved.twilio
    kept = "twilio-api-secret" in setup.store.state.live.secrets
    is_known = known is not None and known.account_sid == answers.account_sid and kept
    if answers.own_key and known is not None and known.key_sid and is_known:
        # A key was made already, and is kept: the token would make another.
        await setup.list_numbers()
        return
    await setup.take_twilio(credentials, source=source)
    await setup.want_key(wanted=answers.own_key)


async def choose_number(setup: Setup, wanted: str) -> None:
    """Choose the number, once the account's are listed.

    Raises:
        SetupError: The account has not got it.
    """
    numbers = setup.store.state.live.numbers or ()
    found = next((one for one in numbers if one.number == wanted), None)
    if found is None:
        raise SetupError(ErrorCode.NUMBER_NOT_IN_ACCOUNT, number=spaced(wanted))
    await setup.choose_number(found)


def profile_of(answers: BusinessAnswers) -> Profile:
    """Give a business as the engine knows it."""
    profile = answers.profile
    return Profile(
        business_id=answers.id or uuid5(_BUSINESSES, answers.name).hex,
        business_name=profile.business_name,
        admin_email=profile.email,
        trade=profile.trade,
        opening_hours=profile.opening_hours,
        callers_language=profile.callers_language,
        time_zone=profile.time_zone,
        fallback_number=answers.phone.fallback,
        webhook_url=answers.vapi.webhook_url,
    )


def draft_of(profile: Profile, wanted: NewAssistant) -> AssistantDraft:
    """Draft the assistant: the template, as far as nothing else is wanted.

    Its `create_id` follows from all of it: the same draft is the same creation, on any computer.
    """
    ready = compose(profile)
    draft = AssistantDraft(
        name=wanted.name or suggested_name(profile),
        greeting=wanted.greeting or ready.greeting,
        instructions=wanted.instructions or ready.instructions,
        voice=wanted.voice or VOICES[profile.callers_language][0],
        recorded=wanted.recorded,
        language=profile.callers_language,
        admin_email=profile.admin_email,
        business_id=profile.business_id,
        create_id="",
        webhook_url=profile.webhook_url,
    )
    whole = json.dumps(asdict(draft), sort_keys=True, ensure_ascii=False)
    return replace(draft, create_id=uuid5(UUID(profile.business_id), whole).hex)
