"""Instructions that follow their business, except where the owner wrote their own."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ava_setup.onboarding.composing import Composition

_GAP = "\n\n"
_WIDE_GAP = re.compile(r"\n{3,}")


def carried_over(written: str, earlier: Composition, now: Composition) -> str:
    """Bring instructions up to date with a business that changed.

    Args:
        written: The instructions as they stand, perhaps edited.
        earlier: The ready-made text that they were edited from.
        now: The ready-made text of today.

    Returns:
        Today's text for each paragraph that was left as it was, the owner's for all the rest;
        a paragraph that the owner took out stays out.
    """
    lines = written.split("\n")
    untouched = _untouched(lines, earlier)
    if not untouched:
        return written
    for place, key in untouched.items():
        lines[place] = now.paragraphs.get(key, "")
    order = tuple(now.paragraphs)
    for key in (key for key in order if key not in earlier.paragraphs):
        before = [place for place, known in untouched.items() if known in order[: order.index(key)]]
        if before:
            lines[before[-1]] += _GAP + now.paragraphs[key]
        else:
            lines[0] = now.paragraphs[key] + _GAP + lines[0]
    text = "\n".join(lines)
    is_shorter = earlier.paragraphs.keys() - now.paragraphs.keys()
    return _WIDE_GAP.sub(_GAP, text).strip() if is_shorter else text


def own_lines(written: str, ready: Composition) -> int:
    """Count the lines that are the owner's own, and so do not follow the business.

    Args:
        written: The instructions, perhaps edited.
        ready: The ready-made text that they were edited from.
    """
    lines = written.split("\n")
    return sum(bool(line.strip()) for line in lines) - len(_untouched(lines, ready))


def _untouched(lines: list[str], ready: Composition) -> dict[int, str]:
    """Give the places of the paragraphs that were left alone, each with its name."""
    keys = tuple(ready.paragraphs)
    places = [place for place, line in enumerate(lines) if line.strip()]
    paragraphs = [lines[place].strip() for place in places]
    compared = SequenceMatcher(None, tuple(ready.paragraphs.values()), paragraphs, autojunk=False)
    return {
        places[block.b + n]: keys[block.a + n]
        for block in compared.get_matching_blocks()
        for n in range(block.size)
    }
