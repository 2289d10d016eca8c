"""The one place where words are translated.

Everything that a person may read is a `Text`: an English sentence with named places, not yet in
anyone's language. It is put into words (`say`) only when it is shown, so that the language can
change while the sentence is on screen.
"""

from __future__ import annotations

import gettext
import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_CATALOGUES = Path(__file__).parent / "locale"
_DOMAIN = "ava_setup"


class Language(StrEnum):
    """A language of the wizard itself (not of the callers)."""

    FR = "fr"
    EN = "en"

    @property
    def other(self) -> Language:
        """The language that one key press leads to."""
        return Language.EN if self is Language.FR else Language.FR


@dataclass(frozen=True, slots=True)
class Written:
    """What each language writes its own way by rule, not by catalogue: an amount, opening hours.

    Attributes:
        fr: In French.
        en: In English.
    """

    fr: str
    en: str

    def for_reader(self, language: Language) -> str:
        """Give it as a reader of a language writes it."""
        return self.fr if language is Language.FR else self.en


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence still to be put into words.

    Attributes:
        msgid: The English sentence, with `{name}` places; also its key in the catalogues.
        params: What goes into the places, as (name, value) pairs; a value may be a `Text`.
    """

    msgid: str
    params: tuple[tuple[str, str | int | Text | Written], ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything to say."""
        return bool(self.msgid)


def _(msgid: str, **params: str | int | Text) -> Text:
    """Mark a sentence for the catalogues and bind its places."""
    return Text(msgid, tuple(params.items()))


def verbatim(words: str) -> Text:
    """Wrap words that are nobody's to translate: a vendor's message, a name."""
    return Text("{words}", (("words", words),)) if words else NOTHING


def written(write: Callable[[Language], str]) -> Text:
    """Wrap what is written by rule, not by catalogue, once for each language.

    Args:
        write: Gives it as a reader of a language writes it.
    """
    return Text("{words}", (("words", Written(write(Language.FR), write(Language.EN))),))


NOTHING = Text("")


def joined(first: Text, second: Text) -> Text:
    """Say two sentences after one another, or the one that there is."""
    if first and second:
        return Text("{first} {second}", (("first", first), ("second", second)))
    return first or second


def in_lines(first: Text, *others: Text) -> Text:
    """Say sentences below one another."""
    if not others:
        return first
    return Text("{first}\n{others}", (("first", first), ("others", in_lines(*others))))


class Voice:
    """Speaks one language: looks sentences up in its catalogue and fills their places."""

    def __init__(self, language: Language) -> None:
        self.language = language
        # English is the language of the source: it needs no catalogue.
        self._catalogue = (
            gettext.NullTranslations()
            if language is Language.EN
            else gettext.translation(_DOMAIN, _CATALOGUES, [language])
        )

    def speak_for_libraries(self) -> None:
        """Have libraries that use gettext's default domain, such as argparse, speak it too."""
        gettext.bindtextdomain(_DOMAIN, _CATALOGUES)
        gettext.textdomain(_DOMAIN)
        os.environ["LANGUAGE"] = self.language.value

    def __call__(self, text: Text) -> str:
        """Put a sentence into words.

        Raises:
            KeyError: The sentence has a place that nothing was given for.
        """
        if not text.msgid:
            return ""
        words = self._catalogue.gettext(text.msgid)
        if not text.params:
            return words
        filled = {name: self._filling(value) for name, value in text.params}
        return words.format_map(filled)

    def _filling(self, value: str | int | Text | Written) -> str | int:
        match value:
            case Text():
                return self(value)
            case Written():
                return value.for_reader(self.language)
            case _:
                return value


def preferred_language(asked: str | None = None, remembered: str = "") -> Language:
    """Choose the language: asked for, else `AVA_SETUP_LANG`, else remembered, else the locale's.

    Args:
        asked: What `--lang` says, if it was given.
        remembered: What was last chosen on this computer, or "".

    Returns:
        French for any French locale, English for any other.
    """
    for source in (asked, os.environ.get("AVA_SETUP_LANG"), remembered):
        if source and source[:2].lower() in tuple(Language):
            return Language(source[:2].lower())
    # POSIX precedence; LANGUAGE is GNU gettext's list of preferences.
    for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable, "")
        if value and value not in {"C", "POSIX"} and not value.startswith("C."):
            return Language.FR if value[:2].lower() == "fr" else Language.EN
    return Language.EN
