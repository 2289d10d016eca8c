"""What is said of opening hours as they are typed: how they are understood, or what is unclear."""

from __future__ import annotations

from ava_setup.onboarding.hours import Impossible, OpeningHours, understand
from ava_setup.onboarding.hours_said import shown
from ava_setup.words import NOTHING, Language, Text, _


def hours_note(typed: str, language: Language) -> Text:
    """Say how opening hours are understood; callers may be told any that are not as typed.

    Args:
        typed: What stands in the field.
        language: The owner's.
    """
    if not typed.strip():
        return NOTHING
    read = understand(typed)
    if isinstance(read, OpeningHours):
        return _("Understood: {hours}.", hours=shown(read, language))
    return read.note


def is_slip(typed: str) -> bool:
    """Whether opening hours cannot be meant, so that carrying on is worth a second thought."""
    return isinstance(understand(typed), Impossible)
