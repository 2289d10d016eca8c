"""`ava-setup report` as a person runs it: shown whole, asked about, written, sent to nobody."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from ava_setup.conversation import Conversation
from ava_setup.onboarding.errors import ErrorCode, Problem, problem_of
from ava_setup.sandbox import Sandbox
from ava_setup.store.places import Places
from ava_setup.wiring import open_world
from ava_setup.words import Language, Voice
from tests.journey.test_undo import COMMAND, Business
from tests.store.test_disk import mode
from tests.store.test_looking import as_it_is
from tests.terminal import Terminal
from tests.torture.canary import Net

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Desk:
    """A folder to stand in, and the command in it."""

    def __init__(self, business: Business, folder: Path) -> None:
        folder.mkdir()
        self.business = business
        self.folder = folder

    def report(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=30,
            env={"PATH": "/usr/bin:/bin", **self.business.environ},
            cwd=self.folder,
            check=False,
        )

    def terminal(self, *arguments: str) -> Terminal:
        # Wide, so that no path, however long, breaks the line that is waited for.
        return Terminal(
            [*COMMAND, *arguments], columns=250, env=self.business.environ, cwd=self.folder
        )

    @property
    def files(self) -> list[str]:
        """What was written."""
        return sorted(path.name for path in self.folder.iterdir())

    def read(self) -> str:
        """The one report that was written."""
        [path] = self.folder.iterdir()
        return path.read_text(encoding="utf-8")


@pytest.fixture
def business(tmp_path: Path) -> Iterator[Business]:
    with Sandbox("fresh") as sandbox:
        yield Business(sandbox, tmp_path / "home")


@pytest.fixture
def desk(business: Business, tmp_path: Path) -> Desk:
    return Desk(business, tmp_path / "desk")


def test_of_a_finished_set_up_it_shows_and_writes_the_same_and_says_where(desk: Desk) -> None:
    desk.business.link()
    before = as_it_is(desk.business.home)
    done = desk.report("report", "--yes")
    assert (done.returncode, done.stderr) == (0, "")
    text = desk.read()
    assert done.stdout.startswith(text)
    [name] = desk.files
    assert re.fullmatch(r"ava-setup-default-\d{4}-\d\d-\d\d\.md", name)
    assert mode(desk.folder / name) == 0o600
    assert f"Written: {desk.folder / name}" in done.stdout
    assert "sent to nobody" in done.stdout.removeprefix(text)
    assert "linked=passed routed=passed" in text
    assert "link outcome=imported success=True" in text
    assert "- Number: done" in text
    assert desk.business.told.twilio_account_sid in text
    assert re.search(r"method=POST path=/phone-number try=1 status=201 request_id=\S+", text)
    assert as_it_is(desk.business.home) == before, "it changes nothing"


def test_no_secret_address_or_number_is_in_it_nor_in_the_log(desk: Desk) -> None:
    desk.business.link()
    told = desk.business.told
    net = Net()
    net.watch(told.vapi_key, told.twilio_auth_token)
    done = desk.report("report", "--yes")
    net.look(done.stdout, "stdout")
    net.sweep(desk.folder, desk.business.home)
    assert net.hits == []
    assert net.files >= 3
    [log] = desk.business.home.rglob("ava-setup.log")
    assert mode(log) == 0o600
    for text in (done.stdout, log.read_text()):
        for personal in ("contact@example.fr", told.numbers[0], told.numbers[0][3:]):
            assert personal not in text
    assert "c…@example.fr" in done.stdout
    assert f"+33…{told.numbers[0][-2:]}" in done.stdout


def test_where_nothing_was_ever_done_it_says_so_and_makes_no_folder(desk: Desk) -> None:
    done = desk.report("report", "--yes")
    assert done.returncode == 0
    assert "Nothing is saved for this business." in desk.read()
    assert "none found" in desk.read()
    assert not desk.business.home.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"version": 1', "The saved set-up cannot be read."),
        ('{"version": 99}', "written by a newer ava-setup"),
    ],
)
def test_a_state_that_cannot_be_read_is_said_and_left_where_it_is(
    desk: Desk, content: str, said: str
) -> None:
    desk.business.link()
    state = desk.business.home / "profiles" / "default" / "state.json"
    state.write_text(content)
    before = as_it_is(desk.business.home)
    done = desk.report("report", "--yes")
    assert (done.returncode, done.stderr) == (0, "")
    assert said in desk.read()
    assert "link outcome=imported" in desk.read(), "the log still tells"
    assert as_it_is(desk.business.home) == before


def test_it_can_be_written_while_a_wizard_is_open_and_the_vendors_are_away(desk: Desk) -> None:
    desk.business.link()
    world = open_world(desk.business.environ, Places(desk.business.home), profile="default")
    desk.business.environ["AVA_SETUP_VAPI_URL"] = "http://192.0.2.1"
    done = desk.report("report", "--yes")
    assert (done.returncode, done.stderr) == (0, "")
    assert "- Number: done" in desk.read()
    assert desk.read().count("INFO session started") == 2
    asyncio.run(world.aclose())


def test_without_a_terminal_it_asks_nobody_and_writes_nothing(desk: Desk) -> None:
    done = desk.report("report")
    assert done.returncode == 2
    assert "--yes" in done.stderr
    assert desk.files == []


def test_a_person_sees_it_whole_before_being_asked(desk: Desk) -> None:
    with desk.terminal("report") as terminal:
        terminal.wait_for("End of the log").wait_for("? [y/n]").type("n").press("enter")
        terminal.wait_for("Nothing has been written.")
        assert terminal.exit_code() == 0
    assert desk.files == []
    with desk.terminal("--lang", "fr", "report", "--output", "rapport.md") as terminal:
        terminal.wait_for("rapport.md").wait_for("[o/n]").type("o").press("enter")
        assert terminal.exit_code() == 0
    assert desk.files == ["rapport.md"]
    assert "## Étapes" in desk.read()


def test_ctrl_c_at_the_question_writes_nothing(desk: Desk) -> None:
    with desk.terminal("report") as terminal:
        terminal.wait_for("[y/n]").press("ctrl+c")
        assert terminal.exit_code() == 130
    assert desk.files == []


def test_a_file_that_exists_is_never_written_over(desk: Desk) -> None:
    (desk.folder / "mine.md").write_text("mine")
    (desk.folder / "mine-2.md").symlink_to("nowhere")
    done = desk.report("report", "--yes", "--output", "mine.md")
    assert done.returncode == 0
    assert f"Written: {desk.folder / 'mine-3.md'}" in done.stdout
    assert (desk.folder / "mine.md").read_text() == "mine"
    assert desk.files == ["mine-2.md", "mine-3.md", "mine.md"]


def test_into_a_folder_that_is_named_it_goes_under_its_usual_name(desk: Desk) -> None:
    (desk.folder / "inside").mkdir()
    assert desk.report("report", "--yes", "--output", "inside").returncode == 0
    [path] = (desk.folder / "inside").iterdir()
    assert path.name.startswith("ava-setup-default-")


def test_what_cannot_be_written_is_said_in_words(desk: Desk) -> None:
    done = desk.report("report", "--yes", "--output", "nowhere/report.md")
    assert done.returncode == 1
    assert "The report cannot be written." in done.stderr
    assert "Traceback" not in done.stderr
    assert desk.files == []


def test_it_is_about_the_profile_that_is_named(desk: Desk) -> None:
    desk.business.link("garage")
    assert desk.report("--profile", "garage", "report", "--yes", "--output", "a").returncode == 0
    assert "- Number: done" in (desk.folder / "a").read_text()
    assert desk.report("report", "--yes", "--output", "b").returncode == 0
    assert "Nothing is saved" in (desk.folder / "b").read_text()
    refused = desk.report("report", "--yes", "--profile", "a b")
    assert refused.returncode == 1
    assert "profile" in refused.stderr


def test_after_forget_there_is_no_log_any_more(desk: Desk) -> None:
    desk.business.link()
    assert list(desk.business.home.rglob("ava-setup.log"))
    assert desk.report("forget", "--yes").returncode == 0
    assert not list(desk.business.home.rglob("ava-setup.log*"))
    desk.report("report", "--yes")
    assert "Nothing is saved" in desk.read()


def test_an_undo_that_failed_can_be_read_up(desk: Desk) -> None:
    desk.business.link()
    desk.business.environ["AVA_SETUP_VAPI_URL"] = "http://127.0.0.1:1"
    assert desk.report("undo", "--yes").returncode == 1
    desk.report("report", "--yes")
    errors = desk.read().split("## Last errors")[1].split("##")[0]
    assert "problem code=" in errors


def test_a_world_that_cannot_be_opened_can_be_read_up(desk: Desk) -> None:
    folder = desk.business.home / "profiles" / "default"
    folder.mkdir(parents=True)
    (folder / "state.json").write_text('{"version": 99}')
    assert desk.report("undo", "--yes").returncode == 1
    log = (folder / "log" / "ava-setup.log").read_text()
    assert [line.split(" ", 2)[2].split("=")[0] for line in log.splitlines()] == [
        "session started ava-setup",
        "problem code",
        "session ended",
    ]
    assert "WARNING problem code=state_from_the_future" in log


@pytest.mark.parametrize("language", Language)
def test_after_an_error_that_nobody_expected_a_person_is_told_of_the_report(
    capsys: pytest.CaptureFixture[str], language: Language
) -> None:
    talk = Conversation(Voice(language), yes=True)
    talk.complain(problem_of(RuntimeError("x")))
    assert "ava-setup report" in capsys.readouterr().err
    talk.complain(Problem(ErrorCode.NUMBER_NEEDED))
    assert "ava-setup report" not in capsys.readouterr().err


def test_the_command_loads_no_wizard_and_no_client(desk: Desk) -> None:
    code = (
        "import sys\nfrom ava_setup.cli import main\nmain(['report', '--yes'])\nprint(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=30,
        env={"PATH": "/usr/bin:/bin", **desk.business.environ},
        cwd=desk.folder,
        check=True,
    )
    assert not set(done.stdout.split()) & {"textual", "rich", "httpx", "keyring", "uvicorn"}
