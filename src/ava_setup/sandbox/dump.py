"""Everything that both vendors hold, as JSON: to compare the world before and after."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from ava_setup.sandbox.doors import TwilioRegion

if TYPE_CHECKING:
    from ava_setup.sandbox.world import Account, Document, World


def _account(account: Account) -> Document:
    return {
        "account": account.record,
        "balance": None if account.balance is None else str(account.balance),
        "numbers": list(account.numbers.values()),
        "applications": list(account.applications.values()),
        "keys": list(account.keys.values()),
        "addresses": list(account.addresses.values()),
        "caller_ids": list(account.caller_ids.values()),
        "calls": list(account.calls.values()),
        "notifications": account.notifications,
    }


def _accounts(world: World, region: TwilioRegion) -> list[Document]:
    return [_account(account) for account in world.twilio[region].values()]


def state(world: World) -> Document:
    """Show everything that both vendors hold, as JSON that nothing else changes.

    What reads do not change, this shows unchanged: two answers in a row are the same bytes.
    `twilio.accounts` is what us1 has; `twilio.regions` has the same of every other region.
    """
    org = world.org
    shown = {
        "scenario": world.scenario,
        "quirks": sorted(world.quirks),
        "vapi": {
            "region": org.region,
            "orgId": org.org_id,
            "assistants": list(org.assistants.values()),
            "numbers": list(org.numbers.values()),
            "calls": list(org.calls.values()),
            "squads": org.squads,
            "workflows": org.workflows,
            "used_elsewhere": sorted(org.used_elsewhere),
        },
        "twilio": {
            "accounts": _accounts(world, TwilioRegion.US1),
            "regions": {
                region.value: _accounts(world, region)
                for region in TwilioRegion
                if region is not TwilioRegion.US1
            },
            "routes": list(world.routes.values()),
        },
    }
    return copy.deepcopy(shown)
