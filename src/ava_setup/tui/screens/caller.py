"""A demo's caller rings the number: what is heard at the other end, as it is heard."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual import on
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widgets import Button

from ava_setup.onboarding.number import spaced
from ava_setup.tui.textual_defects import SteadyModal, background
from ava_setup.tui.widgets.spoken import Line, SpokenButton
from ava_setup.words import Text, _

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from ava_setup.front.worlds import Demo, Overheard
    from ava_setup.tui.world import Wizard

# Seconds, as on the telephone.
_DIALLING, _RINGING, _A_WORD = 0.8, 1.6, 0.3


class CallerScreen(SteadyModal[None]):
    """Places one call at the sandbox, and shows what is heard word by word.

    Args:
        demo: Whose caller rings.
        number: The number to ring, E.164.

    Attributes:
        heard: What was heard, once all of it was; None before.
    """

    CSS_PATH = ["question.tcss", "caller.tcss"]
    AUTO_FOCUS = "#close"
    BINDINGS = [
        Binding("escape", "close", show=False),
        Binding("ctrl+l", "app.switch_language", show=False, priority=True),
    ]

    def __init__(self, demo: Demo, number: str) -> None:
        super().__init__(name="caller")
        self._demo = demo
        self._number = number
        self.heard: Overheard | None = None

    def compose(self) -> ComposeResult:
        """Lay out the telephone."""
        with Vertical(classes="question"):
            yield Line(
                _(
                    "{caller} rings {number}",
                    caller=spaced(self._demo.caller),
                    number=spaced(self._number),
                ),
                classes="purpose",
            )
            yield Line(_("Dialling…"), id="stage")
            yield Line(id="words")
            yield Line(id="outcome")
            yield Line(SIMULATED, classes="aside")
            with Horizontal(classes="page-buttons"):
                yield SpokenButton(_("Hang up"), id="close", classes="primary")

    def on_mount(self) -> None:
        """Dial."""
        self._call()

    @background("call")
    async def _call(self) -> None:
        tempo = cast("Wizard", self.app).tempo
        await tempo.rest(_DIALLING)
        self.query_one("#stage", Line).tell(_("It rings…"))
        heard = await self._demo.ring(self._number)
        await tempo.rest(_RINGING)
        self.query_one("#stage", Line).tell(_("The caller hears:"))
        said = heard.words.split()
        for spoken in range(1, len(said) + 1):
            self._hear(_("“{words}”", words=" ".join(said[:spoken])), heard)
            await tempo.rest(_A_WORD)
        if not said:
            self._hear(_("nothing"), heard)
        outcome = _ANSWERED if heard.answered else _NOT_ANSWERED
        self.query_one("#outcome", Line).tell(outcome)
        self.query_one("#outcome").set_class(heard.answered, "-answered")
        self.query_one("#close", SpokenButton).tell(_("Close"))
        self.heard = heard

    def _hear(self, words: Text, heard: Overheard) -> None:
        line = self.query_one("#words", Line)
        line.set_class(heard.answered, "-answered")
        line.tell(words)

    @on(Button.Pressed, "#close")
    def action_close(self) -> None:
        """Hang up."""
        self.dismiss()


SIMULATED = _("A simulated caller: no telephone rings.")
_ANSWERED = _("✓ Ava has answered.")
_NOT_ANSWERED = _("✗ Ava has not answered: this caller gives up, and rings somebody else.")
