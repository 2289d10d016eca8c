"""Undoing on screen: what it means, the question, each step, and every way out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
from textual.containers import VerticalScroll
from textual.widgets import Button

from ava_setup.store.places import Places
from ava_setup.tui.app import AvaSetup
from ava_setup.words import Language, _
from ava_setup.worlds import LocalWorlds
from tests.journey.finished import finish
from tests.journey.test_undo import Business, without_dates
from tests.journey.wizard import QuickWorlds, WatchedApp, Wizard, wizard_on

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ava_setup.sandbox import Sandbox

NUMBER = "+33 1 99 00 12 34"
ENDS = {
    Language.FR: "C'est défait. Le numéro peut être lié à nouveau à tout moment.",
    Language.EN: "Undone. The number can be linked again at any time.",
}


def held(sandbox: Sandbox) -> Any:
    """What both vendors hold, dates and calls apart."""
    url = f"{sandbox.announcement.control_url}/state"
    state = without_dates(httpx.get(url, trust_env=False).json())
    numbers = [one["numbers"] for one in state["twilio"]["accounts"]]
    return state["vapi"]["assistants"], state["vapi"]["numbers"], numbers


async def asked(wizard: Wizard) -> None:
    """Wait for the question; the harmless answer has the focus."""
    await wizard.on("undo")
    await wizard.until(lambda: wizard.app.screen.query_one("#yes").display, "the question")
    await wizard.pilot.pause()
    assert wizard.app.focused is wizard.app.screen.query_one("#leave")


async def undone(wizard: Wizard) -> None:
    """Wait until all is undone."""
    ends = ENDS[wizard.app.voice.language]
    await wizard.until(lambda: ends in wizard.words, "the end")


def steps(wizard: Wizard, mark: str) -> int:
    """Count the steps with a mark."""
    return sum(line.startswith(f"  {mark} ") for line in wizard.screen_text.splitlines())


MEANS = {
    Language.FR: (
        f"renvoyer les appels du {NUMBER} là où ils allaient avant",
        f"retirer le {NUMBER} de Vapi",
        "supprimer l'assistante « Ava » chez Vapi",
        "Défaire cela maintenant ?",
        "Non, ne rien changer",
    ),
    Language.EN: (
        f"send the calls of {NUMBER} where they went before",
        f"remove {NUMBER} from Vapi; it stays yours at Twilio",
        "delete the assistant “Ava” at Vapi",
        "Undo this now?",
        "No, change nothing",
    ),
}


async def test_the_proof_leads_to_undoing_which_ticks_each_step_and_ends_at_the_first_open_one(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    before = held(sandbox)
    await finish(sandbox, tmp_path)
    async with wizard_on(sandbox, tmp_path) as wizard:
        await wizard.on("proof")
        await wizard.click("undo")
        await asked(wizard)
        for _language in Language:
            await wizard.press("ctrl+l")
            for sentence in MEANS[wizard.app.voice.language]:
                await wizard.until(lambda: sentence in wizard.words, sentence)  # noqa: B023
        assert steps(wizard, "○") == 3
        assert held(sandbox) != before
        await wizard.press("right", "enter")
        await undone(wizard)
        assert steps(wizard, "✓") == 3
        assert held(sandbox) == before
        await wizard.press("enter")
        await wizard.on("assistant")
        assert not wizard.app.setup.undoer.has_something


async def test_enter_means_no_and_leads_back_to_the_step_as_it_was(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    await finish(sandbox, tmp_path)
    before = held(sandbox)
    async with wizard_on(sandbox, tmp_path) as wizard:
        await wizard.on("proof")
        for step in ("review", "number", "twilio"):
            await wizard.press("escape")
            await wizard.on(step)
        await wizard.type("auth-token", sandbox.announcement.twilio_auth_token)
        assert "F8 Défaire" in wizard.words
        for answer in ("enter", "escape"):
            await wizard.press("f8")
            await asked(wizard)
            await wizard.press(answer)
            await wizard.on("twilio")
            # What was typed and not sent yet is still there.
            assert wizard.value("auth-token") == sandbox.announcement.twilio_auth_token
        assert held(sandbox) == before
        assert wizard.app.setup.saved.linked is not None


async def test_undone_from_the_step_that_is_then_the_first_open_one_it_is_shown_anew(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    await finish(sandbox, tmp_path)
    async with wizard_on(sandbox, tmp_path) as wizard:
        await wizard.on("proof")
        for step in ("review", "number", "twilio", "assistant"):
            await wizard.press("escape")
            await wizard.on(step)
        await wizard.until(lambda: "Choisir celle-ci" in wizard.words, "the assistant that is")
        await wizard.press("f8")
        await asked(wizard)
        await wizard.press("right", "enter")
        await undone(wizard)
        await wizard.press("enter")
        await wizard.on("assistant")
        # There is no assistant left to choose: a ready-made one is offered.
        await wizard.until(lambda: "Choisir celle-ci" not in wizard.words, "the step anew")
        assert wizard.app.screen.query_one("#ready-made").display


async def test_escape_stops_undoing_at_once_and_the_next_time_the_rest_is_shown(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    before = held(sandbox)
    await finish(sandbox, tmp_path)
    async with wizard_on(sandbox, tmp_path) as wizard:
        await wizard.on("proof")
        wizard.spoil("vapi", "DELETE", "/phone-number/{id}", "timeout", times=None)
        await wizard.press("f8")
        await asked(wizard)
        await wizard.press("right", "enter")
        await wizard.until(lambda: steps(wizard, "✓") == 1, "the first tick")
        assert "En train de défaire…" in wizard.words
        assert "Échap Arrêter" in wizard.words
        assert steps(wizard, "●") == 1
        await wizard.press("escape")
        # The calls go elsewhere again, so the number is the first thing open; nothing links it.
        await wizard.on("number")
        assert "F8 reprend la suite" in wizard.toasts
        assert wizard.app.screen.query_one("#numbers").display
        wizard.spoil_no_more()
        await wizard.press("f8")
        await asked(wizard)
        assert steps(wizard, "○") == 2
        assert f"retirer le {NUMBER} de Vapi" in wizard.words
        assert "renvoyer les appels" not in wizard.words
        await wizard.press("right", "enter")
        await undone(wizard)
        assert held(sandbox) == before


async def test_a_vendor_that_fails_while_it_is_read_is_said_in_place_and_asked_again(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    await finish(sandbox, tmp_path)
    async with wizard_on(sandbox, tmp_path, language=Language.EN) as wizard:
        await wizard.on("proof")
        wizard.spoil("vapi", "GET", "/phone-number", "truncated")
        await wizard.press("f8")
        await wizard.on("undo")
        await wizard.until(lambda: wizard.notice, "the problem")
        assert "Vapi gave an answer that makes no sense." in wizard.words
        assert "Undo this now?" not in wizard.words
        assert "Try again" in wizard.words
        await wizard.press("enter")
        await asked(wizard)
        assert not wizard.notice


async def test_what_is_ticked_stays_ticked_when_the_next_step_fails_and_is_tried_again(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    before = held(sandbox)
    await finish(sandbox, tmp_path)
    async with wizard_on(sandbox, tmp_path, language=Language.EN) as wizard:
        await wizard.on("proof")
        wizard.spoil("vapi", "DELETE", "/assistant/{id}", "error")
        await wizard.press("f8")
        await asked(wizard)
        await wizard.press("right", "enter")
        await wizard.until(lambda: wizard.notice, "the problem")
        assert "Vapi has a fault on its side." in wizard.words
        assert (steps(wizard, "✓"), steps(wizard, "!")) == (2, 1)
        await wizard.press("enter")
        await asked(wizard)
        assert (steps(wizard, "✓"), steps(wizard, "○")) == (2, 1)
        await wizard.press("right", "enter")
        await undone(wizard)
        assert steps(wizard, "✓") == 3
        assert held(sandbox) == before


async def test_keys_that_were_not_kept_are_asked_for_and_undoing_carries_on_by_itself(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    before = held(sandbox)
    await finish(sandbox, tmp_path)
    app = WatchedApp(QuickWorlds(sandbox, tmp_path, keep_secrets=False), Language.FR)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        wizard = Wizard(app, pilot, sandbox)
        await wizard.on("vapi")
        await wizard.press("f8")
        await wizard.on("undo")
        await wizard.until(lambda: wizard.notice, "the missing key")
        assert "Saisir la clé Vapi" in wizard.words
        await wizard.press("enter")
        await wizard.fill_vapi()
        await wizard.on("undo")
        await wizard.until(lambda: "Saisir les identifiants Twilio" in wizard.words, "the next")
        await wizard.press("enter")
        await wizard.on("twilio")
        await wizard.type("account-sid", sandbox.announcement.twilio_account_sid)
        await wizard.type("auth-token", sandbox.announcement.twilio_auth_token)
        await wizard.press("enter")
        await asked(wizard)
        await wizard.press("right", "enter")
        await undone(wizard)
        assert held(sandbox) == before


async def test_a_step_that_was_opened_for_undoing_leads_on_as_usual_once_undoing_is_refused(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    await finish(sandbox, tmp_path)
    async with wizard_on(sandbox, tmp_path) as wizard:
        await wizard.on("proof")
        wizard.spoil("vapi", "GET", "/phone-number", "unauthorized")
        await wizard.press("f8")
        await wizard.on("undo")
        await wizard.until(lambda: wizard.notice, "the refusal")
        assert "Vapi refuse cette clé." in wizard.words
        await wizard.press("enter")
        await wizard.fill_vapi()
        await asked(wizard)
        await wizard.press("escape")
        await wizard.on("vapi")
        await wizard.press("enter")
        await wizard.on("proof")


async def test_a_long_list_scrolls_by_the_arrows_and_the_buttons_stay_in_sight(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    names = [f"Ava {place}" for place in range(1, 21)]
    await finish(sandbox, tmp_path, *names)
    async with wizard_on(sandbox, tmp_path) as wizard:
        await wizard.on("proof")
        await wizard.press("f8")
        await asked(wizard)
        body = wizard.app.screen.query_one("#body", VerticalScroll)
        await wizard.until(lambda: body.show_vertical_scrollbar, "the scrollbar")
        await wizard.until(lambda: "↑↓" in wizard.words, "the hint")
        assert "Ava 20" not in wizard.words
        await wizard.press(*["down"] * 20)
        await wizard.until(lambda: "Ava 20" in wizard.words, "the last line")
        await wizard.press("pageup", "pageup", "pageup", "pageup")
        await wizard.until(lambda: "Ava 20" not in wizard.words, "the first line")
        for _language in Language:
            await wizard.press("ctrl+l")
            for button in wizard.app.screen.query("#buttons Button").results(Button):
                assert wizard.app.screen.region.contains_region(button.region)
                assert button.region.width >= len(str(button.label))
        assert wizard.app.focused is wizard.app.screen.query_one("#leave")


async def test_what_went_by_itself_since_the_question_counts_as_undone(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    before = held(sandbox)
    told = sandbox.announcement
    await finish(sandbox, tmp_path)
    async with wizard_on(sandbox, tmp_path) as wizard:
        await wizard.on("proof")
        await wizard.press("f8")
        await asked(wizard)
        [made] = held(sandbox)[0]
        httpx.delete(
            f"{told.vapi_url}/assistant/{made['id']}",
            headers={"Authorization": f"Bearer {told.vapi_key}", "User-Agent": "a-colleague"},
            trust_env=False,
        ).raise_for_status()
        await wizard.press("right", "enter")
        await undone(wizard)
        assert steps(wizard, "✓") == 3
        assert held(sandbox) == before


async def test_what_somebody_began_to_use_since_the_question_is_left_and_has_no_tick(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("many")
    told = sandbox.announcement
    already = {one["id"] for one in held(sandbox)[0]}
    await finish(sandbox, tmp_path)
    async with wizard_on(sandbox, tmp_path, language=Language.EN) as wizard:
        await wizard.on("proof")
        await wizard.press("f8")
        await asked(wizard)
        [made] = {one["id"] for one in held(sandbox)[0]} - already
        httpx.post(
            f"{told.vapi_url}/phone-number",
            json={
                "provider": "twilio",
                "number": told.numbers[1],
                "twilioAccountSid": told.twilio_account_sid,
                "twilioAuthToken": told.twilio_auth_token,
                "assistantId": made,
            },
            headers={"Authorization": f"Bearer {told.vapi_key}", "User-Agent": "a-colleague"},
            trust_env=False,
        ).raise_for_status()
        await wizard.press("right", "enter")
        await wizard.until(lambda: "What has no tick" in wizard.words, "the end")
        assert steps(wizard, "!") == 1
        assert "The assistant “Ava” still answers" in wizard.words
        assert made in {one["id"] for one in held(sandbox)[0]}
        await wizard.press("enter")
        await wizard.on("number")


async def test_what_is_no_longer_as_it_was_left_is_said_to_stay_and_why(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    told = sandbox.announcement
    await finish(sandbox, tmp_path)
    [number] = held(sandbox)[2][0]
    httpx.post(
        f"{told.twilio_url}{number['uri']}",
        data={"VoiceUrl": "https://elsewhere.example/voice"},
        auth=(told.twilio_account_sid, told.twilio_auth_token),
        headers={"User-Agent": "a-colleague"},
        trust_env=False,
    ).raise_for_status()
    async with wizard_on(sandbox, tmp_path, language=Language.EN) as wizard:
        await wizard.on("proof")
        await wizard.press("f8")
        await asked(wizard)
        assert "Stays as it is:" in wizard.words
        assert f"The calls of {NUMBER} go to elsewhere.example today" in wizard.words
        await wizard.press("right", "enter")
        await undone(wizard)
        [number] = held(sandbox)[2][0]
        assert number["voice_url"] == "https://elsewhere.example/voice"


async def test_with_nothing_to_undo_it_says_so_and_asks_no_vendor(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    async with wizard_on(sandbox_of("fresh"), tmp_path) as wizard:
        await wizard.up_to_business()
        assert "F8" not in wizard.words
        await wizard.press("f8")
        await wizard.on("undo")
        await wizard.until(lambda: "il n'y a rien à défaire." in wizard.words, "the sentence")
        assert wizard.requests() == []
        await wizard.press("enter")
        await wizard.on("business")


async def test_nothing_is_undone_while_something_else_is_being_done(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    async with wizard_on(sandbox_of("fresh"), tmp_path) as wizard:
        await wizard.up_to_review()
        wizard.spoil("vapi", "POST", "/phone-number", "timeout", times=None)
        await wizard.press("enter")
        await wizard.until(lambda: "Import du" in wizard.words, "the import")
        await wizard.press("f8")
        await wizard.until(lambda: "F8 défait ensuite" in wizard.toasts, "the answer")
        assert wizard.app.screen.name == "review"


async def test_before_a_business_is_picked_there_is_nothing_to_open_for_undoing(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    for profile in ("default", "garage"):
        await finish(sandbox, tmp_path, profile=profile)
    async with wizard_on(sandbox, tmp_path) as wizard:
        await wizard.until(lambda: wizard.app.screen.query("#businesses"), "the businesses")
        await wizard.press("f8")
        assert wizard.app.screen.name == "welcome"
        assert wizard.app.world is None


async def test_in_the_demo_it_undoes_on_the_sandbox(tmp_path: Path) -> None:
    worlds = LocalWorlds({}, Places(tmp_path), keep_secrets=True, scenario="fresh")
    app = AvaSetup(worlds, Language.FR, demo=True)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        wizard = Wizard(app, pilot, None)  # type: ignore[arg-type] # the demo has its own
        await wizard.start()
        for step in ("business", "vapi", "assistant", "twilio", "number", "review"):
            await wizard.on(step)
            await wizard.press("f2", "enter")
        await wizard.on("proof")
        # The keys are many here; what is not named is in the menu.
        for _language in Language:
            await wizard.press("ctrl+l")
            for key in ("F1", "F2", "Ctrl+P", app.voice(_("Leave"))):
                assert key in wizard.screen_text.splitlines()[-1]
        await wizard.press("f8")
        await asked(wizard)
        assert app.voice(_("DEMO")) in wizard.words
        await wizard.press("right", "enter")
        await undone(wizard)
        await wizard.press("escape")
        await wizard.on("assistant")


async def test_the_language_changes_while_it_asks_and_help_says_what_it_is(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    await finish(sandbox, tmp_path)
    async with wizard_on(sandbox, tmp_path) as wizard:
        await wizard.on("proof")
        await wizard.press("f8")
        await asked(wizard)
        await wizard.press("ctrl+l")
        await wizard.until(lambda: "Undo this now?" in wizard.words, "English")
        assert "delete the assistant “Ava” at Vapi" in wizard.words
        assert "Défaire" not in wizard.words
        await wizard.press("f1")
        await wizard.on("help")
        made = "What was made or changed at Vapi and Twilio"
        await wizard.until(lambda: made in wizard.words, "the explanation")
        await wizard.press("escape")
        await asked(wizard)


def test_in_a_real_terminal_the_key_the_arrows_and_enter_are_enough(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    before = held(sandbox)
    business = Business(sandbox, tmp_path)
    business.link()
    with business.terminal() as terminal:
        terminal.wait_for("Waiting for the first call").press("f8")
        terminal.wait_for("Undo this now?").press("right", "enter")
        terminal.wait_for("Undone. The number can be linked again").press("enter")
        terminal.wait_for("What callers will hear").press("ctrl+q")
        assert terminal.exit_code() == 0
        assert terminal.is_restored
    assert held(sandbox) == before
