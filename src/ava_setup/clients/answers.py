"""Deciphering that both vendors share: what an answer is, before it means anything."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import pydantic_core
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from ava_setup.onboarding.errors import (
    Ambiguous,
    ErrorCode,
    Evidence,
    RateLimited,
    Vendor,
    VendorDown,
    VendorError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import SecretStr

# Twilio's, Vapi's, and the edge's before Vapi.
_REQUEST_IDS = ("twilio-request-id", "x-request-id", "cf-ray")

_WORDS_MAX = 200
_ID_MAX = 80

# Control characters and direction overrides would let a vendor's text redraw the terminal.
_UNPRINTABLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
# A Twilio token echoed in a refusal; SIDs have two letters before their 32 digits.
_TOKEN = re.compile(r"(?<![0-9A-Za-z])[0-9a-fA-F]{32}(?![0-9A-Za-z])")
_SECONDS = re.compile(r"\d{1,9}(?:\.\d{1,9})?")
_HIDDEN = "[…]"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a vendor answered, not yet understood.

    Attributes:
        status: HTTP status.
        headers: By lower-case name.
        body: As received; may hold secrets (contract: vapi.md, Phone numbers).
        secrets: Those that went out with the request: never quoted back.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    secrets: tuple[SecretStr, ...] = ()

    @property
    def succeeded(self) -> bool:
        """Whether the vendor did what it was asked."""
        return self.status // 100 == HTTPStatus.OK // 100

    @property
    def request_id(self) -> str:
        """What the vendor calls the request, for its support; "" when it did not say."""
        named = (self.headers.get(name, "") for name in _REQUEST_IDS)
        return self.quotable(next(filter(None, named), ""), _ID_MAX)

    def json(self) -> Any:
        """The body as JSON, or None when it is something else."""
        try:
            return pydantic_core.from_json(self.body)
        except ValueError:
            return None

    def plain_words(self) -> str:
        """The body of an answer that is not JSON, or "" when it is a web page."""
        text = self.body[: 4 * _WORDS_MAX].decode("utf-8", "replace").strip()
        return "" if text[:1] in {"<", "{", "["} else text

    def quotable(self, text: str, longest: int = _WORDS_MAX) -> str:
        """Make a vendor's words fit to show: one short line without a secret that was sent."""
        for secret in self.secrets:
            if value := secret.get_secret_value():
                text = text.replace(value, _HIDDEN)
        line = " ".join(_UNPRINTABLE.sub(" ", text).split())
        return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"

    def evidence(self, vendor: Vendor, *, code: str, words: str) -> Evidence:
        """Gather what the vendor's support would ask for."""
        return Evidence(
            vendor=vendor,
            status=self.status,
            vendor_code=self.quotable(code, _ID_MAX),
            request_id=self.request_id,
            words=self.quotable(_TOKEN.sub(_HIDDEN, words)),
        )


def retry_after(answer: Answer) -> float | None:
    """Read how many seconds the vendor asks to wait, or None when it does not say.

    A date is compared with the answer's own `Date`, so that this computer's clock plays no part.
    """
    value = answer.headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(value):
        return float(value)
    try:
        until = parsedate_to_datetime(value)
        now = parsedate_to_datetime(answer.headers.get("date", ""))
        return max(0.0, (until - now).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None


def failure_by_status(vendor: Vendor, answer: Answer, evidence: Evidence) -> VendorError | None:
    """Name the failures that mean the same at both vendors; None for all others."""
    match answer.status, answer.status // 100:
        case 429, _:
            return RateLimited(vendor, evidence=evidence, retry_after=retry_after(answer))
        case 408, _:
            return Ambiguous(ErrorCode.TIMED_OUT, vendor, evidence=evidence)
        case _, 3:
            return VendorError(ErrorCode.REDIRECTED, vendor, evidence=evidence)
        case _, 4:
            return None
        case _:
            return VendorDown(ErrorCode.VENDOR_DOWN, vendor, evidence=evidence)


def unintelligible(vendor: Vendor, evidence: Evidence) -> Ambiguous:
    """Make the error of a success that cannot be read: the work may well be done."""
    return Ambiguous(ErrorCode.UNINTELLIGIBLE, vendor, evidence=evidence)


def _prose(value: object, longest: int | None = None) -> str:
    if not isinstance(value, str):
        return ""
    text = _UNPRINTABLE.sub(" ", value).strip()
    return text if longest is None or len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def at_most(longest: int) -> BeforeValidator:
    """Read prose, shortened to so many characters."""
    return BeforeValidator(lambda value: _prose(value, longest))


def _words(value: object) -> str:
    return " ".join(_prose(value).split())


def _id(value: object) -> str:
    if words := _words(value):
        return words
    raise ValueError("an id is missing")


# Whatever is not text counts as not said: a strange field never costs the whole answer.
Prose = Annotated[str, BeforeValidator(_prose)]
Words = Annotated[str, BeforeValidator(_words)]
MaybeId = Annotated[str | None, BeforeValidator(lambda value: _words(value) or None)]
Id = Annotated[str, BeforeValidator(_id)]


class Seen(BaseModel):
    """A vendor's object, as far as this product looks at it; unknown fields are dropped."""

    # A vendor's object may hold secrets: a complaint about it must not quote it.
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class SeenCamel(Seen):
    """The same, where the vendor writes camelCase."""

    model_config = ConfigDict(alias_generator=to_camel)


S = TypeVar("S", bound=Seen)


def seen(model: type[S], value: object) -> S | None:
    """Look at a vendor's object, or give None when it makes no sense."""
    try:
        return model.model_validate(value)
    except ValidationError:
        return None


def each_seen(model: type[S], values: list[object]) -> tuple[S, ...]:
    """Look at each member of a list, leaving out those that make no sense."""
    return tuple(one for value in values if (one := seen(model, value)) is not None)
