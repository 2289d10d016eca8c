"""A business that changes when its assistant is at Vapi already: it is told, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from ava_setup.onboarding.assistant import VOICES, AssistantDraft
from ava_setup.onboarding.composing import compose, suggested_name
from ava_setup.onboarding.errors import ErrorCode
from ava_setup.onboarding.profile import CallersLanguage, Trade
from ava_setup.onboarding.review_rows import Replaces, RowId
from ava_setup.onboarding.state import ChosenAssistant
from ava_setup.onboarding.steps import StepId, first_open
from ava_setup.words import Language, Voice
from tests.onboarding.fakes import AT_TWILIO, PROFILE, Line, timed_out

if TYPE_CHECKING:
    from ava_setup.onboarding.assistant import Assistant
    from ava_setup.onboarding.profile import Profile

ENGLISH = Voice(Language.EN)
OWN = "Dites toujours que le parking est derrière."


def business(**changes: object) -> Profile:
    return PROFILE.model_copy(update=changes)


def ready_made(instructions: str = "") -> AssistantDraft:
    ready, language = compose(PROFILE), PROFILE.callers_language
    return AssistantDraft(
        name=suggested_name(PROFILE),
        greeting=ready.greeting,
        instructions=instructions or ready.instructions,
        voice=VOICES[language][0],
        recorded=False,
        language=language,
        admin_email=PROFILE.admin_email,
        business_id=PROFILE.business_id,
        create_id="",
    )


async def with_ava(instructions: str = "") -> tuple[Line, str]:
    """Give a line that is live, with an assistant that was made here."""
    line = await Line(assistants=()).opened()
    await line.setup.draft_assistant(ready_made(instructions))
    assert (await line.setup.go_live()).success
    (made,) = line.vapi.assistants
    return line, made


def changed_at_vapi(line: Line, assistant_id: str, **changes: str) -> None:
    there = line.vapi.assistants[assistant_id]
    line.vapi.assistants[assistant_id] = replace(there, **changes)  # type: ignore[arg-type]


async def told(line: Line, now: Profile) -> Assistant:
    """Save a business, go live, and give the assistant as Vapi has it then."""
    await line.setup.save_profile(now)
    assert (await line.setup.go_live()).success
    (there,) = line.vapi.assistants.values()
    return there


async def writes(line: Line) -> dict[RowId, str]:
    return {row.id: ENGLISH(row.effect.words) for row in (await line.setup.review()).writes}


async def test_new_opening_hours_reach_the_assistant_once_the_review_has_shown_them() -> None:
    line, made = await with_ava()
    before = line.vapi.assistants[made]
    now = business(opening_hours="mar-sam 10h-19h")
    await line.setup.save_profile(now)
    assert first_open(line.store.state) is StepId.REVIEW
    shown = (await line.setup.review()).row(RowId.INSTRUCTIONS)
    assert shown is not None
    assert isinstance(shown.effect, Replaces)
    assert "Les horaires : 8h-18h" in ENGLISH(shown.effect.before)
    assert "Les horaires : du mardi au samedi" in ENGLISH(shown.effect.after)
    assert line.vapi.assistants[made] == before
    after = await told(line, now)
    assert after == replace(before, instructions=compose(now).instructions)
    assert first_open(line.store.state) is StepId.PROOF
    assert await writes(line) == {}


async def test_a_new_trade_and_name_change_name_first_words_and_instructions() -> None:
    line, made = await with_ava()
    now = business(trade=Trade.GARAGE, business_name="Garage Léa", admin_email="lea@example.fr")
    await line.setup.save_profile(now)
    shown = await writes(line)
    assert shown[RowId.ASSISTANT] == f"changes: {suggested_name(PROFILE)} → Ava - Garage Léa"
    assert shown[RowId.GREETING].endswith(f"→ {compose(now).greeting}")
    assert set(shown) == {RowId.EMAIL, RowId.ASSISTANT, RowId.GREETING, RowId.INSTRUCTIONS}
    after = await told(line, now)
    assert (after.id, after.name, after.first_message, after.instructions, after.admin_email) == (
        made,
        "Ava - Garage Léa",
        compose(now).greeting,
        compose(now).instructions,
        "lea@example.fr",
    )
    chosen = line.saved().assistant
    assert isinstance(chosen, ChosenAssistant)
    assert (chosen.name, chosen.outdated) == ("Ava - Garage Léa", False)


async def test_other_callers_get_a_voice_and_ears_for_their_language() -> None:
    line, _made = await with_ava()
    now = business(callers_language=CallersLanguage.EN_GB)
    await line.setup.save_profile(now)
    shown = await writes(line)
    assert shown[RowId.LANGUAGE] == "changes: French (France) → English (UK)"
    assert shown[RowId.VOICE] == "changes: Clara (woman) → Emma (woman)"
    after = await told(line, now)
    assert after.voice_languages == after.heard_languages == frozenset({"en"})
    assert after.instructions == compose(now).instructions


@pytest.mark.parametrize("where", ["here", "at Vapi"])
async def test_what_the_owner_wrote_stays_and_the_rest_follows(where: str) -> None:
    own = f"{OWN}\n\n{compose(PROFILE).instructions}"
    line, made = await with_ava(own if where == "here" else "")
    if where == "at Vapi":
        changed_at_vapi(line, made, instructions=own, first_message="Allô ?", name="Léa")
    now = business(opening_hours="mar-sam 10h-19h", business_name="Chez Léa")
    after = await told(line, now)
    assert after.instructions == f"{OWN}\n\n{compose(now).instructions}"
    if where == "at Vapi":
        assert (after.first_message, after.name) == ("Allô ?", "Léa")


async def test_instructions_that_are_all_the_owners_are_left_alone_and_it_is_said() -> None:
    line, made = await with_ava()
    changed_at_vapi(line, made, instructions="Soyez brève.")
    now = business(opening_hours="mar-sam 10h-19h")
    await line.setup.save_profile(now)
    review = await line.setup.review()
    shown = review.row(RowId.INSTRUCTIONS)
    assert shown is not None
    assert "your own words" in ENGLISH(shown.value)
    assert not review.writes
    assert (await told(line, now)).instructions == "Soyez brève."
    assert first_open(line.store.state) is StepId.PROOF


async def test_a_business_that_is_as_it_was_again_has_nothing_to_tell() -> None:
    line, _made = await with_ava()
    await line.setup.save_profile(business(opening_hours="mar-sam 10h-19h"))
    await line.setup.save_profile(PROFILE)
    assert first_open(line.store.state) is StepId.PROOF


async def test_the_assistant_that_is_chosen_once_more_is_told_all_the_same() -> None:
    line, made = await with_ava()
    now = business(opening_hours="mar-sam 10h-19h")
    await line.setup.save_profile(now)
    await line.setup.choose_assistant(line.vapi.assistants[made])
    assert (await line.setup.go_live()).success
    assert line.vapi.assistants[made].instructions == compose(now).instructions


@pytest.mark.parametrize("done", [True, False])
async def test_a_change_whose_end_nobody_saw_is_made_good_whatever_is_wanted_next(
    *, done: bool
) -> None:
    line, _made = await with_ava()
    line.vapi.fail("mend_assistant", timed_out(), done=done)
    await line.setup.save_profile(business(business_name="Chez Léa", opening_hours="24/7"))
    assert not (await line.setup.go_live()).success
    assert first_open(line.store.state) is StepId.REVIEW
    again = line.again()
    await again.open()
    wanted = business(callers_language=CallersLanguage.BILINGUAL)
    for now in (wanted, PROFILE):
        await again.save_profile(now)
        assert (await again.go_live()).success
        (there,) = line.vapi.assistants.values()
        assert there.name == suggested_name(now)
        assert there.first_message.startswith(compose(now).greeting)
        assert there.instructions == compose(now).instructions


async def test_a_number_of_another_country_changes_what_the_assistant_says_of_emergencies() -> None:
    line, made = await with_ava()
    belgian = replace(AT_TWILIO, sid="PN9", number="+3224261026")
    line.twilio.numbers[belgian.number] = belgian
    await line.setup.list_numbers()
    await line.setup.choose_number(belgian)
    assert "le 15" in line.vapi.assistants[made].instructions
    assert set(await writes(line)) >= {RowId.INSTRUCTIONS}
    assert (await line.setup.go_live()).success
    told = line.vapi.assistants[made].instructions
    assert "le 112" in told
    assert "le 15" not in told


async def test_a_change_that_vapi_took_and_did_not_make_is_no_success() -> None:
    line, made = await with_ava()
    before = line.vapi.assistants[made]
    await line.setup.save_profile(business(opening_hours="24/7"))
    line.vapi.mends = False
    result = await line.setup.go_live()
    assert result.problem is not None
    assert result.problem.code is ErrorCode.ASSISTANT_UNTOLD
    assert line.vapi.assistants[made] == before
    assert first_open(line.store.state) is StepId.REVIEW
