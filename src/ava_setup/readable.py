"""Writing on a terminal that lacks some letters: the nearest ones that it has, never a fault."""

from __future__ import annotations

import codecs
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO

NEAREST: Final = "ava_setup.nearest"

# What taking the accent off does not make plain.
_PLAIN = {
    "œ": "oe",
    "Œ": "OE",
    "æ": "ae",
    "Æ": "AE",
    "ß": "ss",
    "ø": "o",
    "ł": "l",
    "“": '"',
    "”": '"',
    "«": '"',
    "»": '"',
    "„": '"',
    "‘": "'",  # noqa: RUF001 - the sign is the point
    "’": "'",  # noqa: RUF001 - same
    "–": "-",  # noqa: RUF001 - same
    "—": "-",
    "‑": "-",  # noqa: RUF001 - same
    "·": "-",
    "•": "-",
    "●": "*",
    "○": "o",
    "→": "->",
    "←": "<-",
    "✓": "OK",
    "✗": "X",
    "×": "x",  # noqa: RUF001 - same
    "€": "EUR",
    "£": "GBP",
}


def write_the_nearest(stream: TextIO, environ: Mapping[str, str]) -> None:
    """Have a stream write the nearest letters in place of those that it cannot write.

    Args:
        stream: Standard output, or the like; one that cannot be told is left alone.
        environ: In the locale “C”, a terminal is trusted with ASCII only.
    """
    # Python itself writes UTF-8 in the locale “C”, whatever the terminal makes of it.
    encoding = "ascii" if _locale(environ) in {"C", "POSIX"} else None
    if reconfigure := getattr(stream, "reconfigure", None):
        reconfigure(encoding=encoding, errors=NEAREST)


def _locale(environ: Mapping[str, str]) -> str:
    return next(filter(None, map(environ.get, ("LC_ALL", "LC_CTYPE", "LANG"))), "")


def _nearest(error: UnicodeError) -> tuple[str | bytes, int]:
    """Replace what an encoding lacks, as `codecs.register_error` wants it."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(map(_nearest_of, lacking)), error.end


def _nearest_of(character: str) -> str:
    if character in _PLAIN:
        return _PLAIN[character]
    if character.isspace():
        return " "
    letters = unicodedata.normalize("NFKD", character)
    plain = "".join(_PLAIN.get(one, one) for one in letters if not unicodedata.combining(one))
    return plain if plain and plain.isascii() else "?"


codecs.register_error(NEAREST, _nearest)
