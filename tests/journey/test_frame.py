"""The frame: languages, keys, going back, carrying on, and nothing out of sight."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ava_setup.store.places import Places
from ava_setup.tui.app import AvaSetup
from ava_setup.tui.textual_defects import keys_in_turn
from ava_setup.words import Language
from ava_setup.worlds import LocalWorlds
from tests.canaries import VAPI_KEY
from tests.journey.wizard import Wizard, wizard_on

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from ava_setup.sandbox import Sandbox


async def test_a_window_that_is_too_small_is_said_to_be_and_loses_nothing(
    sandbox_of: Callable[[str], Sandbox], tmp_path: Path
) -> None:
    async with wizard_on(sandbox_of("fresh"), tmp_path) as wizard:
        await wizard.up_to_review()
        await wizard.press("enter")
        await wizard.on("proof")
        focused = wizard.app.focused
        for size in ((60, 18), (40, 12), (20, 6), (10, 3)):
            await wizard.pilot.resize_terminal(*size)
            await wizard.pilot.pause()
            assert ("Agrandissez" in wizard.screen_text.replace("\n", "")) == (size == (20, 6))
            await wizard.pilot.resize_terminal(80, 24)
            await wizard.pilot.pause()
            assert wizard.app.screen.name == "proof"
            assert wizard.app.focused is focused
            assert "Terminer" in wizard.screen_text
            assert wizard.app._exception is None


async def test_the_language_changes_on_any_step_and_what_was_typed_stays(
    sandbox_of: Callable[[str], Sandbox], tmp_path: Path
) -> None:
    async with wizard_on(sandbox_of("fresh"), tmp_path) as wizard:
        await wizard.up_to_business()
        await wizard.type("business-name", "Plomberie Martin")
        await wizard.type("email", "pas une adresse")
        await wizard.press("enter")
        assert "Nom de l'entreprise" in wizard.screen_text
        assert "@" in wizard.message("email")
        await wizard.press("ctrl+l")
        await wizard.pilot.pause()
        assert "Business name" in wizard.screen_text
        assert "General reception" in wizard.screen_text
        assert "Continue" in wizard.screen_text
        assert "An e-mail address has an @" in wizard.message("email")
        assert wizard.is_wrong("email")
        assert wizard.value("business-name") == "Plomberie Martin"
        assert wizard.value("email") == "pas une adresse"
        assert wizard.app.focused is wizard.app.screen.query_one("#email")


async def test_an_error_and_the_review_change_language_too(
    sandbox_of: Callable[[str], Sandbox], tmp_path: Path
) -> None:
    async with wizard_on(sandbox_of("fresh"), tmp_path) as wizard:
        await wizard.up_to_review(assistant=None)
        await wizard.press("enter")
        await wizard.until(lambda: wizard.notice, "the error")
        assert "Créer l'assistante" in wizard.screen_text
        await wizard.press("ctrl+l")
        await wizard.pilot.pause()
        text = wizard.screen_text
        assert "An assistant must exist before a number can be linked." in text
        assert "Create the assistant" in text
        assert "none yet · chosen automatically" in text
        french = ("assistante", "numéro", "compte", "Réessayer", "Retour", "étape")
        assert not [word for word in french if word in text]


async def test_back_leads_through_every_step_and_keeps_every_answer(
    sandbox_of: Callable[[str], Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    async with wizard_on(sandbox, tmp_path) as wizard:
        await wizard.up_to_number()
        for step in ("twilio", "assistant", "vapi", "business", "welcome"):
            await wizard.press("escape")
            await wizard.on(step)
            if step == "twilio":
                assert wizard.value("account-sid") == sandbox.announcement.twilio_account_sid
            if step == "business":
                assert wizard.value("business-name") == "Plomberie Martin"
                assert wizard.value("email") == "contact@plomberie-martin.example"
        # What holds is a tick: one Enter leads back to the first open step.
        await wizard.press("enter")
        await wizard.on("number")


async def test_a_half_typed_step_is_there_again_in_the_next_run(
    sandbox_of: Callable[[str], Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    async with wizard_on(sandbox, tmp_path) as wizard:
        await wizard.up_to_business()
        await wizard.type("business-name", "Plomb")
        await wizard.press("ctrl+q")
        await wizard.until(lambda: wizard.app._exit, "the end")
        assert "Tout est gardé" in wizard.app.voice(wizard.app.farewell)
    async with wizard_on(sandbox, tmp_path) as wizard:
        await wizard.on("business")
        assert wizard.value("business-name") == "Plomb"


async def test_a_run_carries_on_at_the_first_open_step_with_keys_still_known(
    sandbox_of: Callable[[str], Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    async with wizard_on(sandbox, tmp_path) as wizard:
        await wizard.up_to_assistant()
    async with wizard_on(sandbox, tmp_path) as wizard:
        await wizard.on("assistant")
        await wizard.press("escape")
        await wizard.on("vapi")
        # Known, shown as such, and not asked for again.
        assert wizard.value("vapi-key") == ""
        assert "Une clé est connue" in wizard.screen_text
        await wizard.press("enter")
        await wizard.on("assistant")


async def test_a_second_window_on_the_same_business_is_told_who_holds_it(
    sandbox_of: Callable[[str], Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    async with wizard_on(sandbox, tmp_path) as first:
        await first.until(first.app.ready.is_set, "the world")
        async with wizard_on(sandbox, tmp_path) as second:
            await second.until(lambda: second.notice, "the refusal")
            assert "déjà ouvert" in second.notice
            assert str(os.getpid()) in second.notice


async def test_help_explains_the_field_that_has_the_focus(
    sandbox_of: Callable[[str], Sandbox], tmp_path: Path
) -> None:
    async with wizard_on(sandbox_of("fresh"), tmp_path) as wizard:
        await wizard.up_to_vapi()
        await wizard.press("f1")
        await wizard.on("help")
        assert "Clé privée Vapi" in wizard.screen_text
        assert "dashboard.eu.vapi.ai" in wizard.screen_text
        await wizard.press("escape")
        await wizard.on("vapi")
        assert wizard.app.focused is wizard.app.screen.query_one("#vapi-key")


async def test_the_keys_that_are_named_are_those_of_what_has_the_focus(
    sandbox_of: Callable[[str], Sandbox], tmp_path: Path
) -> None:
    async with wizard_on(sandbox_of("fresh"), tmp_path, language=Language.EN) as wizard:

        async def named(focused: str) -> str:
            wizard.app.screen.query_one(focused).focus()
            await wizard.pilot.pause()
            return wizard.screen_text.splitlines()[-1]

        await wizard.up_to_business()
        assert "Enter Next" in await named("#email")
        assert "←→ Change" in await named("#trade")
        assert "Enter More…" in await named("#more")
        await wizard.pilot.resize_terminal(60, 24)
        narrow = await named("#trade")
        assert "←→ Change" in narrow
        assert "Ctrl+Q Leave" in narrow


async def test_a_key_that_closes_a_page_holds_up_none_of_those_that_follow(
    sandbox_of: Callable[[str], Sandbox], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys_in_turn, "_PATIENCE", 3600)
    async with wizard_on(sandbox_of("fresh"), tmp_path) as wizard:
        await wizard.up_to_vapi()
        for typed in ("a", "ab"):
            await wizard.press("f1")
            await wizard.on("help")
            await wizard.press("escape", typed[-1])
            await wizard.until(lambda: wizard.value("vapi-key") == typed, typed)  # noqa: B023


async def test_an_error_that_nobody_expected_is_shown_in_place_and_the_wizard_goes_on(
    sandbox_of: Callable[[str], Sandbox], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with wizard_on(sandbox_of("fresh"), tmp_path) as wizard:
        await wizard.up_to_business()

        async def broken(_profile: object) -> None:
            raise RuntimeError(VAPI_KEY)

        with monkeypatch.context() as patched:
            patched.setattr(wizard.app.setup, "save_profile", broken)
            await wizard.fill_business()
            await wizard.until(lambda: wizard.notice, "the error")
        assert "RuntimeError" in wizard.notice
        assert VAPI_KEY not in wizard.screen_text
        await wizard.click("next")
        await wizard.on("vapi")


async def test_a_damaged_state_file_is_said_and_set_aside(
    sandbox_of: Callable[[str], Sandbox], tmp_path: Path
) -> None:
    folder = tmp_path / "profiles" / "default"
    folder.mkdir(parents=True)
    (folder / "state.json").write_text("{broken")
    async with wizard_on(sandbox_of("fresh"), tmp_path) as wizard:
        await wizard.until(lambda: wizard.notice, "the damage")
        assert "illisible" in wizard.notice
        assert [one.name for one in folder.glob("state.json.damaged-*")]
        await wizard.press("enter")
        await wizard.on("business")


async def test_an_address_that_may_not_have_credentials_is_refused_in_words(
    tmp_path: Path,
) -> None:
    environ = {"AVA_SETUP_VAPI_URL": "http://vapi.example"}
    worlds = LocalWorlds(environ, Places(tmp_path), keep_secrets=True, scenario="fresh")
    app = AvaSetup(worlds, Language.FR)
    async with app.run_test() as pilot:
        wizard = Wizard(app, pilot, None)  # type: ignore[arg-type] # no sandbox is asked
        await wizard.until(lambda: wizard.notice, "the refusal")
        assert "AVA_SETUP_VAPI_URL" in wizard.notice
        assert "https" in wizard.notice


async def test_escape_stops_a_slow_request_first_and_goes_back_only_then(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh", latency_ms=5000)
    async with wizard_on(sandbox, tmp_path) as wizard:
        await wizard.up_to_vapi()
        await wizard.type("vapi-key", sandbox.announcement.vapi_key)
        await wizard.press("enter")
        await wizard.until(lambda: "Question à Vapi" in wizard.screen_text, "the question")
        assert "Échap Arrêter" in wizard.screen_text
        await wizard.press("escape")
        await wizard.on("vapi")
        await wizard.until(lambda: "Arrêté." in wizard.screen_text, "word of the stop")
        assert wizard.value("vapi-key") == sandbox.announcement.vapi_key
        await wizard.until(lambda: "Question à Vapi" not in wizard.screen_text, "the stop")
        await wizard.press("escape")
        await wizard.on("business")


async def test_a_vendor_that_is_away_is_tried_again_in_words_and_then_said_to_be_away(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    async with wizard_on(sandbox, tmp_path) as wizard:
        await wizard.up_to_vapi()
        # Shut rather than stopped: a port that is given back may be another sandbox's at once.
        wizard.spoil("vapi", "GET", "/assistant", "shut", seconds=60.0)
        await wizard.type("vapi-key", sandbox.announcement.vapi_key)
        await wizard.press("enter")
        await wizard.until(lambda: "nouvel essai dans" in wizard.screen_text, "another try")
        await wizard.until(lambda: "Vapi est injoignable." in wizard.notice, "the end of patience")
        assert wizard.value("vapi-key") == sandbox.announcement.vapi_key


async def test_start_tries_again_once_the_other_window_is_closed(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    async with wizard_on(sandbox, tmp_path) as first:
        await first.until(first.app.ready.is_set, "the world")
        async with wizard_on(sandbox, tmp_path) as second:
            await second.until(lambda: second.notice, "the refusal")
            await second.click("next")
            await second.until(lambda: second.notice, "the refusal, again")
            assert first.app.world is not None
            await first.app.world.aclose()
            await second.click("next")
            await second.on("business")
