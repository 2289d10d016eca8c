"""The step table: what the wizard asks, in which order, and when a step is a tick."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from ava_setup.words import Text, _

if TYPE_CHECKING:
    from collections.abc import Callable

    from ava_setup.onboarding.state import Saved, State


class StepId(StrEnum):
    """The steps; each value is also the id of the step's screen."""

    WELCOME = "welcome"
    BUSINESS = "business"
    VAPI = "vapi"
    ASSISTANT = "assistant"
    TWILIO = "twilio"
    NUMBER = "number"
    REVIEW = "review"
    PROOF = "proof"


class Standing(StrEnum):
    """How a step stands."""

    DONE = "done"
    CURRENT = "current"
    TO_DO = "to_do"
    ATTENTION = "attention"


class Step(NamedTuple):
    """One step.

    Attributes:
        title: Its name in the stepper.
        purpose: One sentence: why it is there.
        holds: Whether its facts hold already.
        needs: Steps whose facts must hold before it makes sense.
    """

    id: StepId
    title: Text
    purpose: Text
    holds: Callable[[State], bool]
    needs: tuple[StepId, ...] = ()


def _has_vapi(state: State) -> bool:
    return state.saved.connection is not None and "vapi-key" in state.live.secrets


def _has_twilio(state: State) -> bool:
    twilio = state.saved.twilio
    if twilio is None:
        return False
    return ("twilio-api-secret" if twilio.key_sid else "twilio-auth-token") in state.live.secrets


def _is_live(state: State) -> bool:
    """Whether the vendors have all that was chosen."""
    linked, assistant = state.saved.linked, state.saved.assistant
    behind = assistant is not None and (
        assistant.kind == "drafted" or (assistant.kind == "chosen" and assistant.outdated)
    )
    return linked is not None and not (linked.outdated or behind or state.saved.own_key)


STEPS: tuple[Step, ...] = (
    Step(
        StepId.WELCOME,
        _("Welcome"),
        _("From nothing to a number that Ava answers."),
        lambda _state: True,
    ),
    Step(
        StepId.BUSINESS,
        _("Business"),
        _("What Ava tells your callers. Asked once, remembered."),
        lambda state: state.saved.profile is not None,
    ),
    Step(
        StepId.VAPI,
        _("Vapi"),
        _("Vapi is the service that gives Ava her voice. Its private key lets us set her up."),
        _has_vapi,
    ),
    Step(
        StepId.ASSISTANT,
        _("Assistant"),
        _("Who answers: a ready-made Ava for your trade, or an assistant that you already have."),
        lambda state: state.saved.assistant is not None,
        (StepId.BUSINESS, StepId.VAPI),
    ),
    Step(
        StepId.TWILIO,
        _("Twilio"),
        _("Twilio owns your phone number. Two values of its console let us connect it."),
        _has_twilio,
    ),
    Step(
        StepId.NUMBER,
        _("Number"),
        _("The number that Ava is to answer."),
        lambda state: state.saved.number is not None,
        (StepId.TWILIO,),
    ),
    Step(
        StepId.REVIEW,
        _("Review"),
        _("Nothing is changed at Vapi or Twilio yet: this is what will be."),
        _is_live,
        (StepId.BUSINESS, StepId.VAPI, StepId.ASSISTANT, StepId.TWILIO, StepId.NUMBER),
    ),
    Step(
        StepId.PROOF,
        _("Proof"),
        _("Ring the number: the first call is awaited here."),
        lambda state: state.saved.answered is not None,
        (StepId.REVIEW,),
    ),
)

_ORDER = tuple(step.id for step in STEPS)
QUESTIONS = tuple(step for step in STEPS if step.id is not StepId.WELCOME)


def step(step_id: StepId) -> Step:
    """Give a step of the table."""
    return STEPS[_ORDER.index(step_id)]


def first_open(state: State) -> StepId:
    """Give the first step whose facts do not hold: where a set-up carries on."""
    for each in STEPS:
        if not each.holds(state):
            return each.id
    return StepId.PROOF


def after(step_id: StepId, state: State) -> StepId:
    """Give the step that follows: the next whose facts do not hold, else the last.

    A step whose needs fail leads back to what it needs.
    """
    for each in STEPS[_ORDER.index(step_id) + 1 :]:
        if not each.holds(state):
            return _within_reach(each, state)
    return StepId.PROOF


def _within_reach(wanted: Step, state: State) -> StepId:
    """Give a step, or what it needs first, however far back that is."""
    for need in map(step, wanted.needs):
        if not need.holds(state):
            return _within_reach(need, state)
    return wanted.id


def is_within_reach(step_id: StepId, state: State) -> bool:
    """Whether all that a step needs is there."""
    return _within_reach(step(step_id), state) is step_id


def before(step_id: StepId) -> StepId | None:
    """Give the step that Escape leads to, or None on the first."""
    place = _ORDER.index(step_id)
    return _ORDER[place - 1] if place else None


def place_of(step_id: StepId) -> tuple[int, int]:
    """Give “step n of m”; the welcome is not counted and is 0."""
    return _ORDER.index(step_id), len(QUESTIONS)


def standing(step_id: StepId, current: StepId, state: State) -> Standing:
    """Tell how a step stands while `current` is on screen."""
    if step_id is current:
        return Standing.CURRENT
    assistant = state.saved.assistant
    if step_id is StepId.ASSISTANT and assistant is not None and assistant.kind == "later":
        return Standing.ATTENTION
    return Standing.DONE if step(step_id).holds(state) else Standing.TO_DO


def as_it_stood(stood: Saved | None, state: State) -> State | None:
    """Go back to an earlier link; None when it may not be what the vendors have any more.

    Args:
        stood: What was kept when a link last stood.
        state: The state now; only choices were made since, and assistants perhaps.
    """
    now = state.saved
    if stood is None or (stood.connection, stood.twilio) != (now.connection, now.twilio):
        return None
    before, since = now.journal[: len(stood.journal)], now.journal[len(stood.journal) :]
    if before != stood.journal or any(entry.kind != "create_assistant" for entry in since):
        return None
    return state.save(
        assistant=stood.assistant,
        number=stood.number,
        linked=stood.linked,
        answered=stood.answered,
    ).note(checks=(), result=None)
