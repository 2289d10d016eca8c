"""Fetches the secrets that an answer file only names, before anything is asked of a vendor."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ava_setup.headless.answer_file import FromEnvironment, FromFile, FromKeyring, Reference
from ava_setup.headless.applying import Keys
from ava_setup.headless.fleet import Order
from ava_setup.headless.reading import Fault, InvalidFileError, written
from ava_setup.onboarding.credentials import (
    ApiKey,
    AuthToken,
    TwilioCredentials,
    read_auth_token,
    read_key_secret,
    read_vapi_key,
)
from ava_setup.onboarding.errors import FieldProblem
from ava_setup.words import Text, _

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from pathlib import Path

    from pydantic import SecretStr

    from ava_setup.headless.answer_file import BusinessAnswers, TwilioAnswers
    from ava_setup.headless.reading import Read, Spot

_FILE_MAX = 4096


@dataclass(frozen=True, slots=True)
class Hoard:
    """Where secrets come from.

    Attributes:
        environ: The environment.
        beside: The folder of the answer file.
        keyring: Gives the secret of a service and a user, or None.
        ask: Asks a person for a secret by the name of its key, without showing it; None when there
            is nobody to ask.
    """

    environ: Mapping[str, str]
    beside: Path
    keyring: Callable[[str, str], str | None]
    ask: Callable[[str], str] | None = None

    def fetch(self, reference: Reference, key: str) -> str:
        """Fetch a secret, as it stands there.

        Args:
            reference: Where it is.
            key: What wants it.

        Raises:
            FieldProblem: It is not there; the sentence never holds any of it.
        """
        match reference:
            case FromEnvironment(env=name):
                found, missing = self.environ.get(name, ""), _not_set(name)
            case FromFile(file=name):
                found, missing = self._in_file(name)
            case FromKeyring(keyring=name):
                service, _slash, user = name.partition("/")
                found = self.keyring(service, user) or ""
                missing = _("the keyring holds nothing under {name}", name=name)
            case _:
                found = self.ask(key) if self.ask else ""
                missing = _("nobody is there to ask for it: use env, file or keyring")
        if not found.strip():
            raise FieldProblem(missing)
        return found.strip()

    def _in_file(self, name: str) -> tuple[str, Text]:
        try:
            with (self.beside / name).open(encoding="utf-8") as file:
                found = file.read(_FILE_MAX)
        except FileNotFoundError:
            return "", _("there is no file {name}", name=name)
        except (OSError, UnicodeDecodeError):
            return "", _("the file {name} cannot be read", name=name)
        return found, _("the file {name} is empty", name=name)


def _not_set(name: str) -> Text:
    return _("the environment variable {name} is not set", name=name)


def with_keys(file: Read, only: Collection[str], hoard: Hoard) -> tuple[Order, ...]:
    """Fetch the secrets of businesses.

    Args:
        file: The answers.
        only: Names of those to fetch for; none is all.
        hoard: Where secrets come from.

    Raises:
        InvalidFileError: Some are not there, or cannot be what they are to be; all that are.
    """
    orders: list[Order] = []
    faults: list[Fault] = []
    for place, business in enumerate(file.answers.business):
        if only and business.name not in only:
            continue
        found: dict[str, SecretStr] = {}
        for key, reference, is_one in _wanted(business):
            spot: Spot = ("business", place, *key.split("."))
            try:
                found[key] = is_one(hoard.fetch(reference, f"{business.name}, {key}"))
            except FieldProblem as problem:
                faults.append(Fault(file.lines.of(spot), written(spot), problem.text))
        if len(found) == len(tuple(_wanted(business))):
            keys = Keys(found["vapi.key"], _credentials(business.twilio, found))
            orders.append(Order(business, keys))
    if faults:
        raise InvalidFileError(tuple(faults))
    return tuple(orders)


def keys_that_are_there(
    business: BusinessAnswers, hoard: Hoard
) -> tuple[SecretStr | None, TwilioCredentials | None]:
    """Fetch what can be fetched of Vapi's key and of Twilio's credentials, asking nobody."""
    found: dict[str, SecretStr] = {}
    for key, reference, is_one in _wanted(business):
        with suppress(FieldProblem):
            found[key] = is_one(hoard.fetch(reference, key))
    whole = {"twilio.auth_token", "twilio.key_secret"} & found.keys()
    twilio = _credentials(business.twilio, found) if whole else None
    return found.get("vapi.key"), twilio


def _wanted(
    business: BusinessAnswers,
) -> Iterator[tuple[str, Reference, Callable[[str], SecretStr]]]:
    """Give each secret of a business: its key, where it is, and what it has to be."""
    yield "vapi.key", business.vapi.key, read_vapi_key
    if business.twilio.auth_token is not None:
        yield "twilio.auth_token", business.twilio.auth_token, read_auth_token
    if business.twilio.key_secret is not None:
        yield "twilio.key_secret", business.twilio.key_secret, read_key_secret


def _credentials(answers: TwilioAnswers, found: Mapping[str, SecretStr]) -> TwilioCredentials:
    if answers.key_sid is None:
        return AuthToken(account_sid=answers.account_sid, auth_token=found["twilio.auth_token"])
    return ApiKey(
        account_sid=answers.account_sid,
        key_sid=answers.key_sid,
        key_secret=found["twilio.key_secret"],
    )
