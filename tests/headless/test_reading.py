"""What an answer file may say, and how it is told what is wrong with it."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given, strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped] # it ships no types

from ava_setup.headless.answer_file import NewAssistant, schema
from ava_setup.headless.reading import Fault, InvalidFileError, read
from ava_setup.onboarding.profile import CallersLanguage, Trade
from ava_setup.words import Language, Voice
from tests.headless.files import HEAD, business

SAYS = Voice(Language.EN)


def faults(source: str) -> list[str]:
    with pytest.raises(InvalidFileError) as caught:
        read(source)
    return [SAYS(one.words) for one in caught.value.faults]


def changed(old: str, new: str) -> str:
    source = HEAD + business()
    assert old in source
    return source.replace(old, new, 1)


def test_a_file_says_who_what_and_where_the_secrets_are() -> None:
    [one] = read(HEAD + business()).answers.business
    assert one.name == "martin"
    assert one.profile.email == "contact@plomberie-martin.example"
    assert one.profile.trade is Trade.PLUMBER
    assert one.profile.callers_language is CallersLanguage.FR_FR
    assert one.assistant == NewAssistant()
    assert one.phone.number == "+33199001234"


def test_everything_that_is_wrong_is_told_at_once_with_its_line() -> None:
    source = changed('email = "contact@plomberie-martin.example"', 'email = "nobody"')
    source = source.replace('trade = "plumber"', 'trade = "plumbr"\ncolour = "red"')
    source = source.replace('number = "+33199001234"', 'number = "01 99 00 12 34"')
    trades = ", ".join(one.value for one in Trade)
    beside = "business_name, email, trade, opening_hours, callers_language, time_zone"
    email, trade, colour, number = faults(source)
    assert email.startswith("line 8, business[1].profile.email: An e-mail address has an @")
    assert trade == f"line 9, business[1].profile.trade: must be one of: {trades}"
    assert colour == f"line 10, business[1].profile.colour: is not known; known here: {beside}"
    assert number.startswith("line 21, business[1].phone.number: Write it with its country")


def test_an_unknown_key_is_told_with_the_one_that_was_probably_meant() -> None:
    assert faults(changed("opening_hours", "openning_hours")) == [
        "line 6, business[1].profile.opening_hours: is missing",
        "line 10, business[1].profile.openning_hours: is not known; did you mean opening_hours?",
    ]


@pytest.mark.parametrize(
    ("old", "where"),
    [
        ('{ env = "VAPI_KEY" }', "line 13, business[1].vapi.key"),
        ('{ env = "TWILIO_TOKEN" }', "line 17, business[1].twilio.auth_token"),
    ],
)
def test_a_secret_that_is_written_out_is_refused_with_the_remedy_and_never_repeated(
    old: str, where: str
) -> None:
    [told] = faults(changed(old, '"made-up-secret-0123456789abcdef"'))
    assert told.startswith(f"{where}: A secret never stands in this file.")
    assert '{ env = "NAME" }' in told
    assert "made-up-secret" not in told


@pytest.mark.parametrize(
    "reference", ['{ file = "key.txt" }', '{ keyring = "vapi/martin" }', '"prompt"']
)
def test_a_secret_may_be_in_a_file_in_the_keyring_or_asked_for(reference: str) -> None:
    read(changed('{ env = "VAPI_KEY" }', reference))


def test_twilio_is_opened_by_a_token_or_by_a_key_and_not_by_half_of_one() -> None:
    token = 'auth_token = { env = "TWILIO_TOKEN" }'
    key = f'key_sid = "SK{"5b" * 16}"'
    secret = 'key_secret = { env = "SECRET" }'
    read(changed(token, f"{key}\n{secret}"))
    for wrong in ("", key, secret, f"{token}\n{key}", f"{token}\n{key}\n{secret}"):
        [told] = faults(changed(token, wrong))
        assert told.endswith("Give auth_token, or key_sid with key_secret: one of the two.")


def test_a_voice_must_speak_the_callers_language() -> None:
    [told] = faults(HEAD + business(more='[business.assistant]\nvoice = "ryan"'))
    assert "The voice ryan does not speak fr-FR; these do: clara" in told


def test_an_assistant_is_new_or_there_already_or_the_first_available() -> None:
    for more in (
        'id = "an-id"',
        'choose = "first-available"',
        'greeting = "Ici Ava, assistante virtuelle."',
    ):
        read(HEAD + business(more=f"[business.assistant]\n{more}"))
    assert faults(HEAD + business(more='[business.assistant]\nid = "an-id"\nnmae = "Ava"')) == [
        "line 23, business[1].assistant.nmae: is not known; did you mean name?"
    ]


def test_two_businesses_share_neither_name_nor_number() -> None:
    assert faults(HEAD + business() + business()) == [
        "line 24, business[2].name: stands already in line 4: martin",
        "line 40, business[2].phone.number: stands already in line 20: +33199001234",
    ]


def test_what_is_no_toml_is_told_with_its_line() -> None:
    [told] = faults("version = 1\n[[business]\n")
    assert told.startswith("line 2: this is not TOML: ")


def test_a_version_that_is_not_known_is_refused() -> None:
    assert faults("version = 2\n" + business()) == ["line 1, version: must be one of: 1"]


def test_a_file_without_a_business_is_refused() -> None:
    assert faults("version = 1\nbusiness = []\n") == ["line 2, business: at least one is needed"]


def test_lines_are_the_same_in_a_file_of_another_system() -> None:
    source = changed('trade = "plumber"', 'trade = "plumbr"')
    assert faults(source.replace("\n", "\r\n")) == faults(source)


def test_the_schema_forbids_unknown_keys_and_secrets_that_are_written_out() -> None:
    published = schema()
    assert published["additionalProperties"] is False
    assert published["required"] == ["version", "business"]
    key = published["$defs"]["VapiAnswers"]["properties"]["key"]
    plain = [one for one in key["oneOf"] if "const" in one]
    assert plain == [{"const": "prompt", "type": "string"}]


@pytest.mark.parametrize(
    ("more", "fits"),
    [
        ("", True),
        ('[business.assistant]\nchoose = "first-available"', True),
        ('[business.assistant]\nid = "an-id"', True),
        ('[business.assistant]\nvoice = "nobody"', False),
        ('colour = "red"', False),
    ],
)
def test_an_editor_that_has_the_schema_agrees_with_us(more: str, *, fits: bool) -> None:
    source = HEAD + business(more=more)
    judge = Draft202012Validator(schema())
    judge.check_schema(schema())
    assert judge.is_valid(tomllib.loads(source)) is fits
    if fits:
        read(source)


def test_every_key_of_the_file_is_described_to_whoever_writes_it() -> None:
    published = schema()
    parts = [published, *published["$defs"].values()]
    keys = [key for part in parts for key in part.get("properties", {}).items()]
    assert [name for name, key in keys if not key.get("description")] == []
    assert not any(word in str(published) for word in ("Attributes:", "None", "`"))


@given(st.text(max_size=200))
def test_any_text_is_read_or_told_what_is_wrong(text: str) -> None:
    for source in (text, f"{HEAD}{text}", f"{HEAD}{business()}{text}"):
        told: tuple[Fault, ...] = ()
        try:
            read(source)
        except InvalidFileError as error:
            told = error.faults
        assert all(one.line >= 1 and SAYS(one.words) for one in told)
