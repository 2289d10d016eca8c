"""`ava-setup handover`: writes the sheet that goes with a line, as a page and in Markdown."""

from __future__ import annotations

import os

from ava_setup.conversation import Conversation
from ava_setup.onboarding import chronicle
from ava_setup.onboarding.errors import ErrorCode, SetupError
from ava_setup.store.places import DEFAULT_PROFILE, Places
from ava_setup.wiring import open_world
from ava_setup.words import Voice, _


def handover(profile: str | None, output: str | None, voice: Voice) -> int:
    """Write a profile's hand-over sheet, under names that nothing has yet.

    Args:
        profile: Its name, or None for the default one.
        output: The page's file, or None for one named after the business in the current folder.
        voice: The language, of the sheet too.

    Returns:
        The exit code: 0 when it was written, 1 when it could not be.
    """
    # Nothing is asked: nothing is overwritten.
    talk = Conversation(voice, yes=True)

    async def converse() -> int:
        places, name = Places.from_environment(), profile or DEFAULT_PROFILE
        # A business that was never set up gets no folder by being handed over.
        if not places.profile(name).state.exists():
            raise SetupError(ErrorCode.PROFILE_NEEDED)
        world = open_world(os.environ, places, profile=name)
        try:
            await world.setup.open()
            for path in await world.hand_over(voice, output or ""):
                talk.say(_("Written: {path}", path=path))
        except Exception as error:
            chronicle.failure(error)
            raise
        finally:
            await world.aclose()
        talk.say(_("Open the first in a browser and print it: it fits on one page."))
        return 0

    return talk.hold(converse, _("Stopped. Nothing more has been written."))
