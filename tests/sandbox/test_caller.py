from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.sandbox.lab import NOBODY

if TYPE_CHECKING:
    from tests.sandbox.lab import Lab

NOT_FOUND = "Phone Number Not Found"
ERROR = "We're sorry, an application error has occurred. Goodbye."
DEMO = "Thanks for the call. Configure your number's voice URL to change this message."


def _vapi_calls(lab: Lab) -> Any:
    return lab.vapi("GET", "/call").json()


def _twilio_calls(lab: Lab, **params: str) -> Any:
    return lab.twilio("GET", "/Calls.json", params=params).json()["calls"]


def _debugger(lab: Lab) -> list[str]:
    log = lab.twilio("GET", "/Notifications.json").json()["notifications"]
    return [entry["error_code"] for entry in log]


def test_a_linked_number_is_answered_with_the_first_message(lab: Lab) -> None:
    number = lab.linked(firstMessage="Bonjour, ici Ava.")
    assert lab.call() == {
        "answered": True,
        "heard": "Bonjour, ici Ava.",
        "background": "office",
        "path": [
            "twilio:+33199001234",
            "voice_url:https://api.vapi.ai/twilio/inbound_call",
            f"vapi:number {number['id']}",
            f"assistant:{number['assistantId']}",
        ],
    }


@pytest.mark.parametrize(
    ("fields", "heard"),
    [
        ({"firstMessageMode": "assistant-waits-for-user"}, ""),
        (
            {"firstMessageMode": "assistant-speaks-first-with-model-generated-message"},
            "A greeting that the model makes up.",
        ),
        ({"firstMessageMode": "assistant-speaks-first"}, "Bonjour !"),
    ],
)
def test_the_first_words_depend_on_the_mode(lab: Lab, fields: Any, heard: str) -> None:
    lab.linked(**fields)
    said = lab.call()
    assert (said["answered"], said["heard"]) == (True, heard)


def test_an_assistant_without_first_words_is_silent(lab: Lab) -> None:
    made = lab.vapi("POST", "/assistant", json={}).json()
    lab.vapi("POST", "/phone-number", json=lab.import_body(assistantId=made["id"]))
    said = lab.call()
    assert (said["answered"], said["heard"]) == (True, "")


def test_a_number_that_nobody_has_is_not_in_service(lab: Lab) -> None:
    said = lab.call("+33199009999")
    assert said["heard"] == "The number you have dialled is not in service."
    assert said["path"] == ["network"]


def test_an_unlinked_import_is_the_bug_that_owners_met(lab: Lab) -> None:
    lab.vapi("POST", "/phone-number", json=lab.import_body())
    said = lab.call()
    assert (said["answered"], said["heard"]) == (False, NOT_FOUND)
    (call,) = _vapi_calls(lab)
    assert call["status"] == "ended"
    assert call["endedReason"] == "call-start-error-neither-assistant-nor-server-set"


def test_a_number_that_points_at_vapi_but_is_not_there_is_not_found(lab: Lab) -> None:
    lab.point(VoiceUrl="https://api.vapi.ai/twilio/inbound_call", VoiceMethod="POST")
    assert lab.call()["heard"] == NOT_FOUND
    assert _vapi_calls(lab) == []


def test_a_number_of_the_other_region_is_not_found(lab: Lab) -> None:
    lab.linked()
    lab.point(VoiceUrl="https://api.eu.vapi.ai/twilio/inbound_call")
    assert lab.call()["heard"] == NOT_FOUND


def test_a_deleted_assistant_cannot_be_got(lab: Lab) -> None:
    number = lab.linked()
    lab.vapi("DELETE", f"/assistant/{number['assistantId']}")
    said = lab.call()
    assert said["answered"] is False
    assert said["heard"].startswith("Couldn't get assistant. Either set the assistant ID")
    assert _vapi_calls(lab)[0]["endedReason"] == "assistant-not-found"


def test_the_fallback_telephone_rings_when_no_assistant_can_be_had(lab: Lab) -> None:
    fallback = {"type": "number", "number": "+33612345678"}
    lab.vapi("POST", "/phone-number", json=lab.import_body(fallbackDestination=fallback))
    said = lab.call()
    assert (said["answered"], said["heard"]) == (False, "The telephone at +33612345678 rings.")
    assert said["path"][-1] == "fallback:+33612345678"


def test_the_fallback_telephone_is_quiet_while_an_assistant_answers(lab: Lab) -> None:
    number = lab.linked()
    fallback = {"type": "number", "number": "+33612345678"}
    path = f"/phone-number/{number['id']}"
    lab.vapi("PATCH", path, json={"fallbackDestination": fallback})
    assert lab.call()["answered"] is True


@pytest.mark.parametrize("status", ["blocked", "activating"])
def test_a_number_that_is_not_active_is_not_answered(lab: Lab, status: str) -> None:
    lab.world.org.numbers[lab.linked()["id"]]["status"] = status
    said = lab.call()
    assert (said["answered"], said["heard"]) == (False, "")
    assert _twilio_calls(lab)[0]["status"] == "no-answer"


