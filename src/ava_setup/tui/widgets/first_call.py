"""The first call, live: that it is awaited, who was answered, how long, what was said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical

from ava_setup.front.proof_words import WAITING, how_it_went, how_long, what_was_said
from ava_setup.onboarding.checks import all_passed
from ava_setup.tui.textual_defects import PlainText
from ava_setup.tui.widgets.spoken import Line, say
from ava_setup.words import NOTHING

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from ava_setup.onboarding.state import State
    from ava_setup.words import Text


class FirstCall(Vertical):
    """What is known of the first call; nothing while nobody is invited to ring."""

    def __init__(self) -> None:
        super().__init__(id="first-call")

    def compose(self) -> ComposeResult:
        """Lay the lines out, empty."""
        yield Line(id="status")
        yield Line(id="length")

    def show(self, state: State) -> None:
        """Show what is known now."""
        answered, followed = state.saved.answered, state.proving_call
        status = self.query_one("#status", Line)
        status.set_class(answered is not None, "-answered")
        if answered is not None:
            profile = state.saved.profile
            status.tell(how_it_went(answered, profile.time_zone if profile else "UTC"))
        else:
            status.tell(WAITING if all_passed(state.live.checks) else NOTHING)
        self.query_one("#length", Line).tell(how_long(followed) if followed else NOTHING)


class Said(PlainText):
    """What was said in the first call, once it is known."""

    def __init__(self) -> None:
        super().__init__("", id="said")
        self._sentences: tuple[Text, ...] = ()

    def on_mount(self) -> None:
        """Take no room while there is nothing to say."""
        self.speak()

    def show(self, state: State) -> None:
        """Show what is known now."""
        followed = state.proving_call
        sentences = what_was_said(followed) if followed else ()
        if sentences != self._sentences:
            self._sentences = sentences
            self.speak()

    def speak(self) -> None:
        """Put the words on screen anew."""
        self.display = bool(self._sentences)
        self.update("\n".join(say(self, sentence) for sentence in self._sentences))
