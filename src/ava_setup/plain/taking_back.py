"""Undoing as lines: what it means is said, asked about, and carried out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.words import _

if TYPE_CHECKING:
    from ava_setup.conversation import Conversation
    from ava_setup.onboarding.undo_steps import Step
    from ava_setup.onboarding.undoer import Undoer

NOTHING_DONE = _("Nothing was made or changed for this business: there is nothing to undo.")


async def take_back(talk: Conversation, undoer: Undoer) -> bool:
    """Undo what was done at both vendors, after a yes; tells whether anything was.

    Raises:
        SetupError: A vendor could not be asked; what is undone stays undone.
    """
    if not undoer.has_something:
        talk.say(NOTHING_DONE)
        return False
    talk.say(_("Reading Vapi and Twilio…"))
    plan = await undoer.plan()
    for text in plan.left:
        talk.say_beside("  - ", text)
    if not plan.steps:
        await undoer.carry_out(plan)
        talk.say(_("Nothing is left to undo."))
        return True
    talk.say(_("Undoing will:"))
    for step in plan.steps:
        talk.say_beside("  • ", step.words)
    if not await talk.agrees(_("Undo this now?")):
        talk.say(_("Nothing has been changed."))
        return False

    def done(step: Step) -> None:
        talk.say_beside("  ✓ ", step.words)

    left = await undoer.carry_out(plan, done)
    for text in left:
        if text not in plan.left:
            talk.say_beside("  - ", text)
    talk.say(_("Undone. The number can be linked again at any time."))
    return True
