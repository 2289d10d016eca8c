"""What undoing makes of the state: pure functions, applied by the undoer through the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.onboarding import journal
from ava_setup.onboarding.state import (
    ChosenAssistant,
    CreateAssistant,
    ImportNumber,
    RelinkNumber,
    RepointNumber,
    Undone,
)
from ava_setup.onboarding.undo_steps import (
    DeleteAssistant,
    DeleteNumber,
    HandBack,
    PutWebhooksBack,
    Step,
)

if TYPE_CHECKING:
    from ava_setup.onboarding.state import State


def settled(state: State, entries: tuple[journal.Entry, ...]) -> State:
    """Take in that nothing of some entries is there any more."""
    for entry in entries:
        match entry:
            case ImportNumber(number=number) | RepointNumber(number=number):
                state = _without_number(state, number)
            case RelinkNumber(phone_number_id=phone_number_id):
                state = _without_link(state, phone_number_id)
            case CreateAssistant(made=made):
                state = _without_assistant(state, made)
            case _:
                # A setting of something is not what it is chosen or linked by.
                pass
    return journal.undone(state, entries, Undone.WHOLLY)


def begun(state: State, step: Step) -> State:
    """Take in what is no longer sure once a step is begun: it may be cut short."""
    match step:
        case DeleteNumber(number=number, entries=entries):
            # From then on empty webhooks may be Vapi's doing.
            return journal.undone(_without_number(state, number), entries, Undone.WEBHOOKS)
        case HandBack(phone_number_id=phone_number_id):
            return _without_link(state, phone_number_id)
        case PutWebhooksBack(number=number):
            return _without_number(state, number)
        case _:
            return state


def after(state: State, step: Step) -> State:
    """Take in that a step is done."""
    if isinstance(step, DeleteAssistant):
        state = _without_assistant(state, step.assistant_id)
    return journal.undone(state, step.entries, step.undone)


def _without_number(state: State, number: str) -> State:
    chosen, linked = state.saved.number, state.saved.linked
    if linked and linked.number == number:
        state = state.save(linked=None, answered=None)
    if chosen and chosen.number == number:
        state = state.save(number=None)
    return state.note(checks=(), result=None)


def _without_link(state: State, phone_number_id: str) -> State:
    linked = state.saved.linked
    if linked and linked.phone_number_id == phone_number_id:
        return _without_number(state, linked.number)
    return state


def _without_assistant(state: State, assistant_id: str) -> State:
    chosen, linked = state.saved.assistant, state.saved.linked
    if isinstance(chosen, ChosenAssistant) and chosen.id == assistant_id:
        state = state.save(assistant=None)
    if linked and linked.assistant_id == assistant_id:
        state = state.save(linked=None, answered=None)
    known = state.live.assistants
    if known is None:
        return state
    return state.note(assistants=tuple(one for one in known if one.id != assistant_id))
