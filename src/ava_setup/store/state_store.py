"""The shared state: changed one update at a time, on disk before an update is done."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from ava_setup.onboarding.state import Saved, State
from ava_setup.store.blocking import finish

if TYPE_CHECKING:
    from collections.abc import Callable

    from ava_setup.store.state_file import StateFile


class StateStore:
    """Keeps the state and tells of its changes; implements the port `Store`.

    Belongs to one event loop. Listeners are called in it, in the order of their subscription, and
    see every state in turn.

    Args:
        file: Where what is kept goes.
        saved: What was loaded from there.
    """

    def __init__(self, file: StateFile, saved: Saved) -> None:
        self._file = file
        self._state = State(saved=saved)
        self._turn = asyncio.Lock()
        self._listeners: dict[object, Callable[[State], None]] = {}

    @property
    def state(self) -> State:
        """The state as it is now."""
        return self._state

    async def update(self, change: Callable[[State], State]) -> State:
        """Replace the state by `change(state)`; returns once what is kept is on disk.

        A change to an equal state writes nothing and tells nobody. An update that is cancelled
        before its turn does nothing; during its write, it takes place first.

        Raises:
            StoreError: It could not be written; the state is then as before.
        """
        async with self._turn:
            before = self._state
            after = change(before)
            if after == before:
                return before
            if after.saved == before.saved:
                self._replace(after)
            else:
                writing = asyncio.get_running_loop().run_in_executor(
                    None, self._file.write, after.saved
                )
                await finish(writing, lambda _: self._replace(after))
            return after

    def subscribe(self, listener: Callable[[State], None]) -> Callable[[], None]:
        """Call `listener` after every update; gives the function that ends it."""
        subscription = object()
        self._listeners[subscription] = listener
        return partial(self._unsubscribe, subscription)

    def _unsubscribe(self, subscription: object) -> None:
        self._listeners.pop(subscription, None)

    def _replace(self, state: State) -> None:
        self._state = state
        for subscription, listener in tuple(self._listeners.items()):
            # One listener may have ended another's subscription just now.
            if subscription not in self._listeners:
                continue
            try:
                listener(state)
            except Exception as error:  # noqa: BLE001 - its fault must not keep others from knowing
                asyncio.get_running_loop().call_exception_handler(
                    {"message": "A listener of the state failed", "exception": error}
                )
