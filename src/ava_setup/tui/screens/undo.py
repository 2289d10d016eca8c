"""Undoing: what it means is read and shown, asked about, and carried out step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.binding import Binding
from textual.widgets import Button

from ava_setup.onboarding import journal
from ava_setup.onboarding.steps import StepId, first_open
from ava_setup.tui.screens.framed import FramedScreen
from ava_setup.tui.screens.undo_phase import Phase
from ava_setup.tui.textual_defects import ScrollBox, background
from ava_setup.tui.widgets.spoken import Line, SpokenButton
from ava_setup.tui.widgets.undo_list import UndoList
from ava_setup.words import NOTHING, Text, _, verbatim

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from ava_setup.onboarding.errors import Problem
    from ava_setup.onboarding.state import State
    from ava_setup.onboarding.undo_steps import Step, UndoPlan


class UndoScreen(FramedScreen):
    """Lies over a step. Escape leads back at once; what is undone stays undone."""

    CSS_PATH = "undo.tcss"
    AUTO_FOCUS = "#leave"
    BINDINGS = [
        Binding("escape", "leave_page", show=False),
        Binding("left", "app.focus_previous", show=False),
        Binding("right", "app.focus_next", show=False),
        Binding("up", "scroll_list(-1)", show=False),
        Binding("down", "scroll_list(1)", show=False),
        Binding("pageup", "scroll_list(-8)", show=False),
        Binding("pagedown", "scroll_list(8)", show=False),
    ]

    def __init__(self) -> None:
        super().__init__("undo")
        self._phase = Phase.READING
        self._plan: UndoPlan | None = None
        self._done: list[Step] = []
        self._touched = False

    @property
    def place(self) -> StepId:
        """None of the steps that are counted."""
        return StepId.WELCOME

    @property
    def heading(self) -> Text:
        """What it is."""
        return _("Undo")

    @property
    def purpose(self) -> Text:
        """What it is for."""
        return _("Take back what was made or changed for you at Vapi and Twilio.")

    def fields(self) -> ComposeResult:
        """Lay out the list."""
        yield UndoList()
        yield Line(_("Your answers and keys stay on this computer."), id="stays")

    def buttons(self) -> tuple[SpokenButton, ...]:
        """Give the buttons, the harmless one first."""
        return (
            SpokenButton(NOTHING, id="leave"),
            SpokenButton(_("Yes, undo it"), id="yes", classes="primary"),
        )

    def hints(self) -> tuple[tuple[Text, Text], ...]:
        """Name the keys that do something here."""
        more = self.query_one("#body", ScrollBox).max_scroll_y > 0
        leave = _("Stop") if self._phase is Phase.UNDOING else _("Back")
        return (*(((verbatim("↑↓"), _("Scroll")),) if more else ()), (_("Esc"), leave))

    def begin(self) -> None:
        """Read the vendors, when there is anything to read about."""
        super().begin()
        self._enter(Phase.READING)
        if self.setup.undoer.has_something:
            self.attempt(self._read)
        else:
            self._enter(Phase.NOTHING_DONE)

    def show_state(self, state: State) -> None:
        """Say what is going on; where nothing is, what is asked or how it ended."""
        super().show_state(state)
        said, leave = self._phase.value
        line = self.query_one("#activity", Line)
        line.tell(NOTHING if self._works else said)
        line.set_class(self._phase is Phase.UNDONE, "-undone")
        self.query_one("#leave", SpokenButton).tell(leave)

    @property
    def _works(self) -> bool:
        return self._phase in {Phase.READING, Phase.UNDOING}

    @property
    def doing(self) -> Text:
        """What goes on between two requests."""
        return self._phase.value[0] if self._works else NOTHING

    def _enter(self, phase: Phase) -> None:
        self._phase = phase
        self.query_one("#yes").display = phase is Phase.ASKING
        self.query_one("#stays").display = phase in {Phase.ASKING, Phase.UNDONE}
        self.show_state(self.state)
        if phase is not Phase.STUCK:
            self.query_one("#leave").focus()
        # How long the list is shows only once it is laid out.
        self.call_after_refresh(self._show_hints)

    # Reading, asking, undoing

    @property
    def _list(self) -> UndoList:
        return self.query_one(UndoList)

    async def _read(self) -> None:
        """Find out what is to be done; what was done on this page stays on it, ticked."""
        self._enter(Phase.READING)
        self._plan = None
        plan = await self.setup.undoer.plan()
        await self._hush()
        await self._list.show(
            [step.words for step in self._done],
            [step.words for step in plan.steps],
            list(plan.left),
        )
        self._plan = plan
        if plan.steps:
            self._enter(Phase.ASKING)
        else:
            # Nothing is there any more: only the journal does not know yet.
            await self._undo(plan)

    @on(Button.Pressed, "#yes")
    def _agreed(self) -> None:
        if self._plan is not None and not self._busy:
            self.attempt(self._carry_out)

    async def _carry_out(self) -> None:
        if self._plan is not None:
            await self._undo(self._plan)

    async def _undo(self, plan: UndoPlan) -> None:
        self._touched = True
        self._enter(Phase.UNDOING)
        self._list.begin()

        def tick(step: Step) -> None:
            self._done.append(step)
            self._list.tick(plan.steps.index(step))

        left = await self.setup.undoer.carry_out(plan, tick)
        not_done = {step.words for step in plan.steps if self._still_stands(step)}
        await self._hush()
        await self._list.end([text for text in left if text not in plan.left], not_done)
        if not_done:
            self._enter(Phase.PARTLY)
        else:
            self._enter(Phase.UNDONE if plan.steps or self._done else Phase.NOTHING_LEFT)

    def _still_stands(self, step: Step) -> bool:
        """Whether the journal holds what a step was to undo: not what went by itself meanwhile."""
        standing = {(entry.kind, entry.at) for entry in journal.standing(self.state.saved)}
        return step not in self._done and any((e.kind, e.at) in standing for e in step.entries)

    async def _hush(self) -> None:
        """Say no longer that a vendor is waited for."""
        await self.setup.store.update(lambda state: state.note(activity=NOTHING))

    # What goes wrong

    def show_problem(self, problem: Problem) -> None:
        """Say what went wrong; what is ticked is done."""
        self._hush_soon()
        self._list.halt()
        self._enter(Phase.STUCK)
        super().show_problem(problem)

    @background("hush")
    async def _hush_soon(self) -> None:
        await self._hush()

    def retry(self) -> None:
        """Read anew what is still to do, and ask again."""
        self.attempt(self._read)

    def mend(self, step_id: StepId) -> None:
        """Ask for what undoing needs; it comes back here."""
        self.wizard.mend_for_undo(step_id)

    # Leaving

    @on(Button.Pressed, "#leave")
    def action_leave_page(self) -> None:
        """Stop at once and go back; on the first step that is open now, when anything changed."""
        if self._busy or self._touched:
            self._leave()
        else:
            self.dismiss()

    @background("leave")
    async def _leave(self) -> None:
        # What the state says after it is what is done.
        await self.halt()
        if not self._touched:
            if self.is_current:
                self.dismiss()
            return
        if self._phase is Phase.UNDOING:
            self.wizard.toast(_("Stopped. What is undone stays undone; F8 takes the rest up."))
        # What was proven before may no longer be true.
        await self.setup.store.update(lambda state: state.note(checks=(), result=None))
        self.wizard.go(first_open(self.state))

    def action_scroll_list(self, by: int) -> None:
        """Show more of a long list."""
        self.query_one("#body", ScrollBox).scroll_relative(y=by, animate=False)
