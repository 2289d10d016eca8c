"""What a demo that plays by itself is made of: immutable beats, each a caption and what is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from ava_setup.onboarding.steps import StepId
    from ava_setup.words import Text


@dataclass(frozen=True, slots=True)
class Press:
    """Press keys, one after another, as Textual names them."""

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Write:
    """Type words, letter by letter, in the language on screen."""

    words: Text


@dataclass(frozen=True, slots=True)
class Paste:
    """Paste what F2 would fill in, by field id: a key or a token that nobody types."""

    answer: str


@dataclass(frozen=True, slots=True)
class Rest:
    """Leave time to look, in seconds of the script."""

    seconds: float


@dataclass(frozen=True, slots=True)
class AwaitStep:
    """Wait until a step is on screen and nothing is under way on it."""

    step: StepId


@dataclass(frozen=True, slots=True)
class AwaitFocus:
    """Wait until the focus is on what has this id."""

    where: str


@dataclass(frozen=True, slots=True)
class AwaitQuestion:
    """Wait until a question, or another page over a step, is on screen.

    Attributes:
        screen_id: The page's.
    """

    screen_id: str


@dataclass(frozen=True, slots=True)
class AwaitCaller:
    """Wait until the simulated caller has heard all there is to hear."""

    answered: bool


@dataclass(frozen=True, slots=True)
class AwaitDoctor:
    """Wait until the doctor has looked at everything, and says whether callers hear Ava."""

    good: bool


@dataclass(frozen=True, slots=True)
class AwaitFirstCall:
    """Wait until the first call was seen to be answered, and all that Vapi tells of it is here."""


Await: TypeAlias = (
    AwaitStep | AwaitFocus | AwaitQuestion | AwaitCaller | AwaitDoctor | AwaitFirstCall
)
Act: TypeAlias = Press | Write | Paste | Rest | Await


@dataclass(frozen=True, slots=True)
class Beat:
    """One thing said, and what is done meanwhile.

    Attributes:
        caption: What happens, and why.
        acts: What is done, in order, once that can have been read.
    """

    caption: Text
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """Beats on one world.

    Attributes:
        title: What it is about.
        scenario: What its sandbox starts from.
        beats: In order; the first one finds the welcome on screen.
    """

    title: Text
    scenario: str
    beats: tuple[Beat, ...]
