"""Who may do what at Twilio (contract: twilio.md, Auth and Errors)."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ava_setup.sandbox.exchange import RefusalError
from ava_setup.sandbox.twilio.refusals import (
    invalid_username,
    not_active,
    not_authenticated,
    test_credentials,
)
from ava_setup.sandbox.world import Suspension

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


def _account_of(world: World, login: Login) -> Account | None:
    for account in world.accounts.values():
        if login.by_key:
            key = account.keys.get(login.username)
            if key is not None and key["secret"] == login.password:
                return account
        elif login == Login(account.sid, account.record["auth_token"]):
            return account
    return None


def log_in(world: World, login: Login) -> Account:
    """Find the account that a pair belongs to.

    Raises:
        RefusalError: 401 20003, or 403 20008 for the test pair.
    """
    if not _USERNAME.fullmatch(login.username):
        raise invalid_username()
    told = world.credentials
    if login == Login(told.test_account_sid, told.test_auth_token):
        raise test_credentials()
    account = _account_of(world, login)
    if account is None or (
        not account.active and account.suspension is Suspension.NOT_AUTHENTICATED
    ):
        raise not_authenticated()
    return account


def account_for(world: World, login: Login, account_sid: str) -> Account:
    """Find the account that a path names, if the pair may enter it: its own, or a sub-account's.

    Raises:
        RefusalError: 401 20003 or 403 20008.
    """
    own = log_in(world, login)
    wanted = world.accounts.get(account_sid)
    if wanted is None or own.sid not in {wanted.sid, wanted.record["owner_account_sid"]}:
        raise not_authenticated()
    return wanted


def must_be_active(account: Account, *, reads_itself: bool) -> None:
    """Refuse what a suspended account may not do; some may still be looked at.

    Raises:
        RefusalError: 403 20005.
    """
    if account.active or (reads_itself and account.suspension is Suspension.SHOWN):
        return
    raise not_active()


def credentials_work(world: World, account_sid: str, login: Login) -> bool:
    """Whether somebody else, such as Vapi, can use these credentials on this account."""
    try:
        must_be_active(account_for(world, login, account_sid), reads_itself=False)
    except RefusalError:
        return False
    return True
