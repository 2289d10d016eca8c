"""A space that must not break a line: French sets one inside « » and before : ; ? !"""

from __future__ import annotations

import re
from typing import Final

from rich import _wrap

_HOLDS: Final = "\u00a0\u202f"
_BREAKS: Final = rf"[^\S{_HOLDS}]"
_WORD: Final = re.compile(rf"{_BREAKS}*[\S{_HOLDS}]+{_BREAKS}*")


def keep_together() -> None:
    """Have lines broken nowhere else than at common spaces.

    Textual breaks lines with Rich's `divide_line`, which asks this pattern what a word is, and to
    which every kind of space is the same.
    """
    _wrap.re_word = _WORD
