"""Twilio's front door: the pair, the account, then the path (contract: twilio.md, Auth, Errors)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ava_setup.sandbox.exchange import Answer, RefusalError, Route, find
from ava_setup.sandbox.twilio import account, calls, numbers, offers
from ava_setup.sandbox.twilio.access import account_for, log_in, must_be_active, read_login
from ava_setup.sandbox.twilio.records import VERSION
from ava_setup.sandbox.twilio.refusals import not_authenticated, not_found, refused

if TYPE_CHECKING:
    from ava_setup.sandbox.exchange import Asked
    from ava_setup.sandbox.world import World

# The contract: keep two requests in flight per account; a third is turned away.
MAX_IN_FLIGHT = 2

_ROOT = f"/{VERSION}/Accounts/"
_ONE = _ROOT + "{account_sid}"
_NUMBERS = _ONE + "/IncomingPhoneNumbers"
_OFFERS = _ONE + "/AvailablePhoneNumbers"

ROUTES = (
    Route("GET", _ONE + ".json", account.show),
    Route("GET", _ONE + "/Balance.json", account.balance),
    Route("POST", _ONE + "/Keys.json", account.create_key),
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
_TOKEN_ONLY = (account.show, account.create_key)


def account_in(path: str) -> str:
    """Read the account's SID out of a path, empty when there is none."""
    return path.removeprefix(_ROOT).split("/")[0].removesuffix(".json") if _ROOT in path else ""


def _reply(world: World, asked: Asked) -> Answer:
    login = read_login(asked)
    log_in(world, login)
    handler, places, known = find(ROUTES, asked.method, asked.path)
    if handler is None:
        if known:
            raise refused(405, 20004, f"Method not allowed: {asked.method}")
        raise not_found(asked.path)
    entered = account_for(world, login, places.pop("account_sid"))
    if login.by_key and handler in _TOKEN_ONLY:
        raise not_authenticated()
    must_be_active(entered, reads_itself=handler == account.show)
    return handler(world, entered, asked, **places)


def answer(world: World, asked: Asked) -> Answer:
    """Answer a request as Twilio would, unless too many are in flight.

    Args:
        world: What the vendors hold; changed by a request that writes.
        asked: The request.

    Returns:
        What Twilio says, a refusal included.
    """
    world.settle()
    try:
        given = _reply(world, asked)
    except RefusalError as refusal:
        given = refusal.answer
    return signed(world, given)


def signed(world: World, given: Answer) -> Answer:
    """Put Twilio's request id on an answer."""
    headers = {**given.headers, "Twilio-Request-Id": f"RQ{world.ids.new_hex('request', 32)}"}
    return Answer(given.status, given.body, given.media_type, headers)
