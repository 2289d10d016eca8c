"""The business: what people type, what is kept, and the one address that exists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from ava_setup.onboarding.errors import FieldProblem
from ava_setup.onboarding.profile import (
    CALLERS_LANGUAGE_NAMES,
    HOURS_MAX,
    NAME_MAX,
    TRADE_NAMES,
    CallersLanguage,
    Profile,
    Trade,
    email_hint,
    read_business_name,
    read_email,
    read_hours,
    read_time_zone,
)
from ava_setup.onboarding.state import Saved
from ava_setup.words import Language, Voice
from tests.onboarding.fakes import PROFILE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("contact@example.fr", "contact@example.fr"),
        ("  contact@example.fr\n", "contact@example.fr"),
        ("mailto:contact@example.fr", "contact@example.fr"),
        ("Contact@EXAMPLE.fr", "Contact@example.fr"),
        ("marie.dupont+ava@example.co.uk", "marie.dupont+ava@example.co.uk"),
        ("réception@exemple.fr", "réception@exemple.fr"),
        ("contact@xn--caf-dma.fr", "contact@café.fr"),
    ],
)
def test_an_address_is_taken_as_people_write_it(typed: str, address: str) -> None:
    assert read_email(typed) == address


NOTHING_TYPED = ("", "   ", "mailto:")
WITHOUT_AT = ("contact.example.fr", "contact")
NOT_WHOLE = (
    "contact@",
    "@example.fr",
    "contact@example",
    "contact@exam ple.fr",
    "a@b.fr, c@d.fr",
    "Marie <marie@example.fr>",
    "contact@example..fr",
)


@pytest.mark.parametrize("typed", [*NOTHING_TYPED, *WITHOUT_AT, *NOT_WHOLE])
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(FieldProblem):
        read_email(typed)


def test_an_empty_field_a_missing_at_and_a_broken_address_are_told_apart() -> None:
    said = []
    for slips in (NOTHING_TYPED, WITHOUT_AT, NOT_WHOLE):
        texts = set()
        for typed in slips:
            with pytest.raises(FieldProblem) as caught:
                read_email(typed)
            texts.add(caught.value.text)
        assert len(texts) == 1
        said.append(Voice(Language.FR)(texts.pop()))
    assert len(set(said)) == 3


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("marie@gmial.com", "marie@gmail.com"),
        ("marie@GMAIL.CON ", "marie@gmail.com"),
        ("marie@orange.com", "marie@orange.fr"),
        ("marie@wanado.fr", "marie@wanadoo.fr"),
        ("marie@gmail.com", None),
        ("marie@example.fr", None),
        ("@gmial.com", None),
        ("gmial.com", None),
        ("", None),
    ],
)
def test_a_slip_in_a_usual_domain_is_pointed_out_and_nothing_else_is(
    typed: str, meant: str | None
) -> None:
    assert email_hint(typed) == meant


@pytest.mark.parametrize(
    ("read", "most"), [(read_business_name, NAME_MAX), (read_hours, HOURS_MAX)]
)
def test_a_line_of_text_is_tidied_and_has_a_longest(read: Callable[[str], str], most: int) -> None:
    assert read("  Chez\n  Martin ") == "Chez Martin"
    assert read("x" * most) == "x" * most
    with pytest.raises(FieldProblem) as caught:
        read("x" * (most + 1))
    assert str(most) in Voice(Language.FR)(caught.value.text)
    with pytest.raises(FieldProblem):
        read(" \t ")


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Europe/Paris", "Europe/Paris"),
        (" europe/paris ", "Europe/Paris"),
        ("america/new york", "America/New_York"),
        ("America/Port-au-Prince", "America/Port-au-Prince"),
    ],
)
def test_a_time_zone_is_known_whatever_its_case(typed: str, zone: str) -> None:
    assert read_time_zone(typed) == zone


@pytest.mark.parametrize("typed", ["", "Paris", "Europe/Atlantis", "../../etc/passwd"])
def test_an_unknown_time_zone_is_refused(typed: str) -> None:
    with pytest.raises(FieldProblem):
        read_time_zone(typed)


def test_every_trade_and_every_language_has_a_name() -> None:
    assert set(TRADE_NAMES) == set(Trade)
    assert set(CALLERS_LANGUAGE_NAMES) == set(CallersLanguage)


@pytest.mark.parametrize(
    ("language", "french"),
    [("fr-FR", True), ("fr-CA", True), ("bilingual", True), ("en-GB", False), ("en-US", False)],
)
def test_the_first_words_are_french_unless_callers_speak_english_only(
    language: str,
    french: bool,  # noqa: FBT001 - a column of the table
) -> None:
    assert CallersLanguage(language).speaks_french is french


# The profile.


def test_a_profile_is_written_with_admin_email_and_read_back() -> None:
    written = PROFILE.model_dump(by_alias=True)
    assert written["adminEmail"] == "contact@example.fr"
    assert Profile.model_validate(written) == PROFILE


def test_each_business_gets_an_id_of_its_own() -> None:
    fields = PROFILE.model_dump(exclude={"business_id"})
    one, other = Profile(**fields), Profile(**fields)
    assert one.business_id != other.business_id
    assert len(one.business_id) == 32


@pytest.mark.parametrize(
    "change",
    [
        {"admin_email": "nobody"},
        {"admin_email": ""},
        {"business_name": ""},
        {"business_name": "x" * (NAME_MAX + 1)},
        {"opening_hours": ""},
        {"business_id": "none"},
        {"trade": "astrologer"},
        {"summaryEmail": "second@example.fr"},
    ],
)
def test_a_profile_that_is_not_whole_is_none(change: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Profile.model_validate({**PROFILE.model_dump(), **change})


def properties(schema: Any) -> Iterator[str]:
    """Give the name of every property in a JSON schema, at any depth."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        for value in schema.values():
            yield from properties(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from properties(value)


@pytest.mark.parametrize("model", [Profile, Saved])
def test_admin_email_is_the_only_address_in_the_whole_schema(
    model: type[Profile | Saved],
) -> None:
    names = list(properties(model.model_json_schema(by_alias=True)))
    assert "business_name" in names
    words = ("mail", "address", "recipient", "summary", "contact", "notif")
    found = {name for name in names if any(word in name.lower() for word in words)}
    # A draft carries it as Vapi is told it: the same one, by the same name.
    assert {name.replace("_", "").lower() for name in found} == {"adminemail"}


@pytest.mark.parametrize(
    "kept", ["", "a" * 31, "a" * 33, "A" * 32, "g" * 32, "a" * 32 + "\n", "x\n" + "a" * 32]
)
def test_the_id_of_a_business_is_thirty_two_digits_as_made_here_and_nothing_else(
    kept: str,
) -> None:
    answers = PROFILE.model_dump()
    assert Profile.model_validate(answers | {"business_id": "0" * 32}).business_id == "0" * 32
    with pytest.raises(ValidationError, match="business_id"):
        Profile.model_validate(answers | {"business_id": kept})
