"""The step table: what is asked, in which order, and what is a tick."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings, strategies as st

from ava_setup.onboarding.credentials import SecretName
from ava_setup.onboarding.outcome import Outcome
from ava_setup.onboarding.state import (
    Answered,
    ChosenAssistant,
    ChosenNumber,
    Connection,
    CreateAssistant,
    DraftedAssistant,
    ImportNumber,
    Linked,
    Live,
    NoAssistantYet,
    Region,
    Saved,
    State,
    TwilioAccess,
    Undone,
)
from ava_setup.onboarding.steps import (
    QUESTIONS,
    STEPS,
    Standing,
    StepId,
    after,
    as_it_stood,
    before,
    first_open,
    place_of,
    standing,
    step,
)
from tests.onboarding.fakes import ACCOUNT_SID, KEY_SID, NUMBER, PROFILE, SID, draft

ORDER = ["welcome", "business", "vapi", "assistant", "twilio", "number", "review", "proof"]

DONE = Saved(
    profile=PROFILE,
    connection=Connection(region=Region.EU),
    assistant=ChosenAssistant(id="ava", name="Ava"),
    twilio=TwilioAccess(account_sid=ACCOUNT_SID),
    number=ChosenNumber(sid=SID, number=NUMBER),
    linked=Linked(
        phone_number_id="number",
        number=NUMBER,
        assistant_id="ava",
        outcome=Outcome.IMPORTED,
        auto_linked=False,
    ),
    answered=Answered(call_id="call", caller="", at=""),
)
BOTH = frozenset({SecretName.VAPI_KEY, SecretName.TWILIO_AUTH_TOKEN})


def state(secrets: frozenset[SecretName] = BOTH, /, **changes: object) -> State:
    return State(saved=DONE.model_copy(update=changes), live=Live(secrets=secrets))


def test_the_steps_come_in_the_order_of_the_blueprint() -> None:
    assert [one.id.value for one in STEPS] == ORDER


def test_the_welcome_is_not_counted() -> None:
    assert place_of(StepId.WELCOME) == (0, 7)
    assert [place_of(one.id) for one in QUESTIONS] == [(place, 7) for place in range(1, 8)]


def test_every_step_has_a_title_and_a_purpose() -> None:
    for one in STEPS:
        assert one.title
        assert one.purpose


def test_a_step_needs_only_steps_before_it() -> None:
    for one in STEPS:
        assert all(place_of(need) < place_of(one.id) for need in one.needs)


def test_a_new_set_up_begins_with_the_business() -> None:
    assert first_open(State()) is StepId.BUSINESS
    assert after(StepId.WELCOME, State()) is StepId.BUSINESS


@pytest.mark.parametrize(
    ("lost", "opens"),
    [
        ({"profile": None}, StepId.BUSINESS),
        ({"connection": None}, StepId.VAPI),
        ({"assistant": None}, StepId.ASSISTANT),
        ({"twilio": None}, StepId.TWILIO),
        ({"number": None, "linked": None, "answered": None}, StepId.NUMBER),
        ({"linked": None, "answered": None}, StepId.REVIEW),
        ({"answered": None}, StepId.PROOF),
        ({}, StepId.PROOF),
    ],
)
def test_a_set_up_carries_on_at_the_first_step_whose_facts_do_not_hold(
    lost: dict[str, None], opens: StepId
) -> None:
    assert first_open(state(**lost)) is opens
    assert after(StepId.WELCOME, state(**lost)) is opens


@pytest.mark.parametrize(
    ("missing", "twilio", "opens"),
    [
        (SecretName.VAPI_KEY, TwilioAccess(account_sid=ACCOUNT_SID), StepId.VAPI),
        (SecretName.TWILIO_AUTH_TOKEN, TwilioAccess(account_sid=ACCOUNT_SID), StepId.TWILIO),
        (
            SecretName.TWILIO_API_SECRET,
            TwilioAccess(account_sid=ACCOUNT_SID, key_sid=KEY_SID),
            StepId.TWILIO,
        ),
    ],
)
def test_a_step_whose_secret_is_lost_is_asked_again(
    missing: SecretName, twilio: TwilioAccess, opens: StepId
) -> None:
    everything = frozenset(SecretName)
    assert first_open(state(everything, twilio=twilio)) is StepId.PROOF
    assert first_open(state(everything - {missing}, twilio=twilio)) is opens


def test_the_secret_of_an_api_key_is_not_the_auth_token() -> None:
    by_key = TwilioAccess(account_sid=ACCOUNT_SID, key_sid=KEY_SID)
    assert first_open(state(BOTH, twilio=by_key)) is StepId.TWILIO


def test_going_on_skips_what_holds_already() -> None:
    assert after(StepId.BUSINESS, state(linked=None)) is StepId.REVIEW
    assert after(StepId.TWILIO, state(answered=None)) is StepId.PROOF
    assert after(StepId.PROOF, state()) is StepId.PROOF


@pytest.mark.parametrize(
    "pending",
    [
        {"assistant": DraftedAssistant(draft=draft())},
        {"assistant": ChosenAssistant(id="ava", name="Ava", outdated=True)},
        {"linked": DONE.linked and DONE.linked.model_copy(update={"outdated": True})},
        {"own_key": True},
    ],
    ids=["an assistant to create", "facts to tell", "a telephone to ring", "a key to make"],
)
def test_the_review_is_open_while_the_vendors_do_not_have_all_that_was_chosen(
    pending: dict[str, object],
) -> None:
    assert first_open(state()) is StepId.PROOF
    assert first_open(state(**pending)) is StepId.REVIEW


def test_a_step_whose_needs_fail_leads_back_to_what_it_needs() -> None:
    assert after(StepId.TWILIO, state(linked=None, connection=None)) is StepId.VAPI
    assert after(StepId.TWILIO, state(linked=None, profile=None)) is StepId.BUSINESS
    assert after(StepId.NUMBER, state(linked=None, answered=None)) is StepId.REVIEW
    lost_on_the_way = state(linked=None, answered=None, connection=None)
    assert after(StepId.NUMBER, lost_on_the_way) is StepId.VAPI


def test_later_is_an_answer_that_still_wants_attention() -> None:
    later = state(assistant=NoAssistantYet(), linked=None)
    assert after(StepId.VAPI, later) is StepId.REVIEW
    assert standing(StepId.ASSISTANT, StepId.NUMBER, later) is Standing.ATTENTION
    assert standing(StepId.ASSISTANT, StepId.ASSISTANT, later) is Standing.CURRENT


def test_back_leads_through_every_step_to_the_first() -> None:
    assert before(StepId.WELCOME) is None
    assert [before(StepId(one)) for one in ORDER[1:]] == ORDER[:-1]


def test_a_step_is_done_current_or_to_do() -> None:
    now = state(linked=None)
    assert standing(StepId.VAPI, StepId.REVIEW, now) is Standing.DONE
    assert standing(StepId.REVIEW, StepId.REVIEW, now) is Standing.CURRENT
    assert standing(StepId.REVIEW, StepId.VAPI, now) is Standing.TO_DO


@settings(deadline=None)
@given(
    st.sets(st.sampled_from(sorted(Saved.model_fields.keys() - {"version", "answers", "journal"}))),
    st.frozensets(st.sampled_from(SecretName)),
    st.sampled_from(StepId),
)
def test_going_on_never_leads_to_a_step_whose_needs_fail(
    lost: set[str], secrets: frozenset[SecretName], current: StepId
) -> None:
    now = state(secrets, **dict.fromkeys(lost))
    there = step(after(current, now))
    met = all(step(need).holds(now) for need in there.needs)
    assert met or there.id is StepId.PROOF


OTHER_CHOICES = {
    "assistant": ChosenAssistant(id="other", name="Standard"),
    "number": ChosenNumber(sid="PN0", number="+33199001235"),
    "linked": None,
    "answered": None,
}


def test_what_stood_before_some_choices_stands_again_and_is_proven_anew() -> None:
    made = CreateAssistant(create_id="made-since", at=datetime(2026, 1, 2, tzinfo=UTC))
    now = state(**OTHER_CHOICES, journal=(made,))
    back = as_it_stood(DONE, now)
    assert back is not None
    assert back.saved == DONE.model_copy(update={"journal": (made,)})
    assert back.live.checks == ()


@pytest.mark.parametrize(
    "since",
    [
        {"connection": Connection(region=Region.US)},
        {"twilio": TwilioAccess(account_sid="AC0")},
        {
            "journal": (
                ImportNumber(
                    number=NUMBER, assistant_id="ava", at=datetime(2026, 1, 2, tzinfo=UTC)
                ),
            )
        },
    ],
    ids=["another organisation", "another account", "a number written"],
)
def test_what_a_vendor_may_no_longer_have_does_not_stand_again(since: dict[str, object]) -> None:
    assert as_it_stood(DONE, state(**{**OTHER_CHOICES, **since})) is None


def test_where_nothing_stood_nothing_stands_again() -> None:
    assert as_it_stood(None, state(**OTHER_CHOICES)) is None


def test_what_was_undone_since_does_not_stand_again() -> None:
    made = CreateAssistant(create_id="made", at=datetime(2026, 1, 2, tzinfo=UTC))
    stood = DONE.model_copy(update={"journal": (made,)})
    undone = made.model_copy(update={"undone": Undone.WHOLLY})
    assert as_it_stood(stood, state(**OTHER_CHOICES, journal=(undone,))) is None
