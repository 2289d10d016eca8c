"""Time zones: this computer's, and completing the one being typed."""

from __future__ import annotations

from functools import cache
from zoneinfo import ZoneInfoNotFoundError, available_timezones

from textual.suggester import SuggestFromList
from tzlocal import get_localzone_name


@cache
def here() -> str:
    """Give this computer's time zone by its IANA name, or Europe/Paris when it has none."""
    try:
        name = get_localzone_name()
    except (ZoneInfoNotFoundError, LookupError, ValueError, OSError):
        name = None
    # A machine set to UTC says nothing about where its owner works.
    return name if name and "/" in name and not name.startswith("Etc/") else "Europe/Paris"


@cache
def suggester() -> SuggestFromList:
    """Complete a time zone from its first letters, in any case."""
    return SuggestFromList(sorted(available_timezones()), case_sensitive=False)
