"""What the proof says: of a link that does not hold, and of calls that came or were made."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ava_setup.onboarding.errors import ErrorCode, Problem
from ava_setup.onboarding.number import spaced
from ava_setup.onboarding.verdicts import Verdict
from ava_setup.words import Text, _

if TYPE_CHECKING:
    from ava_setup.onboarding.state import Answered
    from ava_setup.onboarding.verdicts import Check

PLACED = _("Ava is ringing {number}: pick up, and talk with her.")
UNSEEN = _(
    "Nobody saw whether Vapi placed the call: it may ring. Look at dashboard.vapi.ai, Calls, "
    "before you try again."
)


def what_is_wrong(checks: tuple[Check, ...]) -> Problem | None:
    """Give what keeps callers from Ava, else what could not be found out, else nothing."""
    for verdict, code in (
        (Verdict.FAILED, ErrorCode.LINK_LOST),
        (Verdict.CANNOT_TELL, ErrorCode.LINK_UNCHECKED),
    ):
        for check in checks:
            if check.verdict is verdict:
                return Problem(code, (("failed", check.detail),))
    return None


def how_it_went(answered: Answered, time_zone: str) -> Text:
    """Say who was answered, and when by the business's clock.

    Args:
        answered: The call.
        time_zone: IANA name.
    """
    try:
        at = datetime.fromisoformat(answered.at).astimezone(ZoneInfo(time_zone))
    except ValueError:
        return _("✓ Ava answered.")
    when = f"{at:%d/%m/%Y %H:%M}"
    if not answered.caller:
        return _("✓ Ava answered a call on {when}.", when=when)
    return _("✓ Ava answered {caller} on {when}.", caller=spaced(answered.caller), when=when)


def placed(callee: str) -> Text:
    """Say that a telephone rings.

    Args:
        callee: E.164.
    """
    return Text(PLACED.msgid, (("number", spaced(callee)),))
