"""Deciphers Twilio: pure functions from an answer to a value, or to an error of the one tree."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Annotated, Generic, TypeVar
from urllib.parse import parse_qs

from pydantic import BeforeValidator, Field, SecretStr

from ava_setup.clients.answers import Answer, Id, Seen, Words, at_most, each_seen, seen
from ava_setup.clients.twilio_refusals import Code, failure, senseless
from ava_setup.onboarding.calls import CallFailure, TwilioCall
from ava_setup.onboarding.credentials import (
    AccountKind,
    AccountStatus,
    Balance,
    MadeKey,
    TwilioAccount,
    TwilioKey,
)
from ava_setup.onboarding.number import TwilioNumber, TwimlApp

if TYPE_CHECKING:
    from collections.abc import Callable

S = TypeVar("S", bound=Seen)
T = TypeVar("T")

_TEXT_MAX = 300
_URL_MAX = 500
# A figure that no counting is lost on; Twilio writes amounts as text.
_AMOUNT = re.compile(r"-?\d{1,12}(?:\.\d{1,12})?")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list.

    Attributes:
        members: Those that make sense.
        next_path: Where the next page is, a path, or "" on the last.
    """

    members: tuple[T, ...]
    next_path: str


def _has_voice(value: object) -> bool:
    """Only a plain no counts: the capabilities may be null (spec)."""
    return not (isinstance(value, dict) and value.get("voice") in (False, "false"))


def _method(value: object) -> str:
    """Read a webhook's method; POST is the default (spec)."""
    return "GET" if isinstance(value, str) and value.strip().upper() == "GET" else "POST"


