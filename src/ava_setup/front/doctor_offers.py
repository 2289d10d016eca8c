"""What can be done about a line of the doctor's list, and by whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ava_setup.front.remedies import REMEDIES
from ava_setup.onboarding.errors import Action
from ava_setup.onboarding.verdicts import Check, Verdict
from ava_setup.words import NOTHING, Text, _

if TYPE_CHECKING:
    from ava_setup.onboarding.doctor import Diagnosis
    from ava_setup.onboarding.mends import Mend
    from ava_setup.onboarding.steps import StepId
    from ava_setup.onboarding.verdicts import CheckId

_LOOK_AGAIN = _("Look again")
_FOLLOWS = _("This follows from another line: mend that one first.")


@dataclass(frozen=True, slots=True)
class Offer:
    """What Enter does on a line.

    Attributes:
        said: What is to be done, in a sentence.
        label: What the button does; nothing where only the owner can, elsewhere.
        mend: What we carry out, or None.
        step: The step that mends it, or None.
        looks: Whether all is looked at again.
    """

    said: Text = NOTHING
    label: Text = NOTHING
    mend: Mend | None = None
    step: StepId | None = None
    looks: bool = False


NO_OFFER = Offer()
_BAD = frozenset({Verdict.FAILED, Verdict.CANNOT_TELL})


def offer_for(check: Check, diagnosis: Diagnosis) -> Offer:
    """Say what can be done about what a check found."""
    if check.verdict not in _BAD:
        return NO_OFFER
    mend = next((mend for mended, mend in diagnosis.mends if mended.id is check.id), None)
    if mend is not None:
        said = _(
            "Can be mended: {words}. Today: {before}. Then: {after}.",
            words=mend.words,
            before=mend.before,
            after=mend.after,
        )
        return Offer(said, _("Mend this"), mend=mend)
    step, label = REMEDIES.get(check.remedy.value, (None, NOTHING))
    if step is not None:
        return Offer(check.how, label, step=step)
    if check.remedy is Action.RETRY:
        return Offer(check.how, _LOOK_AGAIN, looks=True)
    follows = check.remedy in {Action.LINK, Action.POINT}
    return Offer(check.how or (_FOLLOWS if follows else NOTHING))


def first_to_mend(diagnosis: Diagnosis) -> CheckId | None:
    """Give the line to begin with: what keeps callers from Ava, else what something can be done of.

    Many a failure only follows from another, which is then the one to mend.
    """
    decisive = diagnosis.hearing.check
    failed = [check for check in diagnosis.checks if check.verdict is Verdict.FAILED]
    failed.sort(key=lambda check: check.id is not decisive)
    return next((one.id for one in failed if offer_for(one, diagnosis).label), decisive)


def free_mends(diagnosis: Diagnosis) -> tuple[Mend, ...]:
    """Give what can be mended without asking anybody, each once."""
    return tuple(dict.fromkeys(mend for _check, mend in diagnosis.mends if mend.consent is None))
