"""What was drawn of a widget: it must not outlive it, nor hold more than was drawn."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, cast

from textual._styles_cache import StylesCache
from textual.cache import FIFOCache
from textual.strip import Strip
from textual.style import Style

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import MemberDescriptorType
    from typing import Any

    from rich.segment import Segment
    from textual.color import Color

_PAIRS_MAX = 256
# How many answers each line of a drawing remembers, by what was asked of it, as Textual has it.
_REMEMBERED: Final = {
    "_divide_cache": 4,
    "_crop_cache": 16,
    "_style_cache": 16,
    "_filter_cache": 4,
    "_line_length_cache": 4,
    "_crop_extend_cache": 4,
    "_offsets_cache": 4,
}


@lru_cache(_PAIRS_MAX)
def _inner_outer(base: Color, background: Color) -> tuple[Style, Style]:
    return Style(background=base + background), Style(background=base)


class _MadeWhenAsked:
    """A slot of a line, whose cache is made when it is first asked for."""

    def __init__(self, slot: MemberDescriptorType, size: int) -> None:
        self._slot = slot
        self._size = size

    def __get__(self, strip: Strip, kind: type[Strip]) -> FIFOCache[Any, Any]:
        try:
            cache: FIFOCache[Any, Any] = self._slot.__get__(strip, kind)
        except AttributeError:
            cache = FIFOCache(self._size)
            self._slot.__set__(strip, cache)
        return cache


def _begin_strip(strip: Strip, segments: Iterable[Segment], cell_length: int | None = None) -> None:
    strip._segments = list(segments)  # noqa: SLF001 - it stands in for Strip's own
    strip._cell_length = cell_length  # noqa: SLF001
    strip._render_cache = None  # noqa: SLF001
    strip._link_ids = None  # noqa: SLF001
    strip._cell_count = None  # noqa: SLF001


def let_drawings_go() -> None:
    """Have no drawing kept once its widget is gone, and no cache for what nobody asks.

    Textual remembers two colours by the drawing that asked for them: the last thousand drawings,
    with every line in them, stay in memory, and no widget profits from what another asked. And it
    gives every line seven caches of its own, of which nearly all stay empty: half of what a screen
    weighs, and most of what the collector has to look at.
    """
    StylesCache.get_inner_outer = cast("object", staticmethod(_inner_outer))  # type: ignore[method-assign,assignment]
    if Strip.__init__ is not _begin_strip:
        for name, size in _REMEMBERED.items():
            setattr(Strip, name, _MadeWhenAsked(vars(Strip)[name], size))
        Strip.__init__ = _begin_strip  # type: ignore[method-assign,assignment]
