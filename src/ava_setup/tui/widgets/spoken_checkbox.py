"""A checkbox in the language of the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Checkbox

from ava_setup.tui.textual_defects import plain
from ava_setup.tui.widgets.spoken import say

if TYPE_CHECKING:
    from ava_setup.words import Text


class SpokenCheckbox(Checkbox):
    """A checkbox whose label follows the language; Enter moves on, Space ticks."""

    BINDINGS = [("enter", "screen.move_on")]

    def __init__(
        self,
        text: Text,
        *,
        value: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's own name
    ) -> None:
        super().__init__("", value=value, id=id, compact=True)
        self.sentence = text

    @property
    def _button(self) -> Content:
        # Textual tells ticked from not by colour alone.
        tick = "[✓]" if self.value else "[ ]"
        return Content.styled(tick, self.get_visual_style("toggle--button"))

    def on_mount(self) -> None:
        """Speak as soon as there is an app to ask."""
        self.speak()

    def speak(self) -> None:
        """Put the label on screen anew."""
        self.label = plain(say(self, self.sentence))
