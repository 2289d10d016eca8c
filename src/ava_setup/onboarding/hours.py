"""Opening hours, read the way people write them on their door.

The libraries there are (opening-hours-py, osm-humanized-opening-hours) read OpenStreetMap's
notation, which nobody puts on a door, and those that read English words drop what they do not
know. Here every word counts: what is not understood as a whole is not understood at all, and is
then told to callers as it was typed. Nothing is guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from ava_setup.onboarding.hours_tokens import (
    Clock,
    Day,
    Days,
    Mark,
    Strange,
    is_english,
    tokens_of,
)
from ava_setup.words import Text, _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ava_setup.onboarding.hours_tokens import Token

MIDNIGHT = 24 * 60
_NOON = 12 * 60
_EVERY_DAY = frozenset(range(7))
_TWO = 2
_PARTING = frozenset({Mark.AND, Mark.COMMA, Mark.STOP})
# A night that everybody understands: begun after noon, over by six.
_NIGHT_ENDS = 6 * 60
# "1-5" in English is hardly ever before dawn; from seven on, the figure means the morning.
_MORNING = 7 * 60
_EARLY_EVENING = 6 * 60

DAY_NAMES: tuple[Text, ...] = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """A time during which a business is open.

    Attributes:
        opens: Minutes after midnight, 0 to 1439.
        closes: Minutes after that same midnight; beyond 1440 on the next day.
    """

    opens: int
    closes: int

    def __post_init__(self) -> None:
        longest = MIDNIGHT if self.opens == 0 else MIDNIGHT - 1
        if not (0 <= self.opens < MIDNIGHT and 0 < self.closes - self.opens <= longest):
            raise ValueError(f"no time of opening: {self.opens} to {self.closes}")

    @property
    def is_plain_night(self) -> bool:
        """Whether it passes midnight the way that needs no explaining."""
        return _is_plain_night(self.opens, self.closes - MIDNIGHT)


ALL_DAY = Interval(0, MIDNIGHT)


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """A week's opening hours.

    Attributes:
        week: The times of each day from Monday on, in order, apart from one another; a day
            without any is closed.
        holidays: Whether it is said that public holidays are closed.
    """

    week: tuple[tuple[Interval, ...], ...]
    holidays: bool = False

    def __post_init__(self) -> None:
        apart = all(one.closes < other.opens for day in self.week for one, other in pairwise(day))
        if len(self.week) != len(DAY_NAMES) or not any(self.week) or not apart:
            raise ValueError("no week of opening hours")

    @property
    def closed(self) -> tuple[int, ...]:
        """The days without any time, Monday being 0."""
        return tuple(day for day, times in enumerate(self.week) if not times)


@dataclass(frozen=True, slots=True)
class Unclear:
    """What cannot be read for certain; callers are told it as it was typed.

    Attributes:
        note: What to say about it.
    """

    note: Text


@dataclass(frozen=True, slots=True)
class Impossible:
    """What can be read, and cannot be meant.

    Attributes:
        note: What is wrong.
    """

    note: Text


UNREADABLE = _("We could not read these hours: Ava will say them as you wrote them.")


def understand(typed: str) -> OpeningHours | Unclear | Impossible:
    """Read opening hours in French or English, in any of the usual spellings.

    Args:
        typed: Anything at all.

    Returns:
        The hours, or why they cannot be told.
    """
    try:
        return _Reader(tokens_of(typed)).hours()
    except Strange:
        return Unclear(UNREADABLE)
    except _Puzzled as puzzle:
        return puzzle.verdict


class _Puzzled(Exception):
    """Reading ends here."""

    def __init__(self, verdict: Unclear | Impossible) -> None:
        super().__init__(verdict)
        self.verdict = verdict


def _unclear(note: Text = UNREADABLE) -> _Puzzled:
    return _Puzzled(Unclear(note))


def _impossible(note: Text) -> _Puzzled:
    return _Puzzled(Impossible(note))


@dataclass(frozen=True, slots=True)
class _Named:
    """Days, and whether public holidays are among them."""

    days: frozenset[int]
    holidays: bool = False


@dataclass(frozen=True, slots=True)
class _Rule:
    days: frozenset[int]
    times: tuple[Interval, ...]


class _Reader:
    """Reads clauses: days and their times, times and their days, and what is closed."""

    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self._tokens = tokens
        self._at = 0
        self._english = is_english(tokens)
        self._rules: list[_Rule] = []
        self._exceptions: list[_Rule] = []
        self._closed: set[int] = set()
        self._holidays = False
        self._usual: tuple[Interval, ...] = ()
        self._slashed = False

    # Tokens

    def _next(self, ahead: int = 0) -> Token | None:
        place = self._at + ahead
        return self._tokens[place] if place < len(self._tokens) else None

    def _take(self, *marks: Mark) -> bool:
        if self._next() in marks:
            self._at += 1
            return True
        return False

    def _names_a_day(self, ahead: int = 0) -> bool:
        token = self._next(ahead)
        return isinstance(token, Day | Days) or token is Mark.HOLIDAYS

    def _tells_a_time(self, ahead: int = 0) -> bool:
        token = self._next(ahead)
        if token is Mark.PART:
            return isinstance(self._next(ahead + 1), Clock)
        return isinstance(token, Clock) or token is Mark.ALL_DAY

    def _skip_before_time(self) -> None:
        if self._next() in _PARTING and self._tells_a_time(1):
            self._at += 1

    # Clauses

    def hours(self) -> OpeningHours:
        times_first = self._tells_a_time()
        while self._next() is not None:
            if self._take(*_PARTING) or self._is_dash_between():
                continue
            if self._take(Mark.CLOSED):
                self._closing()
            elif self._take(Mark.EXCEPT):
                self._exception()
            elif self._names_a_day() and not times_first:
                self._days_then_times()
            elif self._tells_a_time() and times_first:
                self._times_then_days()
            else:
                raise _unclear()
        return self._settled()

    def _is_dash_between(self) -> bool:
        """Take a dash between one day's times and the next day: "Mon 9-12 - Tue 2-6"."""
        return bool(self._rules) and self._names_a_day(1) and self._take(Mark.RANGE)

    def _days_then_times(self) -> None:
        named = self._named()
        without = _Named(frozenset())
        if self._take(Mark.EXCEPT):
            without = self._named()
        self._skip_before_time()
        if self._take(Mark.CLOSED):
            if without.days or without.holidays:
                raise _unclear()
            self._close(named)
        elif named.holidays:
            raise _unclear()
        elif self._tells_a_time():
            self._close(_Named(frozenset(), without.holidays))
            self._closed |= without.days & named.days
            self._rules.append(_Rule(named.days - without.days, self._times()))
        elif self._next() is None or self._next() in _PARTING:
            day = DAY_NAMES[min(named.days)]
            raise _unclear(_("At what time? Add it after “{day}”.", day=day))
        else:
            raise _unclear()

    def _times_then_days(self) -> None:
        times = self._times()
        if self._next() in _PARTING and self._names_a_day(1):
            self._at += 1
        if self._names_a_day():
            named = self._named()
            if named.holidays:
                raise _unclear()
            self._rules.append(_Rule(named.days, times))
        elif self._usual:
            raise _unclear()
        else:
            self._usual = times

    def _closing(self) -> None:
        """Take the days after the word "closed"; the last of them may belong to the times."""
        groups = [self._named(apart=True)]
        last = self._at
        while self._next() in _PARTING and self._names_a_day(1):
            last = self._at
            self._at += 1
            groups.append(self._named(apart=True))
        self._skip_before_time()
        if self._tells_a_time() or self._next() in {Mark.CLOSED, Mark.PART}:
            # "Closed Sunday, Monday, Tuesday 9-6" may be meant in two ways.
            self._at = last
            if len(groups) == 1 or (len(groups) > _TWO and self._next() is not Mark.STOP):
                raise _unclear()
            groups.pop()
        for group in groups:
            self._close(group)

    def _exception(self) -> None:
        named = self._named()
        if self._tells_a_time():
            if named.holidays:
                raise _unclear()
            self._exceptions.append(_Rule(named.days, self._times()))
            if self._names_a_day():
                raise _unclear()
        else:
            self._close(named)

    def _close(self, named: _Named) -> None:
        self._closed |= named.days
        self._holidays |= named.holidays

    # Days

    def _named(self, *, apart: bool = False) -> _Named:
        """Take a list of days; with `apart`, only as far as the next comma."""
        joining = {Mark.AND} if apart else {Mark.AND, Mark.COMMA}
        days, holidays = self._days_or_holidays()
        while self._names_a_day() or (self._next() in joining and self._names_a_day(1)):
            self._take(*joining)
            more, also = self._days_or_holidays()
            days, holidays = days | more, holidays or also
        return _Named(days, holidays)

    def _days_or_holidays(self) -> tuple[frozenset[int], bool]:
        if self._take(Mark.HOLIDAYS):
            return frozenset(), True
        token = self._next()
        if isinstance(token, Days):
            self._at += 1
            return token.days, False
        if not isinstance(token, Day):
            raise _unclear()
        self._at += 1
        last = self._next(1)
        if self._next() is Mark.RANGE and isinstance(last, Day):
            self._at += 2
            length = (last.number - token.number) % 7
            return frozenset((token.number + n) % 7 for n in range(length + 1)), False
        return frozenset({token.number}), False

    # Times

    def _times(self) -> tuple[Interval, ...]:
        if self._take(Mark.ALL_DAY):
            return (ALL_DAY,)
        told: list[tuple[Interval, str]] = []
        while True:
            self._take(Mark.PART)
            told.append(self._interval(told[-1][0].closes if told else None))
            self._take(Mark.PART)
            if not isinstance(self._next(), Clock):
                # "9h/12h - 14h/18h"
                parting = _PARTING | {Mark.RANGE if self._slashed else Mark.SLASH}
                parted = self._next() in parting and self._next(1) is not Mark.ALL_DAY
                if not parted or not self._tells_a_time(1):
                    return _in_order(told)
                self._at += 1

    def _interval(self, after: int | None) -> tuple[Interval, str]:
        first, between, last = self._next(), self._next(1), self._next(2)
        if not isinstance(first, Clock) or not isinstance(last, Clock):
            raise _unclear()
        # "6/7" is no time of opening but days of a week, or a date.
        if between is not Mark.RANGE and (between is not Mark.SLASH or first.bare or last.bare):
            raise _unclear()
        self._at += 3
        self._slashed = between is Mark.SLASH
        opens, closes = _halves(first, last, after) if self._english else _figures(first, last)
        opens %= MIDNIGHT
        told = f"{first.typed}-{last.typed}"
        if closes % MIDNIGHT == 0:
            closes = MIDNIGHT
        if closes <= opens:
            is_next_day = self._take(Mark.NEXT_DAY)
            if closes == opens or not (is_next_day or _is_plain_night(opens, closes)):
                raise _impossible(
                    _(
                        "{times} ends before it begins. Open past midnight? Add “next day”.",
                        times=told,
                    )
                )
            closes += MIDNIGHT
        elif self._next() is Mark.NEXT_DAY:
            raise _unclear()
        return Interval(opens, closes), told

    # The week

    def _settled(self) -> OpeningHours:
        self._take_usual()
        given: dict[int, _Rule] = {}
        for rule in self._rules:
            if rule.days and rule.days <= self._closed:
                raise _unclear(_twice(min(rule.days)))
            for day in sorted(rule.days):
                given[day] = _together(day, given.get(day), rule)
        for rule in self._exceptions:
            given |= dict.fromkeys(rule.days, rule)
        week = tuple(
            given[day].times if day in given and day not in self._closed else ()
            for day in range(len(DAY_NAMES))
        )
        if not any(week):
            raise _unclear(_("Add the days and times at which you are open."))
        return OpeningHours(week, self._holidays)

    def _take_usual(self) -> None:
        """Give times that stand without days to the days that are not closed."""
        if not self._usual:
            return
        says_when = self._closed or self._exceptions or self._usual == (ALL_DAY,)
        if self._rules:
            raise _unclear()
        if not says_when:
            raise _unclear(_("On which days? Add them, for example Mon-Fri."))
        self._rules.append(_Rule(_EVERY_DAY - frozenset(self._closed), self._usual))


