"""What a check can find, and how it judges a fact that may not be known."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from ava_setup.onboarding.catalogue import Action
from ava_setup.onboarding.facts import Absent, Found, Reading, Unknown, Unread
from ava_setup.words import NOTHING, Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from ava_setup.onboarding.errors import Problem

T = TypeVar("T")


class CheckId(StrEnum):
    """The checks, in the order in which they are shown."""

    REACHED = "reached"
    VAPI_KEY = "vapi_key"
    ASSISTANT = "assistant"
    FIRST_WORDS = "first_words"
    VOICE = "voice"
    HEARING = "hearing"
    QUIET = "quiet"
    RECORDING = "recording"
    TWILIO_KEY = "twilio_key"
    ACCOUNT = "account"
    BALANCE = "balance"
    NUMBER = "number"
    IMPORTED = "imported"
    LINKED = "linked"
    ROUTED = "routed"
    VOICE_REGION = "voice_region"
    MESSAGES = "messages"
    FALLBACK = "fallback"
    FAILURES = "failures"
    SECRETS = "secrets"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the checklist.

    Attributes:
        detail: Why it is so, in one sentence.
        remedy: What can be done about it.
        question: What the check is about, in a few words.
        how: What its owner is to do about it, in one sentence; nothing where we can mend it.
    """

    id: CheckId
    verdict: Verdict
    detail: Text = NOTHING
    remedy: Action = Action.NONE
    question: Text = NOTHING
    how: Text = NOTHING


class Verdict(StrEnum):
    """What a check found; `NOTED` is good enough, but the owner must know."""

    WAITING = "waiting"
    PASSED = "passed"
    NOTED = "noted"
    FAILED = "failed"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Judged:
    """How a check judges the facts.

    Attributes:
        detail: Why, in one sentence.
        remedy: What can be done about it.
        how: What its owner is to do about it, in one sentence; nothing where we can mend it.
    """

    verdict: Verdict
    detail: Text = NOTHING
    remedy: Action = Action.NONE
    how: Text = NOTHING


WAITING = Judged(Verdict.WAITING)


def passed(detail: Text) -> Judged:
    """Find nothing wrong."""
    return Judged(Verdict.PASSED, detail)


def noted(detail: Text) -> Judged:
    """Find something that the owner must know."""
    return Judged(Verdict.NOTED, detail)


def failed(detail: Text, remedy: Action = Action.NONE, how: Text = NOTHING) -> Judged:
    """Find something wrong."""
    return Judged(Verdict.FAILED, detail, remedy, how)


def in_doubt(detail: Text, remedy: Action = Action.NONE, how: Text = NOTHING) -> Judged:
    """Find that nobody can tell."""
    return Judged(Verdict.CANNOT_TELL, detail, remedy, how)


def failed_by(problem: Problem, remedy: Action) -> Judged:
    """Find that a problem is what is wrong."""
    return failed(problem.what, remedy, problem.next)


def judged(reading: Reading[T], absent: Judged, judge: Callable[[T], Judged]) -> Judged:
    """Give the verdict that does not depend on the value, or ask `judge` about it."""
    match reading:
        case Unread():
            return WAITING
        case Absent():
            return absent
        case Unknown(problem):
            return in_doubt(problem.what, problem.action, problem.next)
        case Found(value):
            return judge(value)
