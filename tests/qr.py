"""Reads a code as a phone's camera does: from pixels, and never from light modules on dark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import zxingcpp

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.color import Color
    from rich.segment import Segment
    from textual.app import App

# Pixels a character takes; half its height is its width, as in most terminals.
_WIDE, _HIGH = 8, 16
_UPPER_HALF, _LOWER_HALF = "█▀", "█▄"


def codes_in(rows: list[bytes]) -> list[str]:
    """Read all codes of a picture.

    Args:
        rows: Of grey pixels, a byte each, from black to white.
    """
    picture = memoryview(b"".join(rows)).cast("B", (len(rows), len(rows[0])))
    found = zxingcpp.read_barcodes(picture, try_invert=False, try_downscale=False)
    return [one.text for one in found]


def photographed(app: App[None], *, paper: int = 0) -> list[bytes]:
    """Draw what is on an app's screen, in grey.

    Args:
        paper: How light the terminal's own background is.
    """
    strips = app.screen._compositor.render_strips()[: app.size.height]
    return [row for strip in strips for row in _line(list(strip), paper)]


def _line(segments: Iterable[Segment], paper: int) -> list[bytes]:
    rows = [bytearray() for _row in range(_HIGH)]
    for text, style, _control in segments:
        under = _grey(style.bgcolor if style else None, paper)
        ink = _grey(style.color if style else None, 255 - paper)
        if style and style.reverse:
            under, ink = ink, under
        for character in text:
            for place, row in enumerate(rows):
                row.extend(_across(character, place, ink, under))
    return [bytes(row) for row in rows]


def _across(character: str, place: int, ink: int, under: int) -> bytes:
    """Give one row of a character's pixels; of a letter, a blot."""
    half = _UPPER_HALF if place < _HIGH // 2 else _LOWER_HALF
    if character in "█▀▄":
        return bytes([ink if character in half else under] * _WIDE)
    blotted = not character.isspace() and _HIGH // 4 <= place < _HIGH * 3 // 4
    blot = bytes([ink if blotted else under] * (_WIDE // 2))
    edge = bytes([under] * (_WIDE // 4))
    return edge + blot + edge


def _grey(colour: Color | None, otherwise: int) -> int:
    if colour is None or colour.is_default:
        return otherwise
    red, green, blue = colour.get_truecolor()
    return round(0.299 * red + 0.587 * green + 0.114 * blue)