def _is_plain_night(opens: int, closes: int) -> bool:
    return opens >= _NOON and 0 < closes <= _NIGHT_ENDS


def _in_order(told: list[tuple[Interval, str]]) -> tuple[Interval, ...]:
    """Put the times of a day in order, joining those that touch."""
    told = sorted(told)
    times = [told[0][0]]
    for (_one, said), (interval, also_said) in pairwise(told):
        last = times[-1]
        if interval.opens < last.closes:
            raise _impossible(
                _("{first} and {second} overlap.", first=said, second=also_said),
            )
        if interval.opens == last.closes and interval.closes - last.opens < MIDNIGHT:
            times[-1] = Interval(last.opens, interval.closes)
        elif interval.opens == last.closes:
            raise _unclear()
        else:
            times.append(interval)
    return tuple(times)


def _together(day: int, earlier: _Rule | None, later: _Rule) -> _Rule:
    """Say what holds for a day that two clauses name.

    A day taken out of several ("Mon-Fri 9-6, Wed 9-12") has the later hours. The same days once
    more ("Mon-Fri 9-12, Mon-Fri 2-6") have both.
    """
    if earlier is None or earlier.times == later.times:
        return later
    overlap = any(
        one.opens < other.closes and other.opens < one.closes
        for one in earlier.times
        for other in later.times
    )
    if overlap and later.days < earlier.days:
        return later
    if not overlap and later.days == earlier.days:
        return _Rule(later.days, tuple(_merged(earlier.times + later.times)))
    raise _unclear(_twice(day))


