"""In which of a vendor's regions a key works, in words."""

from __future__ import annotations

from ava_setup.onboarding.credentials import TwilioRegion
from ava_setup.onboarding.state import Region
from ava_setup.words import NOTHING, Text, _

_OF_VAPI = {
    Region.US: _("This key belongs to the US region."),
    Region.EU: _("This key belongs to the EU region."),
}
_OF_TWILIO = {
    TwilioRegion.IE1: _("These belong to Twilio's Ireland region."),
    TwilioRegion.AU1: _("These belong to Twilio's Australia region."),
}
MAY_NOT_LINK = _("Vapi may not take numbers from there: if the link fails, that is why.")


def region_of_key(region: Region) -> Text:
    """Say where a Vapi key works; nothing of an address that the environment names."""
    return _OF_VAPI.get(region, NOTHING)


def region_of_credentials(region: TwilioRegion) -> Text:
    """Say where Twilio credentials work, when that is not where Vapi looks for numbers."""
    return _OF_TWILIO.get(region, NOTHING)
