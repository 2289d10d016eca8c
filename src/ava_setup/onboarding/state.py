"""The one state of a set-up: what is kept on disk, and what is only known while running."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

# pydantic reads the annotations of what is kept.
from ava_setup.onboarding.assistant import Assistant, AssistantDraft
from ava_setup.onboarding.credentials import SecretName, TwilioAccount, TwilioRegion
from ava_setup.onboarding.outcome import LinkResult, Outcome
from ava_setup.onboarding.profile import Profile
from ava_setup.words import NOTHING, Text

if TYPE_CHECKING:
    from ava_setup.onboarding.following import FollowedCall
    from ava_setup.onboarding.listening import StrayCall
    from ava_setup.onboarding.number import TwilioNumber
    from ava_setup.onboarding.review_rows import Review
    from ava_setup.onboarding.sources import OfferedKey, Source
    from ava_setup.onboarding.verdicts import Check

VERSION: Literal[3] = 3


class _Kept(BaseModel):
    """What every kept value has in common: it never changes, and unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Region(StrEnum):
    """Where a Vapi organisation lives; `CUSTOM` is the address given by the environment."""

    US = "us"
    EU = "eu"
    CUSTOM = "custom"


class Connection(_Kept):
    """A Vapi organisation whose key was accepted.

    Attributes:
        id: Made up here for each new key. It tells organisations apart where Vapi does not: only
            what is in one tells which one it is.
        org_id: Vapi's id; "" while that is not known.
    """

    region: Region
    id: str = ""
    org_id: str = ""


class ChosenAssistant(_Kept):
    """The assistant that is to answer.

    Attributes:
        outdated: Whether it was made here and still carries earlier facts of the business.
        draft: What it was made from here; None when it was there before.
        carries: While it is outdated, the business as it was when the draft was written, then as
            it was told of since without an end in sight.
    """

    kind: Literal["chosen"] = "chosen"
    id: str
    name: str
    auto_linked: bool = False
    outdated: bool = False
    draft: AssistantDraft | None = None
    carries: tuple[Profile, ...] = ()


class NoAssistantYet(_Kept):
    """The user said “later”."""

    kind: Literal["later"] = "later"


class DraftedAssistant(_Kept):
    """One that is to be created, once the set-up goes live.

    Attributes:
        draft: As it is to be; its `create_id` makes it once, however often that is tried.
        of: Id of the assistant at Vapi that is to become so; "" makes a new one.
    """

    kind: Literal["drafted"] = "drafted"
    draft: AssistantDraft
    of: str = ""


AssistantChoice = Annotated[
    ChosenAssistant | DraftedAssistant | NoAssistantYet, Field(discriminator="kind")
]


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
        connection_id: The connection by which it was asked for; "" when that is not known.
        org_id: The Vapi organisation that it is about; "" when that is not known.
        made: What became of it: an id at the vendor; "" while nobody has seen.
    """

    at: datetime
    connection_id: str = ""
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
        account_sid: The Twilio account that has the number; "" when that is not known.
        key_sid: The Twilio API key that Vapi is given for it; "" is the auth token.
    """

    kind: Literal["import_number"] = "import_number"
    number: str
    assistant_id: str
    account_sid: str = ""
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
    """The intent to have Twilio send a number's calls to Vapi, with what took them before.

    Attributes:
        account_sid: The Twilio account that has the number; "" when that is not known.
    """

    kind: Literal["repoint_number"] = "repoint_number"
    sid: str
    number: str
    account_sid: str = ""
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
        own_key: Whether an API key is to be made, to take the auth token's place.
        number: The number to answer.
        linked: The link, once proven.
        answered: The first call, once seen.
        journal: All that was created or overwritten at a vendor, oldest first.
    """

    version: Literal[3] = VERSION
    profile: Profile | None = None
    answers: tuple[tuple[str, str], ...] = ()
    connection: Connection | None = None
    assistant: AssistantChoice | None = None
    twilio: TwilioAccess | None = None
    own_key: bool = False
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


@dataclass(frozen=True, slots=True)
class Live:
    """What is known only while running.

    Attributes:
        at_start: What was kept when this run began, or None before that.
        filled_in: What an answer file had filled in when it began, and where that stands; or None.
        secrets: Which secrets the vault can give.
        vault: Where it keeps them.
        assistants: The organisation's assistants, or None when not listed yet.
        account: The Twilio account as last read.
        numbers: Its numbers, or None when not listed yet.
        offered: Keys found on this computer, which may be used instead of pasting them.
        vapi_source: Where the Vapi key of this run came from; None is an earlier run.
        twilio_source: Where the Twilio credentials of this run came from, likewise.
        review: What going live is to do, as of the last time that both vendors were read.
        checks: The checklist of the link being made.
        result: How the last attempt to link ended.
        stray: The latest call that came while one was awaited, and was not answered by Ava.
        followed: The call that was followed last, with what was said in it; never kept.
        activity: What is being done right now, in words; empty when nothing is.
    """

    at_start: Saved | None = None
    filled_in: tuple[Saved, Source] | None = None
    secrets: frozenset[SecretName] = frozenset()
    vault: VaultPlace = VaultPlace.MEMORY
    assistants: tuple[Assistant, ...] | None = None
    account: TwilioAccount | None = None
    numbers: tuple[TwilioNumber, ...] | None = None
    offered: tuple[OfferedKey, ...] = ()
    vapi_source: Source | None = None
    twilio_source: Source | None = None
    review: Review | None = None
    checks: tuple[Check, ...] = ()
    result: LinkResult | None = None
    stray: StrayCall | None = None
    followed: FollowedCall | None = None
    activity: Text = NOTHING


@dataclass(frozen=True, slots=True)
class State:
    """The whole: immutable, replaced by each update."""

    saved: Saved = field(default_factory=Saved)
    live: Live = field(default_factory=Live)

    @property
    def proving_call(self) -> FollowedCall | None:
        """The call that proved it, as far as Vapi has told of it in this run."""
        followed, answered = self.live.followed, self.saved.answered
        known = followed and answered and followed.call.id == answered.call_id
        return followed if known else None

    def save(self, **changes: Any) -> State:
        """Replace fields of what is kept."""
        return replace(self, saved=self.saved.model_copy(update=changes))

    def note(self, **changes: Any) -> State:
        """Replace fields of what is known while running."""
        return replace(self, live=replace(self.live, **changes))
