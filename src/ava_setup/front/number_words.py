"""What is said of a number that Ava is to answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.onboarding.number import spaced
from ava_setup.words import Text, _

if TYPE_CHECKING:
    from ava_setup.onboarding.number import TwilioNumber

NO_NUMBER = _("This account has no number yet: buy one at console.twilio.com, Phone Numbers.")
NO_VOICE = _("This number takes no voice calls: Ava cannot answer it.")


def change_of(number: TwilioNumber) -> Text:
    """Say what going live with a number changes, or why it cannot."""
    if not number.can_be_called:
        return NO_VOICE
    if number.target.is_somebodys:
        return _(
            "{number}: {today} takes its calls today, and would lose them to Ava. You are asked "
            "before that.",
            number=spaced(number.number),
            today=number.target.words,
        )
    return _(
        "{number}: calls go to {today} today; they will go to Ava. Messages stay as is.",
        number=spaced(number.number),
        today=number.target.words,
    )
