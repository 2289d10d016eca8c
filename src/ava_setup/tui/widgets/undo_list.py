"""What undoing means: each step with its mark, and what stays as it is."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from textual.containers import Horizontal, Vertical

from ava_setup.tui.textual_defects import PlainText
from ava_setup.tui.widgets.spoken import Line
from ava_setup.words import Text, _

if TYPE_CHECKING:
    from textual.app import ComposeResult


class Mark(Enum):
    """How a line stands: its mark, and the class that colours it."""

    TO_DO = "○", "-to-do"
    NOW = "●", "-now"
    DONE = "✓", "-done"
    NOT_DONE = "!", "-not-done"
    LEFT = "-", "-left"


class UndoLine(Horizontal):
    """A mark and a sentence; the sentence wraps beside the mark."""

    def __init__(self, text: Text, mark: Mark) -> None:
        super().__init__()
        self.sentence = text
        self._mark = PlainText(classes="mark")
        self._first = mark

    def compose(self) -> ComposeResult:
        """Lay out both."""
        yield self._mark
        yield Line(self.sentence, classes="words")

    def on_mount(self) -> None:
        """Show the mark."""
        self.mark(self._first)

    def mark(self, mark: Mark) -> None:
        """Change the mark."""
        for each in Mark:
            self.set_class(each is mark, each.value[1])
        self._mark.update(mark.value[0])


class UndoList(Vertical):
    """The steps, then what is left."""

    def __init__(self) -> None:
        super().__init__(id="undo-list")
        self._heading = Line()
        self._steps: list[UndoLine] = []
        self._now: UndoLine | None = None

    async def show(self, done: list[Text], steps: list[Text], left: list[Text]) -> None:
        """List what is done already, what is to be done, and what stays as it is."""
        ticked = [UndoLine(text, Mark.DONE) for text in done]
        self._steps, self._now = [UndoLine(text, Mark.TO_DO) for text in steps], None
        self._heading = Line(_("Undoing will:"), classes="label")
        lines: list[Line | UndoLine] = []
        if ticked or self._steps:
            lines += [self._heading, *ticked, *self._steps]
        await self.remove_children()
        await self.mount_all(lines)
        await self._leave(left)

    def begin(self) -> None:
        """The first step is being done."""
        self._mark_next(0)

    def tick(self, place: int) -> None:
        """The step at a place is done, and the next one begun."""
        self._steps[place].mark(Mark.DONE)
        self._mark_next(place + 1)

    def _mark_next(self, place: int) -> None:
        self._now = self._steps[place] if place < len(self._steps) else None
        if self._now is not None:
            self._now.mark(Mark.NOW)
            self._now.scroll_visible(animate=False)

    def halt(self) -> None:
        """The step that was being done failed."""
        if self._now is not None:
            self._now.mark(Mark.NOT_DONE)

    async def end(self, left: list[Text], not_done: set[Text]) -> None:
        """All is done, but for these; and this is left beside."""
        self._heading.tell(_("Taken back:"))
        for step in self._steps:
            step.mark(Mark.NOT_DONE if step.sentence in not_done else Mark.DONE)
        await self._leave(left)

    async def _leave(self, left: list[Text]) -> None:
        lines: list[Line | UndoLine] = [UndoLine(text, Mark.LEFT) for text in left]
        if lines and not self.query(".left-heading"):
            lines.insert(0, Line(_("Stays as it is:"), classes="label left-heading"))
        await self.mount_all(lines)
