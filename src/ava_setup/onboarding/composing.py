"""Ready-made receptionists: what Ava says first, and what she is told to do.

The words live in `templates/*.toml`. The owner's own words (name, hours) are put in by one single
substitution and never read as a template, so braces or dollars in a business name stay as they are.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING

from ava_setup.onboarding.hours_said import told
from ava_setup.onboarding.profile import CallersLanguage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ava_setup.onboarding.profile import Profile

ASSISTANT_NAME_MAX = 40

# The paragraphs of the instructions, in order; `languages` is only for bilingual callers.
_PARAGRAPHS = (
    "role",
    "style",
    "languages",
    "questions",
    "urgent",
    "limits",
    "honesty",
    "hours",
    "numbers",
    "situations",
    "closing",
)

# Where France's own emergency numbers are good, and where Switzerland's are.
_FRANCE = frozenset(
    {
        *("Europe/Paris", "Europe/Monaco", "Indian/Mayotte", "Indian/Reunion"),
        *("America/Cayenne", "America/Guadeloupe", "America/Marigot", "America/Martinique"),
        *("America/Miquelon", "America/St_Barthelemy", "Pacific/Gambier", "Pacific/Marquesas"),
        *("Pacific/Noumea", "Pacific/Tahiti", "Pacific/Wallis"),
    }
)
_SWITZERLAND = frozenset({"Europe/Zurich", "Europe/Busingen"})
# Countries of numbers that say so too; those of North America are had by businesses anywhere.
_FRENCH_NUMBERS = frozenset(
    ["FR", "GF", "GP", "MC", "MF", "MQ", "NC", "PF", "PM", "RE", "BL", "WF", "YT"]
)
_NO_HINT = frozenset({"", "CA", "US"})


@dataclass(frozen=True, slots=True)
class Composition:
    """A ready-made receptionist.

    Attributes:
        greeting: The first words, without the recording notice.
        paragraphs: Those of the instructions, in order, each under its name.
    """

    greeting: str
    paragraphs: Mapping[str, str]

    @property
    def instructions(self) -> str:
        """The system prompt: paragraphs of plain prose parted by empty lines."""
        return "\n\n".join(self.paragraphs.values())

    @property
    def questions(self) -> str:
        """The paragraph of the instructions that says what to ask callers."""
        return self.paragraphs["questions"]


def compose(profile: Profile) -> Composition:
    """Write the greeting and the instructions of a business's receptionist.

    Args:
        profile: The business. Its trade and its callers' language choose the words.

    Returns:
        Both texts, in the language that callers are answered in.
    """
    words = wording(profile)
    filling = {
        **words,
        "business": _tidy(profile.business_name),
        "hours": told(profile.opening_hours, profile.callers_language.first),
        "time_zone": profile.time_zone,
    }
    bilingual = profile.callers_language is CallersLanguage.BILINGUAL
    greeting = f"{words['greeting']} {words['english_too']}" if bilingual else words["greeting"]
    return Composition(
        greeting=Template(greeting).substitute(filling),
        paragraphs={
            key: Template(words[key]).substitute(filling)
            for key in _PARAGRAPHS
            if bilingual or key != "languages"
        },
    )


def wording(profile: Profile) -> Mapping[str, str]:
    """Give the words of a business's trade in the language and country of its callers.

    Args:
        profile: The business.

    Returns:
        Each under its name in `templates/*.toml`, with the places that are still to be filled.
    """
    return _words(profile.trade, _locale(profile))


def first_words(greeting: str, language: CallersLanguage, *, recorded: bool) -> str:
    """Say what a caller hears first.

    The notice comes before the closing question, so that the caller knows before answering.

    Args:
        greeting: The greeting, ready-made or the owner's own.
        language: The language of the callers.
        recorded: Whether calls are recorded.

    Returns:
        The greeting, with the recording notice once if calls are recorded.
    """
    greeting = greeting.strip()
    if not recorded:
        return greeting
    said = _folded(greeting)
    notice = " ".join(one for one in _notices(language) if _folded(one) not in said)
    if not notice:
        return greeting
    at = _closing_questions(greeting)
    before, after = greeting[:at].rstrip(), greeting[at:]
    if before and before[-1].isalnum():
        before += "."
    return " ".join(part for part in (before, notice, after) if part)


def discloses_automation(greeting: str) -> bool:
    """Tell whether a greeting says that an automated assistant answers, in French or English."""
    plain = _without_accents(greeting).replace("’", "'")  # noqa: RUF001 - typed by word processors
    return any(not _DENIAL.search(plain, 0, found.start()) for found in _AUTOMATION.finditer(plain))


def suggested_name(profile: Profile) -> str:
    """Suggest the assistant's name: Ava and the business, within `ASSISTANT_NAME_MAX`."""
    full = f"Ava - {_tidy(profile.business_name)}"
    if len(full) <= ASSISTANT_NAME_MAX:
        return full.rstrip(_LOOSE)
    # One character more tells a word that just fits from one cut in two.
    whole_words = _without_loose_end(full[: ASSISTANT_NAME_MAX + 1].rpartition(" ")[0])
    return whole_words if whole_words != "Ava" else _without_loose_end(full[:ASSISTANT_NAME_MAX])


