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
    from collections.abc import Iterator, Mapping

    from ava_setup.onboarding.errors import Problem
    from ava_setup.onboarding.state import State

_DEMO = _("DEMO")
_GAPS = ("   ", "  ")
# A key, and what it does.
Hint = tuple[Text, Text]
MARKS = {
    Standing.DONE: ("✓", "$success"),
    Standing.CURRENT: ("●", "bold $foreground on $picked"),
    Standing.TO_DO: ("○", "$text-muted"),
    Standing.ATTENTION: ("!", "$warning"),
}
_STANDINGS: dict[Standing, Text] = {
    Standing.DONE: _("done"),
    Standing.CURRENT: _("now"),
    Standing.TO_DO: _("to do"),
    Standing.ATTENTION: _("look here"),
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
        left = Content.assemble((" Ava", "bold"), "  ")
        if self._demo:
            left = Content.assemble(left, (f" {say(self, _DEMO)} ", "reverse"), "  ")
        room = max(0, self.size.width - len(right) - 2)
        left = Content.assemble(left, self._business).truncate(room, ellipsis=True)
        gap = max(1, self.size.width - left.cell_length - len(right) - 1)
        self.update(Content.assemble(left, " " * gap, right))


class Stepper(Static):
    """All steps with how each stands: beside the page with words, else above it in one line."""

    def __init__(self, step_id: StepId) -> None:
        super().__init__(id="stepper")
        self._step_id = step_id
        self._state: State | None = None

    def on_mount(self) -> None:
        """Speak as soon as there is an app to ask."""
        self.speak()

    def on_resize(self) -> None:
        """Use the room there is."""
        self.speak()

    def show_state(self, state: State) -> None:
        """Show how the steps stand."""
        self._state = state
        self.speak()

    def speak(self) -> None:
        """Draw the steps anew."""
        stands = {
            each.id: standing(each.id, self._step_id, self._state)
            if self._state is not None
            else Standing.TO_DO
            for each in QUESTIONS
        }
        self.update(self._rail(stands) if self.size.height > 1 else self._line(stands))

    @property
    def titles(self) -> tuple[str, ...]:
        """What the steps are called, in the app's language."""
        return tuple(say(self, each.title) for each in QUESTIONS)

    def _rail(self, stands: Mapping[StepId, Standing]) -> Content:
        """Draw a step a line: mark, title, and in a word how it stands."""
        titles = {each.id: say(self, each.title) for each in QUESTIONS}
        room = max(map(len, titles.values()))
        rows = []
        for step_id, stand in stands.items():
            mark, style = MARKS[stand]
            row = f" {mark} {titles[step_id]:<{room}}  {say(self, _STANDINGS[stand])}"
            rows.append(Content.styled(row.ljust(self.size.width), style))
        gap = "\n\n" if self.size.height >= 2 * len(rows) + 1 else "\n"
        return Content(gap).join(rows)

    def _line(self, stands: Mapping[StepId, Standing]) -> Content:
        """Draw all in one line: with all titles where they fit, else the current one's."""
        lines = [
            Content.assemble(" ", Content(gap).join(self._in_line(stands, titled)))
            for titled in (frozenset(stands), frozenset({self._step_id}))
            for gap in _GAPS
        ]
        return next((line for line in lines if line.cell_length < self.size.width), lines[-1])

    def _in_line(
        self, stands: Mapping[StepId, Standing], titled: frozenset[StepId]
    ) -> Iterator[Content]:
        for each in QUESTIONS:
            mark, style = MARKS[stands[each.id]]
            title = f" {say(self, each.title)}" if each.id in titled else ""
            yield Content.styled(f"{mark}{title}", style)


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

    def show(self, problem: Problem | None, remedy: Text = NOTHING) -> None:
        """Show a problem with what a button can do about it, or nothing."""
        self.problem = problem
        self.display = problem is not None
        if problem is None:
            return
        if not self.children:
            # Only now: most screens are left without one.
            self.mount(*self._lines.values(), self._remedy)
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
        self._hints: tuple[Hint, ...] = ()
        self._first: tuple[Hint, ...] = ()

    def show(self, hints: tuple[Hint, ...], first: tuple[Hint, ...]) -> None:
        """Name keys, each with what it does.

        Args:
            hints: All of them, leftmost first.
            first: Those to leave out first where there is too little room, in this order.
        """
        if (hints, first) != (self._hints, self._first):
            self._hints, self._first = hints, first
            self.speak()

    def on_resize(self) -> None:
        """Use the room there is."""
        self.speak()

    def speak(self) -> None:
        """Draw the hints anew, as many and as far apart as there is room for."""
        fewer = (
            [hint for hint in self._hints if hint not in self._first[:left_out]]
            for left_out in range(len(self._first) + 1)
        )
        rows = [self._row(hints, gap) for hints in fewer for gap in _GAPS]
        fitting = (row for row in rows if row.cell_length < self.size.width)
        self.update(next(fitting, rows[-1]))

    def _row(self, hints: list[Hint], gap: str) -> Content:
        said = (
            Content.assemble((say(self, key), "bold"), f" {say(self, what)}") for key, what in hints
        )
        return Content.assemble(" ", Content(gap).join(said))
