"""The step that follows the one on screen, made while nobody types: going on only shows it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

from ava_setup.onboarding.steps import StepId, after, before

if TYPE_CHECKING:
    from collections.abc import Callable

    from ava_setup.onboarding.state import State
    from ava_setup.tui.screens.step import StepScreen

_QUIET_S = 0.05


class MakesAhead(Protocol):
    """The app, as far as it makes screens before they are shown."""

    async def make_ahead(self, screen: StepScreen) -> None:
        """Have a screen ready to be shown."""
        ...

    def let_go(self, screen: StepScreen) -> None:
        """Take a screen apart that is not going to be shown."""
        ...

    def tidy(self) -> None:
        """Let go of what is no longer used."""
        ...

    async def quiet(self, seconds: float) -> None:
        """Wait until nobody has typed for so long."""
        ...


class Ahead:
    """Holds the screens that were made and not shown yet.

    Args:
        app: What they are made for.
        kind: Gives the class of a step's screens.
    """

    def __init__(self, app: MakesAhead, kind: Callable[[StepId], type[StepScreen]]) -> None:
        self._app = app
        self._kind = kind
        self._made: dict[StepId, StepScreen] = {}
        self._making: StepScreen | None = None
        self._moved = asyncio.Event()

    def take(self, step_id: StepId) -> StepScreen:
        """Give a step's screen: the one that was made, if it would still be made so."""
        self._moved.set()
        making = self._making
        if making is not None and making.STEP is step_id and making.is_as_made:
            # As far as it is: what is missing comes as it would have come to a new one.
            self._making = None
            return making
        made = self._made.pop(step_id, None)
        if made is not None and made.is_as_made:
            return made
        if made is not None:
            self._app.let_go(made)
        return self._kind(step_id)()

    async def keep_up(self, stands: Callable[[], tuple[StepId, State | None]]) -> None:
        """Make the steps that may follow, whenever another is on screen, for as long as it runs.

        Args:
            stands: Gives the step on screen and the state, or no state while there is none.
        """
        while True:
            self._moved.clear()
            await self._app.quiet(_QUIET_S)
            here, state = stands()
            wanted = _next_to(here, state, self._kind) if state is not None else ()
            self._keep_only(wanted)
            # Before more is made, for the room of what is gone.
            self._app.tidy()
            missing = [each for each in wanted if each not in self._made]
            if missing:
                await self._make(missing[0])
            else:
                await self._moved.wait()

    def _keep_only(self, wanted: tuple[StepId, ...]) -> None:
        for step_id, made in list(self._made.items()):
            if step_id not in wanted or not made.is_as_made:
                self._app.let_go(self._made.pop(step_id))

    async def _make(self, step_id: StepId) -> None:
        screen = self._making = self._kind(step_id)()
        await self._app.make_ahead(screen)
        if self._making is screen:
            self._made[step_id], self._making = screen, None


def _next_to(
    here: StepId, state: State, kind: Callable[[StepId], type[StepScreen]]
) -> tuple[StepId, ...]:
    """Give the step that follows one, and the one that Escape leads back to, if that is long."""
    nearby = [after(here, state)]
    leading = before(here)
    if leading is not None and kind(leading).IS_LONG:
        nearby.append(leading)
    return tuple(each for each in nearby if each is not here and kind(each).can_be_made(state))
