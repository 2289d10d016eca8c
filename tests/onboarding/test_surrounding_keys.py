"""Keys from the environment: read whole or not at all, and what is wrong names its variable."""

from __future__ import annotations

import pytest

from ava_setup.onboarding.credentials import ApiKey, AuthToken, secret_of
from ava_setup.onboarding.errors import ErrorCode, FieldProblem, SetupError
from ava_setup.onboarding.surrounding_keys import surrounding_keys
from ava_setup.words import Language, Voice
from tests import canaries
from tests.onboarding.fakes import ACCOUNT_SID, KEY_SID

PAIR = {
    "VAPI_API_KEY": f" {canaries.VAPI_KEY}\n",
    "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
    "TWILIO_AUTH_TOKEN": canaries.TOKEN,
}
KEY = {"TWILIO_API_KEY": KEY_SID, "TWILIO_API_SECRET": canaries.KEY_SECRET}
WITHOUT_TOKEN = {name: value for name, value in PAIR.items() if name != "TWILIO_AUTH_TOKEN"}
SAY = Voice(Language.EN)


def test_a_key_and_a_pair_are_read_without_the_blanks_around_them() -> None:
    keys = surrounding_keys(PAIR)
    assert keys.vapi.get_secret_value() == canaries.VAPI_KEY
    assert isinstance(keys.twilio, AuthToken)
    assert keys.twilio.account_sid == ACCOUNT_SID
    assert secret_of(keys.twilio).get_secret_value() == canaries.TOKEN


@pytest.mark.parametrize("token", [{}, {"TWILIO_AUTH_TOKEN": "no token at all"}])
def test_an_api_key_goes_before_the_auth_token(token: dict[str, str]) -> None:
    keys = surrounding_keys({**WITHOUT_TOKEN, **KEY, **token})
    assert isinstance(keys.twilio, ApiKey)
    assert (keys.twilio.account_sid, keys.twilio.key_sid) == (ACCOUNT_SID, KEY_SID)
    assert secret_of(keys.twilio).get_secret_value() == canaries.KEY_SECRET


def test_half_an_api_key_leaves_the_auth_token_in_use() -> None:
    keys = surrounding_keys({**PAIR, "TWILIO_API_KEY": KEY_SID})
    assert isinstance(keys.twilio, AuthToken)


@pytest.mark.parametrize(
    ("environ", "missing"),
    [
        ({}, "VAPI_API_KEY, TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN"),
        ({**PAIR, "VAPI_API_KEY": " "}, "VAPI_API_KEY"),
        (WITHOUT_TOKEN, "TWILIO_AUTH_TOKEN"),
        ({**WITHOUT_TOKEN, "TWILIO_API_KEY": KEY_SID}, "TWILIO_API_SECRET"),
        ({**WITHOUT_TOKEN, "TWILIO_API_SECRET": canaries.KEY_SECRET}, "TWILIO_API_KEY"),
        (KEY, "VAPI_API_KEY, TWILIO_ACCOUNT_SID"),
    ],
    ids=["nothing", "blank", "no token", "no secret", "no key", "no account"],
)
def test_everything_that_is_missing_is_named_at_once(environ: dict[str, str], missing: str) -> None:
    with pytest.raises(SetupError) as raised:
        surrounding_keys(environ)
    assert raised.value.code is ErrorCode.KEYS_NOT_SET
    assert SAY(raised.value.problem.what) == f"Not set: {missing}."


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("VAPI_API_KEY", "two words"),
        ("TWILIO_ACCOUNT_SID", KEY_SID),
        ("TWILIO_ACCOUNT_SID", "AC12"),
        ("TWILIO_AUTH_TOKEN", "12"),
        ("TWILIO_AUTH_TOKEN", ACCOUNT_SID),
    ],
)
def test_what_cannot_be_a_key_is_said_with_its_variable_and_not_shown(
    variable: str, value: str
) -> None:
    for language in Language:
        with pytest.raises(FieldProblem) as raised:
            surrounding_keys({**PAIR, variable: value})
        said = Voice(language)(raised.value.text)
        assert said.startswith(variable)
        assert value not in said


@pytest.mark.parametrize("name", KEY)
def test_of_an_api_key_each_half_is_judged(name: str) -> None:
    with pytest.raises(FieldProblem) as raised:
        surrounding_keys({**WITHOUT_TOKEN, **KEY, name: ACCOUNT_SID})
    assert SAY(raised.value.text).startswith(f"{name}: ")
