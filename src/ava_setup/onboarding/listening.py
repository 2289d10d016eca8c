"""Waiting for the first call: seen at Vapi when Ava answers, at Twilio when it gets no further."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from ava_setup.onboarding.calls import Call, first_answered
from ava_setup.onboarding.debugger import in_plain_words
from ava_setup.onboarding.errors import CredentialsRefused, VendorError
from ava_setup.onboarding.number import spaced
from ava_setup.words import Text, _

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ava_setup.onboarding.calls import CallFailure, TwilioCall
    from ava_setup.onboarding.ports import Twilio, Vapi

# Twilio's words for a call that is over (spec).
_OVER = frozenset({"completed", "failed", "busy", "no-answer", "canceled"})
_VAPI_CALLS, _TWILIO_CALLS = 20, 20
# Clocks differ, and Twilio's filter goes by its own.
_LOOK_BACK = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class StrayCall:
    """A call that came and was not answered by Ava.

    Attributes:
        id: Twilio's or Vapi's id of it.
        words: What became of it, in one sentence.
    """

    id: str
    words: Text


class Listener:
    """Listens for calls on one number; changes nothing.

    Args:
        vapi: Where an answered call is seen, or None.
        twilio: Where one is seen that got no further, or None.
        number: E.164.
        phone_number_id: Vapi's id of its record, or "" when Vapi does not know it.
        linked_at: ISO 8601 by Vapi's clock; calls made before it prove nothing. "" when others made
            the link: then those made before the first look prove nothing.
        tell: Told of each call that came and was not answered by Ava.
        poll_s: Seconds between two looks.
    """

    def __init__(
        self,
        vapi: Vapi | None,
        twilio: Twilio | None,
        *,
        number: str,
        phone_number_id: str,
        linked_at: str,
        tell: Callable[[StrayCall], Awaitable[object]],
        poll_s: float,
    ) -> None:
        self._vapi = vapi
        self._twilio = twilio
        self._number = number
        self._phone_number_id = phone_number_id
        self._linked_at = linked_at
        self._tell = tell
        self._poll_s = poll_s
        self._at_vapi: frozenset[str] | None = None
        self._at_twilio: frozenset[str] | None = None
        self._told: set[str] = set()

    async def first_call(self, begun: Callable[[], None] = lambda: None) -> Call:
        """Wait until Ava has answered a call; cancel to stop.

        Args:
            begun: Called after the first look: what comes from then on is news.

        Raises:
            CredentialsRefused: The Vapi key stopped working.
        """
        call = await self._look()
        begun()
        while call is None:
            await asyncio.sleep(self._poll_s)
            call = await self._look()
        return call

    async def _look(self) -> Call | None:
        try:
            calls = await self._calls_at_vapi()
        except CredentialsRefused:
            raise
        except VendorError:
            # The line itself may be fine: keep looking.
            return None
        if self._at_vapi is None:
            self._at_vapi = frozenset(call.id for call in calls)
        # Of a link that others made, no earlier call is this tool's proof.
        known = frozenset() if self._linked_at else self._at_vapi
        answered = first_answered(calls, after=self._linked_at, known=known)
        if answered is None:
            news = tuple(c for c in calls if c.came_in and c.id not in self._at_vapi)
            await self._look_for_strays(news)
        return answered

    async def _calls_at_vapi(self) -> tuple[Call, ...]:
        if self._vapi is None or not self._phone_number_id:
            return ()
        return await self._vapi.list_calls(self._phone_number_id, limit=_VAPI_CALLS)

    async def _look_for_strays(self, at_vapi: tuple[Call, ...]) -> None:
        for call in at_vapi:
            if call.ended_at or call.status == "ended":
                await self._say(StrayCall(call.id, _unanswered(call)))
        strays = await self._only_at_twilio()
        # A call that Vapi has too is on its way there, or was told of already.
        for stray in strays if not at_vapi else ():
            if stray.sid not in self._told:
                await self._say(StrayCall(stray.sid, await self._why(stray)))

    async def _say(self, stray: StrayCall) -> None:
        if stray.id not in self._told:
            self._told.add(stray.id)
            await self._tell(stray)

    async def _only_at_twilio(self) -> tuple[TwilioCall, ...]:
        """Give the calls that came in and ended since the first look."""
        if self._twilio is None:
            return ()
        since = datetime.now(UTC) - _LOOK_BACK
        try:
            calls = await self._twilio.list_calls(self._number, since=since, limit=_TWILIO_CALLS)
        except VendorError:
            return ()
        if self._at_twilio is None:
            self._at_twilio = frozenset(call.sid for call in calls)
        return tuple(
            call for call in calls if call.sid not in self._at_twilio and call.status in _OVER
        )

    async def _why(self, call: TwilioCall) -> Text:
        caller = spaced(call.caller)
        failure = await self._failure_of(call)
        if failure is None:
            return _("The call of {caller} reached Twilio but not Vapi.", caller=caller)
        return _(
            "The call of {caller} reached Twilio but not Vapi: {why} ({code})",
            caller=caller,
            why=in_plain_words(failure.code),
            code=failure.code,
        )

    async def _failure_of(self, call: TwilioCall) -> CallFailure | None:
        if self._twilio is None:
            return None
        since = datetime.now(UTC) - _LOOK_BACK
        try:
            failures = await self._twilio.list_failures(since=since, call_sid=call.sid)
        except VendorError:
            return None
        return next(iter(failures), None)


def _unanswered(call: Call) -> Text:
    caller = spaced(call.caller) if call.caller else _("a hidden number")
    return _(
        "The call of {caller} reached Vapi, but no assistant took it ({reason}).",
        caller=caller,
        reason=call.ended_reason or call.status,
    )
