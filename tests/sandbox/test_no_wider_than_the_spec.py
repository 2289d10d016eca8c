"""What the specifications refuse, the sandbox refuses: bodies are bent in every way and tried."""

from __future__ import annotations

import copy
import json
from base64 import b64encode
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

from ava_setup.sandbox.exchange import Answer, Asked
from ava_setup.sandbox.population import populate
from ava_setup.sandbox.twilio import api as twilio, numbers as twilio_numbers
from ava_setup.sandbox.vapi import api as vapi, assistant_body, common, number_body
from tests.canaries import KEY_SECRET, TOKEN
from tests.sandbox.spec import (
    document,
    needs_contracts,
    twilio_schema_errors,
    vapi_schema_errors,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ava_setup.sandbox.vapi.body import Body
    from ava_setup.sandbox.world import World

pytestmark = needs_contracts

ASSISTANT: dict[str, Any] = {
    "name": "Accueil",
    "firstMessage": "Bonjour.",
    "firstMessageMode": "assistant-speaks-first",
    "firstMessageInterruptionsEnabled": True,
    "voicemailMessage": "Rappelez.",
    "voicemailDetection": "off",
    "endCallMessage": "Au revoir.",
    "endCallPhrases": ["au revoir"],
    "maxDurationSeconds": 600,
    "backgroundSound": "off",
    "modelOutputInMessagesEnabled": False,
    "metadata": {"adminEmail": "owner@example.com"},
    "model": {
        "provider": "openai",
        "model": "gpt-4.1-mini",
        "temperature": 0.3,
        "maxTokens": 250,
        "numFastTurns": 1,
        "emotionRecognitionEnabled": False,
        "messages": [{"role": "system", "content": "You are a receptionist."}],
        "tools": [{"type": "endCall"}],
    },
    "voice": {
        "provider": "vapi",
        "voiceId": "Clara",
        "version": "2",
        "language": "fr",
        "speed": 1,
        "cachingEnabled": True,
    },
    "transcriber": {
        "provider": "deepgram",
        "model": "flux-general-multi",
        "language": "multi",
        "languages": ["fr", "en"],
        "smartFormat": True,
        "numerals": True,
        "profanityFilter": False,
        "mipOptOut": True,
        "confidenceThreshold": 0.4,
        "eotThreshold": 0.7,
        "eotTimeoutMs": 5000,
        "endpointing": 100,
        "keyterm": ["Lefèvre"],
    },
    "server": {"url": "https://ava.example/hook", "timeoutSeconds": 20, "headers": {"x": "y"}},
    "artifactPlan": {
        "recordingEnabled": False,
        "recordingFormat": "mp3",
        "videoRecordingEnabled": False,
        "fullMessageHistoryEnabled": False,
        "pcapEnabled": False,
        "loggingEnabled": True,
        "transcriptPlan": {"enabled": True, "assistantName": "Ava", "userName": "Client"},
    },
    "analysisPlan": {
        "minMessagesThreshold": 2,
        "summaryPlan": {"enabled": True, "timeoutSeconds": 5, "messages": [{}]},
    },
    "startSpeakingPlan": {"waitSeconds": 0.4},
    "stopSpeakingPlan": {"numWords": 1, "voiceSeconds": 0.2, "backoffSeconds": 1},
}
OTHER_VOICES: tuple[dict[str, Any], ...] = (
    {"voice": {"provider": "azure", "voiceId": "fr-FR-DeniseNeural", "speed": 1}},
    {
        "voice": {
            "provider": "11labs",
            "voiceId": "sarah",
            "model": "eleven_flash_v2_5",
            "stability": 0.5,
            "similarityBoost": 0.5,
            "speed": 1,
            "language": "fr",
            "cachingEnabled": True,
        }
    },
)
FALLBACK = {
    "type": "number",
    "number": "+33612345678",
    "message": "Un instant.",
    "description": "Owner",
    "extension": "12",
    "callerId": "+33199001234",
    "numberE164CheckEnabled": True,
}
# One too big, one too small, and one of every kind: what a property might be bent into.
BENT: tuple[Any, ...] = (
    None,
    True,
    7,
    -1,
    1.5,
    10**12,
    "",
    "x",
    "x" * 41,
    "x" * 1001,
    [],
    [7],
    ["x"],
    {},
    {"x": 7},
)


@pytest.fixture
def world() -> World:
    return populate("returning")


def _asked(world: World, method: str, path: str, body: Any) -> Answer:
    headers = {
        "user-agent": "ava-setup-tests/1",
        "authorization": f"Bearer {world.credentials.vapi_key}",
        "content-type": "application/json",
    }
    content = json.dumps(body).encode()
    return vapi.answer(world, Asked(method, path, headers=headers, body=content))


def _bent(body: Any) -> Iterator[Any]:
    """Bend one place of a body at a time: gone, beside an unknown one, or of another kind."""
    if isinstance(body, dict):
        yield {**body, "unknownProperty": 1}
        for name, value in body.items():
            rest = {k: v for k, v in body.items() if k != name}
            yield rest
            yield from ({**rest, name: bent} for bent in BENT)
            yield from ({**rest, name: bent} for bent in _bent(value))
    elif isinstance(body, list):
        yield from ([*body, bent] for bent in BENT)
        for i, value in enumerate(body):
            yield from ([*body[:i], bent, *body[i + 1 :]] for bent in _bent(value))


def _compare(world: World, method: str, path: str, template: str, body: Any) -> None:
    kept = copy.deepcopy(body)
    assert vapi_schema_errors(method, template, "request", body) == []
    good = _asked(world, method, path, body)
    assert good.status < 300, good.body
    answers = [(bent, _asked(world, method, path, bent).status) for bent in _bent(body)]
    assert {status for _, status in answers} <= {200, 201, 400}
    taken = [bent for bent, status in answers if status < 300]
    assert len(body) < len(taken) < len(answers) / 2
    # Refused by the specification means refused here, or: taken here means fine there.
    wider = [
        (t, errors) for t in taken if (errors := vapi_schema_errors(method, template, "request", t))
    ]
    assert wider == []
    assert body == kept


@pytest.mark.parametrize("extra", [{}, *OTHER_VOICES])
def test_no_assistant_is_taken_that_the_specification_refuses(world: World, extra: Any) -> None:
    body = {"name": "Accueil", **extra} if extra else ASSISTANT
    _compare(world, "POST", "/assistant", "/assistant", body)


def test_no_change_of_an_assistant_is_taken_that_the_specification_refuses(world: World) -> None:
    path = f"/assistant/{next(iter(world.org.assistants))}"
    body = {name: ASSISTANT[name] for name in ("name", "firstMessage", "model", "metadata")}
    _compare(world, "PATCH", path, "/assistant/{id}", body)


def test_no_import_is_taken_that_the_specification_refuses(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Only the shape of the body is on trial here: the number is always free, the links exist.
    monkeypatch.setattr("ava_setup.sandbox.vapi.numbers._check_free", lambda *_: None)
    monkeypatch.setattr("ava_setup.sandbox.vapi.numbers._check_links", lambda *_: None)
    body = {
        "provider": "twilio",
        "number": world.phone_numbers[0],
        "twilioAccountSid": world.credentials.account_sid,
        "twilioAuthToken": world.credentials.auth_token,
        "twilioApiKey": "SK" + "5a" * 16,
        "twilioApiSecret": KEY_SECRET,
        "name": "Accueil",
        "assistantId": "a",
        "squadId": "s",
        "workflowId": "w",
        "smsEnabled": False,
        "fallbackDestination": FALLBACK,
        "server": ASSISTANT["server"],
    }
    _compare(world, "POST", "/phone-number", "/phone-number", body)


def test_no_change_of_a_number_is_taken_that_the_specification_refuses(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ava_setup.sandbox.vapi.numbers._check_links", lambda *_: None)
    monkeypatch.setattr("ava_setup.sandbox.vapi.numbers._check_twilio", lambda *_: None)
    path = f"/phone-number/{next(iter(world.org.numbers))}"
    body = {
        "name": "Accueil",
        "assistantId": "a",
        "squadId": "s",
        "workflowId": "w",
        "smsEnabled": False,
        "fallbackDestination": FALLBACK,
        "server": ASSISTANT["server"],
        "twilioAuthToken": TOKEN,
        "twilioApiKey": "SK",
        "twilioApiSecret": KEY_SECRET,
    }
    _compare(world, "PATCH", path, "/phone-number/{id}", body)


def test_no_call_is_taken_that_the_specification_refuses(world: World) -> None:
    number = next(iter(world.org.numbers.values()))
    customer = {
        "number": "+33612345678",
        "name": "Owner",
        "email": "owner@example.com",
        "externalId": "1",
        "numberE164CheckEnabled": True,
    }
    body = {
        "assistantId": number["assistantId"],
        "phoneNumberId": number["id"],
        "customer": customer,
        "name": "Proof",
    }
    _compare(world, "POST", "/call", "/call", body)


MODELS: Mapping[type[Body], str] = {
    assistant_body.Assistant: "CreateAssistantDTO",
    assistant_body.OpenAIModel: "OpenAIModel",
    assistant_body.Message: "OpenAIMessage",
    assistant_body.EndCallTool: "CreateEndCallToolDTO",
    assistant_body.VapiVoice: "VapiVoice",
    assistant_body.AzureVoice: "AzureVoice",
    assistant_body.ElevenLabsVoice: "ElevenLabsVoice",
    assistant_body.DeepgramTranscriber: "DeepgramTranscriber",
    assistant_body.ArtifactPlan: "ArtifactPlan",
    assistant_body.TranscriptPlan: "TranscriptPlan",
    assistant_body.AnalysisPlan: "AnalysisPlan",
    assistant_body.SummaryPlan: "SummaryPlan",
    assistant_body.StartSpeakingPlan: "StartSpeakingPlan",
    assistant_body.StopSpeakingPlan: "StopSpeakingPlan",
    common.Server: "Server",
    number_body.ImportNumber: "CreateTwilioPhoneNumberDTO",
    number_body.UpdateNumberOfProvider: "UpdateTwilioPhoneNumberDTO",
    number_body.Fallback: "TransferDestinationNumber",
    number_body.CreateCall: "CreateCallDTO",
    number_body.Customer: "CreateCustomerDTO",
}
# Taken though no specification has it (contract: vapi.md, Assistants).
SEEN = {("OpenAIModel", "systemPrompt")}


@pytest.mark.parametrize(("model", "schema"), MODELS.items())
def test_each_model_knows_every_property_of_its_schema_and_no_other(
    model: type[Body], schema: str
) -> None:
    properties = document("vapi")["components"]["schemas"][schema]["properties"]
    known = {field.alias for field in model.model_fields.values()}
    assert known - {name for place, name in SEEN if place == schema} == set(properties)


@pytest.mark.parametrize(("model", "schema"), MODELS.items())
def test_each_enumeration_is_part_of_its_schemas(model: type[Body], schema: str) -> None:
    properties = document("vapi")["components"]["schemas"][schema]["properties"]
    generated = model.model_json_schema(by_alias=True)["properties"]
    for name, mine in generated.items():
        allowed = mine.get("enum") or ([mine["const"]] if "const" in mine else [])
        theirs = json.dumps(properties.get(name, {}))
        if '"enum"' in theirs:
            assert all(json.dumps(value) in theirs for value in allowed), name


FORMS = {
    "/2010-04-01/Accounts/{AccountSid}/IncomingPhoneNumbers/{Sid}.json": twilio_numbers._UPDATE,
    "/2010-04-01/Accounts/{AccountSid}/IncomingPhoneNumbers.json": twilio_numbers._BUY,
}


@pytest.mark.parametrize(("template", "fields"), FORMS.items())
def test_each_form_knows_every_field_of_its_schema_and_no_other(
    template: str, fields: Mapping[str, Any]
) -> None:
    content = document("twilio")["paths"][template]["post"]["requestBody"]["content"]
    (form,) = content.values()
    assert set(fields) == set(form["schema"]["properties"])


BENT_FORM = ("", " ", "x", "true", "POST", "GET", "voice", "https://own.example/x", "+33199001234")
SIDS = tuple(prefix + "5a" * 16 for prefix in ("AC", "AP", "TK", "AD", "BU", "RI"))


def test_no_form_is_taken_that_the_specification_refuses() -> None:
    world = populate("many")
    account = world.accounts[world.credentials.account_sid]
    account.trunks = frozenset({"TK" + "5a" * 16})
    account.applications["AP" + "5a" * 16] = {}
    pair = f"{account.sid}:{account.record['auth_token']}"
    login = f"Basic {b64encode(pair.encode()).decode()}"
    base = "/2010-04-01/Accounts/{AccountSid}"
    templates = {
        f"{base}/IncomingPhoneNumbers/{{Sid}}.json": (*twilio_numbers._UPDATE, "PhoneNumber", "X"),
        f"{base}/IncomingPhoneNumbers.json": (*twilio_numbers._BUY, "X"),
        f"{base}/Keys.json": ("FriendlyName", "X"),
    }
    refused = 0
    for template, names in templates.items():
        path = template.format(AccountSid=account.sid, Sid=next(iter(account.numbers)))
        for form in ({n: v} for n in names for v in (*BENT_FORM, *SIDS, "z" * 34)):
            body = urlencode(form).encode()
            headers = {"authorization": login, "content-type": "application/x-www-form-urlencoded"}
            given = twilio.answer(world, Asked("POST", path, headers=headers, body=body))
            assert given.status in {200, 201, 400}
            if twilio_schema_errors("POST", template, "request", form):
                refused += 1
                assert given.status == 400, form
    assert refused > 100
