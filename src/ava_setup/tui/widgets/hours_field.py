"""The opening hours: typed as on the door, and shown back below as they are understood."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual import on
from textual.widgets import Input

from ava_setup.front.hours_note import hours_note, is_slip
from ava_setup.onboarding.profile import read_hours
from ava_setup.tui.widgets.field import Field
from ava_setup.words import Text, _

if TYPE_CHECKING:
    from ava_setup.tui.world import Wizard


class HoursField(Field[str]):
    """A field whose message follows what is typed.

    Args:
        value: What stands in it at first.
    """

    # Hours that differ from day to day take some lines to be shown back.
    ROWS = (2, 4)

    def __init__(self, value: str) -> None:
        super().__init__(
            "opening-hours",
            _("Opening hours"),
            read=read_hours,
            value=value,
            hint=_("The way you write them on the door."),
        )

    def on_mount(self) -> None:
        """Show how the first value is understood."""
        self.speak()

    def speak(self) -> None:
        """Show it anew, in the app's language."""
        if not self.is_wrong:
            self.relieve(self.remark)
        super().speak()

    @property
    def remark(self) -> Text:
        """How the hours are understood."""
        return hours_note(self.entry.value, cast("Wizard", self.app).voice.language)

    def has_news(self) -> bool:
        """Whether they cannot be meant, and nobody has said so yet."""
        return super().has_news() and is_slip(self.entry.value)

    @on(Input.Changed)
    def _show_back(self) -> None:
        self.relieve(self.remark)
