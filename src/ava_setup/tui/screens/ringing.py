"""A step from which Ava can ring a telephone herself: the question, the call, what became of it."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.widgets import Button

from ava_setup.front.proof_words import UNSEEN, placed
from ava_setup.onboarding.errors import VendorError
from ava_setup.tui.screens.ring import RingScreen
from ava_setup.tui.screens.step import StepScreen
from ava_setup.words import NOTHING

if TYPE_CHECKING:
    from ava_setup.words import Text


class RingingScreen(StepScreen):
    """Asks before it rings, rings once, and keeps what is known of that call as `own_call`."""

    def __init__(self) -> None:
        super().__init__()
        self.own_call: Text = NOTHING

    @on(Button.Pressed, "#ring")
    def _ring_pressed(self) -> None:
        profile, linked = self.state.saved.profile, self.state.saved.linked
        if linked is not None and not self._busy:
            offered = profile.fallback_number if profile else ""
            warning = UNSEEN if self.own_call == UNSEEN else NOTHING
            self.app.push_screen(RingScreen(linked.number, offered, warning), self._agreed_to_ring)

    def _agreed_to_ring(self, callee: str | None) -> None:
        if callee is not None:
            self.attempt(partial(self._have_ring, callee))

    async def _have_ring(self, callee: str) -> None:
        """Have a telephone rung, once; what nobody saw the end of is not tried again."""
        try:
            await self.setup.ring(callee)
            self.own_call = placed(callee)
        except VendorError as error:
            self.own_call = UNSEEN if error.may_have_acted else NOTHING
            if not error.may_have_acted:
                raise
        except asyncio.CancelledError:
            self.own_call = UNSEEN
            raise
        finally:
            self.call_later(self.show_state, self.state)
