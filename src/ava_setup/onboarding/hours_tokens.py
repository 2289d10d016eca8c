"""The words and figures in which people write opening hours, in French and English."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Strange(Exception):
    """A word that opening hours are not made of."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the week.

    Attributes:
        number: 0 is Monday.
        english: Whether its name is English only.
    """

    number: int
    english: bool = False


@dataclass(frozen=True, slots=True)
class Days:
    """Several days under one name."""

    days: frozenset[int]
    english: bool = False


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day, as it was written.

    Attributes:
        hour: The figure before the minutes, unchecked.
        minute: The minutes, unchecked.
        half: "am", "pm", or "" when it does not say.
        bare: Whether neither a half of the day nor an "h" stands with it.
        typed: How it was written.
        english: Whether it is written as only English does.
    """

    hour: int
    minute: int
    half: str
    bare: bool
    typed: str
    english: bool = False


class Mark(Enum):
    """Every other word that means something."""

    RANGE = auto()
    SLASH = auto()
    AND = auto()
    COMMA = auto()
    STOP = auto()
    CLOSED = auto()
    EXCEPT = auto()
    ALL_DAY = auto()
    HOLIDAYS = auto()
    NEXT_DAY = auto()
    PART = auto()


Token = Day | Days | Clock | Mark

_EVERY_DAY = frozenset(range(7))
_WORKING = frozenset(range(5))
_WEEKEND = frozenset({5, 6})

_FRENCH_DAYS = (
    r"lun(?:dis?)?|lu",
    r"mar(?:dis?)?|ma",
    r"mer(?:credis?)?|me",
    r"jeu(?:dis?)?|je",
    r"ven(?:dredis?)?|ve",
    r"sam(?:edis?)?|sa",
    r"dim(?:anches?)?|di",
)
# No "we" for Wednesday: French writes WE for the week-end.
_ENGLISH_DAYS = (
    r"mon(?:days?)?|mo",
    r"tue(?:s(?:days?)?)?|tu",
    r"wed(?:s|nesdays?)?",
    r"thu(?:r(?:s(?:days?)?)?)?|th",
    r"fri(?:days?)?|fr",
    r"sat(?:urdays?)?",
    r"sun(?:days?)?|su",
)

# All of these are read on small letters without accents, dashes all alike, single blanks.
_ALL_DAY = (
    r"24 ?(?:h|heures)? ?(?:/|sur) ?24 ?(?:h\b|heures\b)?(?![0-9])"
    r"|jour et nuit\b|nuit et jour\b|(?:24|twenty-four) hours(?: a day)?\b|around the clock\b"
)
_EVERY = (
    r"tous les jours\b|chaque jour\b|toute la semaine\b"
    r"|7 ?j(?:ours?)? ?(?:/|sur) ?7\b|7 ?(?:/|sur) ?7 ?j(?:ours?)?\b|7 ?/ ?7(?![0-9])"
)
_CLOCK = (
    r"(?P<hour>[0-9]{1,2})"
    r"(?:h(?P<h_min>[0-9]{2})(?:mn|min)?(?![0-9a-z])"
    # "9 h 30", but "9 h 14 h" are two times.
    r"| h (?P<apart>[0-9]{2})(?![0-9])(?! ?(?:h|:))(?: ?(?:mn|min)\b)?"
    r"| heures? (?P<spelt>[0-9]{2})(?![0-9])(?! ?(?:h|:))"
    r"| ?(?P<mark>h|heures?|hrs?)(?![0-9a-z])"
    r"|[:.](?P<colon>[0-9]{2})(?![0-9])"
    # "0930": quarters of an hour only, for a year is no time.
    r"|(?P<joined>00|15|30|45)(?<=[0-9]{4})(?![0-9h:])"
    r"|(?![0-9h]))"
    r"(?: ?(?P<am>am\b|a\.m\b\.?|du matin\b)"
    r"| ?(?P<pm>pm\b|p\.m\b\.?|du soir\b|de l'apres[ -]?midi\b))?"
)
_FILLER = (
    r"horaires?(?: d'ouverture)?\b|heures d'ouverture\b|ouvert(?:e|s|es)?\b|ouverture\b"
    r"|nous sommes\b|de\b|du\b|des\b|d'|les?\b|la\b|l'|:"
    r"|opening (?:hours|times)\b|hours\b|open(?:ed)?\b|we(?:'re| are)\b|from\b|on\b|at\b|the\b"
)

