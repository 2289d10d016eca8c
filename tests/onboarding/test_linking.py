"""The plan: every row of the link table, and what no combination of facts may ever lead to."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings, strategies as st

from ava_setup.onboarding.assistant import Assistant
from ava_setup.onboarding.credentials import AccountKind, AccountStatus, TwilioAccount
from ava_setup.onboarding.errors import ErrorCode, Problem
from ava_setup.onboarding.facts import Absent, Found, Looked, Unknown
from ava_setup.onboarding.linking import (
    Ask,
    Import,
    Keep,
    LinkFacts,
    LinkPlan,
    Refuse,
    Relink,
    plan_link,
)
from ava_setup.onboarding.number import TwilioNumber, VapiNumber
from ava_setup.onboarding.outcome import (
    Consent,
    LinkedPhone,
    LinkResult,
    Outcome,
    done_message,
    refused,
)
from ava_setup.onboarding.verdicts import Check, CheckId, Verdict
from ava_setup.words import Language, Voice, verbatim
from tests.onboarding.fakes import (
    ACCOUNT,
    AT_TWILIO,
    AVA,
    BUSINESS_ID,
    NUMBER,
    OTHER,
    WEBHOOK,
    at_vapi,
)

VOICES = [Voice(language) for language in Language]
IN_ENGLISH = Voice(Language.EN)
NO_NETWORK = Problem(ErrorCode.UNREACHABLE, (("vendor", "Vapi"),))

FACTS = LinkFacts(
    number=NUMBER,
    business_id=BUSINESS_ID,
    chosen=AVA.id,
    assistants=Found((AVA, OTHER)),
    account=Found(ACCOUNT),
    twilio_number=Found(AT_TWILIO),
    vapi_number=Absent(),
)


def known_to_vapi(**fields: str | None) -> LinkFacts:
    """The number is at Vapi, and so are its calls."""
    return replace(
        FACTS,
        twilio_number=Found(replace(AT_TWILIO, voice_url=WEBHOOK)),
        vapi_number=Found(at_vapi(**fields)),
    )


def agreed(facts: LinkFacts, *consents: Consent) -> LinkFacts:
    return replace(facts, consents=frozenset(consents))


def refusal(facts: LinkFacts) -> ErrorCode:
    plan = plan_link(facts)
    assert isinstance(plan, Refuse)
    assert_speakable(plan.problem)
    return plan.problem.code


def question(facts: LinkFacts) -> Ask:
    plan = plan_link(facts)
    assert isinstance(plan, Ask)
    assert_speakable(plan.problem)
    return plan


def assert_speakable(problem: Problem) -> None:
    for say in VOICES:
        assert not set("{}") & set(say(problem.what) + say(problem.why) + say(problem.next))


# The rows of the table, top to bottom.


@pytest.mark.parametrize("chosen", [None, AVA.id])
def test_no_assistant_anywhere_writes_nothing_and_requires_one(chosen: str | None) -> None:
    assert (
        refusal(replace(FACTS, chosen=chosen, assistants=Found(()))) is ErrorCode.ASSISTANT_REQUIRED
    )


@pytest.mark.parametrize(
    "cause",
    [
        NO_NETWORK,
        Problem(ErrorCode.VAPI_KEY_REFUSED, (("vendor", "Vapi"),)),
        Problem(ErrorCode.VENDOR_DOWN, (("vendor", "Vapi"),)),
    ],
)
def test_assistants_that_cannot_be_listed_keep_the_real_cause(cause: Problem) -> None:
    assert plan_link(replace(FACTS, assistants=Unknown(cause))) == Refuse(cause)


def test_none_chosen_takes_ours_for_this_business_and_says_so() -> None:
    assert plan_link(replace(FACTS, chosen=None)) == Import(AVA, auto_linked=True)


def test_none_chosen_takes_the_newest_of_ours_when_there_are_several() -> None:
    newer = replace(AVA, id="newer", created_at="2026-01-02T09:00:00.000Z")
    facts = replace(FACTS, chosen=None, assistants=Found((newer, OTHER, AVA)))
    assert plan_link(facts) == Import(newer, auto_linked=True)


def test_none_chosen_and_none_ours_takes_the_newest() -> None:
    older = replace(OTHER, id="older", created_at="2025-12-31T00:00:00.000Z")
    theirs = replace(AVA, business_id="f" * 32)
    facts = replace(FACTS, chosen=None, assistants=Found((older, OTHER, theirs)))
    assert plan_link(facts) == Import(OTHER, auto_linked=True)


def test_a_chosen_assistant_is_taken_even_when_another_is_ours_and_newer() -> None:
    assert plan_link(replace(FACTS, chosen=OTHER.id)) == Import(OTHER, auto_linked=False)


def test_a_chosen_assistant_that_is_gone_is_not_replaced_silently() -> None:
    assert refusal(replace(FACTS, chosen="deleted")) is ErrorCode.ASSISTANT_GONE


def test_a_number_not_in_the_twilio_account_writes_nothing() -> None:
    assert refusal(replace(FACTS, twilio_number=Absent())) is ErrorCode.NUMBER_NOT_IN_ACCOUNT


@pytest.mark.parametrize("fields", [{"has_voice": False}, {"receives_fax": True}])
def test_a_number_without_voice_writes_nothing(fields: dict[str, bool]) -> None:
    number = replace(AT_TWILIO, **fields)  # type: ignore[arg-type] # both fields are flags
    facts = replace(FACTS, twilio_number=Found(number))
    assert refusal(facts) is ErrorCode.NUMBER_WITHOUT_VOICE


def test_a_trial_account_writes_nothing_unless_overridden() -> None:
    trial = replace(FACTS, account=Found(replace(ACCOUNT, kind=AccountKind.TRIAL)))
    assert refusal(trial) is ErrorCode.TWILIO_TRIAL
    assert plan_link(agreed(trial, Consent.TRIAL)) == Import(AVA, auto_linked=False)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (AccountStatus.SUSPENDED, ErrorCode.TWILIO_SUSPENDED),
        (AccountStatus.CLOSED, ErrorCode.TWILIO_CLOSED),
    ],
)
def test_a_suspended_or_closed_account_writes_nothing_whatever_is_agreed(
    status: AccountStatus, code: ErrorCode
) -> None:
    shut = replace(FACTS, account=Found(replace(ACCOUNT, status=status)))
    assert refusal(agreed(shut, *Consent)) is code


def test_an_account_that_an_api_key_cannot_see_is_no_obstacle() -> None:
    hidden = replace(FACTS, account=Found(TwilioAccount(ACCOUNT.sid)))
    assert plan_link(hidden) == Import(AVA, auto_linked=False)


def test_a_number_not_yet_in_vapi_is_imported_linked() -> None:
    assert plan_link(FACTS) == Import(AVA, auto_linked=False)


def test_a_number_in_vapi_linked_to_nothing_is_relinked() -> None:
    facts = known_to_vapi()
    assert plan_link(facts) == Relink(
        at_vapi(), AVA, auto_linked=False, outcome=Outcome.RELINKED, clears=()
    )


@pytest.mark.parametrize("chosen", [AVA.id, None])
def test_a_number_in_vapi_linked_to_this_one_is_left_alone(chosen: str | None) -> None:
    facts = replace(known_to_vapi(assistant_id=AVA.id), chosen=chosen)
    assert plan_link(facts) == Keep(at_vapi(assistant_id=AVA.id), AVA, auto_linked=chosen is None)


@pytest.mark.parametrize("linked_to", [AVA.id, None])
def test_calls_that_do_not_reach_the_number_in_vapi_are_sent_there_too(
    linked_to: str | None,
) -> None:
    number = replace(AT_TWILIO, voice_url="https://pbx.example.fr/voice")
    facts = replace(known_to_vapi(assistant_id=linked_to), twilio_number=Found(number))
    asked = question(facts)
    assert asked.consent is Consent.OVERWRITE
    plan = plan_link(agreed(facts, Consent.OVERWRITE))
    assert isinstance(plan, Keep if linked_to else Relink)
    assert plan.astray == number
    # Twilio's greeting is nobody's; Vapi takes POST alone.
    for nobodys in (AT_TWILIO, replace(AT_TWILIO, voice_url=WEBHOOK, voice_method="GET")):
        plan = plan_link(replace(facts, twilio_number=Found(nobodys)))
        assert isinstance(plan, Keep | Relink)
        assert plan.astray == nobodys
    plan = plan_link(replace(facts, points=False))
    assert isinstance(plan, Keep | Relink)
    assert plan.astray is None


@pytest.mark.parametrize(
    ("fields", "holder", "clears"),
    [
        ({"assistant_id": OTHER.id}, "Standard", ()),
        ({"squad_id": "squad"}, "a squad of assistants", ("squadId",)),
        ({"workflow_id": "flow"}, "a workflow", ("workflowId",)),
        (
            {"squad_id": "squad", "assistant_id": AVA.id},
            "a squad of assistants",
            ("squadId",),
        ),
        (
            {"squad_id": "squad", "workflow_id": "flow", "assistant_id": OTHER.id},
            "a squad of assistants",
            ("squadId", "workflowId"),
        ),
    ],
)
def test_a_number_in_vapi_linked_to_another_is_asked_about_and_reassigned_on_consent(
    fields: dict[str, str], holder: str, clears: tuple[str, ...]
) -> None:
    facts = known_to_vapi(**fields)
    asked = question(facts)
    assert asked.consent is Consent.REASSIGN
    assert asked.problem.code is ErrorCode.LINKED_ELSEWHERE
    assert IN_ENGLISH(asked.problem.what) == f"+33 1 99 00 12 34 is already answered by {holder}."
    assert plan_link(agreed(facts, Consent.OVERWRITE, Consent.TRIAL)) == asked
    assert plan_link(agreed(facts, Consent.REASSIGN)) == Relink(
        at_vapi(**fields), AVA, auto_linked=False, outcome=Outcome.REASSIGNED, clears=clears
    )


def test_a_vapi_that_cannot_list_its_numbers_writes_nothing() -> None:
    assert plan_link(replace(FACTS, vapi_number=Unknown(NO_NETWORK))) == Refuse(NO_NETWORK)


# What the table leaves to the contract.


def test_a_number_whose_assistant_was_deleted_is_relinked_without_asking() -> None:
    facts = known_to_vapi(assistant_id="deleted")
    plan = plan_link(facts)
    assert isinstance(plan, Relink)
    assert plan.outcome is Outcome.RELINKED


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"trunk_sid": "TK0"}, ErrorCode.TRUNK_OWNS_VOICE),
        ({"application_sid": "AP0"}, ErrorCode.APPLICATION_OWNS_VOICE),
        ({"trunk_sid": "TK0", "application_sid": "AP0"}, ErrorCode.TRUNK_OWNS_VOICE),
    ],
)
def test_a_number_whose_calls_a_trunk_or_an_app_takes_is_refused(
    fields: dict[str, str], code: ErrorCode
) -> None:
    number = replace(AT_TWILIO, **fields)  # type: ignore[arg-type] # every field is one of text
    assert refusal(agreed(replace(FACTS, twilio_number=Found(number)), *Consent)) is code


@pytest.mark.parametrize(
    ("voice_url", "target"),
    [
        ("https://handler.twilio.com/twiml/EH0", "a TwiML Bin"),
        ("https://webhooks.twilio.com/v1/Accounts/AC0/Flows/FW0", "a Twilio Studio flow"),
        ("https://calm-cat-1234.twil.io/voice", "a Twilio Function"),
        ("https://pbx.example.fr/voice", "pbx.example.fr"),
    ],
)
def test_a_number_that_serves_someone_is_asked_about_before_its_calls_are_taken(
    voice_url: str, target: str
) -> None:
    facts = replace(FACTS, twilio_number=Found(replace(AT_TWILIO, voice_url=voice_url)))
    asked = question(facts)
    assert asked.consent is Consent.OVERWRITE
    assert IN_ENGLISH(asked.problem.what) == (
        f"+33 1 99 00 12 34 is in use: its calls go to {target} today."
    )
    assert plan_link(agreed(facts, Consent.REASSIGN, Consent.TRIAL)) == asked
    assert plan_link(agreed(facts, Consent.OVERWRITE)) == Import(AVA, auto_linked=False)


@pytest.mark.parametrize("voice_url", ["", AT_TWILIO.voice_url, WEBHOOK])
def test_a_number_that_serves_no_one_is_imported_without_asking(voice_url: str) -> None:
    facts = replace(FACTS, twilio_number=Found(replace(AT_TWILIO, voice_url=voice_url)))
    assert plan_link(facts) == Import(AVA, auto_linked=False)


def test_each_reading_that_failed_keeps_its_own_cause() -> None:
    twilio_down = Problem(ErrorCode.VENDOR_DOWN, (("vendor", "Twilio"),))
    assert plan_link(replace(FACTS, account=Unknown(twilio_down))) == Refuse(twilio_down)
    assert plan_link(replace(FACTS, twilio_number=Unknown(twilio_down))) == Refuse(twilio_down)


def test_with_no_assistant_nothing_else_matters() -> None:
    everything_else_is_wrong = replace(
        FACTS,
        assistants=Found(()),
        account=Found(replace(ACCOUNT, status=AccountStatus.SUSPENDED)),
        twilio_number=Absent(),
        vapi_number=Unknown(NO_NETWORK),
    )
    assert refusal(everything_else_is_wrong) is ErrorCode.ASSISTANT_REQUIRED


def test_the_account_comes_before_the_number_and_the_number_before_vapi() -> None:
    facts = replace(
        FACTS,
        account=Found(replace(ACCOUNT, status=AccountStatus.SUSPENDED)),
        twilio_number=Absent(),
        vapi_number=Unknown(NO_NETWORK),
    )
    assert refusal(facts) is ErrorCode.TWILIO_SUSPENDED
    facts = replace(facts, account=Found(ACCOUNT))
    assert refusal(facts) is ErrorCode.NUMBER_NOT_IN_ACCOUNT
    facts = replace(facts, twilio_number=Found(AT_TWILIO))
    assert plan_link(facts) == Refuse(NO_NETWORK)


# Every combination of facts.

ids = st.sampled_from(["ava", "other", "third", "gone"])
assistants = st.lists(
    st.builds(
        Assistant,
        id=ids,
        name=st.sampled_from(["", "Ava"]),
        created_at=st.sampled_from(["", "2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z"]),
        business_id=st.sampled_from(["", BUSINESS_ID]),
    ),
    max_size=3,
).map(tuple)
unknown = st.sampled_from(ErrorCode).map(lambda code: Unknown(Problem(code)))
accounts = st.builds(
    TwilioAccount,
    sid=st.just(ACCOUNT.sid),
    status=st.sampled_from(AccountStatus),
    kind=st.sampled_from(AccountKind),
)
twilio_numbers = st.builds(
    TwilioNumber,
    sid=st.just(AT_TWILIO.sid),
    number=st.just(NUMBER),
    has_voice=st.booleans(),
    receives_fax=st.booleans(),
    voice_url=st.sampled_from(["", AT_TWILIO.voice_url, WEBHOOK, "https://pbx.example.fr", "?"]),
    trunk_sid=st.sampled_from(["", "TK0"]),
    application_sid=st.sampled_from(["", "AP0"]),
)
vapi_numbers = st.builds(
    VapiNumber,
    id=st.just("number"),
    number=st.just(NUMBER),
    provider=st.just("twilio"),
    assistant_id=st.none() | ids,
    squad_id=st.sampled_from([None, "squad"]),
    workflow_id=st.sampled_from([None, "workflow"]),
)
any_facts = st.builds(
    LinkFacts,
    number=st.sampled_from([NUMBER, "not a number"]),
    business_id=st.just(BUSINESS_ID),
    chosen=st.none() | ids,
    assistants=st.builds(Found, assistants) | unknown,
    account=st.builds(Found, accounts) | unknown,
    twilio_number=st.builds(Found, twilio_numbers) | st.just(Absent()) | unknown,
    vapi_number=st.builds(Found, vapi_numbers) | st.just(Absent()) | unknown,
    consents=st.frozensets(st.sampled_from(Consent)),
)
# Most combinations of the above are refused early: these get as far as Vapi.
healthy_facts = st.builds(
    replace,
    any_facts,
    assistants=st.builds(Found, st.just((AVA, OTHER))),
    chosen=st.sampled_from([None, AVA.id, OTHER.id]),
    account=st.just(Found(ACCOUNT)),
    twilio_number=st.sampled_from(
        [Found(AT_TWILIO), Found(replace(AT_TWILIO, voice_url="https://pbx.example.fr"))]
    ),
)


@settings(max_examples=300, deadline=None)
@given(any_facts | healthy_facts)
def test_a_write_is_only_planned_when_every_fact_allows_it(facts: LinkFacts) -> None:
    plan: LinkPlan = plan_link(facts)
    match plan:
        case Import() | Relink():
            assert may_write(facts, plan)
        case Keep(vapi_number, assistant):
            assert vapi_number.assistant_id == assistant.id
            assert plan.astray is None or is_free(plan.astray, facts.consents)
        case Ask(consent):
            assert consent not in facts.consents
        case Refuse():
            pass


def may_write(facts: LinkFacts, plan: Import | Relink) -> bool:
    match facts:
        case LinkFacts(
            assistants=Found(listed), account=Found(account), twilio_number=Found(number)
        ):
            return (
                plan.assistant in listed
                and facts.chosen in {None, plan.assistant.id}
                and plan.auto_linked is (facts.chosen is None)
                and account.status not in {AccountStatus.SUSPENDED, AccountStatus.CLOSED}
                and (account.kind is not AccountKind.TRIAL or Consent.TRIAL in facts.consents)
                and number.can_be_called
                and not (number.trunk_sid or number.application_sid)
                and nobody_loses(facts.vapi_number, number, listed, plan, facts.consents)
            )
        case _:
            return False


def nobody_loses(
    earlier: Looked[VapiNumber],
    number: TwilioNumber,
    listed: tuple[Assistant, ...],
    plan: Import | Relink,
    consents: frozenset[Consent],
) -> bool:
    """Whether the write takes calls from nobody, or from somebody with the user's consent."""
    if isinstance(plan, Import):
        return isinstance(earlier, Absent) and is_free(number, consents)
    if plan.astray is not None and not is_free(number, consents):
        return False
    held = plan.vapi_number
    answered = held.assistant_id in {one.id for one in listed}
    taken = answered or held.squad_id or held.workflow_id
    return earlier == Found(held) and (not taken or Consent.REASSIGN in consents)


