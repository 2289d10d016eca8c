"""What both vendors hold: their records as plain JSON, and the credentials that open them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ava_setup.sandbox.doors import TwilioRegion, VapiRegion
from ava_setup.sandbox.ids import iso, rfc2822
from ava_setup.sandbox.quirks import Quirk

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from decimal import Decimal

    from ava_setup.sandbox.ids import Clock, Ids

__all__ = ["Account", "Credentials", "Document", "Org", "Quirk", "World"]

Document = dict[str, Any]


@dataclass(slots=True)
class Org:
    """One organisation at Vapi.

    Attributes:
        region: Where it lives; the other region knows nothing of it.
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

    region: VapiRegion
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
    """One account at Twilio, as one region has it.

    Attributes:
        record: The account as the API shows it, the region's own `auth_token` included.
        balance: In `currency`; None for a sub-account, which has none.
        region: Where these credentials are good, and these settings hold.
        currency: ISO 4217.
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
    region: TwilioRegion = TwilioRegion.US1
    currency: str = "USD"
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
        """The account's SID: the same in every region."""
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
        number: The number that the scenario is about, in E.164.
        clock: Where every date comes from.
        ids: Where every id comes from.
        credentials: What is announced.
        org: The organisation at Vapi.
        twilio: The accounts at Twilio by SID, as each region has them.
        routes: In which region each number's calls are processed, by E.164: Twilio's records.
        quirks: The oddities that are on.
        elsewhere: What a caller hears from web servers that are neither vendor's, by exact URL.
        call_seconds: How long an answered call lasts.
        requests_to_vapi: How many came while every second one is turned away.
    """

    scenario: str
    summary: str
    number: str
    clock: Clock
    ids: Ids
    credentials: Credentials
    org: Org
    twilio: dict[TwilioRegion, dict[str, Account]]
    routes: dict[str, Document] = field(default_factory=dict)
    quirks: frozenset[Quirk] = frozenset()
    elsewhere: dict[str, str] = field(default_factory=dict)
    call_seconds: float = 4.0
    requests_to_vapi: int = 0
    _due: list[tuple[datetime, Callable[[], None]]] = field(default_factory=list)

    @property
    def accounts(self) -> dict[str, Account]:
        """The accounts as Twilio's own region, us1, has them: the one that Vapi talks to."""
        return self.twilio[TwilioRegion.US1]

    @property
    def phone_numbers(self) -> tuple[str, ...]:
        """The numbers of the announced account, in E.164."""
        account = self.accounts[self.credentials.account_sid]
        return tuple(number["phone_number"] for number in account.numbers.values())

    def processed_in(self, phone_number: str) -> TwilioRegion:
        """Say in which of Twilio's regions a number's calls are processed."""
        route = self.routes.get(phone_number)
        return TwilioRegion(route["voice_region"]) if route else TwilioRegion.US1

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
