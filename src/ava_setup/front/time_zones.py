"""This computer's time zone."""

from __future__ import annotations

from functools import cache
from zoneinfo import ZoneInfoNotFoundError

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
