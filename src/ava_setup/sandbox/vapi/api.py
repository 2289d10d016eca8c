"""Vapi's front door: the edge, the key, then the path (contract: vapi.md, Hosts, keys; Errors)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.sandbox.exchange import Answer, RefusalError, Route, find
from ava_setup.sandbox.vapi import assistants, calls, numbers
from ava_setup.sandbox.vapi.refusals import (
    INVALID_KEY,
    NO_HEADER,
    from_the_edge,
    not_found,
    unauthorized,
)

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


def _let_in(world: World, asked: Asked) -> None:
    agent = asked.header("user-agent").lower()
    if not agent or agent.startswith(_LIBRARIES):
        raise from_the_edge()
    header = asked.header("authorization")
    if not header:
        raise unauthorized(NO_HEADER)
    if header != f"Bearer {world.org.private_key}":
        raise unauthorized(INVALID_KEY)


def answer(world: World, asked: Asked) -> Answer:
    """Answer a request as Vapi would.

    Args:
        world: What the vendors hold; changed by a request that writes.
        asked: The request.

    Returns:
        What Vapi says, a refusal included.
    """
    world.settle()
    try:
        _let_in(world, asked)
        handler, places, _ = find(ROUTES, asked.method, asked.path)
        if handler is None:
            raise not_found(f"Cannot {asked.method} {asked.path}")
        given = handler(world, asked, **places)
    except RefusalError as refusal:
        given = refusal.answer
    return signed(world, given)


def signed(world: World, given: Answer) -> Answer:
    """Put the edge's request id on an answer."""
    headers = {**given.headers, "cf-ray": f"{world.ids.new_hex('cf-ray', 16)}-CDG"}
    return Answer(given.status, given.body, given.media_type, headers)
