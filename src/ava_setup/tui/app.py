"""The wizard: one screen a step, drawn from the store."""

from __future__ import annotations

import asyncio
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, cast

from ava_setup.onboarding.steps import StepId, first_open
from ava_setup.tui.ahead import Ahead
from ava_setup.tui.looks import Look
from ava_setup.tui.personal import PersonalApp
from ava_setup.tui.screens.framed import FramedScreen
from ava_setup.tui.screens.welcome import WelcomeScreen
from ava_setup.tui.tempo import Tempo
from ava_setup.tui.textual_defects import background
from ava_setup.tui.widgets.activity import News
from ava_setup.tui.widgets.demo_mark import DemoMark
from ava_setup.words import NOTHING, Language, Text, _

if TYPE_CHECKING:
    from typing import Any

    from textual.screen import Screen
    from textual.timer import Timer

    from ava_setup.front.worlds import World, Worlds
    from ava_setup.onboarding.setup import Setup
    from ava_setup.onboarding.state import Saved, State
    from ava_setup.tui.personal import KeepsPreferences
    from ava_setup.tui.screens.step import StepScreen

_DEFAULT_PROFILE = "default"
_NEWS_S = 12
_SCREENS = {
    StepId.BUSINESS: "business:BusinessScreen",
    StepId.VAPI: "vapi:VapiScreen",
    StepId.ASSISTANT: "assistant:AssistantScreen",
    StepId.TWILIO: "twilio:TwilioScreen",
    StepId.NUMBER: "number:NumberScreen",
    StepId.REVIEW: "review:ReviewScreen",
    StepId.PROOF: "proof:ProofScreen",
}


