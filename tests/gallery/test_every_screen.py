"""Every screen, in every size and theme: all is legible, whole, in sight, and in line."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING

import pytest
from textual.color import Color

from ava_setup.sandbox import Sandbox
from ava_setup.tui import screens
from ava_setup.tui.looks import Look
from ava_setup.tui.textual_defects import SteadyScreen
from ava_setup.tui.themes import PALETTES, Palette, theme_of
from ava_setup.words import Language
from tests.journey.wizard import wizard_on
from tests.tui.sight import what_is_wrong
from tests.tui.strips import RGB, Pair, Picture, contrast, unaligned
from tests.tui.walk import walk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.journey.wizard import Wizard

SIZES = [(80, 24), (100, 30), (120, 36), (200, 60)]
LEGIBLE = {Look.DARK: 4.5, Look.LIGHT: 4.5, Look.CONTRAST: 7.0}
ROLES = Palette._fields
# In place of the dark theme, one of which each colour tells what it is for in all of them.
TELLING = theme_of(
    Look.DARK, Palette(**{role: Color(10 * place, 0, 0).hex for place, role in enumerate(ROLES, 1)})
)
# Black on white in every theme, so that telephones read it.
QR = {(0, 0, 0), (255, 255, 255)}


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AVA_SETUP_REDUCED_MOTION", "1")


class Walker:
    """Notes what is wrong with each screen that it is shown, and which colours meet on it."""

    def __init__(self, wizard: Wizard) -> None:
        self._wizard = wizard
        self._sizes = SIZES
        self._pairs: set[Pair] = set()
        self.wrong: list[str] = []
        self.seen: set[type] = set()
        wizard.app.theme = Look.LIGHT.value
        wizard.app.register_theme(TELLING)
        wizard.app.theme = TELLING.name

    async def look(self, name: str) -> None:
        """Look at what is on screen: in every size and language, and wherever the focus is."""
        screen = self._wizard.app.screen
        self.seen.add(type(screen))
        await self._wizard.until(lambda: not screen.query(".-active"), "no button held down")
        # There and back again: each stop begins with the size that the last one ended with.
        self._sizes = self._sizes[::-1]
        for size in self._sizes:
            await self._look_at_size(size, name)
        await self._look_as_if_all_had_the_focus(name)

    async def glance(self, name: str) -> None:
        """Look at what is on screen where there is least room."""
        await self._look_at_size(SIZES[0], name)

    async def _look_at_size(self, size: tuple[int, int], name: str) -> None:
        if self._wizard.app.size != size:
            await self._wizard.pilot.resize_terminal(*size)
        await self._wizard.pilot.pause()
        self._note(f"{name}, {size[0]}")
        self._wizard.app.action_switch_language()
        await self._wizard.pilot.pause()
        self._note(f"{name}, {size[0]}")

    def _note(self, where: str) -> None:
        picture = Picture(self._wizard.app)
        found = [*what_is_wrong(self._wizard.app.screen, picture)]
        found += [f"not aligned everywhere: {one}" for one in unaligned(picture.text)]
        self.wrong += [f"{where}, {self._wizard.app.voice.language}: {one}" for one in found]
        self._note_colours(where, picture)

    def _note_colours(self, where: str, picture: Picture) -> None:
        for pair, words in picture.pairs():
            if pair not in self._pairs:
                self._pairs.add(pair)
                self.wrong += [f"{where}: {words}: {it}" for it in faint(pair)]

    async def _look_as_if_all_had_the_focus(self, name: str) -> None:
        screen = self._wizard.app.screen
        holder = screen.focused
        for has_focus in (True, False):
            for widget in screen.focus_chain:
                widget.has_focus = has_focus or widget is holder
            if has_focus:
                await self._wizard.pilot.pause()
                self._note_colours(name, Picture(self._wizard.app))


def faint(pair: Pair) -> Iterator[str]:
    """Say in which themes words do not stand out from what is behind them."""
    if {pair.words, pair.behind} == QR:
        return
    words, behind = role_of(pair.words), role_of(pair.behind)
    if pair.dim or not words or not behind:
        yield f"a colour of no theme: {pair}"
        return
    for look, least in LEGIBLE.items():
        colours = (getattr(PALETTES[look], role) for role in (words, behind))
        found = contrast(*(Color.parse(colour).rgb for colour in colours))
        if found < least:
            yield f"{look}: {words} on {behind} is {found:.1f}"


def role_of(colour: RGB | None) -> str:
    """Tell what a colour of the telling theme is for; "" of any other."""
    red, *others = colour or (0, 0, 0)
    place, off = divmod(red + 1, 10)
    # Textual rounds.
    return ROLES[place - 1] if off <= 2 and 0 < place <= len(ROLES) and not any(others) else ""


async def test_every_screen_is_whole_in_sight_in_line_and_legible(tmp_path: Path) -> None:
    with Sandbox(scenario="fresh") as sandbox:
        async with wizard_on(sandbox, tmp_path, language=Language.FR) as wizard:
            walker = Walker(wizard)
            await walk(wizard, walker.look, walker.glance)
    assert walker.wrong == []
    assert {one.__name__ for one in every_screen() - walker.seen} == set()


def every_screen() -> set[type]:
    """Give the class of every screen there is; what only others are made of is none."""
    for module in pkgutil.iter_modules(screens.__path__):
        importlib.import_module(f"{screens.__name__}.{module.name}")
    found: set[type] = set()
    more: list[type] = [SteadyScreen]
    while more:
        kinds: list[type] = more.pop().__subclasses__()
        more += kinds
        found.update(kind for kind in kinds if kind.__module__.startswith(screens.__name__))
    return {kind for kind in found if not kind.__subclasses__()}
