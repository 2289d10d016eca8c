"""What undoing is made of: the facts, the steps, and the plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ava_setup.onboarding.number import TwilioNumber, VapiNumber, spaced
from ava_setup.onboarding.state import Undone
from ava_setup.words import Text, _

if TYPE_CHECKING:
    from ava_setup.onboarding.assistant import Assistant
    from ava_setup.onboarding.journal import Entry


@dataclass(frozen=True, slots=True)
class Webhooks:
    """Webhooks of a number at Twilio; None is none of our business, "" is unset.

    Attributes:
        voice_url: The webhook asked for each call.
        voice_method: `POST` or `GET`; it goes with `voice_url`.
        status_callback: The webhook told of each call's end.
        sms_url: The webhook asked for each message.
    """

    voice_url: str | None = None
    voice_method: str | None = None
    status_callback: str | None = None
    sms_url: str | None = None

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
    """

    assistants: tuple[Assistant, ...] = ()
    vapi_numbers: tuple[VapiNumber, ...] = ()
    twilio_numbers: tuple[TwilioNumber, ...] = ()


@dataclass(frozen=True, slots=True)
class PutWebhooksBack:
    """Have a number's calls at Twilio go where they went before the import."""

    sid: str
    number: str
    webhooks: Webhooks
    entries: tuple[Entry, ...]
    undone: Undone

    @property
    def words(self) -> Text:
        """What will be done."""
        number, url = spaced(self.number), self.webhooks.voice_url
        if url is None:
            return _("put the earlier settings of {number} back at Twilio", number=number)
        target = TwilioNumber(self.sid, self.number, voice_url=url).target.words
        return _(
            "send the calls of {number} where they went before: {target}",
            number=number,
            target=target,
        )


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


Step = PutWebhooksBack | HandBack | DeleteNumber | DeleteAssistant
_ORDER = (PutWebhooksBack, HandBack, DeleteNumber, DeleteAssistant)


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
        """Do both, webhooks first and assistants last."""
        steps = sorted(self.steps + other.steps, key=lambda step: _ORDER.index(type(step)))
        return UndoPlan(tuple(steps), self.left + other.left, self.settled + other.settled)
