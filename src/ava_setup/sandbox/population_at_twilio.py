"""What a scenario's file says of Twilio."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.sandbox.doors import TwilioRegion
from ava_setup.sandbox.twilio import records, routing
from ava_setup.sandbox.world import Account

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ava_setup.sandbox.beginnings import Beginnings
    from ava_setup.sandbox.scenarios.format import AccountSeed, FailureSeed, TwilioNumberSeed
    from ava_setup.sandbox.world import Document


def token_name(account: str, region: TwilioRegion) -> str:
    """Name the token of an account in a region: each region has its own."""
    return account if region is TwilioRegion.US1 else f"{account}/{region}"


def accounts(
    begin: Beginnings, seed: AccountSeed, name: str, region: TwilioRegion
) -> dict[str, Account]:
    """Build an account and its sub-accounts by SID, as a region has them.

    Only us1 has applications, trunks and failed calls; numbers are in every region, and point
    somewhere else in each.
    """
    main = _account(begin, seed, name, region, None)
    owned = [
        _account(begin, sub, f"sub{i}", region, main.sid)
        for i, sub in enumerate(seed.subaccounts, 1)
    ]
    return {account.sid: account for account in (main, *owned)}


def routes(
    begin: Beginnings, seed: AccountSeed, built: Mapping[str, Account]
) -> dict[str, Document]:
    """Build the records of where numbers are processed, by number in E.164."""
    seeds = [*seed.numbers, *(number for sub in seed.subaccounts for number in sub.numbers)]
    wanted = {
        number: seed.voice_region
        for seed in seeds
        if seed.voice_region is not TwilioRegion.US1
        for number in _row(seed)
    }
    return {
        number["phone_number"]: routing.record(
            begin.ids, account.sid, number, wanted[number["phone_number"]]
        )
        for account in built.values()
        for number in account.numbers.values()
        if number["phone_number"] in wanted
    }


def _account(
    begin: Beginnings, seed: AccountSeed, name: str, region: TwilioRegion, owner: str | None
) -> Account:
    ids = begin.ids
    sid = ids.sid("AC", name)
    record = records.account(
        sid,
        ids.token(token_name(name, region)),
        name=seed.name,
        kind=seed.type,
        status=seed.status,
        owner=owner or sid,
        dates=begin.dates(100),
    )
    account = Account(record, None if owner else seed.balance, region, seed.currency)
    for number in seed.numbers:
        for one in _numbers(begin, sid, number, region):
            account.numbers[one["sid"]] = one
    if region is TwilioRegion.US1:
        _settle_in(begin, account, seed)
    return account


def _settle_in(begin: Beginnings, account: Account, seed: AccountSeed) -> None:
    ids = begin.ids
    account.trunks = frozenset(ids.sid("TK", n.trunk) for n in seed.numbers if n.trunk)
    for label, where in seed.applications.items():
        app = ids.sid("AP", label)
        account.applications[app] = records.application(
            account.sid, app, label, begin.url(where), begin.dates(50)
        )
    for failure in sorted(seed.failures, key=lambda one: -one.minutes_ago):
        _fail(begin, account, failure)


def _row(seed: TwilioNumberSeed) -> list[str]:
    return [f"+{int(seed.number) + i}" for i in range(seed.count)]


def _numbers(
    begin: Beginnings, account_sid: str, seed: TwilioNumberSeed, region: TwilioRegion
) -> Iterator[Document]:
    ids = begin.ids
    at_home = region is TwilioRegion.US1
    points_at = seed.points_at if at_home else seed.elsewhere.get(region, "nothing")
    for number in _row(seed):
        record = records.incoming_number(
            account_sid,
            ids.sid("PN", number),
            number,
            kind=seed.kind,
            capabilities={"voice": seed.voice, "fax": seed.fax},
            dates=begin.dates(40),
        )
        record.update(
            voice_url=begin.url(points_at),
            voice_method=seed.method,
            status_callback=f"{begin.webhooks}/status" if points_at == "vapi" else "",
        )
        if at_home:
            record.update(
                voice_fallback_url=begin.url(seed.falls_back_to),
                voice_receive_mode="fax" if seed.fax else "voice",
                voice_application_sid=seed.application and ids.sid("AP", seed.application),
                trunk_sid=seed.trunk and ids.sid("TK", seed.trunk),
                sms_url=seed.sms_url,
            )
        yield record


def _fail(begin: Beginnings, account: Account, seed: FailureSeed) -> None:
    number = account.number_of(seed.number)
    if number is None:
        raise ValueError(f"a failed call to {seed.number}, which the account does not have")
    ids, dates = begin.ids, begin.dates(minutes_ago=seed.minutes_ago)
    name = f"{seed.number}/{seed.minutes_ago}"
    call = records.call(
        account.sid,
        ids.sid("CA", name),
        caller=seed.caller,
        called=seed.number,
        phone_number_sid=number["sid"],
        direction="inbound",
        dates=dates,
    )
    moment = dates["date_created"]
    call.update(status="completed", end_time=moment, duration="0", price="-0.0085")
    account.calls[call["sid"]] = call
    account.notifications.append(
        records.notification(
            account.sid,
            ids.sid("NO", name),
            call["sid"],
            code=seed.code,
            text=seed.text,
            url=begin.url(seed.url),
            method="POST",
            dates=dates,
        )
    )
