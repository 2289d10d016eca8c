"""Credentials: what people paste is understood, and no secret shows."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings, strategies as st
from pydantic import SecretStr

from ava_setup.onboarding.credentials import (
    ApiKey,
    AuthToken,
    Pasted,
    could_be_secret,
    read_account_sid,
    read_auth_token,
    read_key_secret,
    read_key_sid,
    read_vapi_key,
    understand,
)
from ava_setup.onboarding.errors import FieldProblem
from ava_setup.words import Language, Voice
from tests.canaries import TOKEN, VAPI_KEY
from tests.onboarding.fakes import ACCOUNT_SID, API_KEY, KEY_SECRET, KEY_SID, TOKEN_PAIR

if TYPE_CHECKING:
    from collections.abc import Callable

SECRET = "Canary0made0up0" + "aB" * 8 + "9"

CONSOLE = f"""
Account Info
Account SID
{ACCOUNT_SID}

Auth Token
{TOKEN}
Always store your token securely to protect your account. Learn more

My Twilio phone number
+33 1 99 00 12 34
"""


@pytest.mark.parametrize(
    "pasted",
    [
        f"{ACCOUNT_SID} {TOKEN}",
        f"\n{ACCOUNT_SID}\n{TOKEN}\n",
        f"{TOKEN}\t{ACCOUNT_SID}",
        f"{ACCOUNT_SID}:{TOKEN}",
        f"TWILIO_ACCOUNT_SID={ACCOUNT_SID}\nTWILIO_AUTH_TOKEN='{TOKEN}'",
        f'{{"accountSid": "{ACCOUNT_SID}", "authToken": "{TOKEN}"}}',
        CONSOLE,
    ],
)
def test_sid_and_token_are_found_in_either_order_and_among_other_words(pasted: str) -> None:
    assert understand(pasted) == Pasted(ACCOUNT_SID, "", TOKEN)


@pytest.mark.parametrize(
    ("pasted", "found"),
    [
        ("", Pasted()),
        ("hello", Pasted()),
        (f"\n  {ACCOUNT_SID} ", Pasted(account_sid=ACCOUNT_SID)),
        (f" {KEY_SID}\n", Pasted(key_sid=KEY_SID)),
        (f"{KEY_SID} {ACCOUNT_SID}", Pasted(ACCOUNT_SID, KEY_SID)),
        (TOKEN, Pasted(secret=TOKEN)),
        (TOKEN.upper(), Pasted(secret=TOKEN.upper())),
        (ACCOUNT_SID[:-1], Pasted()),
        (f"{ACCOUNT_SID}0", Pasted()),
        (f"PN{'0' * 32}", Pasted()),
        (f"{ACCOUNT_SID} AC{'1' * 32} {TOKEN} {'b' * 32}", Pasted(ACCOUNT_SID, "", TOKEN)),
    ],
)
def test_only_shapes_that_can_be_nothing_else_are_recognised(pasted: str, found: Pasted) -> None:
    assert understand(pasted) == found


@settings(deadline=None)
@given(st.text(max_size=200))
def test_understanding_never_fails(pasted: str) -> None:
    assert isinstance(understand(pasted), Pasted)


@pytest.mark.parametrize(
    "pasted",
    [
        f"SID\n{KEY_SID}\nSecret\n{SECRET}\n",
        f"TWILIO_API_KEY={KEY_SID}\nTWILIO_API_SECRET='{SECRET}'",
        f'{{"apiKey": "{KEY_SID}", "apiSecret": "{SECRET}"}}',
    ],
)
def test_a_keys_secret_is_recognised_by_its_label(pasted: str) -> None:
    assert understand(pasted) == Pasted(key_sid=KEY_SID, key_secret=SECRET)


def test_a_token_and_a_keys_secret_are_told_apart_by_their_labels() -> None:
    pasted = f"TWILIO_AUTH_TOKEN={TOKEN}\nTWILIO_API_SECRET={SECRET}\n"
    assert understand(pasted) == Pasted(secret=TOKEN, key_secret=SECRET)


def test_what_was_pasted_never_shows_its_secret() -> None:
    shown = repr(understand(CONSOLE))
    assert TOKEN not in shown
    assert ACCOUNT_SID in shown


@pytest.mark.parametrize("credentials", [TOKEN_PAIR, API_KEY])
def test_credentials_never_show_their_secret(credentials: AuthToken | ApiKey) -> None:
    secret = (
        credentials.auth_token if isinstance(credentials, AuthToken) else credentials.key_secret
    ).get_secret_value()
    for shown in (
        repr(credentials),
        str(credentials),
        json.dumps(asdict(credentials), default=str),
    ):
        assert secret not in shown
        assert ACCOUNT_SID in shown


# The fields, one by one.


def complaint(read: Callable[[str], object], typed: str) -> str:
    with pytest.raises(FieldProblem) as caught:
        read(typed)
    return Voice(Language.EN)(caught.value.text)


@pytest.mark.parametrize(
    ("read", "slips"),
    [
        (read_account_sid, ["", KEY_SID, TOKEN, ACCOUNT_SID[:-3]]),
        (read_key_sid, ["", ACCOUNT_SID, KEY_SID[:-1]]),
        (read_auth_token, ["", ACCOUNT_SID, TOKEN[:-1]]),
        (read_key_secret, ["", KEY_SID]),
        (read_vapi_key, ["", "two words"]),
    ],
)
def test_each_slip_is_told_what_it_is(read: Callable[[str], object], slips: list[str]) -> None:
    said = [complaint(read, f" {slip}\n") for slip in slips]
    assert len(set(said)) == len(slips)
    assert not [slip for slip in slips if slip and slip in "".join(said)]


@pytest.mark.parametrize(
    ("read", "typed", "length"),
    [
        (read_account_sid, ACCOUNT_SID[:-3], 31),
        (read_account_sid, f"{ACCOUNT_SID} x", 36),
        (read_account_sid, f"AC{'g' * 32}", 34),
        (read_key_sid, KEY_SID[:-1], 33),
        (read_auth_token, TOKEN[:-1], 31),
        (read_auth_token, f"{TOKEN[:16]} {TOKEN[16:]}", 33),
    ],
)
def test_a_value_of_the_wrong_length_is_told_how_long_it_is(
    read: Callable[[str], object], typed: str, length: int
) -> None:
    assert str(length) in complaint(read, typed)


def test_a_sid_in_the_field_of_the_token_is_recognised_whichever_it_is() -> None:
    assert complaint(read_auth_token, ACCOUNT_SID) == complaint(read_auth_token, KEY_SID)


@pytest.mark.parametrize(
    ("typed", "secret"),
    [
        (TOKEN, True),
        (f"mine is {TOKEN}!", True),
        (TOKEN[:24], True),
        ("5a5a5a5a-5a5a-5a5a-5a5a-5a5a5a5a5a5a", True),
        ("sandbox-vapi-private-0a1b2c3d4e5f", True),
        ("qW8eR7tY6uI5oP4aS3dF2gH1jK0lZ9xC", True),
        (f"https://{ACCOUNT_SID}:{TOKEN}@api.example", True),
        (ACCOUNT_SID, False),
        (ACCOUNT_SID[:30], False),
        (KEY_SID, False),
        (f"{TOKEN}@relay.example", False),
        ("lundi-vendredi-9h-12h-14h-18h", False),
        ("America/Argentina/Buenos_Aires", False),
        ("Martin Plomberie, 12 rue de la Paix", False),
        ("5a5a5a5a-5a5a", False),
        ("", False),
    ],
)
def test_a_secret_is_recognised_wherever_it_was_typed(
    typed: str,
    secret: bool,  # noqa: FBT001 - a column of the table
) -> None:
    assert could_be_secret(typed) is secret


@pytest.mark.parametrize("typed", ["", " \n", "two words", "clé-accentuée", "key\u200b", "a\x00b"])
def test_a_vapi_key_that_cannot_be_one_is_refused(typed: str) -> None:
    with pytest.raises(FieldProblem):
        read_vapi_key(typed)


def test_newlines_and_spaces_around_a_paste_do_not_matter() -> None:
    assert read_account_sid(f"\n {ACCOUNT_SID}\t") == ACCOUNT_SID
    assert read_key_sid(f" {KEY_SID}\r\n") == KEY_SID
    assert read_auth_token(f"\n{TOKEN} ") == SecretStr(TOKEN)
    assert read_key_secret(f" {KEY_SECRET}\n") == SecretStr(KEY_SECRET)
    assert read_vapi_key(f"\t{VAPI_KEY}\n") == SecretStr(VAPI_KEY)
