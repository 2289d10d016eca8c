"""What is looked up at Twilio about a line that does not answer, and the key made for Vapi."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import httpx
import pytest

from ava_setup.clients.twilio import TwilioClient
from ava_setup.onboarding.errors import (
    CredentialsRefused,
    ErrorCode,
    Hidden,
    NotFound,
    Rejected,
    VendorDown,
)
from ava_setup.onboarding.number import SubaccountHit
from tests.clients.lab import (
    ACCOUNT,
    ACCOUNT_SID,
    API_KEY,
    APPLICATION,
    APPLICATION_SID,
    CALL_SID,
    KEY_SECRET,
    KEY_SID,
    NOTIFICATION,
    NUMBER,
    ONCE,
    ROUTE,
    ROUTES_URL,
    TOKEN_PAIR,
    TWILIO_CALL,
    TWILIO_KEY,
    TWILIO_NUMBER,
    TWILIO_URL,
    Script,
    numbers_page,
    page_of,
    twilio,
)
from tests.sandbox.spec import document, needs_contracts, twilio_schema_errors

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pydantic import SecretStr

ROOT = f"/2010-04-01/Accounts/{ACCOUNT_SID}"
PARIS = timezone(timedelta(hours=1))
SINCE = datetime(2026, 11, 1, 10, 5, tzinfo=UTC)
REFUSED = (401, {"code": 20003, "message": "Authenticate"})
POLICY = (401, {"code": 20003, "message": "Policy evaluation failed"})


async def test_an_app_is_read_by_its_sid() -> None:
    script = Script((200, APPLICATION))
    assert (await twilio(script).read_application(APPLICATION_SID)).name == "Standard"
    assert script.paths == [f"{ROOT}/Applications/{APPLICATION_SID}.json"]


async def test_an_app_that_is_gone_is_not_found() -> None:
    with pytest.raises(NotFound):
        await twilio(Script((404, {"code": 20404}))).read_application("AP/x")


# Calls and failures.


async def test_calls_to_a_number_are_asked_for_in_one_request() -> None:
    script = Script((200, page_of("calls", TWILIO_CALL, next_page_uri="/more")))
    found = await twilio(script).list_calls(NUMBER, since=SINCE.astimezone(PARIS), limit=20)
    assert [one.sid for one in found] == [CALL_SID]
    assert len(script.asked) == 1
    assert script.asked[0].url.path == f"{ROOT}/Calls.json"
    assert dict(script.asked[0].url.params) == {
        "To": NUMBER,
        "StartTime>": "2026-11-01T10:05:00Z",
        "PageSize": "20",
    }


async def test_calls_from_before_are_left_out_and_those_of_no_known_moment_are_not() -> None:
    old = {**TWILIO_CALL, "sid": "CA1", "start_time": "Sun, 01 Nov 2026 10:04:59 +0000"}
    timeless = {"sid": "CA2"}
    script = Script((200, page_of("calls", TWILIO_CALL, timeless, old)))
    found = await twilio(script).list_calls(NUMBER, since=SINCE, limit=20)
    assert [one.sid for one in found] == [CALL_SID, "CA2"]


@pytest.mark.parametrize(("limit", "size"), [(0, "1"), (1, "1"), (5000, "1000")])
async def test_no_page_is_asked_for_that_twilio_would_refuse(limit: int, size: str) -> None:
    script = Script((200, page_of("calls")))
    assert await twilio(script).list_calls(NUMBER, since=SINCE, limit=limit) == ()
    assert script.asked[0].url.params["PageSize"] == size


@pytest.mark.parametrize(("call_sid", "of"), [("", ""), (CALL_SID, f"/Calls/{CALL_SID}")])
async def test_failures_of_an_account_or_of_a_call_are_one_request(call_sid: str, of: str) -> None:
    script = Script((200, page_of("notifications", NOTIFICATION)))
    found = await twilio(script).list_failures(since=SINCE, call_sid=call_sid)
    assert [one.code for one in found] == ["11200"]
    assert script.asked[0].url.path == f"{ROOT}{of}/Notifications.json"
    assert dict(script.asked[0].url.params) == {
        "Log": "0",
        "MessageDate>": "2026-11-01",
        "PageSize": "200",
    }


async def test_failures_of_earlier_the_same_day_are_left_out_and_the_newest_come_first() -> None:
    def at(time: str, code: str) -> dict[str, object]:
        moment = f"Sun, 01 Nov 2026 {time} +0000"
        return {**NOTIFICATION, "error_code": code, "message_date": moment}

    told = (at("10:04:59", "1"), at("10:06:00", "2"), at("10:07:00", "3"))
    script = Script((200, page_of("notifications", *told)))
    found = await twilio(script).list_failures(since=SINCE)
    assert [one.code for one in found] == ["3", "2"]


@needs_contracts
@pytest.mark.parametrize("template", ["/Calls.json", "/Notifications.json"])
async def test_no_filter_is_sent_that_the_specification_does_not_have(template: str) -> None:
    script = Script((200, page_of(template[1:-5].lower())))
    client = twilio(script)
    if template == "/Calls.json":
        await client.list_calls(NUMBER, since=SINCE, limit=5)
    else:
        await client.list_failures(since=SINCE)
    path = f"/2010-04-01/Accounts/{{AccountSid}}{template}"
    known = {one["name"] for one in document("twilio")["paths"][path]["get"]["parameters"]}
    assert set(script.asked[0].url.params) <= known


# Sub-accounts.


def sub(place: int) -> dict[str, object]:
    return {**ACCOUNT, "sid": f"AC{place:032}", "friendly_name": f"Sub {place}"}


def owning(
    count: int, *, holder: int | None = None, broken: int | None = None
) -> tuple[TwilioClient, list[httpx.Request]]:
    """An account with so many sub-accounts, one of which may hold the number."""
    asked: list[httpx.Request] = []

    async def reply(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        await asyncio.sleep(0)
        if request.url.path == "/2010-04-01/Accounts.json":
            subs = [sub(place) for place in range(1, count + 1)]
            return httpx.Response(200, json=page_of("accounts", ACCOUNT, *subs))
        place = int(request.url.path.split("/")[3][2:])
        if place == broken:
            return httpx.Response(500)
        found = [TWILIO_NUMBER] if place == holder else []
        return httpx.Response(200, json=numbers_page(*found))

    wire = httpx.MockTransport(reply)
    return TwilioClient(TOKEN_PAIR, TWILIO_URL, patience=ONCE, wire=wire), asked


async def test_a_number_of_a_subaccount_is_found_with_the_name_of_its_account() -> None:
    client, asked = owning(3, holder=2)
    hit = await client.find_in_subaccounts(NUMBER)
    assert isinstance(hit, SubaccountHit)
    assert (hit.account_sid, hit.account_name) == (f"AC{2:032}", "Sub 2")
    assert hit.number.number == NUMBER
    assert dict(asked[0].url.params) == {"Status": "active", "PageSize": "21"}
    assert {one.url.params["PhoneNumber"] for one in asked[1:]} == {NUMBER}


async def test_the_account_itself_is_not_asked_again() -> None:
    client, asked = owning(2)
    assert await client.find_in_subaccounts(NUMBER) is None
    assert sorted(one.url.path.split("/")[3] for one in asked[1:]) == [f"AC{1:032}", f"AC{2:032}"]


async def test_no_more_than_twenty_subaccounts_are_looked_through() -> None:
    client, asked = owning(50)
    assert await client.find_in_subaccounts(NUMBER) is None
    assert len(asked) == 21


async def test_a_subaccount_that_cannot_be_looked_into_does_not_hide_the_hit() -> None:
    client, _asked = owning(3, holder=3, broken=1)
    hit = await client.find_in_subaccounts(NUMBER)
    assert hit is not None
    assert hit.account_name == "Sub 3"


async def test_where_a_subaccount_cannot_be_looked_into_nobody_says_that_it_is_in_none() -> None:
    client, _asked = owning(3, broken=2)
    with pytest.raises(VendorDown):
        await client.find_in_subaccounts(NUMBER)


# The region that calls are processed in.


async def test_the_region_of_a_number_is_asked_of_its_own_host() -> None:
    script = Script((200, ROUTE))
    assert await twilio(script, routes=ROUTES_URL).voice_region(NUMBER) == "ie1"
    assert script.asked[0].url.host == "routes.twilio.com"
    assert script.paths == ["/v2/PhoneNumbers/%2B33199001234"]


@pytest.mark.parametrize("answer", [(401, {}), (404, {}), (500, b""), (200, b"<html>"), (429, {})])
async def test_a_region_that_cannot_be_told_is_no_failure(answer: tuple[int, Any]) -> None:
    script = Script(answer)
    assert await twilio(script, routes=ROUTES_URL).voice_region(NUMBER) == ""
    assert len(script.asked) == 1


async def test_where_no_host_of_regions_is_known_none_is_asked() -> None:
    script = Script((200, ROUTE))
    assert await twilio(script).voice_region(NUMBER) == ""
    assert script.asked == []


async def test_the_hosts_of_an_account_share_its_limit_and_close_together() -> None:
    under_way = most = 0

    async def reply(request: httpx.Request) -> httpx.Response:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        for _turn in range(5):
            await asyncio.sleep(0)
        under_way -= 1
        return httpx.Response(
            200, json=ROUTE if request.url.host == "routes.twilio.com" else numbers_page()
        )

    wire = httpx.MockTransport(reply)
    client = TwilioClient(TOKEN_PAIR, TWILIO_URL, routes=ROUTES_URL, patience=ONCE, wire=wire)
    await asyncio.gather(
        *(client.voice_region(NUMBER) for _ in range(4)),
        *(client.find_number(NUMBER) for _ in range(4)),
    )
    await client.aclose()
    assert most == 2


# Keys.


async def test_a_key_is_made_under_its_name_and_its_secret_is_told_of() -> None:
    learnt: list[SecretStr] = []
    script = Script((201, {**TWILIO_KEY, "secret": KEY_SECRET}))
    client = TwilioClient(
        TOKEN_PAIR, TWILIO_URL, on_secret=learnt.append, patience=ONCE, wire=script.wire
    )
    made = await client.create_key("ava-setup for L'Atelier & Fils " + "x" * 64)
    assert (made.sid, made.secret.get_secret_value()) == (KEY_SID, KEY_SECRET)
    assert learnt == [made.secret]
    assert (script.asked[0].method, script.paths) == ("POST", [f"{ROOT}/Keys.json"])
    sent = dict(parse_qsl(script.asked[0].content.decode()))
    assert sent["FriendlyName"].startswith("ava-setup for L'Atelier & Fils xxx")
    assert len(sent["FriendlyName"]) == 64


@needs_contracts
async def test_a_key_is_asked_for_as_specified() -> None:
    script = Script((201, {**TWILIO_KEY, "secret": KEY_SECRET}))
    await twilio(script).create_key("ava-setup for Martin")
    sent = dict(parse_qsl(script.asked[0].content.decode()))
    path = "/2010-04-01/Accounts/{AccountSid}/Keys.json"
    assert twilio_schema_errors("post", path, "request", sent) == []


@pytest.mark.parametrize(("credentials", "refusal"), [(TOKEN_PAIR, POLICY), (API_KEY, REFUSED)])
async def test_a_key_that_is_not_made_is_said_plainly(credentials: Any, refusal: Any) -> None:
    script = Script(refusal)
    with pytest.raises(Rejected) as caught:
        await twilio(script, credentials).create_key("x")
    assert caught.value.code is ErrorCode.TWILIO_KEY_REFUSED
    assert len(script.asked) == 1


async def test_bad_credentials_stay_bad_credentials_when_a_key_is_asked_for() -> None:
    with pytest.raises(CredentialsRefused):
        await twilio(Script(REFUSED)).create_key("x")


async def test_keys_are_listed_page_by_page_and_found_by_their_whole_name() -> None:
    script = Script(
        (200, page_of("keys", TWILIO_KEY, next_page_uri=f"{ROOT}/Keys.json?Page=1")),
        (200, page_of("keys", {"sid": "SK2", "friendly_name": "ava-setup for Martin 2"})),
    )
    found = await twilio(script).list_keys("ava-setup for Martin")
    assert [one.sid for one in found] == [KEY_SID]
    assert script.paths == [f"{ROOT}/Keys.json?PageSize=1000", f"{ROOT}/Keys.json?Page=1"]
    everything = await twilio(Script((200, page_of("keys", TWILIO_KEY)))).list_keys()
    assert len(everything) == 1


async def test_a_key_is_deleted_and_one_that_is_gone_is_not_found() -> None:
    script = Script((204, b""), (404, {"code": 20404}))
    client = twilio(script)
    await client.delete_key(KEY_SID)
    with pytest.raises(NotFound):
        await client.delete_key("SK/2")
    assert [one.method for one in script.asked] == ["DELETE", "DELETE"]
    assert script.paths == [f"{ROOT}/Keys/{KEY_SID}.json", f"{ROOT}/Keys/SK%2F2.json"]


async def test_a_key_that_a_key_cannot_delete_stays() -> None:
    with pytest.raises(Rejected) as caught:
        await twilio(Script(REFUSED), API_KEY).delete_key(KEY_SID)
    assert caught.value.code is ErrorCode.TWILIO_KEY_STAYS
    with pytest.raises(CredentialsRefused):
        await twilio(Script(REFUSED)).delete_key(KEY_SID)


# What a standard key may not see.

LOOKS: dict[str, Callable[[TwilioClient], Awaitable[object]]] = {
    "sub-accounts": lambda client: client.find_in_subaccounts(NUMBER),
    "keys": lambda client: client.list_keys(),
    "app": lambda client: client.read_application(APPLICATION_SID),
    "calls": lambda client: client.list_calls(NUMBER, since=SINCE, limit=5),
    "failures": lambda client: client.list_failures(since=SINCE),
}
LIMITED = (403, {"code": 70051, "message": "Authorization Failed"})


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("refusal", [REFUSED, LIMITED])
async def test_what_a_key_may_not_see_is_hidden_and_not_a_bad_key(look: str, refusal: Any) -> None:
    with pytest.raises(Hidden) as caught:
        await LOOKS[look](twilio(Script(refusal), API_KEY))
    assert caught.value.__context__ is None
    with pytest.raises(CredentialsRefused):
        await LOOKS[look](twilio(Script(refusal)))


async def test_a_key_that_is_bad_is_still_said_to_be() -> None:
    with pytest.raises(CredentialsRefused):
        await twilio(Script(REFUSED), API_KEY).read_account()
    with pytest.raises(CredentialsRefused):
        await twilio(Script(REFUSED), API_KEY).list_numbers()
