from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import httpx
import pytest

from ava_setup.sandbox import Sandbox
from tests.canaries import WRONG_TOKEN
from tests.sandbox.spec import needs_contracts, twilio_schema_errors

if TYPE_CHECKING:
    from tests.sandbox.lab import Lab

READS = (
    ".json",
    "/Balance.json",
    "/IncomingPhoneNumbers.json",
    "/IncomingPhoneNumbers/Local.json",
    "/AvailablePhoneNumbers.json",
    "/AvailablePhoneNumbers/FR.json",
    "/AvailablePhoneNumbers/US/TollFree.json",
    "/Calls.json",
    "/Notifications.json",
    "/Addresses.json",
    "/OutgoingCallerIds.json",
)


def _refused(answer: httpx.Response, status: int, code: int) -> str:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.json()["more_info"] == f"https://www.twilio.com/docs/errors/{code}"
    return str(answer.json()["message"])


@pytest.mark.parametrize("path", READS)
def test_the_account_and_its_token_read_everything(lab: Lab, path: str) -> None:
    assert lab.twilio("GET", path).status_code == 200


def test_the_account_body_contains_the_live_token(lab: Lab) -> None:
    account = lab.twilio("GET", ".json").json()
    assert account["auth_token"] == lab.told.twilio_auth_token
    assert (account["status"], account["type"]) == ("active", "Full")


def test_a_wrong_token_is_not_authenticated(lab: Lab) -> None:
    login = (lab.told.twilio_account_sid, WRONG_TOKEN)
    assert _refused(lab.twilio("GET", ".json", login=login), 401, 20003) == "Authenticate"


@pytest.mark.parametrize("slip", ["", " ", "\n", "x"])
def test_a_username_that_is_no_sid_is_called_invalid(lab: Lab, slip: str) -> None:
    sid = lab.told.twilio_account_sid + slip if slip else "owner@example.com"
    login = (sid, lab.told.twilio_auth_token)
    message = _refused(lab.twilio("GET", ".json", login=login), 401, 20003)
    assert message == "Authentication Error - invalid username"


def test_sid_and_token_swapped_are_an_invalid_username(lab: Lab) -> None:
    login = (lab.told.twilio_auth_token, lab.told.twilio_account_sid)
    message = _refused(lab.twilio("GET", ".json", login=login), 401, 20003)
    assert message == "Authentication Error - invalid username"


def test_a_space_after_the_token_is_a_wrong_token(lab: Lab) -> None:
    login = (lab.told.twilio_account_sid, lab.told.twilio_auth_token + " ")
    assert lab.twilio("GET", ".json", login=login).status_code == 401


@pytest.mark.parametrize("header", [None, "Basic", "Basic !!!", "Basic QQ==", "Bearer abc"])
def test_no_basic_pair_is_not_authenticated(lab: Lab, header: str | None) -> None:
    url = f"{lab.told.twilio_url}/2010-04-01/Accounts/{lab.told.twilio_account_sid}.json"
    headers = {"Authorization": header} if header else {}
    _refused(lab.client.get(url, headers=headers), 401, 20003)


def test_the_test_pair_is_told_so(lab: Lab) -> None:
    told = lab.world.credentials
    login = (told.test_account_sid, told.test_auth_token)
    answer = lab.twilio("GET", ".json", login=login, account=told.test_account_sid)
    message = _refused(answer, 403, 20008)
    assert message == "Resource not accessible with Test Account Credentials"
    wrong = (told.test_account_sid, WRONG_TOKEN)
    assert lab.twilio("GET", ".json", login=wrong).status_code == 401


def test_another_account_cannot_be_entered(lab: Lab) -> None:
    _refused(lab.twilio("GET", ".json", account="AC" + "0" * 32), 401, 20003)


def test_a_standard_key_reads_numbers_but_neither_account_nor_keys(lab: Lab) -> None:
    key = lab.twilio("POST", "/Keys.json", data={"FriendlyName": "ava"}).json()
    pair = (key["sid"], key["secret"])
    for path in READS[1:]:
        assert lab.twilio("GET", path, login=pair).status_code == 200
    _refused(lab.twilio("GET", ".json", login=pair), 401, 20003)
    _refused(lab.twilio_at("GET", "/2010-04-01/Accounts.json", login=pair), 401, 20003)
    _refused(lab.twilio("POST", "/Keys.json", login=pair), 401, 20003)
    _refused(lab.twilio("GET", "/Keys.json", login=pair), 401, 20003)


