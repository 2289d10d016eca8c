"""What can be done at any question: undoing, and having the doctor look at the line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.front.doctor_offers import offer_for
from ava_setup.onboarding.steps import first_open
from ava_setup.onboarding.verdicts import Verdict
from ava_setup.plain.findings import sentence
from ava_setup.plain.scene import Go
from ava_setup.plain.taking_back import take_back
from ava_setup.plain.visit import Treatment, say_what_to_do
from ava_setup.words import NOTHING, Text, _

if TYPE_CHECKING:
    from ava_setup.onboarding.doctor import Diagnosis, Doctor
    from ava_setup.onboarding.steps import StepId
    from ava_setup.onboarding.verdicts import CheckId
    from ava_setup.plain.prompts import Prompts
    from ava_setup.plain.scene import Scene


async def undo(scene: Scene) -> None:
    """Take back what was made or changed, after a yes.

    Raises:
        Go: To the first step that is open then.
    """
    if await scene.attempt(lambda: take_back(scene.talk, scene.setup.undoer)):
        scene.agreed = False
        # What was proven before may no longer be true.
        await scene.setup.store.update(lambda state: state.note(checks=(), result=None))
        raise Go(first_open(scene.state))


async def see_doctor(scene: Scene) -> None:
    """Have the line looked at, and mended where that is agreed to.

    Raises:
        Go: To a step that mends what was found.
    """
    if not scene.has_line:
        scene.talk.say(_("There is no line to look at yet: first choose a number."))
        return
    doctor = await scene.attempt(lambda: scene.setup.doctor(_Told(scene.talk).tell))
    try:
        diagnosis = await scene.attempt(lambda: _examine(scene, doctor))
    finally:
        await doctor.aclose()
    step_id = await _step_that_mends(scene, diagnosis)
    if step_id is not None:
        raise Go(step_id)


async def _examine(scene: Scene, doctor: Doctor) -> Diagnosis:
    talk = scene.talk
    talk.say(_("Looking at every part of the line…"))
    treatment = Treatment(talk, doctor, yes=False)
    diagnosis = await treatment.give(await doctor.examine())
    if treatment.changed:
        # What was proven before may no longer be true.
        await scene.setup.store.update(lambda state: state.note(checks=(), result=None, stray=None))
    say_what_to_do(talk, diagnosis)
    talk.say(diagnosis.hearing.sentence(diagnosis.number))
    return diagnosis


async def _step_that_mends(scene: Scene, diagnosis: Diagnosis) -> StepId | None:
    """Offer the steps that mend what was found; None when there are none, or none is wanted."""
    offers = [offer_for(check, diagnosis) for check in diagnosis.checks]
    options: list[tuple[StepId | None, Text]] = [
        (offer.step, offer.label) for offer in offers if offer.step is not None
    ]
    if not options:
        return None
    options = [(None, _("Back")), *dict.fromkeys(options)]
    return await scene.talk.choose(_("What now"), options)


class _Told:
    """Says each finding once, as it is made."""

    def __init__(self, talk: Prompts) -> None:
        self._talk = talk
        self._said: dict[CheckId, Text] = {}

    def tell(self, diagnosis: Diagnosis) -> None:
        """Say what was found since the last time."""
        for check in diagnosis.checks:
            found = NOTHING if check.verdict is Verdict.WAITING else sentence(check)
            if found and self._said.get(check.id) != found:
                self._said[check.id] = found
                self._talk.say(found)
