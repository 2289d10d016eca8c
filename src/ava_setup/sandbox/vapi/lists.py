"""Vapi's lists: bare arrays, bounded by `limit` and by dates (contract: vapi.md, Assistants)."""

from __future__ import annotations

import operator
import re
from datetime import datetime
from typing import TYPE_CHECKING

from ava_setup.sandbox.vapi.refusals import bad_request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ava_setup.sandbox.exchange import Asked
    from ava_setup.sandbox.world import Document

MAX_LIMIT = 1000
_DEFAULT_LIMIT = 100
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)")
_COMPARE: dict[str, Callable[[datetime, datetime], bool]] = {
    "Gt": operator.gt,
    "Lt": operator.lt,
    "Ge": operator.ge,
    "Le": operator.le,
}


def whole_number(asked: Asked, name: str, *, at_least: int, at_most: int, default: int) -> int:
    """Read a whole number from the query.

    Raises:
        RefusalError: 400, it is not one, or out of its bounds.
    """
    text = asked.param(name)
    if text is None:
        return default
    if not re.fullmatch(r"-?[0-9]{1,9}", text):
        raise bad_request([f"{name} must be a number conforming to the specified constraints"])
    value = int(text)
    if value < at_least:
        raise bad_request([f"{name} must not be less than {at_least}"])
    if value > at_most:
        raise bad_request([f"{name} must not be greater than {at_most}"])
    return value


def limit(asked: Asked) -> int:
    """Read `limit`: 0 to 1000, 100 when it was not sent.

    Raises:
        RefusalError: 400, it is not one, or out of its bounds.
    """
    return whole_number(asked, "limit", at_least=0, at_most=MAX_LIMIT, default=_DEFAULT_LIMIT)


def _moment(name: str, text: str) -> datetime:
    try:
        if _DATE_TIME.fullmatch(text):
            return datetime.fromisoformat(text)
    except ValueError:
        pass
    raise bad_request([f"{name} must be a valid ISO 8601 date string"])


def within_dates(asked: Asked, records: Iterable[Document]) -> list[Document]:
    """Keep what the eight date parameters allow, newest first.

    Raises:
        RefusalError: 400, a date is not an ISO 8601 date and time with its zone.
    """
    kept = sorted(records, key=lambda record: str(record["createdAt"]), reverse=True)
    for key in ("createdAt", "updatedAt"):
        for suffix, holds in _COMPARE.items():
            text = asked.param(key + suffix)
            if text is not None:
                bound = _moment(key + suffix, text)
                kept = [r for r in kept if holds(datetime.fromisoformat(r[key]), bound)]
    return kept


def listed(asked: Asked, records: Iterable[Document]) -> list[Document]:
    """Answer a list: the newest `limit` records, in an order that nobody should rely on.

    Raises:
        RefusalError: 400, a parameter of the query is ill-formed.
    """
    newest = within_dates(asked, records)[: limit(asked)]
    # The order is undocumented: by id is repeatable, and useful to no one.
    return sorted(newest, key=lambda record: str(record["id"])[::-1])
