from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Any

import pytest

from ava_setup.sandbox.world import Quirk
from tests.canaries import WRONG_TOKEN
from tests.sandbox.lab import NOBODY

if TYPE_CHECKING:
    from tests.sandbox.lab import Lab

INBOUND = "https://api.vapi.ai/twilio/inbound_call"


def _import(lab: Lab, **fields: Any) -> Any:
    answer = lab.vapi("POST", "/phone-number", json=lab.import_body(**fields))
    assert answer.status_code == 201, answer.text
    return answer.json()


def _refusal(lab: Lab, **fields: Any) -> Any:
    before = lab.state()
    answer = lab.vapi("POST", "/phone-number", json=lab.import_body(**fields))
    assert answer.status_code == 400, answer.text
    assert lab.state() == before
    return answer.json()["message"]


def _with_quirk(lab: Lab, quirk: Quirk) -> None:
    lab.world.quirks = frozenset({quirk})


def test_an_import_with_an_assistant_is_linked(lab: Lab) -> None:
    assistant = lab.assistant()
    number = _import(lab, assistantId=assistant["id"], smsEnabled=False)
    assert number["assistantId"] == assistant["id"]
    assert number["status"] == "active"
    assert lab.vapi("GET", f"/phone-number/{number['id']}").json() == number


def test_an_import_without_an_assistant_is_accepted_and_unlinked(lab: Lab) -> None:
    assert "assistantId" not in _import(lab)


def test_an_import_points_the_number_at_vapi_and_takes_its_texts(lab: Lab) -> None:
    _import(lab)
    number = lab.at_twilio()
    assert (number["voice_url"], number["voice_method"]) == (INBOUND, "POST")
    assert number["status_callback"] == "https://api.vapi.ai/twilio/status"
    assert number["sms_url"] == "https://api.vapi.ai/twilio/sms"


def test_an_import_leaves_the_texts_alone_when_told_to(lab: Lab) -> None:
    lab.point(SmsUrl="https://texts.example/in")
    _import(lab, smsEnabled=False)
    assert lab.at_twilio()["sms_url"] == "https://texts.example/in"


def test_number_bodies_echo_the_twilio_token(lab: Lab) -> None:
    _import(lab)
    (listed,) = lab.vapi("GET", "/phone-number").json()
    assert listed["twilioAuthToken"] == lab.told.twilio_auth_token


def test_a_key_pair_imports_as_well_as_the_token(lab: Lab) -> None:
    key = lab.twilio("POST", "/Keys.json", data={"FriendlyName": "vapi"}).json()
    body = lab.import_body(twilioApiKey=key["sid"], twilioApiSecret=key["secret"])
    del body["twilioAuthToken"]
    answer = lab.vapi("POST", "/phone-number", json=body)
    assert answer.status_code == 201
    assert answer.json()["twilioApiSecret"] == key["secret"]


def test_the_token_wins_over_a_key_pair(lab: Lab) -> None:
    key = {"twilioApiKey": "SK" + "5a" * 16, "twilioApiSecret": WRONG_TOKEN}
    assert _import(lab, **key)["number"] == lab.told.numbers[0]


@pytest.mark.parametrize(
    "wrong",
    [
        {"twilioAuthToken": WRONG_TOKEN},
        {"twilioAccountSid": "AC" + "5a" * 16},
        {"twilioAccountSid": "not a sid"},
        {"twilioAuthToken": ""},
    ],
)
def test_bad_twilio_credentials_import_nothing(lab: Lab, wrong: dict[str, str]) -> None:
    _refusal(lab, **wrong)


def test_no_twilio_credentials_import_nothing(lab: Lab) -> None:
    body = lab.import_body()
    del body["twilioAuthToken"]
    assert lab.vapi("POST", "/phone-number", json=body).status_code == 400


def test_a_suspended_account_imports_nothing(lab: Lab) -> None:
    lab.play("suspended")
    _refusal(lab)


