from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from ava_setup.clients import vapi_bodies as bodies
from ava_setup.onboarding.assistant import VOICES, VoiceId
from ava_setup.onboarding.profile import CallersLanguage
from tests.clients.lab import API_KEY, ASSISTANT_ID, NUMBER, SECRETS, TOKEN_PAIR, draft
from tests.sandbox.spec import document, needs_contracts, vapi_schema_errors

if TYPE_CHECKING:
    from ava_setup.onboarding.credentials import TwilioCredentials

OFFERED = [(language, voice) for language, voices in VOICES.items() for voice in voices]


def test_an_assistant_is_made_as_the_contract_advises() -> None:
    assert bodies.new_assistant(draft()) == {
        "name": "Ava",
        "firstMessage": draft().first_message,
        "firstMessageMode": "assistant-speaks-first",
        "model": {
            "provider": "openai",
            "model": "gpt-4.1",
            "temperature": 0.3,
            "messages": [{"role": "system", "content": "Réponds aux appels."}],
            "tools": [{"type": "endCall"}],
        },
        "voice": {"provider": "vapi", "voiceId": "Clara", "version": "2", "language": "fr-FR"},
        "transcriber": {"provider": "deepgram", "model": "nova-3", "language": "fr"},
        "backgroundSound": "off",
        "artifactPlan": {"recordingEnabled": False},
        "maxDurationSeconds": 600,
        "endCallMessage": "Merci de votre appel. Au revoir.",
        "metadata": {
            "adminEmail": "contact@example.fr",
            "businessId": "b" * 32,
            "createId": "c" * 32,
            "createdBy": "ava-setup",
        },
    }


def test_recording_is_on_only_when_chosen() -> None:
    body = bodies.new_assistant(draft(recorded=True))
    assert body["artifactPlan"] == {"recordingEnabled": True}


@pytest.mark.parametrize(
    ("language", "ears"),
    [
        (CallersLanguage.FR_FR, {"model": "nova-3", "language": "fr"}),
        (CallersLanguage.FR_CA, {"model": "nova-3", "language": "fr-CA"}),
        (CallersLanguage.EN_GB, {"model": "flux-general-en", "language": "en"}),
        (CallersLanguage.EN_US, {"model": "flux-general-en", "language": "en"}),
        (CallersLanguage.BILINGUAL, {"model": "flux-general-multi", "languages": ["fr", "en"]}),
    ],
)
def test_callers_are_heard_in_their_language(
    language: CallersLanguage, ears: dict[str, object]
) -> None:
    body = bodies.new_assistant(draft(language=language))
    assert body["transcriber"] == {"provider": "deepgram", **ears}
    assert body["voice"]["language"] == {"bilingual": "auto"}.get(language, language)


@pytest.mark.parametrize("voice", VoiceId)
def test_every_voice_has_its_name_at_a_provider(voice: VoiceId) -> None:
    told = bodies.new_assistant(draft(voice))["voice"]
    assert voice.value in told["voiceId"].lower()
    assert told["provider"] == ("azure" if "Neural" in told["voiceId"] else "vapi")


@pytest.mark.parametrize(("language", "voice"), OFFERED)
def test_an_azure_voice_is_of_the_callers_language(
    language: CallersLanguage, voice: VoiceId
) -> None:
    told = bodies.new_assistant(draft(voice, language))["voice"]
    assert told["provider"] == "vapi" or told["voiceId"].startswith(f"{language}-")


@needs_contracts
@pytest.mark.parametrize("recorded", [True, False])
@pytest.mark.parametrize(("language", "voice"), OFFERED)
def test_every_assistant_that_can_be_made_is_as_specified(
    language: CallersLanguage,
    voice: VoiceId,
    recorded: bool,  # noqa: FBT001 - one of the choices
) -> None:
    body = bodies.new_assistant(draft(voice, language, recorded=recorded))
    assert vapi_schema_errors("post", "/assistant", "request", body) == []
    assert vapi_schema_errors("patch", "/assistant/{id}", "request", body) == []


@needs_contracts
@pytest.mark.parametrize("credentials", [TOKEN_PAIR, API_KEY])
def test_every_import_is_as_specified(credentials: TwilioCredentials) -> None:
    body = bodies.new_number(NUMBER, credentials, assistant_id=ASSISTANT_ID, name="Ava")
    sent = json.loads(json.dumps(body, default=str))
    assert vapi_schema_errors("post", "/phone-number", "request", sent) == []


@needs_contracts
@pytest.mark.parametrize("clears", [(), ("squadId",), ("squadId", "workflowId")])
@pytest.mark.parametrize("provider", [{}, {"provider": "twilio"}])
def test_every_link_is_as_specified(clears: tuple[str, ...], provider: dict[str, str]) -> None:
    body = {**provider, **bodies.linked_number(ASSISTANT_ID, clears)}
    assert vapi_schema_errors("patch", "/phone-number/{id}", "request", body) == []


@needs_contracts
def test_null_is_the_one_deviation_from_the_specification() -> None:
    # Documented by the contract (vapi.md, Phone numbers: clear with `null`), where the
    # specification's types do not say that a link may be null.
    schemas: Any = document("vapi")["components"]["schemas"]
    update = schemas["UpdateTwilioPhoneNumberDTO"]["properties"]
    assert [update[name] for name in ("squadId", "workflowId") if "nullable" in update[name]] == []


@pytest.mark.parametrize("credentials", [TOKEN_PAIR, API_KEY])
def test_a_body_keeps_its_secrets_masked(credentials: TwilioCredentials) -> None:
    shown = repr(bodies.new_number(NUMBER, credentials, assistant_id="a", name="Ava"))
    assert not any(secret in shown for secret in SECRETS)
