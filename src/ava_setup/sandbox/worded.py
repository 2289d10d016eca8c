"""How refusals are worded: each vendor's own form, or what an oddity makes of it."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from ava_setup.sandbox.quirks import Quirk

if TYPE_CHECKING:
    from ava_setup.sandbox.exchange import Answer
    from ava_setup.sandbox.world import World

_PAGE = "<!DOCTYPE html>\n<html><head><title>{title}</title></head><body></body></html>\n"
_LATER_S = 1


def web_page(given: Answer) -> Answer:
    """Put a web page in the place of an answer, as edges and proxies do."""
    title = f"{given.status} {HTTPStatus(given.status).phrase}"
    return replace(given, body=_PAGE.format(title=title), media_type="text/html")


def worded(world: World, given: Answer) -> Answer:
    """Word a refusal as the world's quirks have it; `statusCode` tells Vapi's from Twilio's."""
    quirks = world.quirks
    if given.status == HTTPStatus.TOO_MANY_REQUESTS and Quirk.RETRY_AFTER in quirks:
        given = replace(given, headers={**given.headers, "Retry-After": str(_LATER_S)})
    if Quirk.WEB_PAGE_ERRORS in quirks:
        return web_page(given)
    if not isinstance(given.body, dict) or "statusCode" not in given.body:
        return given
    body = given.body
    if Quirk.LISTED_MESSAGES in quirks and isinstance(body["message"], str):
        body = {**body, "message": [body["message"]]}
    if Quirk.BARE_ERRORS in quirks:
        body = {"message": body["message"]}
    return replace(given, body=body)
