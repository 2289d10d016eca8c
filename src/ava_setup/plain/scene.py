"""What every step of the plain set-up works with: prompts, the engine, and what went wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from ava_setup.front.remedies import REMEDIES
from ava_setup.onboarding.credentials import could_be_secret
from ava_setup.onboarding.errors import Action, SetupError
from ava_setup.onboarding.steps import StepId
from ava_setup.plain.signs import Aside, Back, Wanted
from ava_setup.words import Text, _

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from ava_setup.front.worlds import World
    from ava_setup.onboarding.errors import Problem
    from ava_setup.onboarding.setup import Setup
    from ava_setup.onboarding.state import Saved, State
    from ava_setup.plain.prompts import Asked, Prompts

T = TypeVar("T")
TRY_AGAIN = _("Try again")
_AGAIN, _DOCTOR, _BACK = "again", "doctor", "back"


class Go(Exception):
    """Another step is to be asked, or the same one from its beginning."""

    def __init__(self, step_id: StepId) -> None:
        super().__init__(step_id.value)
        self.step_id = step_id


class Scene:
    """One world, and the person who is asked about it.

    Attributes:
        step_id: The step that is being asked.
        stood: What was kept when a link last stood in this run, or None.
        agreed: Whether going live was agreed to, and only an assistant was missing.
    """

    def __init__(self, talk: Prompts, world: World) -> None:
        self.talk = talk
        self.world = world
        self.step_id = StepId.WELCOME
        self.stood: Saved | None = None
        self.agreed = False

    @property
    def setup(self) -> Setup:
        """The engine."""
        return self.world.setup

    @property
    def state(self) -> State:
        """The shared state as it is now."""
        return self.setup.store.state

    # What was typed

    def earlier(self, field_id: str, default: str = "") -> str:
        """Give what was last typed into a field."""
        return self.state.saved.typed.get(field_id, default)

    async def keep(self, field_id: str, typed: str) -> None:
        """Keep what was typed, as typed; never a secret.

        Raises:
            StoreError: It could not be written.
        """
        if self.earlier(field_id) != typed and not could_be_secret(typed):
            await self.setup.remember({field_id: typed})

    async def ask(self, asked: Asked[T]) -> T:
        """Ask a question, and keep what was typed unless it is a secret."""
        typed, value = await self.talk.ask(asked)
        if not asked.secret:
            await self.keep(asked.field_id, typed)
        return value

    async def choose(
        self, field_id: str, title: Text, options: Sequence[tuple[str, Text]], default: str
    ) -> str:
        """Have one of a list chosen, and keep which."""
        usual = self.earlier(field_id, default)
        chosen = await self.talk.choose(title, options, usual, field_id=field_id)
        await self.keep(field_id, chosen)
        return chosen

    # What goes wrong

    async def attempt(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do something that may fail, again and again for as long as the person wants it.

        Raises:
            Go: Another step mends what went wrong, or this one is to be asked anew.
            Back: The person goes back instead.
        """
        while True:
            try:
                return await work()
            except SetupError as error:
                await self.mend(error.problem)

    async def mend(self, problem: Problem, again: Text = TRY_AGAIN) -> None:
        """Say what went wrong, and have chosen what to do; returns for another try.

        Args:
            problem: What went wrong.
            again: What another try is called.

        Raises:
            Go: Another step mends it, or this one is to be asked anew.
            Wanted: The doctor is to look into it.
            Back: Nothing of all that.
        """
        self.talk.complain(problem)
        to, label = REMEDIES.get(problem.action.value, (None, again))
        label = label if to else again
        if to is self.step_id:
            raise Go(to)
        options: list[tuple[str, Text]] = [(to.value if to else _AGAIN, label)]
        if to is None and self.has_line and problem.action is Action.RETRY:
            options.append((_DOCTOR, _("Find out why")))
        if to is not None:
            options.append((_AGAIN, again))
        options.append((_BACK, _("Back")))
        chosen = await self.talk.choose(_("What now"), options)
        if chosen == _DOCTOR:
            raise Wanted(Aside.DOCTOR)
        if chosen == _BACK:
            raise Back
        if chosen != _AGAIN:
            raise Go(StepId(chosen))

    @property
    def has_line(self) -> bool:
        """Whether a number is chosen."""
        return self.state.saved.number is not None


async def in_turn(*questions: Callable[[], Awaitable[bool]]) -> None:
    """Ask questions one after another; `<` leads to the one that was asked before.

    Args:
        questions: Each tells whether it asked anything.

    Raises:
        Back: `<` at the first of them.
    """
    asked: list[int] = []
    place = 0
    while place < len(questions):
        try:
            if await questions[place]():
                asked.append(place)
            place += 1
        except Back:
            if not asked:
                raise
            place = asked.pop()
