"""What a mend replaces in an assistant: noted without secrets, and put back as Vapi takes it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ava_setup.clients.vapi_bodies import earlier_settings, mended_assistant, put_back
from ava_setup.onboarding.assistant import AssistantMends, VoiceId
from ava_setup.onboarding.profile import CallersLanguage
from tests.clients.lab import ASSISTANT, ASSISTANT_ID, KEY_SECRET, Script, vapi
from tests.sandbox.spec import needs_contracts, vapi_schema_errors

QUIET = AssistantMends(quiet=True)
WORDS = AssistantMends(opening_words="Bonjour, ici l'assistante automatique.")
FRENCH = AssistantMends(language=CallersLanguage.FR_FR)
MENDS = (
    QUIET,
    WORDS,
    FRENCH,
    AssistantMends(language=CallersLanguage.BILINGUAL, voice=VoiceId.ELLIOT),
    AssistantMends(quiet=True, opening_words="Oui ?", language=CallersLanguage.EN_GB),
)
SERVER = {"url": "https://voix.example/tts", "headers": {"X-Key": KEY_SECRET}}
OWN_VOICE = {"provider": "custom-voice", "server": SERVER}
OWN_EARS = {"provider": "custom-transcriber", "server": SERVER}
SARAH = {"provider": "11labs", "voiceId": "sarah", "model": "eleven_turbo_v2_5"}
NOVA = {"provider": "deepgram", "model": "nova-3", "language": "en"}
SETTINGS: tuple[dict[str, Any], ...] = (
    {},
    {"backgroundSound": "office", "voice": SARAH, "transcriber": NOVA},
    {"backgroundSound": "https://x.example/cafe.mp3", "firstMessage": ""},
    {"firstMessage": "Allô ?", "firstMessageMode": "assistant-waits-for-user"},
    {"voice": None, "transcriber": None, "firstMessage": None, "backgroundSound": None},
    {"voice": OWN_VOICE, "transcriber": OWN_EARS},
    {
        "voice": {**SARAH, "fallbackPlan": {"voices": [SARAH, OWN_VOICE]}},
        "transcriber": {**NOVA, "fallbackPlan": {"transcribers": [OWN_EARS]}},
    },
    {"voice": {**SARAH, "fallbackPlan": {"voices": [SARAH]}}},
)


@needs_contracts
@pytest.mark.parametrize("settings", SETTINGS)
@pytest.mark.parametrize("mends", MENDS)
def test_what_is_written_and_what_is_put_back_is_what_the_specification_takes(
    mends: AssistantMends, settings: dict[str, Any]
) -> None:
    for body in (mended_assistant(mends), put_back(earlier_settings(settings, mends))):
        assert vapi_schema_errors("PATCH", "/assistant/{id}", "request", body) == []


@pytest.mark.parametrize("settings", SETTINGS)
@pytest.mark.parametrize("mends", MENDS)
def test_only_what_is_replaced_is_noted_and_never_a_secret(
    mends: AssistantMends, settings: dict[str, Any]
) -> None:
    noted = earlier_settings({**ASSISTANT, **settings}, mends)
    assert set(json.loads(noted)) <= set(mended_assistant(mends))
    assert KEY_SECRET not in noted
    assert "server" not in noted


async def test_a_voice_whose_fallback_is_somebodys_own_server_is_put_back_without_that() -> None:
    script = Script((200, {**ASSISTANT, **SETTINGS[6]}), (200, ASSISTANT))
    client = vapi(script)
    noted = await client.read_settings(ASSISTANT_ID, FRENCH)
    await client.put_settings_back(ASSISTANT_ID, noted)
    assert script.bodies[1] == {"voice": SARAH, "transcriber": NOVA}


async def test_a_fallback_that_is_nobodys_own_is_put_back_with_its_voice() -> None:
    script = Script((200, {**ASSISTANT, **SETTINGS[7]}), (200, ASSISTANT))
    client = vapi(script)
    noted = await client.read_settings(ASSISTANT_ID, FRENCH)
    await client.put_settings_back(ASSISTANT_ID, noted)
    assert script.bodies[1] == {"voice": SETTINGS[7]["voice"]}
