"""What the proof says: of the link, and of calls that came or were made."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ava_setup.onboarding.calls import Speaker
from ava_setup.onboarding.errors import ErrorCode, Problem
from ava_setup.onboarding.number import spaced
from ava_setup.onboarding.verdicts import Verdict
from ava_setup.words import NOTHING, Text, _, joined, verbatim

if TYPE_CHECKING:
    from ava_setup.onboarding.calls import Turn
    from ava_setup.onboarding.following import FollowedCall
    from ava_setup.onboarding.state import Answered
    from ava_setup.onboarding.verdicts import Check

DONE = _("Done: Ava answers this number.")
AGREED = _("✓ Vapi and Twilio agree: calls reach Ava.")
WAITING = _("● Waiting for the first call…")
HOW = _("Ring this number now from any phone, or point a phone's camera at the code.")
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
    # The second where this computer does not know the zone.
    except (ValueError, KeyError):
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


def how_long(followed: FollowedCall) -> Text:
    """Say that a call goes on, or how long it lasted, and what Vapi still has to tell of it."""
    call = followed.call
    if not call.is_over:
        return _("● They are talking now…")
    seconds = call.lasted_s
    lasted = NOTHING if seconds is None else _("The call lasted {time}.", time=_duration(seconds))
    if followed.is_all:
        return lasted
    return joined(lasted, _("Vapi is writing down what was said…"))


def what_was_said(followed: FollowedCall) -> tuple[Text, ...]:
    """Give a call in words, a paragraph each: what it was about, then who said what.

    Nothing while it goes on; that nothing is known, once Vapi has nothing more to tell.
    """
    call = followed.call
    said = tuple(_said(turn) for turn in call.turns)
    about = (_("In short: {summary}", summary=call.summary),) if call.summary else ()
    if followed.is_all and not (about or said):
        return (_("Vapi has kept no words of this call."),)
    return (*about, *said)


_SAYS = {Speaker.AVA: _("Ava: {words}"), Speaker.CALLER: _("Caller: {words}")}


def _said(turn: Turn) -> Text:
    if turn.speaker is None:
        return verbatim(turn.words)
    return Text(_SAYS[turn.speaker].msgid, (("words", turn.words),))


def _duration(seconds: int) -> Text:
    minutes, rest = divmod(seconds, 60)
    if not minutes:
        return _("{seconds} s", seconds=rest)
    return _("{minutes} min {seconds} s", minutes=minutes, seconds=f"{rest:02}")
