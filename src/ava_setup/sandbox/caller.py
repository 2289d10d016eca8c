"""What a caller would hear: a call is followed as the networks would, and nothing is changed.

Source: contract, twilio.md, "Where a number points", "Trial accounts" and "When calls fail";
vapi.md, "What an import does at Twilio". Words that the contract does not give are marked so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ava_setup.sandbox.world import Account, Document, World

# The contract's words.
PHONE_NUMBER_NOT_FOUND = "Phone Number Not Found"
NO_ASSISTANT = "Couldn't get assistant. Either set the assistant ID on the phone number"
APPLICATION_ERROR = "We're sorry, an application error has occurred. Goodbye."
STREAM_ON_TRIAL = "The Stream verb is not available on trial accounts."
SILENCE = ""

# Not in the contract: what carriers and Twilio's demo say differs from day to day.
NOT_IN_SERVICE = "The number you have dialled is not in service."
UNREACHABLE = "The number you have dialled cannot be reached at the moment."
TWILIO_DEMO = "Thanks for the call. Configure your number's voice URL to change this message."
FAX = "A fax machine's tone."
MADE_UP_GREETING = "A greeting that the model makes up."
FORWARDED = "The telephone at {number} rings."
SOMEONE_ELSE = "Someone else's greeting ({who})."

_TUNNELS = (".ngrok.io", ".ngrok.app", ".ngrok-free.app", ".trycloudflare.com", ".loca.lt")


@dataclass(frozen=True, slots=True)
class Fault:
    """A webhook that failed, as Twilio's debugger names it."""

    code: str
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class VapiLeg:
    """What a call became at Vapi.

    Attributes:
        number: The number's record.
        assistant_id: Who took the call, if an assistant could be had.
        ended_reason: Why it failed, of the specification's enumeration; empty when it did not.
    """

    number: Document
    assistant_id: str | None = None
    ended_reason: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a call went.

    Attributes:
        answered: Whether the assistant that the number names took the call. A squad, a fallback
            telephone or somebody else's server is something to hear, but not an answer.
        heard: The first words, or silence.
        path: Every station, in order.
        twilio_status: What Twilio's log says at the end; empty when the call is not logged there.
        trunk_sid: The SIP trunk that took it, if one did.
        vapi: What it became at Vapi, if it got there.
        faults: Webhooks that failed on the way.
    """

    answered: bool
    heard: str
    path: tuple[str, ...] = ()
    twilio_status: str = "completed"
    trunk_sid: str | None = None
    vapi: VapiLeg | None = None
    faults: tuple[Fault, ...] = ()

    def after(self, *stations: str) -> Outcome:
        """The same outcome, seen from earlier stations."""
        return replace(self, path=(*stations, *self.path))


def _unheard(heard: str, status: str = "") -> Outcome:
    return Outcome(answered=False, heard=heard, twilio_status=status)


def owner_of(world: World, called: str) -> tuple[Account, Document] | None:
    """Find the account that holds a number, and the number's record there."""
    for account in world.accounts.values():
        number = account.number_of(called)
        if number is not None:
            return account, number
    return None


def follow(world: World, called: str) -> Outcome:
    """Follow a call to a number in E.164 from the network to whoever speaks first."""
    found = owner_of(world, called)
    if found is None:
        return _unheard(NOT_IN_SERVICE).after("network")
    account, number = found
    if not account.active or not number["capabilities"]["voice"]:
        return _unheard(UNREACHABLE).after("network", f"twilio:{called}")
    return _at_twilio(world, account, number).after(f"twilio:{called}")


def _at_twilio(world: World, account: Account, number: Document) -> Outcome:
    if number["voice_receive_mode"] == "fax":
        return _unheard(FAX, "completed").after("fax")
    trunk = number["trunk_sid"]
    if trunk:
        heard = world.elsewhere.get(trunk, SOMEONE_ELSE.format(who="a SIP trunk"))
        return replace(_unheard(heard, "completed"), trunk_sid=trunk).after(f"trunk:{trunk}")
    application = account.applications.get(number["voice_application_sid"] or "")
    voice = application or number
    outcome = _first_that_works(world, account, number["phone_number"], voice)
    return outcome.after(f"application:{application['sid']}") if application else outcome


def _webhooks(voice: Document) -> Iterator[tuple[str, str, str]]:
    for name in ("voice_url", "voice_fallback_url"):
        url = voice[name]
        if url:
            yield name, url, voice[name.replace("url", "method")]