def is_free(number: TwilioNumber, consents: frozenset[Consent]) -> bool:
    """Whether nobody loses a number's calls, or only with the user's consent."""
    return not number.target.is_somebodys or Consent.OVERWRITE in consents


@settings(max_examples=200, deadline=None)
@given(any_facts | healthy_facts)
def test_agreeing_to_what_is_asked_leads_on_until_nothing_more_is_asked(facts: LinkFacts) -> None:
    asked: set[Consent] = set()
    while isinstance(plan := plan_link(facts), Ask):
        assert plan.consent not in asked
        asked.add(plan.consent)
        facts = agreed(facts, *facts.consents, plan.consent)


# Results.


@pytest.mark.parametrize("outcome", [Outcome.IMPORTED, Outcome.RELINKED, Outcome.ALREADY_LINKED])
def test_a_result_names_the_assistant_and_says_when_it_was_chosen_for_the_user(
    outcome: Outcome,
) -> None:
    for say in VOICES:
        plain = say(done_message(outcome, AVA, auto_linked=False))
        chosen = say(done_message(outcome, AVA, auto_linked=True))
        assert "Ava" in plain
        assert chosen.startswith(plain)
        assert len(chosen) > len(plain)


@pytest.mark.parametrize(
    ("code", "outcome", "consent"),
    [
        (ErrorCode.ASSISTANT_REQUIRED, Outcome.ASSISTANT_REQUIRED, None),
        (ErrorCode.LINKED_ELSEWHERE, Outcome.LINKED_ELSEWHERE, None),
        (ErrorCode.TWILIO_TRIAL, Outcome.FAILED, Consent.TRIAL),
        (ErrorCode.UNREACHABLE, Outcome.FAILED, None),
    ],
)
def test_a_refused_result_is_no_success_and_says_what_may_be_agreed_to(
    code: ErrorCode, outcome: Outcome, consent: Consent | None
) -> None:
    result = refused(Problem(code, (("vendor", "Vapi"), ("number", ""), ("holder", ""))))
    assert (result.success, result.outcome, result.consent) == (False, outcome, consent)
    assert result.message