def test_a_key_with_a_wrong_secret_or_deleted_is_refused(lab: Lab) -> None:
    key = lab.twilio("POST", "/Keys.json").json()
    path = "/IncomingPhoneNumbers.json?PageSize=1"
    _refused(lab.twilio("GET", path, login=(key["sid"], "wrong")), 401, 20003)
    pair = (key["sid"], key["secret"])
    assert lab.twilio("GET", path, login=pair).status_code == 200
    assert lab.twilio("DELETE", f"/Keys/{key['sid']}.json", login=pair).status_code == 401
    gone = lab.twilio("DELETE", f"/Keys/{key['sid']}.json")
    assert (gone.status_code, gone.content) == (204, b"")
    _refused(lab.twilio("GET", path, login=pair), 401, 20003)
    _refused(lab.twilio("DELETE", f"/Keys/{key['sid']}.json"), 404, 20404)


def test_a_key_opens_no_other_account(lab: Lab) -> None:
    key = lab.twilio("POST", "/Keys.json").json()
    pair = (key["sid"], key["secret"])
    answer = lab.twilio("GET", "/Balance.json", login=pair, account="AC" + "0" * 32)
    _refused(answer, 401, 20003)


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/Nothing.json", 404, 20404),
        ("GET", "/Balance", 404, 20404),
        ("GET", "/IncomingPhoneNumbers/PN00.json", 404, 20404),
        ("GET", "/Applications/AP00.json", 404, 20404),
        ("GET", "/Calls/CA00/Notifications.json", 404, 20404),
        ("GET", "/AvailablePhoneNumbers/ZZ.json", 404, 20404),
        ("GET", "/AvailablePhoneNumbers/FR/Mobile.json", 404, 20404),
        ("DELETE", "/Balance.json", 405, 20004),
        ("DELETE", "/Keys.json", 405, 20004),
        ("POST", "/IncomingPhoneNumbers/PN00.json", 404, 20404),
    ],
)
def test_what_does_not_exist_is_refused(
    lab: Lab, method: str, path: str, status: int, code: int
) -> None:
    _refused(lab.twilio(method, path), status, code)


def test_a_client_that_mixes_the_vendors_up_is_refused(lab: Lab) -> None:
    _refused(lab.twilio_at("GET", "/assistant"), 404, 20404)


async def test_a_third_request_at_once_is_turned_away_unprocessed() -> None:
    with Sandbox("fresh", latency_ms=100) as sandbox:
        told = sandbox.announcement
        url = f"{told.twilio_url}/2010-04-01/Accounts/{told.twilio_account_sid}/Keys.json"
        pair = (told.twilio_account_sid, told.twilio_auth_token)
        async with httpx.AsyncClient(auth=pair) as client:
            await asyncio.gather(*(client.get(url) for _ in range(3)))  # opens the connections
            answers = await asyncio.gather(*(client.post(url) for _ in range(3)))
            again = await asyncio.gather(*(client.post(url) for _ in range(2)))
        assert sorted(answer.status_code for answer in answers) == [201, 201, 429]
        (refused,) = (answer for answer in answers if answer.status_code == 429)
        assert _refused(refused, 429, 20429) == "Too Many Requests"
        assert [answer.status_code for answer in again] == [201, 201]
        assert len(sandbox.world.accounts[told.twilio_account_sid].keys) == 4


@needs_contracts
def test_the_list_of_accounts_holds_accounts_as_specified(lab: Lab) -> None:
    # The list itself is not in the specification beside the contract, but its members are.
    lab.play("sub-account")
    page = lab.twilio_at("GET", "/2010-04-01/Accounts.json?PageSize=1").json()
    following = lab.twilio_at("GET", page["next_page_uri"]).json()
    assert following["next_page_uri"] is None
    for account in (*page["accounts"], *following["accounts"]):
        one = "/2010-04-01/Accounts/{Sid}.json"
        assert twilio_schema_errors("GET", one, 200, account) == []


def test_a_key_does_not_enter_a_sub_account(lab: Lab) -> None:
    lab.play("sub-account")
    sub = next(sid for sid in lab.world.accounts if sid != lab.told.twilio_account_sid)
    assert lab.twilio("GET", "/IncomingPhoneNumbers.json", account=sub).status_code == 200
    key = lab.twilio("POST", "/Keys.json").json()
    pair = (key["sid"], key["secret"])
    _refused(lab.twilio("GET", "/IncomingPhoneNumbers.json", account=sub, login=pair), 401, 20003)