def test_a_second_import_names_the_number_that_exists(lab: Lab) -> None:
    number = _import(lab)
    message = _refusal(lab)
    found = re.search(r"Existing Phone Number (\S+) Has Identical", message)
    assert found
    assert found[1] == number["id"]
    assert f"`twilioAccountSid` {lab.told.twilio_account_sid} and `number` +33" in message


def test_a_number_of_another_account_is_not_found_on_twilio(lab: Lab) -> None:
    assert _refusal(lab, number="+33199009999") == "Number Not Found on Twilio."


def test_a_number_of_another_organisation_is_in_use(lab: Lab) -> None:
    lab.world.org.used_elsewhere = frozenset(lab.told.numbers)
    assert _refusal(lab) == "Phone number +33199001234 already in use by another org."


@pytest.mark.parametrize(
    "number", ["0199001234", "+0199001234", "+33 1 99 00 12 34", "33199001234"]
)
def test_a_number_must_be_in_e164(lab: Lab, number: str) -> None:
    (fault,) = _refusal(lab, number=number)
    assert fault.startswith("number must be a valid phone number in the E.164 format. Hot tip,")


def test_a_link_to_a_missing_assistant_is_refused(lab: Lab) -> None:
    expected = f"Couldn't Get Assistant. `assistantId` {NOBODY} Does Not Exist."
    assert _refusal(lab, assistantId=NOBODY) == expected


def test_a_name_of_41_characters_is_too_long(lab: Lab) -> None:
    _refusal(lab, name="n" * 41)
    assert _import(lab, name="n" * 40)["name"] == "n" * 40


@pytest.mark.parametrize("provider", ["vapi", "vonage", "telnyx", "byo-phone-number", "acme", None])
def test_no_other_provider_is_modelled(lab: Lab, provider: str | None) -> None:
    _refusal(lab, provider=provider)


def test_a_patch_with_the_assistant_alone_links(lab: Lab) -> None:
    number, assistant = _import(lab), lab.assistant()
    before = lab.at_twilio()
    path, patch = f"/phone-number/{number['id']}", {"assistantId": assistant["id"]}
    answer = lab.vapi("PATCH", path, json=patch)
    assert (answer.status_code, answer.json()["assistantId"]) == (200, assistant["id"])
    assert lab.at_twilio() == before


def test_a_patch_with_the_provider_is_refused(lab: Lab) -> None:
    path = f"/phone-number/{_import(lab)['id']}"
    patch = {"assistantId": lab.assistant()["id"], "provider": "twilio"}
    answer = lab.vapi("PATCH", path, json=patch)
    assert answer.status_code == 400
    assert answer.json()["message"] == ["property provider should not exist"]


def test_a_patch_to_a_missing_assistant_is_refused(lab: Lab) -> None:
    path = f"/phone-number/{_import(lab)['id']}"
    answer = lab.vapi("PATCH", path, json={"assistantId": NOBODY})
    assert answer.json()["message"].startswith("Couldn't Get Assistant.")


@pytest.mark.parametrize("link", ["assistantId", "squadId", "workflowId"])
def test_null_clears_a_link(lab: Lab, link: str) -> None:
    number = _import(lab)
    lab.world.org.numbers[number["id"]][link] = NOBODY
    answer = lab.vapi("PATCH", f"/phone-number/{number['id']}", json={link: None})
    assert answer.status_code == 200
    assert link not in answer.json()


@pytest.mark.parametrize(("link", "kind"), [("squadId", "Squad"), ("workflowId", "Workflow")])
def test_an_unknown_squad_or_workflow_cannot_be_linked(lab: Lab, link: str, kind: str) -> None:
    path = f"/phone-number/{_import(lab)['id']}"
    answer = lab.vapi("PATCH", path, json={link: NOBODY})
    assert answer.json()["message"] == f"Couldn't Get {kind}. `{link}` {NOBODY} Does Not Exist."


def test_the_credentials_of_a_number_are_changed_only_for_ones_that_work(lab: Lab) -> None:
    path = f"/phone-number/{_import(lab)['id']}"
    assert lab.vapi("PATCH", path, json={"twilioAuthToken": "wrong"}).status_code == 400
    good = {"twilioAuthToken": lab.told.twilio_auth_token}
    assert lab.vapi("PATCH", path, json=good).status_code == 200


