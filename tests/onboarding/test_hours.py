"""Opening hours as people write them: read for certain, or left as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings, strategies as st

from ava_setup.onboarding.hours import (
    ALL_DAY,
    Impossible,
    Interval,
    OpeningHours,
    Unclear,
    understand,
)
from ava_setup.onboarding.hours_said import shown, spoken, told
from ava_setup.words import Language, Text, Voice

if TYPE_CHECKING:
    from collections.abc import Callable

FR, EN = Language.FR, Language.EN
NO_BREAK = "\u00a0"


def week(hours: str) -> str:
    """Write a week out, so that a table can be read: "1-5 09:00-12:00,14:00-18:00"."""
    read = understand(hours)
    assert isinstance(read, OpeningHours), (hours, read)
    days: dict[str, str] = {}
    for day, times in enumerate(read.week, start=1):
        said = ",".join(f"{_clock(one.opens)}-{_clock(one.closes)}" for one in times)
        if said:
            days[said] = days.get(said, "") + str(day)
    written = " ".join(f"{numbers} {said}" for said, numbers in days.items())
    return f"{written} PH" if read.holidays else written


def _clock(minute: int) -> str:
    return f"{minute // 60}" if minute % 60 == 0 else f"{minute // 60}:{minute % 60:02}"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        # As in French
        ("lun-ven 9h-18h, sam 9-12", "12345 9-18 6 9-12"),
        ("Lundi au vendredi 9 h à 12 h 30 et 13 h 30 à 18 h", "12345 9-12:30,13:30-18"),
        ("du lundi au vendredi de 8h30 à 12h et de 14h à 18h", "12345 8:30-12,14-18"),
        ("tous les jours sauf dimanche 9h-19h", "123456 9-19"),
        ("tous les jours 9h-19h sauf dimanche 9h-12h", "123456 9-19 7 9-12"),
        ("9h-18h, fermé le mercredi", "124567 9-18"),
        ("7j/7 8-20", "1234567 8-20"),
        ("lun–ven 9h00—18h00", "12345 9-18"),  # noqa: RUF001 - word processors type these
        ("LUN.-VEN. : 9.30-12.30 / 14:00-18:00", "12345 9:30-12:30,14-18"),
        ("lun-ven 9h/12h - 14h/18h", "12345 9-12,14-18"),
        ("lun-ven 9h-midi, 14h-minuit", "12345 9-12,14-24"),
        ("ven-sam 22h-2h", "56 22-26"),
        ("lun-ven 18h-9h le lendemain", "12345 18-33"),
        ("Mardi : 14h-18h\nMercredi : fermé\nJeudi : 9h-12h", "2 14-18 4 9-12"),
        ("du mardi au samedi 9h-19h sans interruption. Fermé dimanche et lundi.", "23456 9-19"),
        ("fermé dimanche, lundi-samedi 9-18", "123456 9-18"),
        ("lun-sam 9h-19h, fermé dimanche et jours fériés", "123456 9-19 PH"),
        ("lun-ven 9-18, mer 9-12", "1245 9-18 3 9-12"),
        ("lun-ven 9-12, lun-ven 14-18", "12345 9-12,14-18"),
        ("lun-ven 9-12 le matin, 14-18 l’après-midi", "12345 9-12,14-18"),  # noqa: RUF001
        ("lun-ven 8h-12h - sam 9h-12h", "12345 8-12 6 9-12"),
        ("sam-lun 9h-12h, 12h-18h", "167 9-18"),
        ("en semaine 9h-18h, week-end 10h-16h", "12345 9-18 67 10-16"),
        ("24h/24 7j/7", "1234567 0-24"),
        ("lun-ven 24h/24", "12345 0-24"),
        # As in English
        ("mon-fri 9am-5pm; sat 9-noon", "12345 9-17 6 9-12"),
        ("24/7", "1234567 0-24"),
        ("9-5 Mon-Fri", "12345 9-17"),
        ("Monday to Friday, 9:00 a.m. to 5:30 p.m.", "12345 9-17:30"),
        ("mon-fri 9-12, 1-5", "12345 9-12,13-17"),
        ("Mon-Fri 9-17", "12345 9-17"),
        ("tue-sat 2-5pm", "23456 14-17"),
        ("every day except Sunday and public holidays 9am-7pm", "123456 9-19 PH"),
        ("0900-1730 weekdays", "12345 9-17:30"),
        ("Sat 10pm-2", "6 22-26"),
    ],
)
def test_hours_are_read_the_way_people_write_them(typed: str, meant: str) -> None:
    assert week(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "sur rendez-vous",
        "lun-ven 9h-18h et sur rendez-vous",
        "lun-ven 9h-18h, nocturne le jeudi",
        "lun-sam 9h-18h, fermé le mercredi après-midi",
        "lun-ven 6/7",
        "9/12 14/18 lun",
        "lun-ven 9h 14h",
        "2024-2025 lun-ven",
        "mars 9h-18h",
        "we 9h-12h",
        "fermé",
        "{9} à $12 \\1",
        "9h-18h lun-ven, sam 9h-12h",
    ],
)
def test_what_is_not_understood_as_a_whole_is_left_as_it_was_typed(typed: str) -> None:
    read = understand(typed)
    assert isinstance(read, Unclear)
    assert "as you wrote them" in Voice(EN)(read.note)
    assert told(typed, FR) == typed


@pytest.mark.parametrize(
    ("typed", "asks"),
    [
        ("9h-18h", "On which days?"),
        ("lun-ven 9h-18h, sam", "At what time? Add it after “Saturday”"),
        ("fermé le mercredi", "Add the days and times"),
        ("mon-fri 1-5", "Morning or afternoon?"),
        ("mon-fri 8-11pm", "Morning or afternoon?"),
        ("lun-ven 9-12, mer 14-18", "Wednesday is there twice"),
        ("lundi 9-12, lundi fermé", "Monday is there twice"),
    ],
)
def test_what_may_be_meant_in_two_ways_is_asked_and_not_guessed(typed: str, asks: str) -> None:
    read = understand(typed)
    assert isinstance(read, Unclear)
    assert asks in Voice(EN)(read.note)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("lun-ven 25h-26h", "“25h” is no time of day"),
        ("lun-ven 9h75-18h", "“9h75” is no time of day"),
        ("mon 13pm-15pm", "“13pm” is no time of day"),
        ("lun-ven 18h-9h", "18h-9h ends before it begins"),
        ("lun-ven 9h-9h", "9h-9h ends before it begins"),
        ("lundi 9h-13h, 12h-18h", "9h-13h and 12h-18h overlap"),
    ],
)
def test_what_cannot_be_meant_is_named_with_what_is_wrong(typed: str, says: str) -> None:
    read = understand(typed)
    assert isinstance(read, Impossible)
    assert says in Voice(EN)(read.note)


@pytest.mark.parametrize(
    ("typed", "language", "in_short", "aloud"),
    [
        (
            "lun-ven 9h-18h, sam 9-12",
            FR,
            "lundi–vendredi 9 h–18 h, samedi 9 h–12 h",  # noqa: RUF001
            "du lundi au vendredi de 9 h à 18 h ; le samedi de 9 h à 12 h ; fermé le dimanche",
        ),
        (
            "lun mar jeu 9h-12h, fermé jours fériés",
            EN,
            "Monday, Tuesday and Thursday 9 am–noon, closed on public holidays",  # noqa: RUF001
            "Monday, Tuesday and Thursday from 9 am to noon; "  # noqa: ISC004 - one sentence
            "closed Wednesday, Friday to Sunday and public holidays",
        ),
        ("24/7", FR, "7 j/7, 24 h/24", "tous les jours, 24 heures sur 24"),
    ],
)
def test_hours_are_shown_in_short_and_said_in_full(
    typed: str, language: Language, in_short: str, aloud: str
) -> None:
    read = understand(typed)
    assert isinstance(read, OpeningHours)
    assert shown(read, language).replace(NO_BREAK, " ") == in_short
    assert told(typed, language) == aloud


@st.composite
def day(draw: st.DrawFn) -> tuple[Interval, ...]:
    cuts = sorted(draw(st.lists(st.integers(0, 1439), max_size=6, unique=True)))
    times = [Interval(*pair) for pair in zip(cuts[::2], cuts[1::2], strict=False)]
    if times:
        # The last one may go on past midnight.
        last = times[-1]
        latest = 1440 if last.opens == 0 else last.opens + 1439
        times[-1] = Interval(last.opens, draw(st.integers(last.opens + 1, latest)))
    return tuple(times)


WEEKS = st.one_of(
    st.lists(day() | st.just((ALL_DAY,)), min_size=7, max_size=7),
    # Weeks like those of real businesses: few kinds of day.
    st.tuples(day(), day(), st.lists(st.booleans(), min_size=7, max_size=7)).map(
        lambda three: [three[which] for which in three[2]]
    ),
).filter(any)


@settings(max_examples=150, deadline=None)
@given(WEEKS, st.booleans(), st.sampled_from(Language), st.sampled_from([shown, spoken]))
def test_whatever_is_shown_or_said_is_read_back_as_the_same_hours(
    days: list[tuple[Interval, ...]],
    holidays: bool,  # noqa: FBT001 - hypothesis passes it
    language: Language,
    say: Callable[[OpeningHours, Language], str],
) -> None:
    hours = OpeningHours(tuple(days), holidays)
    assert understand(say(hours, language)) == hours


WORDS = st.sampled_from(
    [
        *("lun", "mar", "ven", "dim", "mon", "sat", "fermé", "closed", "sauf", "except", "fériés"),
        *("9", "9h", "12h30", "25", "5pm", "noon", "minuit", "24/7", "7j/7", "lendemain", "matin"),
        *("-", "\u2013", "/", "à", "au", "to", "et", "le", ",", ";", ".", "(", ":", "\u00b2", ""),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60) | st.lists(WORDS, max_size=14).map(" ".join))
def test_anything_at_all_can_be_typed(typed: str) -> None:
    read = understand(typed)
    if isinstance(read, OpeningHours):
        assert understand(shown(read, FR)) == read
    else:
        assert isinstance(read.note, Text)
        assert told(typed, EN) == " ".join(typed.split())