@pytest.mark.parametrize("language", Language)
def test_a_result_is_written_out_in_plain_values_and_in_words(language: Language) -> None:
    say = Voice(language)
    checks = (Check(CheckId.LINKED, Verdict.PASSED, verbatim("Ava")),)
    result = LinkResult(
        success=True,
        outcome=Outcome.IMPORTED,
        message=done_message(Outcome.IMPORTED, AVA, auto_linked=True),
        phone=LinkedPhone("number", NUMBER, "twilio", AVA.id),
        auto_linked=True,
        assistant_id=AVA.id,
        checks=checks,
    )
    assert json.loads(json.dumps(result.written_out(say))) == {
        "success": True,
        "outcome": "imported",
        "phone": {
            "id": "number",
            "number": NUMBER,
            "provider": "twilio",
            "assistantId": AVA.id,
        },
        "auto_linked": True,
        "assistant_id": AVA.id,
        "message": say(result.message),
        "checks": [
            {
                "id": "linked",
                "verdict": "passed",
                "question": say(checks[0].question),
                "detail": "Ava",
            }
        ],
    }
    nothing = refused(Problem(ErrorCode.ASSISTANT_REQUIRED)).written_out(say)
    assert (nothing["phone"], nothing["assistant_id"], nothing["checks"]) == (None, None, [])
