"""Every word on screen exists in French and in English."""

from __future__ import annotations

import io
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

import ava_setup
from ava_setup.words import (
    NOTHING,
    Language,
    Text,
    Voice,
    _,
    preferred_language,
    verbatim,
    written,
)

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

PACKAGE = Path(ava_setup.__file__).parent
FRENCH = PACKAGE / "locale" / "fr" / "LC_MESSAGES" / "ava_setup.po"
_PLACE = re.compile(r"\{(\w+)\}|%\((\w+)\)s|%[sr]")


@cache
def sentences() -> frozenset[str]:
    """All sentences of the source."""
    found = extract_from_dir(PACKAGE, keywords={"_": None})
    return frozenset(str(message) for _file, _line, message, _comments, _context in found)


@cache
def catalogue() -> Catalog:
    """The French catalogue."""
    with FRENCH.open("rb") as file:
        return read_po(file, locale="fr")


@pytest.mark.source_tree
def test_every_sentence_has_a_french_translation() -> None:
    translated = {str(message.id) for message in catalogue() if message.id and message.string}
    assert sorted(sentences() - translated) == []


@pytest.mark.source_tree
def test_the_french_catalogue_has_no_sentence_that_the_source_has_not() -> None:
    known = {str(message.id) for message in catalogue() if message.id}
    assert sorted(known - sentences()) == []
    assert not catalogue().obsolete


@pytest.mark.source_tree
def test_no_translation_is_in_doubt() -> None:
    assert [message.id for message in catalogue() if message.id and message.fuzzy] == []


@pytest.mark.source_tree
def test_a_translation_has_the_same_places_as_its_sentence() -> None:
    wrong = [
        message.id
        for message in catalogue()
        if message.id
        and sorted(_PLACE.findall(str(message.id))) != sorted(_PLACE.findall(str(message.string)))
    ]
    assert wrong == []


@pytest.mark.source_tree
def test_the_compiled_catalogue_is_what_the_written_one_says() -> None:
    compiled = io.BytesIO()
    write_mo(compiled, catalogue())
    assert FRENCH.with_suffix(".mo").read_bytes() == compiled.getvalue()


def test_no_sentence_is_hidden_in_an_f_string_where_no_catalogue_finds_it() -> None:
    hidden = [
        f"{file.relative_to(PACKAGE)}: {line.strip()}"
        for file in PACKAGE.rglob("*.py")
        for line in file.read_text(encoding="utf-8").splitlines()
        if re.search(r"""f(["']).*\{[^}]*\b_\(""", line)
    ]
    assert hidden == []


@pytest.mark.parametrize("language", Language)
def test_a_sentence_is_put_into_words_with_its_places_filled(language: Language) -> None:
    inner = _("Answered by {name}.", name="Ava {braces}")
    text = _("{verdict}: {detail}", verdict=_("waiting"), detail=inner)
    expected = {
        Language.FR: "en attente\u00a0: Ava {braces} y répond.",
        Language.EN: "waiting: Answered by Ava {braces}.",
    }
    assert Voice(language)(text) == expected[language]


@pytest.mark.parametrize(("language", "said"), [(Language.FR, "fr!"), (Language.EN, "en!")])
def test_what_is_written_by_rule_is_written_for_its_reader(language: Language, said: str) -> None:
    assert Voice(language)(written(lambda one: f"{one}!")) == said


def test_words_that_are_nobodys_stay_as_they_are() -> None:
    assert Voice(Language.FR)(verbatim("100 % {x} [b]")) == "100 % {x} [b]"
    assert verbatim("") == NOTHING
    assert Voice(Language.FR)(NOTHING) == ""
    assert not NOTHING
    assert Text("x")


@pytest.mark.parametrize(
    ("asked", "environment", "language"),
    [
        ("en", {"AVA_SETUP_LANG": "fr", "LANG": "fr_FR.UTF-8"}, Language.EN),
        (None, {"AVA_SETUP_LANG": "fr", "LANG": "en_GB.UTF-8"}, Language.FR),
        (None, {"LANG": "fr_CA.UTF-8"}, Language.FR),
        (None, {"LC_ALL": "fr_FR.UTF-8", "LANG": "en_US.UTF-8"}, Language.FR),
        (None, {"LANG": "de_DE.UTF-8"}, Language.EN),
        (None, {"LC_ALL": "C.UTF-8", "LANG": "fr_FR.UTF-8"}, Language.FR),
        (None, {"AVA_SETUP_LANG": "klingon", "LANG": "fr_FR.UTF-8"}, Language.FR),
        (None, {}, Language.EN),
    ],
)
def test_the_language_is_the_one_asked_for_then_the_environments_then_the_locales(
    monkeypatch: pytest.MonkeyPatch,
    asked: str | None,
    environment: dict[str, str],
    language: Language,
) -> None:
    for name in ("AVA_SETUP_LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert preferred_language(asked) is language


def test_each_language_leads_to_the_other() -> None:
    assert Language.FR.other is Language.EN
    assert Language.EN.other is Language.FR
