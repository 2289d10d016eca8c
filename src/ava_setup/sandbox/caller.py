"""What a caller would hear: a call is followed as the networks would, and nothing is changed.

In this order; the first line that fits decides:

| what is so | what is heard |
|---|---|
| no account of Twilio's has the number | `NOT_IN_SERVICE` |
| the account is not active, or the number has no voice | `UNREACHABLE`, logged nowhere |
| the number listens for a fax | `FAX` |
| a SIP trunk owns it | `elsewhere["TK…"]`, else `SOMEONE_ELSE` |
| it has no voice address, nor its application | `SILENCE`, logged nowhere |
| the address is in `elsewhere` | what stands there |
| the address is Vapi's, its path or its method is not | 11200, then the fallback address |
| the address is Vapi's | see `caller_at_vapi` |
| a server of Twilio's own | `TWILIO_DEMO`, or `SOMEONE_ELSE` |
| a tunnel | 11200, then the fallback address |
| any other host | 11210, then the fallback address |
| no address is left | `APPLICATION_ERROR` |

Voice settings are those of the region where the number's calls are processed, and the call is in
that region's log (docs: twilio.com/docs/global-infrastructure/inbound-call-processing).

Source: contract, twilio.md, "Where a number points" and "When calls fail".
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ava_setup.sandbox.caller_at_vapi import reach_vapi
from ava_setup.sandbox.doors import TwilioRegion
from ava_setup.sandbox.outcome import (
    APPLICATION_ERROR,
    FAX,
    NOT_IN_SERVICE,
    SILENCE,
    SOMEONE_ELSE,
    TWILIO_DEMO,
    UNREACHABLE,
    Fault,
    Outcome,
    unheard,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ava_setup.sandbox.world import Account, Document, World

_TUNNELS = (".ngrok.io", ".ngrok.app", ".ngrok-free.app", ".trycloudflare.com", ".loca.lt")


def owner_of(
    world: World, phone_number: str, region: TwilioRegion
) -> tuple[Account, Document] | None:
    """Find the account that holds a number, and the number's record, as a region has them."""
    for account in world.twilio[region].values():
        number = account.number_of(phone_number)
        if number is not None:
            return account, number
    return None


def follow(world: World, called: str) -> Outcome:
    """Follow a call to a number in E.164 from the network to whoever speaks first."""
    found = owner_of(world, called, world.processed_in(called))
    if found is None:
        return unheard(NOT_IN_SERVICE, "").after("network")
    account, number = found
    if not account.active or not number["capabilities"]["voice"]:
        return unheard(UNREACHABLE, "").after("network", _station(account, called))
    return _at_twilio(world, account, number).after(_station(account, called))


def _station(account: Account, called: str) -> str:
    region = "" if account.region is TwilioRegion.US1 else f" {account.region}"
    return f"twilio{region}:{called}"


def _at_twilio(world: World, account: Account, number: Document) -> Outcome:
    if number["voice_receive_mode"] == "fax":
        return unheard(FAX).after("fax")
    trunk = number["trunk_sid"]
    if trunk:
        heard = world.elsewhere.get(trunk, SOMEONE_ELSE.format(who="a SIP trunk"))
        return replace(unheard(heard), trunk_sid=trunk).after(f"trunk:{trunk}")
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
        return unheard(SILENCE, "")
    faults: tuple[Fault, ...] = ()
    stations: tuple[str, ...] = ()
    for name, url, method in _webhooks(voice):
        stations = (*stations, f"{name}:{url}")
        reached = _request(world, account, called, url, method)
        if not isinstance(reached, Fault):
            return replace(reached, faults=faults).after(*stations)
        faults = (*faults, reached)
    return replace(unheard(APPLICATION_ERROR), faults=faults).after(*stations)


def _request(world: World, account: Account, called: str, url: str, method: str) -> Outcome | Fault:
    if url in world.elsewhere:
        return unheard(world.elsewhere[url])
    parts = urlsplit(url)
    host, path = (parts.hostname or "").lower(), parts.path
    if host == "vapi.ai" or host.endswith(".vapi.ai"):
        if (path, method) != ("/twilio/inbound_call", "POST"):
            return Fault("11200", "HTTP retrieval failure: 404", url, method)
        return reach_vapi(world, account, called, host)
    heard = _by_twilio(host, path)
    if heard:
        return unheard(heard)
    if host.endswith(_TUNNELS):
        return Fault("11200", "HTTP retrieval failure: 404", url, method)
    return Fault("11210", "HTTP bad host name", url, method)


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
