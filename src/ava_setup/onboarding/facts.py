"""What is known of a line: each fact unread, absent, in doubt, or found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from ava_setup.onboarding.errors import ErrorCode, SetupError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ava_setup.onboarding.assistant import Assistant
    from ava_setup.onboarding.calls import CallFailure, TwilioCall
    from ava_setup.onboarding.credentials import TwilioAccount, TwilioRegion
    from ava_setup.onboarding.errors import Problem
    from ava_setup.onboarding.number import SubaccountHit, TwilioNumber, TwimlApp, VapiNumber
    from ava_setup.onboarding.profile import CallersLanguage
    from ava_setup.onboarding.state import Region, VaultPlace

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Unread:
    """Nobody has looked yet."""


@dataclass(frozen=True, slots=True)
class Absent:
    """Looked, and it is not there."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Looked, and could not tell."""

    problem: Problem


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """Looked, and here it is."""

    value: T


Looked = Absent | Unknown | Found[T]
Reading = Unread | Looked[T]


def leads_to_vapi(application: Reading[TwimlApp]) -> bool:
    """Whether a TwiML app is known to send its calls to Vapi, the way Vapi takes them."""
    match application:
        case Found(app):
            return app.target.is_vapi and app.voice_method == "POST"
        case _:
            return False


async def found(read: Callable[[], Awaitable[T]]) -> Found[T] | Unknown:
    """Make a value of a read that may fail."""
    # A coroutine instead would complain on stderr when this is cancelled before it begins.
    try:
        return Found(await read())
    except SetupError as error:
        return Unknown(error.problem)


async def looked(read: Callable[[], Awaitable[T | None]]) -> Looked[T]:
    """Make a value of a read that may find nothing, or fail."""
    try:
        value = await read()
    except SetupError as error:
        if error.code is ErrorCode.NOT_FOUND:
            return Absent()
        return Unknown(error.problem)
    return Absent() if value is None else Found(value)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the owner wants of the line.

    Attributes:
        language: What the callers speak, or None when nobody said.
        greeting: The first words that suit the business, or "".
        fallback: E.164 number to ring when Ava cannot answer, or "".
        owned: Ids of the assistants that this tool made.
        is_set_up: Whether a set-up says what is wanted; else any assistant is as good.
    """

    language: CallersLanguage | None = None
    greeting: str = ""
    fallback: str = ""
    owned: frozenset[str] = frozenset()
    is_set_up: bool = True

    @property
    def languages(self) -> frozenset[str]:
        """The callers' two-letter languages; none when nobody said."""
        return self.language.spoken if self.language else frozenset()


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a line at some moment.

    Attributes:
        vapi: The region that takes the Vapi key.
        twilio: The region that takes the Twilio credentials.
        account: The Twilio account.
        twilio_number: The number at Twilio.
        subaccount: Where the number is when the account itself does not have it.
        application: The TwiML app that owns the number's voice, if one does.
        voice_region: The Twilio region that handles the number's calls, such as `us1`.
        last_call: The number's latest call, by Twilio's log.
        failures: What Twilio's debugger says of the number's latest calls, newest first.
        vapi_number: The number's record at Vapi.
        assistant: The assistant that is to answer.
        linked: The assistant that the record names; absent when it names none or a deleted one.
        chosen: Whether somebody chose that assistant; else it was taken as the first available.
        vault: Where secrets are kept, or None when none are.
        wanted: What the owner wants.
        written: Whether the reads of the two numbers are later than the last write.
    """

    vapi: Reading[Region] = Unread()
    twilio: Reading[TwilioRegion] = Unread()
    account: Reading[TwilioAccount] = Unread()
    twilio_number: Reading[TwilioNumber] = Unread()
    subaccount: Reading[SubaccountHit] = Unread()
    application: Reading[TwimlApp] = Unread()
    voice_region: Reading[str] = Unread()
    last_call: Reading[TwilioCall] = Unread()
    failures: Reading[tuple[CallFailure, ...]] = Unread()
    vapi_number: Reading[VapiNumber] = Unread()
    assistant: Reading[Assistant] = Unread()
    linked: Reading[Assistant] = Unread()
    chosen: bool = False
    vault: VaultPlace | None = None
    wanted: Wanted = Wanted()
    written: bool = False
