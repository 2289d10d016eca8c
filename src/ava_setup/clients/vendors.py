"""Makes the clients, each with the address that its credentials may go to."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from ava_setup.clients.addresses import (
    TWILIO_ADDRESS,
    TWILIO_VARIABLE,
    VAPI_ADDRESSES,
    VAPI_VARIABLE,
    from_environment,
)
from ava_setup.clients.patience import OnWait, Patience, RetryPolicy, Sleep
from ava_setup.clients.twilio import IN_FLIGHT, TwilioClient
from ava_setup.clients.vapi import VapiClient
from ava_setup.onboarding.errors import ErrorCode, SetupError
from ava_setup.onboarding.state import Region

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import SecretStr

    from ava_setup.onboarding.credentials import TwilioCredentials


class HttpVendors:
    """The vendors over HTTP.

    Args:
        environ: The environment: `AVA_SETUP_VAPI_URL` and `AVA_SETUP_TWILIO_URL` move a vendor.
        policy: The figures of the retry policy.
        on_wait: Told before each wait which vendor is asked again, and in how many seconds.
        sleep: How to wait that many seconds.

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
    ) -> None:
        self._vapi_address = from_environment(environ, VAPI_VARIABLE)
        self._twilio_address = from_environment(environ, TWILIO_VARIABLE) or TWILIO_ADDRESS
        self._patience = Patience(policy or RetryPolicy(), on_wait, sleep)
        self._gates: dict[str, asyncio.Semaphore] = {}

    @property
    def vapi_regions(self) -> tuple[Region, ...]:
        """The regions to try a key in, likeliest first."""
        return (Region.CUSTOM,) if self._vapi_address else tuple(VAPI_ADDRESSES)

    def vapi(self, key: SecretStr, region: Region) -> VapiClient:
        """A client of the organisation that a key belongs to.

        The environment's address, when there is one, goes before any region.

        Raises:
            SetupError: The region is the environment's, which names no address any more.
        """
        address = self._vapi_address or VAPI_ADDRESSES.get(region)
        if address is None:
            raise SetupError(ErrorCode.ADDRESS_REFUSED, variable=VAPI_VARIABLE)
        return VapiClient(key, address, patience=self._patience)

    def twilio(self, credentials: TwilioCredentials) -> TwilioClient:
        """A client of an account; all clients of one account share its limit."""
        gate = self._gates.setdefault(credentials.account_sid, asyncio.Semaphore(IN_FLIGHT))
        return TwilioClient(credentials, self._twilio_address, gate=gate, patience=self._patience)
