"""What is written into the log of a set-up: one function for each kind of event, and no other.

A line is an event and its facts, `request vendor=Vapi method=GET …`: to be read by a person, and by
`ava-setup report`. No body, no header, no query, and of an exception no message: those hold what
was typed. Where lines go, and what is hidden in them, is `store.logbook`'s to say.
"""

from __future__ import annotations

import errno
import json
import logging
import time
import traceback
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from ava_setup.onboarding.errors import SetupError
from ava_setup.words import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ava_setup.onboarding.errors import Problem, Vendor
    from ava_setup.onboarding.outcome import LinkResult
    from ava_setup.onboarding.verdicts import Check

LOGGER = logging.getLogger("ava_setup")
LOGGER.setLevel(logging.INFO)
# The wizard draws on the terminal: nothing may be printed there, by the root's handlers or, where
# there is no handler at all, by logging itself.
LOGGER.propagate = False
LOGGER.addHandler(logging.NullHandler())

CHECKS = "checks"

_ABOUT: ContextVar[str] = ContextVar("business", default="")

Facts = dict[str, object]

# Of a problem's parameters, those that are technical and nobody's own words.
_TECHNICAL = frozenset({"cause", "kind", "variable", "pid"})
# Words apart; a value with one of these in it is quoted.
_QUOTED = frozenset(' "=\\')

_FRAMES = 12
_CHAIN = 5
_FILE_PARTS = 3


@contextmanager
def about(business: str) -> Iterator[None]:
    """Name the business in all that is written meanwhile: several are worked on at a time.

    Args:
        business: What the answer file calls it.
    """
    token = _ABOUT.set(business)
    try:
        yield
    finally:
        _ABOUT.reset(token)


def session_started(surroundings: Iterable[tuple[str, str]]) -> None:
    """A profile was opened, by this program on this computer."""
    _note(logging.INFO, "session started", dict(surroundings))


def session_ended() -> None:
    """The profile is about to be closed."""
    _note(logging.INFO, "session ended", {})


@contextmanager
def request(
    vendor: Vendor, method: str, path: str, tried: int
) -> Iterator[Callable[[int, str], None]]:
    """Note a request to a vendor, from here to its end, whatever that is.

    Args:
        vendor: Who is asked.
        method: HTTP's.
        path: With or without its query, which is left out.
        tried: 1 the first time, 2 when it is sent again.

    Yields:
        To be called with the HTTP status and the vendor's request id, once they are known.
    """
    facts: Facts = {
        "vendor": vendor.value,
        "method": method,
        "path": path.partition("?")[0],
        "try": tried,
    }
    started = time.perf_counter()

    def answered(status: int, request_id: str) -> None:
        facts["status"], facts["request_id"] = status, request_id

    level, same = logging.INFO, None
    try:
        yield answered
        # While a call is awaited, the same is asked every few seconds.
        same = (vendor, method, path, facts.get("status"))
    except SetupError as error:
        level = logging.WARNING
        facts |= _facts_of(error.problem)
        raise
    except BaseException as error:
        # Mostly a cancellation: somebody pressed Escape.
        facts["ended_by"] = type(error).__name__
        raise
    finally:
        facts["ms"] = round((time.perf_counter() - started) * 1000)
        _note(level, "request", facts, same=same)


def problem(shown: Problem) -> None:
    """Something went wrong, and was said to the person."""
    _note(logging.WARNING, "problem", _facts_of(shown))


def fault(error: BaseException) -> None:
    """Something went wrong that nobody expected; see `failure`."""
    # Not as `exc_info`: whoever else listens would print what it says.
    LOGGER.error("fault %s", named(error))


def failure(error: BaseException) -> None:
    """An error ended the work: one of ours is a problem, any other a fault."""
    if isinstance(error, SetupError):
        problem(error.problem)
    else:
        fault(error)


def link_ended(result: LinkResult) -> None:
    """An attempt to link ended."""
    facts: Facts = {
        "outcome": result.outcome.value,
        "success": result.success,
        "assistant_id": result.assistant_id,
        "phone_number_id": result.phone.id if result.phone else None,
        "auto_linked": result.auto_linked,
        "consent": result.consent.value if result.consent else None,
    }
    if result.problem is not None:
        facts |= _facts_of(result.problem)
    _note(logging.INFO if result.success else logging.WARNING, "link", facts)
    checked(result.checks)


def checked(checks: tuple[Check, ...]) -> None:
    """Both vendors were read back."""
    if checks:
        _note(logging.INFO, CHECKS, {check.id.value: check.verdict.value for check in checks})


def call_answered(call_id: str) -> None:
    """The first call was seen to be answered."""
    _note(logging.INFO, "answered", {"call_id": call_id})


def _facts_of(shown: Problem) -> Facts:
    evidence = shown.evidence
    facts: Facts = {
        "code": shown.code.value,
        "vendor": evidence.vendor.value if evidence.vendor else None,
        "status": evidence.status,
        "vendor_code": evidence.vendor_code,
        "request_id": evidence.request_id,
        "words": evidence.words,
    }
    facts |= {name: _bare(value) for name, value in shown.params if name in _TECHNICAL}
    return {name: value for name, value in facts.items() if value not in {None, ""}}


def _bare(value: str | int | Text) -> str | int:
    """Give what a `verbatim` text wraps."""
    return str(dict(value.params).get("words", "")) if isinstance(value, Text) else value


def _note(level: int, event: str, facts: Facts, *, same: object = None) -> None:
    """Write a line.

    Args:
        level: One of logging's.
        event: What happened.
        facts: What is known of it; what is None or "" is left out.
        same: Equal for events of which one stands for all that follow it at once.
    """
    facts = {"business": _ABOUT.get(), **facts}
    told = (f"{name}={_written(value)}" for name, value in facts.items() if value not in {None, ""})
    LOGGER.log(level, "%s", " ".join((event, *told)), extra={"same": same})


def _written(value: object) -> str:
    text = str(value)
    return json.dumps(text, ensure_ascii=False) if _QUOTED & set(text) else text


def named(error: BaseException) -> str:
    """Name an exception and those behind it, and where each arose; what they say stays unsaid."""
    told: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(told) < _CHAIN:
        told.append(f'kind={_kind(cause)} at="{_place(cause)}"')
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return " because of ".join(told)


def _kind(error: BaseException) -> str:
    match error:
        case SetupError():
            return f"{type(error).__name__}[{error.code.value}]"
        case OSError(errno=int(number)):
            return f"{type(error).__name__}[{errno.errorcode.get(number, number)}]"
        case _:
            return type(error).__name__


def _place(error: BaseException) -> str:
    """Say where an exception arose: `file:line:function`, the innermost first; no locals."""
    frames = list(traceback.walk_tb(error.__traceback__))[-_FRAMES:]
    return " < ".join(
        f"{_short(frame.f_code.co_filename)}:{line}:{frame.f_code.co_name}"
        for frame, line in reversed(frames)
    )


def _short(file: str) -> str:
    """Leave out of a file's path where somebody keeps it."""
    return "/".join(file.replace("\\", "/").split("/")[-_FILE_PARTS:])
