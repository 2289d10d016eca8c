"""Draws what is on screen, once it is what it should be and nothing moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Input, TextArea

from ava_setup.tui.widgets.activity import Activity
from tests.gallery.frame import lasting

if TYPE_CHECKING:
    from collections.abc import Callable

    from ava_setup.tui.looks import Look
    from tests.gallery.frame import Frame
    from tests.journey.wizard import Wizard


class Camera:
    """Keeps the pictures of one run, by file name."""

    def __init__(self, wizard: Wizard, frame: Frame) -> None:
        self._wizard = wizard
        self._frame = frame
        self.taken: dict[str, str] = {}

    async def take(
        self,
        subject: str,
        screen: str,
        holds: Callable[[], object] = lambda: True,
        *,
        look: Look | None = None,
    ) -> None:
        """Draw a screen.

        Args:
            subject: What the picture is called.
            screen: The id of the screen that must be there.
            holds: What must be true of it.
            look: The theme, if not that of the run.

        Raises:
            AssertionError: It is another screen, or it does not hold.
        """
        app = self._wizard.app
        await self._wizard.on(screen)
        await self._wizard.until(holds, f"what {subject} shows")
        app.theme = (look or self._frame.look).value
        await self._stand_still()
        self.taken[self._frame.file(subject, look)] = lasting(app.export_screenshot())
        app.theme = self._frame.look.value

    async def _stand_still(self) -> None:
        screen = self._wizard.app.screen
        for entry in (*screen.query(Input), *screen.query(TextArea)):
            entry.cursor_blink = False
        await self._wizard.until(self._nothing_moves, "rest")
        await self._wizard.pilot.pause()

    def _nothing_moves(self) -> bool:
        screens = self._wizard.app.screen_stack
        pressed = any(screen.query("Button.-active") for screen in screens)
        # What lies below a question waits for its answer.
        told = self._wizard.app.screen.query(Activity)
        return not pressed and not any(line._pace.shown or line._pace.going_on for line in told)
