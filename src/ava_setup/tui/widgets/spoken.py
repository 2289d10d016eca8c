"""Words on screen that change with the language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast, runtime_checkable

from ava_setup.tui.textual_defects import CompactButton, PlainText, plain
from ava_setup.words import NOTHING, Text

if TYPE_CHECKING:
    from textual.widget import Widget

    from ava_setup.words import Voice


@runtime_checkable
class Speaks(Protocol):
    """A widget or screen with words of ours on it."""

    def speak(self) -> None:
        """Put the words on screen anew, in the app's language."""
        ...


class _Spoken(Protocol):
    """What can put sentences into words: the app."""

    @property
    def voice(self) -> Voice: ...


def say(widget: Widget, text: Text) -> str:
    """Put a sentence into words of the app's language."""
    return cast("_Spoken", widget.app).voice(text)


class Line(PlainText):
    """A sentence of ours; an empty one takes no room when it has the class `fades`."""

    def __init__(
        self,
        text: Text = NOTHING,
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name
        classes: str | None = None,
    ) -> None:
        super().__init__("", id=id, classes=classes)
        self.sentence = text

    def on_mount(self) -> None:
        """Speak as soon as there is an app to ask."""
        self.speak()

    def tell(self, text: Text) -> None:
        """Say something else."""
        if text != self.sentence:
            self.sentence = text
            if self.is_attached:
                self.speak()

    def speak(self) -> None:
        """Put the words on screen anew."""
        self.set_class(not self.sentence, "-empty")
        self.update(say(self, self.sentence))


class SpokenButton(CompactButton):
    """A button whose label follows the language."""

    def __init__(
        self,
        text: Text,
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.sentence = text

    def on_mount(self) -> None:
        """Speak as soon as there is an app to ask."""
        self.speak()

    def tell(self, text: Text) -> None:
        """Change the label."""
        if text != self.sentence:
            self.sentence = text
            if self.is_attached:
                self.speak()

    def speak(self) -> None:
        """Put the label on screen anew, as wide as it is in this language."""
        self.label = plain(say(self, self.sentence))
        self.refresh(layout=True)
