"""Where undoing stands, in words."""

from __future__ import annotations

from enum import Enum

from ava_setup.words import NOTHING, _


class Phase(Enum):
    """Where it stands: what is said above the buttons, and what the first of them does."""

    READING = _("Reading Vapi and Twilio…"), _("Back")
    STUCK = NOTHING, _("Back")
    ASKING = _("Undo this now?"), _("No, change nothing")
    UNDOING = _("Undoing…"), _("Stop")
    NOTHING_DONE = (
        _("Nothing was made or changed for this business: there is nothing to undo."),
        _("Back"),
    )
    NOTHING_LEFT = _("Nothing is left to undo."), _("Continue")
    UNDONE = _("Undone. The number can be linked again at any time."), _("Continue")
    PARTLY = _("What has no tick could not be undone and stays as it is."), _("Continue")
