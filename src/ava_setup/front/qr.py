"""The code that dials a number, in characters: light ink, so that a dark terminal shows it right.

Each line of characters holds two rows of modules. Printed in the terminal's own colours, `█` is
light on a dark terminal; a screen colours it, and is then read on any.
"""

from __future__ import annotations

from itertools import zip_longest

import segno

# As many as a window of 24 lines has room for.
_LINES = 15
# What the standard asks for around the code (ISO/IEC 18004), and what readers still put up with.
_EDGE, _EDGE_MIN = 4, 2

# Which character draws the upper and the lower of two modules; true is a dark one.
_CHARACTERS = {(True, True): " ", (True, False): "▄", (False, True): "▀", (False, False): "█"}


def code_for(number: str) -> segno.QRCode:
    """Make the code that dials a number.

    Args:
        number: E.164.
    """
    # Seventeen characters fit into the smallest code, and no reader minds the lowest correction
    # on a clean screen or a fresh print.
    return segno.make_qr(f"tel:{number}", error="l", boost_error=False)


def code_lines(number: str) -> tuple[str, ...]:
    """Draw the code that dials a number.

    Args:
        number: E.164.

    Returns:
        Lines of equal width, of the characters space, `▀`, `▄` and `█`, the light edge included.
    """
    code = code_for(number)
    modules = int(code.symbol_size(border=0)[0])
    edge = max(_EDGE_MIN, min(_EDGE, (2 * _LINES - modules) // 2))
    rows = [[bool(module) for module in row] for row in code.matrix_iter(border=edge)]
    light = [False] * len(rows[0])
    return tuple(
        "".join(_CHARACTERS[pair] for pair in zip(upper, lower, strict=True))
        for upper, lower in zip_longest(rows[::2], rows[1::2], fillvalue=light)
    )
