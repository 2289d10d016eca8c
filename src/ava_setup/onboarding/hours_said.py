"""Opening hours put into words: short for the eye, in full for the ear."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from ava_setup.onboarding.hours import ALL_DAY, MIDNIGHT, OpeningHours, understand
from ava_setup.words import Language, Text, verbatim, written

if TYPE_CHECKING:
    from collections.abc import Callable

    from ava_setup.onboarding.hours import Interval

_FRENCH = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_ENGLISH = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WEEK = len(_FRENCH)
# Three days in a row are worth a dash, two are not.
_RANGE_FROM = 3
_NO_BREAK = "\u00a0"
_DASH = "\u2013"
_FIGURE_AND_UNIT = re.compile(r"(?<=[0-9]) (?=h|am|pm)|(?<= h) (?=[0-9])")


@dataclass(frozen=True, slots=True)
class _Style:
    """How a language writes or says the parts; none of it goes through the catalogue.

    It is read back by `understand`, and callers may speak another language than the owner.
    """

    days: tuple[str, ...]
    one_day: str
    day_range: str
    every_day: str
    all_day: str
    always: str
    time: str
    next_day: str
    closed: str
    holidays: str
    and_: str
    between: str
    clock: Callable[[int], str]


def _french_clock(minute: int) -> str:
    hour, minutes = divmod(minute % MIDNIGHT, 60)
    if not hour and not minutes:
        return "minuit"
    return f"{hour} h {minutes:02}" if minutes else f"{hour} h"


def _english_clock(minute: int) -> str:
    hour, minutes = divmod(minute % MIDNIGHT, 60)
    if not minutes and hour in {0, 12}:
        return "noon" if hour else "midnight"
    half = "am" if hour < 12 else "pm"  # noqa: PLR2004 - a clock's face
    figure = (hour - 1) % 12 + 1
    return f"{figure}:{minutes:02} {half}" if minutes else f"{figure} {half}"


_SHOWN = {
    Language.FR: _Style(
        days=_FRENCH,
        one_day="{day}",
        day_range=f"{{first}}{_DASH}{{last}}",
        every_day="tous les jours",
        all_day="24 h/24",
        always="7 j/7, 24 h/24",
        time=f"{{opens}}{_DASH}{{closes}}",
        next_day="{time} le lendemain",
        closed="fermé les {holidays}",
        holidays="jours fériés",
        and_=" et ",
        between=", ",
        clock=_french_clock,
    ),
    Language.EN: _Style(
        days=_ENGLISH,
        one_day="{day}",
        day_range=f"{{first}}{_DASH}{{last}}",
        every_day="every day",
        all_day="24 hours",
        always="24/7",
        time=f"{{opens}}{_DASH}{{closes}}",
        next_day="{time} the next day",
        closed="closed on {holidays}",
        holidays="public holidays",
        and_=" and ",
        between=", ",
        clock=_english_clock,
    ),
}
_SPOKEN = {
    Language.FR: _Style(
        days=_FRENCH,
        one_day="le {day}",
        day_range="du {first} au {last}",
        every_day="tous les jours",
        all_day="24 heures sur 24",
        always="tous les jours, 24 heures sur 24",
        time="de {opens} à {closes}",
        next_day="{time} le lendemain",
        closed="fermé {closed}",
        holidays="les jours fériés",
        and_=" et ",
        between=" ; ",
        clock=_french_clock,
    ),
    Language.EN: _Style(
        days=_ENGLISH,
        one_day="{day}",
        day_range="{first} to {last}",
        every_day="every day",
        all_day="24 hours a day",
        always="every day, 24 hours a day",
        time="from {opens} to {closes}",
        next_day="{time} the next day",
        closed="closed {closed}",
        holidays="public holidays",
        and_=" and ",
        between="; ",
        clock=_english_clock,
    ),
}


def shown(hours: OpeningHours, language: Language) -> str:
    """Write opening hours for the owner, with dashes: "Monday-Friday 9 am-6 pm".

    Days that are not named are closed. What it gives is read back as the same hours.

    Args:
        hours: The hours.
        language: The owner's language.
    """
    style = _SHOWN[language]
    clauses = _clauses(hours, style)
    if hours.holidays:
        clauses.append(style.closed.format(holidays=style.holidays))
    # A figure and its "h" stay on one line.
    return _FIGURE_AND_UNIT.sub(_NO_BREAK, style.between.join(clauses))


def as_read(typed: str) -> Text:
    """Write opening hours for whoever reads them, as they are understood; unclear ones as typed.

    Args:
        typed: What the owner wrote.
    """
    hours = understand(typed)
    if not isinstance(hours, OpeningHours):
        return verbatim(typed)
    return written(partial(shown, hours))


def spoken(hours: OpeningHours, language: Language) -> str:
    """Say opening hours in full, closed days included, for Ava to tell callers.

    What it gives is read back as the same hours.

    Args:
        hours: The hours.
        language: The callers' language.
    """
    style = _SPOKEN[language]
    clauses = _clauses(hours, style)
    closed = _closed_days(hours, style)
    if closed:
        clauses.append(style.closed.format(closed=_listed(closed, style)))
    return style.between.join(clauses)


def told(typed: str, language: Language) -> str:
    """Give opening hours as Ava is to know them: in full, or as typed where they are unclear.

    Args:
        typed: What the owner wrote.
        language: The callers' language.
    """
    hours = understand(typed)
    if isinstance(hours, OpeningHours):
        return spoken(hours, language)
    return " ".join(typed.split())


def _clauses(hours: OpeningHours, style: _Style) -> list[str]:
    if set(hours.week) == {(ALL_DAY,)}:
        return [style.always]
    groups: dict[tuple[Interval, ...], list[int]] = {}
    for day, times in enumerate(hours.week):
        if times:
            groups.setdefault(times, []).append(day)
    return [f"{_days(days, style)} {_times(times, style)}" for times, days in groups.items()]


def _closed_days(hours: OpeningHours, style: _Style) -> list[str]:
    days = _runs(list(hours.closed), style)
    return [*days, style.holidays] if hours.holidays else days


def _days(days: list[int], style: _Style) -> str:
    if len(days) == _WEEK:
        return style.every_day
    return _listed(_runs(days, style), style)


def _runs(days: list[int], style: _Style) -> list[str]:
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    parts: list[str] = []
    for run in runs:
        if len(run) >= _RANGE_FROM:
            first, last = style.days[run[0]], style.days[run[-1]]
            parts.append(style.day_range.format(first=first, last=last))
        else:
            parts += [style.one_day.format(day=style.days[day]) for day in run]
    return parts


def _times(times: tuple[Interval, ...], style: _Style) -> str:
    return _listed([_time(one, style) for one in times], style)


def _time(interval: Interval, style: _Style) -> str:
    if interval == ALL_DAY:
        return style.all_day
    time = style.time.format(opens=style.clock(interval.opens), closes=style.clock(interval.closes))
    passes = interval.closes > MIDNIGHT and not interval.is_plain_night
    return style.next_day.format(time=time) if passes else time


def _listed(parts: list[str], style: _Style) -> str:
    *some, last = parts
    return f"{', '.join(some)}{style.and_}{last}" if some else last
