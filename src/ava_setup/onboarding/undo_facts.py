"""Reads what undoing is decided from; changes nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ava_setup.onboarding import journal
from ava_setup.onboarding.credentials import AuthToken
from ava_setup.onboarding.number import fits_mask
from ava_setup.onboarding.state import (
    ChangeFallback,
    ImportNumber,
    MakeKey,
    RelinkNumber,
    RepointNumber,
)
from ava_setup.onboarding.undo_steps import UndoFacts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ava_setup.onboarding.connections import Connections
    from ava_setup.onboarding.number import VapiNumber
    from ava_setup.onboarding.ports import Vapi
    from ava_setup.onboarding.state import Saved


async def gather(saved: Saved, connections: Connections) -> UndoFacts:
    """Read all that the standing entries are about.

    Raises:
        VendorError: A vendor could not be asked.
        SetupError: Credentials that it needs are missing.
    """
    standing, surely = journal.standing(saved), journal.in_reach(saved)
    keys = [one for one in standing if isinstance(one, MakeKey)]
    maybe = [one for one in standing if one not in surely and one not in keys and not one.org_id]
    facts = UndoFacts()
    seen: list[journal.Entry] = []
    if surely or maybe or (saved.connection is None and len(keys) < len(standing)):
        vapi = await connections.vapi()
        facts = replace(
            facts,
            assistants=await vapi.list_assistants(),
            vapi_numbers=await _unmasked(vapi, (*surely, *maybe)),
        )
        seen = [one for one in maybe if journal.is_seen(one, facts.assistants, facts.vapi_numbers)]
    here = tuple(one for one in standing if one in surely or one in keys or one in seen)
    facts = replace(facts, here=here, elsewhere=tuple(one for one in standing if one not in here))
    return await _with_twilio(facts, here, connections)


async def _with_twilio(
    facts: UndoFacts, entries: Sequence[journal.Entry], connections: Connections
) -> UndoFacts:
    """Read what undoing needs of Twilio, which may be nothing."""
    wanted = {one.number for one in entries if isinstance(one, ImportNumber | RepointNumber)}
    keys = [one for one in entries if isinstance(one, MakeKey)]
    if not wanted and not keys:
        return facts
    credentials, twilio = await connections.twilio()
    found = [await twilio.find_number(number) for number in sorted(wanted)]
    return replace(
        facts,
        twilio_numbers=tuple(one for one in found if one is not None),
        account_sid=credentials.account_sid,
        # An API key sees no keys (contract: twilio.md, Auth).
        keys=await twilio.list_keys() if keys and isinstance(credentials, AuthToken) else None,
    )


async def _unmasked(vapi: Vapi, entries: Sequence[journal.Entry]) -> tuple[VapiNumber, ...]:
    """List numbers, reading those one by one that a masked list hides and that may be wanted."""
    wanted = {one.number for one in entries if isinstance(one, ImportNumber | RepointNumber)}
    ids = {one.phone_number_id for one in entries if isinstance(one, RelinkNumber | ChangeFallback)}

    def may_be_wanted(one: VapiNumber) -> bool:
        hidden = "*" in f"{one.number}{one.fallback_number}"
        return hidden and (one.id in ids or any(fits_mask(one.number, each) for each in wanted))

    return tuple(
        [
            await vapi.read_number(one.id) if may_be_wanted(one) else one
            for one in await vapi.list_numbers()
        ]
    )
