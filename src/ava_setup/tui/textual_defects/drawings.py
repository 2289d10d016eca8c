"""What was drawn of a widget, which must not outlive it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, cast

from textual._styles_cache import StylesCache
from textual.style import Style

if TYPE_CHECKING:
    from textual.color import Color

_PAIRS_MAX = 256


@lru_cache(_PAIRS_MAX)
def _inner_outer(base: Color, background: Color) -> tuple[Style, Style]:
    return Style(background=base + background), Style(background=base)


def let_drawings_go() -> None:
    """Have no drawing kept once its widget is gone.

    Textual remembers two colours by the drawing that asked for them: the last thousand drawings,
    with every line in them, stay in memory, and no widget profits from what another asked.
    """
    StylesCache.get_inner_outer = cast("object", staticmethod(_inner_outer))  # type: ignore[method-assign,assignment]
