"""How Vapi shows a number: as it is, or as an oddity has it (contract: vapi.md, Phone numbers)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.sandbox.quirks import Quirk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ava_setup.sandbox.world import Document, World

LINKS = ("assistantId", "squadId", "workflowId")
SECRETS = ("twilioAuthToken", "twilioApiKey", "twilioApiSecret")
_MASKED = 4
_LONG_AGO = "2020-01-01T00:00:00.000Z"


def shown(world: World, record: Document) -> Document:
    """Show one number."""
    quirks = world.quirks
    hidden: set[str] = set()
    if Quirk.SECRETS_HIDDEN in quirks:
        hidden.update(SECRETS)
    if Quirk.LEGACY_NUMBERS in quirks:
        hidden.add("twilioAccountSid")
    links = dict.fromkeys(LINKS) if Quirk.NULL_LINKS in quirks else {}
    return {**links, **{name: value for name, value in record.items() if name not in hidden}}


def listed(world: World, records: Iterable[Document]) -> list[Document]:
    """Show numbers in a list, which may hold back some figures and hold more than numbers."""
    found = [_masked(world, shown(world, record)) for record in records]
    if Quirk.UNKNOWN_PROVIDER in world.quirks:
        found.append(_of_nobody(world))
    return found


def _masked(world: World, record: Document) -> Document:
    number = record.get("number")
    if Quirk.MASKED_LIST not in world.quirks or number is None:
        return record
    return {**record, "number": f"{number[:_MASKED]}{'*' * _MASKED}{number[-_MASKED:]}"}


def _of_nobody(world: World) -> Document:
    return {
        "id": world.ids.uuid("number/of nobody"),
        "orgId": world.org.org_id,
        "provider": "carrier-pigeon",
        "ring": 7,
        "createdAt": _LONG_AGO,
        "updatedAt": _LONG_AGO,
    }
