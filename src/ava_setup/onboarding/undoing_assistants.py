"""Undoing what was done to assistants, once it is known what becomes of the numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.onboarding.number import spaced
from ava_setup.onboarding.state import ChangeAssistant, CreateAssistant
from ava_setup.onboarding.undo_steps import (
    DeleteAssistant,
    DeleteNumber,
    HandBack,
    PutSettingsBack,
    UndoFacts,
    UndoPlan,
)
from ava_setup.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ava_setup.onboarding.assistant import Assistant
    from ava_setup.onboarding.journal import Entry


def plan_assistants(entries: Sequence[Entry], facts: UndoFacts, numbers: UndoPlan) -> UndoPlan:
    """Decide about all assistants. Pure and total.

    Args:
        entries: The journal's, oldest first, without those that are wholly undone.
        facts: What the vendors have now.
        numbers: What becomes of the numbers.
    """
    changes = [entry for entry in entries if isinstance(entry, ChangeAssistant)]
    answered_by = _answered_by(facts, numbers)
    plan = UndoPlan()
    made_here: set[str] = set()
    for entry in entries:
        if isinstance(entry, CreateAssistant):
            made = _made_by(entry, facts)
            assistant_id = made.id if made else entry.made
            own = tuple(one for one in changes if one.assistant_id == assistant_id)
            plan += _delete(made, (entry, *own), answered_by)
            made_here.add(assistant_id)
    for assistant_id in dict.fromkeys(one.assistant_id for one in changes):
        if assistant_id not in made_here:
            own = tuple(one for one in changes if one.assistant_id == assistant_id)
            plan += _put_back(assistant_id, own, facts)
    return plan


def _answered_by(facts: UndoFacts, numbers: UndoPlan) -> dict[str, list[str]]:
    """Give the numbers that each assistant will answer."""
    becomes = {one.id: one.assistant_id or "" for one in facts.vapi_numbers}
    for step in numbers.steps:
        if isinstance(step, DeleteNumber):
            del becomes[step.phone_number_id]
        elif isinstance(step, HandBack):
            becomes[step.phone_number_id] = step.holder.assistant_id
    answered: dict[str, list[str]] = {}
    for one in facts.vapi_numbers:
        if one.id in becomes:
            named = spaced(one.number) or one.name or one.id
            answered.setdefault(becomes[one.id], []).append(named)
    return answered


def _made_by(entry: CreateAssistant, facts: UndoFacts) -> Assistant | None:
    def is_it(one: Assistant) -> bool:
        return one.id == entry.made if entry.made else one.create_id == entry.create_id

    return next(filter(is_it, facts.assistants), None)


def _delete(
    made: Assistant | None, entries: tuple[Entry, ...], answered_by: dict[str, list[str]]
) -> UndoPlan:
    """Decide about an assistant that this tool made; what was mended goes with it."""
    if made is None:
        return UndoPlan(settled=entries)
    if made.id in answered_by:
        text = _(
            "The assistant “{name}” still answers {numbers}; left as it is.",
            name=made.label,
            numbers=", ".join(answered_by[made.id]),
        )
        return UndoPlan(left=(text,))
    return UndoPlan((DeleteAssistant(made.id, made.label, entries),))


def _put_back(
    assistant_id: str, changes: tuple[ChangeAssistant, ...], facts: UndoFacts
) -> UndoPlan:
    """Decide about an assistant that was there before this tool came."""
    assistant = next((one for one in facts.assistants if one.id == assistant_id), None)
    if assistant is None:
        return UndoPlan(settled=changes)
    # Of what was changed twice, the first value is the last one written.
    settings = tuple(one.earlier for one in reversed(changes))
    return UndoPlan((PutSettingsBack(assistant_id, assistant.label, settings, changes),))
