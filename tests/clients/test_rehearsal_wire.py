"""A rehearsal: both clients see what they would have done, and the vendors see none of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest
from pydantic import SecretStr

from ava_setup.clients.rehearsal_wire import Rehearsal
from ava_setup.clients.vapi import VapiClient
from ava_setup.onboarding.assistant import AssistantMends
from ava_setup.onboarding.credentials import ApiKey
from ava_setup.onboarding.errors import NotFound, Unreachable, Vendor, VendorError
from ava_setup.onboarding.state import Region
from ava_setup.onboarding.undo_steps import Webhooks
from ava_setup.sandbox import Sandbox
from tests.clients.lab import ONCE, VAPI_KEY, draft
from tests.clients.stand import Stand

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from ava_setup.clients.twilio import TwilioClient
    from ava_setup.clients.vendors import HttpVendors


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox("fresh") as running:
        yield running


class Rehearsed:
    """A scenario, and the clients of a rehearsal on it."""

    def __init__(self, sandbox: Sandbox, scenario: str) -> None:
        self.stand = Stand(sandbox, scenario)
        self.rehearsal = Rehearsal()
        self.vendors: HttpVendors = self.stand.vendors.over(self.rehearsal.wire)
        key = SecretStr(self.stand.told.vapi_key)
        self.vapi: VapiClient = self.vendors.vapi(key, Region.CUSTOM)
        self.twilio: TwilioClient = self.vendors.twilio(self.stand.credentials)

    @property
    def foretold(self) -> list[str]:
        return [f"{one.method} {one.path.rpartition('/')[2]}" for one in self.rehearsal.requests]

    def at_vendors(self) -> Any:
        url = f"{self.stand.told.control_url}/state"
        return httpx.get(url, trust_env=False).json()


@pytest.fixture
async def rehearsed(sandbox: Sandbox, request: pytest.FixtureRequest) -> AsyncIterator[Rehearsed]:
    made = Rehearsed(sandbox, getattr(request, "param", "fresh"))
    before = made.at_vendors()
    yield made
    await made.rehearsal.aclose()
    assert made.at_vendors() == before


async def test_what_is_made_is_there_changes_and_goes_again(rehearsed: Rehearsed) -> None:
    vapi = rehearsed.vapi
    made = await vapi.create_assistant(draft())
    assert await vapi.list_assistants() == (made,)
    assert await vapi.read_assistant(made.id) == made
    changed = await vapi.mend_assistant(made.id, AssistantMends(quiet=False))
    assert not changed.is_quiet
    assert (await vapi.list_assistants())[0] == changed
    await vapi.delete_assistant(made.id)
    assert await vapi.list_assistants() == ()
    with pytest.raises(NotFound):
        await vapi.read_assistant(made.id)
    assert rehearsed.foretold == ["POST assistant", f"PATCH {made.id}", f"DELETE {made.id}"]


async def test_an_import_takes_the_number_over_at_twilio(rehearsed: Rehearsed) -> None:
    vapi, twilio, stand = rehearsed.vapi, rehearsed.twilio, rehearsed.stand
    number = await vapi.import_number(
        stand.number, stand.credentials, assistant_id="an-assistant", name="Ava"
    )
    assert (number.status, number.assistant_id) == ("active", "an-assistant")
    assert await vapi.list_numbers() == (number,)
    at_twilio = await twilio.find_number(stand.number)
    assert at_twilio is not None
    assert at_twilio.target.is_vapi
    [import_] = rehearsed.rehearsal.requests
    assert import_.body["twilioAuthToken"] == "[…]"
    assert stand.told.twilio_auth_token not in str(import_)


@pytest.mark.parametrize("rehearsed", ["unlinked"], indirect=True)
async def test_a_record_that_is_there_is_seen_as_it_would_be(rehearsed: Rehearsed) -> None:
    vapi, twilio, stand = rehearsed.vapi, rehearsed.twilio, rehearsed.stand
    assistant, *_others = await vapi.list_assistants()
    [number] = await vapi.list_numbers()
    linked = await vapi.link_number(number.id, assistant_id=assistant.id, clears=("squadId",))
    backed = await vapi.set_fallback(number.id, "+33199005678")
    assert (linked.assistant_id, backed.assistant_id) == (assistant.id, assistant.id)
    assert await vapi.list_numbers() == (await vapi.read_number(number.id),) == (backed,)
    there = await twilio.find_number(stand.number)
    assert there is not None
    moved = await twilio.point_number(there.sid, Webhooks(voice_url="https://pbx.example/voice"))
    assert moved.voice_url == "https://pbx.example/voice"
    assert await twilio.find_number(stand.number) == moved
    await vapi.delete_number(number.id)
    assert await vapi.list_numbers() == ()


async def test_a_made_up_key_opens_the_account_and_is_never_sent(rehearsed: Rehearsed) -> None:
    twilio, sid = rehearsed.twilio, rehearsed.stand.credentials.account_sid
    made = await twilio.create_key("ava-setup")
    assert [one.sid for one in await twilio.list_keys("ava-setup")] == [made.sid]
    key = ApiKey(account_sid=sid, key_sid=made.sid, key_secret=made.secret)
    by_key = rehearsed.vendors.twilio(key)
    assert (await by_key.read_account()).sid == sid
    await rehearsed.vapi.import_number(
        rehearsed.stand.number, key, assistant_id="an-assistant", name="Ava"
    )
    assert made.secret.get_secret_value() not in str(rehearsed.rehearsal.requests)
    await twilio.delete_key(made.sid)
    assert await twilio.list_keys("ava-setup") == ()


async def test_what_is_not_there_is_not_changed_either(rehearsed: Rehearsed) -> None:
    with pytest.raises(NotFound):
        await rehearsed.vapi.mend_assistant("nobody", AssistantMends(quiet=True))


async def test_a_secret_is_hidden_wherever_it_stands(rehearsed: Rehearsed) -> None:
    key = rehearsed.stand.told.vapi_key
    mends = AssistantMends(webhook_url=f"https://hooks.example/{key}")
    made = await rehearsed.vapi.create_assistant(draft())
    await rehearsed.vapi.mend_assistant(made.id, mends)
    assert rehearsed.rehearsal.requests[-1].body["server"] == {"url": "[…]"}


async def test_what_cannot_be_read_fails_as_it_would_without_a_rehearsal() -> None:
    rehearsal = Rehearsal()
    nobody = VapiClient(
        SecretStr(VAPI_KEY), "http://127.0.0.1:1", wire=rehearsal.wire(Vendor.VAPI), patience=ONCE
    )
    await nobody.create_assistant(draft())
    with pytest.raises(Unreachable):
        await nobody.list_assistants()
    await rehearsal.aclose()


async def test_a_proxy_that_cannot_be_used_is_a_vendor_that_cannot_be_reached(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "nonsense://proxy.example")
    rehearsal = Rehearsal()
    wire = rehearsal.wire(Vendor.VAPI)
    vapi = VapiClient(SecretStr(VAPI_KEY), "https://vapi.example", wire=wire, patience=ONCE)
    with pytest.raises(VendorError) as caught:
        await vapi.list_assistants()
    assert isinstance(caught.value, Unreachable)
