"""`routes.twilio.com`: in which region a number's calls are processed.

The contract only says that voice settings are per region. This is the vendor's *docs*
(twilio.com/docs/global-infrastructure/inbound-processing-region-api-phone-number, and the public
specification of Routes v2), and no more of them than one number's region. What is inferred: the
host has no region in its name, so that it knows the credentials of us1; and a number that nobody
ever routed has a record too.
"""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from ava_setup.sandbox.doors import TwilioRegion
from ava_setup.sandbox.exchange import Answer, RefusalError, Route
from ava_setup.sandbox.twilio import forms
from ava_setup.sandbox.twilio.access import log_in, must_be_active, read_login
from ava_setup.sandbox.twilio.api import handler_of, signed
from ava_setup.sandbox.twilio.refusals import invalid, not_found
from ava_setup.sandbox.worded import worded

if TYPE_CHECKING:
    from datetime import datetime

    from ava_setup.sandbox.exchange import Asked
    from ava_setup.sandbox.ids import Ids
    from ava_setup.sandbox.world import Account, Document, World

_PATH = "/v2/PhoneNumbers/{phone_number}"
_HOST = "https://routes.twilio.com"


def record(ids: Ids, account_sid: str, number: Document, region: TwilioRegion) -> Document:
    """Build the record of a number's region; dates are ISO 8601 here, unlike anywhere else."""
    phone_number = number["phone_number"]
    made = _iso(parsedate_to_datetime(number["date_created"]))
    return {
        "phone_number": phone_number,
        "url": _HOST + _PATH.format(phone_number=phone_number),
        "sid": ids.sid("QQ", phone_number),
        "account_sid": account_sid,
        "friendly_name": phone_number,
        "voice_region": region.value,
        "date_created": made,
        "date_updated": made,
    }


def _iso(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def _one(world: World, account: Account, asked: Asked, phone_number: str) -> Document:
    number = account.number_of(phone_number)
    if number is None:
        raise not_found(asked.path)
    known = world.routes.get(phone_number)
    return known or record(world.ids, account.sid, number, TwilioRegion.US1)


def _show(world: World, account: Account, asked: Asked, phone_number: str) -> Answer:
    return Answer(200, _one(world, account, asked, phone_number))


def _region(name: str, value: str) -> str:
    if value not in set(TwilioRegion):
        raise invalid(f"{name} is not valid: {value}")
    return value


def _change(world: World, account: Account, asked: Asked, phone_number: str) -> Answer:
    route = _one(world, account, asked, phone_number)
    sent = forms.read_form(asked, {"VoiceRegion": _region, "FriendlyName": forms.text})
    world.routes[phone_number] = {**route, **sent, "date_updated": _iso(world.clock.tick())}
    return Answer(200, world.routes[phone_number])


ROUTES = (Route("GET", _PATH, _show), Route("POST", _PATH, _change))


def _reply(world: World, asked: Asked) -> Answer:
    account = log_in(world, TwilioRegion.US1, read_login(asked))
    handler, places = handler_of(ROUTES, asked)
    must_be_active(world, account, reads_itself=False)
    return handler(world, account, asked, **places)


def answer(world: World, asked: Asked) -> Answer:
    """Answer a request as `routes.twilio.com` would; a change holds at once, not in five minutes.

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
        given = worded(world, refusal.answer)
    return signed(world, given)
