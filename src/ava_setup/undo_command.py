"""`ava-setup undo`: shows what would be taken back, asks, and takes it back."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ava_setup.conversation import Conversation
from ava_setup.onboarding import chronicle
from ava_setup.onboarding.number import read_number
from ava_setup.onboarding.surrounding_keys import REGIONS, surrounding_keys
from ava_setup.store.places import DEFAULT_PROFILE, Places, line_name
from ava_setup.wiring import open_world
from ava_setup.words import Text, Voice, _

if TYPE_CHECKING:
    from ava_setup.onboarding.setup import Setup
    from ava_setup.onboarding.undo_steps import Step
    from ava_setup.onboarding.undoer import Undoer


def undo(profile: str | None, voice: Voice, *, yes: bool, number: str | None = None) -> int:
    """Undo a profile's set-up at both vendors.

    Args:
        profile: Its name, or None for the default one.
        voice: The language.
        yes: Whether to go ahead without asking.
        number: As typed, of a line without a set-up that the doctor mended; or None.

    Returns:
        The exit code: 0 when it was undone, or not wanted; 1 when something failed.
    """
    talk = Conversation(voice, yes=yes)

    async def converse() -> int:
        places, name = Places.from_environment(), profile or DEFAULT_PROFILE
        if number is not None:
            places, name = places.lines(), line_name(read_number(number, REGIONS)[0])
        # A business that was never set up gets no folder by being undone.
        if not places.profile(name).state.exists():
            talk.say(_NOTHING_DONE)
            return 0
        world = open_world(os.environ, places, profile=name, keep_secrets=number is None)
        try:
            if world.problem is not None:
                talk.complain(world.problem)
            await world.setup.open()
            if number is not None:
                await _take_keys_of_the_environment(world.setup)
            return await _undo(talk, world.setup.undoer)
        except Exception as error:
            chronicle.failure(error)
            raise
        finally:
            await world.aclose()

    return talk.hold(converse, _STOPPED)


async def _take_keys_of_the_environment(setup: Setup) -> None:
    """Open the vendors' doors for a line without a set-up, of which no key is kept."""
    keys = surrounding_keys(os.environ)
    if keys.vapi is not None:
        await setup.connect(keys.vapi)
    if keys.twilio is not None:
        await setup.check_twilio(keys.twilio)


async def _undo(talk: Conversation, undoer: Undoer) -> int:
    if not undoer.has_something:
        talk.say(_NOTHING_DONE)
        return 0
    talk.say(_("Reading Vapi and Twilio…"))
    plan = await undoer.plan()
    for text in plan.left:
        talk.say(_line("-", text))
    if not plan.steps:
        await undoer.carry_out(plan)
        talk.say(_("Nothing is left to undo."))
        return 0
    talk.say(_("Undoing will:"))
    for step in plan.steps:
        talk.say(_line("•", step.words))
    if not talk.agrees(_("Undo this now?")):
        talk.say(_("Nothing has been changed."))
        return 0

    def done(step: Step) -> None:
        talk.say(_line("✓", step.words))

    left = await undoer.carry_out(plan, done)
    for text in left:
        if text not in plan.left:
            talk.say(_line("-", text))
    talk.say(_("Undone. The number can be linked again at any time."))
    return 0


def _line(mark: str, text: Text) -> Text:
    return Text("  {mark} {text}", (("mark", mark), ("text", text)))


_NOTHING_DONE = _("Nothing was made or changed for this business: there is nothing to undo.")
_STOPPED = _("Stopped. What is undone stays undone; start it again to carry on.")
