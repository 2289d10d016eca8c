"""A QR code in half blocks: black on white whatever the theme, so that phones read it."""

from __future__ import annotations

from itertools import zip_longest

import segno
from rich.text import Text as Styled
from textual.widgets import Static

_BLACK, _WHITE = "#000000", "#ffffff"


class QrCode(Static):
    """A code that dials a number.

    Args:
        number: E.164.
        border: Width of the white edge, in modules; readers want at least two.
    """

    def __init__(self, number: str, *, border: int = 2) -> None:
        super().__init__(id="qr")
        self._number = number
        self._border = border

    def on_mount(self) -> None:
        """Draw the code, two rows of modules a line."""
        code = segno.make(f"tel:{self._number}", error="l", boost_error=False, micro=False)
        rows = [list(row) for row in code.matrix_iter(border=self._border)]
        picture = Styled()
        for upper, lower in zip_longest(rows[::2], rows[1::2], fillvalue=[0] * len(rows[0])):
            for above, below in zip(upper, lower, strict=True):
                ink, paper = (_BLACK if above else _WHITE), (_BLACK if below else _WHITE)
                picture.append("▀", f"{ink} on {paper}")
            picture.append("\n")
        picture.right_crop()
        self.styles.width = len(rows[0])
        self.update(picture)
