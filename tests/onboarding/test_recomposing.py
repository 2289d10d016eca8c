"""Edited instructions, when the business changes afterwards."""

from __future__ import annotations

from hypothesis import given, settings, strategies as st

from ava_setup.onboarding.composing import compose
from ava_setup.onboarding.profile import CallersLanguage, Trade
from ava_setup.onboarding.recomposing import carried_over, own_lines
from tests.onboarding.fakes import PROFILE

EARLIER = compose(PROFILE)
MOVED = compose(
    PROFILE.model_copy(update={"business_name": "Chez Léa", "opening_hours": "mar-sam 10h-19h"})
)
BILINGUAL = compose(PROFILE.model_copy(update={"callers_language": CallersLanguage.BILINGUAL}))
OWN = "Dites toujours que le parking est derrière."


def test_untouched_instructions_follow_their_business_altogether() -> None:
    assert carried_over(EARLIER.instructions, EARLIER, MOVED) == MOVED.instructions
    assert carried_over(EARLIER.instructions, EARLIER, BILINGUAL) == BILINGUAL.instructions
    assert carried_over(BILINGUAL.instructions, BILINGUAL, EARLIER) == EARLIER.instructions


def test_a_paragraph_added_stays_where_it_is_and_the_others_follow() -> None:
    hours = EARLIER.paragraphs["hours"]
    written = EARLIER.instructions.replace(hours, f"{OWN}\n\n{hours}")
    assert carried_over(written, EARLIER, MOVED) == MOVED.instructions.replace(
        MOVED.paragraphs["hours"], f"{OWN}\n\n{MOVED.paragraphs['hours']}"
    )
    assert own_lines(written, EARLIER) == 1


def test_lines_are_kept_apart_as_the_owner_had_them() -> None:
    written = f"{OWN}\n{EARLIER.instructions}\n\n\n- Un\n- Deux"
    assert carried_over(written, EARLIER, MOVED) == f"{OWN}\n{MOVED.instructions}\n\n\n- Un\n- Deux"
    assert own_lines(written, EARLIER) == 3


def test_a_paragraph_that_was_changed_stays_the_owners() -> None:
    changed = f"{EARLIER.paragraphs['hours']} Sauf le 14 juillet."
    written = EARLIER.instructions.replace(EARLIER.paragraphs["hours"], changed)
    brought = carried_over(written, EARLIER, MOVED)
    assert changed in brought
    assert MOVED.paragraphs["hours"] not in brought
    assert MOVED.paragraphs["role"] in brought


def test_a_paragraph_that_was_taken_out_stays_out() -> None:
    written = EARLIER.instructions.replace(EARLIER.paragraphs["limits"] + "\n\n", "")
    brought = carried_over(written, EARLIER, MOVED)
    assert MOVED.paragraphs["limits"] not in brought
    assert brought.count("\n\n") == MOVED.instructions.count("\n\n") - 1


def test_instructions_that_are_all_the_owners_are_left_alone() -> None:
    assert carried_over(f"{OWN}\n\nSoyez brève.", EARLIER, BILINGUAL) == f"{OWN}\n\nSoyez brève."
    assert own_lines(f"{OWN}\n\nSoyez brève.", EARLIER) == 2


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from([*EARLIER.paragraphs.values(), OWN, "Soyez brève."]), min_size=1, max_size=9
    ),
    st.sampled_from(Trade),
    st.sampled_from(CallersLanguage),
)
def test_what_the_owner_wrote_is_never_lost(
    paragraphs: list[str], trade: Trade, language: CallersLanguage
) -> None:
    now = compose(PROFILE.model_copy(update={"trade": trade, "callers_language": language}))
    brought = carried_over("\n\n".join(paragraphs), EARLIER, now)
    for own in (OWN, "Soyez brève."):
        assert brought.split("\n\n").count(own) == paragraphs.count(own)
    assert carried_over("\n\n".join(paragraphs), EARLIER, EARLIER) == "\n\n".join(paragraphs)
