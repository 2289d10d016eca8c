"""Vapi's front door: the edge, the key, then the path (contract: vapi.md, Hosts, keys; Errors)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.sandbox.doors import VapiRegion
from ava_setup.sandbox.exchange import Answer, RefusalError, Route, find
from ava_setup.sandbox.quirks import Quirk
from ava_setup.sandbox.vapi import assistants, calls, numbers
from ava_setup.sandbox.vapi.refusals import (
    INVALID_KEY,
    NO_HEADER,
    from_the_edge,
    internal_error,
    not_found,
    too_many_requests,
    unauthorized,
)
from ava_setup.sandbox.worded import worded

if TYPE_CHECKING:
    from ava_setup.sandbox.exchange import Asked
    from ava_setup.sandbox.world import World

_LIBRARIES = ("python-httpx/", "python-requests/", "python-urllib/", "python/", "aiohttp/")

ROUTES = (
    Route("GET", "/assistant", assistants.list_all),
    Route("POST", "/assistant", assistants.create),
    Route("GET", "/assistant/{assistant_id}", assistants.show),
    Route("PATCH", "/assistant/{assistant_id}", assistants.change),
    Route("DELETE", "/assistant/{assistant_id}", assistants.delete),
    Route("GET", "/phone-number", numbers.list_all),
    Route("POST", "/phone-number", numbers.create),
    Route("GET", "/phone-number/{number_id}", numbers.show),
    Route("PATCH", "/phone-number/{number_id}", numbers.change),
    Route("DELETE", "/phone-number/{number_id}", numbers.delete),
    Route("GET", "/v2/phone-number", numbers.search),
    Route("GET", "/call", calls.list_all),
    Route("POST", "/call", calls.create),
    Route("GET", "/call/{call_id}", calls.show),
)


def _let_in(world: World, region: VapiRegion, asked: Asked) -> None:
    agent = asked.header("user-agent").lower()
    if not agent or agent.startswith(_LIBRARIES):
        raise from_the_edge()
    header = asked.header("authorization")
    if not header:
        raise unauthorized(NO_HEADER)
    if region is not world.org.region or header != f"Bearer {world.org.private_key}":
        raise unauthorized(INVALID_KEY)
    if Quirk.RATE_LIMITED in world.quirks:
        world.requests_to_vapi += 1
        if world.requests_to_vapi % 2 == 0:
            raise too_many_requests()


def answer(world: World, asked: Asked, region: VapiRegion = VapiRegion.US) -> Answer:
    """Answer a request as Vapi would.

    Args:
        world: What the vendors hold; changed by a request that writes.
        asked: The request.
        region: Whose host was asked: a key of the other region is no key here.

    Returns:
        What Vapi says, a refusal included.
    """
    world.settle()
    try:
        _let_in(world, region, asked)
        handler, places, _ = find(ROUTES, asked.method, asked.path)
        if handler is None:
            raise not_found(f"Cannot {asked.method} {asked.path}")
        given = handler(world, asked, **places)
        if asked.method == "POST" and Quirk.FAILS_AFTER_WORK in world.quirks:
            raise internal_error()
    except RefusalError as refusal:
        given = worded(world, refusal.answer)
    return signed(world, given)


def turned_away(world: World) -> Answer:
    """Answer a request that came too soon after the others."""
    return signed(world, worded(world, too_many_requests().answer))


def signed(world: World, given: Answer) -> Answer:
    """Put the edge's request id on an answer."""
    headers = {**given.headers, "cf-ray": f"{world.ids.new_hex('cf-ray', 16)}-CDG"}
    return Answer(given.status, given.body, given.media_type, headers)
