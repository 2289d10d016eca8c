"""What a screen can do about a problem."""

from __future__ import annotations

from ava_setup.onboarding.steps import StepId
from ava_setup.words import Text, _

# What can be done about a problem, by its action: the step that mends it (None: try again).
REMEDIES: dict[str, tuple[StepId | None, Text]] = {
    "retry": (None, _("Try again")),
    "make_assistant": (StepId.ASSISTANT, _("Create the assistant")),
    "choose_assistant": (StepId.ASSISTANT, _("Choose another assistant")),
    "enter_vapi_key": (StepId.VAPI, _("Enter the Vapi key")),
    "enter_twilio": (StepId.TWILIO, _("Enter the Twilio credentials")),
    "choose_number": (StepId.NUMBER, _("Choose a number")),
}
