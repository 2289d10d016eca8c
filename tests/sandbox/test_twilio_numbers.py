from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

if TYPE_CHECKING:
    from ava_setup.sandbox.world import Account
    from tests.sandbox.lab import Lab


def _account(lab: Lab) -> Account:
    return lab.world.accounts[lab.told.twilio_account_sid]


def _numbers(lab: Lab, **params: str) -> Any:
    answer = lab.twilio("GET", "/IncomingPhoneNumbers.json", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def _refusal(lab: Lab, **fields: str) -> Any:
    sid = next(iter(_account(lab).numbers))
    before = lab.state()
    answer = lab.twilio("POST", f"/IncomingPhoneNumbers/{sid}.json", data=fields)
    assert answer.status_code == 400, answer.text
    assert lab.state() == before
    return answer.json()


def _buy(lab: Lab, **fields: str) -> Any:
    return lab.twilio("POST", "/IncomingPhoneNumbers.json", data=fields).json()


def test_fifty_numbers_make_a_page_unless_told_otherwise(lab: Lab) -> None:
    lab.play("many")
    page = _numbers(lab)
    assert len(page["incoming_phone_numbers"]) == page["page_size"] == 50
    assert len(_numbers(lab, PageSize="1000")["incoming_phone_numbers"]) == 300


def test_the_next_page_is_a_path_to_follow_as_it_is(lab: Lab) -> None:
    lab.play("many")
    page = _numbers(lab, PageSize="70")
    found = page["incoming_phone_numbers"]
    while page["next_page_uri"]:
        assert page["next_page_uri"].startswith("/2010-04-01/Accounts/AC")
        page = lab.twilio_at("GET", page["next_page_uri"]).json()
        found += page["incoming_phone_numbers"]
    assert len({number["sid"] for number in found}) == len(found) == 300
    assert page["previous_page_uri"].startswith("/2010-04-01/")


def test_the_previous_page_leads_back(lab: Lab) -> None:
    lab.play("many")
    first = _numbers(lab, PageSize="10")
    second = lab.twilio_at("GET", first["next_page_uri"]).json()
    back = lab.twilio_at("GET", second["previous_page_uri"]).json()
    assert back["incoming_phone_numbers"] == first["incoming_phone_numbers"]


def test_filters_are_kept_from_page_to_page(lab: Lab) -> None:
    lab.play("many")
    page = _numbers(lab, PageSize="20", PhoneNumber="+4420")
    query = parse_qs(urlsplit(page["next_page_uri"]).query)
    assert query["PhoneNumber"] == ["+4420"]
    following = lab.twilio_at("GET", page["next_page_uri"]).json()["incoming_phone_numbers"]
    assert {n["phone_number"][:5] for n in following} == {"+4420"}


def test_the_page_number_alone_does_not_move_on(lab: Lab) -> None:
    lab.play("many")
    assert (
        _numbers(lab, Page="3")["incoming_phone_numbers"] == _numbers(lab)["incoming_phone_numbers"]
    )


@pytest.mark.parametrize(
    "params",
    [
        {"PageSize": "0"},
        {"PageSize": "1001"},
        {"PageSize": "x"},
        {"Page": "-1"},
        {"PageToken": "x"},
    ],
)
def test_an_ill_formed_page_is_refused(lab: Lab, params: dict[str, str]) -> None:
    answer = lab.twilio("GET", "/IncomingPhoneNumbers.json", params=params)
    assert answer.status_code == 400


def test_the_phone_number_filter_is_partial(lab: Lab) -> None:
    lab.play("many")
    assert len(_numbers(lab, PhoneNumber="+3319900100")["incoming_phone_numbers"]) == 10
    assert len(_numbers(lab, PhoneNumber="+1212555012*")["incoming_phone_numbers"]) == 0
    assert len(_numbers(lab, PhoneNumber="+1212555010*")["incoming_phone_numbers"]) == 10


def test_a_plus_that_was_not_encoded_finds_nothing(lab: Lab) -> None:
    answer = lab.twilio("GET", f"/IncomingPhoneNumbers.json?PhoneNumber={lab.told.numbers[0]}")
    assert answer.json()["incoming_phone_numbers"] == []


def test_a_kind_lists_only_its_own_numbers(lab: Lab) -> None:
    lab.play("many")
    for kind, count in (("Local", 295), ("Mobile", 0), ("TollFree", 5)):
        page = lab.twilio("GET", f"/IncomingPhoneNumbers/{kind}.json?PageSize=1000").json()
        assert len(page["incoming_phone_numbers"]) == count


def test_one_number_is_read_by_its_sid(lab: Lab) -> None:
    number = lab.at_twilio()
    assert lab.twilio("GET", f"/IncomingPhoneNumbers/{number['sid']}.json").json() == number


def test_what_is_written_is_read_back(lab: Lab) -> None:
    fields = {
        "VoiceUrl": "https://own.example/voice",
        "VoiceMethod": "GET",
        "VoiceFallbackUrl": "https://own.example/fallback",
        "StatusCallback": "https://own.example/status",
        "FriendlyName": "Reception",
        "VoiceCallerIdLookup": "true",
        "VoiceReceiveMode": "fax",
    }
    lab.point(**fields)
    number = lab.at_twilio()
    assert number["voice_url"] == "https://own.example/voice"
    assert number["voice_method"] == "GET"
    assert number["friendly_name"] == "Reception"
    assert number["voice_caller_id_lookup"] is True
    assert number["voice_receive_mode"] == "fax"


def test_an_address_is_unset_with_an_empty_one(lab: Lab) -> None:
    assert lab.point(VoiceUrl="")["voice_url"] == ""


def test_trunk_and_application_let_go_of_each_other(lab: Lab) -> None:
    trunk, app = "TK" + "5a" * 16, "AP" + "5a" * 16
    account = _account(lab)
    account.trunks = frozenset({trunk})
    account.applications[app] = {}
    assert lab.point(TrunkSid=trunk)["trunk_sid"] == trunk
    changed = lab.point(VoiceApplicationSid=app)
    assert (changed["trunk_sid"], changed["voice_application_sid"]) == (None, app)
    changed = lab.point(TrunkSid=trunk)
    assert (changed["trunk_sid"], changed["voice_application_sid"]) == (trunk, None)
    assert lab.point(TrunkSid="")["trunk_sid"] is None
    _refusal(lab, TrunkSid=trunk, VoiceApplicationSid=app)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("voice_url", "https://own.example"),
        ("VoiceURL", "https://own.example"),
        ("PhoneNumber", "+33199001234"),
        ("VoiceUrl", "own.example"),
        ("VoiceUrl", "ftp://own.example"),
        ("VoiceUrl", "https://own.example/a b"),
        ("VoiceUrl", "https://[own"),
        ("VoiceMethod", "PUT"),
        ("VoiceMethod", ""),
        ("VoiceReceiveMode", "both"),
        ("VoiceCallerIdLookup", "yes"),
        ("TrunkSid", "TK00"),
        ("TrunkSid", "TK" + "0" * 32),
        ("VoiceApplicationSid", "AP" + "0" * 32),
        ("SmsApplicationSid", "AP" + "0" * 32),
        ("FriendlyName", "n" * 65),
        ("EmergencyStatus", "Active"),
    ],
)
def test_a_field_that_does_not_fit_changes_nothing(lab: Lab, field: str, value: str) -> None:
    _refusal(lab, **{field: value})


