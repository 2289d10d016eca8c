"""Lines to be handed over: an ordinary one, and one whose every word is as long as it can be."""

from __future__ import annotations

from datetime import UTC, datetime

from ava_setup.onboarding.assistant import GREETING_MAX, NAME_MAX, Assistant
from ava_setup.onboarding.composing import compose, first_words
from ava_setup.onboarding.handover import Facts
from ava_setup.onboarding.profile import (
    NAME_MAX as BUSINESS_MAX,
    CallersLanguage,
    Profile,
    Trade,
)
from ava_setup.onboarding.state import Region

NUMBER = "+33199001234"
_DAYS = ("lu", "ma", "me", "je", "ve", "sa", "di")
SLY = "<script>alert(1)</script> & **fils** [ici](https://evil.example) `x` #1"


def line(**changes: object) -> Facts:
    """Give the facts of an ordinary line."""
    business = Profile(
        business_name="Plomberie Martin",
        admin_email="contact@plomberie-martin.example",
        opening_hours="lun-ven 9h-18h",
        trade=Trade.PLUMBER,
    )
    ready = compose(business)
    facts = {
        "at": datetime(2026, 11, 23, 9, 30, tzinfo=UTC),
        "business": business.business_name,
        "number": NUMBER,
        "hours": business.opening_hours,
        "language": business.callers_language,
        "assistant": Assistant(
            "ava", "Ava - Plomberie Martin", first_message=ready.greeting, is_recorded=False
        ),
        "questions": ready.questions,
        "fallback": "+33612345678",
        "region": Region.US,
        "profile": "default",
        **changes,
    }
    return Facts(**facts)  # type: ignore[arg-type]


def longest_line() -> Facts:
    """Give facts of which none can be longer, all of what may be left out being there."""
    both = CallersLanguage.BILINGUAL
    greeting = ("Bonjour, ici l'assistante virtuelle. " * GREETING_MAX)[:GREETING_MAX]
    said = first_words(greeting, both, recorded=True)
    trades = (
        Profile(
            business_name="M" * BUSINESS_MAX,
            admin_email="a@b.example",
            opening_hours="x",
            trade=trade,
            callers_language=language,
        )
        for trade in Trade
        for language in CallersLanguage
    )
    return line(
        business=f"{SLY} {'Entreprise ' * BUSINESS_MAX}"[:BUSINESS_MAX],
        # No two days alike: read back, they are twice as long as they were typed.
        hours=", ".join(f"{day} 8-1{n} 18-2{n % 4}" for n, day in enumerate(_DAYS)),
        language=both,
        assistant=Assistant("ava", "W" * NAME_MAX, first_message=said, is_recorded=True),
        questions=max((compose(one).questions for one in trades), key=len),
        region=Region.EU,
        profile="p" * 64,
        is_demo=True,
    )
