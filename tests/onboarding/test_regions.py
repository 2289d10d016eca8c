"""Regions: credentials are tried in each before they are called wrong, and the one is kept."""

from __future__ import annotations

import pytest

from ava_setup.onboarding.credentials import TwilioRegion
from ava_setup.onboarding.errors import CredentialsRefused, VendorError
from ava_setup.onboarding.outcome import Outcome
from tests.onboarding.fakes import TOKEN_PAIR, Line, unreachable


async def test_credentials_of_another_region_are_taken_there_and_used_there() -> None:
    line = await Line().opened()
    line.twilio.region = TwilioRegion.IE1
    await line.setup.check_twilio(TOKEN_PAIR)
    access = line.saved().twilio
    assert access is not None
    assert access.region is TwilioRegion.IE1
    again = line.again()
    await again.open()
    assert (await again.link()).outcome is Outcome.IMPORTED


async def test_credentials_that_no_region_takes_are_refused_by_the_first() -> None:
    line = await Line().opened()
    line.twilio.secret = "0" * 32
    with pytest.raises(CredentialsRefused):
        await line.setup.check_twilio(TOKEN_PAIR)


async def test_a_region_that_cannot_be_asked_is_not_taken_for_a_refusal() -> None:
    line = await Line().opened()
    line.twilio.fail("read_account", unreachable())
    with pytest.raises(VendorError) as caught:
        await line.setup.check_twilio(TOKEN_PAIR)
    assert not isinstance(caught.value, CredentialsRefused)


async def test_the_doctor_looks_where_the_credentials_are_good() -> None:
    line = await Line().opened()
    line.twilio.region = TwilioRegion.AU1
    await line.setup.check_twilio(TOKEN_PAIR)
    assert (await line.setup.patient()).twilio_region is TwilioRegion.AU1
