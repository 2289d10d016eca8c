"""What the clients find out about a line that does not answer, and mend, over real HTTP."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from ava_setup.onboarding.assistant import AssistantMends, Opening
from ava_setup.onboarding.credentials import ApiKey, Balance, TwilioRegion
from ava_setup.onboarding.errors import (
    CredentialsRefused,
    ErrorCode,
    Hidden,
    NotFound,
    Rejected,
    VendorError,
)
from ava_setup.onboarding.number import TargetKind
from ava_setup.onboarding.profile import CallersLanguage
from ava_setup.onboarding.state import Region
from ava_setup.onboarding.undo_steps import Webhooks
from ava_setup.sandbox import Sandbox
from ava_setup.sandbox.quirks import Quirk
from tests.clients.stand import Stand, wrong_with

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from ava_setup.onboarding.number import TwilioNumber, VapiNumber

OWNER = "+33612345678"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox("fresh", call_seconds=0.01) as running:
        yield running


@pytest.fixture
async def stand(sandbox: Sandbox, request: pytest.FixtureRequest) -> AsyncIterator[Stand]:
    """The scenario named by the test's parameter; `unlinked` otherwise."""
    made = Stand(sandbox, getattr(request, "param", "unlinked"), regional=True)
    yield made
    await made.vapi.aclose()
    await made.twilio.aclose()
    for asked in made.requests:
        assert wrong_with(asked) == []


