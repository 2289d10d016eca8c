"""Faults on order: which requests go wrong, in which way, and how often."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ava_setup.sandbox.doors import DOORS, Door, Vendor
from ava_setup.sandbox.exchange import Route

if TYPE_CHECKING:
    from ava_setup.sandbox.exchange import Answer, Asked


class Kind(StrEnum):
    """What goes wrong.

    Attributes:
        SHUT: The request's connection and all others of the vendor's region are reset, nothing is
            processed, and for `seconds` its port refuses every new connection, as a port does on
            which nobody listens. The port of Vapi's US carries the sandbox's own controls too.
        RESET: The connection is reset instead of an answer.
        RESET_MID_BODY: The answer's head and half of its body come, then the connection is reset.
        TIMEOUT: No answer comes for as long as the client keeps the connection.
        ERROR: 500, in the vendor's own form.
        BAD_GATEWAY: 502 with a web page.
        TOO_MANY: 429 in the vendor's own form, with `Retry-After` when `retry_after` is given.
        UNAUTHORIZED: 401, as if the credentials had just been revoked.
        TRUNCATED: The true status, and half of the JSON as if it were all.
        WRONG_TYPES: Each of `fields` (all, when none are named) has a value of another type.
        LONG_BODY: The true JSON, followed by blanks to more than 10 MB.
        EXTRA_FIELDS: Every object has fields that no specification knows.
        MISSING_FIELDS: `fields` (all, when none are named) are not in the answer.
    """

    SHUT = "shut"
    RESET = "reset"
    RESET_MID_BODY = "reset_mid_body"
    TIMEOUT = "timeout"
    ERROR = "error"
    BAD_GATEWAY = "bad_gateway"
    TOO_MANY = "too_many"
    UNAUTHORIZED = "unauthorized"
    TRUNCATED = "truncated"
    WRONG_TYPES = "wrong_types"
    LONG_BODY = "long_body"
    EXTRA_FIELDS = "extra_fields"
    MISSING_FIELDS = "missing_fields"


_TURNED_AWAY = frozenset({Kind.SHUT, Kind.TOO_MANY, Kind.UNAUTHORIZED})
# Nobody can see from outside whether the work was done: the order says.
_EITHER = frozenset({Kind.RESET, Kind.TIMEOUT, Kind.ERROR, Kind.BAD_GATEWAY})
_BELONGS = {
    "acted": _EITHER,
    "retry_after": frozenset({Kind.TOO_MANY}),
    "seconds": frozenset({Kind.SHUT}),
    "fields": frozenset({Kind.WRONG_TYPES, Kind.MISSING_FIELDS}),
}


class Fault(BaseModel):
    """One order.

    Attributes:
        vendor: Whose requests.
        region: At which of the vendor's hosts (`us`, `eu`; `us1`, `ie1`, `au1`, `routes`); None for
            all.
        method: Of which method.
        path: Of which path, places in braces: `/assistant/{id}`, `/2010-04-01/Accounts/{sid}.json`.
        query: Parameters that the query must have (true) or must not have (false).
        skip: How many such requests go well first.
        every: Of how many such requests one goes wrong then, the last of them.
        times: How many go wrong then; None for all.
        kind: What goes wrong.
        acted: Whether the vendor does the work all the same (`reset`, `timeout`, `error`,
            `bad_gateway`).
        retry_after: Seconds that a 429 asks to wait.
        seconds: How long a port stays shut.
        fields: Which fields are of the wrong type or missing, at any depth.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    vendor: Vendor
    region: str | None = None
    method: Literal["GET", "POST", "PATCH", "DELETE"]
    path: str = Field(pattern=r"^/[^?#]*$")
    query: dict[str, bool] = Field(default_factory=dict)
    skip: int = Field(default=0, ge=0)
    every: int = Field(default=1, ge=1)
    times: int | None = Field(default=1, ge=1)
    kind: Kind
    acted: bool = False
    retry_after: int | None = Field(default=None, ge=0, le=3600)
    seconds: float = Field(default=1.0, gt=0, le=60)
    fields: frozenset[str] = frozenset()

    @model_validator(mode="after")
    def _belongs_together(self) -> Self:
        if self.region is not None and Door(self.vendor, self.region) not in DOORS:
            raise ValueError(f"{self.vendor} has no region {self.region}")
        for name, kinds in _BELONGS.items():
            if name in self.model_fields_set and self.kind not in kinds:
                raise ValueError(f"{name} means nothing for {self.kind.value}")
        return self

    @property
    def lets_the_vendor_act(self) -> bool:
        """Whether the request is processed before its answer is spoilt or withheld."""
        return self.acted if self.kind in _EITHER else self.kind not in _TURNED_AWAY

    def aims_at(self, vendor: str, asked: Asked, region: str | None = None) -> bool:
        """Whether a request is of the kind that this order is about.

        Args:
            vendor: Who is asked.
            asked: What is asked.
            region: At which of the vendor's hosts, where that is known.
        """
        sent = {name for name, _ in asked.query}
        return (
            (self.vendor, self.method) == (vendor, asked.method)
            and self.region in {None, region}
            and _matches(self.path, asked.path)
            and all((name in sent) is wanted for name, wanted in self.query.items())
        )


def _unanswered(*_: Any) -> Answer:
    raise AssertionError("a pattern answers nothing")


def _matches(template: str, path: str) -> bool:
    return Route("", template, _unanswered).match(path) is not None


class Faults:
    """The orders that stand, and how often each was met and carried out."""

    def __init__(self) -> None:
        self._orders: list[Fault] = []
        self._met: Counter[int] = Counter()
        self._struck: Counter[int] = Counter()

    def declare(self, fault: Fault) -> None:
        """Take an order; earlier ones go first."""
        self._orders.append(fault)

    def clear(self) -> None:
        """Forget all orders."""
        self._orders.clear()
        self._met.clear()
        self._struck.clear()

    def striking(self, door: Door, asked: Asked) -> Fault | None:
        """Give what goes wrong with a request, and count it; every order sees every request."""
        due: list[int] = []
        for place, fault in enumerate(self._orders):
            if not fault.aims_at(door.vendor, asked, door.region):
                continue
            turn = self._met[place] - fault.skip
            self._met[place] += 1
            struck, left = divmod(turn + 1, fault.every)
            if turn >= 0 and not left and (fault.times is None or struck <= fault.times):
                due.append(place)
        if not due:
            return None
        self._struck[due[0]] += 1
        return self._orders[due[0]]

    def listed(self) -> list[dict[str, Any]]:
        """Show the orders as they were given, each with how often it was met and carried out."""
        return [
            {
                **fault.model_dump(mode="json", exclude_unset=True),
                "met": self._met[place],
                "struck": self._struck[place],
            }
            for place, fault in enumerate(self._orders)
        ]
