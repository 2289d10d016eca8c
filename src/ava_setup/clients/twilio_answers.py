"""Deciphers Twilio: pure functions from an answer to a value, or to an error of the one tree."""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, TypeVar

from pydantic import BeforeValidator

from ava_setup.clients.answers import (
    Answer,
    Id,
    Seen,
    Words,
    each_seen,
    failure_by_status,
    seen,
    unintelligible,
)
from ava_setup.onboarding.credentials import AccountKind, AccountStatus, TwilioAccount
from ava_setup.onboarding.errors import (
    CredentialsRefused,
    ErrorCode,
    Evidence,
    NotFound,
    RateLimited,
    Rejected,
    Vendor,
    VendorDown,
    VendorError,
    vendor_words,
)
from ava_setup.onboarding.number import TwilioNumber

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

S = TypeVar("S", bound=Seen)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of phone numbers.

    Attributes:
        members: Those that make sense.
        next_path: Where the next page is, a path, or "" on the last.
    """

    members: tuple[TwilioNumber, ...]
    next_path: str


def _has_voice(value: object) -> bool:
    """Only a plain no counts: the capabilities may be null (spec)."""
    return not (isinstance(value, dict) and value.get("voice") in (False, "false"))


class _Number(Seen):
    sid: Id
    phone_number: Id
    friendly_name: Words = ""
    capabilities: Annotated[bool, BeforeValidator(_has_voice)] = True
    voice_receive_mode: Words = ""
    voice_url: Words = ""
    voice_method: Words = ""
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
            voice_method=self.voice_method.upper() or "POST",
            trunk_sid=self.trunk_sid,
            application_sid=self.voice_application_sid,
            status_callback=self.status_callback,
            sms_url=self.sms_url,
        )


class _Account(Seen):
    # The body also holds the live auth_token (contract: twilio.md, Auth): it stays there.
    sid: Id
    friendly_name: Words = ""
    status: Words = ""
    type: Words = ""

    def value(self) -> TwilioAccount:
        return TwilioAccount(
            sid=self.sid,
            name=self.friendly_name,
            status=_STATUSES.get(self.status.lower(), AccountStatus.HIDDEN),
            kind=_KINDS.get(self.type.lower(), AccountKind.HIDDEN),
        )


_STATUSES = {status.value.lower(): status for status in AccountStatus}
_KINDS = {kind.value.lower(): kind for kind in AccountKind}


class _Balance(Seen):
    balance: Id
    currency: Words = ""


class _Numbers(Seen):
    incoming_phone_numbers: list[object]
    next_page_uri: Words = ""


def _code(value: object) -> int:
    digits = str(value)
    return int(digits) if re.fullmatch(r"[0-9]{1,9}", digits) else 0


class _Refusal(Seen):
    code: Annotated[int, BeforeValidator(_code)] = 0
    message: Words = ""


def account(answer: Answer) -> TwilioAccount:
    """Decipher an account, without its balance.

    Raises:
        VendorError: The answer is a refusal or makes no sense; so for every function here.
    """
    return _one(_Account, answer).value()


def balance(answer: Answer) -> str:
    """Decipher a balance: amount and currency, `12.40 USD`."""
    value = _one(_Balance, answer)
    return f"{value.balance} {value.currency}".strip()


def numbers(answer: Answer) -> Page:
    """Decipher a page of phone numbers."""
    value = _one(_Numbers, answer)
    next_path = value.next_page_uri
    members = each_seen(_Number, value.incoming_phone_numbers)
    # Contract: twilio.md, Endpoints: a path. Credentials follow no other kind of link.
    strays = bool(next_path) and not next_path.startswith("/")
    # A list of which nothing makes sense is not an empty one.
    if strays or (value.incoming_phone_numbers and not members):
        raise unintelligible(Vendor.TWILIO, _evidence(answer, _Refusal()))
    return Page(tuple(one.value() for one in members), next_path)


def number(answer: Answer) -> TwilioNumber:
    """Decipher one phone number."""
    return _one(_Number, answer).value()


def failure(answer: Answer) -> VendorError:
    """Make the error that a refusal stands for (contract: twilio.md, Errors).

    Args:
        answer: A refusal: any status but 2xx.
    """
    told = seen(_Refusal, answer.json())
    refusal = told or _Refusal(message=answer.plain_words())
    evidence = _evidence(answer, refusal)
    by_status = failure_by_status(Vendor.TWILIO, answer, evidence)
    return by_status or _refusal(answer.status, refusal, evidence, is_json=told is not None)


def _refusal(status: int, refusal: _Refusal, evidence: Evidence, *, is_json: bool) -> VendorError:
    """Tell by the code, else by the status, what a refusal means."""
    if (make := _BY_CODE.get(refusal.code)) is not None:
        return make(evidence)
    if refusal.code == _AUTHENTICATE or status == HTTPStatus.UNAUTHORIZED:
        return _unauthenticated(refusal.message.lower(), evidence)
    if status == HTTPStatus.NOT_FOUND:
        return _not_found(evidence)
    if is_json:
        words = vendor_words(evidence.words)
        return Rejected(ErrorCode.REJECTED, Vendor.TWILIO, evidence=evidence, words=words)
    blocked = status == HTTPStatus.FORBIDDEN
    code = ErrorCode.FORBIDDEN if blocked else ErrorCode.UNINTELLIGIBLE
    return VendorError(code, Vendor.TWILIO, evidence=evidence)


def _unauthenticated(text: str, evidence: Evidence) -> VendorError:
    """Tell 20003's causes apart, as far as its text does."""
    if "invalid username" in text:
        return _refused(ErrorCode.TWILIO_USERNAME_INVALID)(evidence)
    if "suspended" in text or "not active" in text:
        return _suspended(evidence)
    return _refused(ErrorCode.TWILIO_REFUSED)(evidence)


