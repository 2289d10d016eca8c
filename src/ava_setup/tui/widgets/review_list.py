"""What going live is to do, a line a setting: each leads to the step that asks it."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets.option_list import Option

from ava_setup.onboarding.review_rows import Blocks, Creates, Replaces, Row, Stays
from ava_setup.tui.widgets.pick_list import PickList
from ava_setup.tui.widgets.spoken import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual import events

    from ava_setup.onboarding.review_rows import Effect, Review

_GAP = 2
_NARROWEST = 20


class ReviewList(PickList):
    """Shows what is written at a vendor by a mark and by a word, never by a colour alone."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._shown: tuple[Row, ...] = ()
        self._width = 0

    def show(self, review: Review | None) -> None:
        """Show a review; nothing moves when it is the one shown."""
        rows = review.rows if review else ()
        if rows != self._shown:
            self._shown = rows
            self.speak()

    @property
    def picked(self) -> Row | None:
        """The row that is highlighted."""
        return None if self.highlighted is None else self._shown[self.highlighted]

    def on_resize(self, event: events.Resize) -> None:
        """Break the lines anew."""
        if event.size.width != self._width:
            self._width = event.size.width
            self.speak()

    def speak(self) -> None:
        """Put the rows into the app's language, as wide as there is room."""
        highlighted = self.highlighted
        names = [say(self, row.setting) for row in self._shown]
        indent = max(map(len, names), default=0) + _GAP
        room = max(self.scrollable_content_region.width - indent - _GAP, _NARROWEST)
        self.set_options(
            Option(Content("\n").join(self._prompt(row, name, indent, room)), id=row.id.value)
            for row, name in zip(self._shown, names, strict=True)
        )
        if self._shown:
            self.highlighted = min(highlighted or 0, len(self._shown) - 1)

    def _prompt(self, row: Row, name: str, indent: int, room: int) -> Iterator[Content]:
        value = textwrap.wrap(f"{say(self, row.value)} · {say(self, row.source.words)}", room)
        lines = [Content(line) for line in value]
        if not isinstance(row.effect, Stays):
            mark, style = _mark(row.effect)
            effect = f"{mark} {say(self, row.effect.words)}"
            if len(value[-1]) + _GAP + len(effect) <= room:
                lines[-1] = Content.assemble(value[-1], " " * _GAP, (effect, style))
            else:
                lines += [Content.styled(line, style) for line in textwrap.wrap(effect, room)]
        yield Content.assemble((f"{name:<{indent}}", "bold"), lines[0])
        for line in lines[1:]:
            yield Content.assemble(" " * indent, line)


def _mark(effect: Effect) -> tuple[str, str]:
    match effect:
        case Creates():
            return "+", "$success"
        case Replaces(loses=True):
            return "!", "$warning"
        case Replaces():
            return "~", "$accent"
        case Blocks():
            return "✗", "$error"
        case _:
            return " ", ""