def _first_that_works(world: World, account: Account, called: str, voice: Document) -> Outcome:
    if not voice["voice_url"]:
        # Not even logged (contract: twilio.md, When calls fail).
        return _unheard(SILENCE)
    faults: tuple[Fault, ...] = ()
    stations: tuple[str, ...] = ()
    for name, url, method in _webhooks(voice):
        stations = (*stations, f"{name}:{url}")
        reached = _request(world, account, called, url, method)
        if not isinstance(reached, Fault):
            return replace(reached, faults=faults).after(*stations)
        faults = (*faults, reached)
    return replace(_unheard(APPLICATION_ERROR, "completed"), faults=faults).after(*stations)


def _request(world: World, account: Account, called: str, url: str, method: str) -> Outcome | Fault:
    if url in world.elsewhere:
        return _unheard(world.elsewhere[url], "completed")
    parts = urlsplit(url)
    host, path = (parts.hostname or "").lower(), parts.path
    if host == "vapi.ai" or host.endswith(".vapi.ai"):
        if (path, method) != ("/twilio/inbound_call", "POST"):
            return Fault("11200", "HTTP retrieval failure: 404", url)
        return _at_vapi(world, account, called, host)
    heard = _by_twilio(host, path)
    if heard:
        return _unheard(heard, "completed")
    if host.endswith(_TUNNELS):
        return Fault("11200", "HTTP retrieval failure: 404", url)
    return Fault("11210", "HTTP bad host name", url)


def _by_twilio(host: str, path: str) -> str:
    """Say what a server of Twilio's own says, or nothing when it is none."""
    if host == "demo.twilio.com":
        return TWILIO_DEMO
    if host == "handler.twilio.com" and path.startswith("/twiml/"):
        return SOMEONE_ELSE.format(who="a TwiML Bin")
    if host == "webhooks.twilio.com" and "/Flows/" in path:
        return SOMEONE_ELSE.format(who="a Studio flow")
    if host.endswith(".twil.io"):
        return SOMEONE_ELSE.format(who="a Twilio Function")
    return ""


def _at_vapi(world: World, account: Account, called: str, host: str) -> Outcome:
    org = world.org
    number = org.number_of(called) if host == org.host else None
    if number is None:
        return _unheard(PHONE_NUMBER_NOT_FOUND, "completed").after(f"vapi:{host}")
    station = f"vapi:number {number['id']}"
    if number.get("status", "active") != "active":
        leg = VapiLeg(number, ended_reason="call.start.error-get-phone-number")
        return replace(_unheard(SILENCE, "no-answer"), vapi=leg).after(station)
    for link, greetings in (("squadId", org.squads), ("workflowId", org.workflows)):
        other = number.get(link)
        if other:
            kind = link.removesuffix("Id")
            leg = VapiLeg(number, ended_reason="customer-ended-call")
            heard = greetings.get(other, SOMEONE_ELSE.format(who=f"a Vapi {kind}"))
            return replace(_unheard(heard, "completed"), vapi=leg).after(station, f"{kind}:{other}")
    return _by_assistant(world, account, number).after(station)


def _by_assistant(world: World, account: Account, number: Document) -> Outcome:
    assistant_id = number.get("assistantId")
    assistant = world.org.assistants.get(assistant_id or "")
    if assistant is None:
        return _without_assistant(number)
    station = f"assistant:{assistant_id}"
    if account.record["type"] == "Trial":
        leg = VapiLeg(number, assistant_id, "twilio-failed-to-connect-call")
        return replace(_unheard(STREAM_ON_TRIAL, "completed"), vapi=leg).after(station)
    return Outcome(
        answered=True, heard=first_words(assistant), vapi=VapiLeg(number, assistant_id)
    ).after(station)


def _without_assistant(number: Document) -> Outcome:
    fallback = number.get("fallbackDestination")
    if fallback:
        telephone = fallback["number"]
        heard = FORWARDED.format(number=telephone)
        leg = VapiLeg(number, ended_reason="assistant-request-returned-forwarding-phone-number")
        return replace(_unheard(heard, "completed"), vapi=leg).after(f"fallback:{telephone}")
    if number.get("assistantId"):
        leg = VapiLeg(number, ended_reason="assistant-not-found")
        gone = f"assistant:{number['assistantId']}"
        return replace(_unheard(NO_ASSISTANT, "completed"), vapi=leg).after(gone)
    leg = VapiLeg(number, ended_reason="call-start-error-neither-assistant-nor-server-set")
    return replace(_unheard(PHONE_NUMBER_NOT_FOUND, "completed"), vapi=leg)


def first_words(assistant: Document) -> str:
    """Say what an assistant says first; silence when it waits, or has nothing to say."""
    mode = assistant.get("firstMessageMode", "assistant-speaks-first")
    if mode == "assistant-waits-for-user":
        return SILENCE
    if mode == "assistant-speaks-first-with-model-generated-message":
        return MADE_UP_GREETING
    return str(assistant.get("firstMessage", SILENCE))
