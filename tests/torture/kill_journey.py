"""A set-up as the wizard walks it: to the first step that does not hold, asking what is missing."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx
from pydantic import SecretStr

from ava_setup.onboarding.assistant import VOICES, AssistantDraft, first_available
from ava_setup.onboarding.checks import all_passed
from ava_setup.onboarding.choosing import most_sensible
from ava_setup.onboarding.composing import compose, suggested_name
from ava_setup.onboarding.credentials import AuthToken
from ava_setup.onboarding.profile import Profile
from ava_setup.onboarding.state import NoAssistantYet
from ava_setup.onboarding.steps import StepId, first_open
from tests.torture.kill_points import Log, asked

if TYPE_CHECKING:
    from ava_setup.onboarding.setup import Setup

BUSINESS = {
    "business-name": "Plomberie Martin",
    "email": "contact@plomberie-martin.example",
    "opening-hours": "Lun-Ven 9h-18h",
}
_CALLER = "+33199009999"
_STEPS_MAX = 20


@dataclass(frozen=True)
class Person:
    """Who answers the questions.

    Attributes:
        makes_key: Has an API key made in place of the auth token, before the number is linked.
    """

    control_url: str
    vapi_key: str
    account_sid: str
    auth_token: str
    makes_key: bool = False


class Walk:
    """One run of the program, from wherever the last one was stopped."""

    def __init__(self, setup: Setup, person: Person, log: Log) -> None:
        self._setup = setup
        self._person = person
        self._log = log

    async def to_the_end(self) -> None:
        """Go through every step that does not hold, and through the proof.

        Raises:
            RuntimeError: A step does not come to hold.
        """
        ways = {
            StepId.BUSINESS: self._business,
            StepId.VAPI: self._vapi,
            StepId.ASSISTANT: self._assistant,
            StepId.TWILIO: self._twilio,
            StepId.NUMBER: self._number,
            StepId.REVIEW: self._review,
            StepId.PROOF: self._proof,
        }
        for _ in range(_STEPS_MAX):
            step = first_open(self._setup.store.state)
            await ways[step]()
            if step is StepId.PROOF and self._setup.saved.answered is not None:
                return
        raise RuntimeError(f"never past {first_open(self._setup.store.state)}")

    async def _business(self) -> None:
        await self._type(BUSINESS)
        typed = self._setup.saved.typed
        await self._setup.save_profile(
            Profile(
                business_name=typed["business-name"],
                admin_email=typed["email"],
                opening_hours=typed["opening-hours"],
            )
        )

    async def _type(self, answers: dict[str, str]) -> None:
        """Fill the fields that are empty."""
        missing = {
            name: answer for name, answer in answers.items() if name not in self._setup.saved.typed
        }
        for name, answer in missing.items():
            with asked(self._log, [name]):
                await self._setup.remember({name: answer})

    async def _vapi(self) -> None:
        with asked(self._log, ["vapi-key"]):
            await self._setup.connect(SecretStr(self._person.vapi_key))

    async def _assistant(self) -> None:
        profile = self._setup.saved.profile
        assert profile is not None
        listed = self._setup.store.state.live.assistants
        if listed is None:
            listed = await self._setup.list_assistants()
        ours = tuple(one for one in listed if one.business_id == profile.business_id)
        highlighted = first_available(ours, profile.business_id)
        with asked(self._log, ["assistant"]):
            if highlighted is not None:
                await self._setup.choose_assistant(highlighted)
                return
            ready = compose(profile)
            await self._setup.draft_assistant(
                AssistantDraft(
                    name=suggested_name(profile),
                    greeting=ready.greeting,
                    instructions=ready.instructions,
                    voice=VOICES[profile.callers_language][0],
                    recorded=False,
                    language=profile.callers_language,
                    admin_email=profile.admin_email,
                    business_id=profile.business_id,
                    create_id="",
                )
            )

    async def _twilio(self) -> None:
        await self._type({"account-sid": self._person.account_sid})
        with asked(self._log, ["auth-token"]):
            await self._setup.want_key(wanted=self._person.makes_key)
            await self._setup.check_twilio(
                AuthToken(
                    account_sid=self._setup.saved.typed["account-sid"],
                    auth_token=SecretStr(self._person.auth_token),
                )
            )

    async def _number(self) -> None:
        if self._setup.store.state.live.numbers is None:
            await self._setup.list_numbers()
        number = most_sensible(self._setup.store.state.live.numbers or (), "")
        assert number is not None
        with asked(self._log, ["number"]):
            await self._setup.choose_number(number)

    async def _review(self) -> None:
        result = await self._setup.go_live()
        # A question here would be one about a link that this very set-up has made.
        if result.consent is not None:
            self._log.tell(f"asked consent {result.consent}")
        if not result.success:
            code = result.problem.code if result.problem else result.outcome
            raise RuntimeError(f"not linked: {code}")

    async def _proof(self) -> None:
        assert not isinstance(self._setup.saved.assistant, NoAssistantYet)
        checks = self._setup.store.state.live.checks
        if not all_passed(checks):
            checks = await self._setup.verify()
        if not all_passed(checks):
            failing = [f"{check.id}: {check.verdict}" for check in checks]
            raise RuntimeError(f"does not verify: {failing}")
        if self._setup.saved.answered is None:
            ringing = asyncio.create_task(self._ring())
            try:
                await self._setup.wait_for_call()
            finally:
                ringing.cancel()

    async def _ring(self) -> None:
        """Ring until somebody sees it; a call from before the wait may prove nothing."""
        linked = self._setup.saved.linked
        assert linked is not None
        order = {"from": _CALLER, "to": linked.number}
        # Another way than the clients': what a caller does is no touch of the program's.
        with httpx.Client(trust_env=False) as phone:
            while True:
                await asyncio.sleep(0.02)
                await asyncio.to_thread(phone.post, f"{self._person.control_url}/calls", json=order)
                await asyncio.sleep(0.1)
