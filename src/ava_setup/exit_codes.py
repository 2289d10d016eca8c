"""How a command ends, as a number for scripts: one list for all commands."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from ava_setup.onboarding.errors import (
    Ambiguous,
    CredentialsRefused,
    ErrorCode,
    RateLimited,
    SetupError,
    Unreachable,
)
from ava_setup.words import Text, _

if TYPE_CHECKING:
    from ava_setup.onboarding.errors import Problem
    from ava_setup.onboarding.outcome import LinkResult


class ExitCode(IntEnum):
    """The exit codes; what several businesses end with is the first of `WORST_FIRST` among them."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    PREREQUISITE = 3
    CREDENTIALS = 4
    UNREACHABLE = 5
    CONSENT = 6
    BUSY = 7
    INTERRUPTED = 130


MEANINGS: dict[ExitCode, Text] = {
    ExitCode.DONE: _("done"),
    ExitCode.FAILED: _("something failed"),
    ExitCode.USAGE: _("the command line or the file is not valid; nothing was done"),
    ExitCode.PREREQUISITE: _("something is missing, such as an assistant"),
    ExitCode.CREDENTIALS: _("a vendor refuses the keys"),
    ExitCode.UNREACHABLE: _("a vendor, or the network, cannot be reached"),
    ExitCode.CONSENT: _("somebody would lose something: a yes is needed"),
    ExitCode.BUSY: _("another ava-setup works on this business"),
    ExitCode.INTERRUPTED: _("interrupted"),
}

# Of several ends, the one that a person has to see to first.
WORST_FIRST = (
    ExitCode.INTERRUPTED,
    ExitCode.FAILED,
    ExitCode.CREDENTIALS,
    ExitCode.UNREACHABLE,
    ExitCode.PREREQUISITE,
    ExitCode.CONSENT,
    ExitCode.BUSY,
    ExitCode.DONE,
)

_BY_CODE: dict[ErrorCode, ExitCode] = {
    **dict.fromkeys(
        (
            ErrorCode.ASSISTANT_REQUIRED,
            ErrorCode.ASSISTANT_GONE,
            ErrorCode.KEYS_NOT_SET,
            ErrorCode.LINE_NEEDED,
            ErrorCode.NUMBER_NEEDED,
            ErrorCode.NUMBER_NOT_IN_ACCOUNT,
            ErrorCode.PROFILE_NEEDED,
            ErrorCode.TWILIO_NEEDED,
            ErrorCode.VAPI_KEY_NEEDED,
        ),
        ExitCode.PREREQUISITE,
    ),
    **dict.fromkeys(
        (
            ErrorCode.FORBIDDEN,
            ErrorCode.TWILIO_REFUSED,
            ErrorCode.TWILIO_TEST_CREDENTIALS,
            ErrorCode.TWILIO_USERNAME_INVALID,
            ErrorCode.VAPI_KEY_REFUSED,
        ),
        ExitCode.CREDENTIALS,
    ),
    **dict.fromkeys(
        (
            ErrorCode.INTERRUPTED,
            ErrorCode.RATE_LIMITED,
            ErrorCode.TIMED_OUT,
            ErrorCode.UNREACHABLE,
            ErrorCode.VENDOR_DOWN,
        ),
        ExitCode.UNREACHABLE,
    ),
    **dict.fromkeys(
        (
            ErrorCode.CONSENT_NEEDED,
            ErrorCode.LINKED_ELSEWHERE,
            ErrorCode.POINTS_ELSEWHERE,
            ErrorCode.TWILIO_TRIAL,
        ),
        ExitCode.CONSENT,
    ),
    ErrorCode.ADDRESS_REFUSED: ExitCode.USAGE,
    ErrorCode.FIELD_INVALID: ExitCode.USAGE,
    ErrorCode.BUSY: ExitCode.BUSY,
}


def of_error(error: SetupError) -> ExitCode:
    """Give the exit code of an error that ends a command."""
    return _BY_CODE.get(error.code, of_kind(error))


def of_kind(error: SetupError) -> ExitCode:
    """Give the exit code that an error's kind has, whatever its code."""
    match error:
        case CredentialsRefused():
            return ExitCode.CREDENTIALS
        case Unreachable() | Ambiguous() | RateLimited():
            return ExitCode.UNREACHABLE
        case _:
            return ExitCode.FAILED


def of_problem(problem: Problem) -> ExitCode:
    """Give the exit code of a problem."""
    return _BY_CODE.get(problem.code, ExitCode.FAILED)


def of_result(result: LinkResult) -> ExitCode:
    """Give the exit code of an attempt to link."""
    if result.success:
        return ExitCode.DONE
    if result.consent is not None:
        return ExitCode.CONSENT
    return of_problem(result.problem) if result.problem else ExitCode.FAILED


def of_all(ends: tuple[ExitCode, ...]) -> ExitCode:
    """Give the exit code of several businesses together."""
    return next((code for code in WORST_FIRST if code in ends), ExitCode.DONE)
