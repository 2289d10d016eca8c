"""A state that nobody keeps: of what is only looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.onboarding.state import Saved, State

if TYPE_CHECKING:
    from collections.abc import Callable


class MemoryStore:
    """Keeps the state in memory; implements the port `Store`.

    Args:
        saved: What it begins with.
    """

    def __init__(self, saved: Saved | None = None) -> None:
        self._state = State(saved=saved or Saved())
        self._listeners: list[Callable[[State], None]] = []

    @property
    def state(self) -> State:
        """The state as it is now."""
        return self._state

    async def update(self, change: Callable[[State], State]) -> State:
        """Replace the state by `change(state)`."""
        self._state = change(self._state)
        for listener in tuple(self._listeners):
            listener(self._state)
        return self._state

    def subscribe(self, listener: Callable[[State], None]) -> Callable[[], None]:
        """Call `listener` after every update; gives the function that ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)
