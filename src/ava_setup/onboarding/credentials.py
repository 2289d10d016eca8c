"""Twilio credentials: what they are, and understanding what people paste."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from pydantic import SecretStr

from ava_setup.onboarding.errors import FieldProblem
from ava_setup.words import Language, Text, _, verbatim, written

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from decimal import Decimal

_SID = re.compile(r"^(AC|SK)[0-9a-fA-F]{32}$")
_TOKEN = re.compile(r"^[0-9a-zA-Z]{32}$")
# A SID or a token anywhere in a pasted block, such as a copied corner of Twilio's console.
_PIECES = re.compile(r"(?<![0-9A-Za-z])((?:AC|SK)[0-9a-fA-F]{32}|[0-9a-fA-F]{32})(?![0-9A-Za-z])")

# What a label says to be a token or a key's secret, in a console, a .env file or JSON.
_LABELLED = re.compile(
    r"(token|secret)[\"']?\s*[:=]?\s*[\"']?([0-9A-Za-z]{32})(?![0-9A-Za-z])", re.IGNORECASE
)

# A Twilio token, cut or whole, or a key written as a UUID; a SID, cut or whole, is none.
_SECRET_SHAPES = re.compile(
    r"(?<![0-9A-Za-z])(?!(?:AC|SK)[0-9a-fA-F]*(?![0-9A-Za-z]))"
    r"(?:[0-9a-fA-F]{24,32}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})"
    r"(?![0-9A-Za-z])"
)
# Keys of any other make are long, and in one part of them letters and digits are mixed.
_LONG = re.compile(r"[0-9A-Za-z_-]{20,}")
_MIXED = re.compile(r"(?=(?:[0-9]*[A-Za-z]){2})(?=(?:[A-Za-z]*[0-9]){2})[0-9A-Za-z]{12,}")
_ANY_SID = re.compile(r"(?:AC|SK)[0-9a-fA-F]+")
_ADDRESS = re.compile(r"[^@\s:/]+@[^@\s:/]+")


NO_SECRET = _("This looks like a key: not here.")


class SecretName(StrEnum):
    """The secrets that exist; each is one entry of the vault."""

    VAPI_KEY = "vapi-key"
    TWILIO_AUTH_TOKEN = "twilio-auth-token"  # noqa: S105 - the name of a secret, not one
    TWILIO_API_SECRET = "twilio-api-secret"  # noqa: S105 - same


@dataclass(frozen=True, slots=True)
class AuthToken:
    """An account's own pair: SID and auth token."""

    account_sid: str
    auth_token: SecretStr


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key of an account: key SID and its secret, beside the account's SID."""

    account_sid: str
    key_sid: str
    key_secret: SecretStr


TwilioCredentials = AuthToken | ApiKey


def secret_of(credentials: TwilioCredentials) -> SecretStr:
    """Give the secret part of a pair, masked."""
    match credentials:
        case AuthToken(auth_token=secret) | ApiKey(key_secret=secret):
            return secret


class TwilioRegion(StrEnum):
    """Where an account's credentials are good and its voice settings hold.

    `CUSTOM` is the one address given by the environment.
    """

    US1 = "us1"
    IE1 = "ie1"
    AU1 = "au1"
    CUSTOM = "custom"


@dataclass(frozen=True, slots=True)
class TwilioKey:
    """An API key of an account, as its list shows it: without its secret.

    Attributes:
        sid: `SK` and 32 hexadecimal digits.
        name: Its friendly name, or "".
        at: When it was made, by Twilio's clock; None when Twilio does not say.
    """

    sid: str
    name: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MadeKey:
    """An API key just made; its secret is never shown again.

    Attributes:
        sid: `SK` and 32 hexadecimal digits.
        secret: Masked.
    """

    sid: str
    secret: SecretStr


