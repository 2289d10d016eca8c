"""What a faulty vendor says: answers put in place of the true one, or made of it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ava_setup.sandbox.exchange import Answer
from ava_setup.sandbox.faults import Kind
from ava_setup.sandbox.twilio.refusals import not_authenticated, refused, too_many_requests
from ava_setup.sandbox.vapi.refusals import (
    INVALID_KEY,
    internal_error,
    too_many_requests as rate_limited,
    unauthorized,
)
from ava_setup.sandbox.worded import web_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from ava_setup.sandbox.faults import Fault

# More than any client should take in: ten megabytes, and one.
_LONG = 10 * 1024 * 1024 + 1024 * 1024
# Names that no specification has, with values of every shape.
_EXTRA: dict[str, Any] = {
    "xNewInThisVersion": {"deep": [1, None, {"id": "x"}]},
    "x_new_text": "…",
    "": 0,
}

_VAPI: dict[Kind, Answer] = {
    Kind.ERROR: internal_error().answer,
    Kind.TOO_MANY: rate_limited().answer,
    Kind.UNAUTHORIZED: unauthorized(INVALID_KEY).answer,
}
_TWILIO: dict[Kind, Answer] = {
    Kind.ERROR: refused(500, 20500, "Internal Server Error").answer,
    Kind.TOO_MANY: too_many_requests().answer,
    Kind.UNAUTHORIZED: not_authenticated().answer,
}


def in_its_place(fault: Fault) -> Answer | None:
    """Give what the vendor says whatever it did, or None when its true answer is what counts."""
    if fault.kind is Kind.BAD_GATEWAY:
        return web_page(Answer(502, None))
    given = (_VAPI if fault.vendor == "vapi" else _TWILIO).get(fault.kind)
    if given is None or fault.retry_after is None:
        return given
    return replace(given, headers={**given.headers, "Retry-After": str(fault.retry_after)})


def spoilt(fault: Fault, given: Answer) -> Answer:
    """Spoil the JSON of a true answer as a fault says; others leave it as it is."""
    spoil = _SPOILERS.get(fault.kind)
    return replace(given, body=spoil(given.body, fault.fields)) if spoil else given


def spoilt_bytes(fault: Fault, content: bytes) -> bytes:
    """Spoil the bytes of an answer as a fault says; others leave them as they are."""
    match fault.kind:
        case Kind.TRUNCATED:
            return content[: len(content) // 2]
        case Kind.LONG_BODY:
            return content.ljust(_LONG)
        case _:
            return content


def _other_type(value: Any) -> Any:
    match value:
        case str() | None:
            return {"is": len(value or "")}
        case bool() | int() | float():
            return json.dumps([value])
        case _:
            return 7


def _wrong(body: Any, fields: frozenset[str]) -> Any:
    if isinstance(body, list):
        return [_wrong(one, fields) for one in body] if fields or body else {"list": []}
    if not isinstance(body, dict):
        return body if fields else _other_type(body)
    return {
        name: _other_type(value)
        if not fields or name in fields
        else _wrong(value, fields)
        if isinstance(value, dict | list)
        else value
        for name, value in body.items()
    }


def _missing(body: Any, fields: frozenset[str]) -> Any:
    if isinstance(body, list):
        return [_missing(one, fields) for one in body]
    if not isinstance(body, dict):
        return body
    return {
        name: _missing(value, fields)
        for name, value in body.items()
        if fields and name not in fields
    }


def _extra(body: Any, fields: frozenset[str]) -> Any:
    if isinstance(body, list):
        return [_extra(one, fields) for one in body]
    if not isinstance(body, dict):
        return body
    return {**{name: _extra(value, fields) for name, value in body.items()}, **_EXTRA}


_SPOILERS: dict[Kind, Callable[[Any, frozenset[str]], Any]] = {
    Kind.WRONG_TYPES: _wrong,
    Kind.MISSING_FIELDS: _missing,
    Kind.EXTRA_FIELDS: _extra,
}
