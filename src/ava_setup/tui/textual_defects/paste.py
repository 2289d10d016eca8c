"""What of a pasted text may go into a field."""

from __future__ import annotations

import re

_ENDS_A_VALUE = re.compile(r"[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]")


def first_line(text: str) -> str:
    """Find the first line that has words in it, stripped; empty when none has.

    A tab ends a line too: what follows it was meant for the next field, and may be a secret.
    """
    return next(filter(None, map(_tidy, _ENDS_A_VALUE.split(text))), "")


def typed_lines(text: str) -> str:
    """Keep the lines of a text, without what no key could have typed."""
    return "\n".join(map(_typeable, text.splitlines()))


def _tidy(line: str) -> str:
    return _typeable(line).strip()


def _typeable(line: str) -> str:
    # Escapes and zero-width characters go; every kind of blank becomes a space.
    return "".join(" " if c.isspace() else c for c in line if c.isspace() or c.isprintable())
