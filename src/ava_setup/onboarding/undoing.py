"""Undoing, decided from facts alone: what of the journal can be taken back, and what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.onboarding.undoing_assistants import plan_assistants
from ava_setup.onboarding.undoing_keys import plan_keys
from ava_setup.onboarding.undoing_numbers import plan_numbers

if TYPE_CHECKING:
    from ava_setup.onboarding.undo_steps import UndoFacts, UndoPlan


def plan_undo(facts: UndoFacts) -> UndoPlan:
    """Decide what to take back. Pure and total."""
    entries = facts.here
    numbers = plan_numbers(entries, facts)
    # What is still needed by a number stays.
    assistants = plan_assistants(entries, facts, numbers)
    return numbers + assistants + plan_keys(entries, facts, numbers)