def test_a_json_body_is_no_form(lab: Lab) -> None:
    path = f"/IncomingPhoneNumbers/{lab.at_twilio()['sid']}.json"
    for options in (
        {"json": {"VoiceUrl": ""}},
        {"content": b"VoiceUrl="},
        {"content": b"%", "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
        {"data": {"VoiceUrl": ["", ""]}},
    ):
        assert lab.twilio("POST", path, **options).status_code == 400


def test_numbers_for_sale_can_be_searched(lab: Lab) -> None:
    path = "/AvailablePhoneNumbers/US/Local.json"
    every = lab.twilio("GET", path).json()["available_phone_numbers"]
    some = lab.twilio("GET", path, params={"Contains": "+12125550*2*"}).json()
    assert 0 < len(some["available_phone_numbers"]) < len(every)
    none = lab.twilio("GET", path, params={"AreaCode": "999"}).json()
    assert none["available_phone_numbers"] == []


def test_a_bought_number_costs_a_months_rent_and_is_no_longer_for_sale(lab: Lab) -> None:
    path = "/AvailablePhoneNumbers/US/Local.json"
    number = lab.twilio("GET", path).json()["available_phone_numbers"][0]["phone_number"]
    bought = _buy(lab, PhoneNumber=number, VoiceUrl="https://own.example/voice")
    assert (bought["phone_number"], bought["voice_url"]) == (number, "https://own.example/voice")
    assert lab.twilio("GET", "/Balance.json").json()["balance"] == "11.25"
    left = lab.twilio("GET", path).json()["available_phone_numbers"]
    assert number not in {offer["phone_number"] for offer in left}
    assert _buy(lab, PhoneNumber=number)["code"] == 21422


def test_a_purchase_that_the_rules_forbid_costs_nothing(lab: Lab) -> None:
    paris = {"PhoneNumber": "+33199007120"}
    account = _account(lab)
    assert _buy(lab, **paris)["code"] == 21631
    unknown = {"AddressSid": "AD" + "0" * 32}
    assert _buy(lab, **paris, **unknown)["code"] == 21615
    account.addresses[unknown["AddressSid"]] = {}
    assert _buy(lab, **paris, **unknown)["code"] == 21649
    assert account.balance == Decimal("12.40")
    account.bundles = frozenset({"BU" + "0" * 32})
    assert _buy(lab, **paris, **unknown, BundleSid="BU" + "0" * 32)["sid"].startswith("PN")


def test_a_purchase_needs_a_number_and_its_price(lab: Lab) -> None:
    assert _buy(lab)["status"] == 400
    assert _buy(lab, AreaCode="212")["status"] == 400
    assert _buy(lab, PhoneNumber="12125550120")["code"] == 21421
    _account(lab).balance = Decimal("1.14")
    assert _buy(lab, PhoneNumber="+12125550120")["status"] == 400


def test_a_trial_account_has_one_number(lab: Lab) -> None:
    lab.play("trial")
    assert _buy(lab, PhoneNumber="+12125550120")["code"] == 21404


def test_a_made_key_shows_its_secret_once(lab: Lab) -> None:
    key = lab.twilio("POST", "/Keys.json", data={"FriendlyName": "ava-setup for Martin"}).json()
    assert key["friendly_name"] == "ava-setup for Martin"
    assert key["sid"].startswith("SK5a5a5a")
    assert len(key["secret"]) == 32
    (listed,) = lab.twilio("GET", "/Keys.json").json()["keys"]
    assert listed == {name: value for name, value in key.items() if name != "secret"}
