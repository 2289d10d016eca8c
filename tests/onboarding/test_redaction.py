"""What must not be kept is hidden by value and by shape; what support needs stays."""

from __future__ import annotations

import base64
import json
import string
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given, settings, strategies as st
from pydantic import SecretStr

from ava_setup.onboarding.redaction import HIDDEN, SHORTEST, Redactor
from tests.canaries import TOKEN, VAPI_KEY
from tests.torture.canary import Net, shapes

if TYPE_CHECKING:
    from collections.abc import Callable

UUID = "7a1b8f5e-0000-4000-8000-00000000000a"
ACCOUNT_SID = f"AC{'5a' * 16}"

# Ways to write a secret that `shapes` has not, for it has no blank or quote in it.
WRITTEN: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "repr": repr,
    "ascii": ascii,
    "json": json.dumps,
    "json with letters": lambda secret: json.dumps({"k": secret}, ensure_ascii=False),
    "url": lambda secret: quote(secret, safe=""),
    "form": quote_plus,
    "backwards": lambda secret: secret[::-1],
    "hex": lambda secret: secret.encode().hex(),
    "basic": lambda secret: base64.b64encode(f"{ACCOUNT_SID}:{secret}".encode()).decode(),
    "url-safe": lambda secret: base64.urlsafe_b64encode(f"x:{secret}".encode()).decode(),
}

keys = st.text(string.ascii_letters + string.digits + "-_.~+/=", min_size=16, max_size=48)
any_secret = st.text(st.characters(codec="utf-8"), min_size=SHORTEST, max_size=40)
words = st.text(st.characters(codec="utf-8"), max_size=30)


def redactor(*secrets: str) -> Redactor:
    made = Redactor()
    for secret in secrets:
        made.learn(SecretStr(secret))
    return made


@settings(deadline=None)
@given(keys, words, words)
def test_a_learnt_secret_comes_out_in_no_shape_that_it_goes_in(
    secret: str, before: str, after: str
) -> None:
    net = Net()
    net.watch(secret)
    clean = redactor(secret).clean
    for shape in shapes(secret):
        net.look(clean(f"{before}{shape.decode()}{after}"), "joined to other words")
        net.look(clean(f"{before} {shape.decode().upper()} {after}"), "in capitals")
    assert net.hits == []


@settings(deadline=None)
@given(any_secret, words, words, st.sampled_from(sorted(WRITTEN)))
def test_whatever_a_secret_is_made_of_no_telling_piece_of_it_stays(
    secret: str, before: str, after: str, way: str
) -> None:
    shown = redactor(secret).clean(f"{before}{WRITTEN[way](secret)}{after}")
    around = f"{before}\n{after}\n{HIDDEN}"
    pieces = {secret[at : at + SHORTEST] for at in range(len(secret) - SHORTEST + 1)}
    # What stands around it may hold the same by itself.
    assert not [one for one in pieces if one in shown and one not in around]


@settings(deadline=None)
@given(st.text(max_size=200), st.lists(any_secret, max_size=3))
def test_cleaning_never_fails_and_cleaning_twice_changes_nothing_more(
    text: str, secrets: list[str]
) -> None:
    clean = redactor(*secrets).clean
    assert clean(clean(text)) == clean(text)


def test_what_a_redactor_holds_shows_no_secret() -> None:
    made = redactor(VAPI_KEY, TOKEN)
    net = Net()
    net.watch(VAPI_KEY, TOKEN)
    net.look_at(made, "redactor")
    assert net.hits == []


def test_a_secret_learnt_later_is_hidden_too_and_the_earlier_one_still_is() -> None:
    made = redactor("first-made-up")
    made.learn(SecretStr("second-made-up"))
    assert made.clean("a first-made-up b second-made-up c") == f"a {HIDDEN} b {HIDDEN} c"


def test_what_is_too_short_for_a_key_is_not_hidden() -> None:
    assert redactor("a", "request").clean("a request") == "a request"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"key {UUID}", f"key {HIDDEN}"),
        (f"token {'5a' * 16}!", f"token {HIDDEN}!"),
        (f"cut {'5a' * 13}", f"cut {HIDDEN}"),
        ("secret qW8eR7tY6uI5oP4aS3dF2gH1jK0lZ9xC", f"secret {HIDDEN}"),
        ("Authorization: Basic QUM6eA== and so on", f"Authorization: {HIDDEN}"),
        ('{"authorization": "Bearer x"}', f'{{"authorization": {HIDDEN}'),
        ("sent Bearer abc.def-ghi", f"sent Bearer {HIDDEN}"),
        ("basic=QUM6eHh4eHh4", f"basic={HIDDEN}"),
        ("https://me:pass@host.example:8443/a/b?c=d#e f", "https://host.example/… f"),
        ("https://user@hooks.example/", "https://hooks.example"),
        ("see https://demo.twilio.com/welcome/voice/", "see https://demo.twilio.com/…"),
        ("contact@plomberie-martin.example", "c…@plomberie-martin.example"),
        ("a.b+c%40example.fr", "a…%40example.fr"),
        ("from +33199001234.", "from +33…34."),
        ("+33 1 99 00 12 34 rings", "+33…34 rings"),
        ("+1 (212) 555-0199", "+12…99"),
        ("To=%2B33199001234&x", "To=+33…34&x"),
        ("0033 1 99 00 12 34", "+33…34"),
        ("+165****8621", "+16…21"),
        ("01 99 00 12 34", "01…34"),
        ("0199001234", "01…34"),
        ("212-555-0199", "…99"),
    ],
)
def test_what_looks_like_a_secret_an_address_or_a_number_is_hidden_or_shortened(
    text: str, shown: str
) -> None:
    assert Redactor().clean(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        f"path=/assistant/{UUID} request_id={UUID} assistant_id={UUID}",
        f'"phone_number_id": "{UUID}", "id": "{UUID}", "made": "{UUID}"',
        f"request_id=RQ{'5a' * 16} request_id=8f1c2d3e4f5a6b7c-CDG",
        f"/Accounts/{ACCOUNT_SID}/IncomingPhoneNumbers/PN{'0' * 32}.json",
        f'"create_id": "{"5a" * 16}"',
        "2026-11-23T04:37:01.123Z INFO request ms=1234567890 status=200",
        'system="Linux 6.18.44-fc-v595 x86_64" terminal="TERM=xterm-256color"',
        'at="ava_setup/tui/app.py:120:_prepare < textual/app.py:99:run"',
        "The bearer of this basic message",
        "lun-ven 9h-12h 14h-18h",
    ],
)
def test_ids_where_ids_stand_times_and_plain_words_stay(text: str) -> None:
    assert Redactor().clean(text) == text


def test_a_known_secret_is_hidden_even_where_an_id_stands() -> None:
    assert redactor(UUID).clean(f"assistant_id={UUID}") == f"assistant_id={HIDDEN}"


def test_long_nonsense_is_cleaned_in_reasonable_steps() -> None:
    clean = redactor(VAPI_KEY).clean
    for nonsense in ("a", "1", "+1", "a1-", "a@", "http://a@", "AC", "01 "):
        assert isinstance(clean(nonsense * 30_000), str)
