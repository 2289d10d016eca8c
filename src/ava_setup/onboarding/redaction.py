"""Makes text fit to be kept and passed on: no secret in it, and nobody's address or number.

By value: whatever holds a piece of a secret that was learnt, in any of the usual ways to write it.
By shape: what looks like a secret though nobody knows it, unless it stands where an id stands;
then web addresses beyond their host, e-mail addresses and phone numbers.
"""

from __future__ import annotations

import base64
import json
import re
import string
from itertools import chain
from typing import TYPE_CHECKING
from urllib.parse import quote

from ava_setup.onboarding.credentials import secret_looking

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pydantic import SecretStr

HIDDEN = "[…]"

# A shorter one is no key of any vendor, and hiding it would black out every other word.
SHORTEST = 8

# How much of a secret in a row gives it away: characters as they are, and encoded.
_PIECE, _PIECE_BASE64, _PIECE_HEX, _PIECE_PERCENT = SHORTEST, 12, 16, 24

# `str.lower` can change a text's length, which would move what is found.
_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)

# An id of Vapi's looks like a key of Vapi's: where it stands tells them apart.
_BEFORE_AN_ID = (
    "_id=",
    '_id": "',
    '"id": "',
    '"made": "',
    "made=",
    "/assistant/",
    "/phone-number/",
    "/call/",
)
_SID = re.compile(r"[A-Z]{2}[0-9a-f]{32}")

_AUTHORIZATION = re.compile(r"(?i)\b(authorization\b[\"']?\s{0,3}[:=])[^\r\n]+")
_SCHEME = re.compile(r"(?i)\b(bearer|basic)([ :=]{1,3})[\w.~+/=-]{8,}")
_WEB = re.compile(
    r"(?i)\b(https?|wss?)://(?:[^\s/?#\"'<>@]{0,200}@){0,9}([\w.-]{0,255})([^\s\"'<>]*)"
)
_EMAIL = re.compile(r"(?<![\w.+-])([\w.+-])[\w.+-]{0,80}(@|%40)(?=\w)")
_INTERNATIONAL = re.compile(
    r"(?i)(?<![0-9a-z])(?:\+|%2b|00)([1-9])[ ().-]{0,2}(\d)([ \u00a0().*-]{0,2}[\d*]){5,30}"
)
_NATIONAL = re.compile(r"(?<![0-9A-Za-z.-])(0[1-9])([ .-]?\d\d){3}[ .-]?(\d\d)(?![0-9A-Za-z-])")
_AMERICAN = re.compile(
    r"(?<![0-9A-Za-z.-])\(?[2-9]\d\d[) .-]{1,2}\d{3}[ .-]\d\d(\d\d)(?![0-9A-Za-z-])"
)


class Redactor:
    """Hides what must not be kept.

    Of what it learns it keeps no secret, only hashes of pieces, salted anew in each process.
    """

    def __init__(self) -> None:
        # Replaced whole by each `learn`: another thread may be reading it.
        self._pieces: Mapping[int, frozenset[int]] = {}

    def learn(self, secret: SecretStr) -> None:
        """Hide this secret from now on; one shorter than `SHORTEST` characters is none."""
        value = secret.get_secret_value()
        if len(value) < SHORTEST:
            return
        found: dict[int, set[int]] = {}
        for length, piece in _pieces(value):
            found.setdefault(length, set()).add(hash(piece))
        # Of hundreds of businesses each is learnt time and again, and all pieces are many to copy.
        if all(self._pieces.get(length, frozenset()) >= new for length, new in found.items()):
            return
        self._pieces = {
            length: self._pieces.get(length, frozenset()) | found.get(length, frozenset())
            for length in {*self._pieces, *found}
        }

    def clean(self, text: str) -> str:
        """Give a text without secrets, and with addresses and numbers shortened."""
        text = _without(text, self._known(text))
        text = _AUTHORIZATION.sub(rf"\1 {HIDDEN}", text)
        text = _SCHEME.sub(rf"\1\2{HIDDEN}", text)
        text = _WEB.sub(_host_only, text)
        text = _without(text, _looks_secret(text))
        text = _EMAIL.sub(r"\1…\2", text)
        text = _INTERNATIONAL.sub(lambda found: f"+{found[1]}{found[2]}…{found[0][-2:]}", text)
        text = _NATIONAL.sub(r"\1…\3", text)
        return _AMERICAN.sub(r"…\1", text)

    def _known(self, text: str) -> Iterator[tuple[int, int]]:
        """Find the pieces of learnt secrets, as (start, end)."""
        lower = text.translate(_LOWER)
        for length, pieces in self._pieces.items():
            for start in range(len(lower) - length + 1):
                if hash(lower[start : start + length]) in pieces:
                    yield start, start + length


def _looks_secret(text: str) -> Iterator[tuple[int, int]]:
    for found in secret_looking(text):
        is_id = text.endswith(_BEFORE_AN_ID, 0, found.start()) or _SID.fullmatch(found[0])
        if not is_id:
            yield found.span()


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Replace parts of a text by the sign that something was there; those that touch, by one."""
    kept: list[str] = []
    done = 0
    for start, end in sorted(spans):
        if start > done or not kept:
            kept += (text[done:start], HIDDEN)
        done = max(done, end)
    return "".join((*kept, text[done:]))


def _host_only(found: re.Match[str]) -> str:
    scheme, host, rest = found.groups()
    return f"{scheme}://{host}{'/…' if rest.strip('/') else ''}"


def _pieces(secret: str) -> Iterator[tuple[int, str]]:
    """Cut every way to write a secret into pieces that give it away, as (length, piece)."""
    for width, form in _forms(secret):
        length, lower = min(width, len(form)), form.translate(_LOWER)
        for start in range(len(lower) - length + 1):
            yield length, lower[start : start + length]


def _forms(secret: str) -> Iterator[tuple[int, str]]:
    """Every usual way to write a secret, each with how much of it in a row gives it away."""
    raw = secret.encode(errors="surrogatepass")
    plain = chain(
        (secret, secret[::-1], quote(raw, safe=""), repr(secret)[1:-1], ascii(secret)[1:-1]),
        (json.dumps(secret, ensure_ascii=plainly)[1:-1] for plainly in (True, False)),
    )
    yield from ((_PIECE, form) for form in dict.fromkeys(plain))
    yield _PIECE_HEX, raw.hex()
    yield _PIECE_PERCENT, "".join(f"%{byte:02x}" for byte in raw)
    for shift in range(3):
        # Inside something longer, such as `name:secret`, it lies at one of three places of
        # base64's grid; only what it alone decides counts.
        encoded = base64.b64encode(b"\0" * shift + raw).decode()
        inner = encoded[-(-shift * 4 // 3) : (shift + len(raw)) * 4 // 3]
        yield _PIECE_BASE64, inner
        yield _PIECE_BASE64, inner.replace("+", "-").replace("/", "_")
