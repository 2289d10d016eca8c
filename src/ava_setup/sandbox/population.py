"""From a scenario's file to a world with people's things in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.sandbox.beginnings import Beginnings
from ava_setup.sandbox.doors import TwilioRegion
from ava_setup.sandbox.population_at_twilio import accounts, routes, token_name
from ava_setup.sandbox.population_at_vapi import organisation
from ava_setup.sandbox.scenarios.format import load
from ava_setup.sandbox.world import Credentials, World

if TYPE_CHECKING:
    from ava_setup.sandbox.ids import Ids
    from ava_setup.sandbox.scenarios.format import Scenario

_CALL_SECONDS = 4.0
MAIN = "main"


def populate(name: str, call_seconds: float = _CALL_SECONDS) -> World:
    """Build the world of a scenario.

    Args:
        name: The scenario's name.
        call_seconds: How long an answered call lasts.

    Raises:
        UnknownScenarioError: There is no scenario of this name.
    """
    scenario = load(name)
    begin = Beginnings(name, scenario.vapi.region)
    ids = begin.ids
    twilio = {
        region: accounts(begin, scenario.twilio, MAIN, region=region) for region in TwilioRegion
    }
    credentials = _credentials(ids, scenario)
    numbers = [number.number for number in scenario.twilio.numbers]
    return World(
        scenario=name,
        summary=scenario.summary,
        number=scenario.number or numbers[0],
        clock=begin.clock,
        ids=ids,
        credentials=credentials,
        org=organisation(begin, scenario.vapi, credentials),
        twilio=twilio,
        routes=routes(begin, scenario.twilio, twilio[TwilioRegion.US1]),
        quirks=scenario.quirks,
        elsewhere={
            ids.sid("TK", where.removeprefix("trunk:")) if "trunk:" in where else where: words
            for where, words in scenario.elsewhere.items()
        },
        call_seconds=call_seconds,
    )


def _credentials(ids: Ids, scenario: Scenario) -> Credentials:
    rotated = scenario.twilio.token == "rotated"  # noqa: S105 - no token, but its state
    regional = ids.token(token_name(MAIN, scenario.twilio.region))
    return Credentials(
        vapi_key=ids.key("private"),
        account_sid=ids.sid("AC", MAIN),
        auth_token=ids.token("before") if rotated else regional,
        test_account_sid=ids.sid("AC", "test"),
        test_auth_token=ids.token("test"),
    )
