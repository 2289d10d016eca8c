"""Where a value came from: typed, offered, found on this computer, or taken up from before."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pydantic import SecretStr

from ava_setup.onboarding.credentials import (
    ApiKey,
    AuthToken,
    SecretName,
    TwilioCredentials,
    secret_of,
)
from ava_setup.words import Text, _

# What is shown of a secret, so that its owner recognises it.
_ENDING = 4


class Origin(StrEnum):
    """The kinds of places that a value can come from."""

    TYPED = "typed"
    DEFAULT = "default"
    PICKED = "picked"
    ENVIRONMENT = "environment"
    TWILIO_CLI = "twilio_cli"
    ANSWER_FILE = "answer_file"
    BEFORE = "before"
    VAPI = "vapi"
    TWILIO = "twilio"
    AUTOMATIC = "automatic"


_WORDS = {
    Origin.TYPED: _("typed"),
    Origin.DEFAULT: _("default"),
    Origin.PICKED: _("picked by you"),
    Origin.ENVIRONMENT: _("environment, {name}"),
    Origin.TWILIO_CLI: _("twilio-cli, profile {name}"),
    Origin.ANSWER_FILE: _("from the answer file, {name}"),
    Origin.BEFORE: _("kept from before"),
    Origin.VAPI: _("from Vapi"),
    Origin.TWILIO: _("from Twilio"),
    Origin.AUTOMATIC: _("chosen automatically"),
}


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value came from.

    Attributes:
        name: Of the variable or of the profile, or "".
    """

    origin: Origin
    name: str = ""

    @property
    def words(self) -> Text:
        """It in a few words."""
        return Text(_WORDS[self.origin].msgid, (("name", self.name),))


TYPED = Source(Origin.TYPED)


@dataclass(frozen=True, slots=True)
class OfferedKey:
    """Keys that were found on this computer, told without any secret.

    Attributes:
        opens: The vendor's secret that they bring.
        source: Where they stand.
        account_sid: Of Twilio credentials, the account; else "".
        key_sid: Of a Twilio API key, its SID; else "".
        ending: The last characters of the secret, to recognise it by.
    """

    opens: SecretName
    source: Source
    ending: str
    account_sid: str = ""
    key_sid: str = ""

    @property
    def is_vapi(self) -> bool:
        """Whether it is a Vapi key."""
        return self.opens is SecretName.VAPI_KEY


@dataclass(frozen=True, slots=True)
class FoundKeys:
    """Keys as they were found on this computer.

    Attributes:
        keys: A Vapi key, or Twilio credentials.
        source: Where they stand.
    """

    keys: SecretStr | TwilioCredentials
    source: Source


def offer_of(keys: FoundKeys) -> OfferedKey:
    """Tell of keys that were found, without their secret."""
    if isinstance(keys.keys, SecretStr):
        return OfferedKey(SecretName.VAPI_KEY, keys.source, _end(keys.keys))
    match keys.keys:
        case AuthToken(account_sid=sid):
            opens, key_sid = SecretName.TWILIO_AUTH_TOKEN, ""
        case ApiKey(account_sid=sid, key_sid=key_sid):
            opens = SecretName.TWILIO_API_SECRET
    return OfferedKey(opens, keys.source, _end(secret_of(keys.keys)), sid, key_sid)


def _end(secret: SecretStr) -> str:
    return secret.get_secret_value()[-_ENDING:]