def test_a_fallback_needs_a_number_in_e164(lab: Lab) -> None:
    path = f"/phone-number/{_import(lab)['id']}"
    fallback = {"type": "number", "number": "0612345678"}
    refused = lab.vapi("PATCH", path, json={"fallbackDestination": fallback})
    assert refused.status_code == 400
    assert refused.json()["message"][0].startswith("fallbackDestination.number must be a valid")
    fallback["number"] = "+33612345678"
    assert lab.vapi("PATCH", path, json={"fallbackDestination": fallback}).status_code == 200


def test_a_deleted_number_stays_at_twilio_as_it_was(lab: Lab) -> None:
    number = _import(lab)
    before = lab.at_twilio()
    assert lab.vapi("DELETE", f"/phone-number/{number['id']}").json() == number
    assert lab.vapi("GET", f"/phone-number/{number['id']}").status_code == 404
    assert lab.at_twilio() == before
    assert _import(lab)["id"] != number["id"]


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_an_unknown_id_is_404(lab: Lab, method: str) -> None:
    options: dict[str, Any] = {"json": {}} if method == "PATCH" else {}
    assert lab.vapi(method, f"/phone-number/{NOBODY}", **options).status_code == 404


def test_a_list_holds_numbers_of_other_providers_which_have_no_number(lab: Lab) -> None:
    lab.play("many")
    (other,) = (n for n in lab.vapi("GET", "/phone-number").json() if n["provider"] != "twilio")
    assert "number" not in other
    path = f"/phone-number/{other['id']}"
    assert lab.vapi("PATCH", path, json={"name": "New"}).status_code == 400
    _with_quirk(lab, Quirk.MASKED_LIST)
    assert other in lab.vapi("GET", "/phone-number").json()


def test_the_search_matches_parts_of_names_and_numbers(lab: Lab) -> None:
    lab.play("many")
    for wanted, count in (("site", 1), ("9000", 0), ("+33", 1), ("", 4), ("55501", 1), ("SIP:", 1)):
        found = lab.vapi("GET", "/v2/phone-number", params={"search": wanted}).json()
        assert len(found["results"]) == found["metadata"]["totalItems"] == count, wanted


def test_the_search_goes_page_by_page(lab: Lab) -> None:
    lab.play("many")
    pages = [
        lab.vapi("GET", f"/v2/phone-number?limit=2&page={page}&sortOrder=ASC").json()
        for page in (1, 2, 3)
    ]
    assert [len(page["results"]) for page in pages] == [2, 2, 0]
    assert [page["metadata"]["hasNextPage"] for page in pages] == [True, False, False]
    dates = [n["createdAt"] for page in pages for n in page["results"]]
    assert dates == sorted(dates)


@pytest.mark.parametrize(
    "query", ["page=0", "page=x", "sortOrder=asc", "sortBy=name", "search=" + "x" * 101]
)
def test_an_ill_formed_search_is_refused(lab: Lab, query: str) -> None:
    assert lab.vapi("GET", f"/v2/phone-number?{query}").status_code == 400


def test_the_parents_pair_does_not_find_a_number_of_its_sub_account(lab: Lab) -> None:
    main = lab.world.accounts[lab.told.twilio_account_sid]
    number = {**next(iter(main.numbers.values())), "phone_number": "+33199005555"}
    sub = dataclasses.replace(
        main,
        record={**main.record, "sid": "AC" + "5b" * 16, "owner_account_sid": main.sid},
        balance=None,
        numbers={number["sid"]: number},
    )
    lab.world.accounts[sub.sid] = sub
    assert _refusal(lab, number="+33199005555") == "Number Not Found on Twilio."
    listed = lab.twilio("GET", "/IncomingPhoneNumbers.json", account=sub.sid).json()
    assert [n["phone_number"] for n in listed["incoming_phone_numbers"]] == ["+33199005555"]
    assert lab.twilio("GET", "/Balance.json", account=sub.sid).status_code == 404
