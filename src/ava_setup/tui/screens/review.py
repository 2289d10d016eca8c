"""The review: all that is to be written at a vendor, before any of it is."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.binding import Binding
from textual.widgets import Button, OptionList

from ava_setup.front.consents import ENDINGS, READY, question_of_link
from ava_setup.onboarding.errors import Action, ErrorCode
from ava_setup.onboarding.outcome import Consent
from ava_setup.onboarding.steps import StepId, as_it_stood, step
from ava_setup.tui.screens.consent import ConsentScreen
from ava_setup.tui.screens.step import StepScreen
from ava_setup.tui.widgets.checklist import Checklist
from ava_setup.tui.widgets.frame import Notice
from ava_setup.tui.widgets.review_list import ReviewList
from ava_setup.tui.widgets.spoken import Line, SpokenButton
from ava_setup.words import NOTHING, Text, _, joined

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from ava_setup.onboarding.errors import Problem
    from ava_setup.onboarding.outcome import LinkResult
    from ava_setup.onboarding.review_rows import Review
    from ava_setup.onboarding.state import State

_WRITES = _("Marked lines change something at Vapi or Twilio. Enter opens a line.")
_BLOCKED = _("The line marked ✗ is in the way. Enter on it opens its step.")
_WRITES_NOTHING = _("All of it is so already: nothing is left to change.")


class ReviewScreen(StepScreen):
    """A list to go over, then the checklist while it is done."""

    STEP = StepId.REVIEW
    CSS_PATH = "review.tcss"
    NEXT = _("Go live")
    AUTO_FOCUS = "#next"
    BINDINGS = [Binding("up,down", "to_rows", show=False)]

    def __init__(self) -> None:
        super().__init__()
        self._goes_live_at_once = False
        self._goes_live = False

    def fields(self) -> ComposeResult:
        """Lay out the rows and the checklist."""
        yield Line(id="summary")
        yield ReviewList(id="rows")
        yield Checklist(id="checklist")

    def buttons(self) -> tuple[SpokenButton, ...]:
        """Give the buttons, leftmost first."""
        back, following = super().buttons()
        return back, SpokenButton(_("Change nothing"), id="as-it-was"), following

    def go_live_at_once(self) -> None:
        """Go live without being asked again: it was, and something was missing."""
        self._goes_live_at_once = True

    def begin(self) -> None:
        """Read both vendors."""
        super().begin()
        self.attempt(self._start)

    async def _start(self) -> None:
        review = await self.setup.review()
        at_once, self._goes_live_at_once = self._goes_live_at_once, False
        if review.unread is not None:
            self.show_problem(review.unread)
        elif at_once:
            await self._go_live(frozenset())

    # Drawing

    def show_state(self, state: State) -> None:
        """Draw the rows, or the checklist while going live."""
        super().show_state(state)
        review = state.live.review
        rows, checklist = self.query_one("#rows", ReviewList), self.query_one(Checklist)
        rows.show(review)
        checklist.show(state.live.checks)
        rows.display = not self._goes_live
        checklist.display = self._goes_live
        self.query_one("#summary", Line).tell(_summary(review) if rows.display else NOTHING)
        self.query_one("#as-it-was").display = self._stood_otherwise
        self.query_one("#next", SpokenButton).tell(
            StepScreen.NEXT if review is not None and review.is_settled else self.NEXT
        )

    @property
    def _stood_otherwise(self) -> bool:
        """Whether a link stood in this run that the choices since have taken the place of."""
        before = as_it_stood(self.wizard.stood, self.state)
        return before is not None and before.saved != self.state.saved

    # Going over the rows

    def action_to_rows(self) -> None:
        """Lead into the rows."""
        self.query_one("#rows").focus()

    @on(OptionList.OptionSelected, "#rows")
    def _open_row(self) -> None:
        row = self.query_one("#rows", ReviewList).picked
        if row is not None and not self._busy:
            self.wizard.mend_for_review(row.step)

    # Going live

    async def proceed(self) -> None:
        """Do all that the rows say."""
        await self._go_live(frozenset())

    async def _go_live(self, consents: frozenset[Consent]) -> None:
        self._goes_live, makes_key = True, self.state.saved.own_key
        try:
            result = await self.setup.go_live(consents)
        finally:
            self._goes_live = False
            self.call_later(self.show_state, self.state)
        if result.success:
            self._celebrate(result, has_own_key=makes_key)
        elif result.problem is not None:
            await self._ask_or_show(result, result.problem, consents)

    async def _ask_or_show(
        self, result: LinkResult, problem: Problem, consents: frozenset[Consent]
    ) -> None:
        asked = question_of_link(result, self.state)
        if asked is None or result.consent is None:
            self.show_problem(problem)
        elif await self.app.push_screen_wait(ConsentScreen.asking(asked)):
            await self._go_live(consents | {result.consent})
        else:
            await self._leave_as_it_was()

    def _celebrate(self, result: LinkResult, *, has_own_key: bool) -> None:
        said = result.message if result.auto_linked else NOTHING
        if has_own_key:
            said = joined(said, _("Done: a key is in use, and the token is forgotten here."))
        self.wizard.toast(READY, title=ENDINGS[result.outcome], more=said)
        self.wizard.go(StepId.PROOF)

    @on(Button.Pressed, "#as-it-was")
    def _as_it_was(self) -> None:
        if not self._busy:
            self.attempt(self._leave_as_it_was)

    async def _leave_as_it_was(self) -> None:
        """Take a no: what stood before this was begun stands again."""
        if self._stood_otherwise:
            stood = self.wizard.stood
            await self.setup.store.update(lambda state: as_it_stood(stood, state) or state)
            if step(self.STEP).holds(self.state):
                self.wizard.go(StepId.PROOF)
        self.wizard.toast(_("Nothing was changed."))

    # What goes wrong

    def retry(self) -> None:
        """Read once more what could not be read; else go live once more."""
        review = self.state.live.review
        if review is None or review.unread is not None:
            self.attempt(self._start)
        else:
            self.action_next()

    def mend(self, step_id: StepId) -> None:
        """Open the step that mends a problem; going live follows it by itself."""
        self.wizard.mend_for_review(step_id, goes_live=True)

    def asks_doctor(self, problem: Problem) -> bool:
        """Have the doctor look into why there is no link, where only trying again is left."""
        result = self.state.live.result
        return problem.action is Action.RETRY and result is not None and result.problem == problem

    def remedy_for(self, problem: Problem) -> Text:
        """Name what the notice's button does here."""
        if problem.action is Action.CONSENT_TRIAL:
            return _("Import anyway, though calls will fail")
        if problem.code is ErrorCode.TWILIO_KEY_REFUSED:
            return _("Go on with the auth token")
        return super().remedy_for(problem)

    def action_remedy(self) -> None:
        """Import from a trial account after all, or open the step that mends it."""
        problem = self.query_one(Notice).problem
        if problem is not None and problem.action is Action.CONSENT_TRIAL:
            self.attempt(partial(self._go_live, frozenset({Consent.TRIAL})))
        else:
            super().action_remedy()

    def action_fill(self) -> None:
        """In a demo, lead to the button."""
        self.query_one("#next", Button).focus()


def _summary(review: Review | None) -> Text:
    if review is None:
        return NOTHING
    if review.is_blocked:
        return _BLOCKED
    return _WRITES_NOTHING if review.is_settled else _WRITES
