"""Keys, tokens and voice settings are regional: none is good, or heard, in another region."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from ava_setup.sandbox.doors import TwilioRegion

if TYPE_CHECKING:
    import httpx

    from tests.sandbox.lab import Lab

HOT_TIP = "Invalid Key. Hot tip, you may be using the private key instead of the public key"
OTHERS = [region for region in TwilioRegion if region is not TwilioRegion.US1]


def _account(lab: Lab, region: str, **how: Any) -> httpx.Response:
    path = f"/2010-04-01/Accounts/{lab.told.twilio_account_sid}.json"
    return lab.twilio_at("GET", path, region=region, **how)


def _token(lab: Lab, region: TwilioRegion) -> tuple[str, str]:
    record = lab.world.twilio[region][lab.told.twilio_account_sid].record
    return record["sid"], record["auth_token"]


def _number(lab: Lab, region: TwilioRegion) -> Any:
    pair = _token(lab, region)
    path = f"/2010-04-01/Accounts/{pair[0]}/IncomingPhoneNumbers.json"
    found = lab.twilio_at("GET", path, region=region, login=pair).json()
    return found["incoming_phone_numbers"][0]


def test_every_host_has_a_port_of_its_own_on_this_machine(lab: Lab) -> None:
    told = lab.told
    roots = [*told.vapi_urls.values(), *told.twilio_urls.values(), told.twilio_routes_url]
    assert len({urlsplit(root).port for root in roots}) == len(roots) == 6
    assert {urlsplit(root).hostname for root in roots} == {"127.0.0.1"}


@pytest.mark.parametrize(
    ("scenario", "good", "bad"), [("returning", "us", "eu"), ("eu-key", "eu", "us")]
)
def test_a_vapi_key_opens_its_own_region_only(lab: Lab, scenario: str, good: str, bad: str) -> None:
    lab.play(scenario)
    assert lab.vapi("GET", "/assistant?limit=1", region=good).status_code == 200
    refused = lab.vapi("GET", "/assistant?limit=1", region=bad)
    assert refused.status_code == 401
    assert refused.json()["message"].startswith(HOT_TIP)


def test_a_rotated_vapi_key_opens_no_region(lab: Lab) -> None:
    lab.play("bad-key")
    assert {lab.vapi("GET", "/assistant", region=r).status_code for r in ("us", "eu")} == {401}


def test_records_of_vapi_do_not_cross_regions(lab: Lab) -> None:
    lab.play("eu-key")
    (number,) = lab.vapi("GET", "/phone-number").json()
    path = f"/phone-number/{number['id']}"
    assert lab.vapi("GET", path, region="us").status_code == 401
    assert lab.vapi("DELETE", path, region="us").status_code == 401
    assert lab.call()["answered"] is True


def test_an_import_in_the_eu_writes_the_eu_host(lab: Lab) -> None:
    lab.play("eu-key")
    (number,) = lab.vapi("GET", "/phone-number").json()
    lab.vapi("DELETE", f"/phone-number/{number['id']}")
    lab.point(VoiceUrl="")
    body = lab.import_body(assistantId=number["assistantId"], smsEnabled=False)
    assert lab.vapi("POST", "/phone-number", json=body).status_code == 201
    assert lab.at_twilio()["voice_url"] == "https://api.eu.vapi.ai/twilio/inbound_call"
    assert lab.call()["answered"] is True


@pytest.mark.parametrize("region", OTHERS)
def test_a_token_of_us1_is_refused_elsewhere(lab: Lab, region: str) -> None:
    refused = _account(lab, region)
    assert (refused.status_code, refused.json()["code"]) == (401, 20003)
    assert refused.json()["message"] == "Authenticate"


def test_a_token_of_ireland_opens_ireland_only(lab: Lab) -> None:
    lab.play("ie1-token")
    assert _account(lab, "ie1").json()["status"] == "active"
    for region in ("us1", "au1"):
        refused = _account(lab, region)
        assert (refused.status_code, refused.json()["code"]) == (401, 20003)


def test_a_token_of_ireland_imports_nothing_for_vapi_knows_us1_only(lab: Lab) -> None:
    lab.play("ie1-token")
    assert lab.vapi("POST", "/phone-number", json=lab.import_body()).status_code == 400


def test_a_key_made_in_one_region_is_unknown_in_another(lab: Lab) -> None:
    key = lab.twilio("POST", "/Keys.json").json()
    pair = (key["sid"], key["secret"])
    path = f"/2010-04-01/Accounts/{lab.told.twilio_account_sid}/IncomingPhoneNumbers.json"
    assert lab.twilio_at("GET", path, login=pair).status_code == 200
    assert lab.twilio_at("GET", path, login=pair, region="ie1").status_code == 401


def test_a_number_is_in_every_region_under_one_sid_with_settings_of_its_own(lab: Lab) -> None:
    lab.play("returning")
    records = [_number(lab, region) for region in TwilioRegion]
    assert len({record["sid"] for record in records}) == 1
    assert [bool(record["voice_url"]) for record in records] == [True, False, False]


def test_what_is_written_in_one_region_changes_no_other(lab: Lab) -> None:
    lab.play("returning")
    before = _number(lab, TwilioRegion.US1)
    pair = _token(lab, TwilioRegion.IE1)
    path = f"/2010-04-01/Accounts/{pair[0]}/IncomingPhoneNumbers/{before['sid']}.json"
    form = {"VoiceUrl": "https://own.example/voice"}
    answer = lab.twilio_at("POST", path, region="ie1", login=pair, data=form)
    assert answer.json()["voice_url"] == form["VoiceUrl"]
    assert _number(lab, TwilioRegion.US1) == before
    assert lab.call()["answered"] is True


def test_a_bought_number_is_in_every_region_and_points_nowhere_elsewhere(lab: Lab) -> None:
    form = {"PhoneNumber": "+12125550120", "VoiceUrl": "https://own.example/voice"}
    sid = lab.twilio("POST", "/IncomingPhoneNumbers.json", data=form).json()["sid"]
    urls = [
        lab.world.twilio[region][lab.told.twilio_account_sid].numbers[sid]["voice_url"]
        for region in TwilioRegion
    ]
    assert urls == ["https://own.example/voice", "", ""]


def test_calls_are_heard_and_logged_where_they_are_processed(lab: Lab) -> None:
    lab.play("ie1-token")
    said = lab.call()
    assert said["path"][0] == f"twilio ie1:{lab.told.number}"
    path = f"/2010-04-01/Accounts/{lab.told.twilio_account_sid}/Calls.json"
    assert len(lab.twilio_at("GET", path, region="ie1").json()["calls"]) == 1
    us1 = _token(lab, TwilioRegion.US1)
    assert lab.twilio_at("GET", path, login=us1).json()["calls"] == []


def test_a_number_is_processed_in_us1_unless_it_was_routed(lab: Lab) -> None:
    route = lab.route("GET").json()
    assert (route["phone_number"], route["voice_region"]) == (lab.told.number, "us1")
    lab.play("voice-elsewhere")
    assert lab.route("GET").json()["voice_region"] == "ie1"


# Docs: the public specification of Routes v2, which is not beside the contract.
ROUTE = {
    "phone_number": r"\+[0-9]+",
    "url": r"https://routes\.twilio\.com/v2/PhoneNumbers/\+[0-9]+",
    "sid": r"QQ[0-9a-fA-F]{32}",
    "account_sid": r"AC[0-9a-fA-F]{32}",
    "friendly_name": r".{0,64}",
    "voice_region": r"us1|ie1|au1",
    "date_created": r"[0-9-]{10}T[0-9:]{8}Z",
    "date_updated": r"[0-9-]{10}T[0-9:]{8}Z",
}


@pytest.mark.parametrize("scenario", ["fresh", "voice-elsewhere"])
def test_a_route_has_the_documented_fields_and_no_other(lab: Lab, scenario: str) -> None:
    lab.play(scenario)
    route = lab.route("GET").json()
    assert set(route) == set(ROUTE)
    assert all(re.fullmatch(pattern, route[name]) for name, pattern in ROUTE.items())
    assert datetime.fromisoformat(route["date_created"]).tzinfo is not None


def test_a_number_is_routed_back_with_one_form(lab: Lab) -> None:
    lab.play("voice-elsewhere")
    before = lab.state()["twilio"]["accounts"]
    route = lab.route("POST", data={"VoiceRegion": "us1", "FriendlyName": "Reception"}).json()
    assert (route["voice_region"], route["friendly_name"]) == ("us1", "Reception")
    assert lab.route("GET").json() == route
    assert lab.state()["twilio"]["accounts"] == before
    assert lab.call()["answered"] is True


@pytest.mark.parametrize(
    "form", [{"VoiceRegion": "ie2"}, {"VoiceRegion": ""}, {"Region": "us1"}, {"VoiceUrl": "x"}]
)
def test_a_route_that_does_not_fit_changes_nothing(lab: Lab, form: dict[str, str]) -> None:
    before = lab.state()
    assert lab.route("POST", data=form).status_code == 400
    assert lab.state() == before


def test_reading_a_route_changes_nothing(lab: Lab) -> None:
    before = lab.state()
    lab.route("GET")
    assert lab.state() == before


def test_routes_knows_the_accounts_own_numbers_and_us1s_credentials_only(lab: Lab) -> None:
    assert lab.route("GET", "+33199009999").status_code == 404
    assert lab.route("DELETE").status_code == 405
    lab.play("sub-account")
    assert lab.route("GET").status_code == 404
    lab.play("ie1-token")
    assert lab.route("GET").status_code == 401
    lab.play("suspended")
    assert lab.route("GET").status_code == 403


def test_a_fault_may_be_ordered_for_one_region(lab: Lab) -> None:
    path = "/2010-04-01/Accounts/{sid}.json"
    fault = {"vendor": "twilio", "region": "ie1", "method": "GET", "path": path, "kind": "error"}
    assert lab.control("faults", **fault).status_code == 200
    assert _account(lab, "us1").status_code == 200
    assert _account(lab, "ie1").status_code == 500
    assert lab.control("faults", **{**fault, "region": "eu"}).status_code == 400


def test_the_log_names_the_region_that_was_asked(lab: Lab) -> None:
    lab.vapi("GET", "/assistant", region="eu")
    _account(lab, "au1")
    lab.route("GET")
    asked = [(entry["vendor"], entry["region"]) for entry in lab.requests()]
    assert asked == [("vapi", "eu"), ("twilio", "au1"), ("twilio", "routes")]
