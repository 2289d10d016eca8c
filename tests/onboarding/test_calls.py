"""Which calls prove that Ava answers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ava_setup.onboarding.calls import Call, Speaker, Turn, first_answered

CALL = Call(
    id="call",
    kind="inboundPhoneCall",
    status="ended",
    created_at="2026-02-01T10:00:00.000Z",
    started_at="2026-02-01T10:00:01.000Z",
    ended_reason="customer-ended-call",
)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"status": "in-progress", "ended_reason": ""},
        {"status": "forwarding", "ended_reason": ""},
        {"ended_reason": "assistant-ended-call"},
        {"ended_reason": "silence-timed-out"},
        {"ended_reason": "exceeded-max-duration"},
        {"ended_reason": ""},
        {"kind": ""},
    ],
)
def test_a_call_in_which_ava_spoke_counts(fields: dict[str, Any]) -> None:
    assert replace(CALL, **fields).was_answered


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "queued"},
        {"status": "ringing"},
        {"status": "some-new-status"},
        {"status": ""},
        {"started_at": ""},
        {"kind": "outboundPhoneCall"},
        {"kind": "webCall"},
        {"ended_reason": "call.start.error-get-phone-number"},
        {"ended_reason": "pipeline-error-openai-llm-failed"},
        {"ended_reason": "call-start-error-neither-assistant-nor-server-set"},
        {"ended_reason": "assistant-not-found"},
        {"ended_reason": "assistant-not-valid"},
        {"ended_reason": "assistant-request-failed"},
        {"ended_reason": "assistant-join-timed-out"},
        {"ended_reason": "twilio-failed-to-connect-call"},
    ],
)
def test_a_call_that_nobody_answered_or_that_failed_does_not_count(
    fields: dict[str, Any],
) -> None:
    assert not replace(CALL, **fields).was_answered


def test_the_earliest_answered_call_is_the_proof_in_whatever_order_they_come() -> None:
    later = replace(CALL, id="later", created_at="2026-02-01T10:05:00.000Z")
    missed = replace(CALL, id="missed", created_at="2026-02-01T09:59:00.000Z", started_at="")
    for calls in ((CALL, later, missed), (missed, later, CALL)):
        assert first_answered(calls, after="", known=frozenset()) is CALL
    assert first_answered((missed,), after="", known=frozenset()) is None
    assert first_answered((), after="", known=frozenset()) is None


def test_calls_made_before_the_link_prove_nothing() -> None:
    calls = (CALL,)
    assert first_answered(calls, after="2026-02-01T10:00:00.001Z", known=frozenset()) is None
    assert first_answered(calls, after=CALL.created_at, known=frozenset()) is CALL


def test_calls_that_were_there_before_the_wait_prove_nothing() -> None:
    assert first_answered((CALL,), after="", known=frozenset({"call"})) is None
    assert first_answered((CALL,), after="", known=frozenset({"another"})) is CALL


@pytest.mark.parametrize(
    ("ended_at", "seconds"),
    [
        ("2026-02-01T10:01:25.400Z", 84),
        ("2026-02-01T10:00:01.000Z", 0),
        ("2026-02-01T09:59:00.000Z", 0),
        ("", None),
        ("soon", None),
        ("2026-02-01T10:01:25.400", None),
    ],
)
def test_a_call_lasts_from_when_it_was_answered_to_its_end(
    ended_at: str, seconds: int | None
) -> None:
    assert replace(CALL, ended_at=ended_at).lasted_s == seconds


@pytest.mark.parametrize(
    ("transcript", "turns"),
    [
        ("", ()),
        (
            "AI: Hello.\nUser: Hi: it's me.\nAI: Yes?\n",
            (
                Turn(Speaker.AVA, "Hello."),
                Turn(Speaker.CALLER, "Hi: it's me."),
                Turn(Speaker.AVA, "Yes?"),
            ),
        ),
        (
            "assistant: One.\n\n  Two.\nuser: 3",
            (Turn(Speaker.AVA, "One. Two."), Turn(Speaker.CALLER, "3")),
        ),
        (
            "Somebody: hello\nUser: yes",
            (Turn(None, "Somebody: hello"), Turn(Speaker.CALLER, "yes")),
        ),
        ("AI:\nUser:", (Turn(Speaker.AVA, ""), Turn(Speaker.CALLER, ""))),
    ],
)
def test_a_transcript_is_read_turn_by_turn(transcript: str, turns: tuple[Turn, ...]) -> None:
    assert replace(CALL, transcript=transcript).turns == turns
