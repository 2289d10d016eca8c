"""Signs that are typed instead of an answer, and what they lead to."""

from __future__ import annotations

from enum import Enum

from ava_setup.words import Language, _

BACK, HELP, LEAVE, FILL, EMPTY = "<", "?", "!", "*", "-"
LANGUAGES = {"!fr": Language.FR, "!en": Language.EN}

# Signs are named, too: many a screen reader says none.
HOW_TO_ANSWER = (
    _("At every question, Enter takes what stands in brackets."),
    _("A question mark, ?, explains."),
    _("A less-than sign, <, goes back."),
    _("An exclamation mark, !, leaves and keeps everything."),
)
MORE_ANSWERS = (
    _("!undo takes back what was made or changed."),
    _("!doctor looks at the whole line."),
    _("!fr and !en change the language."),
)
FILLS = _("In this demo, an asterisk, *, fills the answer in.")


class Back(Exception):
    """The question before is wanted."""


class Leave(Exception):
    """The person leaves; everything is kept."""


class Ended(Exception):
    """There are no more lines to read."""


class Aside(Enum):
    """What can be done at any question, instead of answering it."""

    UNDO = "undo"
    DOCTOR = "doctor"


class Wanted(Exception):
    """Something else is to be done first."""

    def __init__(self, aside: Aside) -> None:
        super().__init__(aside.value)
        self.aside = aside


ASIDES = {
    "!undo": Aside.UNDO,
    "!défaire": Aside.UNDO,
    "!defaire": Aside.UNDO,
    "!doctor": Aside.DOCTOR,
    "!diagnostic": Aside.DOCTOR,
}
