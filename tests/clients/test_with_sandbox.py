"""Both clients against the sandbox, over real HTTP; all that they asked is as specified."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from ava_setup.onboarding.assistant import VOICES, AssistantDraft, AssistantMends
from ava_setup.onboarding.composing import compose, suggested_name
from ava_setup.onboarding.credentials import AccountKind, AccountStatus, ApiKey, AuthToken
from ava_setup.onboarding.errors import (
    CredentialsRefused,
    ErrorCode,
    NotFound,
    NumberExists,
    Rejected,
)
from ava_setup.onboarding.profile import CallersLanguage, Profile, Trade
from ava_setup.onboarding.state import Region
from ava_setup.sandbox import Sandbox
from ava_setup.sandbox.world import Quirk
from tests.clients.lab import AUTH_TOKEN, VAPI_KEY
from tests.clients.stand import Stand, wrong_with
from tests.sandbox.spec import needs_contracts

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from ava_setup.onboarding.ports import Twilio, Vapi, Vendors

NOBODY = "3f9f2d0a-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox("fresh", call_seconds=0.01) as running:
        yield running


@pytest.fixture
async def stand(sandbox: Sandbox, request: pytest.FixtureRequest) -> AsyncIterator[Stand]:
    """The scenario named by the test's `scenario` mark or parameter; `fresh` otherwise."""
    made = Stand(sandbox, getattr(request, "param", "fresh"))
    yield made
    await made.vapi.aclose()
    await made.twilio.aclose()
    for asked in made.requests:
        assert wrong_with(asked) == []


