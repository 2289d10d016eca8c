"""Phone calls as Vapi reports them, and which of them prove that Ava answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# The call ran: Ava is speaking, or spoke, or passed the caller on (contract: vapi.md, Calls).
_RAN = frozenset({"in-progress", "forwarding", "ended"})


class Speaker(StrEnum):
    """Who speaks in a call."""

    AVA = "ava"
    CALLER = "caller"


@dataclass(frozen=True, slots=True)
class Turn:
    """What one side said before the other spoke.

    Attributes:
        speaker: Who, or None when the transcript does not say.
        words: What.
    """

    speaker: Speaker | None
    words: str


# How Vapi's transcripts begin a turn.
_SPEAKERS = {
    "ai": Speaker.AVA,
    "assistant": Speaker.AVA,
    "bot": Speaker.AVA,
    "user": Speaker.CALLER,
    "customer": Speaker.CALLER,
}


@dataclass(frozen=True, slots=True)
class Call:
    """A call in Vapi's log.

    Attributes:
        id: Vapi's id.
        kind: `inboundPhoneCall`, `outboundPhoneCall`, `webCall`, or one not known yet.
        status: `ringing`, `in-progress`, `ended`, …, or one not known yet.
        created_at: ISO 8601, by Vapi's clock.
        started_at: ISO 8601 when somebody answered, else "".
        ended_at: ISO 8601 when it is over, else "".
        ended_reason: Vapi's reason, or "".
        caller: E.164 number of the caller, or "" when withheld.
        assistant_id: The assistant that answered, or None.
        summary: What it was about, as Vapi sums it up afterwards, shortened; or "".
        transcript: What was said, shortened; or "".
    """

    id: str
    kind: str = ""
    status: str = ""
    created_at: str = ""
    started_at: str = ""
    ended_at: str = ""
    ended_reason: str = ""
    caller: str = ""
    assistant_id: str | None = None
    summary: str = ""
    transcript: str = ""

    @property
    def came_in(self) -> bool:
        """Whether somebody rang, not Ava."""
        return self.kind in {"", "inboundPhoneCall"}

    @property
    def was_answered(self) -> bool:
        """Whether an assistant spoke to the caller."""
        reason = self.ended_reason
        failed = (
            "error" in reason
            or "failed" in reason
            or reason.startswith(("assistant-not-", "assistant-request-", "assistant-join-"))
        )
        return self.came_in and self.status in _RAN and bool(self.started_at) and not failed

    @property
    def is_over(self) -> bool:
        """Whether both have hung up."""
        return self.status == "ended" or bool(self.ended_at)

    @property
    def lasted_s(self) -> int | None:
        """How many seconds the two talked; None while they do, or when Vapi does not say."""
        try:
            talked = datetime.fromisoformat(self.ended_at) - datetime.fromisoformat(self.started_at)
        # The second when only one of them names its zone.
        except (ValueError, TypeError):
            return None
        return max(0, round(talked.total_seconds()))

    @property
    def turns(self) -> tuple[Turn, ...]:
        """What was said, turn by turn."""
        return tuple(_turns(self.transcript))


@dataclass(frozen=True, slots=True)
class TwilioCall:
    """A call in Twilio's log.

    Attributes:
        sid: `CA` and 32 hexadecimal digits.
        caller: E.164 number of the caller, or what Twilio has in its place.
        called: E.164 number that was called.
        status: `ringing`, `in-progress`, `completed`, `failed`, …, or one not known yet.
        direction: `inbound`, `outbound-api`, …, or "".
        at: When it came in, by Twilio's clock; None when Twilio does not say.
    """

    sid: str
    caller: str = ""
    called: str = ""
    status: str = ""
    direction: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CallFailure:
    """Something that went wrong with a call, as Twilio's debugger has it.

    Attributes:
        code: Twilio's, such as `11200`, or "".
        text: Twilio's words for it, shortened, or "".
        url: The webhook concerned, or "".
        call_sid: The call, or "" when none is concerned.
        at: When, by Twilio's clock; None when Twilio does not say.
    """

    code: str
    text: str = ""
    url: str = ""
    call_sid: str = ""
    at: datetime | None = None


def _turns(transcript: str) -> Iterator[Turn]:
    latest: Turn | None = None
    for line in filter(None, map(str.strip, transcript.splitlines())):
        head, colon, words = line.partition(":")
        speaker = _SPEAKERS.get(head.strip().casefold()) if colon else None
        if speaker is None and latest is not None:
            # A turn of several lines goes on.
            latest = Turn(latest.speaker, f"{latest.words} {line}")
            continue
        if latest is not None:
            yield latest
        latest = Turn(speaker, words.strip() if speaker else line)
    if latest is not None:
        yield latest


def first_answered(calls: tuple[Call, ...], *, after: str, known: frozenset[str]) -> Call | None:
    """Find the earliest answered call that is news.

    Args:
        calls: Calls of one number, in any order.
        after: ISO 8601 by Vapi's clock; calls made before it prove nothing. "" for no limit.
        known: Ids of calls that were there before the wait began.
    """
    news = [
        call
        for call in calls
        if call.was_answered and call.id not in known and call.created_at >= after
    ]
    return min(news, key=lambda call: call.created_at, default=None)
