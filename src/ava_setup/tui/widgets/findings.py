"""What the doctor found: a line for each check, what is wrong first once all is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets.option_list import Option

from ava_setup.onboarding.verdicts import Check, Verdict
from ava_setup.tui.widgets.checklist import MARKS
from ava_setup.tui.widgets.pick_list import PickList
from ava_setup.tui.widgets.spoken import say
from ava_setup.words import Text, _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ava_setup.onboarding.verdicts import CheckId

# The headings, in the order in which they are shown.
_HEADINGS: dict[Verdict, Text] = {
    Verdict.FAILED: _("To be mended"),
    Verdict.CANNOT_TELL: _("Nobody can tell"),
    Verdict.NOTED: _("Good to know"),
    Verdict.PASSED: _("In order"),
}
_WAITING = _("waiting")
_NARROWEST = 20

# A line of the list: a check, or the heading of those that follow.
_Row = Check | Verdict


class Findings(PickList):
    """The checks, one of them picked; each detail is there to its last word."""

    def __init__(self) -> None:
        super().__init__(id="findings")
        self._rows: list[_Row] = []

    def show(self, checks: tuple[Check, ...], *, over: bool, first: CheckId | None = None) -> None:
        """Show how the checks stand.

        Args:
            checks: All of them.
            over: Whether all was looked at: they are then put in order, and keep it.
            first: The one to begin with, or None.
        """
        if over or not self._rows:
            rows: list[_Row] = list(_grouped(checks, first)) if over else list(checks)
        else:
            known = {check.id: check for check in checks}
            rows = [known[row.id] if isinstance(row, Check) else row for row in self._rows]
        self._draw(rows)

    @property
    def picked(self) -> Check | None:
        """The check that is highlighted."""
        row = None if self.highlighted is None else self._rows[self.highlighted]
        return row if isinstance(row, Check) else None

    def speak(self) -> None:
        """Put the lines into the app's language."""
        rows, self._rows = self._rows, []
        self._draw(rows, highlighted=self.highlighted)

    def on_resize(self) -> None:
        """Use the room there is."""
        if self._rows:
            self.speak()

    def _draw(self, rows: list[_Row], *, highlighted: int | None = None) -> None:
        """Draw these lines; where none moves, only those that changed."""
        if list(map(_key, rows)) == list(map(_key, self._rows)):
            changed = [place for place, row in enumerate(rows) if row != self._rows[place]]
            self._rows = rows
            for place in changed:
                self.replace_option_prompt_at_index(place, self._line(rows[place]))
            return
        self._rows = rows
        with self.app.batch_update():
            self.set_options(
                Option(self._line(row), id=_key(row), disabled=isinstance(row, Verdict))
                for row in rows
            )
            self.highlighted = highlighted
            if highlighted is None:
                self.action_first()
                self.scroll_home(animate=False)

    def _line(self, row: _Row) -> Content:
        if isinstance(row, Verdict):
            return Content.styled(say(self, _HEADINGS[row]), "bold $primary")
        mark, style = MARKS[row.verdict]
        questions = [say(self, each.question) for each in self._rows if isinstance(each, Check)]
        start = max(map(len, questions)) + 4
        waits = row.verdict is Verdict.WAITING
        words = say(self, _WAITING if waits else row.detail)
        detail = Content.styled(words, style if waits or row.verdict is Verdict.FAILED else "")
        room = max(_NARROWEST, self.scrollable_content_region.width - start)
        lines = Content(f"\n{' ' * start}").join(detail.wrap(room))
        question = f" {say(self, row.question)}".ljust(start - 1)
        return Content.assemble((mark, style), question, lines)


def _key(row: _Row) -> str:
    return f"heading-{row.value}" if isinstance(row, Verdict) else row.id.value


def _grouped(checks: tuple[Check, ...], first: CheckId | None) -> Iterator[_Row]:
    for verdict in _HEADINGS:
        of_this_kind = [check for check in checks if check.verdict is verdict]
        if of_this_kind:
            yield verdict
            yield from sorted(of_this_kind, key=lambda check: check.id is not first)