@cache
def _table(name: str) -> Mapping[str, Mapping[str, str]]:
    template = files("ava_setup.onboarding").joinpath("templates", f"{name}.toml")
    return tomllib.loads(template.read_text(encoding="utf-8"))


@cache
def _words(trade: str, locale: str) -> Mapping[str, str]:
    language = locale.partition("-")[0]
    common, own = _table("common"), _table(trade)
    # Later wins: a country over its language, a trade over what all trades share.
    layers = (common[language], common.get(locale, {}), own[language], own.get(locale, {}))
    return {
        key: _tidy(text) if key in _PARAGRAPHS else text
        for layer in layers
        for key, text in layer.items()
    }


def _locale(profile: Profile) -> str:
    language, zone = profile.callers_language, profile.time_zone
    if language not in {CallersLanguage.FR_FR, CallersLanguage.BILINGUAL}:
        return language.value
    # French is spoken in many a country: time zone and number tell 15 from 112, 144 and 911.
    country = profile.country
    if zone in _FRANCE and country in _FRENCH_NUMBERS | _NO_HINT:
        return CallersLanguage.FR_FR.value
    is_swiss = country == "CH" and zone.startswith("Europe/") and zone not in _FRANCE
    if is_swiss or (zone in _SWITZERLAND and country in _NO_HINT):
        return "fr-CH"
    in_america = zone.startswith(("America/", "Canada/")) and zone not in _FRANCE
    if in_america and language is CallersLanguage.BILINGUAL:
        return CallersLanguage.FR_CA.value
    # Good in all of Europe, also where zone and number disagree.
    return "fr-112"


def _notices(language: CallersLanguage) -> tuple[str, ...]:
    common = _table("common")
    french, english = common["fr"]["recording_notice"], common["en"]["recording_notice"]
    if language is CallersLanguage.BILINGUAL:
        return french, english
    return (french,) if language.speaks_french else (english,)


def _tidy(text: str) -> str:
    return " ".join(text.split())


def _without_accents(text: str) -> str:
    return "".join(
        letter
        for letter in unicodedata.normalize("NFKD", text)
        if not unicodedata.combining(letter)
    )


def _folded(text: str) -> str:
    return _tidy(_without_accents(text).casefold())


_SENTENCE_END = re.compile(r"""[.!?…](?:\s*[»”")\]])*\s+(?=\S)""")
# A full stop after a title or an initial ends no sentence: "Dr. Martin", "S.A.R.L. Martin".
_TITLE = re.compile(r"(?:^|[\s(.'-])(?:[A-ZÀ-Þ]|Drs?|Mrs?|Ms|MM|Mmes?|Mlles?|Me|Prof|Pr|Ste?)\.$")


def _closing_questions(text: str) -> int:
    """Find where the questions that end a text begin; its length when it ends otherwise."""
    starts = [0]
    for end in _SENTENCE_END.finditer(text):
        goes_on = text[end.end()].islower() or _TITLE.search(text, 0, end.start() + 1)
        if not goes_on:
            starts.append(end.end())
    closing = len(text)
    for start in reversed(starts):
        if not text[start:closing].rstrip(' »”")]').endswith("?"):
            break
        closing = start
    return closing


# Read on text without accents; only the bare "AI" minds its case, because of "j'ai".
_AUTOMATION = re.compile(
    r"""
    (?i:
      \b(?: assistante? | agente? | receptionniste | secretaire | standardiste | hotesse )
      (?: \s (?: d'accueil | de\ reception | (?!(?:au|chez|de|des|du|et|pour)\b) [\w-]+ ) )?
      \s (?: virtuel(?:le)? | automati(?:que|see?) | vocale? | numerique | digitale?
           | artificiel(?:le)? | robotisee? | conversationnel(?:le)? )s?\b
    | \b(?: systeme | service | serveur | standard | accueil | voix )
      \s (?: automati(?:que|see?) | vocale? | artificielle | synthetique | de\ synthese )\b
    | \b(?: virtual | digital | voice | ai | artificial | automatic | computer | robotic )
      [\s-] (?: (?: phone | telephone | voice | front[\s-]desk ) \s )?
      (?: assistant | receptionist | attendant | secretary | operator | agent )s?\b
    | \bautomated\b
    | \bautomatic \s (?: answering | system | service )\b
    | \bintelligence\ artificielle\b | \bartificial\ intelligence\b
    | \b(?: ia | i\.a\. | (?:ro|chat|voice|call)?bots? )(?!\w)
    | \b(?: an | by | our | your ) \s ai\b
    )
    | (?<![\w'.]) (?: AI | A\.I\. ) (?! \w | -(?i:je)\b )
    """,
    re.VERBOSE,
)
_DENIAL = re.compile(
    r"(?i)(?:\b(?:pas|jamais|sans|not|never|no)|n't)\s(?:(?:une?|an?|the)\s|d')?\Z"
)

_LOOSE = " .,;:-"
_OPEN_BRACKET = re.compile(r"\([^()]*\Z")
# What a name cut short must not end with: punctuation, or a word that calls for another.
_DANGLING = re.compile(
    r"(?i)(?:[\W_]|\s(?:and|at|by|for|in|of|the|à|au|aux|chez|de|des|du|en|et|la|le|les|sur)\b)+\Z"
)


def _without_loose_end(name: str) -> str:
    return _DANGLING.sub("", _OPEN_BRACKET.sub("", name))
