"""What was found at Twilio, in one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.onboarding.credentials import AccountKind, AccountStatus
from ava_setup.words import NOTHING, Text, _

if TYPE_CHECKING:
    from ava_setup.onboarding.credentials import TwilioAccount
    from ava_setup.onboarding.number import TwilioNumber

_STATUS = {
    AccountStatus.ACTIVE: _("active"),
    AccountStatus.SUSPENDED: _("suspended"),
    AccountStatus.CLOSED: _("closed"),
}


def found(account: TwilioAccount, numbers: tuple[TwilioNumber, ...] | None) -> Text:
    """Say whose account it is, how it stands, and how many numbers it has."""
    if account.status is AccountStatus.HIDDEN:
        whose = _("✓ Accepted (an API key does not show the account)")
    else:
        trial = account.kind is AccountKind.TRIAL
        whose = _(
            "{mark} {name}: {status}, {kind}",
            mark="!" if trial else "✓",
            name=account.name or account.sid,
            status=_STATUS[account.status],
            kind=_("trial, to be upgraded") if trial else _("full account"),
        )
    balance = _(" · balance {balance}", balance=account.left) if account.left else NOTHING
    count = len(numbers) if numbers is not None else -1
    if count < 0:
        many = NOTHING
    elif count == 1:
        many = _(" · 1 number")
    else:
        many = _(" · {count} numbers", count=count)
    return Text("{whose}{balance}{many}", (("whose", whose), ("balance", balance), ("many", many)))
