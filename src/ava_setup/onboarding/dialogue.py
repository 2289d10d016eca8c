"""A short example of a call, for the owner to read before any caller hears it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from string import Template
from typing import TYPE_CHECKING

from ava_setup.onboarding.composing import first_words, wording
from ava_setup.words import Text, _

if TYPE_CHECKING:
    from ava_setup.onboarding.profile import Profile


_NO_BREAK = "\u00a0"
# What stays on one line: a sign with the word before it, and the groups of a number.
_TOGETHER = re.compile(r" (?=[:;?!»])|(?<=«) |(?<=[0-9]) (?=[0-9])")


class Speaker(Enum):
    """Who speaks, by the name that the owner reads."""

    AVA = _("Ava")
    CALLER = _("Caller")

    @property
    def label(self) -> Text:
        """The name, in the owner's language once it is said."""
        return self.value


@dataclass(frozen=True, slots=True)
class Turn:
    """What one of the two says.

    Attributes:
        speaker: Who says it.
        words: What is said, in the callers' language, with no line to break before a sign.
    """

    speaker: Speaker
    words: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", _TOGETHER.sub(_NO_BREAK, self.words))


def dialogue(profile: Profile, greeting: str, *, recorded: bool) -> tuple[Turn, ...]:
    """Write a call as it would go for this business.

    Args:
        profile: The business: its trade gives what is asked, its callers the language.
        greeting: The first words, ready-made or the owner's own.
        recorded: Whether calls are recorded, which callers are then told.

    Returns:
        Six turns, Ava's first; she reads the number back and sums up before the end.
    """
    words = wording(profile)

    def said(key: str) -> str:
        return Template(words[key]).substitute(words)

    read_back = Template(words["read_back"]).substitute(
        caller_name=words["caller_name"],
        # One group at a time, as a voice pauses.
        number_read=words["caller_number"].replace(" ", ", "),
        noted=said("noted"),
    )
    return (
        Turn(Speaker.AVA, first_words(greeting, profile.callers_language, recorded=recorded)),
        Turn(Speaker.CALLER, said("caller_asks")),
        Turn(Speaker.AVA, said("ava_asks")),
        Turn(Speaker.CALLER, f"{said('caller_answers')} {said('caller_gives')}"),
        Turn(Speaker.AVA, read_back),
        Turn(Speaker.CALLER, said("caller_agrees")),
    )
