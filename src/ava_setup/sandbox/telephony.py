"""Calls that happen: followed, then written into both vendors' logs."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ava_setup.sandbox.caller import follow, owner_of
from ava_setup.sandbox.doors import TwilioRegion
from ava_setup.sandbox.ids import iso, rfc2822
from ava_setup.sandbox.small_talk import written_down
from ava_setup.sandbox.twilio import records

if TYPE_CHECKING:
    from datetime import datetime

    from ava_setup.sandbox.outcome import Outcome, VapiLeg
    from ava_setup.sandbox.world import Account, Document, World

# What a finished call cost at Vapi, in dollars: any figure will do.
_COST = 0.03


def dial_in(world: World, caller: str, called: str) -> Outcome:
    """Let somebody call a number; both numbers in E.164.

    An answered call goes on for the world's `call_seconds`; every other has ended by now.
    """
    outcome = follow(world, called)
    owner = owner_of(world, called, world.processed_in(called))
    if owner is None or not outcome.twilio_status:
        return outcome
    account, number = owner
    at_twilio = _log_at_twilio(world, account, number, caller, outcome)
    at_vapi = outcome.vapi and _log_at_vapi(world, outcome.vapi, at_twilio, caller)
    if outcome.answered and at_vapi:
        end = world.clock.now() + timedelta(seconds=world.call_seconds)
        world.later(end, lambda: _hang_up(world, at_twilio, at_vapi, end))
    return outcome


def _log_at_twilio(
    world: World, account: Account, number: Document, caller: str, outcome: Outcome
) -> Document:
    sid = world.ids.new_sid("CA")
    record = records.call(
        account.sid,
        sid,
        caller=caller,
        called=number["phone_number"],
        phone_number_sid=number["sid"],
        direction="trunking-originating" if outcome.trunk_sid else "inbound",
        dates=world.dates(),
    )
    record["trunk_sid"] = outcome.trunk_sid
    account.calls[sid] = record
    for fault in outcome.faults:
        entry = records.notification(
            account.sid,
            world.ids.new_sid("NO"),
            sid,
            code=fault.code,
            text=fault.text,
            url=fault.url,
            method=fault.method,
            dates=world.dates(),
        )
        account.notifications.append(entry)
    if not outcome.answered:
        _end_at_twilio(world, record, outcome.twilio_status, seconds=0)
    return record


def _end_at_twilio(world: World, record: Document, status: str, *, seconds: int) -> None:
    ended = rfc2822(world.clock.tick())
    record.update(
        status=status, end_time=ended, date_updated=ended, duration=str(seconds), price="-0.0085"
    )


def _log_at_vapi(world: World, leg: VapiLeg, at_twilio: Document, caller: str) -> Document:
    call_id = world.ids.new_uuid("call")
    record = {
        "id": call_id,
        "orgId": world.org.org_id,
        "type": "inboundPhoneCall",
        "phoneCallProvider": "twilio",
        "phoneCallProviderId": at_twilio["sid"],
        "phoneCallTransport": "pstn",
        "phoneNumberId": leg.number["id"],
        "customer": {"number": caller},
        "status": "in-progress",
        "cost": 0,
        **world.stamps(),
    }
    if leg.assistant_id:
        record["assistantId"] = leg.assistant_id
    if leg.ended_reason:
        record.update(status="ended", endedReason=leg.ended_reason, endedAt=record["createdAt"])
    else:
        record["startedAt"] = record["createdAt"]
    world.org.calls[call_id] = record
    return record


def _hang_up(world: World, at_twilio: Document, at_vapi: Document, end: datetime) -> None:
    assistant = world.org.assistants.get(at_vapi.get("assistantId", ""), {})
    at_vapi.update(
        status="ended",
        endedAt=iso(end),
        endedReason="customer-ended-call",
        cost=_COST,
        **written_down(assistant),
    )
    world.touch(at_vapi)
    _end_at_twilio(world, at_twilio, "completed", seconds=round(world.call_seconds))


def dial_out(world: World, number: Document, assistant_id: str, callee: str) -> Document:
    """Let Vapi call somebody from one of its numbers: queued now, rung and answered later.

    Args:
        world: What the vendors hold.
        number: The record at Vapi of the number that calls.
        assistant_id: Who speaks.
        callee: Who is called, in E.164.

    Returns:
        The queued call, as `POST /call` answers it.
    """
    call_id = world.ids.new_uuid("call")
    record = {
        "id": call_id,
        "orgId": world.org.org_id,
        "type": "outboundPhoneCall",
        "phoneCallProvider": "twilio",
        "phoneCallTransport": "pstn",
        "phoneNumberId": number["id"],
        "assistantId": assistant_id,
        "customer": {"number": callee},
        "status": "queued",
        "cost": 0,
        **world.stamps(),
    }
    world.org.calls[call_id] = record
    start = world.clock.now() + timedelta(seconds=world.call_seconds / 2)
    world.later(start, lambda: _connect(world, record, number["number"], callee, start))
    return record


def _connect(world: World, at_vapi: Document, caller: str, callee: str, start: datetime) -> None:
    owner = owner_of(world, caller, TwilioRegion.US1)
    if owner is None or not owner[0].active:
        at_vapi.update(
            status="ended", endedAt=iso(start), endedReason="twilio-failed-to-connect-call"
        )
        world.touch(at_vapi)
        return
    account, number = owner
    sid = world.ids.new_sid("CA")
    at_twilio = records.call(
        account.sid,
        sid,
        caller=caller,
        called=callee,
        phone_number_sid=number["sid"],
        direction="outbound-api",
        dates=world.dates(),
    )
    account.calls[sid] = at_twilio
    at_vapi.update(status="in-progress", startedAt=iso(start), phoneCallProviderId=sid)
    world.touch(at_vapi)
    end = start + timedelta(seconds=world.call_seconds)
    world.later(end, lambda: _hang_up(world, at_twilio, at_vapi, end))
