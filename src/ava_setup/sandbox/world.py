"""What both vendors hold: their records as plain JSON, and the credentials that open them."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ava_setup.sandbox.ids import iso, rfc2822

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from decimal import Decimal

    from ava_setup.sandbox.ids import Clock, Ids

Document = dict[str, Any]


class Quirk(StrEnum):
    """A vendor's oddity that was seen by some and not by others; a scenario switches it on.

    Source: contract, vapi.md, "Phone numbers" and "What an import does at Twilio".
    """

    PROVIDER_WANTED_IN_PATCH = "provider-wanted-in-patch"
    MASKED_LIST = "masked-list"
    WEBHOOK_NOT_WRITTEN = "webhook-not-written"


class Suspension(StrEnum):
    """How a suspended account shows itself (contract: twilio.md, end of Errors)."""

    SHOWN = "shown"
    NOT_AUTHENTICATED = "not-authenticated"
    NOT_ACTIVE = "not-active"


@dataclass(slots=True)
class Org:
    """One organisation at Vapi.

    Attributes:
        host: The host that Twilio must call for this organisation's region.
        org_id: The id on every record.
        private_key: The key that is accepted.
        public_key: The key that is refused, though it belongs to the organisation.
        assistants: Records by id.
        numbers: Records by id.
        calls: Records by id.
        squads: What a caller hears first, by squad id.
        workflows: What a caller hears first, by workflow id.
        used_elsewhere: Numbers in E.164 that another organisation holds.
    """

    host: str
    org_id: str
    private_key: str
    public_key: str
    assistants: dict[str, Document] = field(default_factory=dict)
    numbers: dict[str, Document] = field(default_factory=dict)
    calls: dict[str, Document] = field(default_factory=dict)
    squads: dict[str, str] = field(default_factory=dict)
    workflows: dict[str, str] = field(default_factory=dict)
    used_elsewhere: frozenset[str] = frozenset()

    def number_of(self, phone_number: str) -> Document | None:
        """Find the record of a number in E.164."""
        return next((n for n in self.numbers.values() if n.get("number") == phone_number), None)


@dataclass(slots=True)
class Account:
    """One account at Twilio.

    Attributes:
        record: The account as the API shows it, `auth_token` included.
        balance: In `currency`; None for a sub-account, which has none.
        currency: ISO 4217.
        suspension: How it answers while its status is not `active`.
        numbers: Incoming phone numbers by SID.
        applications: TwiML applications by SID.
        keys: Standard API keys by SID, `secret` included.
        addresses: Addresses by SID.
        bundles: SIDs of approved regulatory bundles.
        caller_ids: Verified outgoing caller ids by SID.
        trunks: SIDs of the SIP trunks that exist.
        calls: Calls by SID, oldest first.
        notifications: The debugger's entries, oldest first.
    """

    record: Document
    balance: Decimal | None
    currency: str = "USD"
    suspension: Suspension = Suspension.SHOWN
    numbers: dict[str, Document] = field(default_factory=dict)
    applications: dict[str, Document] = field(default_factory=dict)
    keys: dict[str, Document] = field(default_factory=dict)
    addresses: dict[str, Document] = field(default_factory=dict)
    bundles: frozenset[str] = frozenset()
    caller_ids: dict[str, Document] = field(default_factory=dict)
    trunks: frozenset[str] = frozenset()
    calls: dict[str, Document] = field(default_factory=dict)
    notifications: list[Document] = field(default_factory=list)

    @property
    def sid(self) -> str:
        """The account's SID."""
        return str(self.record["sid"])

    @property
    def active(self) -> bool:
        """Whether the account may do anything."""
        return bool(self.record["status"] == "active")

    def number_of(self, phone_number: str) -> Document | None:
        """Find the record of a number in E.164."""
        return next((n for n in self.numbers.values() if n["phone_number"] == phone_number), None)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the sandbox tells its user to log in with; a scenario may have rotated some of it."""

    vapi_key: str
    account_sid: str
    auth_token: str
    test_account_sid: str
    test_auth_token: str


@dataclass(slots=True)
class World:
    """Everything that a scenario sets up and that requests then change.

    Attributes:
        scenario: Its name.
        summary: What it is, in a sentence.
        clock: Where every date comes from.
        ids: Where every id comes from.
        credentials: What is announced.
        org: The organisation at Vapi.
        accounts: The accounts at Twilio, by SID.
        quirks: The oddities that are on.
        elsewhere: What a caller hears from web servers that are neither vendor's, by exact URL.
        call_seconds: How long an answered call lasts.
    """

    scenario: str
    summary: str
    clock: Clock
    ids: Ids
    credentials: Credentials
    org: Org
    accounts: dict[str, Account]
    quirks: frozenset[Quirk] = frozenset()
    elsewhere: dict[str, str] = field(default_factory=dict)
    call_seconds: float = 4.0
    _due: list[tuple[datetime, Callable[[], None]]] = field(default_factory=list)

    @property
    def phone_numbers(self) -> tuple[str, ...]:
        """The numbers of the announced account, in E.164."""
        account = self.accounts[self.credentials.account_sid]
        return tuple(number["phone_number"] for number in account.numbers.values())

    def stamps(self) -> Document:
        """Make `createdAt` and `updatedAt` for a new record at Vapi."""
        moment = iso(self.clock.tick())
        return {"createdAt": moment, "updatedAt": moment}

    def touch(self, record: Document) -> None:
        """Say that a record at Vapi was changed now."""
        record["updatedAt"] = iso(self.clock.tick())

    def dates(self) -> Document:
        """Make `date_created` and `date_updated` for a new record at Twilio."""
        moment = rfc2822(self.clock.tick())
        return {"date_created": moment, "date_updated": moment}

    def later(self, moment: datetime, happen: Callable[[], None]) -> None:
        """Let something happen at a moment to come, seen by the first request after it."""
        self._due.append((moment, happen))

    def settle(self) -> None:
        """Let everything happen whose moment has come."""
        now = self.clock.now()
        # What happens may itself bring on something that is due already.
        while ready := sorted((due for due in self._due if due[0] <= now), key=lambda due: due[0]):
            self._due.remove(ready[0])
            ready[0][1]()

    def state(self) -> Document:
        """Show everything that both vendors hold, as JSON that nothing else changes."""
        org = self.org
        shown = {
            "scenario": self.scenario,
            "vapi": {
                "orgId": org.org_id,
                "assistants": list(org.assistants.values()),
                "numbers": list(org.numbers.values()),
                "calls": list(org.calls.values()),
            },
            "twilio": {
                "accounts": [
                    {
                        "account": account.record,
                        "balance": None if account.balance is None else str(account.balance),
                        "numbers": list(account.numbers.values()),
                        "applications": list(account.applications.values()),
                        "keys": list(account.keys.values()),
                        "addresses": list(account.addresses.values()),
                        "caller_ids": list(account.caller_ids.values()),
                        "calls": list(account.calls.values()),
                        "notifications": account.notifications,
                    }
                    for account in self.accounts.values()
                ]
            },
        }
        return copy.deepcopy(shown)
