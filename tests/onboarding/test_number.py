"""Phone numbers: the notations that people use, and where a number's calls go today."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings, strategies as st

from ava_setup.onboarding.errors import FieldProblem
from ava_setup.onboarding.number import (
    Target,
    TargetKind,
    TwilioNumber,
    TwimlApp,
    national,
    read_number,
    region_of,
    spaced,
)
from ava_setup.words import Language, Voice
from tests.onboarding.fakes import AT_TWILIO, DEMO, NUMBER, WEBHOOK

FRANCE = ("FR", "CA", "GB", "US")


@pytest.mark.parametrize(
    "typed",
    [
        "+33199001234",
        "+33 1 99 00 12 34",
        " +33 (0)1 99 00 12 34\n",
        "0033 1 99 00 12 34",
        "01 99 00 12 34",
        "01.99.00.12.34",
        "01-99-00-12-34",
        "0199001234",
        "tel:+33199001234",
        "01\u00a099\u00a000\u00a012\u00a034",
        "01\u202f99\u202f00\u202f12\u202f34",
        "+33\u202f1\u202f99\u202f00\u202f12\u202f34",
    ],
)
def test_a_french_number_is_read_in_any_usual_notation(typed: str) -> None:
    assert read_number(typed, FRANCE)[0] == NUMBER


@pytest.mark.parametrize(
    ("typed", "regions", "numbers"),
    [
        ("020 7946 0000", ("GB",), ("+442079460000",)),
        ("+44 20 7946 0000", (), ("+442079460000",)),
        ("011 44 20 7946 0000", ("US",), ("+442079460000",)),
        ("(212) 555-0123", ("US",), ("+12125550123",)),
        ("1-514-555-0100", ("CA", "US"), ("+15145550100",)),
        ("06 12 34 56 78", ("FR", "GB", "FR"), ("+33612345678", "+44612345678")),
        ("06 12 34 56 78", ("GB", "FR"), ("+44612345678", "+33612345678")),
    ],
)
def test_national_notation_is_read_for_each_country_likeliest_first(
    typed: str, regions: tuple[str, ...], numbers: tuple[str, ...]
) -> None:
    assert read_number(typed, regions) == numbers


@pytest.mark.parametrize("typed", ["", "  ", "+", "00", "12", "ava", "+33 1", "0" * 300, "+999123"])
def test_what_is_no_phone_number_is_refused(typed: str) -> None:
    with pytest.raises(FieldProblem):
        read_number(typed, FRANCE)


def test_national_notation_without_a_country_is_no_number() -> None:
    with pytest.raises(FieldProblem):
        read_number("01 99 00 12 34", ())


@settings(deadline=None)
@given(st.text(max_size=30))
def test_whatever_is_typed_gives_international_numbers_or_a_field_problem(typed: str) -> None:
    try:
        numbers = read_number(typed, FRANCE)
    except FieldProblem:
        return
    assert all(number.startswith("+") and number[1:].isdigit() for number in numbers)
    assert len(set(numbers)) == len(numbers) > 0


@pytest.mark.parametrize(
    ("number", "region", "international", "at_home"),
    [
        (NUMBER, "FR", "+33 1 99 00 12 34", "01 99 00 12 34"),
        ("+12125550123", "US", "+1 212-555-0123", "(212) 555-0123"),
        ("+442079460000", "GB", "+44 20 7946 0000", "020 7946 0000"),
        ("anonymous", None, "anonymous", "anonymous"),
        ("", None, "", ""),
    ],
)
def test_a_number_is_written_both_ways_and_nonsense_stays_as_it_is(
    number: str, region: str | None, international: str, at_home: str
) -> None:
    assert spaced(number) == international
    assert national(number) == at_home
    assert region_of(number) == region


# Where a number points: the contract's table, in its order.

ELSEWHERE = "https://pbx.example.fr/voice"


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (
            replace(AT_TWILIO, trunk_sid="TK0", application_sid="AP0", has_voice=False),
            TargetKind.TRUNK,
        ),
        (replace(AT_TWILIO, application_sid="AP0", has_voice=False), TargetKind.APPLICATION),
        (replace(AT_TWILIO, has_voice=False), TargetKind.NO_VOICE),
        (replace(AT_TWILIO, receives_fax=True), TargetKind.NO_VOICE),
    ],
)
def test_a_trunk_beats_an_app_beats_a_missing_voice_beats_the_url(
    number: TwilioNumber, kind: TargetKind
) -> None:
    for voice_url in ("", ELSEWHERE, "https://api.vapi.ai/twilio/inbound_call"):
        assert replace(number, voice_url=voice_url).target == Target(kind)


@pytest.mark.parametrize(
    ("voice_url", "kind", "words"),
    [
        ("", TargetKind.NOTHING, "nothing"),
        ("https://api.vapi.ai/twilio/inbound_call", TargetKind.VAPI, "Vapi"),
        ("https://API.EU.VAPI.AI/twilio/inbound_call?a=1", TargetKind.VAPI, "Vapi"),
        ("https://vapi.ai/twilio/inbound_call", TargetKind.VAPI, "Vapi"),
        (
            "https://api.vapi.ai/twilio/outbound_call",
            TargetKind.VAPI_ELSEWHERE,
            "Vapi, at an unusual address",
        ),
        ("https://demo.twilio.com/welcome/voice/", TargetKind.DEMO, "Twilio's demo greeting"),
        ("https://handler.twilio.com/twiml/EH0", TargetKind.TWIML_BIN, "a TwiML Bin"),
        ("https://handler.twilio.com/other", TargetKind.OTHER, "handler.twilio.com"),
        (
            "https://webhooks.twilio.com/v1/Accounts/AC0/Flows/FW0",
            TargetKind.STUDIO,
            "a Twilio Studio flow",
        ),
        ("https://calm-cat-1234.twil.io/voice", TargetKind.FUNCTIONS, "a Twilio Function"),
        (ELSEWHERE, TargetKind.OTHER, "pbx.example.fr"),
        ("https://notvapi.ai/twilio/inbound_call", TargetKind.OTHER, "notvapi.ai"),
        (
            "https://vapi.ai.example.fr/twilio/inbound_call",
            TargetKind.OTHER,
            "vapi.ai.example.fr",
        ),
        ("hello", TargetKind.OTHER, "hello"),
        (
            "https://ab12-3.ngrok-free.app/voice",
            TargetKind.TUNNEL,
            "a tunnel to somebody's computer (ab12-3.ngrok-free.app)",
        ),
        (
            "https://calm-cat.trycloudflare.com/voice",
            TargetKind.TUNNEL,
            "a tunnel to somebody's computer (calm-cat.trycloudflare.com)",
        ),
        (
            "https://calm-cat.loca.lt",
            TargetKind.TUNNEL,
            "a tunnel to somebody's computer (calm-cat.loca.lt)",
        ),
        ("https://notngrok.io/voice", TargetKind.OTHER, "notngrok.io"),
        ("https://api.us.elevenlabs.io/twilio/inbound_call", TargetKind.OTHER, "ElevenLabs"),
        ("https://api.retellai.com/twilio-voice-webhook/x", TargetKind.OTHER, "Retell AI"),
        ("https://notretellai.com/", TargetKind.OTHER, "notretellai.com"),
    ],
)
def test_a_webhook_is_told_by_its_host(voice_url: str, kind: TargetKind, words: str) -> None:
    target = replace(AT_TWILIO, voice_url=voice_url).target
    assert target.kind is kind
    assert Voice(Language.EN)(target.words) == words


def test_only_somebody_elses_working_webhook_must_be_asked_about() -> None:
    asked = {kind for kind in TargetKind if Target(kind).is_somebodys}
    assert asked == {
        TargetKind.TWIML_BIN,
        TargetKind.STUDIO,
        TargetKind.FUNCTIONS,
        TargetKind.TUNNEL,
        TargetKind.OTHER,
    }


@pytest.mark.parametrize("voice_url", ["", DEMO, WEBHOOK, ELSEWHERE, "http://["])
def test_an_app_points_where_a_number_with_its_webhook_would(voice_url: str) -> None:
    number = replace(AT_TWILIO, voice_url=voice_url)
    assert TwimlApp("AP0", voice_url=voice_url).target == number.target


def test_every_verdict_has_words_in_both_languages() -> None:
    for kind in TargetKind:
        for language in Language:
            assert Voice(language)(Target(kind, "pbx.example.fr").words)


@pytest.mark.parametrize("url", ["http://[", "https://[::1", "//", "https://"])
def test_a_webhook_that_is_no_address_is_somebody_elses_and_breaks_nothing(url: str) -> None:
    assert replace(AT_TWILIO, voice_url=url).target.kind is TargetKind.OTHER
