"""What is drawn on the screen, cell by cell, and how it looks."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.color import Color
    from textual.app import App
    from textual.geometry import Region

# Box drawing and blocks: edges, scroll bars, the QR code. They are no words.
_DRAWN = {chr(code) for code in range(0x2500, 0x25A0)}
# What fonts and terminals have agreed on since the code pages: each takes one cell.
_AGREED = set("●○✓✗←↑→↓•…—“”œŒ€▲▼\u2013\u2018\u2019") | _DRAWN
_LATIN = range(0xA0, 0x180)


RGB = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Pair:
    """Words and what is behind them; a colour that is the terminal's own is None."""

    words: RGB | None
    behind: RGB | None
    dim: bool


def contrast(one: RGB, other: RGB) -> float:
    """Compute the ratio of WCAG, 1 to 21."""
    lighter, darker = sorted(map(_luminance, (one, other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: RGB) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


class Picture:
    """What is on screen at one moment."""

    def __init__(self, app: App[None]) -> None:
        self._strips = app.screen._compositor.render_strips()

    @property
    def text(self) -> str:
        """All characters."""
        return "\n".join(strip.text for strip in self._strips)

    def within(self, region: Region) -> str:
        """Give what is drawn in a region, without blanks and line ends."""
        rows = self._strips[region.y : region.bottom]
        return squeezed("".join(strip.crop(region.x, region.right).text for strip in rows))

    def pairs(self) -> Iterator[tuple[Pair, str]]:
        """Give every pair of words and background, with the words."""
        for strip in self._strips:
            for text, style, _control in strip:
                if not text.strip() or set(text) <= _DRAWN | {" "}:
                    continue
                words, behind = (style.color, style.bgcolor) if style else (None, None)
                if style and style.reverse:
                    words, behind = behind, words
                yield Pair(_rgb(words), _rgb(behind), bool(style and style.dim)), text.strip()


def _rgb(colour: Color | None) -> RGB | None:
    if colour is None or colour.triplet is None:
        return None
    red, green, blue = colour.triplet
    return red, green, blue


def unaligned(text: str) -> set[str]:
    """Give the characters that not every terminal draws in one cell."""
    return {character for character in set(text) if not _is_aligned(character)}


def _is_aligned(character: str) -> bool:
    if " " <= character <= "~" or character == "\n":
        return True
    known = ord(character) in _LATIN or character in _AGREED
    plain = unicodedata.category(character) not in {"Cc", "Cf", "Me", "Mn"}
    wide = unicodedata.east_asian_width(character) in {"W", "F"}
    return known and plain and not wide and cell_len(character) == 1


def squeezed(text: str) -> str:
    """Take the blanks out of a text: it is found wherever it wraps."""
    return "".join(text.split())
