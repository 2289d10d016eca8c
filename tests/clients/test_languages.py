"""What an assistant speaks and understands, as far as its settings tell."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from ava_setup.clients import vapi_bodies as bodies
from ava_setup.clients.languages import EVERY, spoken, understood
from ava_setup.onboarding.assistant import VOICES, VoiceId
from ava_setup.onboarding.profile import CallersLanguage
from tests.clients.lab import draft
from tests.sandbox.spec import document, needs_contracts

FR, EN, BOTH = frozenset({"fr"}), frozenset({"en"}), frozenset({"fr", "en"})
OFFERED = [(language, voice) for language, voices in VOICES.items() for voice in voices]


@pytest.mark.parametrize(
    ("voice", "languages"),
    [
        ({"provider": "vapi", "voiceId": "Clara", "version": "2", "language": "fr-FR"}, FR),
        ({"provider": "vapi", "voiceId": "Clara", "version": "1", "language": "fr-CA"}, FR),
        ({"provider": "vapi", "voiceId": "Clara", "version": "2", "language": "auto"}, EVERY),
        ({"provider": "vapi", "voiceId": "Clara", "version": "2"}, EVERY),
        ({"provider": "vapi", "voiceId": "Clara", "version": 2, "language": None}, EVERY),
        ({"provider": "vapi", "voiceId": "Clara", "version": "latest"}, EVERY),
        ({"provider": "vapi", "voiceId": "Clara"}, None),
        ({"provider": "azure", "voiceId": "fr-FR-DeniseNeural"}, FR),
        ({"provider": "azure", "voiceId": "en-GB-SoniaNeural"}, EN),
        ({"provider": "azure", "voiceId": "en-US-AndrewMultilingualNeural"}, None),
        ({"provider": "azure", "voiceId": "andrew"}, None),
        ({"provider": "microsoft", "voiceId": "fr-FR-Marc:MAI-Voice-2"}, FR),
        ({"provider": "cartesia", "voiceId": "x", "language": "fr"}, FR),
        ({"provider": "cartesia", "voiceId": "x"}, None),
        ({"provider": "11labs", "voiceId": "sarah", "language": "en"}, EN),
        ({"provider": "playht", "voiceId": "jennifer", "language": "french"}, FR),
        ({"provider": "playht", "voiceId": "jennifer", "language": "tagalog"}, None),
        ({"provider": "xai", "voiceId": "eve", "language": "pt-BR"}, frozenset({"pt"})),
        ({"provider": "xai", "voiceId": "eve"}, EN),
        ({"provider": "openai", "voiceId": "alloy"}, None),
        ({"provider": "brand-new", "voiceId": "x", "language": "fr-BE"}, FR),
        ({}, None),
        (None, None),
    ],
)
def test_a_voice_tells_what_it_speaks(voice: object, languages: frozenset[str] | None) -> None:
    assert spoken(voice) == languages


@pytest.mark.parametrize(
    ("transcriber", "languages"),
    [
        ({"provider": "deepgram", "model": "nova-3", "language": "fr"}, FR),
        ({"provider": "deepgram", "model": "nova-3", "language": "fr-CA"}, FR),
        ({"provider": "deepgram", "model": "flux-general-en", "language": "fr"}, EN),
        (
            {"provider": "deepgram", "model": "flux-general-multi", "languages": ["fr", "en"]},
            BOTH,
        ),
        ({"provider": "deepgram", "model": "nova-2", "language": "multi"}, {"en", "es"}),
        ({"provider": "deepgram", "model": "base", "language": "multi"}, None),
        ({"provider": "deepgram", "model": "nova-3"}, None),
        ({"provider": "assembly-ai", "language": "en"}, EN),
        ({"provider": "assembly-ai", "language": "multi"}, None),
        ({"provider": "azure", "language": "fr-BE"}, FR),
        ({"provider": "google", "language": "French"}, FR),
        ({"provider": "google", "language": "Multilingual"}, EVERY),
        ({"provider": "speechmatics", "language": "auto"}, EVERY),
        ({"provider": "speechmatics", "language": "ar_en"}, {"ar", "en"}),
        ({"provider": "speechmatics", "language": "cmn"}, None),
        ({"provider": "gladia", "languages": ["fr", "en"]}, BOTH),
        ({"provider": "soniox", "languages": ["fr"], "language": "de"}, FR),
        ({"provider": "soniox", "languages": ["fr"], "languageHintsStrict": False}, EVERY),
        ({"provider": "soniox", "languages": []}, EVERY),
        ({"provider": "soniox", "language": "fr"}, FR),
        ({"provider": "soniox"}, EN),
        ({"provider": "vapi", "language": "fr"}, FR),
        ({"provider": "vapi"}, EVERY),
        ({"provider": "vapi", "languages": []}, EVERY),
        ({"provider": "xai"}, EN),
        ({"provider": "custom-transcriber", "server": {"url": "https://x.example"}}, None),
        (None, None),
    ],
)
def test_a_transcriber_tells_what_it_understands(
    transcriber: object, languages: frozenset[str] | None
) -> None:
    assert understood(transcriber) == languages


@pytest.mark.parametrize("model", ["nova-3", "flux-general-multi"])
def test_deepgrams_many_languages_are_those_of_the_callers(model: str) -> None:
    found = understood({"provider": "deepgram", "model": model, "language": "multi"})
    assert found == EVERY


@pytest.mark.parametrize(("language", "voice"), OFFERED)
def test_every_assistant_made_here_is_told_to_speak_and_understand_its_callers(
    language: CallersLanguage, voice: VoiceId
) -> None:
    wanted = BOTH if language is CallersLanguage.BILINGUAL else {language.value[:2]}
    made = bodies.new_assistant(draft(voice, language))
    speaks, hears = spoken(made["voice"]), understood(made["transcriber"])
    assert speaks is not None
    assert hears is not None
    assert wanted <= speaks
    assert wanted <= hears


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)
FIELDS = ("provider", "voiceId", "version", "model", "language", "languages")
PROVIDERS = ("azure", "vapi", "deepgram", "soniox", "xai", "google")


@given(
    st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, ODD)),
    st.none() | st.sampled_from(PROVIDERS),
)
def test_no_setting_is_too_odd_to_be_looked_at(odd: dict[str, Any], provider: str | None) -> None:
    settings = {**odd, "provider": provider} if provider else odd
    for languages in (spoken(settings), understood(settings)):
        assert languages is None or (languages and all(len(one) == 2 for one in languages))


@given(ODD)
def test_whatever_is_no_settings_tells_nothing(odd: object) -> None:
    if not isinstance(odd, dict):
        assert (spoken(odd), understood(odd)) == (None, None)


@needs_contracts
def test_every_language_that_the_specification_offers_is_told() -> None:
    schemas: Any = document("vapi")["components"]["schemas"]
    strange = {"auto", "fil", "yue"}
    for name, tell in (("VapiVoice", spoken), ("VapiTranscriber", understood)):
        for tag in schemas[name]["properties"]["language"]["enum"]:
            told = tell({"provider": "vapi", "version": "2", "language": tag})
            assert told == frozenset({tag[:2]}) or tag in strange
