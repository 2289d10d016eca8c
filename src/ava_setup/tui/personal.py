"""An app that looks and speaks as the person in front of it prefers."""

from __future__ import annotations

import asyncio
import os
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from textual.binding import Binding

from ava_setup.tui.helpful import HelpfulApp
from ava_setup.tui.looks import LOOK_NAMES, Look
from ava_setup.tui.textual_defects import background
from ava_setup.tui.themes import PALETTES, theme_of
from ava_setup.tui.widgets.spoken import Speaks
from ava_setup.words import Text, Voice, _

if TYPE_CHECKING:
    from ava_setup.words import Language

_STILL = "AVA_SETUP_REDUCED_MOTION"


class KeepsPreferences(Protocol):
    """Remembers what a person prefers, on this computer."""

    def keep(self, *, language: str | None = None, theme: str | None = None) -> None:
        """Remember what is given. Blocks; not for the event loop.

        Raises:
            SetupError: It could not be written.
        """
        ...


class PersonalApp(HelpfulApp):
    """The base of the wizard.

    Args:
        language: To start in.
        look: The theme to start with; NO_COLOR overrules it.
        preferences: Remembers what is chosen, or None.
    """

    BINDINGS = [Binding("ctrl+t", "next_look", show=False, priority=True)]

    def __init__(
        self, language: Language, look: Look, preferences: KeepsPreferences | None
    ) -> None:
        super().__init__()
        for name, palette in PALETTES.items():
            self.register_theme(theme_of(name, palette))
        self.theme = look.value
        # Known before anything is parsed: else all of it is parsed again.
        self.stylesheet.set_variables(self.get_css_variables())
        if os.environ.get(_STILL, "0") != "0":
            self.animation_level = "none"
        self.voice = Voice(language)
        self._preferences = preferences
        self._chosen: dict[str, str] = {}
        self._keeping = Lock()

    def validate_theme(self, theme: str) -> str:
        """Keep to the terminal's own colours when NO_COLOR asks for none."""
        is_ours = Look.ANSI.value in self.available_themes
        return Look.ANSI.value if self.no_color and is_ours else super().validate_theme(theme)

    def toast(self, text: Text) -> None:
        """Say something in passing."""
        raise NotImplementedError

    @property
    def keeps_nothing(self) -> bool:
        """Whether what is chosen now is forgotten at the end."""
        raise NotImplementedError

    def action_next_look(self) -> None:
        """Draw everything in the next theme."""
        self.action_look(Look(self.theme).following.value)

    def action_look(self, name: str) -> None:
        """Draw everything in a theme.

        Args:
            name: The theme's.
        """
        self.theme = name
        if self.theme != name:
            self.toast(_("NO_COLOR is set: the terminal's own colours stay."))
            return
        self.toast(_("Theme: {name}. Ctrl+T shows the next.", name=LOOK_NAMES[Look(name)]))
        self._keep(theme=name)

    def action_switch_language(self) -> None:
        """Speak the other language, everywhere, at once; nothing typed is touched."""
        self.voice = Voice(self.voice.language.other)
        for screen in self.screen_stack:
            for widget in screen.walk_children(with_self=True):
                if isinstance(widget, Speaks):
                    widget.speak()
        self._keep(language=self.voice.language.value)

    def _keep(self, **chosen: str) -> None:
        if not self.keeps_nothing:
            self._chosen |= chosen
            self._keep_all_chosen()

    @background("preferences")
    async def _keep_all_chosen(self) -> None:
        await asyncio.to_thread(self._keep_now)

    def _keep_now(self) -> None:
        # All of it, each time: the choice before may have been cut short by this one.
        with self._keeping:
            if self._preferences is not None:
                self._preferences.keep(
                    language=self._chosen.get("language"), theme=self._chosen.get("theme")
                )
