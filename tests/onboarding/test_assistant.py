"""Assistants: what people type, the voices they can have, and who answers when nobody chose."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings, strategies as st

from ava_setup.onboarding.assistant import (
    GREETING_MAX,
    INSTRUCTIONS_MAX,
    NAME_MAX,
    VOICES,
    Assistant,
    AssistantMends,
    Opening,
    VoiceId,
    first_available,
    read_assistant_name,
    read_greeting,
    read_instructions,
    read_webhook_url,
    voice_name,
)
from ava_setup.onboarding.errors import FieldProblem
from ava_setup.onboarding.profile import CallersLanguage
from ava_setup.words import Language, Voice
from tests.onboarding.fakes import AVA, BUSINESS_ID, OTHER, draft

if TYPE_CHECKING:
    from collections.abc import Callable

OPEN = "I am the virtual assistant."


def test_a_name_is_tidied_and_no_longer_than_vapi_takes() -> None:
    assert read_assistant_name("  Ava\n pour Martin ") == "Ava pour Martin"
    assert read_assistant_name("x" * NAME_MAX) == "x" * NAME_MAX
    for wrong in (" \t", "x" * (NAME_MAX + 1)):
        with pytest.raises(FieldProblem):
            read_assistant_name(wrong)


def test_a_greeting_is_one_line_that_says_that_a_machine_answers() -> None:
    assert read_greeting(f" Hello.\n{OPEN} ") == f"Hello. {OPEN}"
    for wrong in ("", "Hello, this is Ava, how can I help?", OPEN + "x" * GREETING_MAX):
        with pytest.raises(FieldProblem):
            read_greeting(wrong)


def test_instructions_keep_their_paragraphs() -> None:
    assert read_instructions("\nOne.\n\n  Two.\n") == "One.\n\n  Two."
    for wrong in (" \n", "x" * (INSTRUCTIONS_MAX + 1)):
        with pytest.raises(FieldProblem):
            read_instructions(wrong)


@pytest.mark.parametrize(
    ("read", "most"),
    [(read_assistant_name, 40), (read_greeting, GREETING_MAX), (read_instructions, 20_000)],
)
def test_what_is_too_long_is_told_how_long_it_is_and_may_be(
    read: Callable[[str], str], most: int
) -> None:
    with pytest.raises(FieldProblem) as caught:
        read("y" * (most + 7))
    words = Voice(Language.FR)(caught.value.text)
    assert str(most + 7) in words
    assert str(most) in words


def test_a_recorded_line_says_so_in_its_first_words() -> None:
    plain, recorded = draft(), replace(draft(), recorded=True)
    assert plain.first_message == plain.greeting
    assert recorded.first_message.startswith(plain.greeting)
    assert "enregistré" in recorded.first_message


def test_every_language_has_voices_and_every_voice_a_language() -> None:
    assert set(VOICES) == set(CallersLanguage)
    assert {voice for row in VOICES.values() for voice in row} == set(VoiceId)
    assert all(len(set(row)) == len(row) > 1 for row in VOICES.values())


@pytest.mark.parametrize("language", Language)
def test_a_voice_is_named_with_whose_voice_it_is(language: Language) -> None:
    names = {voice: Voice(language)(voice_name(voice)) for voice in VoiceId}
    assert len(set(names.values())) == len(VoiceId)
    assert names[VoiceId.CLARA].replace("Clara", "") == names[VoiceId.EMMA].replace("Emma", "")
    assert names[VoiceId.CLARA].replace("Clara", "") != names[VoiceId.HENRI].replace("Henri", "")


def test_an_assistant_without_a_name_is_called_by_the_start_of_its_id() -> None:
    assert replace(AVA, id="7a1b8f5e-0000-4000", name="").label == "7a1b8f5e"
    assert AVA.label == "Ava"


@pytest.mark.parametrize(
    ("opening", "words", "first"),
    [
        (Opening.SAYS, "Bonjour.", True),
        (Opening.SAYS, "", False),
        (Opening.WAITS, "Bonjour.", False),
        (Opening.MADE_UP, "", True),
    ],
)
def test_callers_hear_an_assistant_at_once_when_it_has_something_to_say(
    opening: Opening,
    words: str,
    first: bool,  # noqa: FBT001 - the expected figure
) -> None:
    assert replace(AVA, opening=opening, first_message=words).speaks_first is first


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        (" https://hooks.example.fr/vapi?a=1 ", "https://hooks.example.fr/vapi?a=1"),
        ("HTTPS://Hooks.example.fr:8443", "HTTPS://Hooks.example.fr:8443"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_calls_are_told_of_to_an_https_address_or_to_nobody(typed: str, url: str) -> None:
    assert read_webhook_url(typed) == url


@pytest.mark.parametrize(
    "typed",
    [
        "hooks.example.fr",
        "https://",
        "https://localhost/x",
        "https://user:word@hooks.example.fr",
        "https://hooks.example.fr/a b",
        "https://hooks.exämple.fr",
        "https://hooks.example.fr:99999",
        "https://hooks.example.fr:0",
        "https://[::1",
        "https://hooks.example.fr/" + "x" * 500,
        "ftp://hooks.example.fr",
        "wss://hooks.example.fr",
    ],
)
def test_what_is_no_web_address_is_told_of_no_call(typed: str) -> None:
    with pytest.raises(FieldProblem) as caught:
        read_webhook_url(typed)
    assert "Not a web address" in Voice(Language.EN)(caught.value.text)


def test_calls_are_not_told_of_in_the_clear() -> None:
    with pytest.raises(FieldProblem) as caught:
        read_webhook_url("http://hooks.example.fr/vapi")
    assert "https://" in Voice(Language.EN)(caught.value.text)


def test_mends_say_whether_there_is_anything_to_do() -> None:
    assert not AssistantMends()
    assert AssistantMends(quiet=False)
    assert AssistantMends(webhook_url="")


def test_a_voice_is_changed_only_with_the_language_it_speaks() -> None:
    with pytest.raises(ValueError, match="language"):
        AssistantMends(voice=VoiceId.CLARA)
    assert AssistantMends(voice=VoiceId.CLARA, language=CallersLanguage.FR_FR)


def test_with_no_assistant_nobody_answers() -> None:
    assert first_available((), BUSINESS_ID) is None


def test_ours_for_this_business_answers_before_a_newer_one() -> None:
    assert first_available((OTHER, AVA), BUSINESS_ID) is AVA
    assert first_available((OTHER, AVA), "f" * 32) is OTHER


@settings(deadline=None)
@given(
    st.lists(
        st.builds(
            Assistant,
            id=st.text("abc", min_size=1, max_size=3),
            created_at=st.sampled_from(["", "2026-01-01T00:00:00.000Z"]),
            business_id=st.sampled_from(["", BUSINESS_ID]),
        ),
        min_size=1,
        unique_by=lambda one: one.id,
    )
)
def test_the_same_one_answers_in_whatever_order_they_are_listed(listed: list[Assistant]) -> None:
    first = first_available(tuple(listed), BUSINESS_ID)
    assert first is not None
    assert first_available(tuple(reversed(listed)), BUSINESS_ID) is first
    assert all(one.created_at <= first.created_at for one in listed if one.business_id)
