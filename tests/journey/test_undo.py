"""Undo and forget on the command line, against the sandbox: asked, done, and done again."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from pydantic import SecretStr

from ava_setup.onboarding.credentials import AuthToken
from ava_setup.onboarding.outcome import Consent
from ava_setup.sandbox import Sandbox
from ava_setup.store.places import Places
from ava_setup.wiring import open_world
from tests.onboarding.fakes import PROFILE, draft
from tests.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ava_setup.onboarding.setup import Setup

COMMAND = [sys.executable, "-m", "ava_setup"]
DATES = re.compile(r"created_?[aA]t|updated_?[aA]t|date_(created|updated)")


class Business:
    """A business of the sandbox's, and the folder that its set-up is kept in."""

    def __init__(self, sandbox: Sandbox, home: Path) -> None:
        self.told = sandbox.announcement
        self.home = home
        self.environ = {
            "AVA_SETUP_HOME": str(home),
            "AVA_SETUP_VAPI_URL": self.told.vapi_url,
            "AVA_SETUP_TWILIO_URL": self.told.twilio_url,
            "AVA_SETUP_LANG": "en",
            "LC_ALL": "C.UTF-8",
            "TERM": "xterm-256color",
        }

    def state(self) -> Any:
        """What both vendors hold, dates apart."""
        return without_dates(httpx.get(f"{self.told.control_url}/state", trust_env=False).json())

    def link(self, profile: str = "default") -> None:
        """Set the business up, as the wizard would."""

        async def set_up() -> None:
            world = open_world(self.environ, Places(self.home), profile=profile)
            try:
                await self._set_up(world.setup)
            finally:
                await world.aclose()

        asyncio.run(set_up())

    async def _set_up(self, setup: Setup) -> None:
        await setup.open()
        await setup.save_profile(PROFILE)
        await setup.connect(SecretStr(self.told.vapi_key))
        await setup.create_assistant(draft())
        token = SecretStr(self.told.twilio_auth_token)
        await setup.check_twilio(
            AuthToken(account_sid=self.told.twilio_account_sid, auth_token=token)
        )
        numbers = await setup.list_numbers()
        await setup.choose_number(next(o for o in numbers if o.number == self.told.numbers[0]))
        assert (await setup.link(frozenset(Consent))).success

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=30,
            env={"PATH": "/usr/bin:/bin", **self.environ},
            check=False,
        )

    def terminal(self, *arguments: str) -> Terminal:
        return Terminal([*COMMAND, *arguments], env=self.environ)


def without_dates(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: without_dates(v) for k, v in value.items() if not DATES.fullmatch(k)}
    return [without_dates(one) for one in value] if isinstance(value, list) else value


@pytest.fixture(params=["fresh"])
def business(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Business]:
    with Sandbox(scenario=request.param) as sandbox:
        yield Business(sandbox, tmp_path / "home")


@pytest.mark.parametrize("business", ["fresh", "unlinked", "linked-elsewhere"], indirect=True)
def test_link_and_undo_twice_leave_both_vendors_as_they_were(business: Business) -> None:
    before = business.state()
    for _round in range(2):
        business.link()
        assert business.state() != before
        done = business.run("undo", "--yes")
        assert (done.returncode, done.stderr) == (0, "")
        assert "Undone." in done.stdout
        assert business.state() == before
    again = business.run("undo", "--yes")
    assert again.returncode == 0
    assert "nothing to undo" in again.stdout


def test_a_person_is_shown_what_it_means_and_asked(business: Business) -> None:
    before = business.state()
    business.link()
    linked = business.state()
    with business.terminal("undo") as terminal:
        terminal.wait_for("Undo this now? [y/n]")
        terminal.wait_for("remove +33 1 99 00 12 34 from Vapi")
        terminal.type("what?").press("enter").type("n").press("enter")
        terminal.wait_for("Nothing has been changed.")
        assert terminal.exit_code() == 0
    assert business.state() == linked
    with business.terminal("--lang", "fr", "undo") as terminal:
        terminal.wait_for("[o/n]").type("o").press("enter")
        assert terminal.exit_code() == 0
    assert business.state() == before


