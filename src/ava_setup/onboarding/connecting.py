"""Tries keys in every region of a vendor, before they are called wrong."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from ava_setup.onboarding.errors import CredentialsRefused, ErrorCode, Vendor, VendorError
from ava_setup.onboarding.linking import CLOSED_DOORS

if TYPE_CHECKING:
    from pydantic import SecretStr

    from ava_setup.onboarding.assistant import Assistant
    from ava_setup.onboarding.credentials import TwilioAccount, TwilioCredentials, TwilioRegion
    from ava_setup.onboarding.number import TwilioNumber
    from ava_setup.onboarding.ports import Twilio, Vapi, Vendors
    from ava_setup.onboarding.state import Region


async def vapi_that_knows(
    vendors: Vendors, key: SecretStr
) -> tuple[Region, Vapi, tuple[Assistant, ...]]:
    """Open Vapi in the first region that takes a key; the same request lists the assistants.

    Raises:
        CredentialsRefused: No region takes it.
        VendorError: Vapi could not be asked.
    """
    refusal: CredentialsRefused | None = None
    for region in vendors.vapi_regions:
        vapi = vendors.vapi(key, region)
        try:
            assistants = await vapi.list_assistants()
        except CredentialsRefused as error:
            await vapi.aclose()
            refusal = refusal or error
            continue
        except BaseException:
            await vapi.aclose()
            raise
        return region, vapi, assistants
    raise refusal or VendorError(ErrorCode.VAPI_KEY_REFUSED, Vendor.VAPI)


async def twilio_that_knows(
    vendors: Vendors, credentials: TwilioCredentials
) -> tuple[TwilioRegion, Twilio, TwilioAccount, tuple[TwilioNumber, ...]]:
    """Open Twilio in the first region that takes credentials, with what the account holds.

    Raises:
        VendorError: Twilio refuses them, or could not be asked.
    """
    refusal: VendorError | None = None
    for region in vendors.twilio_regions:
        twilio = vendors.twilio(credentials, region)
        try:
            account, numbers = await account_and_numbers(twilio)
        except VendorError as error:
            await twilio.aclose()
            # Elsewhere an account that is known is only unreachable, not unknown.
            if error.code is not ErrorCode.TWILIO_REFUSED and refusal is None:
                raise
            refusal = refusal or error
        except BaseException:
            await twilio.aclose()
            raise
        else:
            return region, twilio, account, numbers
    raise refusal or VendorError(ErrorCode.TWILIO_REFUSED, Vendor.TWILIO)


async def account_and_numbers(
    twilio: Twilio,
) -> tuple[TwilioAccount, tuple[TwilioNumber, ...]]:
    """Read an account and its numbers side by side.

    Raises:
        VendorError: Either cannot be read, or the account cannot take calls.
    """
    reads = await asyncio.gather(
        twilio.read_account(), twilio.list_numbers(), return_exceptions=True
    )
    account, numbers = reads
    if isinstance(account, BaseException):
        raise account
    # A suspended account may still show itself, with its status (contract: twilio.md, Errors).
    if account.status in CLOSED_DOORS:
        raise VendorError(CLOSED_DOORS[account.status], Vendor.TWILIO)
    if isinstance(numbers, BaseException):
        raise numbers
    return account, numbers
