"""Every oddity of the vendors that the contract calls seen or unknown, on and off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from ava_setup.sandbox.quirks import Quirk
from tests.canaries import WRONG_TOKEN
from tests.sandbox.conftest import CALL_SECONDS
from tests.sandbox.lab import NOBODY
from tests.sandbox.test_twilio_door import READS

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from tests.sandbox.lab import Lab

_tried: set[Quirk] = set()
Test = TypeVar("Test", bound="Callable[..., None]")


def tries(*quirks: Quirk) -> Callable[[Test], Test]:
    """Say which oddities a test is about."""
    _tried.update(quirks)
    return lambda test: test


def _import(lab: Lab, **fields: Any) -> httpx.Response:
    return lab.vapi("POST", "/phone-number", json=lab.import_body(**fields))


def _unauthorised(lab: Lab, **how: Any) -> httpx.Response:
    return lab.vapi("GET", "/assistant", key="no key at all", judged=False, **how)


@tries(Quirk.BARE_ERRORS)
def test_errors_may_lack_error_and_status_code(lab: Lab) -> None:
    lab.switch_on(Quirk.BARE_ERRORS)
    answer = _unauthorised(lab)
    assert (answer.status_code, set(answer.json())) == (401, {"message"})


@tries(Quirk.LISTED_MESSAGES)
def test_a_message_may_be_an_array_of_one(lab: Lab) -> None:
    told = _unauthorised(lab).json()["message"]
    lab.switch_on(Quirk.LISTED_MESSAGES)
    assert _unauthorised(lab).json()["message"] == [told]


@tries(Quirk.WEB_PAGE_ERRORS)
def test_an_edge_may_turn_refusals_into_web_pages(lab: Lab) -> None:
    lab.switch_on(Quirk.WEB_PAGE_ERRORS)
    path = f"/2010-04-01/Accounts/{lab.told.twilio_account_sid}/Nothing.json"
    for answer, status in (
        (_unauthorised(lab), 401),
        (lab.twilio_at("GET", path, judged=False), 404),
    ):
        assert (answer.status_code, answer.text[:15]) == (status, "<!DOCTYPE html>")
        assert answer.headers["content-type"].startswith("text/html")
    assert lab.vapi("GET", "/assistant").json() == []


@tries(Quirk.RATE_LIMITED, Quirk.RETRY_AFTER)
def test_every_second_request_may_be_turned_away_with_or_without_a_moment(lab: Lab) -> None:
    lab.switch_on(Quirk.RATE_LIMITED)
    answers = [lab.vapi("POST", "/assistant", json={}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [201, 429, 201, 429]
    assert answers[1].json()["message"] == "Rate limit exceeded"
    assert "retry-after" not in answers[1].headers
    assert len(lab.state()["vapi"]["assistants"]) == 2
    lab.switch_on(Quirk.RETRY_AFTER)
    lab.vapi("GET", "/assistant")
    assert lab.vapi("GET", "/assistant").headers["retry-after"] == "1"


@tries(Quirk.FAILS_AFTER_WORK)
def test_what_is_made_may_be_answered_500(lab: Lab) -> None:
    lab.switch_on(Quirk.FAILS_AFTER_WORK)
    assert lab.vapi("POST", "/assistant", json={"name": "Ava"}).status_code == 500
    (made,) = lab.vapi("GET", "/assistant").json()
    assert made["name"] == "Ava"
    assert lab.vapi("POST", "/assistant", json={"colour": "red"}).status_code == 400
    assert _import(lab, assistantId=made["id"]).status_code == 500
    assert lab.call()["path"][-1] == f"assistant:{made['id']}"
    path = f"/assistant/{made['id']}"
    assert lab.vapi("PATCH", path, json={"name": "Eva"}).status_code == 200


@tries(Quirk.OTHER_ORG_LIE)
def test_a_number_of_ours_may_be_said_to_be_another_organisations(lab: Lab) -> None:
    made = _import(lab).json()
    lab.switch_on(Quirk.OTHER_ORG_LIE)
    refused = _import(lab)
    assert refused.status_code == 400
    told = f"Phone number {lab.told.number} already in use by another org."
    assert refused.json()["message"] == told
    assert lab.vapi("GET", "/phone-number").json() == [made]


@tries(Quirk.TWILIO_REFUSAL_PASSED_ON)
def test_bad_twilio_credentials_may_be_answered_with_a_401(lab: Lab) -> None:
    assert _import(lab, twilioAuthToken=WRONG_TOKEN).status_code == 400
    lab.switch_on(Quirk.TWILIO_REFUSAL_PASSED_ON)
    refused = _import(lab, twilioAuthToken=WRONG_TOKEN)
    assert (refused.status_code, refused.json()["message"]) == (401, "Authenticate")
    assert lab.vapi("GET", "/phone-number").json() == []


@tries(Quirk.PROVIDER_WANTED_IN_PATCH)
def test_a_patch_may_want_the_provider(lab: Lab) -> None:
    lab.play("provider-wanted-in-patch")
    (number,), (assistant,) = lab.world.org.numbers, lab.world.org.assistants
    path, patch = f"/phone-number/{number}", {"assistantId": assistant}
    assert lab.vapi("PATCH", path, json=patch).status_code == 400
    assert lab.vapi("PATCH", path, json={**patch, "provider": "twilio"}).status_code == 200


@tries(Quirk.MASKED_LIST)
def test_a_list_may_mask_numbers_while_one_read_shows_it(lab: Lab) -> None:
    lab.play("masked-list")
    (listed,) = lab.vapi("GET", "/phone-number").json()
    assert listed["number"] == "+331****1234"
    (found,) = lab.vapi("GET", "/v2/phone-number?search=1234").json()["results"]
    assert found == listed
    assert lab.vapi("GET", f"/phone-number/{listed['id']}").json()["number"] == lab.told.number


@tries(Quirk.NULL_LINKS)
def test_links_may_be_null_where_there_are_none(lab: Lab) -> None:
    lab.switch_on(Quirk.NULL_LINKS)
    made = lab.vapi("POST", "/phone-number", json=lab.import_body(), judged=False).json()
    assert (made["assistantId"], made["squadId"], made["workflowId"]) == (None, None, None)
    assistant = lab.assistant()["id"]
    path = f"/phone-number/{made['id']}"
    linked = lab.vapi("PATCH", path, json={"assistantId": assistant}, judged=False).json()
    assert (linked["assistantId"], linked["squadId"]) == (assistant, None)


@tries(Quirk.SECRETS_HIDDEN)
def test_bodies_of_numbers_may_hold_no_secret(lab: Lab) -> None:
    lab.switch_on(Quirk.SECRETS_HIDDEN)
    assert "twilioAuthToken" not in _import(lab).json()
    assert "twilioAuthToken" not in lab.vapi("GET", "/phone-number").json()[0]


@tries(Quirk.LEGACY_NUMBERS)
def test_a_legacy_number_does_not_name_its_account(lab: Lab) -> None:
    made = _import(lab).json()
    lab.switch_on(Quirk.LEGACY_NUMBERS)
    del made["twilioAccountSid"]
    assert lab.vapi("GET", "/phone-number", judged=False).json() == [made]


@tries(Quirk.UNKNOWN_PROVIDER)
def test_a_list_may_have_a_member_of_a_provider_that_nobody_knows(lab: Lab) -> None:
    made = _import(lab).json()
    lab.switch_on(Quirk.UNKNOWN_PROVIDER)
    listed = lab.vapi("GET", "/phone-number", judged=False).json()
    assert listed[0] == made
    assert listed[1]["provider"] == "carrier-pigeon"


@tries(Quirk.ACTIVATES_LATER)
def test_a_number_may_take_its_time_to_be_active(lab: Lab) -> None:
    lab.switch_on(Quirk.ACTIVATES_LATER)
    number = lab.linked()
    assert (number["status"], lab.call()["answered"]) == ("activating", False)
    lab.let_pass(CALL_SECONDS)
    assert lab.vapi("GET", f"/phone-number/{number['id']}").json()["status"] == "active"
    assert lab.call()["answered"] is True


@tries(Quirk.ASSISTANT_FIRST)
@pytest.mark.parametrize("link", ["squadId", "workflowId"])
def test_the_assistant_may_come_before_a_squad_or_a_workflow(lab: Lab, link: str) -> None:
    lab.world.org.numbers[lab.linked()["id"]][link] = NOBODY
    assert lab.call()["answered"] is False
    lab.switch_on(Quirk.ASSISTANT_FIRST)
    assert lab.call()["answered"] is True


@tries(Quirk.WEBHOOK_NOT_WRITTEN)
def test_an_import_may_leave_the_webhook_unwritten(lab: Lab) -> None:
    lab.switch_on(Quirk.WEBHOOK_NOT_WRITTEN)
    before = lab.at_twilio()
    assert _import(lab).status_code == 201
    assert lab.at_twilio() == before


@tries(Quirk.DELETE_CLEARS_WEBHOOK)
def test_a_deletion_may_clear_vapis_addresses_and_nobody_elses(lab: Lab) -> None:
    lab.point(SmsUrl="https://texts.example/in")
    number = lab.linked()
    lab.point(SmsUrl="https://texts.example/in")
    lab.switch_on(Quirk.DELETE_CLEARS_WEBHOOK)
    assert lab.vapi("DELETE", f"/phone-number/{number['id']}").status_code == 200
    left = lab.at_twilio()
    assert (left["voice_url"], left["status_callback"]) == ("", "")
    assert left["sms_url"] == "https://texts.example/in"


@tries(Quirk.EU_WEBHOOK_AT_US_HOST)
def test_the_eu_may_be_reached_at_the_us_host(lab: Lab) -> None:
    lab.play("eu-key")
    lab.point(VoiceUrl="https://api.vapi.ai/twilio/inbound_call")
    assert lab.call()["heard"] == "Phone Number Not Found"
    lab.switch_on(Quirk.EU_WEBHOOK_AT_US_HOST)
    assert lab.call()["answered"] is True
    (number,) = lab.world.org.numbers
    lab.vapi("DELETE", f"/phone-number/{number}")
    lab.point(VoiceUrl="")
    assert _import(lab).status_code == 201
    assert lab.at_twilio()["voice_url"] == "https://api.vapi.ai/twilio/inbound_call"


@tries(Quirk.UNLINKED_CANNOT_GET_ASSISTANT)
def test_callers_of_an_unlinked_number_may_be_told_of_the_assistant(lab: Lab) -> None:
    lab.play("unlinked")
    assert lab.call()["heard"] == "Phone Number Not Found"
    lab.switch_on(Quirk.UNLINKED_CANNOT_GET_ASSISTANT)
    assert lab.call()["heard"].startswith("Couldn't get assistant. Either set the assistant ID")


@tries(Quirk.ASSISTANT_PINNED)
def test_an_assistant_may_be_pinned_by_its_number(lab: Lab) -> None:
    number, free = lab.linked(), lab.assistant()
    lab.switch_on(Quirk.ASSISTANT_PINNED)
    refused = lab.vapi("DELETE", f"/assistant/{number['assistantId']}")
    assert (refused.status_code, refused.json()["error"]) == (409, "assistant_pinned")
    assert number["assistantId"] in lab.world.org.assistants
    assert lab.vapi("DELETE", f"/assistant/{free['id']}").status_code == 200


@tries(Quirk.UNKNOWN_CALL_STATUS)
def test_a_call_may_have_a_status_that_nobody_knows_until_it_ends(lab: Lab) -> None:
    lab.switch_on(Quirk.UNKNOWN_CALL_STATUS)
    lab.linked()
    lab.call()
    (call,) = lab.vapi("GET", "/call", judged=False).json()
    path = f"/call/{call['id']}"
    assert call["status"] not in {"scheduled", "queued", "ringing", "in-progress", "ended"}
    assert lab.vapi("GET", path, judged=False).json()["status"] == call["status"]
    lab.let_pass(CALL_SECONDS)
    assert lab.vapi("GET", path).json()["status"] == "ended"


@tries(Quirk.SUSPENDED_AS_401, Quirk.SUSPENDED_AS_403)
@pytest.mark.parametrize(
    ("quirk", "account", "rest"),
    [
        (None, 200, 20005),
        (Quirk.SUSPENDED_AS_403, 20005, 20005),
        (Quirk.SUSPENDED_AS_401, 20003, 20003),
    ],
)
def test_a_suspended_account_shows_in_any_of_three_ways(
    lab: Lab, quirk: Quirk | None, account: int, rest: int
) -> None:
    lab.play("suspended")
    lab.switch_on(*([quirk] if quirk else []))
    answer = lab.twilio("GET", ".json")
    if account == 200:
        assert answer.json()["status"] == "suspended"
    else:
        assert answer.json()["code"] == account
    assert {lab.twilio("GET", path).json()["code"] for path in READS[1:]} == {rest}


@tries(Quirk.KEY_POLICY)
def test_a_policy_may_forbid_keys(lab: Lab) -> None:
    lab.switch_on(Quirk.KEY_POLICY)
    refused = lab.twilio("POST", "/Keys.json")
    assert (refused.status_code, refused.json()["code"]) == (401, 20003)
    assert refused.json()["message"] == "Policy evaluation failed"
    assert lab.state()["twilio"]["accounts"][0]["keys"] == []


@tries(Quirk.RESTRICTED_KEYS)
def test_a_key_may_be_restricted_to_reading_numbers(lab: Lab) -> None:
    key = lab.twilio("POST", "/Keys.json").json()
    pair, sid = (key["sid"], key["secret"]), lab.at_twilio()["sid"]
    lab.switch_on(Quirk.RESTRICTED_KEYS)
    assert lab.twilio("GET", "/IncomingPhoneNumbers.json", login=pair).status_code == 200
    for method, path, status in (
        ("GET", "/Calls.json", 401),
        ("GET", "/Balance.json", 401),
        ("POST", f"/IncomingPhoneNumbers/{sid}.json", 403),
    ):
        refused = lab.twilio(method, path, login=pair)
        assert (refused.status_code, refused.json()["code"]) == (status, 70051)
        assert refused.json()["message"] == "Authorization Failed"
        assert lab.twilio(method, path).status_code == 200


@tries(Quirk.BALANCE_HIDDEN_FROM_KEYS)
def test_a_key_may_not_see_the_balance(lab: Lab) -> None:
    key = lab.twilio("POST", "/Keys.json").json()
    pair = (key["sid"], key["secret"])
    assert lab.twilio("GET", "/Balance.json", login=pair).status_code == 200
    lab.switch_on(Quirk.BALANCE_HIDDEN_FROM_KEYS)
    refused = lab.twilio("GET", "/Balance.json", login=pair)
    assert (refused.status_code, refused.json()["code"]) == (401, 20003)
    assert lab.twilio("GET", "/Balance.json").status_code == 200


@tries(Quirk.UNSET_IS_NULL)
def test_what_is_unset_may_be_null(lab: Lab) -> None:
    lab.play("out-of-service")
    assert lab.at_twilio()["voice_url"] == ""
    lab.switch_on(Quirk.UNSET_IS_NULL)
    sid = lab.at_twilio()["sid"]
    local = lab.twilio("GET", "/IncomingPhoneNumbers/Local.json").json()
    for record in (
        lab.at_twilio(),
        lab.twilio("GET", f"/IncomingPhoneNumbers/{sid}.json").json(),
        lab.point(FriendlyName="Reception"),
        local["incoming_phone_numbers"][0],
    ):
        unset = [record[name] for name in ("voice_url", "voice_fallback_url", "status_callback")]
        assert unset == [None, None, None]
    assert lab.call()["heard"] == ""


@tries(Quirk.TRIAL_STREAMS)
def test_a_trial_line_may_reach_its_assistant_after_all(lab: Lab) -> None:
    lab.play("trial")
    lab.linked()
    assert lab.call()["answered"] is False
    lab.switch_on(Quirk.TRIAL_STREAMS)
    assert lab.call()["answered"] is True


def test_every_oddity_is_tried_here_and_has_a_line_of_its_own() -> None:
    assert _tried == set(Quirk)
    lines = [quirk.line for quirk in Quirk]
    assert len(set(lines)) == len(lines)
    assert all(line.endswith(".") and "\n" not in line and len(line) < 90 for line in lines)


def test_oddities_are_listed_and_switched_one_by_one(lab: Lab) -> None:
    shown = lab.client.get(f"{lab.told.control_url}/quirks").json()
    assert set(shown) == {quirk.value for quirk in Quirk}
    assert not any(quirk["on"] for quirk in shown.values())
    both = {Quirk.MASKED_LIST, Quirk.NULL_LINKS}
    lab.switch_on(*both)
    assert lab.state()["quirks"] == ["masked-list", "null-links"]
    shown = lab.control("quirks", off=["masked-list"]).json()
    assert [name for name, quirk in shown.items() if quirk["on"]] == ["null-links"]
    lab.play("fresh")
    assert lab.state()["quirks"] == []


@pytest.mark.parametrize("order", [{"on": ["nothing-of-the-kind"]}, {"in": []}, {"on": "all"}])
def test_a_switch_that_makes_no_sense_changes_nothing(lab: Lab, order: Any) -> None:
    assert lab.control("quirks", **order).status_code == 400
    assert lab.state()["quirks"] == []
