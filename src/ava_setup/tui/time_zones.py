"""Completing the time zone that is being typed."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

from textual.suggester import SuggestFromList


@cache
def suggester() -> SuggestFromList:
    """Complete a time zone from its first letters, in any case."""
    return SuggestFromList(sorted(available_timezones()), case_sensitive=False)
