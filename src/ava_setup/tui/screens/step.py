"""What every step's screen does the same way: the frame, going on and back, problems."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.binding import Binding
from textual.containers import Horizontal
from textual.widgets import Button

from ava_setup.onboarding.steps import StepId, after, before, step
from ava_setup.tui.textual_defects import ScrollBox, SteadyScreen, background
from ava_setup.tui.widgets.frame import KeyHints, Notice, Stepper, TitleBar
from ava_setup.tui.widgets.spoken import Line, SpokenButton
from ava_setup.words import NOTHING, Text, _

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual import events
    from textual.app import ComposeResult

    from ava_setup.onboarding.errors import Problem
    from ava_setup.onboarding.setup import Setup
    from ava_setup.onboarding.state import State
    from ava_setup.tui.widgets.field import Labelled
    from ava_setup.tui.world import Wizard


# What can be done about a problem, by its action: the step that mends it (None: try again).
REMEDIES: dict[str, tuple[StepId | None, Text]] = {
    "retry": (None, _("Try again")),
    "make_assistant": (StepId.ASSISTANT, _("Create the assistant")),
    "choose_assistant": (StepId.ASSISTANT, _("Choose another assistant")),
    "enter_vapi_key": (StepId.VAPI, _("Enter the Vapi key")),
    "enter_twilio": (StepId.TWILIO, _("Enter the Twilio credentials")),
    "choose_number": (StepId.NUMBER, _("Choose a number")),
}


_NARROWEST, _LOWEST = 40, 12


class StepScreen(SteadyScreen[None]):
    """One step: a frame around what `fields` yields.

    A step says what it is (`STEP`), lays out its middle, and says what “next” does (`proceed`).
    """

    STEP: ClassVar[StepId]
    NEXT: ClassVar[Text] = _("Continue")
    FILL: ClassVar[Text] = _("Fill in")
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]
    # No OptionList: the hidden one inside a Select would take the focus.
    AUTO_FOCUS = "Input, Button"
    BINDINGS = [
        Binding("escape", "back", show=False),
        Binding("ctrl+l", "app.switch_language", show=False, priority=True),
        Binding("f1", "help", show=False, priority=True),
        Binding("f2", "fill", show=False, priority=True),
    ]

    def __init__(self) -> None:
        super().__init__(id=self.STEP.value)
        self._busy = False

    @property
    def wizard(self) -> Wizard:
        """The app, as a step sees it."""
        return cast("Wizard", self.app)

    @property
    def setup(self) -> Setup:
        """The engine."""
        return self.wizard.setup

    @property
    def state(self) -> State:
        """The shared state as it is now."""
        return self.setup.store.state

    # What a step adds

    def fields(self) -> ComposeResult:
        """Lay out what stands between the purpose and the buttons."""
        yield from ()

    def buttons(self) -> tuple[SpokenButton, ...]:
        """Give the buttons, leftmost first."""
        return (
            SpokenButton(_("Back"), id="back"),
            SpokenButton(self.NEXT, id="next", classes="primary"),
        )

    async def proceed(self) -> None:
        """Do what “next” means here.

        Raises:
            SetupError: It could not be done; the problem is shown in place.
        """
        self.go_on()

    def show_state(self, state: State) -> None:
        """Draw what the state says."""
        self.query_one(Stepper).show_state(state)
        self.query_one(TitleBar).show_business(
            state.saved.profile.business_name if state.saved.profile else ""
        )
        self.query_one("#activity", Line).tell(state.live.activity)

    # The frame

    def compose(self) -> ComposeResult:
        """Lay out the frame."""
        yield TitleBar(self.STEP, demo=self.wizard.is_demo)
        yield Stepper(self.STEP)
        yield Line(step(self.STEP).purpose, id="purpose")
        with ScrollBox(id="body"):
            yield from self.fields()
        yield Notice()
        yield Line(id="activity")
        with Horizontal(id="buttons"):
            yield from self.buttons()
        yield KeyHints(self._hints())
        yield Line(_("Make this window larger: 80 columns and 24 rows are right."), id="too-small")

    def on_resize(self, event: events.Resize) -> None:
        """Cover what cannot be read in a tiny window; nothing below loses its place."""
        self.set_class(event.size.width < _NARROWEST or event.size.height < _LOWEST, "-tiny")

    def on_mount(self) -> None:
        """Draw the state as it is."""
        self.query_one(Notice).show(None)
        if self.wizard.world is not None:
            self.show_state(self.state)

    def _hints(self) -> tuple[tuple[Text, Text], ...]:
        hints = [(_("F1"), _("Help"))]
        if self.wizard.is_demo:
            hints.append((_("F2"), self.FILL))
        if before(self.STEP) is not None:
            hints.append((_("Esc"), _("Back")))
        return (*hints, (_("Ctrl+L"), _("Français")), (_("Ctrl+Q"), _("Leave")))

    # Going on and back

    def go_on(self) -> None:
        """Show the next step whose facts do not hold."""
        self.wizard.go(after(self.STEP, self.state))

    @on(Button.Pressed, "#next")
    def _next_pressed(self) -> None:
        # By way of the action: Textual calls a decorated method even where it is overridden.
        self.action_next()

    def action_next(self) -> None:
        """Check the fields, then do what “next” means."""
        if not self._busy and self.check_fields():
            self.attempt(self._keep_and_proceed)

    async def _keep_and_proceed(self) -> None:
        await self.keep_typed()
        await self.proceed()

    @on(Button.Pressed, "#back")
    def action_back(self) -> None:
        """Stop what runs; when nothing does, show the step before, keeping what is typed."""
        earlier = before(self.STEP)
        if self._busy:
            self.workers.cancel_group(self, "step")
        elif earlier is not None:
            self._go_back(earlier)

    @background("step")
    async def _go_back(self, earlier: StepId) -> None:
        await self.keep_typed()
        self.wizard.go(earlier)

    @background("step")
    async def attempt(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do something that may take a while and may fail; one thing at a time."""
        from ava_setup.onboarding.errors import SetupError  # noqa: PLC0415 - after first paint

        self._busy = True
        self.query_one(Notice).show(None)
        if self.wizard.world is None:
            self.query_one("#activity", Line).tell(_("One moment…"))
        try:
            await self.wizard.open()
            await work()
        except SetupError as error:
            self.show_problem(error.problem)
        finally:
            self._busy = False

    def show_problem(self, problem: Problem) -> None:
        """Say what went wrong, in the frame; what is typed stays."""
        self.query_one(Notice).show(problem, self.remedy_for(problem))

    def remedy_for(self, problem: Problem) -> Text:
        """Name what the notice's button does about a problem; nothing when nothing can be."""
        to, label = REMEDIES.get(problem.action.value, (None, NOTHING))
        return NOTHING if to is self.STEP else label

    @on(Button.Pressed, "#remedy")
    def _remedy_pressed(self) -> None:
        self.action_remedy()

    def action_remedy(self) -> None:
        """Do what the notice offers: open the step that mends it, or try again."""
        problem = self.query_one(Notice).problem
        to, _label = REMEDIES.get(problem.action.value if problem else "", (None, NOTHING))
        if to is None:
            self.action_next()
        else:
            self.wizard.go(to)

    # What a step with fields does beside; see `FormScreen`

    def check_fields(self) -> bool:
        """Whether what is typed can be gone on with; says in place what cannot."""
        return True

    async def keep_typed(self) -> None:
        """Keep what is typed.

        Raises:
            StoreError: It could not be written.
        """

    def action_fill(self) -> None:
        """In a demo, do what a person would do here."""

    def explained(self) -> Labelled | None:
        """Give the field that F1 explains; None explains the step."""
        return None

    def action_help(self) -> None:
        """Explain the field that has the focus, or the step."""
        from ava_setup.tui.screens.help import HelpScreen  # noqa: PLC0415 - when asked for

        self.app.push_screen(HelpScreen(self.STEP, self.explained()))
