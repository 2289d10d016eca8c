"""Changes to the world that no request of a client's can make, in the middle of a scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ava_setup.sandbox.doors import TwilioRegion, Vendor
from ava_setup.sandbox.quirks import Quirk

if TYPE_CHECKING:
    from ava_setup.sandbox.world import Document, World

_AT_VAPI = frozenset({"assistants", "numbers", "calls"})
_AT_TWILIO = frozenset({"accounts", "numbers", "applications", "keys", "calls"})


class UnknownRecordError(LookupError):
    """Nobody holds the record that is to be changed."""


class Edit(BaseModel):
    """One change of one record.

    Attributes:
        vendor: Who holds it.
        kind: `assistants`, `numbers` or `calls` at Vapi; `accounts`, `numbers`, `applications`,
            `keys` or `calls` at Twilio.
        id: Its id or SID; a number may be named in E.164.
        region: Of Twilio's, whose record of it is meant.
        fields: Top-level fields and their new values, named as the vendor's answers name them.
        without: Top-level fields that it loses.
        gone: Whether it ceases to exist.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    vendor: Vendor
    kind: Literal["accounts", "applications", "assistants", "calls", "keys", "numbers"]
    id: str
    region: TwilioRegion = TwilioRegion.US1
    fields: dict[str, Any] = Field(default_factory=dict)
    without: frozenset[str] = frozenset()
    gone: bool = False

    @model_validator(mode="after")
    def _belongs_together(self) -> Self:
        if self.kind not in (_AT_VAPI if self.vendor == "vapi" else _AT_TWILIO):
            raise ValueError(f"{self.vendor} has no {self.kind}")
        if self.gone and (self.fields or self.without):
            raise ValueError("what is gone cannot be changed")
        if self.gone and self.kind == "accounts":
            raise ValueError("an account is never gone: its status is closed")
        return self


def edit(world: World, wanted: Edit) -> Document | None:
    """Change a record, and give it; None when it is gone.

    Raises:
        UnknownRecordError: There is no such record.
    """
    for shelf in _shelves(world, wanted):
        for key, record in shelf.items():
            if wanted.id in {key, record.get("number"), record.get("phone_number")}:
                if wanted.gone:
                    del shelf[key]
                    return None
                for name in wanted.without:
                    record.pop(name, None)
                record.update(wanted.fields)
                return record
    raise UnknownRecordError(f"{wanted.vendor} has no {wanted.id} among its {wanted.kind}")


def _shelves(world: World, wanted: Edit) -> list[dict[str, Document]]:
    if wanted.vendor == "vapi":
        shelf: dict[str, Document] = getattr(world.org, wanted.kind)
        return [shelf]
    accounts = world.twilio[wanted.region]
    if wanted.kind == "accounts":
        return [{sid: account.record for sid, account in accounts.items()}]
    return [getattr(account, wanted.kind) for account in accounts.values()]


class Switch(BaseModel):
    """Which oddities to turn on and off; the others stay as they are.

    Attributes:
        on: Names of quirks.
        off: Names of quirks.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    on: frozenset[Quirk] = frozenset()
    off: frozenset[Quirk] = frozenset()


def rotate(world: World, vendor: Vendor) -> None:
    """Make the key or the token that was announced worthless, as its owner would."""
    if vendor == "vapi":
        world.org.private_key = world.ids.key(world.ids.new_hex("rotated", 8))
        return
    told = world.credentials
    for accounts in world.twilio.values():
        record = accounts[told.account_sid].record
        if record["auth_token"] == told.auth_token:
            record["auth_token"] = world.ids.token(world.ids.new_hex("rotated", 8))
