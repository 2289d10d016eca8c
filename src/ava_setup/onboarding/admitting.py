"""The line of a set-up, as the doctor examines it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.onboarding import journal
from ava_setup.onboarding.composing import compose
from ava_setup.onboarding.errors import ErrorCode, SetupError
from ava_setup.onboarding.examining import Patient
from ava_setup.onboarding.facts import Wanted
from ava_setup.onboarding.state import ChosenAssistant

if TYPE_CHECKING:
    from pydantic import SecretStr

    from ava_setup.onboarding.credentials import TwilioCredentials
    from ava_setup.onboarding.state import Saved, VaultPlace


def admitted(
    saved: Saved,
    *,
    key: SecretStr | None,
    credentials: TwilioCredentials | None,
    vault: VaultPlace,
) -> Patient:
    """Admit the line of a set-up.

    Args:
        saved: What was chosen.
        key: The Vapi key, or None.
        credentials: The Twilio credentials, or None.
        vault: Where its secrets are kept.

    Raises:
        SetupError: No number is chosen yet.
    """
    if saved.number is None:
        raise SetupError(ErrorCode.NUMBER_NEEDED)
    chosen, profile = saved.assistant, saved.profile
    return Patient(
        saved.number.number,
        key=key,
        region=saved.connection.region if saved.connection else None,
        credentials=credentials,
        twilio_region=saved.twilio.region if saved.twilio else None,
        chosen=chosen.id if isinstance(chosen, ChosenAssistant) else None,
        business_id=profile.business_id if profile else "",
        business_name=profile.business_name if profile else "",
        vault=vault,
        wanted=Wanted(
            language=profile.callers_language if profile else None,
            greeting=compose(profile).greeting if profile else "",
            fallback=profile.fallback_number if profile else "",
            owned=journal.assistants_made(saved),
        ),
    )
