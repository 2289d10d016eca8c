"""How a call went, and the words that callers hear."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ava_setup.sandbox.world import Document

# The contract's words.
PHONE_NUMBER_NOT_FOUND = "Phone Number Not Found"
NO_ASSISTANT = "Couldn't get assistant. Either set the assistant ID on the phone number"
APPLICATION_ERROR = "We're sorry, an application error has occurred. Goodbye."
STREAM_ON_TRIAL = "The Stream verb is not available on trial accounts."
SILENCE = ""

# Not in the contract: what carriers and Twilio's demo say differs from day to day.
NOT_IN_SERVICE = "The number you have dialled is not in service."
UNREACHABLE = "The number you have dialled cannot be reached at the moment."
TWILIO_DEMO = "Thanks for the call. Configure your number's voice URL to change this message."
FAX = "A fax machine's tone."
MADE_UP_GREETING = "A greeting that the model makes up."
FORWARDED = "The telephone at {number} rings."
SOMEONE_ELSE = "Someone else's greeting ({who})."

# What Vapi puts behind the voice unless it is told not to (contract: vapi.md, Assistants).
DEFAULT_BACKGROUND = "office"
NO_BACKGROUND = "off"


@dataclass(frozen=True, slots=True)
class Fault:
    """A webhook that failed, as Twilio's debugger names it."""

    code: str
    text: str
    url: str
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class VapiLeg:
    """What a call became at Vapi.

    Attributes:
        number: The number's record.
        assistant_id: Who took the call, if an assistant could be had.
        ended_reason: Why it failed, of the specification's enumeration; empty when it did not.
    """

    number: Document
    assistant_id: str | None = None
    ended_reason: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a call went.

    Attributes:
        answered: Whether the assistant that the number names took the call. A squad, a fallback
            telephone or somebody else's server is something to hear, but not an answer.
        heard: The first words, or silence.
        background: What is heard behind them: `off`, `office` or a recording's address.
        path: Every station, in order.
        twilio_status: What Twilio's log says at the end; empty when the call is not logged there.
        trunk_sid: The SIP trunk that took it, if one did.
        vapi: What it became at Vapi, if it got there.
        faults: Webhooks that failed on the way.
    """

    answered: bool
    heard: str
    background: str = NO_BACKGROUND
    path: tuple[str, ...] = ()
    twilio_status: str = "completed"
    trunk_sid: str | None = None
    vapi: VapiLeg | None = None
    faults: tuple[Fault, ...] = ()

    def after(self, *stations: str) -> Outcome:
        """The same outcome, seen from earlier stations."""
        return replace(self, path=(*stations, *self.path))


def unheard(heard: str, status: str = "completed", leg: VapiLeg | None = None) -> Outcome:
    """Say how a call went that no assistant answered.

    Args:
        heard: What the caller heard instead.
        status: What Twilio's log says; empty when the call is not logged there.
        leg: What it became at Vapi, if it got there.
    """
    return Outcome(answered=False, heard=heard, twilio_status=status, vapi=leg)
