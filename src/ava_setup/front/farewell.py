"""What is said in the terminal at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.onboarding.number import spaced
from ava_setup.words import Text, _

if TYPE_CHECKING:
    from ava_setup.onboarding.state import State


def farewell(state: State, *, demo: bool) -> Text:
    """What to say in the terminal once the wizard is gone."""
    linked = state.saved.linked
    if demo:
        return _("End of the demo: nothing was kept.")
    if linked is None:
        return _("Everything is kept: start ava-setup again and it carries on here.")
    number = spaced(linked.number)
    if state.saved.answered is None:
        return _("{number} is linked to Ava. Everything is kept.", number=number)
    return _("✓ {number}: Ava answers.", number=number)
