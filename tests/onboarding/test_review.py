"""The review: every setting, where it came from, and every write that will follow."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings, strategies as st

from ava_setup.onboarding.credentials import AccountKind
from ava_setup.onboarding.errors import ErrorCode, Problem
from ava_setup.onboarding.facts import Absent, Found, Unknown
from ava_setup.onboarding.linking import LinkFacts
from ava_setup.onboarding.review import review
from ava_setup.onboarding.review_rows import Blocks, Creates, Replaces, RowId, Stays
from ava_setup.onboarding.sources import TYPED, Origin, Source
from ava_setup.onboarding.state import (
    ChosenAssistant,
    ChosenNumber,
    Connection,
    DraftedAssistant,
    Live,
    NoAssistantYet,
    Region,
    Saved,
    State,
    TwilioAccess,
)
from ava_setup.onboarding.steps import StepId
from ava_setup.words import Language, Voice
from tests.onboarding.fakes import (
    ACCOUNT,
    ACCOUNT_SID,
    AT_TWILIO,
    AVA,
    NUMBER,
    OTHER,
    PROFILE,
    SID,
    WEBHOOK,
    at_vapi,
    draft,
)

if TYPE_CHECKING:
    from ava_setup.onboarding.assistant import Assistant
    from ava_setup.onboarding.number import TwilioNumber, VapiNumber

SAVED = Saved(
    profile=PROFILE,
    connection=Connection(region=Region.EU),
    assistant=DraftedAssistant(draft=draft(create_id="c" * 32)),
    twilio=TwilioAccess(account_sid=ACCOUNT_SID, account_name="Martin"),
    number=ChosenNumber(sid=SID, number=NUMBER),
)
FACTS = LinkFacts(
    number=NUMBER,
    business_id=PROFILE.business_id,
    chosen=None,
    assistants=Found((OTHER,)),
    account=Found(ACCOUNT),
    twilio_number=Found(AT_TWILIO),
    vapi_number=Absent(),
)
STUDIO = "https://webhooks.twilio.com/v1/Accounts/AC0/Flows/FW0"
ENGLISH = Voice(Language.EN)


def state(live: Live | None = None, /, **changes: object) -> State:
    return State(saved=SAVED.model_copy(update=changes), live=live or Live())


def writes(state: State, facts: LinkFacts = FACTS) -> dict[RowId, str]:
    """Say what is written at a vendor, by row."""
    return {row.id: ENGLISH(row.effect.words) for row in review(state, facts).writes}


def test_all_that_a_first_set_up_writes_is_a_row() -> None:
    profile = PROFILE.model_copy(update={"fallback_number": "+33612345678"})
    assistant = DraftedAssistant(
        draft=replace(draft(), recorded=True, webhook_url="https://ava.example/calls")
    )
    told = replace(AT_TWILIO, status_callback="https://billing.example/ends")
    facts = replace(FACTS, twilio_number=Found(told))
    assert writes(state(profile=profile, assistant=assistant, own_key=True), facts) == {
        RowId.ASSISTANT: "new: created at Vapi",
        RowId.GREETING: "new: with the assistant",
        RowId.VOICE: "new: with the assistant",
        RowId.RECORDING: "new: calls are recorded and kept at Vapi",
        RowId.WEBHOOK: "new: Vapi tells it of every call",
        RowId.API_KEY: "new: made at Twilio; the auth token is then forgotten here",
        RowId.NUMBER: "new: imported into Vapi, Ava answers",
        RowId.CALLS: "changes: Twilio's demo greeting → Vapi",
        RowId.CALL_ENDS: "takes over: https://billing.example/ends → Vapi",
        RowId.FALLBACK: "new: rings when Ava cannot answer",
    }


def test_every_row_names_the_step_that_asks_it_in_the_order_of_the_steps() -> None:
    rows = review(state(), FACTS).rows
    order = list(StepId)
    asked_in = [order.index(row.step) for row in rows if row.id is not RowId.FALLBACK]
    assert asked_in == sorted(asked_in)
    assert {row.step for row in rows} == {
        StepId.BUSINESS,
        StepId.VAPI,
        StepId.ASSISTANT,
        StepId.TWILIO,
        StepId.NUMBER,
    }


def test_the_first_words_are_shown_as_a_caller_hears_them() -> None:
    row = review(state(), FACTS).row(RowId.GREETING)
    assert row is not None
    assert ENGLISH(row.value) == draft().first_message


@pytest.mark.parametrize(
    ("number", "there", "row", "effect"),
    [
        # Who loses the number's calls is named, at Twilio as at Vapi.
        (replace(AT_TWILIO, voice_url=STUDIO), None, RowId.CALLS, "takes over: a Twilio Studio"),
        (AT_TWILIO, at_vapi(assistant_id=OTHER.id), RowId.NUMBER, "takes over: Standard → Ava"),
        (AT_TWILIO, at_vapi(squad_id="s"), RowId.NUMBER, "takes over: a squad of assistants → Ava"),
        (AT_TWILIO, at_vapi(), RowId.NUMBER, "changes: nothing → Ava"),
        (AT_TWILIO, at_vapi(), RowId.CALLS, "changes: Twilio's demo greeting → Vapi"),
    ],
)
def test_what_a_number_is_taken_from_is_shown_before_and_after(
    number: TwilioNumber, there: VapiNumber | None, row: RowId, effect: str
) -> None:
    facts = replace(
        FACTS,
        twilio_number=Found(number),
        vapi_number=Found(there) if there else Absent(),
    )
    assert writes(state(), facts)[row].startswith(effect)


def test_a_line_that_is_as_it_should_be_writes_nothing() -> None:
    facts = replace(
        FACTS,
        assistants=Found((AVA,)),
        twilio_number=Found(replace(AT_TWILIO, voice_url=WEBHOOK)),
        vapi_number=Found(at_vapi(assistant_id=AVA.id)),
    )
    assert writes(state(assistant=ChosenAssistant(id=AVA.id, name="Ava")), facts) == {}


def test_facts_of_the_business_that_an_assistant_still_has_otherwise_are_replaced() -> None:
    profile = PROFILE.model_copy(
        update={"admin_email": "new@example.fr", "webhook_url": "https://a.fr"}
    )
    ours = replace(AVA, admin_email="old@example.fr")
    chosen = ChosenAssistant(id=AVA.id, name="Ava", outdated=True)
    shown = writes(
        state(profile=profile, assistant=chosen), replace(FACTS, assistants=Found((ours,)))
    )
    assert shown[RowId.EMAIL] == "changes: old@example.fr → new@example.fr"
    assert shown[RowId.WEBHOOK] == "changes: nothing → https://a.fr"


@pytest.mark.parametrize(
    ("listed", "value", "effect"),
    [((OTHER, AVA), "Ava", Stays), ((), "none yet", Blocks)],
)
def test_an_assistant_that_nobody_chose_is_named_and_said_to_be_chosen_automatically(
    listed: tuple[Assistant, ...], value: str, effect: type
) -> None:
    facts = replace(FACTS, assistants=Found(listed))
    row = review(state(assistant=NoAssistantYet()), facts).row(RowId.ASSISTANT)
    assert row is not None
    assert ENGLISH(row.value) == value
    assert row.source == Source(Origin.AUTOMATIC)
    assert isinstance(row.effect, effect)


def test_a_trial_is_said_to_be_in_the_way() -> None:
    trial = replace(ACCOUNT, kind=AccountKind.TRIAL)
    row = review(state(), replace(FACTS, account=Found(trial))).row(RowId.TWILIO)
    assert row is not None
    assert isinstance(row.effect, Blocks)


def test_each_value_says_where_it_came_from() -> None:
    live = Live(
        at_start=Saved(number=SAVED.number),
        vapi_source=Source(Origin.ENVIRONMENT, "VAPI_API_KEY"),
        twilio_source=Source(Origin.TWILIO_CLI, "shop"),
    )
    profile = PROFILE.model_copy(update={"opening_hours": "Mon-Fri 9am-12pm, 2pm-6pm"})
    rows = {row.id: row.source for row in review(state(live, profile=profile), FACTS).rows}
    assert rows[RowId.EMAIL] == TYPED
    assert rows[RowId.HOURS] == Source(Origin.DEFAULT)
    assert ENGLISH(rows[RowId.VAPI].words) == "environment, VAPI_API_KEY"
    assert ENGLISH(rows[RowId.TWILIO].words) == "twilio-cli, profile shop"
    assert rows[RowId.NUMBER] == Source(Origin.BEFORE)
    assert rows[RowId.CALLS] == Source(Origin.AUTOMATIC)


@pytest.mark.parametrize(
    ("typed", "english", "french"),
    [
        ("lun-ven 9h-18h", "Monday-Friday 9 am-6 pm", "lundi-vendredi 9 h-18 h"),
        ("ask us", "ask us", "ask us"),
    ],
)
def test_opening_hours_are_written_as_they_are_understood(
    typed: str, english: str, french: str
) -> None:
    row = review(state(profile=PROFILE.model_copy(update={"opening_hours": typed})), FACTS).row(
        RowId.HOURS
    )
    assert row is not None
    written = [Voice(one)(row.value) for one in (Language.EN, Language.FR)]
    plain = str.maketrans({"\u00a0": " ", "\u2013": "-"})
    assert [one.translate(plain) for one in written] == [english, french]


def test_keys_of_an_earlier_run_are_said_to_be_kept() -> None:
    row = review(state(), FACTS).row(RowId.VAPI)
    assert row is not None
    assert row.source == Source(Origin.BEFORE)


READINGS = st.sampled_from([Unknown(Problem(ErrorCode.TIMED_OUT)), Absent()])
CHOICES = st.sampled_from(
    [
        None,
        NoAssistantYet(),
        SAVED.assistant,
        ChosenAssistant(id=AVA.id, name="Ava", outdated=True),
        ChosenAssistant(id="gone", name="Gone"),
    ]
)


@settings(deadline=None)
@given(
    st.sets(st.sampled_from(["profile", "connection", "twilio", "number"])),
    CHOICES,
    st.sampled_from([Found(()), Found((AVA, OTHER)), Unknown(Problem(ErrorCode.TIMED_OUT))]),
    READINGS | st.just(Found(AT_TWILIO)) | st.just(Found(replace(AT_TWILIO, trunk_sid="TK0"))),
    READINGS | st.sampled_from([Found(at_vapi()), Found(at_vapi(assistant_id=OTHER.id))]),
)
def test_a_review_never_fails_and_says_when_it_does_not_know_the_whole(
    lost: set[str], choice: object, assistants: Any, number: Any, record: Any
) -> None:
    facts = replace(
        FACTS,
        assistants=assistants,
        twilio_number=number,
        vapi_number=record,
    )
    made = review(state(assistant=choice, **dict.fromkeys(lost)), facts)
    unread = any(isinstance(one, Unknown) for one in (assistants, number, record))
    assert (made.unread is not None) is unread
    for row in made.rows:
        assert ENGLISH(row.setting)
        assert ENGLISH(row.value)
        assert ENGLISH(row.source.words)
        assert ENGLISH(row.effect.words)
        assert isinstance(row.effect, Stays | Creates | Replaces | Blocks)
