"""What a caller hears in each scenario, word for word, and what is wrong in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from ava_setup.cli import main
from ava_setup.sandbox import scenario_names, scenario_summaries

if TYPE_CHECKING:
    from tests.sandbox.lab import Lab

AVA = "Bonjour, ici Ava, l'assistante automatique du cabinet Lefèvre."
MARTIN = (
    "Bonjour, vous êtes chez Martin Plomberie. "
    "Je suis l'assistante automatique, que puis-je faire pour vous ?"
)
DEMO = "Thanks for the call. Configure your number's voice URL to change this message."
ERROR = "We're sorry, an application error has occurred. Goodbye."
NOT_FOUND = "Phone Number Not Found"
NO_ASSISTANT = "Couldn't get assistant. Either set the assistant ID on the phone number"
UNREACHABLE = "The number you have dialled cannot be reached at the moment."
INBOUND = "https://api.vapi.ai/twilio/inbound_call"


class Heard(NamedTuple):
    """What a caller hears, and where the call ends: the beginning of the last station."""

    words: str
    last: str
    answered: bool = False
    background: str = "off"


HEARD = {
    "activating-number": Heard("", "vapi:number "),
    "assistant-deleted": Heard(NO_ASSISTANT, "assistant:"),
    "bad-key": Heard(DEMO, "voice_url:https://demo.twilio.com/"),
    "blocked-number": Heard("", "vapi:number "),
    "dead-tunnel": Heard(ERROR, "voice_url:https://a1b2c3d4.ngrok-free.app/"),
    "eu-key": Heard(AVA, "assistant:", answered=True),
    "failing-fallback": Heard(ERROR, "voice_fallback_url:https://a1b2c3d4.ngrok-free.app/"),
    "fallback-only": Heard("The telephone at +33199005555 rings.", "fallback:+33199005555"),
    "fax": Heard("A fax machine's tone.", "fax"),
    "fresh": Heard(DEMO, "voice_url:https://demo.twilio.com/"),
    "ie1-token": Heard(DEMO, "voice_url:https://demo.twilio.com/"),
    "linked-elsewhere": Heard(
        "Bonjour, cabinet du docteur Lefèvre, l'assistante automatique vous écoute.",
        "assistant:",
        answered=True,
    ),
    "low-balance": Heard(AVA, "assistant:", answered=True),
    "many": Heard(
        "Bonjour, vous êtes sur le site 1, l'assistante automatique vous écoute.",
        "assistant:",
        answered=True,
    ),
    "masked-list": Heard(NOT_FOUND, "vapi:number "),
    "no-first-words": Heard("", "assistant:", answered=True),
    "no-voice": Heard(UNREACHABLE, "twilio:"),
    "office-noise": Heard(AVA, "assistant:", answered=True, background="office"),
    "other-org": Heard("Someone else's greeting (another Vapi organisation).", "vapi:api.vapi.ai"),
    "out-of-service": Heard("", "twilio:"),
    "provider-wanted-in-patch": Heard(NOT_FOUND, "vapi:number "),
    "recent-failures": Heard(AVA, "assistant:", answered=True),
    "returning": Heard(MARTIN, "assistant:", answered=True),
    "rotated-token": Heard(AVA, "assistant:", answered=True),
    "squad": Heard("Bonjour, toute l'équipe du cabinet vous écoute.", "squad:"),
    "studio": Heard(
        "Someone else's greeting (a Studio flow).", "voice_url:https://webhooks.twilio.com/v1/"
    ),
    "sub-account": Heard(DEMO, "voice_url:https://demo.twilio.com/"),
    "suspended": Heard(UNREACHABLE, "twilio:"),
    "trial": Heard(DEMO, "voice_url:https://demo.twilio.com/"),
    "trunk": Heard("Bonjour, vous êtes au standard téléphonique.", "trunk:TK"),
    "twiml-app": Heard(
        "Bonjour, tapez 1 pour le secrétariat.", "voice_url:https://standard.example/voix"
    ),
    "twiml-app-to-vapi": Heard(AVA, "assistant:", answered=True),
    "two-sides-differ": Heard(
        "Bonjour, le cabinet est fermé, laissez un message.",
        "voice_url:https://ancien-standard.example/voix",
    ),
    "unlinked": Heard(NOT_FOUND, "vapi:number "),
    "voice-elsewhere": Heard("", "twilio ie1:"),
    "webhook-not-written": Heard(DEMO, "voice_url:https://demo.twilio.com/"),
    "workflow": Heard("Bonjour, pour un rendez-vous, dites un.", "workflow:"),
    "wrong-language": Heard(
        "Hello, this is Ava, the automated assistant of Doctor Lefèvre.",
        "assistant:",
        answered=True,
    ),
    "wrong-method": Heard(ERROR, f"voice_url:{INBOUND}"),
    "wrong-path": Heard(ERROR, "voice_url:https://api.vapi.ai/phone-number/inbound"),
}
# What Twilio's debugger says of the call just made, where it says anything.
DEBUGGED = {
    "dead-tunnel": ["11200"],
    "failing-fallback": ["11200", "11210"],
    "wrong-method": ["11200"],
    "wrong-path": ["11200"],
}
# Where the number is linked at Vapi to an assistant that exists.
LINKED = {
    *(name for name, heard in HEARD.items() if heard.answered),
    *("activating-number", "blocked-number", "dead-tunnel", "failing-fallback", "fax", "squad"),
    *("trunk", "twiml-app", "two-sides-differ", "voice-elsewhere", "webhook-not-written"),
    *("wrong-method", "wrong-path"),
}


def _at_vapi(lab: Lab) -> Any:
    """The record at Vapi of the number that the scenario is about, if there is one."""
    return lab.world.org.number_of(lab.told.number)


@pytest.mark.parametrize("scenario", scenario_names())
def test_each_scenario_is_heard_as_its_story_says(lab: Lab, scenario: str) -> None:
    lab.play(scenario)
    said, story = lab.call(), HEARD[scenario]
    assert (said["heard"], said["answered"]) == (story.words, story.answered)
    assert said["background"] == story.background
    assert said["path"][-1].startswith(story.last)


@pytest.mark.parametrize("scenario", sorted(set(scenario_names()) - {"recent-failures"}))
def test_the_debugger_knows_what_failed_and_nothing_else(lab: Lab, scenario: str) -> None:
    lab.play(scenario)
    lab.call()
    logged = [
        entry["error_code"]
        for account in lab.state()["twilio"]["accounts"]
        for entry in account["notifications"]
    ]
    assert sorted(logged) == DEBUGGED.get(scenario, [])


@pytest.mark.parametrize("scenario", scenario_names())
def test_what_vapi_says_of_a_link_is_another_matter_than_what_is_heard(
    lab: Lab, scenario: str
) -> None:
    lab.play(scenario)
    number = _at_vapi(lab)
    linked = bool(number) and number.get("assistantId") in lab.world.org.assistants
    assert linked is (scenario in LINKED)


def test_a_twiml_app_can_be_looked_through(lab: Lab) -> None:
    for scenario, url in (
        ("twiml-app", "https://standard.example/voix"),
        ("twiml-app-to-vapi", INBOUND),
    ):
        lab.play(scenario)
        app = lab.at_twilio()["voice_application_sid"]
        assert lab.twilio("GET", f"/Applications/{app}.json").json()["voice_url"] == url


def test_the_losers_of_a_trunk_and_of_an_application_are_still_returned(lab: Lab) -> None:
    for scenario in ("trunk", "twiml-app"):
        lab.play(scenario)
        assert lab.at_twilio()["voice_url"] == INBOUND


def test_the_number_of_a_sub_account_is_found_there_only(lab: Lab) -> None:
    lab.play("sub-account")
    assert lab.told.number not in lab.told.numbers
    own, sub = lab.twilio_at("GET", "/2010-04-01/Accounts.json").json()["accounts"]
    assert own["sid"] == lab.told.twilio_account_sid
    assert (sub["friendly_name"], sub["owner_account_sid"]) == ("Cabinet Lefèvre", own["sid"])
    numbers = lab.twilio("GET", "/IncomingPhoneNumbers.json", account=sub["sid"]).json()
    assert [n["phone_number"] for n in numbers["incoming_phone_numbers"]] == [lab.told.number]
    pair = (sub["sid"], sub["auth_token"])
    alone = lab.twilio_at("GET", "/2010-04-01/Accounts.json", login=pair).json()["accounts"]
    assert [one["sid"] for one in alone] == [sub["sid"]]
    body = lab.import_body(number=lab.told.number)
    answer = lab.vapi("POST", "/phone-number", json=body)
    assert answer.json()["message"] == "Number Not Found on Twilio."


def test_accounts_are_listed_by_name_and_status(lab: Lab) -> None:
    lab.play("sub-account")
    for query, count in (
        ("FriendlyName=Cabinet Lefèvre", 1),
        ("FriendlyName=Nobody", 0),
        ("Status=active", 2),
        ("Status=closed", 0),
    ):
        page = lab.twilio_at("GET", f"/2010-04-01/Accounts.json?{query}").json()
        assert len(page["accounts"]) == count, query


def test_the_number_of_another_organisation_cannot_be_imported(lab: Lab) -> None:
    lab.play("other-org")
    answer = lab.vapi("POST", "/phone-number", json=lab.import_body())
    assert (
        answer.json()["message"] == f"Phone number {lab.told.number} already in use by another org."
    )


def test_a_rotated_token_opens_nothing(lab: Lab) -> None:
    lab.play("rotated-token")
    for region in lab.told.twilio_urls:
        path = f"/2010-04-01/Accounts/{lab.told.twilio_account_sid}.json"
        assert lab.twilio_at("GET", path, region=region).status_code == 401


def test_recent_failures_are_in_the_log_newest_first_with_what_failed(lab: Lab) -> None:
    lab.play("recent-failures")
    calls = lab.twilio("GET", "/Calls.json", params={"To": lab.told.number}).json()["calls"]
    found = []
    for call in calls:
        log = lab.twilio("GET", f"/Calls/{call['sid']}/Notifications.json").json()
        found += [(n["error_code"], n["request_url"]) for n in log["notifications"]]
    assert found == [("11200", INBOUND), ("11200", INBOUND), ("11205", INBOUND)]
    an_hour_ago = (datetime.now(UTC) - timedelta(hours=1)).isoformat(timespec="seconds")
    late = {"To": lab.told.number, "StartTime>": an_hour_ago}
    assert lab.twilio("GET", "/Calls.json", params=late).json()["calls"] == calls[:2]
    assert lab.vapi("GET", "/call").json() == []


def test_the_balance_is_low_but_there_is_some(lab: Lab) -> None:
    lab.play("low-balance")
    assert lab.twilio("GET", "/Balance.json").json()["balance"] == "0.42"


def test_an_assistant_may_have_no_first_words_and_another_language(lab: Lab) -> None:
    lab.play("no-first-words")
    (silent,) = lab.vapi("GET", "/assistant").json()
    assert "firstMessage" not in silent
    lab.play("wrong-language")
    (english,) = lab.vapi("GET", "/assistant").json()
    assert (english["voice"]["language"], english["transcriber"]["language"]) == ("en", "en")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_scenario_is_summed_up_in_one_sentence_of_each_language(language: str) -> None:
    summaries = scenario_summaries(language)
    assert tuple(summaries) == scenario_names()
    for summary in summaries.values():
        assert summary.endswith(".")
        assert "\n" not in summary
        assert len(summary) <= 100
    if language == "fr":
        assert not any(f" {sign}" in text for text in summaries.values() for sign in ":;?!»")
    assert len(set(summaries.values())) == len(summaries)


def test_the_two_languages_say_different_things() -> None:
    english, french = scenario_summaries("en"), scenario_summaries("fr")
    assert all(english[name] != french[name] for name in english)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_command_lists_every_scenario_in_one_line(
    language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--lang", language, "sandbox", "--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    found = {line.split(maxsplit=1)[0]: line.split(maxsplit=1)[1] for line in lines}
    assert found == scenario_summaries(language)
