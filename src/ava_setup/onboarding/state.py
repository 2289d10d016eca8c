"""The one state of a set-up: what is kept on disk, and what is only known while running."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from ava_setup.onboarding.assistant import Assistant
from ava_setup.onboarding.credentials import SecretName, TwilioAccount, TwilioRegion
from ava_setup.onboarding.listening import StrayCall
from ava_setup.onboarding.number import TwilioNumber
from ava_setup.onboarding.outcome import LinkResult, Outcome
from ava_setup.onboarding.profile import Profile
from ava_setup.onboarding.verdicts import Check
from ava_setup.words import NOTHING, Text

VERSION: Literal[2] = 2


class _Kept(BaseModel):
    """What every kept value has in common: it never changes, and unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Region(StrEnum):
    """Where a Vapi organisation lives; `CUSTOM` is the address given by the environment."""

    US = "us"
    EU = "eu"
    CUSTOM = "custom"


class Connection(_Kept):
    """A Vapi organisation whose key was accepted."""

    region: Region
    org_id: str = ""


class ChosenAssistant(_Kept):
    """The assistant that is to answer.

    Attributes:
        outdated: Whether it was made here and still carries earlier facts of the business.
    """

    kind: Literal["chosen"] = "chosen"
    id: str
    name: str
    auto_linked: bool = False
    outdated: bool = False


class NoAssistantYet(_Kept):
    """The user said “later”."""

    kind: Literal["later"] = "later"


AssistantChoice = Annotated[ChosenAssistant | NoAssistantYet, Field(discriminator="kind")]


class TwilioAccess(_Kept):
    """Twilio credentials that worked, without their secret."""

    account_sid: str
    key_sid: str = ""
    account_name: str = ""
    region: TwilioRegion = TwilioRegion.US1


class ChosenNumber(_Kept):
    """The number that Ava is to answer."""

    sid: str
    number: str


class Linked(_Kept):
    """A link that three reads agreed on.

    Attributes:
        linked_at: ISO 8601 by Vapi's clock, when this tool wrote it; else "".
        outdated: Whether another telephone is to ring since, when Ava cannot answer.
    """

    phone_number_id: str
    number: str
    assistant_id: str
    outcome: Outcome
    auto_linked: bool
    linked_at: str = ""
    outdated: bool = False


class Answered(_Kept):
    """The call that proved it."""

    call_id: str
    caller: str
    at: str


class Undone(StrEnum):
    """How far a journal entry is undone; an import's webhooks are put back before its record goes.

    `WEBHOOKS` is kept because Vapi may empty them when the record is deleted (contract: vapi.md).
    """

    NOT = "not"
    WEBHOOKS = "webhooks"
    WHOLLY = "wholly"


class _Entry(_Kept):
    """What every journal entry has in common.

    Attributes:
        at: When the intent was written, by this computer's clock.
        org_id: The Vapi organisation that it is about; "" when that is not known.
        made: What became of it: an id at the vendor; "" while nobody has seen.
    """

    at: datetime
    org_id: str = ""
    made: str = ""
    undone: Undone = Undone.NOT


class CreateAssistant(_Entry):
    """The intent to create an assistant, written before the request; closed by `made`."""

    kind: Literal["create_assistant"] = "create_assistant"
    create_id: str


class ImportNumber(_Entry):
    """The intent to import a number, with the webhooks that Vapi will overwrite.

    Attributes:
        key_sid: The Twilio API key that Vapi is given for it; "" is the auth token.
    """

    kind: Literal["import_number"] = "import_number"
    number: str
    assistant_id: str
    key_sid: str = ""
    voice_url: str = ""
    voice_method: str = ""
    status_callback: str = ""
    sms_url: str = ""


class RelinkNumber(_Entry):
    """The intent to link a number where it is, with what it was linked to before."""

    kind: Literal["relink_number"] = "relink_number"
    phone_number_id: str
    assistant_id: str
    earlier_assistant_id: str = ""
    earlier_squad_id: str = ""
    earlier_workflow_id: str = ""


class RepointNumber(_Entry):
    """The intent to have Twilio send a number's calls to Vapi, with what took them before."""

    kind: Literal["repoint_number"] = "repoint_number"
    sid: str
    number: str
    voice_url: str = ""
    voice_method: str = ""
    trunk_sid: str = ""
    application_sid: str = ""


