"""What a caller hears whose call has reached Vapi.

In this order; the first line that fits decides:

| what is so | what is heard |
|---|---|
| another organisation holds the number | `SOMEONE_ELSE` |
| no organisation of the host's region holds it | `PHONE_NUMBER_NOT_FOUND` |
| it is blocked or activating | `SILENCE` |
| it names a squad or a workflow | its greeting, else `SOMEONE_ELSE` |
| its assistant exists, on a trial account of Twilio's | `STREAM_ON_TRIAL` |
| its assistant exists | the first words: the call is answered |
| it has a fallback telephone | `FORWARDED` |
| its assistant was deleted | `NO_ASSISTANT` |
| it names nobody | `PHONE_NUMBER_NOT_FOUND` |

Source: contract, vapi.md, "Phone numbers" and "What an import does at Twilio"; twilio.md, "Trial
accounts". What the contract does not know of it, a `Quirk` turns the other way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.sandbox.doors import VapiRegion
from ava_setup.sandbox.outcome import (
    DEFAULT_BACKGROUND,
    FORWARDED,
    MADE_UP_GREETING,
    NO_ASSISTANT,
    PHONE_NUMBER_NOT_FOUND,
    SILENCE,
    SOMEONE_ELSE,
    STREAM_ON_TRIAL,
    Outcome,
    VapiLeg,
    unheard,
)
from ava_setup.sandbox.quirks import Quirk

if TYPE_CHECKING:
    from ava_setup.sandbox.world import Account, Document, World


def reach_vapi(world: World, account: Account, called: str, host: str) -> Outcome:
    """Follow a call on from one of Vapi's hosts.

    Args:
        world: What the vendors hold.
        account: The number's account at Twilio.
        called: The number, in E.164.
        host: Where Twilio sent the call.
    """
    number = world.org.number_of(called) if _answers_at(world, host) else None
    if number is not None:
        return _by_number(world, account, number).after(f"vapi:number {number['id']}")
    if called in world.org.used_elsewhere:
        return unheard(SOMEONE_ELSE.format(who="another Vapi organisation")).after(f"vapi:{host}")
    return unheard(PHONE_NUMBER_NOT_FOUND).after(f"vapi:{host}")


def _answers_at(world: World, host: str) -> bool:
    us_for_all = Quirk.EU_WEBHOOK_AT_US_HOST in world.quirks
    return host == world.org.region.host or (us_for_all and host == VapiRegion.US.host)


def _by_number(world: World, account: Account, number: Document) -> Outcome:
    if number.get("status", "active") != "active":
        leg = VapiLeg(number, ended_reason="call.start.error-get-phone-number")
        return unheard(SILENCE, "no-answer", leg)
    assistant = world.org.assistants.get(number.get("assistantId") or "")
    if assistant and Quirk.ASSISTANT_FIRST in world.quirks:
        return _by_assistant(world, account, number, assistant)
    for link, greetings in (("squadId", world.org.squads), ("workflowId", world.org.workflows)):
        other = number.get(link)
        if other:
            kind = link.removesuffix("Id")
            leg = VapiLeg(number, ended_reason="customer-ended-call")
            heard = greetings.get(other, SOMEONE_ELSE.format(who=f"a Vapi {kind}"))
            return unheard(heard, leg=leg).after(f"{kind}:{other}")
    if assistant:
        return _by_assistant(world, account, number, assistant)
    return _without_assistant(world, number)


def _by_assistant(world: World, account: Account, number: Document, assistant: Document) -> Outcome:
    assistant_id = assistant["id"]
    station = f"assistant:{assistant_id}"
    if account.record["type"] == "Trial" and Quirk.TRIAL_STREAMS not in world.quirks:
        leg = VapiLeg(number, assistant_id, "twilio-failed-to-connect-call")
        return unheard(STREAM_ON_TRIAL, leg=leg).after(station)
    return Outcome(
        answered=True,
        heard=first_words(assistant),
        background=assistant.get("backgroundSound", DEFAULT_BACKGROUND),
        vapi=VapiLeg(number, assistant_id),
    ).after(station)


def _without_assistant(world: World, number: Document) -> Outcome:
    fallback = number.get("fallbackDestination")
    if fallback:
        telephone = fallback["number"]
        leg = VapiLeg(number, ended_reason="assistant-request-returned-forwarding-phone-number")
        return unheard(FORWARDED.format(number=telephone), leg=leg).after(f"fallback:{telephone}")
    if number.get("assistantId"):
        leg = VapiLeg(number, ended_reason="assistant-not-found")
        return unheard(NO_ASSISTANT, leg=leg).after(f"assistant:{number['assistantId']}")
    leg = VapiLeg(number, ended_reason="call-start-error-neither-assistant-nor-server-set")
    told = Quirk.UNLINKED_CANNOT_GET_ASSISTANT in world.quirks
    return unheard(NO_ASSISTANT if told else PHONE_NUMBER_NOT_FOUND, leg=leg)


def first_words(assistant: Document) -> str:
    """Say what an assistant says first; silence when it waits, or has nothing to say."""
    mode = assistant.get("firstMessageMode", "assistant-speaks-first")
    if mode == "assistant-waits-for-user":
        return SILENCE
    if mode == "assistant-speaks-first-with-model-generated-message":
        return MADE_UP_GREETING
    return str(assistant.get("firstMessage", SILENCE))
