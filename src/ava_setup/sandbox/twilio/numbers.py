"""`IncomingPhoneNumbers` (contract: twilio.md, Endpoints; specification, form properties)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ava_setup.sandbox.exchange import Answer
from ava_setup.sandbox.quirks import Quirk
from ava_setup.sandbox.twilio import forms
from ava_setup.sandbox.twilio.offers import for_sale, offer_of
from ava_setup.sandbox.twilio.paging import page_of
from ava_setup.sandbox.twilio.records import incoming_number
from ava_setup.sandbox.twilio.refusals import invalid, not_found, refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ava_setup.sandbox.exchange import Asked
    from ava_setup.sandbox.twilio.offers import Offer
    from ava_setup.sandbox.world import Account, Document, World

_SHARED: Mapping[str, forms.Reader] = {
    "FriendlyName": forms.text,
    "VoiceUrl": forms.address,
    "VoiceMethod": forms.method,
    "VoiceFallbackUrl": forms.address,
    "VoiceFallbackMethod": forms.method,
    "VoiceApplicationSid": forms.sid("AP"),
    "VoiceCallerIdLookup": forms.truth,
    "VoiceReceiveMode": forms.receive_mode,
    "TrunkSid": forms.sid("TK"),
    "SmsUrl": forms.address,
    "SmsMethod": forms.method,
    "SmsFallbackUrl": forms.address,
    "SmsFallbackMethod": forms.method,
    "SmsApplicationSid": forms.sid("AP"),
    "StatusCallback": forms.address,
    "StatusCallbackMethod": forms.method,
    "ApiVersion": forms.unmodelled,
    "EmergencyStatus": forms.unmodelled,
    "EmergencyAddressSid": forms.unmodelled,
    "IdentitySid": forms.unmodelled,
}
_UPDATE = {
    **_SHARED,
    "AccountSid": forms.unmodelled,
    "AddressSid": forms.unmodelled,
    "BundleSid": forms.unmodelled,
}
_BUY = {
    **_SHARED,
    "PhoneNumber": forms.phone_number,
    "AreaCode": forms.unmodelled,
    "AddressSid": forms.sid("AD"),
    "BundleSid": forms.sid("BU"),
}
# Who answers a call: setting one of them lets go of the other (specification, `TrunkSid`).
_OWNERS = ("trunk_sid", "voice_application_sid")
_KINDS = {"Local": "local", "Mobile": "mobile", "TollFree": "toll-free"}


def _one(account: Account, asked: Asked, number_sid: str) -> Document:
    record = account.numbers.get(number_sid)
    if record is None:
        raise not_found(asked.path)
    return record


def _check_owners(account: Account, sent: Mapping[str, Any]) -> None:
    for field in ("voice_application_sid", "sms_application_sid"):
        wanted = sent.get(field)
        if wanted and wanted not in account.applications:
            raise invalid(f"The application {wanted} was not found", 21420)
    trunk = sent.get("trunk_sid")
    if trunk and trunk not in account.trunks:
        raise invalid(f"The trunk {trunk} was not found")
    if all(sent.get(owner) for owner in _OWNERS):
        raise invalid("TrunkSid and VoiceApplicationSid exclude each other")


def _write(record: Document, sent: Mapping[str, Any]) -> None:
    record.update(sent)
    for owner, other in (_OWNERS, reversed(_OWNERS)):
        if sent.get(owner):
            record[other] = None


def _matches(asked: Asked, record: Document) -> bool:
    wanted = asked.param("PhoneNumber")
    if wanted:
        pattern = re.escape(wanted).replace(r"\*", "[0-9]")
        if not re.search(pattern, record["phone_number"]):
            return False
    name = asked.param("FriendlyName")
    return not name or bool(record["friendly_name"] == name)


def _shown(world: World, record: Document) -> Document:
    if Quirk.UNSET_IS_NULL not in world.quirks:
        return record
    unset = {name: None for name, value in record.items() if value == "" and "url" in name}
    status = {} if record["status_callback"] else {"status_callback": None}
    return {**record, **unset, **status}


def list_all(world: World, account: Account, asked: Asked) -> Answer:
    """`GET …/IncomingPhoneNumbers.json`: `PhoneNumber` is a partial filter."""
    found = [
        _shown(world, record) for record in account.numbers.values() if _matches(asked, record)
    ]
    return page_of(asked, "incoming_phone_numbers", found)


def list_kind(world: World, account: Account, asked: Asked, kind: str) -> Answer:
    """`GET …/IncomingPhoneNumbers/{Local|Mobile|TollFree}.json`; records lack `type` there."""
    found = [
        {name: value for name, value in _shown(world, record).items() if name != "type"}
        for record in account.numbers.values()
        if record["type"] == _KINDS[kind] and _matches(asked, record)
    ]
    return page_of(asked, "incoming_phone_numbers", found)


def show(world: World, account: Account, asked: Asked, number_sid: str) -> Answer:
    """`GET …/IncomingPhoneNumbers/{PN}.json`."""
    return Answer(200, _shown(world, _one(account, asked, number_sid)))


def change(world: World, account: Account, asked: Asked, number_sid: str) -> Answer:
    """`POST …/IncomingPhoneNumbers/{PN}.json`: writes what is sent, 200."""
    record = _one(account, asked, number_sid)
    sent = forms.read_form(asked, _UPDATE)
    _check_owners(account, sent)
    _write(record, sent)
    record["date_updated"] = world.dates()["date_updated"]
    return Answer(200, _shown(world, record))


def _check_rules(account: Account, offer: Offer, sent: Mapping[str, Any]) -> None:
    if offer.address == "none":
        return
    if not sent.get("address_sid"):
        raise invalid("Phone Number Requires an Address but the 'AddressSid' was empty", 21631)
    if sent["address_sid"] not in account.addresses:
        raise invalid("Phone Number Requires a valid Address", 21615)
    if sent.get("bundle_sid") not in account.bundles:
        raise invalid("Bundle required", 21649)


def buy(world: World, account: Account, asked: Asked) -> Answer:
    """`POST …/IncomingPhoneNumbers.json`: 201, and costs a month's rent.

    The contract does not know what an empty balance answers: 400 here.
    """
    sent = forms.read_form(asked, _BUY)
    number = sent.pop("phone_number", None)
    if not isinstance(number, str):
        raise invalid("PhoneNumber is required", 21421)
    _check_owners(account, sent)
    if account.record["type"] == "Trial" and account.numbers:
        raise refused(400, 21404, "Trial accounts are allowed only one Twilio number")
    offer = offer_of(number)
    if offer is None or not for_sale(world, number):
        raise invalid(f"{number} is not available", 21422)
    _check_rules(account, offer, sent)
    if account.balance is not None:
        if account.balance < offer.price:
            raise invalid("The balance does not cover this number")
        account.balance -= offer.price
    record = _new(world, account, number, offer)
    _write(record, sent)
    return Answer(201, _shown(world, record))


def _new(world: World, account: Account, number: str, offer: Offer) -> Document:
    """Give every region a record of a bought number: it points nowhere in any of them."""
    sid = world.ids.new_sid("PN")
    dates = world.dates()
    for accounts in world.twilio.values():
        if account.sid in accounts:
            record = incoming_number(
                account.sid,
                sid,
                number,
                kind=_KINDS[offer.kind],
                capabilities={},
                dates=dates,
            )
            record["address_requirements"] = offer.address
            accounts[account.sid].numbers[sid] = record
    return account.numbers[sid]
