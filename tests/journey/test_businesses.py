"""Several businesses: one state each, picked on the welcome, nothing shared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import OptionList

from ava_setup.front.worlds import Business
from ava_setup.onboarding.state import VaultPlace
from ava_setup.store.places import Places
from ava_setup.tui.app import AvaSetup
from ava_setup.words import Language
from ava_setup.worlds import LocalWorlds
from tests.journey.wizard import QuickWorlds, Wizard, wizard_on

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ava_setup.sandbox import Sandbox


async def _begun(sandbox: Sandbox, home: Path, profile: str, name: str) -> None:
    """Begin a business, as far as its name."""
    async with wizard_on(sandbox, home, profile=profile) as wizard:
        await wizard.start()
        await wizard.fill_business(name)
        await wizard.on("vapi")


async def test_with_several_businesses_the_welcome_asks_which_and_opens_where_it_was(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    await _begun(sandbox, tmp_path, "default", "Plomberie Martin")
    await _begun(sandbox, tmp_path, "salon", "Salon Lucie")
    async with wizard_on(sandbox, tmp_path) as wizard:
        await wizard.until(lambda: wizard.app.screen.query("#businesses"), "the businesses")
        options = wizard.app.screen.query_one("#businesses", OptionList)
        labels = [str(options.get_option_at_index(n).prompt) for n in range(options.option_count)]
        assert labels == ["Plomberie Martin", "Salon Lucie", "+ Une autre entreprise"]
        await wizard.until(lambda: "Commencer" not in wizard.screen_text, "another word for it")
        assert "Continuer" in wizard.screen_text
        await wizard.press("ctrl+l")
        await wizard.until(lambda: "+ Another business" in wizard.screen_text, "English")
        await wizard.press("down", "enter")
        await wizard.on("vapi")
        assert "Salon Lucie" in wizard.screen_text


async def test_another_business_is_begun_beside_the_first_and_shares_nothing_with_it(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    async with wizard_on(sandbox, tmp_path) as wizard:
        await wizard.up_to_assistant()
        for step in ("vapi", "business", "welcome"):
            await wizard.press("escape")
            await wizard.on(step)
        await wizard.click("another")
        await wizard.on("business")
        assert wizard.value("business-name") == ""
        assert wizard.value("email") == ""
        await wizard.fill_business("Salon Lucie")
        await wizard.on("vapi")
        assert wizard.app.setup.saved.connection is None
        assert wizard.app.setup.store.state.live.secrets == frozenset()
    worlds = LocalWorlds({}, Places(tmp_path), keep_secrets=True, scenario="fresh")
    assert worlds.businesses() == (
        Business("default", "Plomberie Martin"),
        Business("business-2", "Salon Lucie"),
    )
    assert worlds.unused_profile() == "business-3"


async def test_the_named_profile_is_opened_without_asking(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    await _begun(sandbox, tmp_path, "default", "Plomberie Martin")
    await _begun(sandbox, tmp_path, "salon", "Salon Lucie")
    async with wizard_on(sandbox, tmp_path, profile="default") as wizard:
        await wizard.on("vapi")
        assert "Plomberie Martin" in wizard.screen_text


async def test_a_damaged_file_is_still_listed_by_its_profile(tmp_path: Path) -> None:
    for name, content in (("one", "{"), ("two", '{"answers": 7}'), ("three", "[]")):
        folder = tmp_path / "profiles" / name
        folder.mkdir(parents=True)
        (folder / "state.json").write_text(content)
    worlds = LocalWorlds({}, Places(tmp_path), keep_secrets=True, scenario="fresh")
    assert [one.profile for one in worlds.businesses()] == ["one", "three", "two"]
    assert {one.name for one in worlds.businesses()} == {""}
    assert sorted(tmp_path.glob("profiles/*/*")) == sorted(tmp_path.glob("profiles/*/state.json"))


async def test_secrets_that_are_not_to_be_kept_are_said_so_and_asked_for_again(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    for run in ("first", "second"):
        app = AvaSetup(QuickWorlds(sandbox, tmp_path, keep_secrets=False), Language.FR)
        async with app.run_test(size=(80, 24)) as pilot:
            wizard = Wizard(app, pilot, sandbox)
            if run == "first":
                await wizard.start()
                await wizard.fill_business()
            await wizard.on("vapi")
            assert "mémoire seulement" in wizard.screen_text
            assert app.setup.store.state.live.vault is VaultPlace.MEMORY
            await wizard.fill_vapi()
            await wizard.on("assistant")
    assert not list(tmp_path.rglob("secrets*"))
