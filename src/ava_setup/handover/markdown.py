"""The hand-over sheet in Markdown: for a wiki, a ticket, a mail."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ava_setup.onboarding.handover import Blank, Paragraph, Place, Quote, Steps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ava_setup.onboarding.handover import Part, Sheet
    from ava_setup.words import Voice

# What may mean something in the middle of a line, and what may at its beginning (CommonMark).
_ANYWHERE = re.compile(r"[\\`*_\[\]<>&~|#!]")
_AT_BEGINNING = re.compile(r"^([-+=:]|\d+(?=[.)]))")


def as_markdown(sheet: Sheet, voice: Voice) -> str:
    """Write a sheet in Markdown; every word of it is escaped.

    Args:
        sheet: What it says.
        voice: The language that it says it in.
    """
    return "\n\n".join(_blocks(sheet, voice)) + "\n"


def _blocks(sheet: Sheet, voice: Voice) -> Iterator[str]:
    yield f"# {_escaped(sheet.business)}"
    yield _escaped(voice(sheet.headline))
    yield f"**[{_escaped(sheet.national)}](tel:{sheet.number})** ({_escaped(sheet.international)})"
    if sheet.warning:
        yield f"**{_escaped(voice(sheet.warning))}**"
    for section in sheet.sections:
        yield f"## {_escaped(voice(section.heading))}"
        yield from (_part(part, voice) for part in section.parts)
    yield "---"
    yield _escaped(voice(sheet.footer))


def _part(part: Part, voice: Voice) -> str:
    match part:
        case Paragraph(text):
            return _escaped(voice(text))
        case Steps(texts):
            numbered = enumerate(texts, 1)
            return "\n".join(f"{place}. {_escaped(voice(text))}" for place, text in numbered)
        case Quote(words):
            return f"> {_escaped(words)}"
        case Place(text, url):
            return f"{_escaped(voice(text))}: <{url}>"
        case Blank(label):
            return f"{_escaped(voice(label))}: \\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_"


def _escaped(words: str) -> str:
    line = " ".join(words.split())
    escaped = _ANYWHERE.sub(r"\\\g<0>", line)
    return _AT_BEGINNING.sub(_disarmed, escaped)


def _disarmed(found: re.Match[str]) -> str:
    """Keep the beginning of a line from making a list of it, or a heading of the one above."""
    mark = found[0]
    return f"\\{mark}" if not mark.isdigit() else f"{mark}\\"
