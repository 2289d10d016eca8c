"""The judges are judged: a specification that lets everything through proves nothing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.spec import (
    document,
    needs_contracts,
    template_of,
    twilio_schema_errors,
    vapi_schema_errors,
)

pytestmark = needs_contracts

NUMBERS = "/2010-04-01/Accounts/{AccountSid}/IncomingPhoneNumbers"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"backgroundSound": "off"},
        {"backgroundSound": "https://sounds.example/cafe.mp3"},
        {"transcriber": {"provider": "deepgram", "model": "nova-3", "language": "fr"}},
        {"voice": {"provider": "vapi", "voiceId": "Clara", "version": "2", "language": "fr"}},
        {"metadata": {"anything": [1]}},
    ],
)
def test_the_contracts_good_defaults_are_as_specified(body: Any) -> None:
    assert vapi_schema_errors("POST", "/assistant", "request", body) == []


@pytest.mark.parametrize(
    "body",
    [
        {"color": "red"},
        {"backgroundSound": "cafe"},
        {"name": "n" * 41},
        {"name": None},
        {"model": {"provider": "openai", "model": "gpt-9"}},
        {"model": {"provider": "openai", "model": "gpt-4.1", "systemPrompt": "x"}},
        {"voice": {"provider": "vapi", "voiceId": "Clara", "color": "red"}},
        {"transcriber": {"provider": "deepgram", "language": "xx"}},
        {"maxDurationSeconds": 5},
        {"clientMessages": ["transcript"]},
    ],
)
def test_an_assistant_that_is_not_as_specified_is_told(body: Any) -> None:
    assert vapi_schema_errors("POST", "/assistant", "request", body) != []


def test_a_link_is_cleared_with_null_as_the_contract_says() -> None:
    path = "/phone-number/{id}"
    assert vapi_schema_errors("PATCH", path, "request", {"squadId": None}) == []
    assert vapi_schema_errors("PATCH", path, "request", {"name": None}) != []
    assert vapi_schema_errors("POST", "/phone-number", "request", {"squadId": None}) != []


def test_a_form_is_judged_by_the_kinds_of_its_fields() -> None:
    path = f"{NUMBERS}/{{Sid}}.json"
    good = {"VoiceUrl": "https://own.example", "VoiceCallerIdLookup": "true", "TrunkSid": ""}
    assert twilio_schema_errors("POST", path, "request", good) == []
    for bad in (
        {"voice_url": ""},
        {"VoiceMethod": "PUT"},
        {"VoiceCallerIdLookup": "yes"},
        {"TrunkSid": "TK1"},
    ):
        assert twilio_schema_errors("POST", path, "request", bad) != []


def test_an_answer_with_a_property_too_many_or_a_wrong_date_is_told() -> None:
    path = f"{NUMBERS}.json"
    assert twilio_schema_errors("GET", path, 200, {"incoming_phone_numbers": []}) == []
    assert twilio_schema_errors("GET", path, 200, {"numbers": []}) != []
    dated = {"incoming_phone_numbers": [{"date_created": "2026-01-01"}]}
    assert twilio_schema_errors("GET", path, 200, dated) != []


def test_what_is_not_specified_at_all_is_told() -> None:
    assert vapi_schema_errors("POST", "/phone-number/import", "request", {}) != []
    assert vapi_schema_errors("GET", "/assistant", 418, {}) != []


def test_a_path_is_known_by_its_template() -> None:
    assert template_of("vapi", "/assistant/1") == "/assistant/{id}"
    local = "/2010-04-01/Accounts/AC1/IncomingPhoneNumbers/Local.json"
    assert template_of("twilio", local) == f"{NUMBERS}/Local.json"
    assert template_of("vapi", "/nothing") is None


def test_the_specification_itself_is_left_as_the_vendor_wrote_it() -> None:
    vapi_schema_errors("POST", "/assistant", "request", {})
    schemas = document("vapi")["components"]["schemas"]
    assert "oneOf" in schemas["CreateAssistantDTO"]["properties"]["voice"]
    assert "additionalProperties" not in schemas["CreateAssistantDTO"]
    assert "nullable" not in schemas["UpdateTwilioPhoneNumberDTO"]["properties"]["squadId"]
