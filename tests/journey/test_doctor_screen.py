"""The doctor on screen: what callers hear, why, and what one key does about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from ava_setup.onboarding.checks import TABLE
from ava_setup.tui.widgets.findings import Findings
from ava_setup.tui.widgets.spoken import Line
from ava_setup.words import Language, Voice
from tests.journey.finished import outlive
from tests.journey.wizard import Wizard, wizard_on

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ava_setup.sandbox import Sandbox

EN = Voice(Language.EN)
LOOKING = "Looking at every part of the line…"


async def examined(wizard: Wizard) -> None:
    """Wait until the doctor has looked at everything; the list has the focus."""
    await wizard.on("doctor")
    again = wizard.app.screen.query_one("#again")
    await wizard.until(lambda: again.display, "the end of the look")
    await wizard.pilot.pause()


async def called(wizard: Wizard) -> None:
    """Call the doctor from the proof."""
    await wizard.on("proof")
    await wizard.until(lambda: wizard.app.setup.store.state.live.checks, "the checks")
    await wizard.until(lambda: wizard.notice or "Waiting" in wizard.words, "the proof's verdict")
    await wizard.press("f9")
    await examined(wizard)


def findings(wizard: Wizard) -> Findings:
    """The list."""
    return wizard.app.screen.query_one(Findings)


def said(wizard: Wizard) -> str:
    """All that is said on the page on top, however it wraps."""
    return " ".join(wizard.said(line) for line in wizard.app.screen.query(Line))


async def pick(wizard: Wizard, question: str) -> None:
    """Move to a line by the arrows."""
    await wizard.press("home")
    for _ in TABLE:
        picked = findings(wizard).picked
        if picked is not None and EN(picked.question) == question:
            return
        await wizard.press("down")
    raise AssertionError(f"no line {question} on\n{wizard.screen_text}")


def record(sandbox: Sandbox, vendor: str, kind: str, id_: str, **fields: Any) -> None:
    """Change a record behind a vendor's back."""
    order = {"vendor": vendor, "kind": kind, "id": id_, "fields": fields}
    url = f"{sandbox.announcement.control_url}/records"
    httpx.post(url, json=order, trust_env=False).raise_for_status()


def heard(wizard: Wizard) -> str:
    """What a caller hears now."""
    return str(wizard.call(wizard.sandbox.announcement.number)["heard"])


def writes(wizard: Wizard) -> list[str]:
    """What was asked of the vendors that changes something."""
    return [f"{one['method']} {one['path']}" for one in wizard.requests() if one["method"] != "GET"]


