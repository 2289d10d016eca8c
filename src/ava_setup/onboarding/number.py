"""Phone numbers: reading what people type, and where a number's calls go today."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import phonenumbers

from ava_setup.onboarding.errors import FieldProblem
from ava_setup.words import Text, _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ava_setup.onboarding.state import Region


class TargetKind(StrEnum):
    """What takes a number's calls (contract: twilio.md, Where a number points)."""

    TRUNK = "trunk"
    APPLICATION = "application"
    NO_VOICE = "no_voice"
    NOTHING = "nothing"
    VAPI = "vapi"
    VAPI_ELSEWHERE = "vapi_elsewhere"
    DEMO = "demo"
    TWIML_BIN = "twiml_bin"
    STUDIO = "studio"
    FUNCTIONS = "functions"
    TUNNEL = "tunnel"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a number's calls go.

    Attributes:
        kind: The verdict.
        host: The web host concerned, or "".
        provider: Whose service that is, as people know it, or "".
    """

    kind: TargetKind
    host: str = ""
    provider: str = ""

    @property
    def is_vapi(self) -> bool:
        """Whether Vapi's inbound webhook takes the calls."""
        return self.kind is TargetKind.VAPI

    @property
    def is_somebodys(self) -> bool:
        """Whether something that works today would lose the calls: ask before overwriting."""
        return self.kind in {
            TargetKind.TWIML_BIN,
            TargetKind.STUDIO,
            TargetKind.FUNCTIONS,
            TargetKind.TUNNEL,
            TargetKind.OTHER,
        }

    @property
    def words(self) -> Text:
        """The verdict in a few words."""
        return Text(_TARGET_WORDS[self.kind].msgid, (("host", self.provider or self.host),))


_TARGET_WORDS: dict[TargetKind, Text] = {
    TargetKind.TRUNK: _("a SIP trunk"),
    TargetKind.APPLICATION: _("a TwiML app"),
    TargetKind.NO_VOICE: _("no voice calls"),
    TargetKind.NOTHING: _("nothing"),
    TargetKind.VAPI: _("Vapi"),
    TargetKind.VAPI_ELSEWHERE: _("Vapi, at an unusual address"),
    TargetKind.DEMO: _("Twilio's demo greeting"),
    TargetKind.TWIML_BIN: _("a TwiML Bin"),
    TargetKind.STUDIO: _("a Twilio Studio flow"),
    TargetKind.FUNCTIONS: _("a Twilio Function"),
    TargetKind.TUNNEL: _("a tunnel to somebody's computer ({host})"),
    TargetKind.OTHER: _("{host}"),
}

# Tunnels end when the computer behind them is switched off; their addresses change each time.
_TUNNELS = (
    "ngrok.io",
    "ngrok.app",
    "ngrok.dev",
    "ngrok-free.app",
    "ngrok-free.dev",
    "trycloudflare.com",
    "loca.lt",
    "localhost.run",
    "lhr.life",
    "serveo.net",
    "pinggy.link",
    "pagekite.me",
    "devtunnels.ms",
    "tunnelmole.net",
    "zrok.io",
)
# Services that answer telephones, by the domain of their webhooks.
_PROVIDERS = {
    "retellai.com": "Retell AI",
    "elevenlabs.io": "ElevenLabs",
    "bland.ai": "Bland AI",
    "synthflow.ai": "Synthflow",
    "leadconnectorhq.com": "HighLevel",
    "ultravox.ai": "Ultravox",
    "livekit.cloud": "LiveKit",
    "voiceflow.com": "Voiceflow",
    "callrail.com": "CallRail",
    "aircall.io": "Aircall",
    "zapier.com": "Zapier",
    "make.com": "Make",
    "n8n.cloud": "n8n",
    "pipedream.net": "Pipedream",
}


@dataclass(frozen=True, slots=True)
class TwilioNumber:
    """A number of a Twilio account.

    Attributes:
        sid: `PN` and 32 hexadecimal digits.
        number: E.164.
        label: Twilio's friendly name.
        has_voice: Whether it can take voice calls at all.
        receives_fax: Whether it is set to receive faxes instead of calls.
        voice_url: The webhook asked for each call, or "".
        voice_method: `POST` or `GET`.
        trunk_sid: The SIP trunk that owns the voice, or "".
        application_sid: The TwiML app that owns the voice, or "".
        status_callback: The webhook told of each call's end, or "".
        sms_url: The webhook asked for each message, or "".
        voice_fallback_url: The webhook asked when `voice_url` fails, or "".
        voice_fallback_method: `POST` or `GET`.
    """

    sid: str
    number: str
    label: str = ""
    has_voice: bool = True
    receives_fax: bool = False
    voice_url: str = ""
    voice_method: str = "POST"
    trunk_sid: str = ""
    application_sid: str = ""
    status_callback: str = ""
    sms_url: str = ""
    voice_fallback_url: str = ""
    voice_fallback_method: str = "POST"

    @property
    def can_be_called(self) -> bool:
        """Whether a voice call can come in."""
        return self.has_voice and not self.receives_fax

    @property
    def target(self) -> Target:
        """Where its calls go today: trunk, else application, else webhook."""
        if self.trunk_sid:
            return Target(TargetKind.TRUNK)
        if self.application_sid:
            return Target(TargetKind.APPLICATION)
        if not self.can_be_called:
            return Target(TargetKind.NO_VOICE)
        return classify(self.voice_url)


