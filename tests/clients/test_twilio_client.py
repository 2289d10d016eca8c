from __future__ import annotations

import asyncio
from decimal import Decimal

import httpx
import pytest

from ava_setup.clients.twilio import TwilioClient
from ava_setup.onboarding.credentials import (
    AccountKind,
    AccountStatus,
    ApiKey,
    AuthToken,
    Balance,
    TwilioAccount,
)
from ava_setup.onboarding.errors import CredentialsRefused, ErrorCode
from tests.clients.lab import (
    ACCOUNT,
    ACCOUNT_SID,
    API_KEY,
    BALANCE,
    NUMBER,
    ONCE,
    TOKEN_PAIR,
    TWILIO_NUMBER,
    TWILIO_URL,
    Script,
    numbers_page,
    twilio,
)

ROOT = f"/2010-04-01/Accounts/{ACCOUNT_SID}"


def number(place: int) -> dict[str, object]:
    return {**TWILIO_NUMBER, "sid": f"PN{place:032}", "phone_number": f"+331990{place:05}"}


async def test_an_account_is_read_without_its_balance() -> None:
    script = Script((200, ACCOUNT))
    assert await twilio(script).read_account() == TwilioAccount(
        ACCOUNT_SID,
        "Plomberie Martin",
        AccountStatus.ACTIVE,
        AccountKind.FULL,
        owner_account_sid=ACCOUNT_SID,
    )
    assert script.paths == [f"{ROOT}.json"]


@pytest.mark.parametrize("credentials", [TOKEN_PAIR, API_KEY])
async def test_a_balance_is_read_apart(credentials: AuthToken | ApiKey) -> None:
    left = await twilio(Script((200, BALANCE)), credentials).read_balance()
    assert left == Balance("12.40 USD", Decimal("12.40"), "USD")


@pytest.mark.parametrize("status", [401, 404, 500])
async def test_a_balance_that_cannot_be_seen_is_none(status: int) -> None:
    assert await twilio(Script((status, {}))).read_balance() is None


async def test_nobody_waits_for_a_slow_balance(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ava_setup.clients.twilio._BALANCE_S", 0.01)

    async def answer(_request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(9)
        return httpx.Response(200, json=BALANCE)

    wire = httpx.MockTransport(answer)
    client = TwilioClient(TOKEN_PAIR, TWILIO_URL, patience=ONCE, wire=wire)
    assert await asyncio.wait_for(client.read_balance(), 1) is None


async def test_an_api_key_is_proven_by_a_list_of_one_number() -> None:
    script = Script((200, numbers_page()))
    assert await twilio(script, API_KEY).read_account() == TwilioAccount(ACCOUNT_SID)
    assert script.paths == [f"{ROOT}/IncomingPhoneNumbers.json?PageSize=1"]


async def test_a_refused_api_key_is_told() -> None:
    script = Script((401, {"code": 70051, "message": "Authorization Failed"}))
    with pytest.raises(CredentialsRefused) as caught:
        await twilio(script, API_KEY).read_account()
    assert caught.value.code is ErrorCode.TWILIO_KEY_LIMITED


async def test_pages_are_followed_as_they_are_written() -> None:
    following = f"{ROOT}/IncomingPhoneNumbers.json?PageSize=1000&Page=1&PageToken=PA%2b1"
    script = Script(
        (200, numbers_page(number(1), number(2), next_page_uri=following)),
        (200, numbers_page(number(2), number(3))),
    )
    found = await twilio(script).list_numbers()
    assert [one.number for one in found] == ["+33199000001", "+33199000002", "+33199000003"]
    assert script.paths == [f"{ROOT}/IncomingPhoneNumbers.json?PageSize=1000", following]


async def test_a_page_that_leads_to_itself_is_the_last() -> None:
    path = f"{ROOT}/IncomingPhoneNumbers.json?PageSize=1000"
    script = Script((200, numbers_page(number(1), next_page_uri=path)))
    assert len(await twilio(script).list_numbers()) == 1
    assert len(script.asked) == 1


async def test_pages_end_even_when_the_vendor_never_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ava_setup.clients.twilio._PAGES_MAX", 3)
    pages = [(200, numbers_page(number(n), next_page_uri=f"/page/{n}")) for n in range(5)]
    assert len(await twilio(Script(*pages)).list_numbers()) == 3


@pytest.mark.parametrize("path", ["//elsewhere.example/x", "/@elsewhere.example/x"])
async def test_no_next_page_leads_to_another_host(path: str) -> None:
    script = Script((200, numbers_page(next_page_uri=path)), (200, numbers_page()))
    await twilio(script).list_numbers()
    assert {request.url.host for request in script.asked} == {"api.twilio.com"}


async def test_a_number_is_found_by_comparing_it_whole() -> None:
    longer = {**TWILIO_NUMBER, "sid": "PN1", "phone_number": f"{NUMBER}5"}
    script = Script((200, numbers_page(longer, TWILIO_NUMBER)))
    found = await twilio(script).find_number(NUMBER)
    assert found is not None
    assert found.number == NUMBER
    assert script.paths == [
        f"{ROOT}/IncomingPhoneNumbers.json?PhoneNumber=%2B33199001234&PageSize=1000"
    ]


async def test_a_number_that_is_only_partly_there_is_not_found() -> None:
    longer = {**TWILIO_NUMBER, "phone_number": f"{NUMBER}5"}
    assert await twilio(Script((200, numbers_page(longer)))).find_number(NUMBER) is None
    assert await twilio(Script((200, numbers_page()))).find_number(NUMBER) is None


async def test_a_client_closes() -> None:
    client = twilio(Script((200, numbers_page())))
    await client.list_numbers()
    await client.aclose()