def test_ctrl_c_at_the_question_changes_nothing_and_ends_with_130(business: Business) -> None:
    business.link()
    linked = business.state()
    with business.terminal("undo") as terminal:
        terminal.wait_for("[y/n]").press("ctrl+c")
        assert terminal.exit_code() == 130
        terminal.wait_for("start it again")
    assert business.state() == linked


@pytest.mark.parametrize("command", ["undo", "forget"])
def test_without_a_terminal_it_refuses_to_guess(business: Business, command: str) -> None:
    done = business.run(command)
    assert done.returncode == 2
    assert "--yes" in done.stderr
    assert not business.home.exists()


@pytest.mark.parametrize("arguments", [("undo", "--profile", "a b"), ("forget", "--profile", "/")])
def test_a_profile_that_cannot_be_is_said_in_words(
    business: Business, arguments: tuple[str, ...]
) -> None:
    done = business.run(*arguments, "--yes")
    assert done.returncode == 1
    assert "profile" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_vendor_that_cannot_be_reached_is_said_and_nothing_is_forgotten(
    business: Business,
) -> None:
    business.link()
    business.environ["AVA_SETUP_VAPI_URL"] = "http://192.0.2.1"
    done = business.run("undo", "--yes")
    assert done.returncode == 1
    assert "AVA_SETUP_VAPI_URL" in done.stderr
    assert "Traceback" not in done.stderr


def test_undo_works_on_the_profile_that_is_named(business: Business) -> None:
    business.link("garage")
    assert "nothing to undo" in business.run("undo", "--yes").stdout
    assert "Undone." in business.run("--profile", "garage", "undo", "--yes").stdout


def test_a_wizard_that_is_open_keeps_both_commands_away(business: Business) -> None:
    business.link()
    world = open_world(business.environ, Places(business.home), profile="default")
    for command in ("undo", "forget"):
        done = business.run(command, "--yes")
        assert done.returncode == 1
        assert "already open" in done.stderr
    asyncio.run(world.aclose())


def test_forget_removes_answers_and_keys_and_touches_no_vendor(business: Business) -> None:
    business.link()
    business.link("garage")
    linked = business.state()
    with business.terminal("forget") as terminal:
        terminal.wait_for("undo --profile default").wait_for("[y/n]").press("enter")
        terminal.wait_for("Nothing has been removed.")
        assert terminal.exit_code() == 0
    assert (business.home / "profiles" / "default" / "secrets.json").exists()
    done = business.run("forget", "--yes")
    assert (done.returncode, done.stderr) == (0, "")
    assert "secrets.json" in done.stdout
    assert [path.name for path in (business.home / "profiles").iterdir()] == ["garage"]
    left = b"".join(path.read_bytes() for path in business.home.rglob("*") if path.is_file())
    assert left.count(business.told.vapi_key.encode()) == 1, "the other business's own"
    assert business.state() == linked
    again = business.run("forget", "--yes")
    assert "Nothing was kept" in again.stdout
    assert [path.name for path in (business.home / "profiles").iterdir()] == ["garage"]


def test_what_a_newer_version_wrote_can_be_forgotten(business: Business) -> None:
    folder = business.home / "profiles" / "default"
    folder.mkdir(parents=True)
    (folder / "state.json").write_text('{"version": 99}')
    done = business.run("forget", "--yes")
    assert done.returncode == 0
    assert "newer" in done.stderr
    assert not folder.exists()


def test_after_undo_forget_has_nothing_to_warn_of(business: Business) -> None:
    business.link()
    business.run("undo", "--yes")
    assert "To undo it first" not in business.run("forget", "--yes").stdout