def _moment(value: object) -> datetime | None:
    """Read a date as RFC 2822 writes it; those without a time zone are UTC."""
    try:
        moment = parsedate_to_datetime(value) if isinstance(value, str) else None
    except (ValueError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


Method = Annotated[str, BeforeValidator(_method)]
Moment = Annotated[datetime | None, BeforeValidator(_moment)]


class _Number(Seen):
    sid: Id
    phone_number: Id
    friendly_name: Words = ""
    capabilities: Annotated[bool, BeforeValidator(_has_voice)] = True
    voice_receive_mode: Words = ""
    voice_url: Words = ""
    voice_method: Method = "POST"
    voice_fallback_url: Words = ""
    voice_fallback_method: Method = "POST"
    trunk_sid: Words = ""
    voice_application_sid: Words = ""
    status_callback: Words = ""
    sms_url: Words = ""

    def value(self) -> TwilioNumber:
        return TwilioNumber(
            sid=self.sid,
            number=self.phone_number,
            label=self.friendly_name,
            has_voice=self.capabilities,
            receives_fax=self.voice_receive_mode == "fax",
            voice_url=self.voice_url,
            voice_method=self.voice_method,
            trunk_sid=self.trunk_sid,
            application_sid=self.voice_application_sid,
            status_callback=self.status_callback,
            sms_url=self.sms_url,
            voice_fallback_url=self.voice_fallback_url,
            voice_fallback_method=self.voice_fallback_method,
        )


class _Application(Seen):
    sid: Id
    friendly_name: Words = ""
    voice_url: Words = ""
    voice_method: Method = "POST"
    voice_fallback_url: Words = ""
    voice_fallback_method: Method = "POST"

    def value(self) -> TwimlApp:
        return TwimlApp(
            sid=self.sid,
            name=self.friendly_name,
            voice_url=self.voice_url,
            voice_method=self.voice_method,
            voice_fallback_url=self.voice_fallback_url,
            voice_fallback_method=self.voice_fallback_method,
        )


class _Account(Seen):
    # The body also holds the live auth_token (contract: twilio.md, Auth): it stays there.
    sid: Id
    friendly_name: Words = ""
    status: Words = ""
    type: Words = ""
    owner_account_sid: Words = ""

    def value(self) -> TwilioAccount:
        return TwilioAccount(
            sid=self.sid,
            name=self.friendly_name,
            status=_STATUSES.get(self.status.lower(), AccountStatus.HIDDEN),
            kind=_KINDS.get(self.type.lower(), AccountKind.HIDDEN),
            owner_account_sid=self.owner_account_sid,
        )


_STATUSES = {status.value.lower(): status for status in AccountStatus}
_KINDS = {kind.value.lower(): kind for kind in AccountKind}


class _Balance(Seen):
    balance: Id
    currency: Words = ""


class _Call(Seen):
    sid: Id
    caller: Annotated[Words, Field(alias="from")] = ""
    called: Annotated[Words, Field(alias="to")] = ""
    status: Words = ""
    direction: Words = ""
    start_time: Moment = None
    date_created: Moment = None

    def value(self) -> TwilioCall:
        return TwilioCall(
            sid=self.sid,
            caller=self.caller,
            called=self.called,
            status=self.status,
            direction=self.direction,
            at=self.start_time or self.date_created,
        )


def _told(value: object) -> object:
    """Read a debugger's text, which is mostly a form with the words in `Msg` (spec, examples)."""
    try:
        form = parse_qs(value if isinstance(value, str) else "", max_num_fields=50)
    except ValueError:
        return value
    words = form.get("Msg") or form.get("msg")
    return words[0] if words else value


class _Failure(Seen):
    error_code: Code = 0
    message_text: Annotated[Words, at_most(_TEXT_MAX), BeforeValidator(_told)] = ""
    request_url: Annotated[str, at_most(_URL_MAX)] = ""
    call_sid: Words = ""
    message_date: Moment = None
    date_created: Moment = None

    def value(self) -> CallFailure:
        return CallFailure(
            code=str(self.error_code or ""),
            text=self.message_text,
            url=self.request_url,
            call_sid=self.call_sid,
            at=self.message_date or self.date_created,
        )


class _Key(Seen):
    sid: Id
    friendly_name: Words = ""
    date_created: Moment = None

    def value(self) -> TwilioKey:
        return TwilioKey(sid=self.sid, name=self.friendly_name, at=self.date_created)


class _MadeKey(Seen):
    sid: Id
    secret: Annotated[SecretStr, Field(min_length=1)]

    def value(self) -> MadeKey:
        return MadeKey(sid=self.sid, secret=self.secret)


class _Route(Seen):
    voice_region: Words = ""


def account(answer: Answer) -> TwilioAccount:
    """Decipher an account, without its balance.

    Raises:
        VendorError: The answer is a refusal or makes no sense; so for every function here.
    """
    return _one(_Account, answer).value()


def accounts(answer: Answer) -> Page[TwilioAccount]:
    """Decipher a page of an account and its sub-accounts."""
    return _page(answer, "accounts", _Account, _Account.value)


def balance(answer: Answer) -> Balance:
    """Decipher a balance."""
    value = _one(_Balance, answer)
    figure = _AMOUNT.fullmatch(value.balance)
    return Balance(
        words=f"{value.balance} {value.currency}".strip(),
        amount=Decimal(figure[0]) if figure else None,
        currency=value.currency,
    )


def numbers(answer: Answer) -> Page[TwilioNumber]:
    """Decipher a page of phone numbers."""
    return _page(answer, "incoming_phone_numbers", _Number, _Number.value)


def number(answer: Answer) -> TwilioNumber:
    """Decipher one phone number."""
    return _one(_Number, answer).value()


def application(answer: Answer) -> TwimlApp:
    """Decipher a TwiML app."""
    return _one(_Application, answer).value()


def calls(answer: Answer) -> Page[TwilioCall]:
    """Decipher a page of calls."""
    return _page(answer, "calls", _Call, _Call.value)


def failures(answer: Answer) -> Page[CallFailure]:
    """Decipher a page of the debugger."""
    return _page(answer, "notifications", _Failure, _Failure.value)


def keys(answer: Answer) -> Page[TwilioKey]:
    """Decipher a page of API keys."""
    return _page(answer, "keys", _Key, _Key.value)


def made_key(answer: Answer) -> MadeKey:
    """Decipher an API key that was made."""
    return _one(_MadeKey, answer).value()


def voice_region(answer: Answer) -> str:
    """Decipher the region in which a number's calls are processed, or "" when it is not said."""
    return _one(_Route, answer).voice_region.lower()


def _page(answer: Answer, name: str, model: type[S], value: Callable[[S], T]) -> Page[T]:
    if not answer.succeeded:
        raise failure(answer)
    body = answer.json()
    raw = body.get(name) if isinstance(body, dict) else None
    if not isinstance(raw, list):
        raise senseless(answer)
    told = body.get("next_page_uri")
    next_path = told.strip() if isinstance(told, str) else ""
    members = each_seen(model, raw)
    # Contract: twilio.md, Endpoints: a path. Credentials follow no other kind of link.
    strays = bool(next_path) and not next_path.startswith("/")
    # A list of which nothing makes sense is not an empty one.
    if strays or (raw and not members):
        raise senseless(answer)
    return Page(tuple(value(one) for one in members), next_path)


def _one(model: type[S], answer: Answer) -> S:
    if not answer.succeeded:
        raise failure(answer)
    value = seen(model, answer.json())
    if value is None:
        raise senseless(answer)
    return value
