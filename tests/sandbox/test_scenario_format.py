from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pydantic import ValidationError

from ava_setup.sandbox.caller import follow
from ava_setup.sandbox.population import populate
from ava_setup.sandbox.world import Quirk
from tests.sandbox.spec import needs_contracts, vapi_schema_errors

if TYPE_CHECKING:
    from ava_setup.sandbox.world import World

EVERYTHING = """
summary = "Everything that a file can say."
summary_fr = "Tout ce qu'un fichier peut dire."
number = "+33199000011"
quirks = ["masked-list"]

[elsewhere]
"https://own.example/voice" = "Bonjour, notre serveur."
"trunk:pbx" = "Bonjour, le standard."

[vapi]
region = "eu"
deleted = ["parti"]
squads = { equipe = "Bonjour, l'équipe." }
workflows = { parcours = "Bonjour, le parcours." }
used_elsewhere = ["+33199000099"]

[[vapi.assistants]]
ref = "ava"
name = "Ava"
greeting = "Bonjour, ici Ava."
body = { firstMessageMode = "assistant-speaks-first" }

[[vapi.numbers]]
number = "+33199000001"
assistant = "ava"

[[vapi.numbers]]
number = "+33199000002"
assistant = "parti"

[[vapi.numbers]]
number = "+33199000003"
assistant = "ava"
squad = "equipe"

[[vapi.numbers]]
number = "+33199000004"
workflow = "parcours"

[[vapi.numbers]]
number = "+33199000005"
fallback = "+33612345678"

[[vapi.numbers]]
number = "+33199000006"
assistant = "ava"
status = "blocked"

[twilio]
token = "rotated"
applications = { app = "vapi", own = "https://own.example/voice" }

[[twilio.numbers]]
number = "+33199000001"
count = 6
points_at = "vapi"

[[twilio.numbers]]
number = "+33199000007"
trunk = "pbx"

[[twilio.numbers]]
number = "+33199000008"
application = "own"
points_at = "vapi"

[[twilio.numbers]]
number = "+33199000009"
points_at = "https://own.example/voice"
method = "GET"

[[twilio.numbers]]
number = "+33199000010"
fax = true

[[twilio.subaccounts]]
name = "Branch"

[[twilio.subaccounts.numbers]]
number = "+33199000011"
points_at = "nothing"
"""
HEARD = {
    1: "Bonjour, ici Ava.",
    2: "Couldn't get assistant. Either set the assistant ID on the phone number",
    3: "Bonjour, l'équipe.",
    4: "Bonjour, le parcours.",
    5: "The telephone at +33612345678 rings.",
    6: "",
    7: "Bonjour, le standard.",
    8: "Bonjour, notre serveur.",
    9: "Bonjour, notre serveur.",
    10: "A fax machine's tone.",
    11: "",
}


def _world(monkeypatch: pytest.MonkeyPatch, text: str) -> World:
    monkeypatch.setattr("ava_setup.sandbox.scenarios.format.scenario_text", lambda _: text)
    return populate("written here")


@pytest.mark.parametrize(("last", "heard"), HEARD.items())
def test_each_kind_of_set_up_can_be_written_and_is_heard(
    monkeypatch: pytest.MonkeyPatch, last: int, heard: str
) -> None:
    world = _world(monkeypatch, EVERYTHING)
    assert follow(world, f"+331990000{last:02}").heard == heard


def test_what_a_file_says_is_in_the_world(monkeypatch: pytest.MonkeyPatch) -> None:
    world = _world(monkeypatch, EVERYTHING)
    main, branch = world.accounts.values()
    assert world.quirks == {Quirk.MASKED_LIST}
    assert world.org.used_elsewhere == {"+33199000099"}
    assert world.credentials.auth_token != main.record["auth_token"]
    assert branch.record["owner_account_sid"] == main.sid
    assert (main.balance is None, branch.balance is None) == (False, True)
    assert "+33199000011" not in world.phone_numbers


@needs_contracts
def test_what_a_file_says_is_as_specified(monkeypatch: pytest.MonkeyPatch) -> None:
    org = _world(monkeypatch, EVERYTHING).org
    assert vapi_schema_errors("GET", "/phone-number", 200, list(org.numbers.values())) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        'summary = "One."\nsummary_fr = "Un."\ncolour = "red"',
        'summary = "One."\nsummary_fr = "Un."\nquirks = ["nothing-of-the-kind"]',
        'summary = "One."\nsummary_fr = "Un."\n[vapi]\nkey = "lost"',
        'summary = "One."\nsummary_fr = "Un."\n[[twilio.numbers]]\nvoice = true',
        'summary = "One."\nsummary_fr = "Un."\n[[vapi.numbers]]\nname = "Neither"',
    ],
)
def test_a_file_with_a_slip_is_an_error(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    with pytest.raises(ValidationError):
        _world(monkeypatch, text)
