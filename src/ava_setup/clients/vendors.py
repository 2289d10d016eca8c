"""Makes the clients, each with the address that its credentials may go to."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from copy import copy
from typing import TYPE_CHECKING

from ava_setup.clients import twilio, vapi
from ava_setup.clients.addresses import routes_address, twilio_addresses, vapi_addresses
from ava_setup.clients.network import network, trusted
from ava_setup.clients.pace import Pace
from ava_setup.clients.patience import OnWait, Patience, RetryPolicy, Sleep
from ava_setup.clients.twilio import TwilioClient
from ava_setup.clients.vapi import VapiClient
from ava_setup.onboarding.credentials import TwilioRegion, secret_of
from ava_setup.onboarding.errors import Vendor

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import httpx
    from pydantic import SecretStr

    from ava_setup.onboarding.credentials import TwilioCredentials
    from ava_setup.onboarding.state import Region


class HttpVendors:
    """The vendors over HTTP.

    Args:
        environ: The environment: `AVA_SETUP_VAPI_URL` and `AVA_SETUP_TWILIO_URL` move a vendor,
            and with those of `clients.addresses` beside them each of its regions.
        policy: The figures of the retry policy.
        on_wait: Told before each wait which vendor is asked again, and in how many seconds.
        sleep: How to wait that many seconds.
        on_secret: Told of every secret before it is tried.
        wire: Gives what takes the network's place on the way to a vendor, as in a rehearsal.

    Raises:
        SetupError: The environment names an address that may not receive credentials.
    """

    def __init__(
        self,
        environ: Mapping[str, str],
        *,
        policy: RetryPolicy | None = None,
        on_wait: OnWait | None = None,
        sleep: Sleep = asyncio.sleep,
        on_secret: Callable[[SecretStr], None] = lambda _secret: None,
        wire: Callable[[Vendor], httpx.AsyncBaseTransport | None] = lambda _vendor: None,
    ) -> None:
        self._vapi = vapi_addresses(environ)
        self._twilio = twilio_addresses(environ)
        self._routes = routes_address(environ)
        self._patience = Patience(policy or RetryPolicy(), on_wait, sleep)
        self._on_secret = on_secret
        self._wire = wire
        self._vapi_paces: dict[SecretStr, Pace] = {}
        self._twilio_paces: dict[str, Pace] = {}

    def prepare(self) -> None:
        """Load what a first request needs. Blocks for some 40 ms, so that nobody waits later."""
        # httpx loads the rest of itself for the first client.
        network("http://127.0.0.1")
        if any(one.startswith("https:") for one in (*self._vapi.all, *self._twilio.all)):
            # What cannot be read is said when a vendor is asked.
            with suppress(OSError):
                trusted()

    def over(self, wire: Callable[[Vendor], httpx.AsyncBaseTransport]) -> HttpVendors:
        """Give the same vendors over another wire; what is known of their limits is shared."""
        others = copy(self)
        others._wire = wire  # noqa: SLF001 - one of its own kind
        return others

    @property
    def vapi_regions(self) -> tuple[Region, ...]:
        """The regions to try a key in, likeliest first."""
        return self._vapi.regions

    def vapi(self, key: SecretStr, region: Region) -> VapiClient:
        """A client of the organisation that a key belongs to; all of one key share its limit.

        Where the environment gives one address, that goes before any region.

        Raises:
            SetupError: The region is the environment's, which names no address for it any more.
        """
        address = self._vapi.of(region)
        self._on_secret(key)
        pace = self._vapi_paces.setdefault(key, Pace(vapi.IN_FLIGHT))
        wire = self._wire(Vendor.VAPI)
        return VapiClient(key, address, pace=pace, patience=self._patience, wire=wire)

    @property
    def twilio_regions(self) -> tuple[TwilioRegion, ...]:
        """The regions to try credentials in, likeliest first."""
        return self._twilio.regions

    def twilio(
        self, credentials: TwilioCredentials, region: TwilioRegion = TwilioRegion.US1
    ) -> TwilioClient:
        """A client of an account; all clients of one account share its limit, in any region.

        Raises:
            SetupError: The region is the environment's, which names no address for it any more.
        """
        address = self._twilio.of(region)
        self._on_secret(secret_of(credentials))
        pace = self._twilio_paces.setdefault(credentials.account_sid, Pace(twilio.IN_FLIGHT))
        return TwilioClient(
            credentials,
            address,
            routes=self._routes,
            on_secret=self._on_secret,
            pace=pace,
            patience=self._patience,
            wire=self._wire(Vendor.TWILIO),
        )
