"""Keys and tokens that the environment holds, under the names that the vendors' own tools use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from ava_setup.onboarding.credentials import (
    ApiKey,
    AuthToken,
    TwilioCredentials,
    read_account_sid,
    read_auth_token,
    read_key_secret,
    read_key_sid,
    read_vapi_key,
)
from ava_setup.onboarding.errors import ErrorCode, FieldProblem, SetupError
from ava_setup.words import _

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic import SecretStr

T = TypeVar("T")

VAPI_API_KEY = "VAPI_API_KEY"
TWILIO_ACCOUNT_SID = "TWILIO_ACCOUNT_SID"
TWILIO_AUTH_TOKEN = "TWILIO_AUTH_TOKEN"  # noqa: S105 - the name of a variable
TWILIO_API_KEY = "TWILIO_API_KEY"
TWILIO_API_SECRET = "TWILIO_API_SECRET"  # noqa: S105 - same


# Where a number without a set-up is taken to be when it is typed as its country dials it: where
# most owners are.
REGIONS = ("FR",)


@dataclass(frozen=True, slots=True)
class SurroundingKeys:
    """What the environment holds."""

    vapi: SecretStr
    twilio: TwilioCredentials


def surrounding_keys(environ: Mapping[str, str]) -> SurroundingKeys:
    """Read the environment; an API key goes before the auth token, as with Twilio's own tools.

    Raises:
        FieldProblem: A value is there and cannot be one of its kind.
        SetupError: `KEYS_NOT_SET`, naming every variable that is missing.
    """
    _require(environ, VAPI_API_KEY, *_of_twilio(environ))
    return SurroundingKeys(surrounding_vapi(environ), surrounding_twilio(environ))


def surrounding_vapi(environ: Mapping[str, str]) -> SecretStr:
    """Read the environment's Vapi key.

    Raises:
        FieldProblem: It is there and cannot be one.
        SetupError: `KEYS_NOT_SET`.
    """
    _require(environ, VAPI_API_KEY)
    return _read(environ, VAPI_API_KEY, read_vapi_key)


def surrounding_twilio(environ: Mapping[str, str]) -> TwilioCredentials:
    """Read the environment's Twilio credentials.

    Raises:
        FieldProblem: A value is there and cannot be one of its kind.
        SetupError: `KEYS_NOT_SET`, naming every variable that is missing.
    """
    wanted = _of_twilio(environ)
    _require(environ, *wanted)
    sid = _read(environ, TWILIO_ACCOUNT_SID, read_account_sid)
    if TWILIO_AUTH_TOKEN in wanted:
        token = _read(environ, TWILIO_AUTH_TOKEN, read_auth_token)
        return AuthToken(account_sid=sid, auth_token=token)
    return ApiKey(
        account_sid=sid,
        key_sid=_read(environ, TWILIO_API_KEY, read_key_sid),
        key_secret=_read(environ, TWILIO_API_SECRET, read_key_secret),
    )


def _of_twilio(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Name the variables that are to hold Twilio's credentials."""
    named = {name for name, value in environ.items() if value.strip()}
    pair = (TWILIO_API_KEY, TWILIO_API_SECRET)
    half = not named.isdisjoint(pair) and TWILIO_AUTH_TOKEN not in named
    by_key = half or named.issuperset(pair)
    return (TWILIO_ACCOUNT_SID, *(pair if by_key else (TWILIO_AUTH_TOKEN,)))


def _require(environ: Mapping[str, str], *wanted: str) -> None:
    if missing := [name for name in wanted if not environ.get(name, "").strip()]:
        raise SetupError(ErrorCode.KEYS_NOT_SET, variables=", ".join(missing))


def _read(environ: Mapping[str, str], variable: str, read: Callable[[str], T]) -> T:
    """Read a variable, and have what is wrong with it name it."""
    try:
        return read(environ[variable])
    except FieldProblem as problem:
        raise FieldProblem(
            _("{variable}: {problem}", variable=variable, problem=problem.text)
        ) from None
