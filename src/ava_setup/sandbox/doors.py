"""The hosts that the sandbox plays, each on a port of its own: both vendors' regions.

Source: contract, vapi.md, Hosts, keys; twilio.md, Auth.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Vendor = Literal["vapi", "twilio"]


class VapiRegion(StrEnum):
    """Where an organisation lives: its key and its records are known nowhere else."""

    US = "us"
    EU = "eu"

    @property
    def host(self) -> str:
        """The host that Twilio calls for a number of this region."""
        return "api.vapi.ai" if self is VapiRegion.US else f"api.{self}.vapi.ai"


class TwilioRegion(StrEnum):
    """Where an account's credentials are good and its voice settings hold; plain hosts are us1."""

    US1 = "us1"
    IE1 = "ie1"
    AU1 = "au1"


@dataclass(frozen=True, slots=True)
class Door:
    """A host of a vendor's.

    Attributes:
        vendor: Whose it is.
        region: One of the vendor's regions; `routes` is Twilio's `routes.twilio.com`, which has
            none.
    """

    vendor: Vendor
    region: str


VAPI = {region: Door("vapi", region.value) for region in VapiRegion}
TWILIO = {region: Door("twilio", region.value) for region in TwilioRegion}
ROUTES = Door("twilio", "routes")

# In the order of their ports: the two that everybody uses come first.
DOORS = (
    VAPI[VapiRegion.US],
    TWILIO[TwilioRegion.US1],
    VAPI[VapiRegion.EU],
    TWILIO[TwilioRegion.IE1],
    TWILIO[TwilioRegion.AU1],
    ROUTES,
)