def in_scenario(*names: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("stand", names, indirect=True)


async def at_twilio(stand: Stand) -> TwilioNumber:
    found = await stand.twilio.find_number(stand.number)
    assert found is not None
    return found


async def at_vapi(stand: Stand) -> VapiNumber:
    return (await stand.vapi.list_numbers())[0]


async def failure_of(asking: object) -> VendorError:
    with pytest.raises(VendorError) as caught:
        await asking  # type: ignore[misc] # what a test asks for is awaitable
    return caught.value


# Where a number points.


@in_scenario("trunk")
async def test_a_number_is_taken_out_of_its_trunk_and_callers_hear_ava(stand: Stand) -> None:
    number = await at_twilio(stand)
    assert number.target.kind is TargetKind.TRUNK
    changed = await stand.twilio.point_number(number.sid, Webhooks(trunk_sid=""))
    assert changed.target.is_vapi
    assert stand.heard_by_a_caller()["answered"]


@in_scenario("twiml-app")
async def test_an_app_tells_where_it_sends_the_calls_and_lets_go_of_a_number(stand: Stand) -> None:
    number = await at_twilio(stand)
    app = await stand.twilio.read_application(number.application_sid)
    assert (app.target.kind, app.target.host) == (TargetKind.OTHER, "standard.example")
    await stand.twilio.point_number(number.sid, Webhooks(application_sid=""))
    assert stand.heard_by_a_caller()["answered"]


async def test_an_app_that_nobody_made_is_not_found(stand: Stand) -> None:
    assert isinstance(await failure_of(stand.twilio.read_application(f"AP{'0' * 32}")), NotFound)


@in_scenario("dead-tunnel")
async def test_a_dead_tunnel_is_a_tunnel(stand: Stand) -> None:
    assert (await at_twilio(stand)).target.kind is TargetKind.TUNNEL


@in_scenario("sub-account")
async def test_a_number_is_found_in_the_sub_account_that_holds_it(stand: Stand) -> None:
    assert await stand.twilio.find_number(stand.told.number) is None
    hit = await stand.twilio.find_in_subaccounts(stand.told.number)
    assert hit is not None
    assert hit.account_name == "Cabinet Lefèvre"
    assert hit.number.number == stand.told.number
    assert await stand.twilio.find_in_subaccounts("+33199009999") is None


# Regions.


@in_scenario("ie1-token")
async def test_credentials_of_ireland_are_good_in_ireland_alone(stand: Stand) -> None:
    for region in stand.vendors.twilio_regions:
        client = stand.vendors.twilio(stand.credentials, region)
        if region is TwilioRegion.IE1:
            assert (await client.read_account()).sid == stand.credentials.account_sid
            # The host of routes knows the credentials of us1 alone.
            assert await client.voice_region(stand.number) == ""
        else:
            assert isinstance(await failure_of(client.read_account()), CredentialsRefused)
        await client.aclose()


@in_scenario("voice-elsewhere")
async def test_calls_that_are_processed_elsewhere_are_seen_to_be(stand: Stand) -> None:
    assert (await at_twilio(stand)).target.is_vapi
    assert await stand.twilio.voice_region(stand.number) == "ie1"
    assert await stand.twilio.voice_region("+33100000000") == ""


@in_scenario("eu-key")
async def test_a_key_of_the_eu_is_good_in_the_eu_alone(stand: Stand) -> None:
    key = SecretStr(stand.told.vapi_key)
    europe = stand.vendors.vapi(key, Region.EU)
    assert len(await europe.list_assistants()) == 1
    await europe.aclose()
    america = stand.vendors.vapi(key, Region.US)
    assert isinstance(await failure_of(america.list_assistants()), CredentialsRefused)
    await america.aclose()


# The account.


@in_scenario("low-balance")
async def test_a_low_balance_is_a_figure(stand: Stand) -> None:
    left = await stand.twilio.read_balance()
    assert left == Balance("0.42 USD", Decimal("0.42"), "USD")
    assert not (await stand.twilio.read_account()).is_subaccount


@in_scenario("recent-failures")
async def test_recent_failures_are_told_with_the_calls_that_they_spoilt(stand: Stand) -> None:
    since = stand.sandbox.world.clock.now() - timedelta(hours=2)
    calls = await stand.twilio.list_calls(stand.number, since=since, limit=20)
    failures = await stand.twilio.list_failures(since=since)
    assert [one.code for one in failures] == ["11200", "11200"]
    assert {one.call_sid for one in failures} <= {one.sid for one in calls}
    moments = [*(one.at for one in calls), *(one.at for one in failures)]
    assert all(moment is not None and moment >= since for moment in moments)
    assert failures[0].text == "HTTP retrieval failure: 502"
    of_one = await stand.twilio.list_failures(since=since, call_sid=failures[0].call_sid)
    assert of_one == (failures[0],)
    everything = await stand.twilio.list_failures(since=since - timedelta(days=1))
    assert len(everything) == 3


@in_scenario("dead-tunnel")
async def test_a_call_that_fails_now_is_in_twilios_logs_at_once(stand: Stand) -> None:
    since = stand.sandbox.world.clock.now() - timedelta(seconds=1)
    assert await stand.twilio.list_calls(stand.number, since=since, limit=5) == ()
    assert not stand.heard_by_a_caller()["answered"]
    (call,) = await stand.twilio.list_calls(stand.number, since=since, limit=5)
    (failure,) = await stand.twilio.list_failures(since=since)
    assert (call.direction, call.called) == ("inbound", stand.number)
    assert (failure.call_sid, failure.code) == (call.sid, "11200")
    assert failure.url == (await at_twilio(stand)).voice_url


# Keys.


async def test_a_key_is_made_works_sees_less_and_is_refused_once_deleted(stand: Stand) -> None:
    made = await stand.twilio.create_key("ava-setup for Cabinet Lefèvre")
    key = ApiKey(
        account_sid=stand.credentials.account_sid, key_sid=made.sid, key_secret=made.secret
    )
    by_key = stand.vendors.twilio(key)
    assert (await by_key.read_account()).name == ""
    left = await by_key.read_balance()
    assert left is not None
    assert left.words == "12.40 USD"
    assert await by_key.find_number(stand.number) == await at_twilio(stand)
    assert isinstance(await failure_of(by_key.find_in_subaccounts(stand.number)), Hidden)
    another = await failure_of(by_key.create_key("x"))
    assert (type(another), another.code) == (Rejected, ErrorCode.TWILIO_KEY_REFUSED)
    stays = await failure_of(by_key.delete_key(made.sid))
    assert (type(stays), stays.code) == (Rejected, ErrorCode.TWILIO_KEY_STAYS)
    await stand.twilio.delete_key(made.sid)
    assert isinstance(await failure_of(stand.twilio.delete_key(made.sid)), NotFound)
    assert isinstance(await failure_of(by_key.read_account()), CredentialsRefused)
    await by_key.aclose()


async def test_an_account_that_makes_no_keys_says_so(stand: Stand) -> None:
    stand.sandbox.world.quirks = frozenset({Quirk.KEY_POLICY})
    refusal = await failure_of(stand.twilio.create_key("x"))
    assert refusal.code is ErrorCode.TWILIO_KEY_REFUSED


async def test_what_a_restricted_key_may_not_see_is_hidden(stand: Stand) -> None:
    made = await stand.twilio.create_key("restricted")
    stand.sandbox.world.quirks = frozenset({Quirk.RESTRICTED_KEYS, Quirk.BALANCE_HIDDEN_FROM_KEYS})
    key = ApiKey(
        account_sid=stand.credentials.account_sid, key_sid=made.sid, key_secret=made.secret
    )
    client = stand.vendors.twilio(key)
    assert await client.read_balance() is None
    now = datetime.now(UTC)
    for look in (
        client.list_calls(stand.number, since=now, limit=5),
        client.list_failures(since=now),
        client.read_application(f"AP{'0' * 32}"),
    ):
        assert isinstance(await failure_of(look), Hidden)
    await client.aclose()


# What is mended at Vapi.


@in_scenario("no-first-words")
async def test_an_assistant_without_first_words_is_given_some(stand: Stand) -> None:
    (ava,) = await stand.vapi.list_assistants()
    assert not ava.speaks_first
    words = "Bonjour, ici Ava, l'assistante automatique du cabinet."
    mended = await stand.vapi.mend_assistant(ava.id, AssistantMends(opening_words=words))
    assert (mended.opening, mended.speaks_first) == (Opening.SAYS, True)
    assert stand.heard_by_a_caller()["heard"] == words


@in_scenario("office-noise")
async def test_office_noise_is_switched_off_and_nothing_else(stand: Stand) -> None:
    (ava,) = await stand.vapi.list_assistants()
    assert not ava.is_quiet
    mended = await stand.vapi.mend_assistant(ava.id, AssistantMends(quiet=True))
    assert mended == replace(ava, is_quiet=True)


@in_scenario("wrong-language")
async def test_an_assistant_is_taught_its_callers_language(stand: Stand) -> None:
    (ava,) = await stand.vapi.list_assistants()
    english = frozenset({"en"})
    assert (ava.voice_languages, ava.heard_languages) == (english, english)
    mends = AssistantMends(language=CallersLanguage.FR_FR)
    mended = await stand.vapi.mend_assistant(ava.id, mends)
    french = frozenset({"fr"})
    assert mended == replace(ava, voice_languages=french, heard_languages=french)


async def test_where_calls_are_told_of_is_set_and_taken_away(stand: Stand) -> None:
    ava = (await stand.vapi.list_assistants())[0]
    url = "https://hooks.example.fr/vapi"
    told = await stand.vapi.mend_assistant(ava.id, AssistantMends(webhook_url=url))
    assert told == replace(ava, webhook_url=url)
    untold = await stand.vapi.mend_assistant(ava.id, AssistantMends(webhook_url=""))
    assert untold == ava


@in_scenario("fallback-only")
async def test_the_telephone_that_rings_otherwise_is_changed(stand: Stand) -> None:
    number = await at_vapi(stand)
    assert number.fallback_number == "+33199005555"
    changed = await stand.vapi.set_fallback(number.id, OWNER)
    assert changed == replace(changed, fallback_number=OWNER)
    assert OWNER in stand.heard_by_a_caller()["heard"]


async def test_an_imported_number_has_its_fallback_from_the_first_moment(stand: Stand) -> None:
    (ava, *_others) = await stand.vapi.list_assistants()
    await stand.vapi.delete_number((await at_vapi(stand)).id)
    made = await stand.vapi.import_number(
        stand.number, stand.credentials, assistant_id=ava.id, name="Cabinet", fallback=OWNER
    )
    assert made.fallback_number == OWNER
    assert made.twilio_account_sid == stand.credentials.account_sid


# Calls that are placed.


async def test_a_telephone_is_rung_and_the_call_is_followed_to_its_end(stand: Stand) -> None:
    (ava, *_others) = await stand.vapi.list_assistants()
    placed = await stand.vapi.place_call(ava.id, (await at_vapi(stand)).id, OWNER)
    assert (placed.kind, placed.status, placed.caller) == ("outboundPhoneCall", "queued", OWNER)
    for _poll in range(500):
        call = await stand.vapi.read_call(placed.id)
        if call.status == "ended":
            break
    assert call.ended_reason == "customer-ended-call"
    assert call.summary
    assert call.transcript
    assert sum(asked["method"] == "POST" for asked in stand.requests) == 1


async def test_a_call_that_cannot_be_placed_rings_nothing(stand: Stand) -> None:
    ava = (await stand.vapi.list_assistants())[0]
    nobody = "3f9f2d0a-0000-4000-8000-000000000000"
    gone = await failure_of(stand.vapi.place_call(nobody, nobody, OWNER))
    assert gone.code is ErrorCode.ASSISTANT_GONE
    refused = await failure_of(stand.vapi.place_call(ava.id, nobody, OWNER))
    assert refused.code is ErrorCode.CALL_REFUSED
    assert isinstance(await failure_of(stand.vapi.read_call(nobody)), NotFound)