@dataclass(frozen=True, slots=True)
class TwimlApp:
    """A TwiML app: what answers every number that names it.

    Attributes:
        sid: `AP` and 32 hexadecimal digits.
        name: Twilio's friendly name, or "".
        voice_url: The webhook asked for each call, or "".
        voice_method: `POST` or `GET`.
        voice_fallback_url: The webhook asked when `voice_url` fails, or "".
        voice_fallback_method: `POST` or `GET`.
    """

    sid: str
    name: str = ""
    voice_url: str = ""
    voice_method: str = "POST"
    voice_fallback_url: str = ""
    voice_fallback_method: str = "POST"

    @property
    def target(self) -> Target:
        """Where the calls of its numbers go."""
        return classify(self.voice_url)


@dataclass(frozen=True, slots=True)
class SubaccountHit:
    """A number that was found in a sub-account.

    Attributes:
        account_sid: The sub-account's.
        account_name: Its friendly name, or "".
        number: The number there.
    """

    account_sid: str
    account_name: str
    number: TwilioNumber


def classify(voice_url: str) -> Target:
    """Classify a voice webhook (contract: twilio.md, Where a number points)."""
    if not voice_url:
        return Target(TargetKind.NOTHING)
    try:
        parts = urlsplit(voice_url)
    except ValueError:
        return Target(TargetKind.OTHER, voice_url)
    host, path = (parts.hostname or "").lower(), parts.path
    kind = TargetKind.OTHER
    if _is_of(host, "vapi.ai"):
        kind = TargetKind.VAPI if path == "/twilio/inbound_call" else TargetKind.VAPI_ELSEWHERE
    elif host == "demo.twilio.com":
        kind = TargetKind.DEMO
    elif host == "handler.twilio.com" and path.startswith("/twiml/"):
        kind = TargetKind.TWIML_BIN
    elif host == "webhooks.twilio.com" and "/Flows/" in path:
        kind = TargetKind.STUDIO
    elif host.endswith(".twil.io"):
        kind = TargetKind.FUNCTIONS
    elif any(_is_of(host, domain) for domain in _TUNNELS):
        kind = TargetKind.TUNNEL
    provider = next((name for domain, name in _PROVIDERS.items() if _is_of(host, domain)), "")
    return Target(kind, host or voice_url, provider)


def _is_of(host: str, domain: str) -> bool:
    return host == domain or host.endswith(f".{domain}")


# Of the US contract: vapi.md, What an import does. Of the EU nobody published it: inferred.
_INBOUND = {"eu": "https://api.eu.vapi.ai/twilio/inbound_call"}
_INBOUND_US = "https://api.vapi.ai/twilio/inbound_call"


def inbound_webhook(region: Region) -> str:
    """Give the webhook by which Vapi takes calls in a region; Twilio has to ask it by POST."""
    return _INBOUND.get(region, _INBOUND_US)


def is_vapis(url: str) -> bool:
    """Whether a webhook is one that an import writes (contract: vapi.md, What an import does)."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return False
    return _is_of(host, "vapi.ai") and parts.path.startswith("/twilio/")


def fits_mask(shown: str, number: str) -> bool:
    """Whether a number as a masked list shows it, `+336****8621`, may be this one."""
    if "*" not in shown:
        return False
    start, end = shown.split("*", 1)[0], shown.rsplit("*", 1)[-1]
    return number.startswith(start) and number.endswith(end)


@dataclass(frozen=True, slots=True)
class VapiNumber:
    """A phone number record of Vapi (contract: vapi.md, Phone numbers).

    Attributes:
        id: Vapi's id.
        number: E.164, possibly masked with asterisks, or "" (SIP).
        provider: `twilio`, `vapi`, …
        status: `active`, `activating`, `blocked`, or "" when Vapi did not say.
        assistant_id: The assistant that answers, or None.
        squad_id: The squad that answers, or None.
        workflow_id: The workflow that answers, or None.
        name: Vapi's label, or "".
        updated_at: ISO 8601, by Vapi's clock.
        fallback_number: The telephone that rings when no assistant can be had, or ""; of a SIP
            address, the address.
        twilio_account_sid: The Twilio account that it is called through, or "" (legacy, others).
    """

    id: str
    number: str
    provider: str
    status: str = ""
    assistant_id: str | None = None
    squad_id: str | None = None
    workflow_id: str | None = None
    name: str = ""
    updated_at: str = ""
    fallback_number: str = ""
    twilio_account_sid: str = ""


def read_number(typed: str, regions: Iterable[str]) -> tuple[str, ...]:
    """Read a number in any usual notation.

    Args:
        typed: International (`+33 1 …`, `0033…`) or national (`01 …`) notation.
        regions: Two-letter countries to try for national notation, likeliest first.

    Returns:
        The E.164 numbers it may mean, likeliest first, without repeats.

    Raises:
        FieldProblem: It is no phone number anywhere among them.
    """
    # Word processors and web sites part the digits by spaces that phonenumbers does not know.
    text = " ".join(typed.split())
    if text.startswith("00"):
        text = f"+{text[2:]}"
    found: list[str] = []
    for region in [None] if text.startswith("+") else list(dict.fromkeys(regions)):
        try:
            parsed = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            continue
        number = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
        if phonenumbers.is_possible_number(parsed) and number not in found:
            found.append(number)
    if not found:
        raise FieldProblem(
            _("This is not a phone number. Type it like 01 23 45 67 89 or +33 1 23 45 67 89.")
        )
    return tuple(found)


def region_of(number: str) -> str | None:
    """Give the two-letter country of an E.164 number, or None when it has none."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return None


def spaced(number: str) -> str:
    """Write an E.164 number the international way, `+33 1 99 00 00 01`; others as they are."""
    try:
        return phonenumbers.format_number(
            phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.INTERNATIONAL
        )
    except phonenumbers.NumberParseException:
        return number


def national(number: str) -> str:
    """Write an E.164 number as people of its country dial it; others as they are."""
    try:
        return phonenumbers.format_number(
            phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.NATIONAL
        )
    except phonenumbers.NumberParseException:
        return number
