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
    named = {name: value for name, value in environ.items() if value.strip()}
    pair = (TWILIO_API_KEY, TWILIO_API_SECRET)
    half = any(name in named for name in pair) and TWILIO_AUTH_TOKEN not in named
    by_key = half or all(name in named for name in pair)
    wanted = (VAPI_API_KEY, TWILIO_ACCOUNT_SID, *(pair if by_key else (TWILIO_AUTH_TOKEN,)))
    if missing := [name for name in wanted if name not in named]:
        raise SetupError(ErrorCode.KEYS_NOT_SET, variables=", ".join(missing))
    sid = _read(named, TWILIO_ACCOUNT_SID, read_account_sid)
    twilio: TwilioCredentials = (
        ApiKey(
            account_sid=sid,
            key_sid=_read(named, TWILIO_API_KEY, read_key_sid),
            key_secret=_read(named, TWILIO_API_SECRET, read_key_secret),
        )
        if by_key
        else AuthToken(account_sid=sid, auth_token=_read(named, TWILIO_AUTH_TOKEN, read_auth_token))
    )
    return SurroundingKeys(_read(named, VAPI_API_KEY, read_vapi_key), twilio)


def _read(named: Mapping[str, str], variable: str, read: Callable[[str], T]) -> T:
    """Read a variable, and have what is wrong with it name it."""
    try:
        return read(named[variable])
    except FieldProblem as problem:
        raise FieldProblem(
            _("{variable}: {problem}", variable=variable, problem=problem.text)
        ) from None
