"""The frame, the same on every step: where am I, why, what is going on, which keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from ava_setup.onboarding.steps import QUESTIONS, Standing, StepId, place_of, standing
from ava_setup.tui.textual_defects import PlainText
from ava_setup.tui.widgets.spoken import Line, SpokenButton, say
from ava_setup.words import NOTHING, Text, _

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from ava_setup.onboarding.errors import Problem
    from ava_setup.onboarding.state import State

_DEMO = _("DEMO")
_ESC = _("Esc")
_GAPS = ("   ", "  ", " ")
MARKS = {
    Standing.DONE: ("✓", "$success"),
    Standing.CURRENT: ("●", "bold"),
    Standing.TO_DO: ("○", "$text-muted"),
    Standing.ATTENTION: ("!", "$warning"),
}


class TitleBar(Static):
    """Product, business, step n of m."""

    def __init__(self, step_id: StepId, *, demo: bool) -> None:
        super().__init__(id="title-bar")
        self._step_id = step_id
        self._demo = demo
        self._business = ""

    def on_mount(self) -> None:
        """Speak as soon as there is an app to ask."""
        self.speak()

    def on_resize(self) -> None:
        """Keep both ends at the edges."""
        self.speak()

    def show_business(self, name: str) -> None:
        """Name the business."""
        if name != self._business:
            self._business = name
            self.speak()

    def speak(self) -> None:
        """Draw the bar anew."""
        number, of = place_of(self._step_id)
        right = say(self, _("Step {n} of {m}", n=number, m=of)) if number else ""
        left = Content.assemble((" ◆ Ava", "bold"), "  ")
        if self._demo:
            left = Content.assemble(left, (f" {say(self, _DEMO)} ", "reverse"), "  ")
        room = max(0, self.size.width - len(right) - 2)
        left = Content.assemble(left, self._business).truncate(room, ellipsis=True)
        gap = max(1, self.size.width - left.cell_length - len(right) - 1)
        self.update(Content.assemble(left, " " * gap, right))


class Stepper(Static):
    """All steps in one line; a mark and, for the ear, the order say how each stands."""

    def __init__(self, step_id: StepId) -> None:
        super().__init__(id="stepper")
        self._step_id = step_id
        self._state: State | None = None

    def on_mount(self) -> None:
        """Speak as soon as there is an app to ask."""
        self.speak()

    def show_state(self, state: State) -> None:
        """Show how the steps stand."""
        self._state = state
        self.speak()

    def speak(self) -> None:
        """Draw the line anew."""
        parts: list[tuple[str, str]] = []
        for each in QUESTIONS:
            stands = (
                standing(each.id, self._step_id, self._state)
                if self._state is not None
                else Standing.TO_DO
            )
            mark, style = MARKS[stands]
            parts.append((f" {mark} {say(self, each.title)} ", style))
        self.update(Content(" ").join(Content.assemble(part) for part in parts))


class Notice(Vertical):
    """A problem: what happened, why, what to do next, and a button when we can do it."""

    def __init__(self) -> None:
        super().__init__(id="notice")
        self.problem: Problem | None = None
        self._lines = {
            "what": Line(classes="what"),
            "why": Line(classes="why"),
            "next": Line(classes="next"),
            "evidence": Line(classes="evidence"),
        }
        self._remedy = SpokenButton(NOTHING, id="remedy")

    def compose(self) -> ComposeResult:
        """Lay the lines and the button out, empty."""
        yield from self._lines.values()
        yield self._remedy

    def show(self, problem: Problem | None, remedy: Text = NOTHING) -> None:
        """Show a problem with what a button can do about it, or nothing."""
        self.problem = problem
        self.display = problem is not None
        if problem is None:
            return
        self._lines["what"].tell(problem.what)
        self._lines["why"].tell(problem.why)
        self._lines["next"].tell(problem.next)
        evidence = str(problem.evidence)
        self._lines["evidence"].tell(
            _("Reference: {evidence}", evidence=evidence)
            if problem.evidence.status is not None
            else NOTHING
        )
        self._remedy.display = bool(remedy)
        self._remedy.tell(remedy)

    def offer(self) -> None:
        """Put the focus on the button, if there is one."""
        if self._remedy.display:
            self._remedy.focus()


class KeyHints(PlainText):
    """Which keys do something now."""

    def __init__(self) -> None:
        super().__init__(id="key-hints")
        self._hints: tuple[tuple[Text, Text], ...] = ()

    def show(self, hints: tuple[tuple[Text, Text], ...]) -> None:
        """Name these keys, each with what it does."""
        if hints != self._hints:
            self._hints = hints
            self.speak()

    def on_resize(self) -> None:
        """Use the room there is."""
        self.speak()

    def speak(self) -> None:
        """Draw the hints anew, closer together where there are many."""
        hints = [
            Content.assemble((say(self, key), "bold"), f" {say(self, what)}")
            for key, what in self._hints
        ]
        # A button says what Escape does, too.
        fewer = [said for said, (key, _what) in zip(hints, self._hints, strict=True) if key != _ESC]
        rows = [
            Content.assemble(" ", Content(gap).join(said))
            for said in (hints, fewer)
            for gap in _GAPS
        ]
        fitting = (row for row in rows if row.cell_length <= self.size.width)
        self.update(next(fitting, rows[-1]))
