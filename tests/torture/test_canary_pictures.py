"""No picture of any screen, saved as Textual saves one, shows a secret that was typed there."""

from __future__ import annotations

from importlib import import_module
from itertools import count
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from textual.widgets import Button, Input, Select, TextArea
from textual.widgets._toast import Toast

from ava_setup.sandbox import Sandbox
from ava_setup.tui import screens
from ava_setup.tui.screens.caller import CallerScreen
from ava_setup.tui.textual_defects import SecretField, SteadyScreen
from ava_setup.wiring import Rehearsal
from ava_setup.words import Language
from tests.journey.wizard import CALLER, wizard_on
from tests.torture.canary import WRONG_KEY, WRONG_TOKEN, Keys, Net

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.journey.wizard import Wizard


SIZE = (100, 60)


class Album:
    """Pictures of a wizard, and which screens they are of."""

    def __init__(self, wizard: Wizard, keys: Keys, folder: Path) -> None:
        self._wizard = wizard
        self._secrets = keys.secrets
        self._folder = folder
        self._numbers = count()
        self._net = Net()
        self._net.watch(*keys.secrets)
        self.screens: set[type] = set()

    async def take(self, screen_id: str) -> str:
        """Save a picture of a screen, look for secrets in it, and give it."""
        await self._wizard.on(screen_id)
        app = self._wizard.app
        path = self._folder / f"{next(self._numbers)}-{screen_id}.svg"
        app.action_screenshot(path.name, str(self._folder))
        await self._wizard.until(lambda: path.name in self._wizard.toasts, "word of the picture")
        # The next picture must not show that word in place of what lies below it.
        app.clear_notifications()
        await self._wizard.until(lambda: not app.screen.query(Toast), "a clear screen")
        self.screens.add(type(app.screen))
        picture = path.read_text()
        self._net.look(picture, path.name)
        assert self._net.hits == []
        return picture

    async def type_secrets(self, screen_id: str) -> None:
        """Put each secret into each field, by a paste and by keys, and take pictures."""
        await self.take(screen_id)
        for entry in self._entries():
            entry.focus()
            for secret in self._secrets:
                await self._wizard.paste(secret)
            await self.take(screen_id)
            if isinstance(entry, SecretField):
                entry.value = ""
                await self._wizard.press(*WRONG_TOKEN)
                assert entry.value == WRONG_TOKEN
                assert "•" * 12 in await self.take(screen_id)

    def _entries(self) -> list[Input | TextArea]:
        return [
            entry
            for entry in self._wizard.app.screen.walk_children()
            if isinstance(entry, Input | TextArea) and entry.focusable
        ]


def every_screen() -> set[type]:
    """Find the screens that nothing else is made of."""
    found = {
        thing
        for module in iter_modules(screens.__path__, f"{screens.__name__}.")
        for thing in vars(import_module(module.name)).values()
        if isinstance(thing, type) and issubclass(thing, SteadyScreen)
    }
    return {one for one in found if not any(issubclass(other, one) for other in found - {one})}


async def test_a_picture_of_any_screen_shows_no_secret_that_was_typed_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    with Sandbox("linked-elsewhere") as sandbox:
        keys = Keys(sandbox)
        async with wizard_on(sandbox, tmp_path / "home", language=Language.EN, size=SIZE) as wizard:
            album = Album(wizard, keys, pictures)
            await up_to_the_assistant(wizard, album)
            await from_twilio_on(wizard, album)
    assert every_screen() - album.screens == set()
    # They are pictures of what was on screen.
    assert any("Plomberie&#160;Martin" in path.read_text() for path in pictures.iterdir())


async def up_to_the_assistant(wizard: Wizard, album: Album) -> None:
    """Walk, with secrets typed wherever something can be typed."""
    await album.take("welcome")
    await wizard.start()
    await album.type_secrets("business")
    await wizard.click("more")
    await album.type_secrets("more")
    await wizard.press("escape")
    await wizard.fill_business()
    await album.type_secrets("vapi")
    await wizard.type("vapi-key", WRONG_KEY)
    await wizard.press("ctrl+p")
    await album.type_secrets("palette")
    await wizard.press("escape")
    await wizard.on("vapi")
    await wizard.press("f1")
    await album.take("help")
    await wizard.press("escape")
    await wizard.fill_vapi()
    await album.type_secrets("assistant")
    # A page of its own only where there is no room for it beside the rest.
    await wizard.pilot.resize_terminal(80, 24)
    wizard.app.screen.query_one("#example-button", Button).press()
    await album.take("example-call")
    await wizard.press("escape")
    await wizard.on("assistant")
    await wizard.pilot.resize_terminal(*SIZE)
    await wizard.click("instructions")
    await album.type_secrets("instructions-page")
    await wizard.press("escape")
    await wizard.pick_assistant("Ava pour le cabinet")


async def from_twilio_on(wizard: Wizard, album: Album) -> None:
    """Walk on, to what can be changed and undone at the end."""
    await album.type_secrets("twilio")
    kind = wizard.app.screen.query_one("#twilio-kind", Select)
    kind.value = "key"
    await wizard.pilot.pause()
    await album.type_secrets("twilio")
    kind.value = "token"
    await wizard.pilot.pause()
    await wizard.fill_twilio()
    await album.take("number")
    await wizard.press("enter")
    await album.take("review")
    await wizard.press("enter")
    await album.take("consent")
    await wizard.press("right", "enter")
    await album.take("proof")
    await wizard.click("handover")
    await album.take("handover-question")
    await wizard.press("escape")
    await wizard.on("proof")
    told = wizard.sandbox.announcement
    number = told.numbers[0]
    wizard.app.push_screen(
        CallerScreen(Rehearsal(told.control_url, {}, number=number, caller=CALLER), number)
    )
    await album.take("caller")
    await wizard.press("escape")
    await wizard.on("proof")
    await wizard.click("ring")
    await album.type_secrets("ring")
    await wizard.press("escape")
    await wizard.on("proof")
    await wizard.press("f9")
    await album.take("doctor")
    await wizard.press("escape")
    await wizard.on("proof")
    await wizard.press("f8")
    await album.take("undo")
    await wizard.press("escape")
    await wizard.on("proof")
    await wizard.click("change")
    await album.take("change")
