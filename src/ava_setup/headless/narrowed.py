"""Vendors of which only one region is asked: the one that an answer file names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ava_setup.onboarding.credentials import TwilioRegion

if TYPE_CHECKING:
    from pydantic import SecretStr

    from ava_setup.onboarding.credentials import TwilioCredentials
    from ava_setup.onboarding.ports import Twilio, Vapi, Vendors
    from ava_setup.onboarding.state import Region


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Other vendors, in fewer regions; implements the port `Vendors`.

    Attributes:
        vendors: The others.
        vapi_region: The only one of Vapi, or None for all.
        twilio_region: The only one of Twilio, or None for all.
    """

    vendors: Vendors
    vapi_region: Region | None = None
    twilio_region: TwilioRegion | None = None

    @property
    def vapi_regions(self) -> tuple[Region, ...]:
        """The regions to try a key in; the environment's own address goes before any."""
        all_of_them = self.vendors.vapi_regions
        return tuple(one for one in all_of_them if one is self.vapi_region) or all_of_them

    def vapi(self, key: SecretStr, region: Region) -> Vapi:
        """A client of the organisation that a key belongs to."""
        return self.vendors.vapi(key, region)

    @property
    def twilio_regions(self) -> tuple[TwilioRegion, ...]:
        """The regions to try credentials in; the environment's own address goes before any."""
        all_of_them = self.vendors.twilio_regions
        return tuple(one for one in all_of_them if one is self.twilio_region) or all_of_them

    def twilio(
        self, credentials: TwilioCredentials, region: TwilioRegion = TwilioRegion.US1
    ) -> Twilio:
        """A client of an account in a region."""
        return self.vendors.twilio(credentials, region)
