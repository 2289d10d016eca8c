"""Numbers for sale (contract: twilio.md, Endpoints and Errors 20404, 21422)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from ava_setup.sandbox.exchange import Answer
from ava_setup.sandbox.twilio.paging import page_of
from ava_setup.sandbox.twilio.records import uri_of
from ava_setup.sandbox.twilio.refusals import not_found

if TYPE_CHECKING:
    from ava_setup.sandbox.exchange import Asked
    from ava_setup.sandbox.world import Account, Document, World


@dataclass(frozen=True, slots=True)
class Offer:
    """A run of numbers that one country sells, from ranges kept for fiction.

    Attributes:
        country: ISO 3166-1 alpha-2.
        country_name: In English.
        kind: `Local`, `Mobile` or `TollFree`, as in the path.
        stem: The numbers' beginning in E.164; two digits follow.
        locality: Where they ring, or None.
        address: The vendor's `address_requirements`.
        price: A month's rent in the account's currency.
    """

    country: str
    country_name: str
    kind: str
    stem: str
    locality: str | None
    address: str
    price: Decimal

    @property
    def numbers(self) -> list[str]:
        """Every number of the run."""
        return [f"{self.stem}{i:02}" for i in range(20, 60)]


OFFERS = (
    Offer("FR", "France", "Local", "+331990071", "Paris", "any", Decimal("1.15")),
    Offer("GB", "United Kingdom", "Local", "+4420794605", "London", "none", Decimal("1.15")),
    Offer("US", "United States", "Local", "+121255501", "New York", "none", Decimal("1.15")),
    Offer("US", "United States", "TollFree", "+180055501", None, "none", Decimal("2.15")),
    Offer("CA", "Canada", "Local", "+151455501", "Montreal", "none", Decimal("1.15")),
)


def offer_of(phone_number: str) -> Offer | None:
    """Find the run that a number belongs to."""
    return next((offer for offer in OFFERS if phone_number in offer.numbers), None)


def _taken(world: World) -> set[str]:
    return {n["phone_number"] for a in world.accounts.values() for n in a.numbers.values()}


def for_sale(world: World, phone_number: str) -> bool:
    """Whether a number can be bought now."""
    return offer_of(phone_number) is not None and phone_number not in _taken(world)


def _record(offer: Offer, number: str) -> Document:
    return {
        "friendly_name": number,
        "phone_number": number,
        "lata": None,
        "locality": offer.locality,
        "rate_center": None,
        "latitude": None,
        "longitude": None,
        "region": None,
        "postal_code": None,
        "iso_country": offer.country,
        "address_requirements": offer.address,
        "beta": False,
        "capabilities": {"voice": True, "sms": True, "mms": False, "fax": False},
    }


def _country(account: Account, code: str) -> Document:
    offers = [offer for offer in OFFERS if offer.country == code]
    names = {"Local": "local", "Mobile": "mobile", "TollFree": "toll_free"}
    return {
        "country_code": code,
        "country": offers[0].country_name,
        "uri": uri_of(account.sid, "AvailablePhoneNumbers", code),
        "beta": False,
        "subresource_uris": {
            names[offer.kind]: uri_of(account.sid, "AvailablePhoneNumbers", code, offer.kind)
            for offer in offers
        },
    }


def countries(world: World, account: Account, asked: Asked) -> Answer:
    """`GET …/AvailablePhoneNumbers.json`: where numbers are sold."""
    del world
    codes = sorted({offer.country for offer in OFFERS})
    return Answer(200, {"countries": [_country(account, c) for c in codes], "uri": asked.path})


def country(world: World, account: Account, asked: Asked, country_code: str) -> Answer:
    """`GET …/AvailablePhoneNumbers/{CC}.json`: what one country sells."""
    del world
    if all(offer.country != country_code for offer in OFFERS):
        raise not_found(asked.path)
    return Answer(200, _country(account, country_code))


def available(world: World, account: Account, asked: Asked, country_code: str, kind: str) -> Answer:
    """`GET …/AvailablePhoneNumbers/{CC}/{Local|Mobile|TollFree}.json`: an unoffered pair is 404."""
    del account
    offers = [o for o in OFFERS if (o.country, o.kind) == (country_code, kind)]
    if not offers:
        raise not_found(asked.path)
    taken = _taken(world)
    shown = [_record(o, n) for o in offers for n in o.numbers if n not in taken]
    contains = asked.param("Contains")
    if contains:
        pattern = re.escape(contains).replace(r"\*", "[0-9]")
        shown = [record for record in shown if re.search(pattern, record["phone_number"])]
    area = asked.param("AreaCode")
    if area:
        shown = [r for r in shown if re.match(rf"\+1{re.escape(area)}", r["phone_number"])]
    page = page_of(asked, "available_phone_numbers", shown, by="phone_number")
    # Numbers for sale are given a page at a time, and never a way to a second one.
    return Answer(200, {**page.body, "next_page_uri": None})
