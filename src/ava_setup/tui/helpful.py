"""An app that can be asked, at any moment: F1 explains, Ctrl+P finds what can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.binding import Binding

from ava_setup.tui.textual_defects import SteadyApp

if TYPE_CHECKING:
    from ava_setup.tui.commands import Command
    from ava_setup.tui.screens.framed import FramedScreen
    from ava_setup.tui.world import Wizard


class HelpfulApp(SteadyApp[None]):
    """The base of the wizard; its own questions answer to the same two keys."""

    BINDINGS = [
        Binding("f1", "help", show=False, priority=True),
        Binding("ctrl+p", "palette", show=False, priority=True),
    ]

    @property
    def step_screen(self) -> FramedScreen:
        """The step on screen, or what lies over it, under whatever question is asked."""
        raise NotImplementedError

    def action_help(self) -> None:
        """Explain the field that has the focus, or else the page; on the help, close it."""
        from ava_setup.onboarding.guidance_pages import PAGES  # noqa: PLC0415 - when asked for
        from ava_setup.tui.screens.help import HelpScreen, explained  # noqa: PLC0415 - same

        if isinstance(self.screen, HelpScreen):
            self.screen.dismiss()
            return
        of_field = explained(self.focused)
        if of_field is not None:
            self.push_screen(HelpScreen(*of_field))
        else:
            page = PAGES.get(self.screen.name or "") if self.screen.is_modal else None
            self.push_screen(HelpScreen(page or self.step_screen.topic()))

    def action_palette(self) -> None:
        """Show all that can be done here; on that list, close it."""
        from ava_setup.tui.commands import commands  # noqa: PLC0415 - when asked for
        from ava_setup.tui.screens.palette import PaletteScreen  # noqa: PLC0415 - same

        if isinstance(self.screen, PaletteScreen):
            self.screen.dismiss(None)
        else:
            found = tuple(commands(cast("Wizard", self), self.screen))
            self.push_screen(PaletteScreen(found), self._run)

    def _run(self, command: Command | None) -> None:
        if command is not None:
            command.run()
