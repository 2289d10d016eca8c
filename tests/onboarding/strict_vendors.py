"""Both vendors in memory, as strict as their contracts; they fail, and are meddled with, on order.

Unlike `fakes`, whose vendors do as one test scripts them: several organisations and accounts, and
a witness of each write. Who asks them comes by `strict_clients`.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import count
from typing import TYPE_CHECKING, Protocol, TypeVar

from ava_setup.onboarding.calls import Call
from ava_setup.onboarding.credentials import (
    AccountKind,
    AccountStatus,
)
from ava_setup.onboarding.errors import (
    Ambiguous,
    CredentialsRefused,
    ErrorCode,
    Evidence,
    RateLimited,
    Unreachable,
    Vendor,
    VendorDown,
    VendorError,
)
from ava_setup.onboarding.undo_steps import Holder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ava_setup.onboarding.assistant import Assistant
    from ava_setup.onboarding.number import TwilioNumber, VapiNumber
    from ava_setup.onboarding.state import Region
    from ava_setup.onboarding.undo_steps import Webhooks

T = TypeVar("T")

INBOUND = "https://api.vapi.ai/twilio/inbound_call"
STATUS = "https://api.vapi.ai/twilio/status"
PBX = "https://pbx.example/voice"


class Harm(StrEnum):
    """What goes wrong with a request, as the clients tell of it once they have given up."""

    REFUSED = "no connection"
    TOO_MANY = "429"
    UNAUTHORIZED = "401"
    DOWN_IDLE = "500 before the work"
    DOWN_DONE = "500 after the work"
    LOST_IDLE = "no answer, nothing done"
    LOST_DONE = "no answer, work done"
    LATE = "no answer, work done when nobody waits any more"
    NONSENSE = "work done, and nonsense for an answer"


_ACTS = frozenset({Harm.DOWN_DONE, Harm.LOST_DONE, Harm.NONSENSE})


@dataclass(frozen=True)
class Fault:
    """An order for harm.

    Attributes:
        aims: A request by name, "write" for any write, "" for any request at all.
        skip: How many such requests go well first.
        times: How many go wrong then.
    """

    harm: Harm
    aims: str = ""
    skip: int = 0
    times: int = 1


def _error(harm: Harm, vendor: Vendor) -> VendorError:
    match harm:
        case Harm.REFUSED:
            return Unreachable(ErrorCode.UNREACHABLE, vendor)
        case Harm.TOO_MANY:
            return RateLimited(vendor, evidence=Evidence(vendor, 429))
        case Harm.UNAUTHORIZED:
            return refused_key(vendor)
        case Harm.DOWN_IDLE | Harm.DOWN_DONE:
            return VendorDown(ErrorCode.VENDOR_DOWN, vendor, evidence=Evidence(vendor, 500))
        case Harm.NONSENSE:
            return Ambiguous(ErrorCode.UNINTELLIGIBLE, vendor)
        case _:
            return Ambiguous(ErrorCode.TIMED_OUT, vendor)


def refused_key(vendor: Vendor) -> CredentialsRefused:
    """Make the error of credentials that open nothing."""
    code = ErrorCode.VAPI_KEY_REFUSED if vendor is Vendor.VAPI else ErrorCode.TWILIO_REFUSED
    return CredentialsRefused(code, vendor, evidence=Evidence(vendor, 401))


def holder_of(record: VapiNumber) -> Holder:
    """Give what a number is linked to."""
    return Holder(record.assistant_id or "", record.squad_id or "", record.workflow_id or "")


@dataclass(frozen=True)
class Write:
    """A write that a vendor carries out, as things are right before it.

    Attributes:
        name: The request.
        org: The organisation at Vapi; "" for a write at Twilio.
        subject: Id of what is changed; for an import the number, for a creation its mark.
        assistant_id: The assistant that is linked, if one is.
        wanted: The telephone that is to ring when no assistant can be had.
        record: The phone number at Vapi, if it is one.
        at_twilio: The number at Twilio, if one is concerned.
        webhooks: What is written to it.
        assistant: The assistant that is changed, if one is.
    """

    name: str
    org: str
    subject: str
    assistant_id: str = ""
    wanted: str = ""
    record: VapiNumber | None = None
    at_twilio: TwilioNumber | None = None
    webhooks: Webhooks | None = None
    assistant: Assistant | None = None


@dataclass
class Org:
    """One organisation at Vapi.

    Attributes:
        made: Ids of what was made over this interface, gone or not.
    """

    id: str
    region: Region
    key: str
    assistants: dict[str, Assistant] = field(default_factory=dict)
    numbers: dict[str, VapiNumber] = field(default_factory=dict)
    calls: list[tuple[str, Call]] = field(default_factory=list)
    made: set[str] = field(default_factory=set)


@dataclass
class Account:
    """One account at Twilio, with one standard API key."""

    sid: str
    token: str
    key_sid: str = ""
    key_secret: str = ""
    status: AccountStatus = AccountStatus.ACTIVE
    kind: AccountKind = AccountKind.FULL
    numbers: dict[str, TwilioNumber] = field(default_factory=dict)


@dataclass(frozen=True)
class Quirks:
    """What some saw of the vendors and others did not (contract: vapi.md, Phone numbers).

    Attributes:
        masks: Lists hide the middle of numbers.
        empties: A deletion at Vapi empties the number's webhooks at Twilio.
        activation: How many reads a fresh number stays `activating` for.
        rewriting: How many reads it takes for a fresh number's webhooks to change.
    """

    masks: bool = False
    empties: bool = False
    activation: int = 0
    rewriting: int = 0


class Closable(Protocol):
    """What is open until it is closed."""

    async def aclose(self) -> None:
        """Close it."""
        ...


class Caller:
    """Whoever makes the requests; the end of its life is the end of what it can do.

    Attributes:
        dead: Whether its process was killed.
        sends_on: Whether what it has under way when it is cut short still arrives.
        clients: Those that are not closed.
    """

    def __init__(self) -> None:
        self.dead = False
        self.sends_on = False
        self.clients: set[Closable] = set()

    async def breathe(self) -> None:
        """Let others run; the dead never wake."""
        await asyncio.sleep(0)
        if self.dead:
            await asyncio.Event().wait()


class World:
    """Both world.

    Attributes:
        witness: Told of each write, right before it is carried out.
        meddled: Whether anybody else changed anything since `begin`.
    """

    def __init__(self, orgs: Iterable[Org], accounts: Iterable[Account], quirks: Quirks) -> None:
        self.orgs = {one.id: one for one in orgs}
        self.accounts = {one.sid: one for one in accounts}
        self.quirks = quirks
        self.used_elsewhere: set[str] = set()
        self.witness: Callable[[Write], None] = lambda _write: None
        self.meddled = False
        self._faults: list[tuple[Fault, list[int]]] = []
        self._coming: list[tuple[int, Callable[[], object]]] = []
        self._landing: list[Callable[[], object]] = []
        self._settling: dict[str, tuple[list[int], Callable[[], None]]] = {}
        self._ids = count(1)

    def new_id(self, kind: str) -> str:
        """Make an id that nothing ever had."""
        return f"{kind}-{next(self._ids)}"

    def moment(self) -> str:
        """Tell the time by Vapi's clock, which never stands still."""
        return f"2026-03-01T00:00:00.{next(self._ids):06}Z"

    # What goes wrong

    def arm(self, fault: Fault) -> None:
        """Have requests to come go wrong."""
        self._faults.append((fault, [fault.skip, fault.times]))

    def meddle(self, act: Callable[[], object], *, after: int = 0) -> None:
        """Have somebody else change something, now or when so many requests have passed."""

        def meddles() -> None:
            self.meddled = True
            act()

        self.happen(meddles, after=after)

    def happen(self, act: Callable[[], object], *, after: int) -> None:
        """Have something happen when so many requests have passed."""
        if after:
            self._coming.append((after, act))
        else:
            act()

    def mend(self) -> None:
        """Have nothing go wrong any more."""
        self._faults.clear()
        self._coming.clear()

    def begin(self) -> None:
        """Begin something new."""
        self.meddled = False

    def let_time_pass(self) -> None:
        """Have happen what was still to happen."""
        for land in self._landing:
            # A vendor may refuse it by now; nobody hears of that.
            with suppress(VendorError):
                land()
        self._landing.clear()
        for _left, settle in self._settling.values():
            settle()
        self._settling.clear()

    def settles(self, what: str, reads: int, act: Callable[[], None]) -> None:
        """Have something happen once it was looked at so many times; at once when that is 0."""
        if reads:
            self._settling[what] = ([reads], act)
        else:
            act()

    def looked_at(self, what: str) -> None:
        """Count a look at something that may be settling."""
        left, act = self._settling.get(what, ([0], lambda: None))
        left[0] -= 1
        if not left[0]:
            del self._settling[what]
            act()

    def _due(self, name: str, *, writes: bool) -> Harm | None:
        due: Harm | None = None
        for fault, left in self._faults:
            if fault.aims not in {"", name} and not (fault.aims == "write" and writes):
                continue
            if left[0]:
                left[0] -= 1
            elif left[1] and due is None:
                left[1] -= 1
                due = fault.harm
        return due

    def _pass_by(self) -> None:
        """Count a request towards what waits for it."""
        coming, self._coming = self._coming, []
        for left, act in coming:
            self.happen(act, after=left - 1)

    async def exchange(
        self, caller: Caller, vendor: Vendor, name: str, work: Callable[[], T], *, writes: bool
    ) -> T:
        """Take a request, and answer it, or not."""
        try:
            await caller.breathe()
        except asyncio.CancelledError:
            if writes and caller.sends_on:
                self._landing.append(work)
            raise
        self._pass_by()
        harm = self._due(name, writes=writes)
        if harm is None:
            answer = work()
            await caller.breathe()
            return answer
        if harm in _ACTS:
            work()
        elif harm is Harm.LATE and writes:
            self._landing.append(work)
        await caller.breathe()
        raise _error(harm, vendor)

    # What there is

    def account_of(self, number: str) -> Account | None:
        """Find the account that a number is in."""
        held = (one for one in self.accounts.values() if self.find(one, number))
        return next(held, None)

    @staticmethod
    def find(account: Account, number: str) -> TwilioNumber | None:
        """Find a number in an account."""
        return next((one for one in account.numbers.values() if one.number == number), None)

    def at_twilio(self, number: str) -> TwilioNumber | None:
        """Find a number at Twilio, whatever account it is in."""
        account = self.account_of(number)
        return self.find(account, number) if account else None

    def point(self, number: str, **fields: str) -> None:
        """Change a number at Twilio."""
        account = self.account_of(number)
        held = account and self.find(account, number)
        if account and held:
            account.numbers[held.sid] = replace(held, **fields)  # type: ignore[arg-type]

    def everything(self) -> dict[str, object]:
        """Give all that both vendors hold, dates apart."""
        numbers = {
            org.id: {key: replace(one, updated_at="") for key, one in org.numbers.items()}
            for org in self.orgs.values()
        }
        return {
            "assistants": {org.id: dict(org.assistants) for org in self.orgs.values()},
            "numbers": numbers,
            "twilio": {sid: dict(one.numbers) for sid, one in self.accounts.items()},
        }

    def is_answered(self, org: Org, phone_number_id: str, assistant_id: str) -> bool:
        """Whether a caller of a number hears an assistant."""
        record = org.numbers.get(phone_number_id)
        held = self.at_twilio(record.number) if record else None
        return (
            record is not None
            and held is not None
            and record.status == "active"
            and holder_of(record) == Holder(assistant_id)
            and assistant_id in org.assistants
            and (held.target.is_vapi and held.voice_method == "POST")
            and held.can_be_called
            and not (held.trunk_sid or held.application_sid)
        )

    def ring(self, number: str) -> bool:
        """Call a number; tells whether an assistant answered."""
        for org in self.orgs.values():
            for record in org.numbers.values():
                assistant_id = record.assistant_id or ""
                if record.number == number and self.is_answered(org, record.id, assistant_id):
                    now = self.moment()
                    call = Call(
                        id=self.new_id("call"),
                        kind="inboundPhoneCall",
                        status="ended",
                        created_at=now,
                        started_at=now,
                        caller="+33600000000",
                        assistant_id=assistant_id,
                    )
                    org.calls.append((record.id, call))
                    return True
        return False
