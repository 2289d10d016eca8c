"""Makes errors of Twilio's refusals (contract: twilio.md, Errors)."""

from __future__ import annotations

import re
from http import HTTPStatus
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated

from pydantic import BeforeValidator

from ava_setup.clients.answers import (
    Answer,
    Seen,
    Words,
    failure_by_status,
    seen,
    unintelligible,
)
from ava_setup.onboarding.errors import (
    Ambiguous,
    CredentialsRefused,
    ErrorCode,
    Evidence,
    Hidden,
    NotFound,
    RateLimited,
    Rejected,
    Vendor,
    VendorDown,
    VendorError,
    vendor_words,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def _code(value: object) -> int:
    digits = str(value)
    return int(digits) if re.fullmatch(r"[0-9]{1,9}", digits) else 0


# Twilio's own, as a number or as text; 0 when there is none.
Code = Annotated[int, BeforeValidator(_code)]


class _Refusal(Seen):
    code: Code = 0
    message: Words = ""


def failure(answer: Answer) -> VendorError:
    """Make the error that a refusal stands for.

    Args:
        answer: A refusal: any status but 2xx.
    """
    told = seen(_Refusal, answer.json())
    refusal = told or _Refusal(message=answer.plain_words())
    evidence = _evidence(answer, refusal)
    by_status = failure_by_status(Vendor.TWILIO, answer, evidence)
    return by_status or _refusal(answer.status, refusal, evidence, is_json=told is not None)


def senseless(answer: Answer) -> Ambiguous:
    """Make the error of a success that cannot be read."""
    return unintelligible(Vendor.TWILIO, _evidence(answer, _Refusal()))


def hidden(answer: Answer) -> VendorError:
    """Make the error of an API key that may not see something (contract: twilio.md, Auth).

    Args:
        answer: A refusal of something that not every good key may see.
    """
    error = failure(answer)
    if not isinstance(error, CredentialsRefused):
        return error
    return Hidden(ErrorCode.TWILIO_HIDDEN, Vendor.TWILIO, evidence=error.problem.evidence)


def no_key(answer: Answer, *, by_key: bool) -> VendorError:
    """Make the error of an API key that could not be made.

    Args:
        answer: A refusal.
        by_key: Whether an API key asked: it cannot make another (contract: twilio.md, Auth).
    """
    error = failure(answer)
    evidence = error.problem.evidence
    forbidden = "policy evaluation" in evidence.words.lower()
    if isinstance(error, CredentialsRefused) and (by_key or forbidden):
        return Rejected(ErrorCode.TWILIO_KEY_REFUSED, Vendor.TWILIO, evidence=evidence)
    return error


def key_stays(answer: Answer) -> VendorError:
    """Make the error of an API key that another API key could not delete."""
    error = failure(answer)
    if not isinstance(error, CredentialsRefused):
        return error
    evidence = error.problem.evidence
    return Rejected(ErrorCode.TWILIO_KEY_STAYS, Vendor.TWILIO, evidence=evidence)


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
        words=refusal.message,
    )
