"""The account itself and what hangs on it: balance, keys, applications, addresses, caller ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.sandbox.exchange import Answer
from ava_setup.sandbox.quirks import Quirk
from ava_setup.sandbox.twilio import forms
from ava_setup.sandbox.twilio.paging import page_of
from ava_setup.sandbox.twilio.refusals import not_found, policy_failed

if TYPE_CHECKING:
    from ava_setup.sandbox.exchange import Asked
    from ava_setup.sandbox.world import Account, World


def list_all(world: World, account: Account, asked: Asked) -> Answer:
    """`GET /Accounts.json`: the account of the pair, and its sub-accounts, live tokens included.

    Not in the specification beside the contract (docs: twilio.com/docs/iam/api/account).
    """
    owned = [
        one.record
        for one in world.twilio[account.region].values()
        if account.sid in {one.sid, one.record["owner_account_sid"]}
    ]
    exact = {"FriendlyName": "friendly_name", "Status": "status"}
    found = [
        record
        for record in owned
        if all(asked.param(q) in {None, record[field]} for q, field in exact.items())
    ]
    return page_of(asked, "accounts", found)


def show(world: World, account: Account, asked: Asked) -> Answer:
    """`GET /Accounts/{AC}.json`: the live token is in it (contract: twilio.md, Auth)."""
    del world, asked
    return Answer(200, account.record)


def balance(world: World, account: Account, asked: Asked) -> Answer:
    """`GET …/Balance.json`: a string; a sub-account has none, and answers 404."""
    del world
    if account.balance is None:
        raise not_found(asked.path)
    amount = {"balance": str(account.balance), "currency": account.currency}
    return Answer(200, {"account_sid": account.sid, **amount})


def create_key(world: World, account: Account, asked: Asked) -> Answer:
    """`POST …/Keys.json`: 201, and the only sight of the secret."""
    if Quirk.KEY_POLICY in world.quirks:
        raise policy_failed()
    sent = forms.read_form(asked, {"FriendlyName": forms.text})
    sid = world.ids.new_sid("SK")
    key = {
        "sid": sid,
        "friendly_name": sent.get("friendly_name", ""),
        **world.dates(),
        "secret": world.ids.token(f"secret of {sid}"),
    }
    account.keys[sid] = key
    return Answer(201, key)


def list_keys(world: World, account: Account, asked: Asked) -> Answer:
    """`GET …/Keys.json`: without the secrets.

    Not in the specification beside the contract (docs: twilio.com/docs/iam/api-keys).
    """
    del world
    keys = [
        {name: value for name, value in key.items() if name != "secret"}
        for key in account.keys.values()
    ]
    return page_of(asked, "keys", keys)


def delete_key(world: World, account: Account, asked: Asked, key_sid: str) -> Answer:
    """`DELETE …/Keys/{SK}.json`: 204; the pair is refused from now on.

    Not in the specification beside the contract (docs: twilio.com/docs/iam/api-keys).
    """
    del world
    if account.keys.pop(key_sid, None) is None:
        raise not_found(asked.path)
    return Answer(204, None)


def application(world: World, account: Account, asked: Asked, application_sid: str) -> Answer:
    """`GET …/Applications/{AP}.json`."""
    del world
    record = account.applications.get(application_sid)
    if record is None:
        raise not_found(asked.path)
    return Answer(200, record)


def addresses(world: World, account: Account, asked: Asked) -> Answer:
    """`GET …/Addresses.json`."""
    del world
    wanted = asked.param("IsoCountry")
    found = [a for a in account.addresses.values() if wanted in {None, a["iso_country"]}]
    return page_of(asked, "addresses", found)


def caller_ids(world: World, account: Account, asked: Asked) -> Answer:
    """`GET …/OutgoingCallerIds.json`: the numbers that a trial account may call."""
    del world
    wanted = asked.param("PhoneNumber")
    found = [c for c in account.caller_ids.values() if wanted in {None, c["phone_number"]}]
    return page_of(asked, "outgoing_caller_ids", found)
