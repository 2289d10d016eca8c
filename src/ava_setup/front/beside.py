"""What happens beside Ava's answering, in words."""

from __future__ import annotations

from ava_setup.onboarding.number import spaced
from ava_setup.words import NOTHING, Text, _, joined


def beside(fallback_number: str, webhook_url: str) -> Text:
    """Say who is rung when Ava cannot answer, and who is told of calls; nothing when nobody is.

    Args:
        fallback_number: E.164, or "".
        webhook_url: An address, or "".
    """
    rung = _("When Ava cannot answer, {number} rings.", number=spaced(fallback_number))
    told = _("{address} is told of the calls.", address=webhook_url)
    return joined(rung if fallback_number else NOTHING, told if webhook_url else NOTHING)
