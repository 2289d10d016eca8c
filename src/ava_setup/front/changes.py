"""What can be changed of a set-up that stands, each part with what it is now."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from ava_setup.onboarding.number import spaced
from ava_setup.onboarding.state import ChosenAssistant
from ava_setup.words import _

if TYPE_CHECKING:
    from ava_setup.onboarding.state import Saved


class Change(StrEnum):
    """What can be changed; but for undoing, each value is the step that asks it."""

    BUSINESS = "business"
    VAPI = "vapi"
    ASSISTANT = "assistant"
    TWILIO = "twilio"
    NUMBER = "number"
    UNDO = "undo"


NAMES = {
    Change.BUSINESS: _("Business, e-mail"),
    Change.VAPI: _("Vapi key"),
    Change.ASSISTANT: _("Assistant"),
    Change.TWILIO: _("Twilio"),
    Change.NUMBER: _("Number"),
    Change.UNDO: _("Undo everything…"),
}


def as_it_is(saved: Saved) -> dict[Change, str]:
    """Give what stands today of each part, as far as it can be shown."""
    profile, twilio, number = saved.profile, saved.twilio, saved.number
    return {
        Change.BUSINESS: profile.admin_email if profile else "",
        Change.ASSISTANT: (
            saved.assistant.name if isinstance(saved.assistant, ChosenAssistant) else ""
        ),
        Change.TWILIO: (twilio.account_name or twilio.account_sid) if twilio else "",
        Change.NUMBER: spaced(number.number) if number else "",
    }
