"""`ava-setup undo`: shows what would be taken back, asks, and takes it back."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ava_setup.conversation import Conversation
from ava_setup.onboarding import chronicle
from ava_setup.onboarding.number import read_number
from ava_setup.onboarding.surrounding_keys import REGIONS, surrounding_keys
from ava_setup.plain.taking_back import NOTHING_DONE, take_back
from ava_setup.store.places import DEFAULT_PROFILE, Places, line_name
from ava_setup.wiring import open_world
from ava_setup.words import Voice, _

if TYPE_CHECKING:
    from ava_setup.onboarding.setup import Setup


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
            talk.say(NOTHING_DONE)
            return 0
        world = open_world(os.environ, places, profile=name, keep_secrets=number is None)
        try:
            if world.problem is not None:
                talk.complain(world.problem)
            await world.setup.open()
            if number is not None:
                await _take_keys_of_the_environment(world.setup)
            await take_back(talk, world.setup.undoer)
        except Exception as error:
            chronicle.failure(error)
            raise
        finally:
            await world.aclose()
        return 0

    return talk.hold(converse, _STOPPED)


async def _take_keys_of_the_environment(setup: Setup) -> None:
    """Open the vendors' doors for a line without a set-up, of which no key is kept."""
    keys = surrounding_keys(os.environ)
    if keys.vapi is not None:
        await setup.connect(keys.vapi)
    if keys.twilio is not None:
        await setup.check_twilio(keys.twilio)


_STOPPED = _("Stopped. What is undone stays undone; start it again to carry on.")
