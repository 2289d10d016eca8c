"""The doctor: every part of the line looked at, what callers hear, and what mends it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.binding import Binding
from textual.widgets import Button, OptionList

from ava_setup.front.consents import question_of_mend
from ava_setup.onboarding.errors import SetupError
from ava_setup.onboarding.steps import first_open
from ava_setup.tui.screens.consent import ConsentScreen
from ava_setup.tui.screens.doctor_page import LOOKING, DoctorPage
from ava_setup.tui.textual_defects import background
from ava_setup.words import NOTHING, _

if TYPE_CHECKING:
    from ava_setup.onboarding.doctor import Doctor
    from ava_setup.onboarding.errors import Problem
    from ava_setup.onboarding.mends import Mend
    from ava_setup.onboarding.steps import StepId


class DoctorScreen(DoctorPage):
    """Lies over a step. Escape leads back at once; what is mended stays mended."""

    BINDINGS = [
        Binding("escape", "leave_page", show=False),
        Binding("left", "app.focus_previous", show=False),
        Binding("right", "app.focus_next", show=False),
        Binding("r", "look_again", show=False),
        # “Tout réparer” in French.
        Binding("a,t", "mend_all", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._doctor: Doctor | None = None
        self._touched = False

    def begin(self) -> None:
        """Look at everything."""
        super().begin()
        self.attempt(self._look)

    async def on_unmount(self) -> None:
        """Let go of the connections."""
        if self._doctor is not None:
            await self._doctor.aclose()

    # Looking and mending

    async def _look(self) -> None:
        self._be_at(LOOKING)
        if self._doctor is None:
            self._doctor = await self.setup.doctor(self._tell)
        diagnosis = await self._doctor.examine()
        await self.setup.store.update(lambda state: state.note(activity=NOTHING))
        self._activity = NOTHING
        self._tell(diagnosis)
        self._be_at(NOTHING)

    @on(Button.Pressed, "#again")
    def action_look_again(self) -> None:
        """Look at everything anew."""
        if not self._busy:
            self.attempt(self._look)

    def retry(self) -> None:
        """Look at everything anew."""
        self.action_look_again()

    @on(Button.Pressed, "#mend")
    @on(OptionList.OptionSelected, "#findings")
    def _do_what_is_offered(self) -> None:
        offer = self._offer
        if self._busy:
            return
        if offer.mend is not None:
            self.attempt(partial(self._mend_one, offer.mend))
        elif offer.step is not None:
            self._open_step(offer.step)
        elif offer.looks:
            self.action_look_again()
        else:
            self.wizard.action_help()

    async def _mend_one(self, mend: Mend) -> None:
        if mend.consent is None or await self.app.push_screen_wait(
            ConsentScreen.asking(question_of_mend(mend))
        ):
            await self._mend(mend)
        else:
            self.wizard.toast(_("Nothing was changed."))

    @on(Button.Pressed, "#all")
    def action_mend_all(self) -> None:
        """Mend all that takes nothing from anybody."""
        if not self._busy and self._free:
            self.attempt(self._mend_all)

    async def _mend_all(self) -> None:
        tried: list[Mend] = []
        while mend := next((one for one in self._free if one not in tried), None):
            tried.append(mend)
            if not await self._mend(mend):
                return

    async def _mend(self, mend: Mend) -> bool:
        """Carry a mend out and look again; gives whether it went well."""
        if self._doctor is None:
            return False
        self._touched = True
        self._be_at(_("Mending: {words}…", words=mend.words))
        try:
            consents = frozenset({mend.consent} if mend.consent else ())
            problem = await self._doctor.mend(mend, consents)
        except SetupError as error:
            problem = error.problem
        # What is true now, only another look knows.
        await self._look()
        if problem is not None:
            self.show_problem(problem)
        return problem is None

    def show_problem(self, problem: Problem) -> None:
        """Say what went wrong; nothing is going on any more."""
        self._be_at(NOTHING)
        super().show_problem(problem)

    def mend(self, step_id: StepId) -> None:
        """Open the step that mends a problem; it comes back here."""
        self._open_step(step_id)

    # Leaving

    @background("leave")
    async def _open_step(self, step_id: StepId) -> None:
        await self.halt()
        self.wizard.mend_for_doctor(step_id)

    @on(Button.Pressed, "#back")
    def action_leave_page(self) -> None:
        """Stop at once and go back; on the first step that is open now, when a link was mended."""
        self._leave()

    @background("leave")
    async def _leave(self) -> None:
        await self.halt()
        answers = self._diagnosis is not None and self._diagnosis.hearing.is_ava
        if self._touched and (answers or self.state.saved.linked is not None):
            # What was proven before may no longer be true.
            await self.setup.store.update(
                lambda state: state.note(checks=(), result=None, stray=None)
            )
            self.wizard.go(first_open(self.state))
        elif self.is_current:
            self.dismiss()
