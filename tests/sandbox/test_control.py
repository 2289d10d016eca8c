from __future__ import annotations

from typing import TYPE_CHECKING, Any

import phonenumbers
import pytest

from ava_setup.sandbox import UnknownScenarioError, scenario_names
from ava_setup.sandbox.doors import DOORS
from ava_setup.sandbox.population import populate
from ava_setup.sandbox.stage import Stage
from tests.sandbox.spec import needs_contracts, twilio_schema_errors, vapi_schema_errors

if TYPE_CHECKING:
    from tests.sandbox.lab import Lab

STANDARD = {
    "bad-key",
    "fresh",
    "linked-elsewhere",
    "many",
    "no-voice",
    "returning",
    "suspended",
    "trial",
    "unlinked",
}


def test_the_standard_scenarios_are_there() -> None:
    assert set(scenario_names()) >= STANDARD


@pytest.mark.parametrize("scenario", scenario_names())
def test_a_scenario_has_the_same_ids_and_keys_at_every_start(scenario: str) -> None:
    first, second = populate(scenario), populate(scenario)
    assert first.credentials == second.credentials
    assert list(first.org.assistants) == list(second.org.assistants)
    assert list(first.org.numbers) == list(second.org.numbers)
    assert list(first.accounts) == list(second.accounts)
    assert first.phone_numbers == second.phone_numbers


@pytest.mark.parametrize("scenario", scenario_names())
def test_every_number_is_valid_where_it_is_used(scenario: str) -> None:
    for number in populate(scenario).phone_numbers:
        assert phonenumbers.is_valid_number(phonenumbers.parse(number)), number


@pytest.mark.parametrize("scenario", scenario_names())
def test_what_is_made_up_looks_made_up(scenario: str) -> None:
    told = populate(scenario).credentials
    assert told.vapi_key.startswith("sandbox-vapi-private-")
    for sid, token in (
        (told.account_sid, told.auth_token),
        (told.test_account_sid, told.test_auth_token),
    ):
        assert sid.startswith("AC5a5a5a")
        assert len(sid) == 34
        assert token.startswith("5a5a5a")
        assert len(token) == 32


@needs_contracts
@pytest.mark.parametrize("scenario", scenario_names())
def test_every_record_of_a_scenario_is_as_specified(scenario: str) -> None:
    world = populate(scenario)
    assistants = list(world.org.assistants.values())
    assert vapi_schema_errors("GET", "/assistant", 200, assistants) == []
    numbers = list(world.org.numbers.values())
    assert vapi_schema_errors("GET", "/phone-number", 200, numbers) == []
    root = "/2010-04-01/Accounts/{AccountSid}"
    for account in (one for accounts in world.twilio.values() for one in accounts.values()):
        errors = twilio_schema_errors("GET", "/2010-04-01/Accounts/{Sid}.json", 200, account.record)
        assert errors == []
        for path, records in (
            ("IncomingPhoneNumbers/{Sid}", account.numbers.values()),
            ("Applications/{Sid}", account.applications.values()),
        ):
            for record in records:
                assert twilio_schema_errors("GET", f"{root}/{path}.json", 200, record) == []
        for path, page in (
            ("Calls", {"calls": list(account.calls.values())}),
            ("Notifications", {"notifications": account.notifications}),
        ):
            assert twilio_schema_errors("GET", f"{root}/{path}.json", 200, page) == []


def test_many_is_sixty_assistants_and_three_hundred_numbers() -> None:
    world = populate("many")
    assert (len(world.org.assistants), len(world.phone_numbers)) == (60, 300)
    assert {number[:2] for number in world.phone_numbers} == {"+3", "+4", "+1"}
    (account,) = world.accounts.values()
    assert {n["capabilities"]["voice"] for n in account.numbers.values()} == {True, False}
    assert any("name" not in a for a in world.org.assistants.values())


def test_returning_is_three_assistants_and_one_linked_number() -> None:
    org = populate("returning").org
    (number,) = org.numbers.values()
    assert len(org.assistants) == 3
    assert number["assistantId"] in org.assistants


