"""What every step's screen does the same way: going on and back, and undoing from anywhere."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.widgets import Button

from ava_setup.onboarding.steps import StepId, after, before, step
from ava_setup.tui.screens.framed import FramedScreen
from ava_setup.tui.textual_defects import background
from ava_setup.tui.widgets.frame import Notice
from ava_setup.tui.widgets.spoken import SpokenButton
from ava_setup.words import NOTHING, Text, _

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult

    from ava_setup.onboarding.errors import Problem
    from ava_setup.onboarding.state import State

FIND_OUT = _("Find out why")


class StepScreen(FramedScreen):
    """One step.

    A step says what it is (`STEP`), lays out its middle, and says what “next” does (`proceed`).
    """

    STEP: ClassVar[StepId]
    IS_LONG: ClassVar[bool] = False
    """Whether coming back to it would take long enough to make it ahead for that, too."""
    NEXT: ClassVar[Text] = _("Continue")
    FILL: ClassVar[Text] = _("Fill in")
    BINDINGS = [
        Binding("escape", "back", show=False),
        Binding("f2", "fill", show=False, priority=True),
        Binding("f8", "undo", show=False, priority=True),
        Binding("f9", "doctor", show=False, priority=True),
    ]

    def __init__(self) -> None:
        super().__init__(self.STEP.value)
        self._follow: Callable[[], None] = self._show_next
        self._came_from: StepId | None = None
        self._laid_out_from: tuple[object, ...] = ()

    @property
    def place(self) -> StepId:
        """This step."""
        return self.STEP

    @property
    def heading(self) -> Text:
        """The step's title."""
        return step(self.STEP).title

    @property
    def purpose(self) -> Text:
        """The step's purpose."""
        return step(self.STEP).purpose

    def buttons(self) -> tuple[SpokenButton, ...]:
        """Give the buttons, leftmost first."""
        return (
            SpokenButton(_("Back"), id="back"),
            SpokenButton(self.NEXT, id="next", classes="primary"),
        )

    def hints(self) -> tuple[tuple[Text, Text], ...]:
        """Name the keys that do something on this step now."""
        if self._busy:
            return ((_("Esc"), _("Stop")),)
        hints = []
        if self.wizard.is_demo:
            hints.append((_("F2"), self.FILL))
        if self._earlier is not None:
            hints.append((_("Esc"), _("Back")))
        if self.wizard.world is not None and self.setup.undoer.has_something:
            hints.append((_("F8"), _("Undo")))
        if self._has_line:
            hints.append((_("F9"), _("Doctor")))
        return tuple(hints)

    # Being made before it is shown

    @classmethod
    def can_be_made(cls, state: State) -> bool:  # noqa: ARG003 - for overriding
        """Whether all is known that it is laid out from."""
        return True

    def compose(self) -> ComposeResult:
        """Lay out the frame, noting what is known."""
        self._laid_out_from = self.made_of()
        yield from super().compose()

    @property
    def is_as_made(self) -> bool:
        """Whether it would be laid out as it is, were it made now."""
        return self._laid_out_from == self.made_of()

    def made_of(self) -> tuple[object, ...]:
        """Give what it is laid out from that may change before it is shown.

        What `draw` takes from the state is not meant: that is drawn once more.
        """
        wizard = self.wizard
        return (wizard.voice, wizard.theme, wizard.world, wizard.is_demo)

    # Going on

    async def proceed(self) -> None:
        """Do what “next” means here.

        Raises:
            SetupError: It could not be done; the problem is shown in place.
        """
        self.go_on()

    def go_on(self) -> None:
        """Show what follows this step."""
        self._follow()

    def _show_next(self) -> None:
        self.wizard.go(after(self.STEP, self.state))

    @on(Button.Pressed, "#next")
    def _next_pressed(self) -> None:
        # By way of the action: Textual calls a decorated method even where it is overridden.
        self.action_next()

    def action_next(self) -> None:
        """Check the fields, then do what “next” means."""
        if not self._busy and self.check_fields():
            self.attempt(self._keep_and_proceed)

    def retry(self) -> None:
        """Do what “next” means once more."""
        self.action_next()

    async def _keep_and_proceed(self) -> None:
        await self.keep_typed()
        await self.proceed()

    def check_fields(self) -> bool:
        """Whether what is typed can be gone on with; says in place what cannot."""
        return True

    def action_fill(self) -> None:
        """In a demo, do what a person would do here."""

    # Going back

    @on(Button.Pressed, "#back")
    def action_back(self) -> None:
        """Stop what runs; when nothing does, show the step before, keeping what is typed."""
        earlier = self._earlier
        if self._busy:
            self.workers.cancel_group(self, "step")
            self.wizard.toast(_("Stopped."))
        elif earlier is not None:
            self._go_back(earlier)

    @property
    def _earlier(self) -> StepId | None:
        """The step that Escape leads to."""
        return self._came_from or before(self.STEP)

    @background("step")
    async def _go_back(self, earlier: StepId) -> None:
        await self.keep_typed()
        self.wizard.go(earlier)

    # Going elsewhere

    @background("step")
    async def jump(self, step_id: StepId) -> None:
        """Show any step, keeping what is typed; what was proven is read anew."""
        await self.keep_typed()
        await self.setup.store.update(lambda state: state.note(checks=(), result=None, stray=None))
        self.wizard.go(step_id)

    @background("step")
    async def go_into_demo(self) -> None:
        """Show how it goes on a sandbox, keeping what is typed here."""
        await self.keep_typed()
        if self.STEP is not StepId.WELCOME:
            self.wizard.go(StepId.WELCOME)
        self.wizard.start_demo()

    # What lies over a step: Escape leads back to it as it is

    def action_undo(self) -> None:
        """Open what was done for undoing."""
        if self._busy:
            self.wizard.toast(_("Esc stops what is going on; then F8 undoes."))
        elif self.wizard.world is not None:
            self._open_undo()

    def action_doctor(self) -> None:
        """Have the line looked at, once there is one."""
        if self._busy:
            self.wizard.toast(_("Esc stops what is going on; then F9 looks at the line."))
        elif self._has_line:
            self._open_doctor()

    @property
    def _has_line(self) -> bool:
        """Whether a number is chosen."""
        return self.wizard.world is not None and self.state.saved.number is not None

    def asks_doctor(self, problem: Problem) -> bool:  # noqa: ARG002 - for overriding
        """Whether a problem is one that the doctor is to look into."""
        return False

    def is_pressing(self, problem: Problem) -> bool:
        """Leave the focus where it is for the doctor: to look into it is only offered."""
        return not self.asks_doctor(problem)

    def remedy_for(self, problem: Problem) -> Text:
        """Name what the notice's button does about a problem."""
        return FIND_OUT if self.asks_doctor(problem) else super().remedy_for(problem)

    def action_remedy(self) -> None:
        """Do what the notice offers."""
        problem = self.query_one(Notice).problem
        if problem is not None and self.asks_doctor(problem):
            self.action_doctor()
        else:
            super().action_remedy()

    def lead_to_undo(self) -> None:
        """Have undoing follow this step, once: it needs what is asked here."""
        self._lead_to(self._open_undo)

    def lead_to_review(self, *, goes_live: bool) -> None:
        """Have the review follow this step: it led here.

        Args:
            goes_live: Whether going live then goes on by itself.
        """
        self._came_from = StepId.REVIEW
        self._lead_to(partial(self.wizard.review, goes_live=goes_live))

    def lead_to_doctor(self) -> None:
        """Have the doctor follow this step, once: it mends what was found."""
        self._lead_to(self._open_doctor)

    def _lead_to(self, opens: Callable[[], object]) -> None:
        def follow() -> None:
            self._follow = self._show_next
            opens()

        self._follow = follow

    @background("over")
    async def _open_undo(self) -> None:
        from ava_setup.tui.screens.undo import UndoScreen  # noqa: PLC0415 - when asked for

        await self._lay_over(UndoScreen())

    @background("over")
    async def _open_doctor(self) -> None:
        from ava_setup.tui.screens.doctor import DoctorScreen  # noqa: PLC0415 - when asked for

        await self._lay_over(DoctorScreen())

    async def _lay_over(self, screen: FramedScreen) -> None:
        await self.keep_typed()
        self.wizard.toast(NOTHING)
        self.app.push_screen(screen)