class ChangeAssistant(_Entry):
    """The intent to change settings of an assistant, with what they were before.

    Attributes:
        earlier: JSON of the settings as Vapi had them; null is one that was not set.
    """

    kind: Literal["change_assistant"] = "change_assistant"
    assistant_id: str
    earlier: str


class ChangeFallback(_Entry):
    """The intent to have another telephone ring when Ava cannot answer."""

    kind: Literal["change_fallback"] = "change_fallback"
    phone_number_id: str
    wanted: str
    earlier: str = ""


class MakeKey(_Entry):
    """The intent to make a Twilio API key; closed by `made` once its secret is kept.

    Attributes:
        account_sid: The account that it is a key of.
        name: Its friendly name.
        beside: SIDs of the keys of that name which were there before.
    """

    kind: Literal["make_key"] = "make_key"
    account_sid: str
    name: str
    beside: tuple[str, ...] = ()


JournalEntry = Annotated[
    CreateAssistant
    | ImportNumber
    | RelinkNumber
    | RepointNumber
    | ChangeAssistant
    | ChangeFallback
    | MakeKey,
    Field(discriminator="kind"),
]


class Saved(_Kept):
    """What is kept on disk. No secret is ever in it.

    Attributes:
        version: Of this file's shape.
        profile: The business, once it is filled in.
        answers: What was typed into fields, as typed, by field id; never a secret field's.
        connection: The Vapi organisation, once a key was accepted.
        assistant: The assistant, or that it comes later.
        twilio: The Twilio account, once credentials were accepted.
        number: The number to answer.
        linked: The link, once proven.
        answered: The first call, once seen.
        journal: All that was created or overwritten at a vendor, oldest first.
    """

    version: Literal[2] = VERSION
    profile: Profile | None = None
    answers: tuple[tuple[str, str], ...] = ()
    connection: Connection | None = None
    assistant: AssistantChoice | None = None
    twilio: TwilioAccess | None = None
    number: ChosenNumber | None = None
    linked: Linked | None = None
    answered: Answered | None = None
    journal: tuple[JournalEntry, ...] = ()

    @property
    def typed(self) -> MappingProxyType[str, str]:
        """The answers by field id."""
        return MappingProxyType(dict(self.answers))

    def with_typed(self, **answers: str) -> Saved:
        """Keep what was typed into some fields, leaving the others."""
        kept = {**self.typed, **answers}
        return self.model_copy(update={"answers": tuple(sorted(kept.items()))})


class VaultPlace(StrEnum):
    """Where secrets are kept."""

    KEYRING = "keyring"
    FILE = "file"
    MEMORY = "memory"


class Live(BaseModel):
    """What is known only while running.

    Attributes:
        secrets: Which secrets the vault can give.
        vault: Where it keeps them.
        assistants: The organisation's assistants, or None when not listed yet.
        account: The Twilio account as last read.
        numbers: Its numbers, or None when not listed yet.
        checks: The checklist of the link being made.
        result: How the last attempt to link ended.
        stray: The latest call that came while one was awaited, and was not answered by Ava.
        activity: What is being done right now, in words; empty when nothing is.
    """

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    secrets: frozenset[SecretName] = frozenset()
    vault: VaultPlace = VaultPlace.MEMORY
    assistants: tuple[Assistant, ...] | None = None
    account: TwilioAccount | None = None
    numbers: tuple[TwilioNumber, ...] | None = None
    checks: tuple[Check, ...] = ()
    result: LinkResult | None = None
    stray: StrayCall | None = None
    activity: Text = NOTHING


class State(BaseModel):
    """The whole: immutable, replaced by each update."""

    model_config = ConfigDict(frozen=True)

    saved: Saved = Saved()
    live: Live = Live()

    def save(self, **changes: object) -> State:
        """Replace fields of what is kept."""
        return self.model_copy(update={"saved": self.saved.model_copy(update=changes)})

    def note(self, **changes: object) -> State:
        """Replace fields of what is known while running."""
        return self.model_copy(update={"live": self.live.model_copy(update=changes)})