def test_linked_elsewhere_is_linked_to_the_older_assistant() -> None:
    org = populate("linked-elsewhere").org
    (number,) = org.numbers.values()
    oldest = min(org.assistants.values(), key=lambda a: str(a["createdAt"]))
    assert number["assistantId"] == oldest["id"]
    assert oldest["name"] == "Standard du cabinet"


def test_reset_begins_another_scenario_and_announces_it(lab: Lab) -> None:
    lab.assistant()
    url = f"{lab.told.control_url}/reset"
    told = lab.client.post(url, json={"scenario": "returning"}).json()
    assert told["scenario"] == "returning"
    assert told["vapi_key"] == lab.told.vapi_key
    assert len(lab.vapi("GET", "/assistant", key=told["vapi_key"]).json()) == 3


@pytest.mark.parametrize("order", [{"scenario": "nothing"}, {}, {"scenario": "../fresh"}, []])
def test_a_reset_to_nothing_known_changes_nothing(lab: Lab, order: Any) -> None:
    lab.assistant()
    answer = lab.client.post(f"{lab.told.control_url}/reset", json=order)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert len(lab.state()["vapi"]["assistants"]) == 1


@pytest.mark.parametrize(
    "order",
    [{}, {"from": "+33612345678"}, {"from": "me", "to": "+33199001234"}, {"from": 1, "to": 2}, []],
)
def test_a_call_needs_two_numbers(lab: Lab, order: Any) -> None:
    assert lab.client.post(f"{lab.told.control_url}/calls", json=order).status_code == 400


def test_the_state_is_the_same_when_nothing_was_written(lab: Lab) -> None:
    lab.play("returning")
    before = lab.client.get(f"{lab.told.control_url}/state").content
    lab.vapi("GET", "/assistant")
    lab.twilio("GET", "/IncomingPhoneNumbers.json")
    lab.vapi("POST", "/assistant", json={"color": "red"})
    assert lab.client.get(f"{lab.told.control_url}/state").content == before


def test_the_state_shows_both_vendors_records(lab: Lab) -> None:
    made = lab.assistant()
    state = lab.state()
    assert state["scenario"] == "fresh"
    assert state["vapi"]["assistants"] == [made]
    (account,) = state["twilio"]["accounts"]
    assert account["account"]["sid"] == lab.told.twilio_account_sid
    assert account["balance"] == "12.40"
    assert [n["phone_number"] for n in account["numbers"]] == list(lab.told.numbers)


def test_the_log_shows_what_was_asked_and_answered_in_order(lab: Lab) -> None:
    lab.vapi("POST", "/assistant", json={"color": "red"})
    lab.twilio("POST", "/Keys.json", data={"FriendlyName": "ava"})
    lab.vapi("GET", "/assistant?limit=3")
    first, second, third = lab.requests()
    assert (first["vendor"], first["method"], first["path"]) == ("vapi", "POST", "/assistant")
    assert (first["status"], first["body"]) == (400, {"color": "red"})
    assert first["answer"]["message"] == ["property color should not exist"]
    assert (second["vendor"], second["body"]) == ("twilio", {"FriendlyName": "ava"})
    assert third["query"] == {"limit": "3"}
    assert third["answer"] == []


def test_the_log_keeps_a_body_that_is_no_json_as_text(lab: Lab) -> None:
    lab.vapi("POST", "/assistant", content=b"{")
    assert lab.requests()[0]["body"] == "{"


def test_the_log_is_bounded() -> None:
    stage = Stage("fresh", urls=dict.fromkeys(DOORS, ""), latency=0, call_seconds=1)
    assert stage._log.maxlen == 5000


def test_an_unknown_scenario_is_told_with_the_known_ones() -> None:
    with pytest.raises(UnknownScenarioError) as caught:
        populate("nothing")
    assert caught.value.name == "nothing"
    assert "fresh" in caught.value.known
    assert "fresh" in str(caught.value)


def test_a_defect_of_the_sandbox_is_a_visible_500(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> Any:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr("ava_setup.sandbox.vapi.api._let_in", broken)
    answer = lab.client.get(f"{lab.told.vapi_url}/assistant")
    assert answer.status_code == 500
    assert "the sandbox itself failed" in answer.json()["message"]
    assert lab.requests()[0]["status"] == 500
