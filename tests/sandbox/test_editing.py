"""Changes behind the vendors' backs: what an owner, a colleague or a vendor does meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.sandbox.lab import NOBODY

if TYPE_CHECKING:
    from tests.sandbox.lab import Lab


def _change(lab: Lab, vendor: str, kind: str, id_: str, **how: Any) -> Any:
    answer = lab.control("records", vendor=vendor, kind=kind, id=id_, **how)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_number_at_vapi_is_changed_by_its_id_or_in_e164(lab: Lab) -> None:
    lab.play("returning")
    (number,) = lab.vapi("GET", "/phone-number").json()
    blocked = _change(lab, "vapi", "numbers", number["id"], fields={"status": "blocked"})
    assert blocked == {**number, "status": "blocked"}
    assert lab.call()["heard"] == ""
    _change(lab, "vapi", "numbers", lab.told.number, fields={"status": "active"})
    _change(lab, "vapi", "numbers", lab.told.number, without=["assistantId"])
    assert lab.call()["heard"] == "Phone Number Not Found"


def test_an_assistant_can_be_gone(lab: Lab) -> None:
    number = lab.linked()
    assert _change(lab, "vapi", "assistants", number["assistantId"], gone=True) is None
    assert lab.vapi("GET", f"/assistant/{number['assistantId']}").status_code == 404


def test_a_number_at_twilio_is_changed_in_the_region_that_is_named(lab: Lab) -> None:
    lab.play("voice-elsewhere")
    us1 = lab.at_twilio()
    demo = {"voice_url": "https://demo.twilio.com/welcome/voice/"}
    _change(lab, "twilio", "numbers", lab.told.number, region="ie1", fields=demo)
    assert lab.call()["heard"].startswith("Thanks for the call.")
    assert lab.at_twilio() == us1


def test_an_account_can_be_suspended_in_mid_scenario(lab: Lab) -> None:
    sid = lab.told.twilio_account_sid
    _change(lab, "twilio", "accounts", sid, fields={"status": "suspended"})
    assert lab.twilio("GET", ".json").json()["status"] == "suspended"
    assert lab.twilio("GET", "/Balance.json").status_code == 403


def test_a_key_can_be_gone(lab: Lab) -> None:
    key = lab.twilio("POST", "/Keys.json").json()
    _change(lab, "twilio", "keys", key["sid"], gone=True)
    pair = (key["sid"], key["secret"])
    assert lab.twilio("GET", "/IncomingPhoneNumbers.json", login=pair).status_code == 401


@pytest.mark.parametrize(
    "order",
    [
        {},
        {"vendor": "vapi", "kind": "numbers", "id": NOBODY, "gone": True},
        {"vendor": "vapi", "kind": "accounts", "id": NOBODY},
        {"vendor": "twilio", "kind": "assistants", "id": NOBODY},
        {"vendor": "vapi", "kind": "numbers", "id": "+33199001234", "gone": True, "without": ["x"]},
        {"vendor": "vapi", "kind": "numbers", "id": "+33199001234", "colour": "red"},
        {"vendor": "twilio", "kind": "numbers", "id": "+33199001234", "region": "eu"},
    ],
)
def test_a_change_that_makes_no_sense_changes_nothing(lab: Lab, order: Any) -> None:
    lab.play("returning")
    before = lab.state()
    answer = lab.control("records", **order)
    assert (answer.status_code, list(answer.json())) == (400, ["error"])
    assert lab.state() == before


def test_an_account_is_closed_but_never_gone(lab: Lab) -> None:
    order = {"vendor": "twilio", "kind": "accounts", "id": lab.told.twilio_account_sid}
    assert lab.control("records", **order, gone=True).status_code == 400


def test_a_rotation_makes_what_was_announced_worthless(lab: Lab) -> None:
    lab.play("returning")
    assert lab.control("rotate", vendor="vapi").status_code == 204
    assert lab.vapi("GET", "/assistant").status_code == 401
    assert lab.twilio("GET", ".json").status_code == 200
    assert lab.control("rotate", vendor="twilio").status_code == 204
    assert lab.twilio("GET", ".json").status_code == 401
    assert lab.call()["answered"] is True
    assert lab.control("rotate", vendor="acme").status_code == 400


def test_a_rotation_in_one_region_leaves_the_others_tokens(lab: Lab) -> None:
    lab.play("ie1-token")
    path = f"/2010-04-01/Accounts/{lab.told.twilio_account_sid}.json"
    us1 = lab.world.accounts[lab.told.twilio_account_sid].record["auth_token"]
    lab.control("rotate", vendor="twilio")
    assert lab.twilio_at("GET", path, region="ie1").status_code == 401
    login = (lab.told.twilio_account_sid, us1)
    assert lab.twilio_at("GET", path, login=login).status_code == 200


def test_the_state_shows_every_region_and_every_change(lab: Lab) -> None:
    lab.play("voice-elsewhere")
    state = lab.state()
    assert set(state["twilio"]["regions"]) == {"ie1", "au1"}
    assert [route["voice_region"] for route in state["twilio"]["routes"]] == ["ie1"]
    assert state["vapi"]["region"] == "us"
    _change(lab, "twilio", "numbers", lab.told.number, region="au1", fields={"voice_url": "x"})
    changed = lab.state()
    numbers = changed["twilio"]["regions"]["au1"][0]["numbers"]
    assert numbers[0]["voice_url"] == "x"
    numbers[0]["voice_url"] = ""
    assert changed == state
