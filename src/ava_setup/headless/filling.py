"""Fills a wizard in from an answer file, as far as that goes; the wizard asks the rest."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ava_setup.headless.applying import choose_assistant, choose_number, enter_twilio, profile_of
from ava_setup.onboarding.errors import SetupError
from ava_setup.onboarding.sources import Origin, Source

if TYPE_CHECKING:
    from pydantic import SecretStr

    from ava_setup.headless.answer_file import BusinessAnswers
    from ava_setup.onboarding.credentials import TwilioCredentials
    from ava_setup.onboarding.setup import Setup

# The wizard opens no later than this many seconds after its first paint.
_PATIENCE_S = 20.0


@dataclass(frozen=True, slots=True)
class Filling:
    """What a file knows of one business.

    Attributes:
        answers: The business.
        file: The file's name, to be shown beside each value.
        vapi: Its key, or None when it is not where the file says.
        twilio: Its credentials, likewise.
    """

    answers: BusinessAnswers
    file: str
    vapi: SecretStr | None
    twilio: TwilioCredentials | None

    async def __call__(self, setup: Setup) -> None:
        """Answer what can be answered; what a vendor refuses is left to be asked.

        The keys are used, not offered: who names the file has named the keys.

        Raises:
            StoreError: It could not be kept.
        """
        source = Source(Origin.ANSWER_FILE, self.file)
        profile = await setup.save_profile(profile_of(self.answers))
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE_S):
                if self.vapi is not None:
                    with suppress(SetupError):
                        await setup.connect(self.vapi, source=source)
                        await choose_assistant(setup, self.answers, profile)
                if self.twilio is not None:
                    with suppress(SetupError):
                        await enter_twilio(setup, self.answers.twilio, self.twilio, source=source)
                        await choose_number(setup, self.answers.phone.number)
        await setup.store.update(lambda state: state.note(filled_in=(state.saved, source)))
