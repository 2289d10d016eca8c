"""From each earlier version of the state file to the one after it."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Document = dict[str, Any]
    Migration = Callable[[Document], Document]


def _to_2(document: Document) -> Document:
    """Note in the journal which organisation an entry is about.

    Version 1 knew only the connected organisation: an entry is surely of it when what it made is
    what answers today.
    """
    connection = document.get("connection") or {}
    assistant = document.get("assistant") or {}
    linked = document.get("linked") or {}
    today = {assistant.get("id"), linked.get("phone_number_id"), linked.get("assistant_id")}
    journal = [
        {**entry, "org_id": connection.get("org_id", "")}
        if entry.get("made") and entry["made"] in today
        else entry
        for entry in document.get("journal", [])
    ]
    moved = {**document, "version": 2, "journal": journal}
    # There was one address for Twilio: the environment's, or the United States'.
    if document.get("twilio") and connection.get("region") == "custom":
        moved["twilio"] = {**document["twilio"], "region": "custom"}
    return moved


def _to_3(document: Document) -> Document:
    """Tell connections apart by more than their organisation, and numbers by their account.

    Version 2 knew neither of an entry: the number that is chosen today is surely of the connected
    account.
    """
    connection = document.get("connection")
    number = (document.get("number") or {}).get("number")
    account_sid = (document.get("twilio") or {}).get("account_sid", "")
    journal = [
        {**entry, "account_sid": account_sid}
        if entry["kind"] in {"import_number", "repoint_number"} and entry["number"] == number
        else entry
        for entry in document.get("journal", [])
    ]
    return {
        **document,
        "version": 3,
        "connection": connection and {**connection, "id": _OF_VERSION_2},
        "journal": journal,
    }


# What is given out since is random.
_OF_VERSION_2 = "version-2"

# The result of each carries its new version.
MIGRATIONS: Mapping[int, Migration] = MappingProxyType({1: _to_2, 2: _to_3})
