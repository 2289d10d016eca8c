"""The frame that is the same on every full screen: bars, purpose, problems, buttons, keys."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, cast

from textual import on
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widgets import Button
from textual.worker import WorkerCancelled, WorkerFailed

from ava_setup.front.remedies import REMEDIES
from ava_setup.tui.textual_defects import ScrollBox, SteadyScreen, background
from ava_setup.tui.widgets.activity import Activity
from ava_setup.tui.widgets.focus_keys import keys_of
from ava_setup.tui.widgets.frame import KeyHints, Notice, Stepper, TitleBar
from ava_setup.tui.widgets.spoken import Line, SpokenButton
from ava_setup.words import NOTHING, Text, _

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual import events
    from textual.app import ComposeResult
    from textual.widget import Widget

    from ava_setup.onboarding.errors import Problem
    from ava_setup.onboarding.guidance import Guidance
    from ava_setup.onboarding.setup import Setup
    from ava_setup.onboarding.state import State
    from ava_setup.onboarding.steps import StepId
    from ava_setup.tui.widgets.frame import Hint
    from ava_setup.tui.world import Wizard


_NARROWEST, _LOWEST = 40, 12
_ONE_MOMENT = _("One moment…")
_ESC, _F9, _F8 = _("Esc"), _("F9"), _("F8")


class FramedScreen(SteadyScreen[None]):
    """A frame around what `fields` yields: a step, or what is done beside the steps."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]
    # No OptionList: the hidden one inside a Select would take the focus.
    AUTO_FOCUS = "Input, Button"
    BINDINGS = [
        Binding("ctrl+l", "app.switch_language", show=False, priority=True),
    ]

    def __init__(self, screen_id: str) -> None:
        super().__init__(name=screen_id)
        # Kept at hand: to look for them each time takes longer than all else they do.
        self._news_line = Activity()
        self._key_hints = KeyHints()
        self._busy = False
        self._has_begun = False

    @property
    def wizard(self) -> Wizard:
        """The app, as a screen sees it."""
        return cast("Wizard", self.app)

    @property
    def setup(self) -> Setup:
        """The engine."""
        return self.wizard.setup

    @property
    def state(self) -> State:
        """The shared state as it is now."""
        return self.setup.store.state

    @property
    def is_busy(self) -> bool:
        """Whether something goes on that Escape stops."""
        return self._busy

    @property
    def has_begun(self) -> bool:
        """Whether it draws the state; before, it is drawn as soon as it does."""
        return self._has_begun

    # What a screen adds

    @property
    def place(self) -> StepId:
        """The step that the bars show; the welcome is none of those counted."""
        raise NotImplementedError

    @property
    def heading(self) -> Text:
        """What help calls this screen."""
        raise NotImplementedError

    @property
    def purpose(self) -> Text:
        """One sentence: what it is for."""
        raise NotImplementedError

    def fields(self) -> ComposeResult:
        """Lay out what stands between the purpose and the buttons."""
        yield from ()

    def news(self) -> ComposeResult:
        """Lay out the line that says what goes on, where `fields` has no better place for it."""
        yield self._news_line

    def buttons(self) -> tuple[SpokenButton, ...]:
        """Give the buttons, leftmost first."""
        raise NotImplementedError

    def hints(self) -> tuple[tuple[Text, Text], ...]:
        """Give the keys that do something here, beside those that work everywhere."""
        raise NotImplementedError

    def retry(self) -> None:
        """Do once more what failed."""
        raise NotImplementedError

    def topic(self) -> Guidance:
        """Give what F1 explains where no field has the focus."""
        from ava_setup.onboarding.guidance import Guidance  # noqa: PLC0415 - when asked for
        from ava_setup.onboarding.guidance_pages import PAGES  # noqa: PLC0415 - same

        return PAGES.get(self.name or "") or Guidance(self.heading, self.purpose)

    async def keep_typed(self) -> None:
        """Keep what is typed.

        Raises:
            StoreError: It could not be written.
        """

    # The frame

    def compose(self) -> ComposeResult:
        """Lay out the frame."""
        yield TitleBar(self.place, demo=self.wizard.is_demo)
        with Horizontal(id="middle"):
            yield Stepper(self.place)
            with Vertical(id="page"):
                yield Line(self.purpose, id="purpose")
                with ScrollBox(id="body"):
                    yield from self.fields()
                yield Notice()
                yield from self.news()
                with Horizontal(id="buttons"):
                    yield from self.buttons()
        yield self._key_hints
        yield Line(_("Make this window larger: 80 columns and 24 rows are right."), id="too-small")

    def on_resize(self, event: events.Resize) -> None:
        """Cover what cannot be read in a tiny window; nothing below loses its place."""
        self.set_class(event.size.width < _NARROWEST or event.size.height < _LOWEST, "-tiny")
        self.call_after_refresh(self._keep_focus_in_sight)

    def on_mount(self) -> None:
        """Begin, unless it is being taken away already, or made before it is shown."""
        # Only here: Textual runs the handler of every base by itself.
        if self.is_going_away:
            return
        if self.is_early:
            self.draw()
        else:
            self.begin()

    def arrive(self) -> None:
        """Begin: it was made ahead, and is shown now."""
        self.begin()

    def begin(self) -> None:
        """Draw the state as it is, from now on; do what is to be done on coming here."""
        self._has_begun = True
        self.watch(self, "focused", self._focus_moved, init=False)
        self.draw()

    def draw(self) -> None:
        """Draw the state as it is; made ahead, it is drawn once more as it is shown."""
        self.query_one(Notice).show(None)
        self._show_hints()
        self.show_news()
        if self.wizard.world is not None:
            self.show_state(self.state)

    def show_state(self, state: State) -> None:
        """Draw what the state says."""
        self.query_one(Stepper).show_state(state)
        self.query_one(TitleBar).show_business(
            state.saved.profile.business_name if state.saved.profile else ""
        )
        self._say_what_goes_on()
        self._show_hints()

    def _focus_moved(self) -> None:
        self._show_hints()
        self.call_after_refresh(self._keep_focus_in_sight)

    def _keep_focus_in_sight(self) -> None:
        """Show what has the focus, with what is said of it."""
        if self.focused is not None:
            around = self.focused.ancestors_with_self
            whole = next((one for one in around if one.has_class("field")), self.focused)
            cast("Widget", whole).scroll_visible(animate=False)

    def show_news(self) -> None:
        """Say in passing what the app has to say."""
        if self._is_laid_out:
            self._news_line.pass_on(self.wizard.news)

    @property
    def _is_laid_out(self) -> bool:
        return self._key_hints.parent is not None

    @property
    def doing(self) -> Text:
        """What this screen is doing, for when nothing else says what goes on."""
        return _ONE_MOMENT if self._busy else NOTHING

    def _say_what_goes_on(self) -> None:
        heard = self.state.live.activity if self.wizard.world is not None else NOTHING
        line = self._news_line
        # Before it is shown, what goes on is another screen's.
        if self._is_laid_out and self._has_begun:
            # Between two requests there is a moment in which nobody says anything.
            line.follow(heard or (self.doing and (line.going_on or self.doing)))

    def _show_hints(self) -> None:
        here = self.hints()
        taken = {key for key, _what in here}
        touched: tuple[Hint, ...] = ()
        if not self._busy:
            touched = tuple(hint for hint in keys_of(self.focused) if hint[0] not in taken)
        help_, menu = (_("F1"), _("Help")), (_("Ctrl+P"), _("Menu"))
        language, leave = (_("Ctrl+L"), _("Français")), (_("Ctrl+Q"), _("Leave"))
        everywhere = (leave,) if self._busy else (menu, language, leave)
        said_elsewhere = [hint for hint in here if hint[0] == _ESC and not self._busy]
        last = [hint for key in (_F8, _F9) for hint in here if hint[0] == key]
        if self._is_laid_out:
            self._key_hints.show(
                (help_, *touched, *here, *everywhere),
                (*touched[1:], *said_elsewhere, language, *touched[:1], *last),
            )

    # Work, and what goes wrong with it

    async def halt(self) -> None:
        """Stop what runs; a write to the disk comes to its end first."""
        for worker in self.workers.cancel_group(self, "step"):
            with suppress(WorkerCancelled, WorkerFailed):
                await worker.wait()
        # Nothing is waited for any more.
        await self.setup.store.update(lambda state: state.note(activity=NOTHING))

    @background("step")
    async def attempt(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do something that may take a while and may fail; one thing at a time."""
        from ava_setup.onboarding.errors import SetupError  # noqa: PLC0415 - after first paint

        self.query_one(Notice).show(None)
        self._be_busy(busy=True)
        try:
            await self.wizard.open()
            await work()
        except SetupError as error:
            self.show_problem(error.problem)
        finally:
            self._be_busy(busy=False)

    def _be_busy(self, *, busy: bool) -> None:
        self._busy = busy
        self._say_what_goes_on()
        self._show_hints()

    def show_problem(self, problem: Problem) -> None:
        """Say what went wrong, in the frame; what is typed stays."""
        from ava_setup.onboarding import chronicle  # noqa: PLC0415 - after first paint

        chronicle.problem(problem)
        # What was going on is over, and room is needed.
        if self._is_laid_out:
            self._news_line.settle()
        notice = self.query_one(Notice)
        notice.show(problem, self.remedy_for(problem))
        if self.is_pressing(problem):
            notice.offer()
        self.call_after_refresh(self._keep_focus_in_sight)

    def is_pressing(self, problem: Problem) -> bool:  # noqa: ARG002 - for overriding
        """Whether what the notice offers is what to do next: its button takes the focus."""
        return True

    def remedy_for(self, problem: Problem) -> Text:
        """Name what the notice's button does about a problem; nothing when nothing can be."""
        to, label = REMEDIES.get(problem.action.value, (None, NOTHING))
        return NOTHING if to is self.place else label

    @on(Button.Pressed, "#remedy")
    def _remedy_pressed(self) -> None:
        # By way of the action: Textual calls a decorated method even where it is overridden.
        self.action_remedy()

    def action_remedy(self) -> None:
        """Do what the notice offers: open the step that mends it, or try again."""
        problem = self.query_one(Notice).problem
        to, _label = REMEDIES.get(problem.action.value if problem else "", (None, NOTHING))
        if to is None:
            self.retry()
        else:
            self.mend(to)

    def mend(self, step_id: StepId) -> None:
        """Open the step that mends a problem."""
        self.wizard.go(step_id)
