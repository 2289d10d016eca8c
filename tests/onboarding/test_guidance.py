"""Help knows every field, page and check, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ava_setup.onboarding.checks import TABLE
from ava_setup.onboarding.guidance import FIELDS, Guidance, guidance
from ava_setup.onboarding.guidance_pages import CHECKS, PAGES, topics
from ava_setup.onboarding.searching import Entry, find, folded
from ava_setup.onboarding.steps import StepId
from ava_setup.words import Language, Voice, _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ava_setup.words import Text

VOICES = tuple(Voice(language) for language in Language)


def unsaid(topics: Iterable[tuple[str, Guidance]], *parts: str) -> list[tuple[str, str]]:
    """Name what a topic leaves unsaid in some language."""
    return [
        (name, part)
        for name, topic in topics
        for part in parts
        if not all(voice(getattr(topic, part)) for voice in VOICES)
    ]


def test_help_says_of_every_field_what_it_is_where_to_find_it_an_example_and_what_for() -> None:
    assert unsaid(FIELDS.items(), "title", "what", "where", "example", "use") == []


def test_help_explains_every_step_as_a_whole_and_every_check_of_the_doctor() -> None:
    assert unsaid(PAGES.items(), "title", "what") == []
    steps = ((step_id.value, PAGES[step_id.value]) for step_id in StepId)
    assert unsaid(steps, "where", "use") == []
    assert set(CHECKS) == set(TABLE)
    assert unsaid(((one.value, CHECKS[one]) for one in CHECKS), "title", "what", "where") == []


@pytest.mark.parametrize("voice", VOICES, ids=list(Language))
def test_help_leads_to_the_regions_of_europe_too(voice: Voice) -> None:
    at_vapi = [*(FIELDS[name] for name in ("vapi-key", "assistants")), PAGES["welcome"]]
    assert all("dashboard.eu.vapi.ai" in voice(one.where) for one in at_vapi)
    at_twilio = [voice(FIELDS[name].where) for name in ("account-sid", "auth-token", "key-sid")]
    assert all("Ireland" in where or "Irlande" in where for where in at_twilio)


def test_a_field_that_nobody_knows_has_no_guidance() -> None:
    assert guidance("nobody-knows") is None


@pytest.mark.parametrize("typed", ["clé PRIVÉE", "cle privee", "private key", "vapi cle"])
def test_help_is_found_by_words_of_either_language_with_or_without_accents(typed: str) -> None:
    found = find(typed, topics(), VOICES)
    assert FIELDS["vapi-key"] in found


def test_what_is_called_so_comes_before_what_only_mentions_it_and_nothing_comes_twice() -> None:
    found = find("auth token", topics(), VOICES)
    assert found[0] == FIELDS["auth-token"]
    assert FIELDS["key-sid"] in found
    assert len(found) == len(set(found))


def test_every_typed_word_must_be_there_and_nothing_typed_finds_all() -> None:
    entries = [Entry(1, _("Back")), Entry(2, _("Leave"), (_("Back"),))]
    voices = (Voice(Language.EN),)
    assert find(" ", entries, voices) == (1, 2)
    assert find("back leave", entries, voices) == (2,)
    assert find("back stage", entries, voices) == ()


def test_accents_and_case_are_left_out_of_a_comparison() -> None:
    assert folded("ÉCHAP où ça") == "echap ou ca"


def test_no_example_of_a_secret_could_be_taken_for_one() -> None:
    def words(texts: Iterable[Text]) -> str:
        return "\n".join(voice(text) for text in texts for voice in VOICES)

    shown = words(FIELDS[name].example for name in ("vapi-key", "auth-token", "key-secret"))
    assert not [word for word in shown.split() if len(word) > 15]
