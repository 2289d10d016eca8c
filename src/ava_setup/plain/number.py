"""The number as a question: picked in a numbered list, or typed as one would dial it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.front.account import found
from ava_setup.front.beside import beside
from ava_setup.front.number_words import NO_NUMBER, NO_VOICE, change_of
from ava_setup.onboarding.choosing import meant, most_sensible, narrowed
from ava_setup.onboarding.errors import FieldProblem
from ava_setup.onboarding.number import spaced
from ava_setup.plain.signs import Back
from ava_setup.words import NOTHING, Text, _, verbatim

if TYPE_CHECKING:
    from ava_setup.onboarding.number import TwilioNumber
    from ava_setup.plain.scene import Scene

# More than these are too many to listen to.
_FEW = 12
_AGAIN, _BACK = "again", "back"


async def ask_number(scene: Scene) -> None:
    """Have a number of the account chosen.

    Raises:
        Back: `<` was typed.
    """
    if scene.state.live.numbers is None:
        await scene.attempt(scene.setup.list_numbers)
    if scene.state.live.account is not None:
        scene.talk.say(found(scene.state.live.account, scene.state.live.numbers))
    while not scene.state.live.numbers:
        await _wait_for_one(scene)
    number = await _Picking(scene, scene.state.live.numbers).pick()
    await scene.attempt(lambda: scene.setup.choose_number(number))
    _say_change(scene, number)


async def _wait_for_one(scene: Scene) -> None:
    """Say where a number is bought, and look again when asked to."""
    scene.talk.say(NO_NUMBER)
    options = [(_AGAIN, _("Look again")), (_BACK, _("Back"))]
    if await scene.talk.choose(_("What now"), options) == _BACK:
        raise Back
    await scene.attempt(scene.setup.list_numbers)


def _say_change(scene: Scene, number: TwilioNumber) -> None:
    scene.talk.say(change_of(number))
    profile = scene.state.saved.profile
    said = beside(profile.fallback_number, profile.webhook_url) if profile else NOTHING
    if said:
        scene.talk.say(said)


class _Picking:
    """The list as it is narrowed by what is typed."""

    def __init__(self, scene: Scene, numbers: tuple[TwilioNumber, ...]) -> None:
        self._scene = scene
        self._numbers = numbers
        self._shown = numbers

    async def pick(self) -> TwilioNumber:
        """Ask until one number is meant that Ava can answer."""
        talk = self._scene.talk
        while True:
            chosen = self._scene.state.saved.number
            usual = most_sensible(self._shown, chosen.sid if chosen else "")
            self._say_list()
            typed = await talk.line(
                _("Number in the list, or a telephone number [{usual}]", usual=self._place(usual)),
                field_id="number-search",
            )
            number = self._meant(typed.strip(), usual)
            if number is not None and self._can_answer(number):
                return number

    def _say_list(self) -> None:
        talk, count = self._scene.talk, len(self._shown)
        listed = self._shown[:_FEW]
        for place, number in enumerate(listed, 1):
            talk.say_beside(f"  {place}. ", _row(number))
        if count > _FEW:
            talk.say(
                _(
                    "{count} more: type some digits of yours, or its name.",
                    count=count - len(listed),
                )
            )

    def _place(self, usual: TwilioNumber | None) -> str | int:
        if usual is None:
            return ""
        place = self._shown.index(usual) + 1
        return place if place <= _FEW else spaced(usual.number)

    def _meant(self, typed: str, usual: TwilioNumber | None) -> TwilioNumber | None:
        """Find what is meant; None leaves a list to pick from, or says what is wrong."""
        if not typed:
            return usual
        if typed.isdecimal() and 1 <= int(typed) <= len(self._shown[:_FEW]):
            return self._shown[int(typed) - 1]
        try:
            number = meant(typed, self._numbers, None)
        except FieldProblem as problem:
            self._scene.talk.say(problem.text)
            self._shown = self._numbers
            return None
        self._shown = narrowed(self._numbers, typed) or self._numbers
        return number

    def _can_answer(self, number: TwilioNumber) -> bool:
        """Whether Ava can answer a number; says why not."""
        profile, talk = self._scene.state.saved.profile, self._scene.talk
        if not number.can_be_called:
            talk.say(NO_VOICE)
            return False
        if profile is not None and profile.fallback_number == number.number:
            talk.say(_("This one rings when Ava cannot answer: pick another, or go back."))
            return False
        return True


def _row(number: TwilioNumber) -> Text:
    if not number.can_be_called:
        return _("{number}, takes no voice calls", number=spaced(number.number))
    called = number.label not in {"", number.number, spaced(number.number)}
    row = _(
        "{number}, calls go to {today} today",
        number=spaced(number.number),
        today=number.target.words,
    )
    if not called:
        return row
    return _("{row}, called {label}", row=row, label=verbatim(number.label))
