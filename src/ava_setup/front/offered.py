"""What is offered for a business before anybody has typed, and what is odd about what is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.front.time_zones import here
from ava_setup.onboarding.profile import (
    OFFERED_HOURS,
    CallersLanguage,
    Profile,
    Trade,
    email_hint,
)
from ava_setup.words import NOTHING, Language, Text, _

if TYPE_CHECKING:
    from ava_setup.words import Voice


def offered_profile(voice: Voice) -> Profile:
    """Give what is offered for the fields before anybody has typed; two are left to type.

    Args:
        voice: The language of the person who is asked, likely that of the callers too.
    """
    french = voice.language is Language.FR
    return Profile.model_construct(
        business_name="",
        admin_email="",
        trade=Trade.GENERAL,
        opening_hours=voice(OFFERED_HOURS),
        callers_language=CallersLanguage.FR_FR if french else CallersLanguage.EN_US,
        time_zone=here(),
    )


def slip(address: str) -> Text:
    """Ask about an e-mail address whose domain looks like a slip of the finger."""
    meant = email_hint(address)
    domain = meant.rpartition("@")[2] if meant else ""
    return _("Did you mean @{domain}? If not, carry on.", domain=domain) if meant else NOTHING
