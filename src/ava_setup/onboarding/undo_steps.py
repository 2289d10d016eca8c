"""What undoing is made of: the facts, the steps, and the plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ava_setup.onboarding.number import TwilioNumber, VapiNumber, spaced
from ava_setup.onboarding.state import Undone
from ava_setup.words import Text, _

if TYPE_CHECKING:
    from ava_setup.onboarding.assistant import Assistant
    from ava_setup.onboarding.credentials import TwilioKey
    from ava_setup.onboarding.journal import Entry


@dataclass(frozen=True, slots=True)
class Webhooks:
    """What takes the calls of a number at Twilio; None is none of our business, "" is unset.

    Attributes:
        voice_url: The webhook asked for each call.
        voice_method: `POST` or `GET`; it goes with `voice_url`.
        status_callback: The webhook told of each call's end.
        sms_url: The webhook asked for each message.
        trunk_sid: The SIP trunk that takes the calls; Twilio then empties `application_sid`.
        application_sid: The TwiML app that takes them; Twilio then empties `trunk_sid`.
    """

    voice_url: str | None = None
    voice_method: str | None = None
    status_callback: str | None = None
    sms_url: str | None = None
    trunk_sid: str | None = None
    application_sid: str | None = None

    def __bool__(self) -> bool:
        """Whether there is anything to write."""
        return self != Webhooks()


@dataclass(frozen=True, slots=True)
class Holder:
    """What a number is linked to at Vapi; "" is nothing."""

    assistant_id: str = ""
    squad_id: str = ""
    workflow_id: str = ""


@dataclass(frozen=True, slots=True)
class UndoFacts:
    """What the vendors have now.

    Attributes:
        assistants: All of the organisation's.
        vapi_numbers: All of the organisation's; those of the journal are not masked.
        twilio_numbers: Those of the journal that are in the account.
        account_sid: The Twilio account at hand, or "".
        keys: Its API keys; None when the credentials at hand do not see keys.
        here: The standing entries of the organisation at hand, oldest first, and those of none.
        elsewhere: The others: of other organisations, or of one that nobody knows.
    """

    assistants: tuple[Assistant, ...] = ()
    vapi_numbers: tuple[VapiNumber, ...] = ()
    twilio_numbers: tuple[TwilioNumber, ...] = ()
    account_sid: str = ""
    keys: tuple[TwilioKey, ...] | None = None
    here: tuple[Entry, ...] = ()
    elsewhere: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class PutWebhooksBack:
    """Have a number's calls at Twilio go where they went before this tool came."""

    sid: str
    number: str
    webhooks: Webhooks
    entries: tuple[Entry, ...]
    undone: Undone

    @property
    def words(self) -> Text:
        """What will be done."""
        number, target = spaced(self.number), self._target
        if target is None:
            return _("put the earlier settings of {number} back at Twilio", number=number)
        return _(
            "send the calls of {number} where they went before: {target}",
            number=number,
            target=target,
        )

    @property
    def _target(self) -> Text | None:
        """Where the calls will go, when that changes."""
        webhooks = self.webhooks
        before = TwilioNumber(
            self.sid,
            self.number,
            voice_url=webhooks.voice_url or "",
            trunk_sid=webhooks.trunk_sid or "",
            application_sid=webhooks.application_sid or "",
        )
        if webhooks.voice_url is None and not before.trunk_sid and not before.application_sid:
            return None
        if before.target.is_vapi and webhooks.voice_method == "GET":
            return _("Vapi, by GET")
        return before.target.words


@dataclass(frozen=True, slots=True)
class HandBack:
    """Link a number of Vapi to what it was linked to before this tool linked it."""

    phone_number_id: str
    number: str
    holder: Holder
    name: Text
    entries: tuple[Entry, ...]
    undone: Undone = Undone.WHOLLY

    @property
    def words(self) -> Text:
        """What will be done."""
        if self.holder == Holder():
            return _("unlink {number} at Vapi, as it was before", number=spaced(self.number))
        return _(
            "hand {number} back to {holder} at Vapi", number=spaced(self.number), holder=self.name
        )


@dataclass(frozen=True, slots=True)
class PutFallbackBack:
    """Have the telephone ring that rang before when Ava could not answer; "" is none."""

    phone_number_id: str
    number: str
    fallback: str
    entries: tuple[Entry, ...]
    undone: Undone = Undone.WHOLLY

    @property
    def words(self) -> Text:
        """What will be done."""
        number = spaced(self.number)
        if not self.fallback:
            return _("ring nobody when Ava cannot answer {number}, as before", number=number)
        return _(
            "ring {fallback} when Ava cannot answer {number}, as before",
            fallback=spaced(self.fallback),
            number=number,
        )


@dataclass(frozen=True, slots=True)
class DeleteNumber:
    """Remove a number that this tool imported from Vapi.

    Attributes:
        webhooks: What must be at Twilio afterwards: Vapi may empty it by the deletion.
    """

    phone_number_id: str
    number: str
    webhooks: Webhooks
    entries: tuple[Entry, ...]
    undone: Undone = Undone.WHOLLY

    @property
    def words(self) -> Text:
        """What will be done."""
        return _("remove {number} from Vapi; it stays yours at Twilio", number=spaced(self.number))


@dataclass(frozen=True, slots=True)
class PutSettingsBack:
    """Have an assistant be what it was before this tool mended it.

    Attributes:
        settings: What `Vapi.read_settings` gave before each change, the newest first.
    """

    assistant_id: str
    name: str
    settings: tuple[str, ...]
    entries: tuple[Entry, ...]
    undone: Undone = Undone.WHOLLY

    @property
    def words(self) -> Text:
        """What will be done."""
        return _("put the earlier settings of “{name}” back at Vapi", name=self.name)


@dataclass(frozen=True, slots=True)
class DeleteAssistant:
    """Delete an assistant that this tool made."""

    assistant_id: str
    name: str
    entries: tuple[Entry, ...]
    undone: Undone = Undone.WHOLLY

    @property
    def words(self) -> Text:
        """What will be done."""
        return _("delete the assistant “{name}” at Vapi", name=self.name)


@dataclass(frozen=True, slots=True)
class DeleteKey:
    """Delete the API key that this tool made at Twilio, or what unseen requests made of it."""

    sids: tuple[str, ...]
    name: str
    entries: tuple[Entry, ...]
    undone: Undone = Undone.WHOLLY

    @property
    def words(self) -> Text:
        """What will be done."""
        return _("delete the API key “{name}” at Twilio", name=self.name)


Step = (
    PutWebhooksBack
    | HandBack
    | PutFallbackBack
    | DeleteNumber
    | PutSettingsBack
    | DeleteAssistant
    | DeleteKey
)
# Vapi may use a key for as long as it has the number.
_ORDER = (
    PutWebhooksBack,
    HandBack,
    PutFallbackBack,
    DeleteNumber,
    PutSettingsBack,
    DeleteAssistant,
    DeleteKey,
)


@dataclass(frozen=True, slots=True)
class UndoPlan:
    """What undoing means.

    Attributes:
        steps: What will be done, in this order.
        left: What is no longer as this tool left it, and stays as it is.
        settled: The entries of which nothing is there any more.
    """

    steps: tuple[Step, ...] = ()
    left: tuple[Text, ...] = ()
    settled: tuple[Entry, ...] = ()

    def __add__(self, other: UndoPlan) -> UndoPlan:
        """Do both, webhooks first, then numbers, assistants and keys."""
        steps = sorted(self.steps + other.steps, key=lambda step: _ORDER.index(type(step)))
        return UndoPlan(tuple(steps), self.left + other.left, self.settled + other.settled)
