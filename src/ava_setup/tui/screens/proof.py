"""The proof: both vendors read back, the number to ring, and the first call seen to arrive."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from textual.containers import Horizontal, Vertical

from ava_setup.onboarding.checks import Verdict, all_passed
from ava_setup.onboarding.errors import ErrorCode, Problem, SetupError
from ava_setup.onboarding.number import national, spaced
from ava_setup.onboarding.steps import StepId
from ava_setup.tui.screens.step import StepScreen
from ava_setup.tui.textual_defects import PlainText, background
from ava_setup.tui.widgets.checklist import Checklist
from ava_setup.tui.widgets.qr import QrCode
from ava_setup.tui.widgets.spoken import Line
from ava_setup.words import NOTHING, Text, _

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from ava_setup.onboarding.state import Answered, Linked, State


class ProofScreen(StepScreen):
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
                yield PlainText(national(number), id="dial")
                yield PlainText(spaced(number), id="international")
                yield Line(id="status")
                yield Line(id="how")
                yield Checklist(id="checklist", brief=True)

    def on_mount(self) -> None:
        """Verify, then watch for the call."""
        super().on_mount()
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
        failing = next((one for one in checks if one.verdict is not Verdict.PASSED), None)
        if failing is not None:
            self.show_problem(Problem(ErrorCode.LINK_UNPROVEN, (("failed", failing.detail),)))
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
        if state.saved.linked is None:
            status.tell(NOTHING)
        elif answered is None:
            status.tell(_("● Waiting for the first call…"))
        else:
            status.tell(self._how_it_went(answered))
        self.query_one("#how", Line).tell(
            NOTHING
            if answered
            else _("Ring this number now from any phone, or point a phone's camera at the code.")
        )
        checklist = self.query_one("#checklist", Checklist)
        checklist.show(state.live.checks)

    def _how_it_went(self, answered: Answered) -> Text:
        profile = self.state.saved.profile
        zone = ZoneInfo(profile.time_zone if profile else "UTC")
        try:
            at = datetime.fromisoformat(answered.at).astimezone(zone)
        except ValueError:
            return _("✓ Ava answered.")
        when = f"{at:%d/%m/%Y %H:%M}"
        if not answered.caller:
            return _("✓ Ava answered a call on {when}.", when=when)
        return _("✓ Ava answered {caller} on {when}.", caller=spaced(answered.caller), when=when)

    async def proceed(self) -> None:
        """Finish; or, when the link no longer holds, go and make it again."""
        if self._linked is None:
            self.wizard.go(StepId.NUMBER)
        else:
            self.wizard.leave(0)

    def action_fill(self) -> None:
        """In a demo, have somebody ring."""
        if self.wizard.world is not None and self.wizard.world.demo is not None and self._linked:
            self._ring()

    @background("ring")
    async def _ring(self) -> None:
        demo = self.wizard.world.demo if self.wizard.world else None
        if demo is not None and self._linked is not None:
            await demo.ring(self._linked.number)
