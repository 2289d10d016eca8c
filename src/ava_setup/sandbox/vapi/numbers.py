"""`/phone-number` and `/v2/phone-number` (contract: vapi.md, Phone numbers)."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from ava_setup.sandbox.doors import VapiRegion
from ava_setup.sandbox.exchange import Answer
from ava_setup.sandbox.quirks import Quirk
from ava_setup.sandbox.twilio.access import Login, credentials_work
from ava_setup.sandbox.vapi.body import read
from ava_setup.sandbox.vapi.lists import MAX_LIMIT, listed, whole_number, within_dates
from ava_setup.sandbox.vapi.number_body import (
    ImportNumber,
    UpdateNumber,
    UpdateNumberOfProvider,
)
from ava_setup.sandbox.vapi.refusals import bad_request, not_found, unauthorized
from ava_setup.sandbox.vapi.showing import LINKS, SECRETS, listed as shown_in_a_list, shown

if TYPE_CHECKING:
    from collections.abc import Container

    from ava_setup.sandbox.exchange import Asked
    from ava_setup.sandbox.world import Document, World

_PER_PAGE = 100
_SEARCHED = ("name", "number", "sipUri")


def _one_of_ours(world: World, number_id: str) -> Document:
    record = world.org.numbers.get(number_id)
    if record is None:
        raise not_found("Phone Number Not Found.")
    return record


def _check_links(world: World, sent: Document) -> None:
    org = world.org
    known: dict[str, Container[str]] = {
        "assistantId": org.assistants,
        "squadId": org.squads,
        "workflowId": org.workflows,
    }
    for link, records in known.items():
        wanted = sent.get(link)
        if wanted is not None and wanted not in records:
            kind = link.removesuffix("Id").capitalize()
            raise bad_request(f"Couldn't Get {kind}. `{link}` {wanted} Does Not Exist.")


def _check_twilio(world: World, record: Document) -> None:
    """Log in at Twilio as Vapi does: with the token if there is one, else with the key's pair."""
    token, key, secret = (record.get(name) for name in SECRETS)
    sid = str(record.get("twilioAccountSid", ""))
    login = Login(sid, token) if token else Login(key or "", secret or "")
    if not credentials_work(world, sid, login):
        # Nobody has published this answer (contract: vapi.md, end of Errors).
        if Quirk.TWILIO_REFUSAL_PASSED_ON in world.quirks:
            raise unauthorized("Authenticate")
        raise bad_request("Couldn't Validate Twilio Credentials.")
    if world.accounts[sid].number_of(record["number"]) is None:
        raise bad_request("Number Not Found on Twilio.")


def _check_free(world: World, record: Document) -> None:
    number, sid = record["number"], record["twilioAccountSid"]
    existing = world.org.number_of(number)
    lie = Quirk.OTHER_ORG_LIE in world.quirks
    if existing is not None and existing.get("twilioAccountSid") == sid and not lie:
        raise bad_request(
            f"Existing Phone Number {existing['id']} Has Identical "
            f"`twilioAccountSid` {sid} and `number` {number}."
        )
    if existing is not None or number in world.org.used_elsewhere:
        raise bad_request(f"Phone number {number} already in use by another org.")


def _at_twilio(world: World, record: Document) -> Document | None:
    """Find the number at Twilio as us1 has it: Vapi writes nowhere else."""
    account = world.accounts.get(record.get("twilioAccountSid", ""))
    return account.number_of(record["number"]) if account else None


def webhooks(world: World) -> str:
    """Say where the organisation's region takes Twilio's requests, without the last word."""
    us_for_all = Quirk.EU_WEBHOOK_AT_US_HOST in world.quirks
    region = VapiRegion.US if us_for_all else world.org.region
    return f"https://{region.host}/twilio"


def _take_over(world: World, record: Document) -> None:
    """Point the number at Vapi (contract: vapi.md, What an import does at Twilio)."""
    at_twilio = _at_twilio(world, record)
    if at_twilio is None or Quirk.WEBHOOK_NOT_WRITTEN in world.quirks:
        return
    base = webhooks(world)
    at_twilio["voice_url"] = f"{base}/inbound_call"
    at_twilio["voice_method"] = "POST"
    at_twilio["status_callback"] = f"{base}/status"
    if record["smsEnabled"]:
        at_twilio["sms_url"] = f"{base}/sms"
    at_twilio["date_updated"] = world.dates()["date_updated"]


