"""The checklist, live: a mark and a word for each part of the line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from ava_setup.onboarding.verdicts import Verdict
from ava_setup.tui.widgets.spoken import say
from ava_setup.words import Text, _

if TYPE_CHECKING:
    from ava_setup.onboarding.verdicts import Check

MARKS = {
    Verdict.PASSED: ("✓", "$success"),
    Verdict.NOTED: ("•", "$accent"),
    Verdict.FAILED: ("✗", "bold $error"),
    Verdict.CANNOT_TELL: ("?", "$warning"),
    Verdict.WAITING: ("○", "$text-muted"),
}
_WORDS: dict[Verdict, Text] = {
    Verdict.WAITING: _("waiting"),
    Verdict.NOTED: _("good to know"),
    Verdict.FAILED: _("not good"),
    Verdict.CANNOT_TELL: _("cannot tell"),
}


class Checklist(Static):
    """Six lines that fill in as the vendors answer.

    Args:
        brief: Whether what is good goes without details.
    """

    def __init__(
        self,
        *,
        brief: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's own name
    ) -> None:
        super().__init__(id=id)
        self._brief = brief
        self._checks: tuple[Check, ...] = ()

    def show(self, checks: tuple[Check, ...]) -> None:
        """Show how the checks stand now."""
        if checks != self._checks:
            self._checks = checks
            self.speak()

    def speak(self) -> None:
        """Draw the lines anew."""
        width = max((len(say(self, check.question)) for check in self._checks), default=0)
        self.update(Content("\n").join(self._line(check, width) for check in self._checks))

    def _line(self, check: Check, width: int) -> Content:
        mark, style = MARKS[check.verdict]
        question = f" {say(self, check.question):<{width}}  "
        passed = check.verdict is Verdict.PASSED
        if passed and self._brief:
            return Content.assemble((mark, style), question)
        said = check.detail
        if not passed:
            word = _WORDS[check.verdict]
            said = _("{verdict}: {detail}", verdict=word, detail=said) if said else word
        return Content.assemble((mark, style), question, (say(self, said), "" if passed else style))
