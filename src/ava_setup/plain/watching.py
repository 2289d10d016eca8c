"""Saying what goes on while nobody types: what is waited for, and calls that came."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from ava_setup.words import NOTHING, _

if TYPE_CHECKING:
    from ava_setup.onboarding.listening import StrayCall
    from ava_setup.onboarding.ports import Store
    from ava_setup.onboarding.state import State
    from ava_setup.plain.prompts import Prompts
    from ava_setup.words import Text

# What is over sooner needs no words.
AT_ONCE_S = 0.1


class Watch:
    """Listens to the state, and says each activity once when it takes its time.

    Args:
        at_once_s: Seconds after which something is worth a line.
    """

    def __init__(self, talk: Prompts, store: Store, *, at_once_s: float = AT_ONCE_S) -> None:
        self._talk = talk
        self._at_once_s = at_once_s
        self._activity = NOTHING
        self._stray: StrayCall | None = None
        self._soon: asyncio.TimerHandle | None = None
        self._end = store.subscribe(self._heed)

    def close(self) -> None:
        """Listen no longer."""
        self._end()
        self._hush()

    def _heed(self, state: State) -> None:
        live = state.live
        if live.activity != self._activity:
            self._activity = live.activity
            self._hush()
            if live.activity:
                loop = asyncio.get_running_loop()
                self._soon = loop.call_later(self._at_once_s, self._say, live.activity)
        if live.stray is not None and live.stray != self._stray:
            self._talk.say(live.stray.words)
            self._talk.say(_("To find out why, type !doctor."))
        self._stray = live.stray

    def _say(self, activity: Text) -> None:
        self._talk.say(activity)

    def _hush(self) -> None:
        if self._soon is not None:
            self._soon.cancel()
            self._soon = None
