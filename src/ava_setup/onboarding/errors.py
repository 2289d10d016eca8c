"""The one error tree.

Each error has a code; the catalogue gives the code its sentences: what happened, why, what to do
next, and the action that a screen can offer. Evidence (vendor, HTTP status, vendor code, request
id) travels with the error and never holds a secret.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from ava_setup.onboarding.catalogue import CATALOGUE, Action, Entry, ErrorCode
from ava_setup.words import NOTHING, Text, _, verbatim

__all__ = [
    "Action",
    "Ambiguous",
    "CredentialsRefused",
    "ErrorCode",
    "Evidence",
    "FieldProblem",
    "Hidden",
    "NotFound",
    "NumberExists",
    "Problem",
    "RateLimited",
    "Rejected",
    "SetupError",
    "StoreError",
    "Unreachable",
    "Vendor",
    "VendorDown",
    "VendorError",
    "problem_of",
    "vendor_words",
]


class Vendor(StrEnum):
    """Who an error comes from; the value is the name that people know."""

    VAPI = "Vapi"
    TWILIO = "Twilio"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What to quote to a vendor's support. Never a secret, never a whole body.

    Attributes:
        vendor: Who answered, or None when nobody did.
        status: HTTP status, or None.
        vendor_code: The vendor's own code, such as Twilio's 20003, or "".
        request_id: The vendor's request id, or "".
        words: The vendor's own message, shortened, or "".
    """

    vendor: Vendor | None = None
    status: int | None = None
    vendor_code: str = ""
    request_id: str = ""
    words: str = ""

    def __str__(self) -> str:
        """One line: `Twilio 401 20003 RQ…`."""
        parts = (
            self.vendor or "",
            str(self.status or ""),
            self.vendor_code,
            self.request_id,
        )
        return " ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Problem:
    """An error as a value: can be kept in state, shown, and shown again in another language."""

    code: ErrorCode
    params: tuple[tuple[str, str | int | Text], ...] = ()
    evidence: Evidence = field(default_factory=Evidence)

    @property
    def entry(self) -> Entry:
        """The catalogue's sentences for this code."""
        return CATALOGUE[self.code]

    @property
    def what(self) -> Text:
        """What happened."""
        return self._filled(self.entry.what)

    @property
    def why(self) -> Text:
        """Why it happened, or probably did."""
        return self._filled(self.entry.why)

    @property
    def next(self) -> Text:
        """What to do next."""
        return self._filled(self.entry.next)

    @property
    def action(self) -> Action:
        """What a screen can offer."""
        return self.entry.action

    def _filled(self, text: Text) -> Text:
        return Text(text.msgid, (*text.params, *self.params))


class SetupError(Exception):
    """The root of every error that this product raises on purpose."""

    def __init__(
        self, code: ErrorCode, /, *, evidence: Evidence | None = None, **params: str | int | Text
    ) -> None:
        self.problem = Problem(code, tuple(params.items()), evidence or Evidence())
        super().__init__(code.value)

    @property
    def code(self) -> ErrorCode:
        """The error's code."""
        return self.problem.code


class FieldProblem(SetupError, ValueError):
    """What is wrong with one field, and how to mend it."""

    def __init__(self, text: Text) -> None:
        super().__init__(ErrorCode.FIELD_INVALID, problem=text)
        self.text = text


class StoreError(SetupError):
    """This computer cannot keep, read or lock something."""


class VendorError(SetupError):
    """A vendor could not be asked, or did not do what it was asked."""

    def __init__(
        self,
        code: ErrorCode,
        vendor: Vendor,
        /,
        *,
        evidence: Evidence | None = None,
        **params: str | int | Text,
    ) -> None:
        super().__init__(code, evidence=evidence or Evidence(vendor), vendor=vendor.value, **params)
        self.vendor = vendor

    @property
    def may_have_acted(self) -> bool:
        """Whether the vendor may have done the work all the same: look before repeating."""
        return False


class Unreachable(VendorError):
    """No connection was made: nothing was sent, nothing was done."""


class Ambiguous(VendorError):
    """The request left, the answer never came whole: the work may be done."""

    @property
    def may_have_acted(self) -> bool:
        """Always: nobody saw the answer."""
        return True


class VendorDown(Ambiguous):
    """The vendor answered 5xx."""


class RateLimited(VendorError):
    """The vendor answered 429: not processed, safe to repeat.

    Attributes:
        retry_after: Seconds that the vendor asked to wait, or None.
    """

    def __init__(
        self, vendor: Vendor, /, *, evidence: Evidence, retry_after: float | None = None
    ) -> None:
        super().__init__(ErrorCode.RATE_LIMITED, vendor, evidence=evidence)
        self.retry_after = retry_after


class CredentialsRefused(VendorError):
    """The vendor does not know or does not allow these credentials."""


class Hidden(VendorError):
    """The credentials are good, but may not see this: not a failure, nothing can be told."""


class Rejected(VendorError):
    """The vendor understood the request and said no."""


class NumberExists(Rejected):
    """Vapi already holds this number in this organisation.

    Attributes:
        phone_number_id: Vapi's id of the number, taken from the refusal.
    """

    def __init__(self, phone_number_id: str, /, *, evidence: Evidence) -> None:
        super().__init__(ErrorCode.NUMBER_EXISTS, Vendor.VAPI, evidence=evidence)
        self.phone_number_id = phone_number_id


class NotFound(VendorError):
    """The vendor has nothing under this id."""


def vendor_words(words: str) -> Text:
    """Quote a vendor's message, or nothing when it gave none."""
    return _("It said: “{words}”", words=words) if words else NOTHING


def problem_of(error: BaseException) -> Problem:
    """Turn any exception into a problem that can be shown; unknown ones name only their type."""
    if isinstance(error, SetupError):
        return error.problem
    return Problem(ErrorCode.UNEXPECTED, (("kind", verbatim(type(error).__name__)),))