class AvaSetup(PersonalApp):
    """The app.

    Args:
        worlds: Opens what is worked on, slowly, off the event loop.
        language: To start in.
        profile: The business to work on, or None to find out which.
        demo: Whether to start as a demo.
        tempo: How fast moves what moves by itself.
        look: The theme to start with.
        preferences: Remembers language and theme, or None.
    """

    CSS_PATH = Path(__file__).with_name("app.tcss")

    def __init__(
        self,
        worlds: Worlds,
        language: Language,
        *,
        profile: str | None = None,
        demo: bool = False,
        tempo: Tempo | None = None,
        look: Look = Look.DARK,
        preferences: KeepsPreferences | None = None,
    ) -> None:
        super().__init__(language, look, preferences)
        self.title = "ava-setup"
        self.is_demo = demo
        self.tempo = tempo or Tempo()
        self.world: World | None = None
        self.stood: Saved | None = None
        self.ready = asyncio.Event()
        self._worlds = worlds
        self._profile = profile
        self._scenario = ""
        self._opening = asyncio.Lock()
        self._leaving: asyncio.Future[None] | None = None
        self._has_looked = asyncio.Event()
        self._left = False
        self.news = News()
        self._fading: Timer | None = None
        self.farewell = NOTHING
        self._ahead = Ahead(self, _kind)

    def get_default_screen(self) -> Screen[Any]:
        """Begin with the first step: nothing blank is laid out before it."""
        first = WelcomeScreen()
        # Textual does so only for screens that follow.
        self._load_screen_css(first)
        return first

    def on_mount(self) -> None:
        """Begin what is slow once the first step is on screen."""
        self.call_after_refresh(self._prepare)

    @background("world")
    async def _prepare(self) -> None:
        """Open the world, and carry on where the saved work stopped."""
        try:
            if self._profile is None and not self.is_demo:
                businesses = await asyncio.to_thread(self._worlds.businesses)
                if len(businesses) > 1 and isinstance(self.step_screen, WelcomeScreen):
                    # Whoever pressed Enter already did not choose one by that.
                    self.workers.cancel_group(self.step_screen, "step")
                    self.step_screen.offer(businesses)
                    return
                self._profile = businesses[0].profile if businesses else None
        finally:
            self._has_looked.set()
        world = await self.open()
        # Whoever pressed a key meanwhile is somewhere already.
        if world.problem is not None or isinstance(self.step_screen, WelcomeScreen):
            self._carry_on(world, StepId.WELCOME)

    def _carry_on(self, world: World, fresh: StepId) -> None:
        """Show the first open step; `fresh` when there is no saved work."""
        saved = world.setup.store.state.saved
        if world.problem is not None:
            self.step_screen.show_problem(world.problem)
        elif saved.answers or saved.profile:
            self.go(first_open(world.setup.store.state))
        elif fresh is not self.step_screen.place:
            self.go(fresh)

    def start_demo(self, scenario: str = "", begins: StepId = StepId.BUSINESS) -> None:
        """Become a demo: another world, apart from the one that was opened.

        Args:
            scenario: What it starts from; "" is what the command line asked for.
            begins: The step that it begins with.
        """
        self.is_demo = True
        self._scenario = scenario
        self._change_world(None, begins)

    def work_on(self, profile: str | None) -> None:
        """Leave the business worked on for another; None begins a new one."""
        self._change_world(profile)

    @background("world")
    async def _change_world(self, profile: str | None, begins: StepId = StepId.BUSINESS) -> None:
        if self.world is not None:
            await self.world.aclose()
            self.world = self.stood = None
        if not self.is_demo:
            self._profile = profile or await asyncio.to_thread(self._worlds.unused_profile)
        self._carry_on(await self.open(), begins)

    async def open(self) -> World:
        """Give the world, opening it when it is not open yet.

        Raises:
            SetupError: It cannot be worked in; asking again tries again.
        """
        await self._has_looked.wait()
        async with self._opening:
            if self.world is None:
                world = await self._opened()
                try:
                    await world.setup.open()
                except BaseException:
                    # Else it would hold the business against the next try.
                    await world.aclose()
                    raise
                self.world = world
                self._load_screens()
                world.setup.store.subscribe(self._show)
                self.ready.set()
                self._show(world.setup.store.state)
            return self.world

    async def _opened(self) -> World:
        """Open the world in a thread; one that nobody waits for any more is let go of."""
        if self._leaving is not None:
            await asyncio.shield(self._leaving)
        opening = asyncio.ensure_future(asyncio.to_thread(self._open_now))
        try:
            return await asyncio.shield(opening)
        except asyncio.CancelledError:
            # Else it would hold the business against the next try.
            self._leaving = asyncio.ensure_future(_let_go(opening))
            raise

    def _open_now(self) -> World:
        if self.is_demo:
            return self._worlds.open_demo(self._scenario)
        return self._worlds.open(self._profile or _DEFAULT_PROFILE)

    @background("screens")
    async def _load_screens(self) -> None:
        """Import the next screens before anybody asks for them."""
        for place in _SCREENS.values():
            await asyncio.to_thread(import_module, _module(place))
        self.modules_came()
        self._keep_ahead()

    @property
    def setup(self) -> Setup:
        """The engine; only to be asked for once the world is open."""
        if self.world is None:
            raise RuntimeError("the world is not open yet")
        return self.world.setup

    @property
    def step_screen(self) -> FramedScreen:
        """The step on screen, or what lies over it, under whatever question is asked."""
        return next(s for s in reversed(self.screen_stack) if isinstance(s, FramedScreen))

    def go(self, step_id: StepId) -> None:
        """Show a step, as the state is now."""
        self._uncover()
        self._switch_to(step_id)

    def _switch_to(self, step_id: StepId) -> None:
        self.switch_screen(self._ahead.take(step_id))

    @background("ahead")
    async def _keep_ahead(self) -> None:
        """Have the screens of the steps ready that may come next."""
        await self._ahead.keep_up(self._stands)

    def _stands(self) -> tuple[StepId, State | None]:
        """Give the step on screen and the state; no state between two worlds."""
        return self.step_screen.place, self.world.setup.store.state if self.world else None

    def mend_for_undo(self, step_id: StepId) -> None:
        """Show a step that asks for what undoing needs; undoing follows it."""
        self._uncovered(step_id).lead_to_undo()
        self.toast(_("After this, undoing carries on."))

    def mend_for_doctor(self, step_id: StepId) -> None:
        """Show a step that mends what the doctor found; the doctor looks again after it."""
        self._uncovered(step_id).lead_to_doctor()
        self.toast(_("After this, the doctor looks again."))

    def mend_for_review(self, step_id: StepId, *, goes_live: bool = False) -> None:
        """Show a step that the review led to; it leads back there.

        Args:
            step_id: The step.
            goes_live: Whether going live then goes on by itself.
        """
        self._uncovered(step_id).lead_to_review(goes_live=goes_live)

    def review(self, *, goes_live: bool) -> None:
        """Show the review once more.

        Args:
            goes_live: Whether it is gone on with at once.
        """
        from ava_setup.tui.screens.review import ReviewScreen  # noqa: PLC0415 - after first paint

        self.go(StepId.REVIEW)
        if goes_live and isinstance(self.screen, ReviewScreen):
            self.screen.go_live_at_once()

    def _uncovered(self, step_id: StepId) -> StepScreen:
        """Show a step as it is, with nothing over it."""
        self._uncover()
        if self.screen.name != step_id.value:
            self._switch_to(step_id)
        return cast("StepScreen", self.screen)

    def _uncover(self) -> None:
        """Close all that lies over the step."""
        while len(self.screen_stack) > 1:
            self.pop_screen()

    def _show(self, state: State) -> None:
        if state.saved.linked is not None:
            self.stood = state.saved
        for screen in self.screen_stack:
            # Not “is mounted”: what a screen asks for as it begins may be there before that is so.
            if isinstance(screen, FramedScreen) and screen.has_begun:
                screen.show_state(state)

    def meet(self, screen: Screen[Any]) -> None:
        """Say over every question, too, that all of it is a demo."""
        if self.is_demo and screen.is_modal:
            screen.mount(DemoMark())

    def toast(self, text: Text, *, title: Text = NOTHING, more: Text = NOTHING) -> None:
        """Say something in passing, one thing at a time; nothing takes it back."""
        self.news = News(title, text, more)
        for screen in self.screen_stack:
            if isinstance(screen, FramedScreen):
                screen.show_news()
        if self._fading is not None:
            self._fading.stop()
        self._fading = self.set_timer(_NEWS_S, partial(self.toast, NOTHING)) if text else None

    @property
    def keeps_nothing(self) -> bool:
        """Whether what is chosen now is forgotten at the end: in a demo."""
        return self.is_demo

    def leave(self, return_code: int) -> None:
        """Keep what is typed, then leave."""
        if not self._left:
            self._left = True
            self._keep_and_leave(return_code)

    @background("leave")
    async def _keep_and_leave(self, return_code: int) -> None:
        from ava_setup.front.farewell import farewell  # noqa: PLC0415 - after first paint
        from ava_setup.onboarding.errors import SetupError  # noqa: PLC0415 - same

        try:
            if self.world is not None:
                await self.step_screen.keep_typed()
                self.farewell = farewell(self.setup.store.state, demo=self.is_demo)
        except SetupError as error:
            lost = error.problem
            self.farewell = Text("{what}\n{why}", (("what", lost.what), ("why", lost.why)))
        finally:
            self.exit(return_code=return_code)

    async def on_unmount(self) -> None:
        """Let go of the world."""
        if self.world is not None:
            await self.world.aclose()

    def worker_failed(self, error: Exception) -> None:
        """Show what nobody expected where the person is looking; nothing is lost."""
        from ava_setup.onboarding import chronicle  # noqa: PLC0415 - after first paint
        from ava_setup.onboarding.errors import SetupError, problem_of  # noqa: PLC0415 - same

        if not isinstance(error, SetupError):
            chronicle.fault(error)
        self.step_screen.show_problem(problem_of(error))

    def note_end(self, error: Exception) -> None:
        """Leave a trace of what ended the wizard in the log."""
        from ava_setup.onboarding import chronicle  # noqa: PLC0415 - after first paint

        chronicle.failure(error)

    def last_words(self, error: BaseException) -> str:
        """What to print once the terminal is back, when an error ended the app."""
        from ava_setup.onboarding.catalogue import REPORT_HINT  # noqa: PLC0415 - after first paint

        stopped = _(
            "ava-setup stopped because of a fault of its own ({kind}).\n"
            "What you did so far is kept. Start it again: it carries on where it was.",
            kind=type(error).__name__,
        )
        return f"{self.voice(stopped)}\n{self.voice(REPORT_HINT)}"


async def _let_go(opening: asyncio.Future[World]) -> None:
    await asyncio.wait([opening])
    if opening.exception() is None:
        await opening.result().aclose()


def _kind(step_id: StepId) -> type[StepScreen]:
    """Give the class of a step's screens."""
    if step_id is StepId.WELCOME:
        return WelcomeScreen
    place = _SCREENS[step_id]
    kind: type[StepScreen] = getattr(import_module(_module(place)), place.partition(":")[2])
    return kind


def _module(place: str) -> str:
    return f"ava_setup.tui.screens.{place.partition(':')[0]}"
