from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ava_setup.sandbox.twilio.records import application
from tests.sandbox.conftest import CALL_SECONDS
from tests.sandbox.lab import CALLER, NOBODY

if TYPE_CHECKING:
    from tests.sandbox.lab import Lab


def _vapi_calls(lab: Lab) -> Any:
    return lab.vapi("GET", "/call").json()


def _twilio_calls(lab: Lab, **params: str) -> Any:
    return lab.twilio("GET", "/Calls.json", params=params).json()["calls"]


def test_an_application_is_read_by_its_sid(lab: Lab) -> None:
    account = lab.world.accounts[lab.told.twilio_account_sid]
    app = "AP" + "5a" * 16
    record = application(account.sid, app, "Own", "https://own.example", lab.world.dates())
    account.applications[app] = record
    assert lab.twilio("GET", f"/Applications/{app}.json").json() == record


@pytest.mark.parametrize("scenario", ["suspended", "no-voice"])
def test_a_call_that_does_not_reach_twilio_is_not_in_its_log(lab: Lab, scenario: str) -> None:
    lab.play(scenario)
    lab.call()
    (account,) = lab.state()["twilio"]["accounts"]
    assert account["calls"] == []


def test_an_answered_call_is_in_progress_and_then_ended(lab: Lab) -> None:
    number = lab.linked()
    lab.call()
    (call,) = _vapi_calls(lab)
    assert (call["type"], call["status"]) == ("inboundPhoneCall", "in-progress")
    assert (call["phoneNumberId"], call["customer"]) == (number["id"], {"number": CALLER})
    assert "endedAt" not in call
    assert _twilio_calls(lab)[0]["status"] == "in-progress"
    lab.let_pass(CALL_SECONDS)
    ended = lab.vapi("GET", f"/call/{call['id']}").json()
    assert (ended["status"], ended["endedReason"]) == ("ended", "customer-ended-call")
    assert ended["createdAt"] <= ended["startedAt"] < ended["endedAt"]
    assert ended["artifact"]["transcript"].startswith("AI: Bonjour !")
    assert ended["analysis"]["summary"]
    assert _twilio_calls(lab)[0]["status"] == "completed"


def test_calls_are_listed_by_number_assistant_and_date(lab: Lab) -> None:
    number = lab.linked()
    lab.call()
    (call,) = _vapi_calls(lab)
    for name, value, count in (
        ("phoneNumberId", number["id"], 1),
        ("phoneNumberId", NOBODY, 0),
        ("assistantId", number["assistantId"], 1),
        ("assistantId", NOBODY, 0),
        ("id", call["id"], 1),
        ("createdAtGt", number["createdAt"], 1),
        ("createdAtGt", call["createdAt"], 0),
    ):
        assert len(lab.vapi("GET", "/call", params={name: value}).json()) == count, name
    assert lab.vapi("GET", f"/call/{NOBODY}").status_code == 404


def test_twilio_lists_calls_newest_first_and_by_called_number_and_time(lab: Lab) -> None:
    lab.call(caller="+33699000001")
    lab.call(caller="+33699000002")
    assert [call["from"] for call in _twilio_calls(lab)] == ["+33699000002", "+33699000001"]
    assert len(_twilio_calls(lab, To=lab.told.numbers[0])) == 2
    assert _twilio_calls(lab, To="+33199009999") == []
    assert _twilio_calls(lab, From="+33699000002")[0]["from"] == "+33699000002"
    assert len(_twilio_calls(lab, **{"StartTime>": "2020-01-01"})) == 2
    assert len(_twilio_calls(lab, **{"StartTime>": "2020-01-01T00:00:00Z"})) == 2
    assert _twilio_calls(lab, **{"StartTime<": "2020-01-01"}) == []
    assert _twilio_calls(lab, StartTime="2020-01-01") == []
    assert _twilio_calls(lab, **{"EndTime<": "2020-01-01"}) == []
    assert lab.twilio("GET", "/Calls.json?StartTime>=yesterday").status_code == 400
    assert lab.twilio("GET", "/Calls.json?StartTime=2020-02-30").status_code == 400


def test_an_outbound_call_is_queued_then_in_progress_then_ended(lab: Lab) -> None:
    number = lab.linked()
    body = {
        "assistantId": number["assistantId"],
        "phoneNumberId": number["id"],
        "customer": {"number": "+33612345678"},
    }
    call = lab.vapi("POST", "/call", json=body)
    assert (call.status_code, call.json()["status"]) == (201, "queued")
    path = f"/call/{call.json()['id']}"
    seen = []
    for _ in range(4):
        seen.append(lab.vapi("GET", path).json()["status"])
        lab.let_pass(CALL_SECONDS / 2)
    assert seen == ["queued", "in-progress", "in-progress", "ended"]
    assert _twilio_calls(lab)[0]["direction"] == "outbound-api"


@pytest.mark.parametrize(
    "wrong",
    [
        {"assistantId": NOBODY},
        {"phoneNumberId": NOBODY},
        {"customer": {"number": "0612345678"}},
        {"customer": {}},
        {"customers": []},
    ],
)
def test_an_outbound_call_that_does_not_fit_is_not_placed(lab: Lab, wrong: Any) -> None:
    number = lab.linked()
    body = {
        "assistantId": number["assistantId"],
        "phoneNumberId": number["id"],
        "customer": {"number": "+33612345678"},
        **wrong,
    }
    assert lab.vapi("POST", "/call", json=body).status_code == 400
    assert _vapi_calls(lab) == []


def test_an_outbound_call_fails_when_twilio_no_longer_has_the_number(lab: Lab) -> None:
    number = lab.linked()
    lab.world.accounts[lab.told.twilio_account_sid].numbers.clear()
    body = {
        "assistantId": number["assistantId"],
        "phoneNumberId": number["id"],
        "customer": {"number": "+33612345678"},
    }
    call_id = lab.vapi("POST", "/call", json=body).json()["id"]
    lab.let_pass(CALL_SECONDS)
    assert (
        lab.vapi("GET", f"/call/{call_id}").json()["endedReason"] == "twilio-failed-to-connect-call"
    )