def _merged(times: tuple[Interval, ...]) -> Iterator[Interval]:
    told = [(one, "") for one in times]
    yield from _in_order(told)


def _twice(day: int) -> Text:
    return _("{day} is there twice: write all its times together.", day=DAY_NAMES[day])


# What a figure means


def _figure(clock: Clock) -> int:
    """Give the minute that a time of day stands for.

    Raises:
        _Puzzled: There is no such time.
    """
    in_half = clock.half and not 1 <= clock.hour <= 12  # noqa: PLR2004 - a clock's face
    if in_half or clock.hour * 60 + clock.minute > MIDNIGHT or clock.minute > 59:  # noqa: PLR2004
        raise _impossible(_("“{time}” is no time of day: hours go from 0 to 24.", time=clock.typed))
    if not clock.half:
        return clock.hour * 60 + clock.minute
    return (clock.hour % 12) * 60 + clock.minute + (_NOON if clock.half == "pm" else 0)


def _figures(first: Clock, last: Clock) -> tuple[int, int]:
    return _figure(first), _figure(last)


def _halves(first: Clock, last: Clock, after: int | None) -> tuple[int, int]:
    """Read times as English writes them, where "9-5" is from morning to afternoon.

    Args:
        first: When it opens.
        last: When it closes.
        after: Until when it was open before, in minutes, or None.
    """
    opens, closes = _figure(first), _figure(last)
    on_a_face = _NOON + 59
    if max(first.bare and opens, last.bare and closes) > on_a_face:
        return opens, closes
    if first.bare and last.bare:
        opens = _bare_opening(opens, after)
    elif first.bare and last.half:
        opens = _opening_before(opens, closes, last)
    if last.bare:
        closes = min(
            (time for time in (closes, closes + _NOON) if time > opens), default=closes % _NOON
        )
    return opens, closes


_WHICH_HALF = _("Morning or afternoon? Add am or pm to each time.")


def _bare_opening(opens: int, after: int | None) -> int:
    if after is not None and opens < after:
        return opens + _NOON
    if 0 < opens < _MORNING and after is None:
        raise _unclear(_WHICH_HALF)
    return opens


def _opening_before(opens: int, closes: int, last: Clock) -> int:
    """Read "2" in "2-5pm": in the same half of the day where that is possible."""
    same = opens % _NOON + (_NOON if last.half == "pm" else 0)
    if last.half == "am" or same >= closes:
        if closes <= opens or (last.half == "am" and closes == 0):
            raise _unclear(_WHICH_HALF)
        return opens
    if _EARLY_EVENING <= same - _NOON < _NOON and opens < _NOON:
        raise _unclear(_WHICH_HALF)
    return same
