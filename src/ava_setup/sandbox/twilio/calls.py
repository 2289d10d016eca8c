"""`Calls` and the debugger's `Notifications`, newest first (contract: twilio.md, Endpoints)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from ava_setup.sandbox.twilio.paging import page_of
from ava_setup.sandbox.twilio.refusals import invalid, not_found

if TYPE_CHECKING:
    from ava_setup.sandbox.exchange import Answer, Asked
    from ava_setup.sandbox.world import Account, Document, World

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_DATES = {"StartTime": "start_time", "EndTime": "end_time"}


def _bounds(name: str, value: str) -> tuple[datetime, datetime]:
    """Read a day or a moment as the first instant in it and the first after it."""
    try:
        if _DAY.fullmatch(value):
            day = datetime.fromisoformat(value).replace(tzinfo=UTC)
            return day, day + timedelta(days=1)
        if _MOMENT.fullmatch(value):
            moment = datetime.fromisoformat(value).replace(microsecond=0)
            return moment, moment + timedelta(seconds=1)
    except ValueError:
        pass
    raise invalid(f"{name} is not valid: {value}")


def _in_time(asked: Asked, query: str, written: str | None) -> bool:
    for sign in ("", "<", ">"):
        value = asked.param(query + sign)
        if value is None:
            continue
        first, after = _bounds(query + sign, value)
        if written is None:
            return False
        moment = parsedate_to_datetime(written)
        # `StartTime>=…` arrives as `StartTime>`: on or after; `<` is strictly before.
        if not {"": first <= moment < after, "<": moment < first, ">": moment >= first}[sign]:
            return False
    return True


def list_all(world: World, account: Account, asked: Asked) -> Answer:
    """`GET …/Calls.json`, narrowed by `To`, `From`, `Status`, `StartTime` and `EndTime`."""
    del world
    exact = {"To": "to", "From": "from", "Status": "status", "ParentCallSid": "parent_call_sid"}
    found = [
        call
        for call in reversed(account.calls.values())
        if all(asked.param(q) in {None, "", call[field]} for q, field in exact.items())
    ]
    for query, field in _DATES.items():
        found = [call for call in found if _in_time(asked, query, call[field])]
    return page_of(asked, "calls", found)


def _log(asked: Asked, entries: list[Document]) -> Answer:
    wanted = asked.param("Log")
    found = [entry for entry in reversed(entries) if wanted in {None, entry["log"]}]
    return page_of(asked, "notifications", found)


def notifications(world: World, account: Account, asked: Asked) -> Answer:
    """`GET …/Notifications.json`: the whole debugger."""
    del world
    return _log(asked, account.notifications)


def notifications_of(world: World, account: Account, asked: Asked, call_sid: str) -> Answer:
    """`GET …/Calls/{CA}/Notifications.json`: what went wrong in one call."""
    del world
    if call_sid not in account.calls:
        raise not_found(asked.path)
    return _log(asked, [e for e in account.notifications if e["call_sid"] == call_sid])