def in_scenario(name: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("stand", [name], indirect=True)


def composed(trade: Trade, language: CallersLanguage) -> AssistantDraft:
    profile = Profile(
        business_name="L'Atelier d'Élodie & Fils, plomberie-chauffage",
        admin_email="contact@example.fr",
        trade=trade,
        opening_hours="lun-ven 9h-18h",
        callers_language=language,
    )
    written = compose(profile)
    return AssistantDraft(
        name=suggested_name(profile),
        greeting=written.greeting,
        instructions=written.instructions,
        voice=VOICES[language][0],
        recorded=True,
        language=language,
        admin_email=profile.admin_email,
        business_id=profile.business_id,
        create_id="c" * 32,
    )


PLUMBER = composed(Trade.PLUMBER, CallersLanguage.FR_FR)


def test_the_clients_are_what_the_engine_asks_for(sandbox: Sandbox) -> None:
    stand = Stand(sandbox, "fresh")
    vendors: Vendors = stand.vendors
    vapi: Vapi = stand.vapi
    twilio: Twilio = stand.twilio
    assert vendors.vapi_regions == (Region.CUSTOM,)
    assert (vapi, twilio) == (stand.vapi, stand.twilio)


async def test_a_fresh_line_is_imported_linked_and_answered(stand: Stand) -> None:
    before = await stand.twilio.find_number(stand.number)
    made = await stand.vapi.create_assistant(PLUMBER)
    assert (made.business_id, made.create_id) == (PLUMBER.business_id, PLUMBER.create_id)
    assert await stand.vapi.list_assistants() == (made,)
    assert await stand.vapi.read_assistant(made.id) == made
    number = await stand.vapi.import_number(
        stand.number, stand.credentials, assistant_id=made.id, name="L'Atelier"
    )
    assert await stand.vapi.list_numbers() == (number,)
    assert (await stand.vapi.read_number(number.id)).assistant_id == made.id
    at_twilio = await stand.twilio.find_number(stand.number)
    assert before is not None
    assert at_twilio is not None
    assert at_twilio.target.is_vapi
    assert at_twilio.sms_url == before.sms_url
    assert stand.heard_by_a_caller()["heard"] == PLUMBER.first_message
    call = (await stand.vapi.list_calls(number.id, limit=10))[0]
    assert call.was_answered
    assert call.caller == "+33699887766"


async def test_an_assistant_is_changed_where_it_is(stand: Stand) -> None:
    made = await stand.vapi.create_assistant(PLUMBER)
    changed = await stand.vapi.update_assistant(made.id, composed(Trade.LAW, CallersLanguage.EN_GB))
    assert changed.id == made.id
    assert changed.first_message != made.first_message
    assert len(await stand.vapi.list_assistants()) == 1


async def test_an_assistants_address_is_changed_and_nothing_else(stand: Stand) -> None:
    made = await stand.vapi.create_assistant(PLUMBER)
    changed = await stand.vapi.mend_assistant(made.id, AssistantMends(admin_email="new@example.fr"))
    assert changed == replace(made, admin_email="new@example.fr")
    assert await stand.vapi.read_assistant(made.id) == changed


async def test_a_second_import_gives_the_first_ones_id(stand: Stand) -> None:
    made = await stand.vapi.create_assistant(PLUMBER)
    first = await stand.vapi.import_number(
        stand.number, stand.credentials, assistant_id=made.id, name="x"
    )
    with pytest.raises(NumberExists) as caught:
        await stand.vapi.import_number(
            stand.number, stand.credentials, assistant_id=made.id, name="x"
        )
    assert caught.value.phone_number_id == first.id


async def test_an_import_names_a_missing_assistant_or_number(stand: Stand) -> None:
    with pytest.raises(Rejected) as gone:
        await stand.vapi.import_number(
            stand.number, stand.credentials, assistant_id=NOBODY, name="x"
        )
    assert gone.value.code is ErrorCode.ASSISTANT_GONE
    made = await stand.vapi.create_assistant(PLUMBER)
    with pytest.raises(Rejected) as missing:
        await stand.vapi.import_number(
            "+33199009999", stand.credentials, assistant_id=made.id, name="x"
        )
    assert missing.value.code is ErrorCode.NUMBER_NOT_IN_ACCOUNT


@pytest.mark.parametrize("quirks", [frozenset(), frozenset({Quirk.PROVIDER_WANTED_IN_PATCH})])
@in_scenario("unlinked")
async def test_an_unlinked_number_is_linked_where_it_is(
    stand: Stand, quirks: frozenset[Quirk]
) -> None:
    stand.sandbox.world.quirks = quirks
    number = (await stand.vapi.list_numbers())[0]
    assert number.assistant_id is None
    made = await stand.vapi.create_assistant(PLUMBER)
    linked = await stand.vapi.link_number(number.id, assistant_id=made.id, clears=("squadId",))
    assert linked.assistant_id == made.id
    assert stand.heard_by_a_caller()["answered"]
    assert sum(asked["method"] == "PATCH" for asked in stand.requests) == 1 + len(quirks)


async def test_unknown_ids_are_not_found(stand: Stand) -> None:
    for reading in (stand.vapi.read_assistant(NOBODY), stand.vapi.read_number(NOBODY)):
        with pytest.raises(NotFound):
            await reading


@in_scenario("many")
async def test_long_lists_are_read_whole(stand: Stand) -> None:
    assert len(await stand.vapi.list_assistants()) == 60
    numbers = await stand.twilio.list_numbers()
    assert len({number.number for number in numbers}) == 300
    assert await stand.twilio.find_number(numbers[123].number) == numbers[123]
    assert await stand.twilio.find_number("+33100000000") is None


@in_scenario("many")
async def test_short_pages_are_followed_to_the_last(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ava_setup.clients.vapi.PAGE_SIZE", 7)
    monkeypatch.setattr("ava_setup.clients.twilio.PAGE_SIZE", 50)
    assert len(await stand.vapi.list_assistants()) == 60
    assert len(await stand.twilio.list_numbers()) == 300
    pages = [asked["vendor"].lower() for asked in stand.requests]
    assert pages.count("twilio") == 6


@in_scenario("many")
async def test_one_account_is_never_asked_too_much_at_once(stand: Stand) -> None:
    other = stand.vendors.twilio(stand.credentials)
    await asyncio.gather(*(one.read_account() for one in (stand.twilio, other) * 5))
    await other.aclose()
    assert {asked["status"] for asked in stand.requests} == {200}


@pytest.mark.parametrize(
    ("stand", "status", "kind", "currency"),
    [
        ("fresh", AccountStatus.ACTIVE, AccountKind.FULL, "USD"),
        ("trial", AccountStatus.ACTIVE, AccountKind.TRIAL, "USD"),
        ("suspended", AccountStatus.SUSPENDED, AccountKind.FULL, ""),
    ],
    indirect=["stand"],
)
async def test_an_account_says_how_it_stands(
    stand: Stand, status: AccountStatus, kind: AccountKind, currency: str
) -> None:
    account = await stand.twilio.read_account()
    assert (account.status, account.kind) == (status, kind)
    left = await stand.twilio.read_balance()
    assert (left.currency if left else "") == currency


@in_scenario("no-voice")
async def test_a_number_without_voice_says_so(stand: Stand) -> None:
    assert not all(number.can_be_called for number in await stand.twilio.list_numbers())


@in_scenario("bad-key")
async def test_a_refused_key_is_told(stand: Stand) -> None:
    with pytest.raises(CredentialsRefused) as caught:
        await stand.vapi.list_assistants()
    assert caught.value.code is ErrorCode.VAPI_KEY_REFUSED
    assert caught.value.problem.evidence.request_id


async def test_wrong_twilio_credentials_are_told_apart(stand: Stand) -> None:
    sid = stand.credentials.account_sid
    wrong = (
        AuthToken(account_sid=sid, auth_token=SecretStr(AUTH_TOKEN)),
        ApiKey(account_sid=sid, key_sid=f"SK{'0' * 32}", key_secret=SecretStr(VAPI_KEY)),
    )
    for credentials in wrong:
        client = stand.vendors.twilio(credentials)
        with pytest.raises(CredentialsRefused) as caught:
            await client.read_account()
        await client.aclose()
        assert caught.value.code is ErrorCode.TWILIO_REFUSED
        assert caught.value.problem.evidence.request_id


@needs_contracts
@pytest.mark.parametrize("language", CallersLanguage)
async def test_every_ready_made_assistant_is_accepted_and_as_specified(
    stand: Stand, language: CallersLanguage
) -> None:
    for trade in Trade:
        made = await stand.vapi.create_assistant(composed(trade, language))
        assert made.first_message == composed(trade, language).first_message
    assert [asked["status"] for asked in stand.requests] == [201] * len(Trade)