def _refused(code: ErrorCode) -> Callable[[Evidence], VendorError]:
    return lambda evidence: CredentialsRefused(code, Vendor.TWILIO, evidence=evidence)


def _suspended(evidence: Evidence) -> VendorError:
    return Rejected(ErrorCode.TWILIO_SUSPENDED, Vendor.TWILIO, evidence=evidence)


def _not_found(evidence: Evidence) -> VendorError:
    return NotFound(ErrorCode.NOT_FOUND, Vendor.TWILIO, evidence=evidence)


def _down(evidence: Evidence) -> VendorError:
    return VendorDown(ErrorCode.VENDOR_DOWN, Vendor.TWILIO, evidence=evidence)


def _too_many(evidence: Evidence) -> VendorError:
    return RateLimited(Vendor.TWILIO, evidence=evidence)


_AUTHENTICATE = 20003
# Contract: twilio.md, Errors. The codes of buying a number (21404 …) have only their words.
_BY_CODE: Mapping[int, Callable[[Evidence], VendorError]] = MappingProxyType(
    {
        20005: _suspended,
        20008: _refused(ErrorCode.TWILIO_TEST_CREDENTIALS),
        20404: _not_found,
        20429: _too_many,
        20500: _down,
        20503: _down,
        70051: _refused(ErrorCode.TWILIO_KEY_LIMITED),
    }
)


def _evidence(answer: Answer, refusal: _Refusal) -> Evidence:
    return answer.evidence(
        Vendor.TWILIO,
        code=str(refusal.code or ""),
        request_id=answer.headers.get("twilio-request-id", ""),
        words=refusal.message,
    )


def _one(model: type[S], answer: Answer) -> S:
    if not answer.succeeded:
        raise failure(answer)
    value = seen(model, answer.json())
    if value is None:
        raise unintelligible(Vendor.TWILIO, _evidence(answer, _Refusal()))
    return value
