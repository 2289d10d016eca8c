"""Who and what there is before a set-up: organisations, accounts, numbers in every condition."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ava_setup.onboarding.assistant import Assistant
from ava_setup.onboarding.number import TwilioNumber, VapiNumber
from ava_setup.onboarding.state import Region
from tests.onboarding.strict_vendors import INBOUND, PBX, STATUS, Account, Org, Quirks, World

HOME, SECOND, ABROAD = "org-home", "org-second", "org-abroad"
KEYS = {HOME: "made-up-key-home", SECOND: "made-up-key-second", ABROAD: "made-up-key-abroad"}
NO_KEY = "made-up-key-of-nobody"
MAIN, SPARE = f"AC{'1' * 32}", f"AC{'2' * 32}"
TOKENS = {MAIN: "made-up-token-main", SPARE: "made-up-token-spare"}
NO_TOKEN = "made-up-token-of-nobody"
KEY_SID = f"SK{'3' * 32}"
KEY_SECRET = "made-up-api-key-secret"
SECRETS = {*KEYS.values(), NO_KEY, *TOKENS.values(), NO_TOKEN, KEY_SECRET}

OTHER = Assistant("other", "Standard", "2026-01-03T00:00:00.000000Z", org_id=HOME)
THEIRS = Assistant("theirs", "Accueil", "2026-01-03T00:00:00.000000Z", org_id=SECOND)
DISTANT = Assistant("distant", "Empfang", "2026-01-03T00:00:00.000000Z", org_id=ABROAD)

DEMO = "https://demo.twilio.com/welcome/voice/"


def number_at(place: int, **fields: Any) -> TwilioNumber:
    """Make a number at Twilio."""
    return TwilioNumber(f"PN{place:032}", f"+331990000{place:02}", **fields)


def _vapis(place: int) -> TwilioNumber:
    return number_at(place, voice_url=INBOUND, status_callback=STATUS)


NUMBERS = {
    "fresh": number_at(1, voice_url=DEMO, sms_url="https://sms.example/"),
    "silent": number_at(2),
    "serving": number_at(3, voice_url=PBX, voice_method="GET", status_callback=f"{PBX}/end"),
    "left over": _vapis(4),
    "unlinked": _vapis(5),
    "taken": _vapis(6),
    "squad": _vapis(7),
    "no voice": number_at(8, has_voice=False),
    "trunk": number_at(9, voice_url=DEMO, trunk_sid="TK0"),
    "another's": number_at(10, voice_url=DEMO),
    "astray": number_at(11, voice_url=DEMO),
}
SPARE_NUMBER = number_at(12, voice_url=DEMO)
RECORDS = (
    VapiNumber("unlinked", NUMBERS["unlinked"].number, "twilio", "active"),
    VapiNumber("taken", NUMBERS["taken"].number, "twilio", "active", assistant_id=OTHER.id),
    VapiNumber(
        "squad", NUMBERS["squad"].number, "twilio", "active", squad_id="squad", name="Boutique"
    ),
    VapiNumber("astray", NUMBERS["astray"].number, "twilio", "active"),
)


def records(*, inhabited: bool) -> tuple[VapiNumber, ...]:
    """Give what Vapi has at home; with no assistant there, none is linked."""
    return tuple(one if inhabited else replace(one, assistant_id=None) for one in RECORDS)


def neighbourhood(quirks: Quirks, *, inhabited: bool) -> World:
    """Make the vendors as they are before a set-up.

    Args:
        quirks: The vendors' oddities.
        inhabited: Whether the organisation at home has an assistant.
    """
    world = World(
        (
            Org(
                HOME,
                Region.US,
                KEYS[HOME],
                {OTHER.id: OTHER} if inhabited else {},
                {one.id: one for one in records(inhabited=inhabited)},
            ),
            Org(SECOND, Region.US, KEYS[SECOND], {THEIRS.id: THEIRS}),
            Org(ABROAD, Region.EU, KEYS[ABROAD], {DISTANT.id: DISTANT}),
        ),
        (
            Account(
                MAIN,
                TOKENS[MAIN],
                KEY_SID,
                KEY_SECRET,
                numbers={one.sid: one for one in NUMBERS.values()},
            ),
            Account(SPARE, TOKENS[SPARE], numbers={SPARE_NUMBER.sid: SPARE_NUMBER}),
        ),
        quirks,
    )
    world.used_elsewhere.add(NUMBERS["another's"].number)
    return world
