"""The proof: both vendors read back, the number to ring, and the first call seen to arrive."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Horizontal, Vertical
from textual.widgets import Button

from ava_setup.onboarding.checks import all_passed
from ava_setup.onboarding.errors import ErrorCode, SetupError, VendorError
from ava_setup.onboarding.number import national, spaced
from ava_setup.onboarding.steps import StepId
from ava_setup.tui.screens.change import Change, ChangeScreen
from ava_setup.tui.screens.proof_words import UNSEEN, how_it_went, placed, what_is_wrong
from ava_setup.tui.screens.ring import RingScreen
from ava_setup.tui.screens.step import FIND_OUT, StepScreen
from ava_setup.tui.textual_defects import PlainText, background
from ava_setup.tui.widgets.checklist import Checklist
from ava_setup.tui.widgets.frame import Notice
from ava_setup.tui.widgets.qr import QrCode
from ava_setup.tui.widgets.spoken import Line, SpokenButton
from ava_setup.words import NOTHING, _

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from ava_setup.onboarding.errors import Problem
    from ava_setup.onboarding.state import Linked, State


_LINK_AGAIN = _("Link again")
_HOW = _("Ring this number now from any phone, or point a phone's camera at the code.")


class ProofScreen(StepScreen):
    """Waits for the first call; a finished set-up is verified anew."""

    STEP = StepId.PROOF
    CSS_PATH = "proof.tcss"
    NEXT = _("Finish")
    FILL = _("Have someone ring")
    AUTO_FOCUS = "#next"

    def __init__(self) -> None:
        super().__init__()
        self._call = NOTHING

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
                yield PlainText(national(number), id="dial")
                yield PlainText(spaced(number), id="international")
                yield Line(id="status")
                yield Line(id="how")
                yield Line(id="stray")
                yield Line(id="call")
                with Horizontal(id="means"):
                    yield SpokenButton(FIND_OUT, id="find-out")
                    yield SpokenButton(_("Have Ava ring me…"), id="ring")
                yield Checklist(id="checklist", brief=True)

    def on_mount(self) -> None:
        """Verify, then watch for the call."""
        super().on_mount()
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
        elif self.state.saved.answered is None:
            await self.setup.wait_for_call()
            self.app.clear_notifications()
            self.wizard.toast(_("Ava answered!"))

    def show_state(self, state: State) -> None:
        """Say whether Ava has answered yet."""
        super().show_state(state)
        answered = state.saved.answered
        status = self.query_one("#status", Line)
        status.set_class(answered is not None, "-answered")
        waits = answered is None and all_passed(state.live.checks)
        if answered is not None:
            profile = state.saved.profile
            status.tell(how_it_went(answered, profile.time_zone if profile else "UTC"))
        else:
            status.tell(_("● Waiting for the first call…") if waits else NOTHING)
        stray = state.live.stray if waits else None
        self.query_one("#how", Line).tell(_HOW if waits and not (stray or self._call) else NOTHING)
        self.query_one("#stray", Line).tell(stray.words if stray else NOTHING)
        self.query_one("#call", Line).tell(self._call)
        self.query_one("#find-out").display = stray is not None
        self.query_one("#ring").display = state.saved.linked is not None
        checklist = self.query_one("#checklist", Checklist)
        checklist.show(state.live.checks)
        # What it says was true before that call.
        checklist.display = stray is None
        self.query_one("#next", SpokenButton).tell(self.NEXT if state.saved.linked else _LINK_AGAIN)
        # Nobody is invited to ring where Ava would not answer.
        self.query("#qr").set(display=state.saved.linked is not None)
        self.query_one("#undo").display = self.setup.undoer.has_something

    @on(Button.Pressed, "#find-out")
    def _find_out(self) -> None:
        self.action_doctor()

    # A call of Ava's own

    @on(Button.Pressed, "#ring")
    def _ring_pressed(self) -> None:
        profile, linked = self.state.saved.profile, self._linked
        if linked is not None and not self._busy:
            offered = profile.fallback_number if profile else ""
            warning = UNSEEN if self._call == UNSEEN else NOTHING
            self.app.push_screen(RingScreen(linked.number, offered, warning), self._agreed_to_ring)

    def _agreed_to_ring(self, callee: str | None) -> None:
        if callee is not None:
            self.attempt(partial(self._have_ring, callee))

    async def _have_ring(self, callee: str) -> None:
        """Have a telephone rung, once; what nobody saw the end of is not tried again."""
        try:
            await self.setup.ring(callee)
            self._call = placed(callee)
        except VendorError as error:
            self._call = UNSEEN if error.may_have_acted else NOTHING
            if not error.may_have_acted:
                raise
        except asyncio.CancelledError:
            self._call = UNSEEN
            raise
        finally:
            self.call_later(self.show_state, self.state)

    # Changing something

    @on(Button.Pressed, "#undo")
    def _undo_pressed(self) -> None:
        self.action_undo()

    @on(Button.Pressed, "#change")
    def _change_pressed(self) -> None:
        # A toast is drawn on every screen: over a question, and dimmed once more under it.
        self.app.clear_notifications()
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
            self.wizard.go(StepId.NUMBER)
        else:
            self.wizard.leave(0)

    def action_fill(self) -> None:
        """In a demo, have somebody ring."""
        if self.wizard.world is not None and self.wizard.world.demo is not None and self._linked:
            self._ring_as_caller()

    @background("caller")
    async def _ring_as_caller(self) -> None:
        demo = self.wizard.world.demo if self.wizard.world else None
        if demo is not None and self._linked is not None:
            await demo.ring(self._linked.number)