async def test_an_unlinked_number_is_mended_by_one_enter_and_ava_answers(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("unlinked")
    await outlive(sandbox, tmp_path)
    async with wizard_on(sandbox, tmp_path, language=Language.EN, regions=True) as wizard:
        await wizard.on("proof")
        await wizard.until(lambda: "Find out why" in wizard.words, "the offer")
        await wizard.press("f9")
        await examined(wizard)
        assert "✗ Callers to +33 1 99 00 12 34 will hear “Phone Number Not Found”" in wizard.words
        assert "To be mended ✗ Link No assistant is linked to it." in wizard.words
        assert "Today: nobody. Then: Accueil Martin Plomberie." in wizard.words
        assert "Phone Number Not Found" in heard(wizard)
        await wizard.press("enter")
        await wizard.until(lambda: "will hear Ava: “Bonjour" in wizard.words, "the mend")
        assert "✓ Callers to" in wizard.words
        assert "To be mended" not in wizard.words
        assert heard(wizard).startswith("Bonjour")
        await wizard.press("escape")
        await wizard.on("proof")
        await wizard.until(lambda: "Ava answered" in wizard.words, "the call just made")


@pytest.mark.parametrize(
    ("scenario", "today", "hears"),
    [
        ("linked-elsewhere", "Standard du cabinet", "cabinet du docteur Lefèvre"),
        ("studio", "a Twilio Studio flow", "Studio"),
    ],
)
async def test_what_is_somebody_elses_is_asked_about_and_no_changes_nothing(
    sandbox_of: Callable[..., Sandbox],
    tmp_path: Path,
    scenario: str,
    today: str,
    hears: str,
) -> None:
    sandbox = sandbox_of(scenario)
    await outlive(sandbox, tmp_path, "Ava")
    async with wizard_on(sandbox, tmp_path, language=Language.EN, regions=True) as wizard:
        await called(wizard)
        before = heard(wizard)
        assert hears in before
        for refusal in ("enter", "escape"):
            await wizard.press("enter")
            await wizard.on("consent")
            assert f"Today: {today}" in wizard.words
            assert "Then: Ava pour le cabinet" in wizard.words
            assert "lose" in wizard.words
            assert wizard.app.focused is wizard.app.screen.query_one("#no")
            await wizard.press(refusal)
            await examined(wizard)
            assert writes(wizard) == []
        # Nor is it among what one key mends.
        await wizard.press("a")
        await examined(wizard)
        assert heard(wizard) == before
        await wizard.press("enter")
        await wizard.on("consent")
        await wizard.press("right", "enter")
        await wizard.until(lambda: "will hear Ava:" in wizard.words, "the mend")
        assert heard(wizard).startswith("Bonjour, ici Ava")


async def test_one_key_mends_all_that_takes_nothing_from_anybody(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("unlinked")
    await outlive(sandbox, tmp_path, changes={"fallback_number": "+33612345678"})
    async with wizard_on(sandbox, tmp_path, language=Language.EN, regions=True) as wizard:
        await called(wizard)
        assert "+33 6 12 34 56 78 should be rung, and is not." in wizard.words
        assert "A Mend all" in wizard.words
        await wizard.press("a")
        await wizard.until(lambda: "will hear Ava:" in wizard.words, "the mend")
        await wizard.until(lambda: "To be mended" not in wizard.words, "all of it")
        await pick(wizard, "If Ava cannot")
        assert "+33 6 12 34 56 78 is rung." in wizard.words


async def test_a_refused_key_leads_to_its_step_and_the_doctor_looks_again_after_it(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("eu-key")
    await outlive(sandbox, tmp_path)
    url = f"{sandbox.announcement.control_url}/rotate"
    httpx.post(url, json={"vendor": "vapi"}, trust_env=False).raise_for_status()
    async with wizard_on(sandbox, tmp_path, language=Language.EN, regions=True) as wizard:
        await wizard.on("proof")
        await wizard.until(lambda: wizard.notice, "the refusal")
        await wizard.press("f9")
        await examined(wizard)
        assert "? What callers to +33 1 99 00 12 34 will hear cannot be told" in wizard.words
        await pick(wizard, "Vapi key")
        assert "Copy the private key again" in wizard.words
        assert "Enter the Vapi key" in wizard.words
        await wizard.press("enter")
        await wizard.on("vapi")
        await wizard.type("vapi-key", sandbox.world.org.private_key)
        await wizard.press("enter")
        await examined(wizard)
        assert "✓ Callers to +33 1 99 00 12 34 will hear Ava:" in wizard.words
        await pick(wizard, "Vapi key")
        assert "Accepted: it belongs to the EU region." in wizard.words


async def test_a_trial_account_is_said_to_be_one_and_only_its_owner_can_upgrade_it(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("trial")
    await outlive(sandbox, tmp_path)
    async with wizard_on(sandbox, tmp_path, language=Language.EN, regions=True) as wizard:
        # The first step that is open asks for the assistant that there is none of.
        await wizard.until(lambda: wizard.app.screen.name in {"assistant", "proof"}, "the step")
        await wizard.press("f9")
        await examined(wizard)
        # What other failures follow from comes first.
        assert EN(findings(wizard).picked.question) == "Assistant"  # type: ignore[union-attr]
        await pick(wizard, "Twilio account")
        assert "A trial account cannot carry a live conversation." in wizard.words
        assert "console.twilio.com" in wizard.words
        assert not wizard.app.screen.query_one("#mend").display
        await wizard.press("enter")
        await wizard.on("help")
        assert "A trial account cannot carry a live conversation." in said(wizard)
        await wizard.press("escape")
        await wizard.on("doctor")
        await pick(wizard, "Link")
        assert "mend that one first" in wizard.words
        await pick(wizard, "Assistant")
        assert "Create the assistant" in wizard.words
        assert writes(wizard) == []


async def test_credentials_of_ireland_are_known_as_such(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("ie1-token")
    await outlive(sandbox, tmp_path)
    async with wizard_on(sandbox, tmp_path, language=Language.EN, regions=True) as wizard:
        await called(wizard)
        await pick(wizard, "Twilio credentials")
        assert "Ireland" in wizard.words


async def test_help_explains_the_line_that_is_picked_and_the_language_changes_everything(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("unlinked")
    await outlive(sandbox, tmp_path)
    async with wizard_on(sandbox, tmp_path, language=Language.EN, regions=True) as wizard:
        await called(wizard)
        await wizard.press("f1")
        await wizard.on("help")
        assert "If not, callers hear an error." in said(wizard)
        await wizard.press("escape")
        await wizard.on("doctor")
        picked = findings(wizard).picked
        await wizard.press("ctrl+l")
        await wizard.pilot.pause()
        assert "Aucune assistante ne lui est liée." in wizard.words
        assert "No assistant is linked to it." not in wizard.words
        assert "will hear" not in wizard.words
        assert findings(wizard).picked == picked


async def test_looking_again_sees_what_changed_meanwhile(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("eu-key")
    await outlive(sandbox, tmp_path)
    async with wizard_on(sandbox, tmp_path, language=Language.EN, regions=True) as wizard:
        await called(wizard)
        assert "will hear Ava:" in wizard.words
        number = next(iter(sandbox.world.org.numbers))
        record(sandbox, "vapi", "numbers", number, assistantId=None)
        await wizard.press("r")
        await wizard.until(lambda: "Phone Number Not Found" in wizard.words, "another look")
        await examined(wizard)
        assert "✗ Link" in wizard.words


async def test_escape_leaves_at_once_while_the_vendors_are_still_asked(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("unlinked")
    await outlive(sandbox, tmp_path)
    async with wizard_on(sandbox, tmp_path, language=Language.EN, regions=True) as wizard:
        await wizard.on("proof")
        await wizard.until(lambda: wizard.notice, "the lost link")
        wizard.spoil("twilio", "GET", "/2010-04-01/Accounts/{sid}.json", "timeout", times=None)
        await wizard.press("f9")
        await wizard.until(lambda: wizard.app.screen.name == "doctor" and LOOKING in wizard.words)
        assert "Esc Stop" in wizard.words
        await wizard.press("escape")
        await wizard.on("proof")
        assert not wizard.app.setup.store.state.live.activity


async def test_a_mend_that_a_vendor_refuses_says_so_and_the_line_is_looked_at_again(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("unlinked")
    await outlive(sandbox, tmp_path)
    async with wizard_on(sandbox, tmp_path, language=Language.EN, regions=True) as wizard:
        await called(wizard)
        wizard.spoil("vapi", "PATCH", "/phone-number/{id}", "unauthorized")
        await wizard.press("enter")
        await wizard.until(lambda: wizard.notice, "the refusal")
        await examined(wizard)
        assert "✗ Callers to" in wizard.words
        assert "✗ Link" in wizard.words
