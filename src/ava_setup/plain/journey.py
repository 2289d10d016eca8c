"""The plain set-up from its first line to its last: one step after another."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from ava_setup.conversation import FAILED
from ava_setup.front.farewell import farewell
from ava_setup.onboarding import chronicle
from ava_setup.onboarding.errors import SetupError
from ava_setup.onboarding.steps import StepId, after, before, first_open, place_of, step
from ava_setup.plain.asides import see_doctor, undo
from ava_setup.plain.assistant import ask_assistant
from ava_setup.plain.business import ask_business
from ava_setup.plain.number import ask_number
from ava_setup.plain.proof import prove
from ava_setup.plain.review import ask_review
from ava_setup.plain.scene import Go, Scene
from ava_setup.plain.signs import FILLS, HOW_TO_ANSWER, Aside, Back, Ended, Leave, Wanted
from ava_setup.plain.twilio import ask_twilio
from ava_setup.plain.vapi import ask_vapi
from ava_setup.plain.watching import AT_ONCE_S, Watch
from ava_setup.plain.welcome import DEMO, OTHER, pick_business, welcome
from ava_setup.words import Text, _

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ava_setup.front.worlds import Business, World, Worlds
    from ava_setup.onboarding.state import State
    from ava_setup.plain.prompts import Prompts

_DEFAULT_PROFILE = "default"
_ASKS: dict[StepId, Callable[[Scene], Awaitable[None]]] = {
    StepId.BUSINESS: ask_business,
    StepId.VAPI: ask_vapi,
    StepId.ASSISTANT: ask_assistant,
    StepId.TWILIO: ask_twilio,
    StepId.NUMBER: ask_number,
    StepId.REVIEW: ask_review,
    StepId.PROOF: prove,
}


def set_up(talk: Prompts, worlds: Worlds, *, profile: str | None, demo: bool) -> int:
    """Hold the whole conversation; gives the exit code.

    Args:
        talk: Says and asks.
        worlds: Opens what is worked on.
        profile: The business to work on, or None to find out which.
        demo: Whether to start as a demo.
    """
    journey = Journey(talk, worlds, profile=profile, demo=demo)
    return talk.hold(journey.make, lambda: journey.stopped, by_pipe=True)


class Journey:
    """One run, on one world after another.

    Args:
        talk: Says and asks.
        worlds: Opens what is worked on.
        profile: The business to work on, or None to find out which.
        demo: Whether to start as a demo.
        at_once_s: Seconds after which what goes on is worth a line.
    """

    def __init__(
        self,
        talk: Prompts,
        worlds: Worlds,
        *,
        profile: str | None = None,
        demo: bool = False,
        at_once_s: float = AT_ONCE_S,
    ) -> None:
        self._talk = talk
        self._worlds = worlds
        self._profile = profile
        self._demo = demo
        self._at_once_s = at_once_s
        self._begins: StepId | None = None

    @property
    def stopped(self) -> Text:
        """What is said after Ctrl+C."""
        if self._demo:
            return _("Stopped. Nothing of the demo is kept.")
        return _("Stopped. Everything is kept: start ava-setup again and it carries on here.")

    async def make(self) -> int:
        """Go from the first line to the last; gives the exit code."""
        talk = self._talk
        talk.say(_("ava-setup, one question after another."))
        for text in HOW_TO_ANSWER:
            talk.say(text)
        try:
            await self._find_business()
            while True:
                code = await self._work()
                if code is not None:
                    return code
        except Leave:
            return self._left(None)
        except Ended:
            return self._ended(None)

    async def _find_business(self) -> None:
        if self._profile is not None or self._demo:
            return
        businesses = await asyncio.to_thread(self._worlds.businesses)
        if len(businesses) > 1:
            self._profile = await self._picked(businesses)
        elif businesses:
            self._profile = businesses[0].profile

    async def _picked(self, businesses: tuple[Business, ...]) -> str:
        while True:
            try:
                picked = await pick_business(self._talk, businesses)
            # Nothing comes before, and nothing else can be done yet.
            except (Back, Wanted):
                continue
            if picked is not None:
                return picked
            return await asyncio.to_thread(self._worlds.unused_profile)

    async def _work(self) -> int | None:
        """Work in one world to the end; gives the exit code, or None to go on in another."""
        if self._demo:
            self._talk.say(_("DEMO: a sandbox answers, and nothing is kept."))
            self._talk.say(FILLS)
        world = await asyncio.to_thread(self._open)
        watch: Watch | None = None
        try:
            await world.setup.open()
            watch = Watch(self._talk, world.setup.store, at_once_s=self._at_once_s)
            self._talk.fills = world.demo.answers if world.demo else None
            return await self._walk(Scene(self._talk, world))
        except Exception as error:
            chronicle.failure(error)
            raise
        finally:
            if watch is not None:
                watch.close()
            await world.aclose()

    def _open(self) -> World:
        if self._demo:
            return self._worlds.open_demo()
        return self._worlds.open(self._profile or _DEFAULT_PROFILE)

    # The steps

    async def _walk(self, scene: Scene) -> int | None:
        if scene.world.problem is not None:
            self._talk.complain(scene.world.problem)
        saved = scene.state.saved
        begun = bool(saved.answers or saved.profile)
        at: StepId | None = first_open(scene.state) if begun else self._begins or StepId.WELCOME
        self._begins = None
        if begun:
            self._talk.say(_("Carrying on where it stopped."))
        try:
            while at is not None:
                at = await self._pass(scene, at)
        except Leave:
            return self._left(scene.state)
        except Ended:
            return self._ended(scene.state)
        return None

    async def _pass(self, scene: Scene, at: StepId) -> StepId | None:
        """Ask one step; gives the one that follows, None for another world."""
        try:
            following = await self._asked(scene, at)
        except Back:
            following = before(at) or at
        except Go as go:
            following = go.step_id
        except Wanted as wanted:
            following = await self._turn_aside(scene, wanted.aside, at)
        return following

    async def _asked(self, scene: Scene, at: StepId) -> StepId | None:
        """Ask one step; what goes wrong beside its questions is said, and it is asked again."""
        if at is StepId.WELCOME:
            return await self._welcome(scene)
        self._head(scene, at)
        if at not in {StepId.ASSISTANT, StepId.REVIEW}:
            scene.agreed = False
        try:
            await _ASKS[at](scene)
        except SetupError as error:
            await scene.mend(error.problem)
            return at
        if scene.state.saved.linked is not None:
            scene.stood = scene.state.saved
        return after(at, scene.state)

    async def _welcome(self, scene: Scene) -> StepId | None:
        known = scene.state.saved.profile is not None
        chosen = await welcome(self._talk, known=known, is_demo=self._demo)
        if chosen == DEMO:
            self._demo, self._begins = True, StepId.BUSINESS
            return None
        if chosen == OTHER:
            self._profile = await asyncio.to_thread(self._worlds.unused_profile)
            self._begins = StepId.BUSINESS
            return None
        return after(StepId.WELCOME, scene.state)

    def _head(self, scene: Scene, at: StepId) -> None:
        scene.step_id = at
        place, count = place_of(at)
        talk, each = self._talk, step(at)
        talk.about = (each.purpose,)
        talk.say()
        talk.say(
            _(
                "Step {n} of {m}, {title}: {purpose}",
                n=place,
                m=count,
                title=each.title,
                purpose=each.purpose,
            )
        )

    async def _turn_aside(self, scene: Scene, aside: Aside, at: StepId) -> StepId:
        """Do what was wanted instead of an answer; then the step again, or what mends it."""
        work = undo if aside is Aside.UNDO else see_doctor
        try:
            await work(scene)
        except Go as go:
            return go.step_id
        except Back:
            pass
        except Wanted as wanted:
            return await self._turn_aside(scene, wanted.aside, at)
        return at

    # The end

    def _left(self, state: State | None) -> int:
        if state is not None:
            self._talk.say(farewell(state, demo=self._demo))
        return 0

    def _ended(self, state: State | None) -> int:
        """End with the input: as one leaves, on a terminal; else it matters what was reached."""
        done = state is not None and state.saved.linked is not None
        if done or self._talk.input.is_terminal:
            return self._left(state)
        self._talk.warn(
            _("The answers ended before the set-up was finished. Those so far are kept.")
            if not self._demo
            else _("The answers ended before the demo was finished.")
        )
        return FAILED
