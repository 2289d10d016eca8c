"""The check about this computer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.onboarding.state import VaultPlace
from ava_setup.onboarding.verdicts import Judged, noted, passed
from ava_setup.words import _

if TYPE_CHECKING:
    from ava_setup.onboarding.facts import Facts


def secrets(facts: Facts) -> Judged:
    """Judge where secrets are kept."""
    match facts.vault:
        case VaultPlace.KEYRING:
            return passed(_("In this computer's keyring."))
        case VaultPlace.FILE:
            return noted(_("In a file that only you can read: this computer has no keyring."))
        case VaultPlace.MEMORY:
            return passed(_("Only in memory: they are asked for again next time."))
        case None:
            return passed(_("Nothing is kept: they came from the environment."))
