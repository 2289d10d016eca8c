"""The proof: both vendors read back, the number to ring, and the first call seen to arrive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.containers import Horizontal, Vertical
from textual.widgets import Button

from ava_setup.front.changes import Change
from ava_setup.front.proof_words import AGREED, DONE, HOW, what_is_wrong
from ava_setup.onboarding.checks import all_passed
from ava_setup.onboarding.errors import ErrorCode, SetupError
from ava_setup.onboarding.steps import StepId
from ava_setup.tui.screens.caller import CallerScreen
from ava_setup.tui.screens.change import ChangeScreen
from ava_setup.tui.screens.handing_over import HandingOverScreen
from ava_setup.tui.screens.step import FIND_OUT
from ava_setup.tui.textual_defects import background
from ava_setup.tui.widgets.big_number import BigNumber
from ava_setup.tui.widgets.checklist import Checklist
from ava_setup.tui.widgets.first_call import FirstCall, Said
from ava_setup.tui.widgets.frame import Notice
from ava_setup.tui.widgets.qr import QrCode
from ava_setup.tui.widgets.spoken import Line, SpokenButton
from ava_setup.words import NOTHING, _

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from ava_setup.onboarding.errors import Problem
    from ava_setup.onboarding.state import Linked, State


_LINK_AGAIN = _("Link again")


class ProofScreen(HandingOverScreen):
    """Waits for the first call; a finished set-up is verified anew."""

    STEP = StepId.PROOF
    CSS_PATH = "proof.tcss"
    NEXT = _("Finish")
    FILL = _("Have someone ring")
    AUTO_FOCUS = "#next"

    @property
    def _linked(self) -> Linked | None:
        return self.state.saved.linked

    def fields(self) -> ComposeResult:
        """Lay out the code, the number and what is known of it."""
        number = self._linked.number if self._linked else ""
        with Horizontal(id="both"):
            if number:
                yield QrCode(number)
            with Vertical(id="facts"):
                yield BigNumber(number)
                # Below, it would take the room that the code needs in a short window.
                yield self._news_line
                yield Line(id="agreed")
                yield FirstCall()
                yield Line(id="how")
                yield Line(id="stray")
                yield SpokenButton(FIND_OUT, id="find-out")
                yield Line(id="call")
                with Horizontal(id="means"):
                    yield SpokenButton(_("Have Ava ring me…"), id="ring")
                    yield SpokenButton(_("Hand-over sheet…"), id="handover")
                yield Line(id="sheet")
                yield Said()
                yield Checklist(id="checklist", brief=True)

    @classmethod
    def can_be_made(cls, state: State) -> bool:
        """Whether there is a number to show."""
        return state.saved.linked is not None

    def made_of(self) -> tuple[object, ...]:
        """Give what it is laid out from."""
        return *super().made_of(), self._linked

    def news(self) -> ComposeResult:
        """Leave the line that says what goes on beside the code."""
        yield from ()

    def begin(self) -> None:
        """Verify, then watch for the call."""
        super().begin()
        self.retry()

    def buttons(self) -> tuple[SpokenButton, ...]:
        """Give the buttons, leftmost first."""
        back, following = super().buttons()
        return (
            back,
            SpokenButton(_("Undo…"), id="undo"),
            SpokenButton(_("Change something…"), id="change"),
            following,
        )

    def retry(self) -> None:
        """Verify, then watch for the call."""
        self.query_one(Notice).show(None)
        self._watch()

    @background("watch")
    async def _watch(self) -> None:
        try:
            await self._verify_and_wait()
        except SetupError as error:
            self.show_problem(error.problem)

    async def _verify_and_wait(self) -> None:
        # Just linked: the three reads were made a moment ago.
        checks = self.state.live.checks
        if not all_passed(checks):
            checks = await self.setup.verify()
        problem = what_is_wrong(checks)
        if problem is not None:
            self.show_problem(problem)
        else:
            await self._wait_and_follow()

    async def _wait_and_follow(self) -> None:
        if self.state.saved.answered is None:
            await self.setup.wait_for_call()
            self.wizard.toast(_("Ava answered!"))
        await self.setup.follow_call()

    def show_state(self, state: State) -> None:
        """Say whether Ava has answered yet."""
        super().show_state(state)
        linked, agreed = state.saved.linked is not None, all_passed(state.live.checks)
        waits = agreed and state.saved.answered is None
        stray = state.live.stray if waits else None
        own = self.own_call
        self.query_one("#purpose", Line).tell(DONE if state.saved.answered else self.purpose)
        self.query_one(FirstCall).show(state)
        self.query_one(Said).show(state)
        # What the checks say was true before a call that went astray; an answered one says more.
        self.query_one("#agreed", Line).tell(AGREED if waits and stray is None else NOTHING)
        self.query_one("#how", Line).tell(HOW if waits and not (stray or own) else NOTHING)
        self.query_one("#stray", Line).tell(stray.words if stray else NOTHING)
        self.query_one("#call", Line).tell(own)
        self.query_one("#sheet", Line).tell(self.sheet)
        self.query_one("#find-out").display = stray is not None
        self.query_one("#means").display = linked
        checklist = self.query_one("#checklist", Checklist)
        checklist.show(state.live.checks)
        checklist.set_class(agreed, "-agreed")
        checklist.set_class(stray is not None or (agreed and not waits), "-old")
        self.query_one("#next", SpokenButton).tell(self.NEXT if linked else _LINK_AGAIN)
        # Nobody is invited to ring where Ava would not answer.
        self.query("#qr").set(display=linked)
        self.query_one("#undo").display = self.setup.undoer.has_something

    @on(Button.Pressed, "#find-out")
    def _find_out(self) -> None:
        self.action_doctor()

    # Changing something

    @on(Button.Pressed, "#undo")
    def _undo_pressed(self) -> None:
        self.action_undo()

    @on(Button.Pressed, "#change")
    def _change_pressed(self) -> None:
        choice = ChangeScreen(self.state.saved, undoable=self.setup.undoer.has_something)
        self.app.push_screen(choice, self._change)

    def _change(self, change: Change | None) -> None:
        if change is Change.UNDO:
            self.action_undo()
        elif change is not None:
            self._open(StepId(change.value))

    @background("change")
    async def _open(self, step_id: StepId) -> None:
        # Whatever is changed, both sides are read anew when it comes back here.
        await self.setup.store.update(lambda state: state.note(checks=(), result=None, stray=None))
        self.wizard.go(step_id)

    # Going on

    def asks_doctor(self, problem: Problem) -> bool:
        """Have the doctor look into why the link no longer holds."""
        return problem.code is ErrorCode.LINK_LOST

    async def proceed(self) -> None:
        """Finish; or, when the link no longer holds, go and make it again."""
        if self._linked is None:
            self.wizard.go(StepId.REVIEW)
        else:
            self.wizard.leave(0)

    def action_fill(self) -> None:
        """In a demo, have somebody ring, and show what they hear."""
        demo = self.wizard.world.demo if self.wizard.world else None
        if demo is not None and self._linked is not None:
            self.app.push_screen(CallerScreen(demo, self._linked.number))
