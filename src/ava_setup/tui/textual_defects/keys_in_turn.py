"""An app that takes what is typed in its turn: each key waits for the effect of the one before."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Final

from textual import events, on
from textual.app import App, ReturnType
from textual.message import Message

from ava_setup.tui.textual_defects.screen import SteadyScreen

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from textual.dom import DOMNode
    from textual.driver import Driver
    from textual.screen import Screen

_PATIENCE: Final = 1.0
_LOOK_AGAIN: Final = 0.02
# What stops or leaves is never held back for a screen that is on its way.
_STOPS: Final = frozenset({"escape", "ctrl+c", "ctrl+q"})


class KeysInTurn(App[ReturnType]):
    """What `SteadyApp` is made of, as far as keys are concerned."""

    class Settled(Message):
        """Follows a key along the way it bubbles, behind all that the key sets off."""

        def __init__(self, origin: DOMNode, screen: Screen[Any], rounds: int) -> None:
            super().__init__()
            self.origin = origin
            self.screen = screen
            self.rounds = rounds

    def __init__(self, *, driver_class: type[Driver] | None, ansi_color: bool | None) -> None:
        super().__init__(driver_class=driver_class, ansi_color=ansi_color)
        self._last_input = 0.0
        self._held: deque[events.Event] = deque()
        self._patience: asyncio.TimerHandle | None = None
        self._settling: KeysInTurn.Settled | None = None

    def input_seen(self) -> None:
        """Take note that somebody is at the keys, or at the mouse."""
        self._last_input = asyncio.get_running_loop().time()

    async def quiet(self, seconds: float) -> None:
        """Wait until nobody has typed for so long."""
        clock = asyncio.get_running_loop().time
        while (left := self._last_input + seconds - clock()) > 0:  # noqa: ASYNC110 - each key is new
            await asyncio.sleep(left)

    async def on_event(self, event: events.Event) -> None:
        """Take one key at a time: the next waits until this one has had its effect."""
        if isinstance(event, events.InputEvent):
            self.input_seen()
        if isinstance(event, events.Key) and event.key == "ctrl+j":
            # What Enter is until the terminal is ours, and to any shell.
            event = events.Key("enter", "\r")
        if not isinstance(event, (events.Key, events.Paste)) or event.is_forwarded:
            await super().on_event(event)
        elif self._leads_on and isinstance(event, events.Key) and event.key in _STOPS:
            self._held.clear()
            await super().on_event(event)
        elif self._patience is not None:
            self._held.append(event)
        else:
            await self._take(event)

    async def _take(self, event: events.Key | events.Paste) -> None:
        screen = self.screen
        origin = self.focused or screen
        await super().on_event(event)
        # Letters and pastes are typed where they arrive; any other key may move the focus.
        if isinstance(event, events.Key) and not event.is_printable:
            # What the key makes its widget post comes behind the first round.
            await self._follow(self.Settled(origin, screen, rounds=2))

    def _wait(self, seconds: float, then: Callable[..., object], *arguments: object) -> None:
        """Hold what is typed, until something else releases it or the time is over."""
        if self._patience is not None:
            self._patience.cancel()
        self._patience = asyncio.get_running_loop().call_later(
            seconds, self.call_later, then, *arguments
        )

    @property
    def _leads_on(self) -> bool:
        screen = self.screen
        return isinstance(screen, SteadyScreen) and screen.leads_on

    async def _follow(self, settled: Settled) -> None:
        self._settling = settled
        self._wait(_PATIENCE, self._release_what_was_held)
        # A widget that is going away passes nothing on.
        if not settled.origin.post_message(settled):
            await self._next_round(settled)

    @on(Settled)
    async def _next_round(self, settled: Settled) -> None:
        if settled is not self._settling:
            return
        screen = self.screen
        if screen is not settled.screen:
            # The key led to another screen: what follows was typed for that one.
            await self._follow(self.Settled(screen, screen, rounds=1))
        elif settled.rounds > 1:
            await self._follow(self.Settled(settled.origin, screen, settled.rounds - 1))
        elif self._leads_on:
            self._wait(_LOOK_AGAIN, self._next_round, settled)
        else:
            await self._release_what_was_held()

    def note_gone(self, screen: Screen[Any]) -> None:
        """Wait no longer for what a screen that went away would have passed on."""
        if self._settling is not None and self._settling.screen is screen:
            self.call_later(self._next_round, self._settling)

    async def _release_what_was_held(self) -> None:
        self._settling = None
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None
        while self._held and self._patience is None:
            await self.on_event(self._held.popleft())
