"""What callers will hear, foretold from the facts alone, the way the networks follow a call."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from ava_setup.onboarding.assistant import Opening
from ava_setup.onboarding.catalogue import Action, ErrorCode
from ava_setup.onboarding.credentials import AccountKind, AccountStatus, TwilioRegion
from ava_setup.onboarding.debugger import in_plain_words
from ava_setup.onboarding.facts import Absent, Found, Unknown, Unread
from ava_setup.onboarding.number import Target, TargetKind, classify, spaced
from ava_setup.onboarding.verdicts import CheckId
from ava_setup.words import NOTHING, Text, _

if TYPE_CHECKING:
    from ava_setup.onboarding.assistant import Assistant
    from ava_setup.onboarding.calls import CallFailure
    from ava_setup.onboarding.facts import Facts
    from ava_setup.onboarding.number import TwilioNumber, VapiNumber


class Heard(StrEnum):
    """The kinds of things that callers can hear."""

    AVA = "ava"
    ANOTHER_ASSISTANT = "another_assistant"
    NUMBER_NOT_FOUND = "number_not_found"
    NO_ASSISTANT = "no_assistant"
    SOMEBODYS_PHONE = "somebodys_phone"
    APPLICATION_ERROR = "application_error"
    TRIAL = "trial"
    TWILIO_DEMO = "twilio_demo"
    SOMETHING_ELSE = "something_else"
    FAX = "fax"
    SILENCE = "silence"
    UNAVAILABLE = "unavailable"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Hearing:
    """What callers will hear.

    Attributes:
        heard: The kind of it.
        words: It, word for word as far as that is known; else described.
        because: Why, when it is not Ava.
        check: The check that says so, or None.
        opening: How an assistant that answers begins.
    """

    heard: Heard
    words: Text = NOTHING
    because: Text = NOTHING
    check: CheckId | None = None
    opening: Opening = Opening.SAYS

    @property
    def is_ava(self) -> bool:
        """Whether a caller would be answered as the owner wants."""
        return self.heard is Heard.AVA

    def sentence(self, number: str) -> Text:
        """Say it in one sentence.

        Args:
            number: E.164.
        """
        shown = spaced(number)
        if self.is_ava:
            return Text(_AVA[self.opening].msgid, (("number", shown), ("words", self.words)))
        form = _SENTENCES.get(self.heard, _SENTENCE)
        params = (("number", shown), ("words", self.words), ("why", self.because))
        return Text(form.msgid, params)


_AVA = {
    Opening.SAYS: _("Callers to {number} will hear Ava: {words}"),
    Opening.WAITS: _("Callers to {number} will hear Ava, but only once they have spoken."),
    Opening.MADE_UP: _("Callers to {number} will hear Ava, with words that she makes up."),
}
_SENTENCE = _("Callers to {number} will hear {words}, because {why}")
# What does not follow “will hear” in every language.
_SENTENCES = {
    Heard.UNKNOWN: _("What callers to {number} will hear cannot be told, because {why}"),
    Heard.SILENCE: _("Callers to {number} will hear nothing, because {why}"),
}


def _quote(words: str) -> Text:
    return _("“{words}”", words=words)


# Vapi's and Twilio's own words (contract: vapi.md, What an import does; twilio.md, Trial accounts
# and When calls fail).
NUMBER_NOT_FOUND = "Phone Number Not Found"
NO_ASSISTANT = "Couldn't get assistant. Either set the assistant ID on the phone number"
APPLICATION_ERROR = "We're sorry, an application error has occurred. Goodbye."
STREAM_ON_TRIAL = "The Stream verb is not available on trial accounts."


def foretell(facts: Facts) -> Hearing:
    """Foretell what callers will hear. Pure and total."""
    match facts.twilio_number:
        case Found(number):
            pass
        case Absent() if isinstance(facts.subaccount, Found):
            number = facts.subaccount.value.number
        case Absent():
            return _unknown(_("the number is not in this Twilio account."), CheckId.NUMBER)
        case _:
            return _unread_at_twilio(facts)
    return _stopped_by_account(facts) or _at_twilio(facts, number)


def _unknown(because: Text, check: CheckId) -> Hearing:
    return Hearing(Heard.UNKNOWN, NOTHING, because, check)


def _silence(because: Text, check: CheckId) -> Hearing:
    return Hearing(Heard.SILENCE, _("nothing"), because, check)


def _unavailable(because: Text, check: CheckId) -> Hearing:
    words = _("the network's message that the number cannot be reached")
    return Hearing(Heard.UNAVAILABLE, words, because, check)


def _answer_of(whose: Text, because: Text, check: CheckId) -> Hearing:
    words = _("whatever {whose} answers", whose=whose)
    return Hearing(Heard.SOMETHING_ELSE, words, because, check)


_NOT_ACTIVE = _("the Twilio account is not active.")


def _unread_at_twilio(facts: Facts) -> Hearing:
    match facts.twilio:
        case Absent():
            return _unknown(_("there are no Twilio credentials."), CheckId.TWILIO_KEY)
        case Unknown(problem) if problem.code in _CLOSED:
            return _unavailable(_NOT_ACTIVE, CheckId.ACCOUNT)
        case Unknown(problem) if problem.action is Action.ENTER_TWILIO:
            return _unknown(_("Twilio refuses the credentials."), CheckId.TWILIO_KEY)
        case Unknown():
            return _unknown(_("Twilio could not be asked."), CheckId.REACHED)
        case _:
            return _unknown(_("the number could not be read at Twilio."), CheckId.NUMBER)


_CLOSED = frozenset({ErrorCode.TWILIO_SUSPENDED, ErrorCode.TWILIO_CLOSED})


def _stopped_by_account(facts: Facts) -> Hearing | None:
    match facts.account:
        case Found(account) if account.status in {AccountStatus.SUSPENDED, AccountStatus.CLOSED}:
            return _unavailable(_NOT_ACTIVE, CheckId.ACCOUNT)
        case _:
            return None


def _at_twilio(facts: Facts, number: TwilioNumber) -> Hearing:
    stopped = _stopped_by_number(facts, number)
    if stopped is not None:
        return stopped
    if not number.application_sid:
        return _first_that_works(
            facts,
            (number.voice_url, number.voice_method),
            (number.voice_fallback_url, number.voice_fallback_method),
        )
    match facts.application:
        case Found(app):
            return _first_that_works(
                facts,
                (app.voice_url, app.voice_method),
                (app.voice_fallback_url, app.voice_fallback_method),
            )
        case _:
            because = _("a TwiML app that cannot be read takes the number's calls.")
            return _unknown(because, CheckId.ROUTED)


def _stopped_by_number(facts: Facts, number: TwilioNumber) -> Hearing | None:
    """Say what takes a call before any webhook is asked, or None."""
    match facts.voice_region:
        case Found(region) if _is_elsewhere(facts, region):
            because = _("Twilio handles the calls in another region, by other settings.")
            return _unknown(because, CheckId.VOICE_REGION)
    if not number.has_voice:
        return _unavailable(_("the number takes no voice calls."), CheckId.NUMBER)
    if number.receives_fax:
        because = _("the number is set to receive faxes.")
        return Hearing(Heard.FAX, _("the tone of a fax machine"), because, CheckId.NUMBER)
    if number.trunk_sid:
        because = _("the trunk takes the number's calls.")
        return _answer_of(number.target.words, because, CheckId.ROUTED)
    return None


def _is_elsewhere(facts: Facts, region: str) -> bool:
    looked_at = facts.twilio.value if isinstance(facts.twilio, Found) else TwilioRegion.US1
    return looked_at is not TwilioRegion.CUSTOM and region != looked_at.value


Webhook = tuple[str, str]


def _first_that_works(facts: Facts, *webhooks: Webhook) -> Hearing:
    """Follow the webhook, else the one for failures; without the first, nothing is asked."""
    if not webhooks[0][0]:
        return _silence(_("Twilio sends the calls nowhere."), CheckId.ROUTED)
    because = NOTHING
    for url, method in webhooks:
        if not url:
            continue
        answered = _asked(facts, url, method)
        if isinstance(answered, Hearing):
            return answered
        because = because or answered
    return Hearing(Heard.APPLICATION_ERROR, _quote(APPLICATION_ERROR), because, CheckId.ROUTED)


def _asked(facts: Facts, url: str, method: str) -> Hearing | Text:
    """Say what a webhook has callers hear, or why it fails."""
    target = classify(url)
    if target.kind is TargetKind.VAPI:
        if method != "POST":
            return _("Twilio calls Vapi with GET, where Vapi needs POST.")
        return _at_vapi(facts)
    if target.kind is TargetKind.VAPI_ELSEWHERE:
        return _("Twilio calls Vapi at an address where no calls are taken.")
    if failure := _failure_of_the_last_call(facts, url):
        why = in_plain_words(failure.code)
        return _("{host} failed on the last call: {why}", host=target.host, why=why)
    if target.kind is TargetKind.TUNNEL:
        return _("the tunnel {host} leads to a computer that is most likely off.", host=target.host)
    return _somebodys(target)


def _failure_of_the_last_call(facts: Facts, url: str) -> CallFailure | None:
    """Give what went wrong with a webhook the last time that somebody rang."""
    match facts.last_call, facts.failures:
        case Found(call), Found(failures):
            found = (one for one in failures if (one.call_sid, one.url) == (call.sid, url))
            return next(found, None)
        case _:
            return None


def _somebodys(target: Target) -> Hearing:
    if target.kind is TargetKind.DEMO:
        because = _("Twilio still sends the calls to its demo.")
        return Hearing(Heard.TWILIO_DEMO, target.words, because, CheckId.ROUTED)
    because = _("that is where Twilio sends the calls.")
    return _answer_of(target.words, because, CheckId.ROUTED)


def _at_vapi(facts: Facts) -> Hearing:
    match facts.vapi_number:
        case Found(number):
            return _linked_to(facts, number)
        case Absent():
            # A number is in one organisation at a time, and this one does not see the others.
            because = _(
                "your Vapi organisation does not have the number: another one may, and answer; if "
                "none has it, they hear “{words}”.",
                words=NUMBER_NOT_FOUND,
            )
            return _unknown(because, CheckId.IMPORTED)
        case _:
            return _unread_at_vapi(facts)


def _unread_at_vapi(facts: Facts) -> Hearing:
    match facts.vapi:
        case Absent():
            return _unknown(_("there is no Vapi key."), CheckId.VAPI_KEY)
        case Unknown(problem) if problem.code is ErrorCode.VAPI_KEY_REFUSED:
            return _unknown(_("Vapi refuses the key."), CheckId.VAPI_KEY)
        case Unknown():
            return _unknown(_("Vapi could not be asked."), CheckId.REACHED)
        case _:
            return _unknown(_("the number could not be read at Vapi."), CheckId.IMPORTED)


def _linked_to(facts: Facts, number: VapiNumber) -> Hearing:
    if number.status == "blocked":
        return _silence(_("Vapi has blocked the number."), CheckId.IMPORTED)
    if number.status == "activating":
        return _silence(_("Vapi is still activating the number."), CheckId.IMPORTED)
    if number.squad_id or number.workflow_id:
        whose = _("a squad of assistants") if number.squad_id else _("a workflow")
        because = _("that is what the number is linked to at Vapi.")
        return _answer_of(whose, because, CheckId.LINKED)
    match facts.linked:
        case Found(assistant):
            return _answered_by(facts, assistant)
        case Absent():
            return _without_assistant(number)
        case _:
            return _unknown(_("the assistant could not be read."), CheckId.ASSISTANT)


def _without_assistant(number: VapiNumber) -> Hearing:
    because = (
        _("the assistant that the number is linked to was deleted.")
        if number.assistant_id
        else _("no assistant is linked to the number.")
    )
    if number.fallback_number:
        words = _("the telephone {number} ring", number=spaced(number.fallback_number))
        return Hearing(Heard.SOMEBODYS_PHONE, words, because, CheckId.LINKED)
    if number.assistant_id:
        return Hearing(Heard.NO_ASSISTANT, _quote(NO_ASSISTANT), because, CheckId.LINKED)
    return Hearing(Heard.NUMBER_NOT_FOUND, _quote(NUMBER_NOT_FOUND), because, CheckId.LINKED)


def _answered_by(facts: Facts, assistant: Assistant) -> Hearing:
    match facts.account:
        case Found(account) if account.kind is AccountKind.TRIAL:
            because = _("a trial account cannot carry a live conversation.")
            return Hearing(Heard.TRIAL, _quote(STREAM_ON_TRIAL), because, CheckId.ACCOUNT)
        case Found():
            pass
        case _:
            return _unknown(_("the Twilio account could not be read."), CheckId.ACCOUNT)
    opening, words = _first_words(assistant)
    if not facts.wanted.is_set_up:
        return Hearing(Heard.AVA, words, opening=opening)
    match facts.assistant:
        case Found(wanted) if wanted.id == assistant.id:
            return Hearing(Heard.AVA, words, opening=opening)
        case Unread() | Unknown():
            return _unknown(_("the assistants could not be read."), CheckId.ASSISTANT)
    because = _("the number is linked to another assistant, {name}.", name=assistant.label)
    return Hearing(Heard.ANOTHER_ASSISTANT, words, because, CheckId.LINKED, opening)


def _first_words(assistant: Assistant) -> tuple[Opening, Text]:
    """Say how an assistant begins, and with which words."""
    if assistant.opening is Opening.MADE_UP:
        return Opening.MADE_UP, _("words that it makes up")
    # Without first words, it waits for the caller's (spec).
    if assistant.opening is Opening.WAITS or not assistant.first_message:
        return Opening.WAITS, _("silence until they speak")
    return Opening.SAYS, _quote(assistant.first_message)
