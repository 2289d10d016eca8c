"""`ava-setup doctor` as a person and as a program run it: told, asked about, mended, and told."""

from __future__ import annotations

import asyncio
import json
import os
import socket
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from pydantic import SecretStr

from ava_setup.conversation import Conversation
from ava_setup.doctor_command import Orders, doctor
from ava_setup.onboarding.credentials import AuthToken
from ava_setup.onboarding.verdicts import CheckId
from ava_setup.sandbox import Sandbox
from ava_setup.store.places import Places
from ava_setup.wiring import open_world
from ava_setup.words import Language, Voice, _
from tests.journey.test_undo import COMMAND, Business
from tests.onboarding.fakes import PROFILE
from tests.plain.person import Answers
from tests.terminal import Terminal
from tests.torture.canary import Net

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Run = Callable[..., tuple[int, str, str]]

NUMBER = "+33199001234"
GREETED = "Callers to +33 1 99 00 12 34 will hear Ava: “Bonjour"
NOT_FOUND = (
    "Callers to +33 1 99 00 12 34 will hear “Phone Number Not Found”, "
    "because no assistant is linked to the number.\n"
)


class Practice(Business):
    """A business of the sandbox's, and an environment with all of its keys and regions."""

    def __init__(self, sandbox: Sandbox, home: Path) -> None:
        super().__init__(sandbox, home)
        told = self.told
        self.environ |= {
            "AVA_SETUP_VAPI_EU_URL": told.vapi_urls["eu"],
            "AVA_SETUP_TWILIO_IE1_URL": told.twilio_urls["ie1"],
            "AVA_SETUP_TWILIO_AU1_URL": told.twilio_urls["au1"],
            "AVA_SETUP_TWILIO_ROUTES_URL": told.twilio_routes_url,
            "VAPI_API_KEY": told.vapi_key,
            "TWILIO_ACCOUNT_SID": told.twilio_account_sid,
            "TWILIO_AUTH_TOKEN": told.twilio_auth_token,
        }

    def prepare(self, profile: str = "default") -> None:
        """Set the business up as far as its number, which stays as it is."""

        async def set_up() -> None:
            world = open_world(self.environ, Places(self.home), profile=profile)
            setup = world.setup
            try:
                await setup.open()
                await setup.save_profile(PROFILE)
                await setup.connect(SecretStr(self.told.vapi_key))
                await setup.choose_assistant((await setup.list_assistants())[0])
                token = SecretStr(self.told.twilio_auth_token)
                await setup.check_twilio(
                    AuthToken(account_sid=self.told.twilio_account_sid, auth_token=token)
                )
                (number,) = await setup.list_numbers()
                await setup.choose_number(number)
            finally:
                await world.aclose()

        asyncio.run(set_up())

    def raw_state(self) -> Any:
        """What both vendors hold, dates and all."""
        return httpx.get(f"{self.told.control_url}/state", trust_env=False).json()

    def ring(self) -> Any:
        """Have somebody ring; gives what they heard."""
        order = {"from": "+33699887766", "to": self.told.number}
        return httpx.post(f"{self.told.control_url}/calls", json=order, trust_env=False).json()


@pytest.fixture
def scenario() -> str:
    return "unlinked"


@pytest.fixture
def practice(scenario: str, tmp_path: Path) -> Iterator[Practice]:
    with Sandbox(scenario, call_seconds=0.0) as sandbox:
        yield Practice(sandbox, tmp_path / "home")