class AccountStatus(StrEnum):
    """A Twilio account's status; `HIDDEN` from standard API keys (contract: twilio.md, Auth)."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSED = "closed"
    HIDDEN = "hidden"


class AccountKind(StrEnum):
    """Trial or paid; `HIDDEN` from standard API keys."""

    FULL = "Full"
    TRIAL = "Trial"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Balance:
    """What an account has left.

    Attributes:
        words: Amount and currency as Twilio writes them, `12.40 USD`.
        amount: None when it is no figure.
        currency: ISO 4217, or "".
    """

    words: str
    amount: Decimal | None
    currency: str


@dataclass(frozen=True, slots=True)
class TwilioAccount:
    """A Twilio account as its credentials can see it.

    Attributes:
        sid: `AC` and 32 hexadecimal digits.
        name: Its friendly name, or "" when hidden.
        balance: Amount and currency as Twilio writes them, `12.40 USD`, or "" when hidden.
        balance_amount: The amount, or None when it is hidden or no figure.
        currency: ISO 4217, or "".
        owner_account_sid: The account that owns it, itself when none does; "" when hidden.
    """

    sid: str
    name: str = ""
    status: AccountStatus = AccountStatus.HIDDEN
    kind: AccountKind = AccountKind.HIDDEN
    balance: str = ""
    balance_amount: Decimal | None = None
    currency: str = ""
    owner_account_sid: str = ""

    @property
    def left(self) -> Text:
        """What it has left, as the reader writes amounts; nothing when that is hidden."""
        if self.balance_amount is None:
            return verbatim(self.balance)
        return written(self._amount)

    def _amount(self, language: Language) -> str:
        figure = f"{self.balance_amount:f}"
        figure = figure.replace(".", ",") if language is Language.FR else figure
        return f"{figure} {self.currency}".strip()

    @property
    def is_subaccount(self) -> bool:
        """Whether another account owns it and pays for it."""
        return self.owner_account_sid not in {"", self.sid}

    @property
    def is_in_order(self) -> bool:
        """Whether nothing that is known of it keeps a call from being answered."""
        return self.status in _USABLE and self.kind is not AccountKind.TRIAL

    def having(self, balance: Balance | None) -> TwilioAccount:
        """Give the same account with what it has left; None leaves it as it is."""
        if balance is None:
            return self
        return replace(
            self,
            balance=balance.words,
            balance_amount=balance.amount,
            currency=balance.currency,
        )


_USABLE = frozenset({AccountStatus.ACTIVE, AccountStatus.HIDDEN})


@dataclass(frozen=True, slots=True)
class Pasted:
    """What a pasted text holds; each field is "" when it was not in it.

    Attributes:
        account_sid: An `AC…` SID.
        key_sid: An `SK…` SID.
        secret: Something shaped like an auth token, or said to be one.
        key_secret: Something said to be an API key's secret.
    """

    account_sid: str = ""
    key_sid: str = ""
    secret: str = ""
    key_secret: str = ""

    def __repr__(self) -> str:
        """Never shows a secret."""
        has = f"secret={bool(self.secret)}, key_secret={bool(self.key_secret)}"
        return f"Pasted({self.account_sid!r}, {self.key_sid!r}, {has})"


def understand(pasted: str) -> Pasted:
    """Find SIDs and an auth token in a pasted text, whatever stands around them.

    Only shapes that cannot be anything else are recognised; an API key's secret has no shape of
    its own (contract: twilio.md, Auth): without a label it is left to the field that it was
    pasted into.
    """
    labelled = {label.lower(): value for label, value in reversed(_LABELLED.findall(pasted))}
    account_sid = key_sid = ""
    secret, key_secret = labelled.get("token", ""), labelled.get("secret", "")
    for piece in _PIECES.findall(pasted):
        if piece.startswith("AC"):
            account_sid = account_sid or piece
        elif piece.startswith("SK"):
            key_sid = key_sid or piece
        elif piece != key_secret:
            secret = secret or piece
    return Pasted(account_sid, key_sid, secret, key_secret)


def could_be_secret(typed: str) -> bool:
    """Whether a text holds something shaped like a token or a key, wherever it was typed."""
    if _ADDRESS.fullmatch(typed.strip()):
        return False
    return any(True for _piece in secret_looking(typed))


def secret_looking(text: str) -> Iterator[re.Match[str]]:
    """Find every piece of a text that has the shape of a token or a key; they may overlap."""
    yield from _SECRET_SHAPES.finditer(text)
    yield from (run for run in _LONG.finditer(text) if _is_key_like(run[0]))


def _is_key_like(run: str) -> bool:
    return not _ANY_SID.fullmatch(run) and any(map(_MIXED.fullmatch, re.split("[_-]", run)))


def keep_secrets_out(typed: str) -> None:
    """Let no secret into a field that shows what it holds.

    Raises:
        FieldProblem: It looks like a secret.
    """
    if could_be_secret(typed):
        raise FieldProblem(NO_SECRET)


def read_account_sid(typed: str) -> str:
    """Read an account SID.

    Raises:
        FieldProblem: It is not `AC` and 32 hexadecimal digits, with the likely reason.
    """
    sid = typed.strip()
    if not sid:
        raise FieldProblem(_("Paste the Account SID: console.twilio.com, Account Info."))
    if sid.startswith("SK"):
        raise FieldProblem(
            _("This is an API key (SK). The Account SID starts with AC, on the same page.")
        )
    if not sid.startswith("AC"):
        raise FieldProblem(_("An Account SID starts with AC."))
    return _whole_sid(sid)


def read_key_sid(typed: str) -> str:
    """Read an API key's SID.

    Raises:
        FieldProblem: It is not `SK` and 32 hexadecimal digits, with the likely reason.
    """
    sid = typed.strip()
    if not sid:
        raise FieldProblem(_("Paste the API key's SID: it starts with SK."))
    if not sid.startswith("SK"):
        raise FieldProblem(_("An API key's SID starts with SK."))
    return _whole_sid(sid)


def _whole_sid(sid: str) -> str:
    if not _SID.match(sid):
        raise FieldProblem(
            _(
                "{length} characters where a SID has 34 (letters a-f and digits). Copy it again.",
                length=len(sid),
            )
        )
    return sid


def read_auth_token(typed: str) -> SecretStr:
    """Read an auth token.

    Raises:
        FieldProblem: It is not 32 letters and digits, with the likely reason.
    """
    token = typed.strip()
    if not token:
        raise FieldProblem(_("Paste the Auth Token: it is right below the Account SID."))
    if _SID.match(token):
        raise FieldProblem(_("This is a SID, not the Auth Token. The token stands below it."))
    if not _TOKEN.match(token):
        raise FieldProblem(
            _("{length} characters where a token has 32. Copy it again.", length=len(token))
        )
    return SecretStr(token)


def read_key_secret(typed: str) -> SecretStr:
    """Read an API key's secret; its characters are not judged (contract: twilio.md, Auth).

    Raises:
        FieldProblem: It is empty, or a SID.
    """
    secret = typed.strip()
    if not secret:
        raise FieldProblem(_("Paste the key's secret: Twilio shows it once, when it is made."))
    if _SID.match(secret):
        raise FieldProblem(_("This is a SID, not the key's secret."))
    return SecretStr(secret)


def read_vapi_key(typed: str) -> SecretStr:
    """Read a Vapi key; no shape is documented, so none is required (contract: vapi.md, Hosts).

    Raises:
        FieldProblem: It is empty, or has a space in the middle.
    """
    key = typed.strip()
    if not key:
        raise FieldProblem(_("Paste your private key: dashboard.vapi.ai, API Keys."))
    if len(key.split()) > 1 or not key.isascii() or not key.isprintable():
        raise FieldProblem(_("A key has no spaces or accents. Copy it again, alone."))
    return SecretStr(key)
