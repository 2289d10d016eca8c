"""How keys that were found on this computer are offered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.words import Text, _

if TYPE_CHECKING:
    from ava_setup.onboarding.sources import OfferedKey

# What is shown of a SID, so that its owner recognises it.
_ENDING = 4


def offer_words(offer: OfferedKey) -> Text:
    """Offer keys, recognisable and without their secret."""
    where = offer.source.words
    if offer.is_vapi:
        return _("Use the key ending …{ending} ({where})", ending=offer.ending, where=where)
    return _(
        "Use AC…{account}, secret ending …{ending} ({where})",
        account=offer.account_sid[-_ENDING:],
        ending=offer.ending,
        where=where,
    )
