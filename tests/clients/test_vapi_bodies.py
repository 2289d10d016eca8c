from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from ava_setup.clients import vapi_bodies as bodies
from ava_setup.onboarding.assistant import VOICES, AssistantMends, VoiceId
from ava_setup.onboarding.profile import CallersLanguage
from tests.clients.lab import API_KEY, ASSISTANT_ID, NUMBER, SECRETS, TOKEN_PAIR, UUID, draft
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


def test_a_webhook_is_named_only_where_there_is_one() -> None:
    told = replace(draft(), webhook_url="https://hooks.example.fr/vapi")
    assert bodies.new_assistant(told)["server"] == {"url": "https://hooks.example.fr/vapi"}
    assert "server" not in bodies.new_assistant(draft())


MENDS = [
    AssistantMends(),
    AssistantMends(quiet=True),
    AssistantMends(quiet=False),
    AssistantMends(opening_words="Bonjour, ici Ava, assistante automatique."),
    AssistantMends(webhook_url="https://hooks.example.fr/vapi"),
    AssistantMends(webhook_url=""),
    AssistantMends(admin_email="new@example.fr"),
    *(AssistantMends(language=language, voice=voice) for language, voice in OFFERED),
    *(AssistantMends(language=language) for language in CallersLanguage),
]
KEPT = bodies.Kept(
    metadata={"crm": {"id": 7}}, server={"url": "https://old.example", "timeoutSeconds": 7}
)


@needs_contracts
@pytest.mark.parametrize("mends", MENDS)
@pytest.mark.parametrize("kept", [None, KEPT])
def test_every_mend_is_as_specified(mends: AssistantMends, kept: bodies.Kept | None) -> None:
    body = bodies.mended_assistant(mends, kept)
    assert bool(body) is bool(mends)
    assert vapi_schema_errors("patch", "/assistant/{id}", "request", body) == []


@pytest.mark.parametrize("language", CallersLanguage)
def test_another_language_brings_the_first_of_its_voices(language: CallersLanguage) -> None:
    body = bodies.mended_assistant(AssistantMends(language=language))
    made = bodies.new_assistant(draft(VOICES[language][0], language))
    assert body == {name: made[name] for name in ("voice", "transcriber")}


@needs_contracts
@pytest.mark.parametrize("number", ["+33612345678", "sip:owner@pbx.example.fr"])
@pytest.mark.parametrize("provider", [{}, {"provider": "twilio"}])
def test_every_fallback_is_as_specified(number: str, provider: dict[str, str]) -> None:
    body = {**provider, **bodies.with_fallback(number)}
    assert vapi_schema_errors("patch", "/phone-number/{id}", "request", body) == []


@needs_contracts
def test_a_call_is_as_specified() -> None:
    body = bodies.new_call(ASSISTANT_ID, UUID, "+33612345678")
    assert vapi_schema_errors("post", "/call", "request", body) == []


@needs_contracts
@pytest.mark.parametrize("credentials", [TOKEN_PAIR, API_KEY])
@pytest.mark.parametrize("fallback", ["", "+33612345678"])
def test_every_import_is_as_specified(credentials: TwilioCredentials, fallback: str) -> None:
    body = bodies.new_number(
        NUMBER, credentials, assistant_id=ASSISTANT_ID, name="Ava", fallback=fallback
    )
    sent = json.loads(json.dumps(body, default=str))
    assert vapi_schema_errors("post", "/phone-number", "request", sent) == []


@needs_contracts
@pytest.mark.parametrize("clears", [(), ("squadId",), ("squadId", "workflowId")])
@pytest.mark.parametrize("provider", [{}, {"provider": "twilio"}])
def test_every_link_is_as_specified(clears: tuple[str, ...], provider: dict[str, str]) -> None:
    body = {**provider, **bodies.linked_number(ASSISTANT_ID, clears)}
    assert vapi_schema_errors("patch", "/phone-number/{id}", "request", body) == []


NULLED = ("squadId", "workflowId", "fallbackDestination")


@needs_contracts
def test_null_is_the_one_deviation_from_the_specification() -> None:
    # Documented by the contract (vapi.md, Phone numbers: clear with `null`), where the
    # specification's types do not say that a link may be null; inferred of a fallback.
    schemas: Any = document("vapi")["components"]["schemas"]
    update = schemas["UpdateTwilioPhoneNumberDTO"]["properties"]
    assert [update[name] for name in NULLED if "nullable" in update[name]] == []


@pytest.mark.parametrize("credentials", [TOKEN_PAIR, API_KEY])
def test_a_body_keeps_its_secrets_masked(credentials: TwilioCredentials) -> None:
    shown = repr(bodies.new_number(NUMBER, credentials, assistant_id="a", name="Ava"))
    assert not any(secret in shown for secret in SECRETS)