def _let_go(world: World, record: Document) -> None:
    at_twilio = _at_twilio(world, record)
    if at_twilio is None or Quirk.DELETE_CLEARS_WEBHOOK not in world.quirks:
        return
    for name in ("voice_url", "status_callback", "sms_url"):
        if at_twilio[name].startswith(webhooks(world)):
            at_twilio[name] = ""
    at_twilio["date_updated"] = world.dates()["date_updated"]


def list_all(world: World, asked: Asked) -> Answer:
    """`GET /phone-number`: a bare array, secrets included."""
    numbers = listed(asked, world.org.numbers.values())
    return Answer(200, shown_in_a_list(world, numbers))


def search(world: World, asked: Asked) -> Answer:
    """`GET /v2/phone-number`: pages of a partial match over name, number and SIP URI."""
    wanted = (asked.param("search") or "").casefold()
    if len(wanted) > 100:  # noqa: PLR2004 - the specification's maxLength
        raise bad_request(["search must be shorter than or equal to 100 characters"])
    order, by = asked.param("sortOrder") or "DESC", asked.param("sortBy") or "createdAt"
    if order not in {"ASC", "DESC"}:
        raise bad_request(["sortOrder must be one of the following values: ASC, DESC"])
    if by not in {"createdAt", "duration", "cost"}:
        raise bad_request(["sortBy must be one of the following values: createdAt, duration, cost"])
    page = whole_number(asked, "page", at_least=1, at_most=10**6, default=1)
    size = whole_number(asked, "limit", at_least=0, at_most=MAX_LIMIT, default=_PER_PAGE)
    found = [
        record
        for record in within_dates(asked, world.org.numbers.values())
        if any(wanted in str(record.get(name, "")).casefold() for name in _SEARCHED)
    ]
    if order == "ASC":
        found.reverse()
    on_page = found[(page - 1) * size : page * size]
    metadata: dict[str, Any] = {
        "itemsPerPage": size,
        "totalItems": len(found),
        "currentPage": page,
        "totalPages": math.ceil(len(found) / size) if size else 0,
        "hasNextPage": page * size < len(found),
        "sortOrder": order,
    }
    return Answer(200, {"results": shown_in_a_list(world, on_page), "metadata": metadata})


def create(world: World, asked: Asked) -> Answer:
    """`POST /phone-number`: imports a number; without an assistant it is 201 all the same."""
    body, sent = read(ImportNumber, asked)
    if not body.twilio_auth_token and not (body.twilio_api_key and body.twilio_api_secret):
        raise bad_request(
            ["twilioAuthToken should not be empty, or twilioApiKey and twilioApiSecret"]
        )
    record = {"smsEnabled": True, **sent}
    _check_links(world, record)
    _check_free(world, record)
    _check_twilio(world, record)
    number_id = world.ids.new_uuid("number")
    later = Quirk.ACTIVATES_LATER in world.quirks
    record = {
        "id": number_id,
        "orgId": world.org.org_id,
        **record,
        "status": "activating" if later else "active",
        **world.stamps(),
    }
    world.org.numbers[number_id] = record
    _take_over(world, record)
    if later:
        moment = world.clock.now() + timedelta(seconds=world.call_seconds)
        world.later(moment, lambda: record.update(status="active"))
    return Answer(201, shown(world, record))


def show(world: World, asked: Asked, number_id: str) -> Answer:
    """`GET /phone-number/{id}`."""
    del asked
    return Answer(200, shown(world, _one_of_ours(world, number_id)))


def change(world: World, asked: Asked, number_id: str) -> Answer:
    """`PATCH /phone-number/{id}`: never touches Twilio."""
    record = _one_of_ours(world, number_id)
    if record["provider"] != "twilio":
        raise bad_request("This sandbox models changes of Twilio's numbers only.")
    wants_provider = Quirk.PROVIDER_WANTED_IN_PATCH in world.quirks
    _, sent = read(UpdateNumberOfProvider if wants_provider else UpdateNumber, asked)
    _check_links(world, sent)
    changed = {**record, **sent}
    if any(name in sent for name in SECRETS):
        _check_twilio(world, changed)
    record.update(changed)
    for link in LINKS:
        if record.get(link, "") is None:
            del record[link]
    world.touch(record)
    return Answer(200, shown(world, record))


def delete(world: World, asked: Asked, number_id: str) -> Answer:
    """`DELETE /phone-number/{id}`: the number stays at Twilio, pointing where it points."""
    del asked
    record = _one_of_ours(world, number_id)
    del world.org.numbers[number_id]
    _let_go(world, record)
    return Answer(200, shown(world, record))
