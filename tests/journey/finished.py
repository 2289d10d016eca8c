"""A set-up that is finished already, made by the engine as the wizard would make it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import httpx
from pydantic import SecretStr

from ava_setup.onboarding.credentials import AuthToken
from ava_setup.onboarding.outcome import Consent, Outcome
from ava_setup.onboarding.state import Linked
from ava_setup.store.places import Places
from ava_setup.wiring import open_world
from tests.journey.wizard import CALLER, addresses
from tests.onboarding.fakes import PROFILE, draft

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from ava_setup.onboarding.setup import Setup
    from ava_setup.sandbox import Sandbox

NOBODY = "00000000-0000-4000-8000-000000000000"


async def finish(sandbox: Sandbox, home: Path, *names: str, profile: str = "default") -> None:
    """Set a business up, and have somebody ring.

    Args:
        names: Of the assistants to make; the last one answers. One is made when none is named.
    """
    async with _setup(sandbox, home, profile, regions=False) as setup:
        await _finish(setup, sandbox, names or ("Ava",))


async def outlive(
    sandbox: Sandbox, home: Path, answered_by: str = "", *, changes: dict[str, str] | None = None
) -> None:
    """Set a business up whose link was proven once, whatever the vendors hold by now.

    Args:
        answered_by: Words in the name of the assistant that is to answer; any when empty.
        changes: What is different about the business.
    """
    told = sandbox.announcement
    async with _setup(sandbox, home, "default", regions=True) as setup:
        await setup.open()
        await setup.save_profile(PROFILE.model_copy(update=changes or {}))
        await setup.connect(SecretStr(told.vapi_key))
        assistants = await setup.list_assistants()
        chosen = next((one for one in assistants if answered_by in one.label), None)
        if chosen is None:
            await setup.assistant_later()
        else:
            await setup.choose_assistant(chosen)
        token = SecretStr(told.twilio_auth_token)
        await setup.check_twilio(AuthToken(account_sid=told.twilio_account_sid, auth_token=token))
        numbers = await setup.list_numbers()
        await setup.choose_number(next(one for one in numbers if one.number == told.number))
        linked = Linked(
            phone_number_id=next(iter(sandbox.world.org.numbers), NOBODY),
            number=told.number,
            assistant_id=chosen.id if chosen else NOBODY,
            outcome=Outcome.IMPORTED,
            auto_linked=False,
        )
        await setup.store.update(lambda state: state.save(linked=linked))


@asynccontextmanager
async def _setup(
    sandbox: Sandbox, home: Path, profile: str, *, regions: bool
) -> AsyncIterator[Setup]:
    world = open_world(addresses(sandbox, regions=regions), Places(home), profile=profile)
    try:
        yield world.setup
    finally:
        await world.aclose()


async def _finish(setup: Setup, sandbox: Sandbox, names: tuple[str, ...]) -> None:
    told = sandbox.announcement
    await setup.open()
    await setup.save_profile(PROFILE)
    await setup.connect(SecretStr(told.vapi_key))
    for name in names:
        await setup.create_assistant(draft(name))
    token = SecretStr(told.twilio_auth_token)
    await setup.check_twilio(AuthToken(account_sid=told.twilio_account_sid, auth_token=token))
    numbers = await setup.list_numbers()
    await setup.choose_number(next(one for one in numbers if one.number == told.numbers[0]))
    assert (await setup.link(frozenset(Consent))).success
    call = {"from": CALLER, "to": told.numbers[0]}
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(f"{told.control_url}/calls", json=call)
    assert answer.json()["answered"]
    await setup.wait_for_call()
