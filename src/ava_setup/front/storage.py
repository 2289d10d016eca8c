"""Where secrets are kept, in words."""

from __future__ import annotations

from ava_setup.onboarding.state import VaultPlace
from ava_setup.words import Text, _

_WHERE = {
    VaultPlace.KEYRING: _("Once accepted, the secret is kept in this computer's keyring."),
    VaultPlace.FILE: _("Once accepted, the secret is kept in a file that only you can read."),
    VaultPlace.MEMORY: _("The secret is kept in memory only, and asked for again next time."),
}


def kept_where(place: VaultPlace) -> Text:
    """Say where a secret will be kept."""
    return _WHERE[place]
