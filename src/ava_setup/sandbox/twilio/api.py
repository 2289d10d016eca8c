"""Twilio's front door: the pair, the account, then the path (contract: twilio.md, Auth, Errors)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ava_setup.sandbox.doors import TwilioRegion
from ava_setup.sandbox.exchange import Answer, RefusalError, Route, find
from ava_setup.sandbox.quirks import Quirk
from ava_setup.sandbox.twilio import account, calls, numbers, offers
from ava_setup.sandbox.twilio.access import account_for, log_in, must_be_active, read_login
from ava_setup.sandbox.twilio.records import VERSION
from ava_setup.sandbox.twilio.refusals import (
    no_permission,
    not_authenticated,
    not_found,
    refused,
    too_many_requests,
)
from ava_setup.sandbox.worded import worded

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ava_setup.sandbox.exchange import Asked
    from ava_setup.sandbox.world import World

# The contract: keep two requests in flight per account; a third is turned away.
MAX_IN_FLIGHT = 2

_ROOT = f"/{VERSION}/Accounts/"
_ONE = _ROOT + "{account_sid}"
_NUMBERS = _ONE + "/IncomingPhoneNumbers"
_OFFERS = _ONE + "/AvailablePhoneNumbers"

ROUTES = (
    Route("GET", f"/{VERSION}/Accounts.json", account.list_all),
    Route("GET", _ONE + ".json", account.show),
    Route("GET", _ONE + "/Balance.json", account.balance),
    Route("GET", _ONE + "/Keys.json", account.list_keys),
    Route("POST", _ONE + "/Keys.json", account.create_key),
    Route("DELETE", _ONE + "/Keys/{key_sid}.json", account.delete_key),
    Route("GET", _ONE + "/Applications/{application_sid}.json", account.application),
    Route("GET", _ONE + "/Addresses.json", account.addresses),
    Route("GET", _ONE + "/OutgoingCallerIds.json", account.caller_ids),
    Route("GET", _NUMBERS + ".json", numbers.list_all),
    Route("POST", _NUMBERS + ".json", numbers.buy),
    *(
        Route("GET", f"{_NUMBERS}/{kind}.json", partial(numbers.list_kind, kind=kind))
        for kind in ("Local", "Mobile", "TollFree")
    ),
    Route("GET", _NUMBERS + "/{number_sid}.json", numbers.show),
    Route("POST", _NUMBERS + "/{number_sid}.json", numbers.change),
    Route("GET", _OFFERS + ".json", offers.countries),
    Route("GET", _OFFERS + "/{country_code}.json", offers.country),
    *(
        Route(
            "GET", f"{_OFFERS}/{{country_code}}/{kind}.json", partial(offers.available, kind=kind)
        )
        for kind in ("Local", "Mobile", "TollFree")
    ),
    Route("GET", _ONE + "/Calls.json", calls.list_all),
    Route("GET", _ONE + "/Calls/{call_sid}/Notifications.json", calls.notifications_of),
    Route("GET", _ONE + "/Notifications.json", calls.notifications),
)
# What a standard key may not touch (contract: twilio.md, Auth).
_TOKEN_ONLY = (
    account.list_all,
    account.show,
    account.list_keys,
    account.create_key,
    account.delete_key,
)
_FOR_RESTRICTED_KEYS = (numbers.list_all, numbers.show)


def account_in(path: str) -> str:
    """Read the account's SID out of a path, empty when there is none."""
    return path.removeprefix(_ROOT).split("/")[0].removesuffix(".json") if _ROOT in path else ""


def _check_key(world: World, asked: Asked, handler: Callable[..., Answer]) -> None:
    hidden = handler == account.balance and Quirk.BALANCE_HIDDEN_FROM_KEYS in world.quirks
    if hidden or handler in _TOKEN_ONLY:
        raise not_authenticated()
    if Quirk.RESTRICTED_KEYS in world.quirks and handler not in _FOR_RESTRICTED_KEYS:
        raise no_permission(401 if asked.method == "GET" else 403)


def handler_of(
    routes: Sequence[Route], asked: Asked
) -> tuple[Callable[..., Answer], dict[str, str]]:
    """Find who answers a request, and the named places of its path.

    Raises:
        RefusalError: 404 or 405, nobody does.
    """
    handler, places, known = find(routes, asked.method, asked.path)
    if handler is None:
        if known:
            raise refused(405, 20004, f"Method not allowed: {asked.method}")
        raise not_found(asked.path)
    return handler, places


def _reply(world: World, region: TwilioRegion, asked: Asked) -> Answer:
    login = read_login(asked)
    own = log_in(world, region, login)
    handler, places = handler_of(ROUTES, asked)
    entered = account_for(world, region, login, places.pop("account_sid", own.sid))
    if login.by_key:
        _check_key(world, asked, handler)
    reads_itself = handler in {account.show, account.list_all}
    must_be_active(world, entered, reads_itself=reads_itself)
    return handler(world, entered, asked, **places)


def answer(world: World, asked: Asked, region: TwilioRegion = TwilioRegion.US1) -> Answer:
    """Answer a request as Twilio would, unless too many are in flight.

    Args:
        world: What the vendors hold; changed by a request that writes.
        asked: The request.
        region: Whose host was asked.

    Returns:
        What Twilio says, a refusal included.
    """
    world.settle()
    try:
        given = _reply(world, region, asked)
    except RefusalError as refusal:
        given = worded(world, refusal.answer)
    return signed(world, given)


def turned_away(world: World) -> Answer:
    """Answer a request that came while too many were under way."""
    return signed(world, worded(world, too_many_requests().answer))


def signed(world: World, given: Answer) -> Answer:
    """Put Twilio's request id on an answer."""
    headers = {**given.headers, "Twilio-Request-Id": f"RQ{world.ids.new_hex('request', 32)}"}
    return Answer(given.status, given.body, given.media_type, headers)