# First match wins.
_SPELLINGS: tuple[tuple[str, str], ...] = (
    ("always", r"24 ?h? ?/ ?7(?: ?j)?(?: ?/ ?365)?(?![0-9])"),
    ("all_day", _ALL_DAY),
    (
        "every_day_en",
        r"every ?day\b|daily\b|all week\b|(?:7|seven) days a week\b|(?:7|seven) days\b",
    ),
    ("every_day", _EVERY),
    ("working_en", r"(?:on )?week ?days?\b|m ?- ?f\b"),
    ("weekend", r"week[ -]?ends?\b|fins? de semaine\b"),
    ("working", r"(?:en )?semaine\b|jours ouvres\b|l ?- ?v\b"),
    ("to_saturday", r"l ?- ?s\b"),
    ("holidays", r"(?:jours )?feries?\b|(?:public |bank )?holidays\b"),
    ("next_day", r"(?:(?:le|du) )?lendemain\b|(?:the )?next day\b"),
    ("closed", r"ferme(?:e|s|es)?\b|fermeture\b|closed\b"),
    ("except", r"sauf\b|excepte\b|hormis\b|hors\b|a l'exception d[eu]s?\b|except(?: for| on)?\b"),
    (
        "pause",
        r"sans interruption\b|non[ -]?stop\b|en continu\b|journee continue\b|without a break\b",
    ),
    ("part", r"(?:l')?apres[ -]?midis?\b|matins?\b|soirs?\b|mornings?\b|afternoons?\b|evenings?\b"),
    *((f"fr_day_{number}", rf"(?:{names})\b\.?") for number, names in enumerate(_FRENCH_DAYS)),
    *((f"en_day_{number}", rf"(?:{names})\b\.?") for number, names in enumerate(_ENGLISH_DAYS)),
    ("noon_en", r"(?:12 ?)?(?:noon|midday)\b"),
    ("noon", r"midi\b"),
    ("midnight_en", r"(?:12 ?)?midnight\b"),
    ("midnight", r"minuit\b"),
    ("clock", _CLOCK),
    ("range", r"-|→|jusqu'a\b|au?\b|to\b|till?\b|until\b|through\b|thru\b"),
    ("slash", r"/"),
    ("comma", r","),
    ("and", r"&|\+|et\b|and\b"),
    ("stop", r"[;|.()•·\n]|puis\b|then\b"),
    ("filler", _FILLER),
)
_MARKS = {
    "range": Mark.RANGE,
    "slash": Mark.SLASH,
    "and": Mark.AND,
    "comma": Mark.COMMA,
    "stop": Mark.STOP,
    "closed": Mark.CLOSED,
    "except": Mark.EXCEPT,
    "all_day": Mark.ALL_DAY,
    "holidays": Mark.HOLIDAYS,
    "next_day": Mark.NEXT_DAY,
    "part": Mark.PART,
}
_SEVERAL = {
    "every_day": Days(_EVERY_DAY),
    "every_day_en": Days(_EVERY_DAY, english=True),
    "working": Days(_WORKING),
    "working_en": Days(_WORKING, english=True),
    "weekend": Days(_WEEKEND),
    "to_saturday": Days(frozenset(range(6))),
}
_TYPED_DASHES = "‐‑‒–—―−~"  # noqa: RUF001 - what word processors type


def tokens_of(typed: str) -> tuple[Token, ...]:
    """Take opening hours apart.

    Raises:
        Strange: Something in it is no part of opening hours.
    """
    return tuple(_tokens(_folded(typed)))


def is_english(tokens: tuple[Token, ...]) -> bool:
    """Whether figures are to be read as English writes them, "9-5" ending in the afternoon."""
    return any(isinstance(one, Day | Days | Clock) and one.english for one in tokens)


@cache
def _token_pattern() -> re.Pattern[str]:
    # Made when first asked for: it takes longer than the rest of the module.
    return re.compile("|".join(f"(?P<{name}>{spelling})" for name, spelling in _SPELLINGS))


def _tokens(text: str) -> Iterator[Token]:
    at = 0
    while at < len(text):
        if text[at] == " ":
            at += 1
            continue
        found = _token_pattern().match(text, at)
        # A letter right after a letter is the rest of some other word.
        if found is None or (at and text[at - 1 : at + 1].isalpha()):
            raise Strange(text[at:])
        at = found.end()
        yield from _token(found)


def _token(found: re.Match[str]) -> Iterator[Token]:
    kind = next(name for name, _spelling in _SPELLINGS if found[name] is not None)
    language, _day, number = kind.partition("_day_")
    if number.isdigit():
        yield Day(int(number), english=language == "en")
    elif kind == "always":
        yield from (_SEVERAL["every_day"], Mark.ALL_DAY)
    elif kind in _SEVERAL:
        yield _SEVERAL[kind]
    elif kind in _MARKS:
        yield _MARKS[kind]
    elif kind == "clock":
        yield _clock(found)
    elif kind.startswith(("noon", "midnight")):
        hour = 12 if kind.startswith("noon") else 0
        yield Clock(hour, 0, "", bare=False, typed=found[0], english=kind.endswith("_en"))


def _clock(found: re.Match[str]) -> Clock:
    minutes = (found[name] for name in ("h_min", "apart", "spelt", "colon", "joined"))
    half = "am" if found["am"] else "pm" if found["pm"] else ""
    has_h = any(found[name] for name in ("h_min", "apart", "spelt", "mark"))
    return Clock(
        hour=int(found["hour"]),
        minute=int(next((figure for figure in minutes if figure), "0")),
        half=half,
        bare=not (half or has_h),
        typed=found[0].strip(),
        english=bool(half) and (found["am"] or found["pm"])[0] in "ap",
    )


def _folded(typed: str) -> str:
    lines = (" ".join(line.split()) for line in typed.strip().splitlines())
    text = unicodedata.normalize("NFKD", "\n".join(lines)).casefold()
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    text = text.translate({ord(dash): "-" for dash in _TYPED_DASHES} | {ord("’"): "'"})  # noqa: RUF001
    return re.sub(" +", " ", text)
