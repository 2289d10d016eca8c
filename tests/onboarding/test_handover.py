"""What the hand-over sheet says of a line, and what it never does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ava_setup.handover.markdown import as_markdown
from ava_setup.onboarding.assistant import Assistant, Opening
from ava_setup.onboarding.errors import NotFound, SetupError
from ava_setup.onboarding.handover import Facts, facts_of, file_stem, write_sheet
from ava_setup.onboarding.profile import Profile
from ava_setup.onboarding.state import Connection, CreateAssistant, Linked, Region, Saved
from ava_setup.words import Language, Voice
from tests.handover.lines import line
from tests.onboarding.fakes import AVA, PROFILE, Line
from tests.onboarding.test_listening import LINKED

AT = line().at
MADE = CreateAssistant(at=AT, create_id="c", made=AVA.id)
SAVED = Saved(
    profile=PROFILE, connection=Connection(region=Region.EU), linked=LINKED, journal=(MADE,)
)


def said(facts: Facts, language: Language = Language.EN) -> str:
    """What a sheet says, without the marks of Markdown."""
    return as_markdown(write_sheet(facts), Voice(language)).replace("\\", "")


def gathered(saved: Saved = SAVED, assistant: Assistant = AVA) -> Facts:
    return facts_of(saved, assistant, at=AT, profile="default", is_demo=False)


def test_it_tells_number_test_words_questions_hours_fallback_places_and_undoing() -> None:
    words = said(line())
    for part in (
        "# Plomberie Martin",
        "[01 99 00 12 34](tel:+33199001234)",
        "(+33 1 99 00 12 34)",
        "1. Ring 01 99 00 12 34 from any telephone.",
        "> Plomberie Martin, bonjour ! Je suis Ava, l'assistante virtuelle.",
        "> Ce que vous demandez, dans cet ordre : ce qui se passe",
        "Monday\u2013Friday 9 am\u20136 pm",
        "+33 6 12 34 56 78 rings.",
        "<https://dashboard.vapi.ai>",
        "<https://console.twilio.com>",
        "ava-setup doctor --fix.",
        "ava-setup undo.",
        "As it was on 23/11/2026.",
    ):
        assert part in words, part
    assert "Recording" not in words
    assert "Demo" not in words


@pytest.mark.parametrize(
    ("facts", "part"),
    [
        (line(fallback=""), "No other telephone rings"),
        (line(region=Region.EU), "<https://dashboard.eu.vapi.ai>"),
        (line(is_demo=True), "**Demo: this number is made up, and nobody answers it.**"),
        (line(profile="garage"), "ava-setup undo --profile garage."),
        (line(questions=""), "What her instructions say."),
        (line(assistant=replace(AVA, is_recorded=True)), "## Recording"),
        (line(assistant=AVA), "Nothing: she waits until the caller has spoken."),
        (line(assistant=replace(AVA, opening=Opening.MADE_UP)), "words of her own"),
        (line(assistant=replace(AVA, first_message="Hello. " * 999)), "Hello. …"),
    ],
)
def test_what_is_so_of_a_line_is_said(facts: Facts, part: str) -> None:
    assert part in said(facts)


def test_the_facts_are_those_of_the_set_up_and_of_the_assistant_that_answers() -> None:
    facts = gathered()
    assert facts.business == PROFILE.business_name
    assert facts.number == LINKED.number
    assert facts.region is Region.EU
    assert "Ce que vous demandez" in facts.questions
    assert facts.at.utcoffset() != AT.utcoffset()


@pytest.mark.parametrize(
    "saved",
    [
        SAVED.model_copy(update={"journal": ()}),
        SAVED.with_typed(instructions="Réponds comme tu veux."),
    ],
)
def test_questions_that_this_tool_did_not_write_are_not_claimed(saved: Saved) -> None:
    assert gathered(saved).questions == ""


@pytest.mark.parametrize("missing", ["profile", "linked"])
def test_a_line_that_does_not_stand_is_not_handed_over(missing: str) -> None:
    with pytest.raises(SetupError):
        gathered(SAVED.model_copy(update={missing: None}))


def test_what_is_kept_beside_the_facts_never_reaches_the_sheet() -> None:
    private = {
        "admin_email": "private@example.fr",
        "webhook_url": "https://hooks.example/?token=canary",
    }
    profile = Profile.model_validate({**PROFILE.model_dump(), **private})
    linked = Linked.model_validate({**LINKED.model_dump(), "phone_number_id": "canary-number"})
    saved = SAVED.model_copy(update={"profile": profile, "linked": linked})
    assistant = replace(AVA, webhook_url=profile.webhook_url, org_id="canary-org")
    for language in Language:
        words = said(gathered(saved, assistant), language)
        assert "canary" not in words
        assert "private@" not in words


@pytest.mark.parametrize(
    ("business", "stem"),
    [
        ("Plomberie Martin", "ava-plomberie-martin"),
        ("Café « L'Été » / Œuvre", "ava-cafe-l-ete-uvre"),
        ("../../etc/passwd", "ava-etc-passwd"),
        ("寿司", "ava"),
        ("x" * 80, "ava-" + "x" * 40),
    ],
)
def test_the_file_is_named_after_the_business_in_letters_that_every_system_takes(
    business: str, stem: str
) -> None:
    assert file_stem(business) == stem


async def test_the_assistant_is_read_as_vapi_has_it_now() -> None:
    line = await Line().opened()
    with pytest.raises(SetupError):
        await line.setup.answering()
    await line.store.update(lambda state: state.save(linked=LINKED))
    changed = replace(AVA, first_message="Bonjour, ici l'assistante virtuelle.")
    line.vapi.assistants[AVA.id] = changed
    assert await line.setup.answering() == changed
    del line.vapi.assistants[AVA.id]
    with pytest.raises(NotFound):
        await line.setup.answering()
