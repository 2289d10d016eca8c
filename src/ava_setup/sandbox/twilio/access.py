"""Who may do what at Twilio (contract: twilio.md, Auth and Errors)."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ava_setup.sandbox.doors import TwilioRegion
from ava_setup.sandbox.exchange import RefusalError
from ava_setup.sandbox.quirks import Quirk
from ava_setup.sandbox.twilio.refusals import (
    invalid_username,
    not_active,
    not_authenticated,
    test_credentials,
)

if TYPE_CHECKING:
    from ava_setup.sandbox.exchange import Asked
    from ava_setup.sandbox.world import Account, World

_USERNAME = re.compile(r"(AC|SK)[0-9a-fA-F]{32}")


@dataclass(frozen=True, slots=True)
class Login:
    """A pair of HTTP Basic: account SID and token, or key SID and secret."""

    username: str
    password: str

    @property
    def by_key(self) -> bool:
        """Whether an API key logs in: a standard key sees neither the account nor the keys."""
        return self.username.startswith("SK")


def read_login(asked: Asked) -> Login:
    """Read the Basic header.

    Raises:
        RefusalError: 401, there is none, or it is not one.
    """
    scheme, _, value = asked.header("authorization").partition(" ")
    if scheme != "Basic":
        raise not_authenticated()
    try:
        username, colon, password = base64.b64decode(value, validate=True).decode().partition(":")
    except ValueError:
        raise not_authenticated() from None
    if not colon:
        raise not_authenticated()
    return Login(username, password)


def _account_of(world: World, region: TwilioRegion, login: Login) -> Account | None:
    for account in world.twilio[region].values():
        if login.by_key:
            key = account.keys.get(login.username)
            if key is not None and key["secret"] == login.password:
                return account
        elif login == Login(account.sid, account.record["auth_token"]):
            return account
    return None


def log_in(world: World, region: TwilioRegion, login: Login) -> Account:
    """Find the account that a pair belongs to; a pair is known in its own region only.

    Raises:
        RefusalError: 401 20003, or 403 20008 for the test pair.
    """
    if not _USERNAME.fullmatch(login.username):
        raise invalid_username()
    told = world.credentials
    if login == Login(told.test_account_sid, told.test_auth_token):
        raise test_credentials()
    account = _account_of(world, region, login)
    if account is None or (not account.active and Quirk.SUSPENDED_AS_401 in world.quirks):
        raise not_authenticated()
    return account


def account_for(world: World, region: TwilioRegion, login: Login, account_sid: str) -> Account:
    """Find the account that a path names, if the pair may enter it: its own, or a sub-account's.

    An API key enters its own account only (docs: twilio.com/docs/api/errors/20003).

    Raises:
        RefusalError: 401 20003 or 403 20008.
    """
    own = log_in(world, region, login)
    wanted = world.twilio[region].get(account_sid)
    if wanted is None:
        raise not_authenticated()
    owned = not login.by_key and own.sid == wanted.record["owner_account_sid"]
    if wanted.sid != own.sid and not owned:
        raise not_authenticated()
    return wanted


def must_be_active(world: World, account: Account, *, reads_itself: bool) -> None:
    """Refuse what a suspended account may not do; some may still be looked at.

    Raises:
        RefusalError: 403 20005.
    """
    shown = reads_itself and Quirk.SUSPENDED_AS_403 not in world.quirks
    if account.active or shown:
        return
    raise not_active()


def credentials_work(world: World, account_sid: str, login: Login) -> bool:
    """Whether somebody else, such as Vapi, can use these credentials on this account, in us1."""
    try:
        account = account_for(world, TwilioRegion.US1, login, account_sid)
        must_be_active(world, account, reads_itself=False)
    except RefusalError:
        return False
    return True
