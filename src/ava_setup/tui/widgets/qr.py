"""The code that dials a number: black on white whatever the theme, so that phones read it."""

from __future__ import annotations

from itertools import groupby

from rich.text import Text as Styled
from textual.widgets import Static

from ava_setup.front.qr import code_lines

# A full block in front of its own colour: no gap between two lines shows through.
_STYLES = {" ": "#000000 on #000000", "█": "#ffffff on #ffffff"}
_HALF = "#ffffff on #000000"


class QrCode(Static):
    """A code that dials a number.

    Args:
        number: E.164.
    """

    def __init__(self, number: str) -> None:
        super().__init__(id="qr")
        self._number = number

    def on_mount(self) -> None:
        """Draw the code."""
        lines = code_lines(self._number)
        picture = Styled("\n", no_wrap=True).join(_coloured(line) for line in lines)
        self.styles.width = len(lines[0])
        self.update(picture)


def _coloured(line: str) -> Styled:
    parts = groupby(line, lambda character: _STYLES.get(character, _HALF))
    return Styled.assemble(*(("".join(characters), style) for style, characters in parts))