@pytest.mark.parametrize(("link", "kind"), [("squadId", "squad"), ("workflowId", "workflow")])
def test_a_squad_or_a_workflow_takes_the_call_from_the_assistant(
    lab: Lab, link: str, kind: str
) -> None:
    lab.world.org.numbers[lab.linked()["id"]][link] = NOBODY
    said = lab.call()
    assert (said["answered"], said["heard"]) == (False, f"Someone else's greeting (a Vapi {kind}).")
    getattr(lab.world.org, f"{kind}s")[NOBODY] = "Bonjour, l'équipe."
    assert lab.call()["heard"] == "Bonjour, l'équipe."


def test_a_trial_account_cannot_stream_to_an_assistant(lab: Lab) -> None:
    lab.play("trial")
    lab.linked()
    said = lab.call()
    assert said["answered"] is False
    assert said["heard"] == "The Stream verb is not available on trial accounts."


def test_a_trunk_beats_an_application_beats_an_address(lab: Lab) -> None:
    lab.linked()
    account = lab.world.accounts[lab.told.twilio_account_sid]
    trunk, app = "TK" + "5a" * 16, "AP" + "5a" * 16
    account.applications[app] = {
        "sid": app,
        "voice_url": "https://handler.twilio.com/twiml/EH1",
        "voice_method": "POST",
        "voice_fallback_url": "",
    }
    record = next(iter(account.numbers.values()))
    record["voice_application_sid"] = app
    said = lab.call()
    assert said["heard"] == "Someone else's greeting (a TwiML Bin)."
    assert said["path"][1] == f"application:{app}"
    record["trunk_sid"] = trunk
    assert lab.call()["path"] == ["twilio:+33199001234", f"trunk:{trunk}"]
    lab.world.elsewhere[trunk] = "Bonjour, le standard."
    assert lab.call()["heard"] == "Bonjour, le standard."


def test_an_application_that_points_at_vapi_leads_there(lab: Lab) -> None:
    number = lab.linked()
    account = lab.world.accounts[lab.told.twilio_account_sid]
    app = "AP" + "5a" * 16
    account.applications[app] = {
        "sid": app,
        "voice_url": "https://api.vapi.ai/twilio/inbound_call",
        "voice_method": "POST",
        "voice_fallback_url": "",
    }
    lab.point(VoiceApplicationSid=app, VoiceUrl="")
    said = lab.call()
    assert (said["answered"], said["path"][-1]) == (True, f"assistant:{number['assistantId']}")


@pytest.mark.parametrize(
    ("url", "heard"),
    [
        ("https://demo.twilio.com/welcome/voice/", DEMO),
        ("https://handler.twilio.com/twiml/EH1", "Someone else's greeting (a TwiML Bin)."),
        (
            "https://webhooks.twilio.com/v1/Accounts/AC1/Flows/FW1",
            "Someone else's greeting (a Studio flow).",
        ),
        ("https://voice-1234.twil.io/answer", "Someone else's greeting (a Twilio Function)."),
    ],
)
def test_what_twilio_hosts_is_heard(lab: Lab, url: str, heard: str) -> None:
    lab.point(VoiceUrl=url)
    said = lab.call()
    assert (said["answered"], said["heard"]) == (False, heard)
    assert said["path"][1] == f"voice_url:{url}"


@pytest.mark.parametrize(
    ("url", "method", "code"),
    [
        ("https://gone.example/voice", "POST", "11210"),
        ("https://abc123.ngrok-free.app/voice", "POST", "11200"),
        ("https://api.vapi.ai/", "POST", "11200"),
        ("https://api.vapi.ai/twilio/inbound_call", "GET", "11200"),
        ("https://api.vapi.ai.example/twilio/inbound_call", "POST", "11210"),
        ("https://notvapi.ai/twilio/inbound_call", "POST", "11210"),
    ],
)
def test_a_dead_webhook_is_an_application_error_in_the_debugger(
    lab: Lab, url: str, method: str, code: str
) -> None:
    lab.linked()
    lab.point(VoiceUrl=url, VoiceMethod=method)
    said = lab.call()
    assert (said["answered"], said["heard"]) == (False, ERROR)
    assert _debugger(lab) == [code]
    sid = _twilio_calls(lab)[0]["sid"]
    log = lab.twilio("GET", f"/Calls/{sid}/Notifications.json").json()["notifications"]
    assert [(entry["error_code"], entry["request_url"]) for entry in log] == [(code, url)]


def test_somebody_elses_server_that_lives_is_heard(lab: Lab) -> None:
    lab.world.elsewhere["https://own.example/voice"] = "Bonjour, notre serveur."
    lab.point(VoiceUrl="https://own.example/voice")
    assert lab.call()["heard"] == "Bonjour, notre serveur."


def test_the_fallback_address_is_tried_when_the_first_fails(lab: Lab) -> None:
    lab.linked()
    lab.point(
        VoiceUrl="https://gone.example/",
        VoiceFallbackUrl="https://api.vapi.ai/twilio/inbound_call",
    )
    assert lab.call()["answered"] is True
    assert _debugger(lab) == ["11210"]


def test_an_empty_address_is_silence_that_nobody_logs(lab: Lab) -> None:
    lab.point(VoiceUrl="")
    said = lab.call()
    assert (said["answered"], said["heard"]) == (False, "")
    assert _twilio_calls(lab) == []


def test_a_fax_number_does_not_talk(lab: Lab) -> None:
    lab.linked()
    lab.point(VoiceReceiveMode="fax")
    said = lab.call()
    assert (said["answered"], said["heard"]) == (False, "A fax machine's tone.")