@pytest.fixture
def run(
    practice: Practice, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """The command within this process: its exit code, and what it wrote."""

    def run_it(voice: Language = Language.EN, **orders: Any) -> tuple[int, str, str]:
        for name in (*practice.environ, "TWILIO_API_KEY", "TWILIO_API_SECRET"):
            monkeypatch.delenv(name, raising=False)
        for name, value in practice.environ.items():
            monkeypatch.setenv(name, value)
        code = doctor(Orders(**orders), Voice(voice))
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return code, out, err

    return run_it


def without_the_link(state: Any) -> tuple[Any, str | None]:
    """Take out of the one record what linking it writes; gives the rest, and the assistant."""
    (number,) = state["vapi"]["numbers"]
    number.pop("updatedAt")
    return state, number.pop("assistantId", None)


# One command mends the line


@pytest.mark.parametrize("by", ["number", "profile"])
def test_an_unlinked_line_is_mended_in_one_command_and_nothing_else_changes(
    practice: Practice, by: str
) -> None:
    if by == "profile":
        practice.prepare()
    assert practice.ring()["heard"] == "Phone Number Not Found"
    before, nobody = without_the_link(practice.raw_state())
    arguments = ("--number", NUMBER) if by == "number" else ()
    done = practice.run("doctor", *arguments, "--fix", "--yes")
    assert (done.returncode, done.stderr) == (0, "")
    after, linked = without_the_link(practice.raw_state())
    assert json.dumps(after) == json.dumps(before), "only the one record's link is written"
    (assistant,) = before["vapi"]["assistants"]
    assert (nobody, linked) == (None, assistant["id"])
    *_others, empty, sentence = done.stdout.splitlines()
    assert (empty, sentence[: len(GREETED)]) == ("", GREETED)
    call = practice.ring()
    assert call["answered"]
    assert sentence.endswith(f"“{call['heard']}”")


def test_what_the_doctor_mended_for_a_business_can_be_undone(practice: Practice) -> None:
    practice.prepare()
    before = practice.state()
    assert practice.run("doctor", "--fix", "--yes").returncode == 0
    assert practice.state() != before
    assert practice.run("undo", "--yes").returncode == 0
    assert practice.state() == before


# What it says


def test_it_says_every_check_on_a_line_of_its_own_in_columns_then_one_sentence(
    run: Run, practice: Practice
) -> None:
    before = practice.raw_state()
    code, out, err = run(number="01 99 00 12 34")
    assert (code, err) == (1, "")
    first, *lines = out.split("\n\n")[0].splitlines()
    assert first == "Examining +33 1 99 00 12 34…"
    assert len(lines) == len(CheckId)
    (linked,) = (line for line in lines if line.startswith("✗"))
    assert linked.split(None, 2)[1:] == ["Link", "No assistant is linked to it."]
    column = linked.index("No assistant")
    assert all(line[column - 2 : column] == "  " and line[column] != " " for line in lines)
    assert "ava-setup doctor --number '01 99 00 12 34' --fix can:\n  • link +33" in out
    assert out.endswith(f"\n\n{NOT_FOUND}")
    assert practice.raw_state() == before, "it only looks"


def test_for_programs_there_is_one_object_and_everything_else_goes_beside_it(run: Run) -> None:
    code, out, err = run(number=NUMBER, as_json=True)
    told = json.loads(out)
    assert (code, out.count("\n")) == (1, 1)
    assert told["schema_version"] == 1
    assert (told["number"], told["success"]) == (NUMBER, False)
    assert f"{told['message']}\n" == NOT_FOUND
    assert err.endswith(NOT_FOUND)
    assert told["callers_hear"]["kind"] == "number_not_found"
    assert [check["id"] for check in told["checks"]] == [str(one) for one in CheckId]
    linked = next(check for check in told["checks"] if check["id"] == "linked")
    assert (linked["verdict"], linked["remedy"]) == ("failed", "link")
    assert linked["mend"] == {
        "what": "link +33 1 99 00 12 34 to Accueil Martin Plomberie",
        "before": "nobody",
        "after": "Accueil Martin Plomberie",
        "consent": None,
    }
    assert told["mended"] == []


def test_for_programs_what_was_mended_is_told(run: Run) -> None:
    code, out, _err = run(number=NUMBER, fix=True, yes=True, as_json=True)
    told = json.loads(out)
    assert (code, told["success"]) == (0, True)
    assert [(one["after"], one["error"]) for one in told["mended"]] == [
        ("Accueil Martin Plomberie", None)
    ]


async def test_for_programs_even_a_question_goes_beside_the_answer(
    capsys: pytest.CaptureFixture[str],
) -> None:
    typed = Answers("perhaps", "y", is_terminal=True)
    talk = Conversation(Voice(Language.EN), quiet=True, typed=typed)
    assert await talk.agrees(_("Do this now?"))
    assert capsys.readouterr() == ("", "Do this now? [y/n] " * 2)


def test_on_a_narrow_terminal_what_is_long_stays_in_its_column(practice: Practice) -> None:
    command = [*COMMAND, "doctor", "--number", NUMBER]
    with Terminal(command, columns=60, rows=60, env=practice.environ) as terminal:
        assert terminal.exit_code() == 1
        rows = [row.rstrip() for row in terminal.screen_text().splitlines()]
    place = next(n for n, row in enumerate(rows) if row.startswith("✓ First words"))
    column = rows[place].index("“Bonjour")
    detail = " ".join(row[column:] for row in rows[place : place + 4])
    assert "Je suis l'assistante automatique, que puis-je faire pour vous ?”" in detail
    assert not any(row[:column].strip() for row in rows[place + 1 : place + 4])


def test_the_language_is_the_one_that_is_asked_for(practice: Practice) -> None:
    done = practice.run("--lang", "fr", "doctor", "--number", NUMBER, "--json")
    assert "Twilio" in done.stdout
    assert json.loads(done.stdout)["message"].startswith("Les personnes qui appellent")
    done = practice.run("doctor", "--lang", "en", "--number", NUMBER, "--json")
    assert json.loads(done.stdout)["message"] in NOT_FOUND


@pytest.mark.parametrize("scenario", ["low-balance"])
def test_what_only_the_owner_can_mend_is_left_to_them(run: Run) -> None:
    code, out, _err = run(number=NUMBER)
    assert code == 0, "a caller is answered all the same"
    assert "Left to you:\n  • Top up the Twilio account: console.twilio.com, Billing.\n" in out


# Consent


@pytest.mark.parametrize("scenario", ["squad"])
def test_yes_does_not_decide_about_what_is_somebody_elses(run: Run, practice: Practice) -> None:
    before = practice.raw_state()
    code, out, _err = run(number=NUMBER, fix=True, yes=True)
    assert code == 1
    assert "Today a squad of assistants takes these calls, and would lose them." in out
    assert "Left as it is" in out
    assert practice.raw_state() == before


@pytest.mark.parametrize("scenario", ["squad"])
def test_a_person_sees_before_and_after_and_whose_it_is_and_decides(practice: Practice) -> None:
    before = practice.raw_state()
    command = ("doctor", "--number", NUMBER, "--fix")
    with practice.terminal(*command) as terminal:
        terminal.wait_for("before: a squad of assistants")
        terminal.wait_for("after:  Ava pour le cabinet").wait_for("would lose them")
        terminal.wait_for("[y/n]").type("n").press("enter")
        terminal.wait_for("will hear whatever a squad of assistants answers")
        assert terminal.exit_code() == 1
    assert practice.raw_state() == before
    with practice.terminal(*command) as terminal:
        terminal.wait_for("[y/n]").type("y").press("enter").wait_for("will hear Ava")
        assert terminal.exit_code() == 0
    assert practice.ring()["answered"]


def test_without_a_terminal_nothing_is_mended_unasked(run: Run, practice: Practice) -> None:
    before = practice.raw_state()
    code, out, err = run(number=NUMBER, fix=True)
    assert (code, out) == (2, "")
    assert "--yes" in err
    assert practice.raw_state() == before


def test_ctrl_c_at_the_question_changes_nothing_and_ends_with_130(practice: Practice) -> None:
    before = practice.raw_state()
    with practice.terminal("doctor", "--number", NUMBER, "--fix") as terminal:
        terminal.wait_for("[y/n]").press("ctrl+c").wait_for("Stopped.")
        assert terminal.exit_code() == 130
    assert practice.raw_state() == before


def test_ctrl_c_while_a_vendor_keeps_silent_ends_with_130(practice: Practice) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        practice.environ["AVA_SETUP_VAPI_URL"] = f"http://127.0.0.1:{port}"
        with practice.terminal("doctor", "--number", NUMBER) as terminal:
            terminal.wait_for("Recent calls").press("ctrl+c").wait_for("Stopped.")
            assert terminal.exit_code() == 130
            assert "Traceback" not in terminal.screen_text()


@pytest.mark.parametrize("scenario", ["other-org"])
def test_a_mend_that_a_vendor_refuses_is_said_and_the_end_is_true_all_the_same(run: Run) -> None:
    code, out, err = run(number=NUMBER, fix=True, yes=True, as_json=True)
    told = json.loads(out)
    assert code == 1
    assert [one["error"] for one in told["mended"]] == ["number_in_other_org"]
    assert "Another Vapi organisation already holds this number." in err
    assert told["callers_hear"]["kind"] == "unknown"
    assert told["message"].startswith("What callers to +33 1 99 00 12 34 will hear cannot be told")


# What it needs


def test_an_api_key_of_the_environment_goes_before_the_token_and_hides_the_account(
    run: Run, practice: Practice
) -> None:
    told = practice.told
    made = httpx.post(
        f"{told.twilio_url}/2010-04-01/Accounts/{told.twilio_account_sid}/Keys.json",
        auth=(told.twilio_account_sid, told.twilio_auth_token),
        data={"FriendlyName": "doctor"},
        trust_env=False,
    ).json()
    practice.environ |= {"TWILIO_API_KEY": made["sid"], "TWILIO_API_SECRET": made["secret"]}
    practice.environ["TWILIO_AUTH_TOKEN"] = "not even looked at"
    code, out, _err = run(number=NUMBER, as_json=True)
    checks = {check["id"]: check for check in json.loads(out)["checks"]}
    assert code == 1
    assert checks["account"]["verdict"] == "passed"
    assert "not visible" in checks["account"]["detail"]
    assert {check["verdict"] for name, check in checks.items() if name != "linked"} <= {
        "passed",
        "noted",
        "cannot_tell",
    }


@pytest.mark.parametrize(
    ("environ", "orders", "said"),
    [
        ({}, {"number": "12"}, "This is not a phone number."),
        ({"VAPI_API_KEY": ""}, {"number": NUMBER}, "Not set: VAPI_API_KEY."),
        (
            {"TWILIO_AUTH_TOKEN": "", "TWILIO_API_KEY": "SK0"},
            {"number": NUMBER},
            "Not set: TWILIO_API_SECRET.",
        ),
        ({"TWILIO_ACCOUNT_SID": "AC12"}, {"number": NUMBER}, "TWILIO_ACCOUNT_SID: 4 characters"),
        ({"TWILIO_AUTH_TOKEN": "12"}, {"number": NUMBER}, "TWILIO_AUTH_TOKEN: 2 characters"),
        ({"VAPI_API_KEY": "a b"}, {"number": NUMBER}, "VAPI_API_KEY: A key has no spaces"),
        ({}, {}, "The business “default” has no number to examine yet."),
        ({}, {"profile": "garage"}, "The business “garage” has no number to examine yet."),
        ({}, {"profile": "a b"}, "profile"),
        (
            {"AVA_SETUP_TWILIO_URL": "http://192.0.2.1"},
            {"number": NUMBER},
            "AVA_SETUP_TWILIO_URL",
        ),
    ],
)
def test_what_is_missing_or_wrong_is_said_in_words_for_people_and_for_programs(
    run: Run, practice: Practice, environ: dict[str, str], orders: dict[str, Any], said: str
) -> None:
    practice.environ |= environ
    code, out, err = run(**orders)
    assert (code, out) == (1, "")
    assert said in err
    code, out, err = run(**orders, as_json=True)
    told = json.loads(out)
    assert (code, told["success"]) == (1, False)
    assert said in told["message"]
    assert told["error"]["code"]
    assert said in err
    assert not practice.home.exists(), "looking makes no folder"


def test_a_business_without_a_number_says_how_to_go_on_and_which_others_there_are(
    run: Run, practice: Practice
) -> None:
    practice.prepare("garage")

    async def begin() -> None:
        world = open_world(practice.environ, Places(practice.home), profile="salon")
        await world.setup.save_profile(PROFILE)
        await world.aclose()

    asyncio.run(begin())
    code, _out, err = run(profile="salon")
    assert code == 1
    assert "The business “salon” has no number to examine yet." in err
    assert "Set up here: garage." in err
    assert "ava-setup doctor --number" in err
    code, out, _err = run(profile="garage")
    assert code == 1
    assert "ava-setup doctor --profile garage --fix can:" in out
    assert out.endswith(NOT_FOUND)


def test_while_a_wizard_is_open_it_says_which_process_holds_the_business(
    run: Run, practice: Practice
) -> None:
    practice.prepare()
    world = open_world(practice.environ, Places(practice.home), profile="default")
    code, _out, err = run()
    asyncio.run(world.aclose())
    assert code == 1
    assert "ava-setup is already open for this business." in err
    assert f"process {os.getpid()}" in err


def test_a_damaged_state_is_said_before_that_there_is_no_number(
    run: Run, practice: Practice
) -> None:
    practice.prepare()
    (practice.home / "profiles" / "default" / "state.json").write_text('{"version": 1')
    code, _out, err = run()
    assert code == 1
    assert err.index("The saved set-up cannot be read.") < err.index("no number to examine")


def test_a_number_and_a_business_at_once_are_one_too_many(practice: Practice) -> None:
    done = practice.run("--profile", "garage", "doctor", "--number", NUMBER)
    assert (done.returncode, done.stdout) == (2, "")
    assert "leave --profile out" in done.stderr


def test_a_vendor_that_cannot_be_reached_is_said_while_it_is_tried_and_in_the_end(
    run: Run, practice: Practice
) -> None:
    practice.environ["AVA_SETUP_VAPI_URL"] = "http://127.0.0.1:1"
    practice.environ["AVA_SETUP_VAPI_EU_URL"] = "http://127.0.0.1:1"
    code, out, err = run(number=NUMBER)
    assert (code, err) == (1, "")
    assert "Vapi does not answer: trying again in" in out
    assert "✗ Connection           Vapi cannot be reached.\n" in out
    assert out.endswith("will hear cannot be told, because Vapi could not be asked.\n")


def test_no_secret_is_said_or_kept(run: Run, practice: Practice) -> None:
    practice.prepare()
    net = Net()
    net.watch(practice.told.vapi_key, practice.told.twilio_auth_token)
    for orders in ({}, {"as_json": True}, {"number": NUMBER, "fix": True, "yes": True}):
        _code, out, err = run(**orders)
        net.look(out, "stdout")
        net.look(err, "stderr")
    net.sweep(*(practice.home.rglob("log")))
    assert net.hits == []
    assert net.files
    for log in practice.home.rglob("ava-setup.log"):
        assert "checks reached=passed" in log.read_text(encoding="utf-8")
