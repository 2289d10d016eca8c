"""The report: everything that support asks for, in the person's language, nothing of theirs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from ava_setup.onboarding.credentials import SecretName
from ava_setup.onboarding.errors import ErrorCode
from ava_setup.onboarding.outcome import Outcome
from ava_setup.onboarding.report import ERRORS_MAX, LINES_MAX, Findings, compose
from ava_setup.onboarding.state import (
    Answered,
    ChosenAssistant,
    ChosenNumber,
    Connection,
    ImportNumber,
    Linked,
    NoAssistantYet,
    Region,
    Saved,
    TwilioAccess,
    VaultPlace,
)
from ava_setup.words import Language, Voice
from tests.onboarding.fakes import ACCOUNT_SID, NUMBER, PROFILE, SID

AT = datetime(2026, 11, 23, 4, 37, 1, tzinfo=UTC)
NOTHING_FOUND: dict[str, Any] = {
    "at": AT,
    "surroundings": (("python", "CPython 3.11.7"),),
    "profile": "default",
    "folder": "~/kept",
    "saved": None,
    "secrets": frozenset(),
    "vault": frozenset(),
    "silent": frozenset(),
    "log": (),
}
WHOLE = Saved(
    profile=PROFILE,
    answers=(("instructions", "Réponds aux appels."),),
    connection=Connection(region=Region.EU, org_id="org"),
    assistant=ChosenAssistant(id="assistant", name="Ava"),
    twilio=TwilioAccess(account_sid=ACCOUNT_SID),
    number=ChosenNumber(sid=SID, number=NUMBER),
    linked=Linked(
        phone_number_id="record",
        number=NUMBER,
        assistant_id="assistant",
        outcome=Outcome.IMPORTED,
        auto_linked=False,
    ),
    answered=Answered(call_id="call", caller="+33612345678", at="2026-11-23T04:00:00Z"),
    journal=(ImportNumber(number=NUMBER, assistant_id="assistant", at=AT, made="record"),),
)
SECRETS = frozenset({SecretName.VAPI_KEY, SecretName.TWILIO_AUTH_TOKEN})


def report(language: Language = Language.EN, **found: Any) -> str:
    return compose(Findings(**(NOTHING_FOUND | found)), Voice(language))


def section(text: str, heading: str) -> str:
    """Give what stands below a heading."""
    return text.split(f"## {heading}\n\n")[1].split("\n\n## ", maxsplit=1)[0].strip()


def test_it_begins_with_when_it_was_written_and_that_nobody_has_it() -> None:
    first, when, promise = report().split("\n\n")[:3]
    assert first == "# Report of ava-setup"
    assert "2026-11-23 04:37:01" in when
    assert "sent to nobody" in promise


def test_it_tells_what_the_program_runs_on() -> None:
    assert section(report(), "Versions") == "- python: CPython 3.11.7"


@pytest.mark.parametrize(
    ("saved", "secrets", "standings"),
    [
        (
            None,
            frozenset(),
            "comes next,still to do,still to do,still to do,still to do,still to do,still to do",
        ),
        (
            Saved(profile=PROFILE, assistant=NoAssistantYet()),
            frozenset(),
            "done,comes next,put off,still to do,still to do,still to do,still to do",
        ),
        (WHOLE, SECRETS, "done,done,done,done,done,done,comes next"),
        (WHOLE, frozenset(), "done,comes next,done,still to do,done,done,done"),
    ],
)
def test_it_tells_how_each_step_stands(
    saved: Saved | None, secrets: frozenset[SecretName], standings: str
) -> None:
    steps = section(report(saved=saved, secrets=secrets), "Steps").splitlines()
    assert [line.split(": ")[1] for line in steps] == standings.split(",")
    assert [line.split(": ")[0] for line in steps] == [
        "- Business",
        "- Vapi",
        "- Assistant",
        "- Twilio",
        "- Number",
        "- Review",
        "- Proof",
    ]


def test_it_tells_where_secrets_are_and_of_what_was_typed_how_much_it_is() -> None:
    vault = frozenset({VaultPlace.FILE, VaultPlace.KEYRING})
    kept = section(report(saved=WHOLE, vault=vault), "What is kept, and where")
    assert "- Business: default, in ~/kept" in kept
    assert "- Keys and tokens: in the system's keyring, in a file for you only" in kept
    assert '"instructions": "19 characters"' in kept
    assert "Réponds" not in kept
    for known in (ACCOUNT_SID, '"phone_number_id": "record"', '"made": "record"', "Martin"):
        assert known in kept


def test_it_says_which_place_of_secrets_would_not_tell() -> None:
    kept = section(report(silent=frozenset({VaultPlace.KEYRING})), "What is kept, and where")
    assert "- Keys and tokens: none found" in kept
    assert "- Perhaps more, not readable now: in the system's keyring" in kept


@pytest.mark.parametrize(
    ("saved", "said"),
    [
        (None, "Nothing is saved for this business."),
        (ErrorCode.STATE_UNREADABLE, "The saved set-up cannot be read."),
        (ErrorCode.STATE_FROM_THE_FUTURE, "The saved set-up was written by a newer ava-setup."),
        (ErrorCode.STATE_INACCESSIBLE, "The saved set-up cannot be opened."),
    ],
)
def test_a_state_that_is_missing_or_cannot_be_read_is_said(
    saved: ErrorCode | None, said: str
) -> None:
    text = report(saved=saved)
    assert said in section(text, "What is kept, and where")
    # Of what cannot be read, nobody knows how far it got.
    assert ("## Steps" in text) is (saved is None)


def test_it_shows_the_last_checks_the_last_errors_and_the_end_of_the_log_in_their_order() -> None:
    log = (
        "T1 INFO checks linked=failed",
        *(f"T2 WARNING problem code=n{number}" for number in range(ERRORS_MAX + 5)),
        "T3 INFO checks linked=passed",
        *(f"T4 INFO request n={number}" for number in range(LINES_MAX)),
        "T5 ERROR fault kind=RuntimeError",
        "cut",
    )
    text = report(log=log)
    assert section(text, "Last checks") == "```\nT3 INFO checks linked=passed\n```"
    errors = section(text, "Last errors").splitlines()[1:-1]
    assert len(errors) == ERRORS_MAX
    assert errors[-2:] == [
        f"T2 WARNING problem code=n{ERRORS_MAX + 4}",
        "T5 ERROR fault kind=RuntimeError",
    ]
    assert section(text, "End of the log").splitlines()[1:-1] == list(log[-LINES_MAX:])


def test_without_a_log_it_says_that_there_is_none() -> None:
    for heading in ("Last checks", "Last errors", "End of the log"):
        assert section(report(), heading) == "None."


def test_its_headings_and_steps_are_in_the_persons_language_too() -> None:
    french, english = report(Language.FR), report(Language.EN)
    for one, other in zip(french.splitlines(), english.splitlines(), strict=True):
        if one.startswith("##") and other != "## Versions":
            assert one != other
    assert "- Entreprise" in french
