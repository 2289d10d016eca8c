"""What a scenario's file may hold; whatever is left out is as on an ordinary, healthy account.

A new scenario is a new file. A value that no file can say yet is a field here and its meaning in
`population.py`; a vendor's oddity is a `Quirk`, asked about where it shows.
"""

from __future__ import annotations

import tomllib
from decimal import Decimal
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ava_setup.sandbox.doors import TwilioRegion, VapiRegion
from ava_setup.sandbox.quirks import Quirk
from ava_setup.sandbox.scenarios import scenario_text


class Seed(BaseModel):
    """A table of a scenario's file: an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class AssistantSeed(Seed):
    """`[[vapi.assistants]]`: one assistant, or `count` of them.

    Attributes:
        ref: How numbers name it in this file.
        count: How many; `{n}` in `name` is each one's place, from 1.
        name: Left out when it has none.
        greeting: Its first message.
        language: Of its voice and transcriber.
        days_ago: When it was created; each of several a day before the one before.
        body: Top-level fields of the API that replace what the language gives.
    """

    ref: str
    count: int = 1
    name: str | None = None
    greeting: str | None = None
    language: Literal["fr", "en"] = "fr"
    days_ago: int = 30
    body: dict[str, Any] = {}


class VapiNumberSeed(Seed):
    """`[[vapi.numbers]]`: a number as Vapi knows it, of Twilio's or one of Vapi's SIP addresses.

    Attributes:
        number: In E.164.
        sip: A SIP address instead: such a record has no number, and no credentials.
        name: Its label.
        assistant: The `ref` of an assistant, or a name in `vapi.deleted`; left out: unlinked.
        squad: A name of `[vapi.squads]`.
        workflow: A name of `[vapi.workflows]`.
        fallback: The owner's telephone, in E.164.
        status: The vendor's `status`.
        sms: Whether texts were taken over too.
        days_ago: When it was imported.
    """

    number: str | None = None
    sip: str | None = None
    name: str | None = None
    assistant: str | None = None
    squad: str | None = None
    workflow: str | None = None
    fallback: str | None = None
    status: Literal["active", "activating", "blocked"] = "active"
    sms: bool = False
    days_ago: int = 20

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.number is None) == (self.sip is None):
            raise ValueError("a number at Vapi has either a number or a SIP address")
        return self


class VapiSeed(Seed):
    """`[vapi]`: the organisation.

    Attributes:
        key: Whether the key that the user was given still opens anything.
        region: Where the organisation lives.
        deleted: Names of assistants that numbers still point at.
        squads: What each says first, by name.
        workflows: What each says first, by name.
        used_elsewhere: Numbers that another organisation holds.
    """

    key: Literal["good", "rotated"] = "good"
    region: VapiRegion = VapiRegion.US
    assistants: list[AssistantSeed] = []
    numbers: list[VapiNumberSeed] = []
    deleted: list[str] = []
    squads: dict[str, str] = {}
    workflows: dict[str, str] = {}
    used_elsewhere: list[str] = []


class TwilioNumberSeed(Seed):
    """`[[twilio.numbers]]`: one number, or `count` of them in a row.

    Attributes:
        number: In E.164: the first.
        count: How many, each one higher than the last.
        points_at: `demo`, `vapi`, `nothing`, or a URL; `vapi` is this organisation's own host.
        method: Of the voice webhook.
        falls_back_to: The fallback webhook: as `points_at`.
        voice_region: Where its calls are processed.
        elsewhere: Where it points in the regions other than us1, by region; else nowhere.
        voice: Whether it can carry a voice.
        fax: Whether it listens for a fax.
        application: A name of `[twilio.applications]`.
        trunk: Any name: a SIP trunk owns the number.
        sms_url: Where texts go.
        kind: The vendor's `type`.
    """

    number: str
    count: int = 1
    points_at: str = "demo"
    method: Literal["GET", "POST"] = "POST"
    falls_back_to: str = "nothing"
    voice_region: TwilioRegion = TwilioRegion.US1
    elsewhere: dict[TwilioRegion, str] = {}
    voice: bool = True
    fax: bool = False
    application: str | None = None
    trunk: str | None = None
    sms_url: str = ""
    kind: Literal["local", "mobile", "toll-free"] = "local"


class FailureSeed(Seed):
    """`[[twilio.failures]]`: a call that failed, in Twilio's log and its debugger.

    Attributes:
        number: That was called, in E.164.
        caller: Who called, in E.164.
        minutes_ago: When.
        code: The debugger's.
        text: The debugger's.
        url: The webhook that failed: as `points_at`.
    """

    number: str
    caller: str = "+33199009876"
    minutes_ago: int
    code: Literal["11200", "11205", "11210", "11217", "12100", "12300"]
    text: str
    url: str


class AccountSeed(Seed):
    """`[twilio]`, or one of `[[twilio.subaccounts]]`.

    Attributes:
        name: The account's friendly name.
        token: Whether the token that the user was given still opens anything.
        region: Whose token the user was given.
        type: Trial or Full.
        status: Of the vendor's enumeration.
        balance: In `currency`.
        currency: ISO 4217.
        applications: Where each TwiML application points, by name: as `points_at`.
    """

    name: str = "Sandbox"
    token: Literal["good", "rotated"] = "good"  # noqa: S105 - no token, but its state
    region: TwilioRegion = TwilioRegion.US1
    type: Literal["Trial", "Full"] = "Full"
    status: Literal["active", "suspended", "closed"] = "active"
    balance: Decimal = Decimal("12.40")
    currency: str = "USD"
    numbers: list[TwilioNumberSeed] = []
    applications: dict[str, str] = {}
    failures: list[FailureSeed] = []
    subaccounts: list[AccountSeed] = []


class Scenario(Seed):
    """A whole file.

    Attributes:
        summary: What it is, in one sentence.
        summary_fr: The same in French.
        number: What the scenario is about, in E.164; left out, the account's first number.
        quirks: The vendors' oddities that show.
        elsewhere: What callers hear from other web servers, by exact URL, and from SIP trunks, by
            `trunk:NAME`; any other server is dead.
    """

    summary: str
    summary_fr: str
    number: str | None = None
    quirks: frozenset[Quirk] = frozenset()
    vapi: VapiSeed = VapiSeed()
    twilio: AccountSeed = Field(default_factory=AccountSeed)
    elsewhere: dict[str, str] = {}


def load(name: str) -> Scenario:
    """Read a scenario.

    Raises:
        UnknownScenarioError: There is none of this name.
    """
    return Scenario.model_validate(tomllib.loads(scenario_text(name)))
