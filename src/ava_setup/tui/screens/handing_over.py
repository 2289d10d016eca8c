"""A step from which a line can be handed over: the question, and where the sheet lies."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.widgets import Button

from ava_setup.tui.screens.handover import HandoverScreen
from ava_setup.tui.screens.ringing import RingingScreen
from ava_setup.words import NOTHING, _

if TYPE_CHECKING:
    from ava_setup.words import Text


class HandingOverScreen(RingingScreen):
    """Asks where to, writes the hand-over sheet, and keeps where it lies as `sheet`."""

    def __init__(self) -> None:
        super().__init__()
        self.sheet: Text = NOTHING

    @on(Button.Pressed, "#handover")
    def _handover_pressed(self) -> None:
        self.action_handover()

    def action_handover(self) -> None:
        """Ask where the hand-over sheet is to be written."""
        world = self.wizard.world
        if world is not None and self.state.saved.linked is not None and not self._busy:
            self.app.push_screen(HandoverScreen(world.handover_file()), self._agreed_to_hand_over)

    def _agreed_to_hand_over(self, file: str | None) -> None:
        if file is not None:
            self.attempt(partial(self._hand_over, file))

    async def _hand_over(self, file: str) -> None:
        world = await self.wizard.open()
        page, *_twin = await world.hand_over(self.wizard.voice, file)
        self.sheet = _("Written: {page}, and beside it the same in Markdown.", page=page)
        self.show_state(self.state)
        self.call_after_refresh(self.query_one("#sheet").scroll_visible)
