"""`/call` (contract: vapi.md, Calls)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.sandbox.exchange import Answer
from ava_setup.sandbox.quirks import Quirk
from ava_setup.sandbox.telephony import dial_out
from ava_setup.sandbox.vapi.body import read
from ava_setup.sandbox.vapi.lists import listed
from ava_setup.sandbox.vapi.number_body import CreateCall
from ava_setup.sandbox.vapi.refusals import bad_request, not_found

if TYPE_CHECKING:
    from ava_setup.sandbox.exchange import Asked
    from ava_setup.sandbox.world import Document, World

# No specification has it; a client keeps asking.
_UNHEARD_OF = "pondering"


def _shown(world: World, record: Document) -> Document:
    odd = Quirk.UNKNOWN_CALL_STATUS in world.quirks and record["status"] == "in-progress"
    return {**record, "status": _UNHEARD_OF} if odd else record


def list_all(world: World, asked: Asked) -> Answer:
    """`GET /call`: a bare array, narrowed by id, assistant and number."""
    calls = list(world.org.calls.values())
    for name in ("id", "assistantId", "phoneNumberId"):
        wanted = asked.param(name)
        if wanted is not None:
            calls = [call for call in calls if call.get(name) == wanted]
    return Answer(200, [_shown(world, call) for call in listed(asked, calls)])


def create(world: World, asked: Asked) -> Answer:
    """`POST /call`: 201 says that the call is queued; it costs money and rings a telephone."""
    body, _ = read(CreateCall, asked)
    if body.assistant_id not in world.org.assistants:
        raise bad_request(
            f"Couldn't Get Assistant. `assistantId` {body.assistant_id} Does Not Exist."
        )
    number = world.org.numbers.get(body.phone_number_id)
    if number is None:
        raise bad_request(
            f"Couldn't Get Phone Number. `phoneNumberId` {body.phone_number_id} Does Not Exist."
        )
    return Answer(201, dial_out(world, number, body.assistant_id, body.customer.number))


def show(world: World, asked: Asked, call_id: str) -> Answer:
    """`GET /call/{id}`."""
    del asked
    record = world.org.calls.get(call_id)
    if record is None:
        raise not_found("Call Not Found.")
    return Answer(200, _shown(world, record))
