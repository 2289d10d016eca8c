"""Reads all that the checks ask about a line, at both vendors side by side; changes nothing."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from ava_setup.onboarding.assistant import first_available
from ava_setup.onboarding.errors import ErrorCode, Problem
from ava_setup.onboarding.facts import (
    Absent,
    Facts,
    Found,
    Looked,
    Reading,
    Unknown,
    Wanted,
    found,
    looked,
)
from ava_setup.onboarding.looking import find_at_vapi

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from pydantic import SecretStr

    from ava_setup.onboarding.assistant import Assistant
    from ava_setup.onboarding.calls import CallFailure, TwilioCall
    from ava_setup.onboarding.credentials import (
        Balance,
        TwilioAccount,
        TwilioCredentials,
        TwilioRegion,
    )
    from ava_setup.onboarding.number import TwilioNumber, VapiNumber
    from ava_setup.onboarding.ports import Twilio, Vapi, Vendors
    from ava_setup.onboarding.state import Region, VaultPlace

T = TypeVar("T")

_RECENT = timedelta(days=7)
_RECENT_CALLS = 50
# What stays unknown of an account behind a door that is shut.
_OF_ACCOUNT = ("account", "twilio_number", "voice_region", "last_call", "failures")
# Where credentials of another region would be refused, these are known.
_KNOWN_THERE = frozenset(
    {
        ErrorCode.TWILIO_SUSPENDED,
        ErrorCode.TWILIO_CLOSED,
        ErrorCode.TWILIO_KEY_LIMITED,
        ErrorCode.TWILIO_TEST_CREDENTIALS,
    }
)


@dataclass(frozen=True, slots=True)
class Patient:
    """The line to examine, and what opens the vendors' doors.

    Attributes:
        number: E.164.
        key: The Vapi key, or None.
        region: The region that took it last, or None when that is not known.
        credentials: The Twilio credentials, or None.
        twilio_region: The region that took them last, or None when that is not known.
        chosen: Id of the assistant that is to answer, or None.
        business_id: The business, or "" when there is no set-up.
        business_name: Its name, or "".
        vault: Where its secrets are kept, or None.
        wanted: What the owner wants.
    """

    number: str
    key: SecretStr | None = None
    region: Region | None = None
    credentials: TwilioCredentials | None = None
    twilio_region: TwilioRegion | None = None
    chosen: str | None = None
    business_id: str = ""
    business_name: str = ""
    vault: VaultPlace | None = None
    wanted: Wanted = field(default_factory=Wanted)


class Examiner:
    """Examines one line, as often as it is asked to.

    Args:
        tell: Told of the facts each time there are more of them.
    """

    def __init__(
        self, vendors: Vendors, patient: Patient, tell: Callable[[Facts], None] = lambda _: None
    ) -> None:
        self._vendors = vendors
        self._patient = patient
        self._tell = tell
        self._vapis: dict[Region, Vapi] = {}
        self._twilios: dict[TwilioRegion, Twilio] = {}
        self.facts = Facts()

    async def aclose(self) -> None:
        """Close the connections."""
        for vapi in self._vapis.values():
            await vapi.aclose()
        for twilio in self._twilios.values():
            await twilio.aclose()
        self._vapis.clear()
        self._twilios.clear()

    async def examine(self) -> Facts:
        """Read everything anew.

        Returns:
            The facts; what could not be read says why. Nothing is raised for what a vendor says.
        """
        patient = self._patient
        self.facts = Facts(
            chosen=bool(patient.chosen), vault=patient.vault, wanted=patient.wanted, written=True
        )
        await asyncio.gather(self._at_vapi(), self._at_twilio())
        return self.facts

    @property
    def vapi(self) -> Vapi | None:
        """The client whose region takes the key, once that is known."""
        region = self.facts.vapi
        return self._vapis[region.value] if isinstance(region, Found) else None

    @property
    def twilio(self) -> Twilio | None:
        """The client whose region takes the credentials, once that is known."""
        region = self.facts.twilio
        return self._twilios[region.value] if isinstance(region, Found) else None

    def _learn(self, **facts: object) -> None:
        self.facts = replace(self.facts, **facts)  # type: ignore[arg-type]
        self._tell(self.facts)

    # Vapi

    async def _at_vapi(self) -> None:
        key = self._patient.key
        if key is None:
            nothing = Unknown(Problem(ErrorCode.VAPI_KEY_NEEDED))
            self._learn(vapi=Absent(), assistant=nothing, linked=nothing, vapi_number=nothing)
            return
        first = self._patient.region
        regions = self._vendors.vapi_regions
        tried = [await self._vapi_answers(key, first)] if first in regions and first else []
        if not any(one.is_open for one in tried):
            others = [one for one in regions if one is not first or not tried]
            tried += await asyncio.gather(*(self._vapi_answers(key, one) for one in others))
        answers = next((one for one in tried if one.is_open), _likeliest(tried))
        region = Found(answers.region) if answers.is_open else answers.assistants
        self._learn(vapi=region, **self._assistants_of(answers), vapi_number=answers.number)

    async def _vapi_answers(self, key: SecretStr, region: Region) -> _AtVapi:
        vapi = self._vapis.get(region) or self._vendors.vapi(key, region)
        self._vapis[region] = vapi
        assistants, number = await asyncio.gather(
            found(vapi.list_assistants), looked(partial(find_at_vapi, vapi, self._patient.number))
        )
        return _AtVapi(region, assistants, number)

    def _assistants_of(self, answers: _AtVapi) -> dict[str, Reading[Assistant]]:
        match answers.assistants:
            case Unknown():
                return {"assistant": answers.assistants, "linked": answers.assistants}
            case Found(assistants):
                pass
        by_id = {one.id: one for one in assistants}
        record = answers.number.value if isinstance(answers.number, Found) else None
        linked = by_id.get(record.assistant_id or "") if record else None
        patient = self._patient
        if patient.chosen:
            wanted = by_id.get(patient.chosen)
        elif patient.wanted.is_set_up:
            wanted = first_available(assistants, patient.business_id)
        else:
            wanted = linked or first_available(assistants, "")
        return {
            "assistant": Found(wanted) if wanted else Absent(),
            "linked": Found(linked) if linked else Absent(),
        }

    # Twilio

    async def _at_twilio(self) -> None:
        credentials = self._patient.credentials
        if credentials is None:
            nothing = Unknown(Problem(ErrorCode.TWILIO_NEEDED))
            self._learn(twilio=Absent(), **dict.fromkeys(_OF_ACCOUNT, nothing))
            return
        doors: list[Unknown] = []
        for region in self._twilio_regions:
            shut = await self._behind_the_door(credentials, region)
            if shut is None:
                return
            doors.append(shut)
            # Well-formed credentials may belong to another region (contract: twilio.md, Auth).
            if doors[0].problem.code is not ErrorCode.TWILIO_REFUSED:
                break
        told = next((door for door in doors if door.problem.code in _KNOWN_THERE), doors[0])
        self._learn(twilio=told, **dict.fromkeys(_OF_ACCOUNT, told))

    @property
    def _twilio_regions(self) -> tuple[TwilioRegion, ...]:
        """The regions to try, first the one that took the credentials last."""
        regions, last = self._vendors.twilio_regions, self._patient.twilio_region
        return tuple(sorted(regions, key=lambda region: region is not last))

    async def _behind_the_door(
        self, credentials: TwilioCredentials, region: TwilioRegion
    ) -> Unknown | None:
        """Learn all of an account in a region, or say why its door stays shut."""
        twilio = self._twilios.get(region) or self._vendors.twilio(credentials, region)
        self._twilios[region] = twilio
        called, since = self._patient.number, datetime.now(UTC) - _RECENT
        started: list[asyncio.Task[Any]] = []

        def start(reading: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
            task = asyncio.create_task(reading)
            started.append(task)
            return task

        # In this order: Twilio takes two at once, and what the number names is read after it.
        number = start(looked(partial(twilio.find_number, called)))
        calls = start(found(partial(twilio.list_calls, called, since=since, limit=_RECENT_CALLS)))
        account = start(found(twilio.read_account))
        failures = start(found(partial(twilio.list_failures, since=since)))
        voice_region = start(found(partial(twilio.voice_region, called)))
        balance = start(twilio.read_balance())
        try:
            at_twilio = await number
            if isinstance(at_twilio, Unknown):
                return at_twilio
            self._learn(twilio=Found(region))
            await asyncio.gather(
                self._learn_number(twilio, at_twilio),
                self._learn_account(account, balance),
                self._learn_calls(calls, failures),
                self._learn_voice_region(voice_region),
            )
            return None
        finally:
            for task in started:
                task.cancel()
            await asyncio.gather(*started, return_exceptions=True)

    async def _learn_number(self, twilio: Twilio, number: Looked[TwilioNumber]) -> None:
        """Learn of the number, then what it names; of one that is not there, where it is."""
        if isinstance(number, Absent):
            elsewhere = await looked(partial(twilio.find_in_subaccounts, self._patient.number))
            self._learn(twilio_number=number, subaccount=elsewhere)
            return
        self._learn(twilio_number=number)
        match number:
            case Found(value) if value.application_sid and not value.trunk_sid:
                application = await looked(partial(twilio.read_application, value.application_sid))
                self._learn(application=application)

    async def _learn_account(
        self, account: Awaitable[Looked[TwilioAccount]], balance: Awaitable[Balance | None]
    ) -> None:
        known, left = await account, await balance
        self._learn(account=Found(known.value.having(left)) if isinstance(known, Found) else known)

    async def _learn_calls(
        self,
        calls: Awaitable[Found[tuple[TwilioCall, ...]] | Unknown],
        failures: Awaitable[Found[tuple[CallFailure, ...]] | Unknown],
    ) -> None:
        match await calls:
            case Unknown() as unknown:
                self._learn(last_call=unknown, failures=unknown)
            case Found(listed):
                last_call = Found(listed[0]) if listed else Absent()
                self._learn(last_call=last_call, failures=_of_these(listed, await failures))

    async def _learn_voice_region(self, voice_region: Awaitable[Found[str] | Unknown]) -> None:
        named = await voice_region
        self._learn(voice_region=Absent() if named == Found("") else named)


@dataclass(frozen=True, slots=True)
class _AtVapi:
    """What one region of Vapi answered."""

    region: Region
    assistants: Found[tuple[Assistant, ...]] | Unknown
    number: Looked[VapiNumber]

    @property
    def is_open(self) -> bool:
        """Whether it takes the key."""
        return isinstance(self.assistants, Found)


def _likeliest(tried: list[_AtVapi]) -> _AtVapi:
    """Give the answer that says most about a key that is taken nowhere."""
    refused = ErrorCode.VAPI_KEY_REFUSED
    return next(
        (
            one
            for one in tried
            if isinstance(one.assistants, Unknown) and one.assistants.problem.code is not refused
        ),
        tried[0],
    )


def _of_these(
    calls: tuple[TwilioCall, ...], failures: Found[tuple[CallFailure, ...]] | Unknown
) -> Found[tuple[CallFailure, ...]] | Unknown:
    """Keep the failures of some calls."""
    if isinstance(failures, Unknown):
        return failures
    sids = {one.sid for one in calls}
    return Found(tuple(one for one in failures.value if one.call_sid in sids))
