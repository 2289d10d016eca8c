"""Which theme is worn, how it is changed, and that every one can be drawn."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import pytest

from ava_setup.store.places import Places
from ava_setup.store.preferences import Preferences, PreferencesFile
from ava_setup.tui.app import AvaSetup
from ava_setup.tui.looks import Look, preferred_look
from ava_setup.words import Language
from ava_setup.worlds import LocalWorlds
from tests.terminal import Terminal
from tests.tui.strips import contrast, unaligned

if TYPE_CHECKING:
    from pathlib import Path

COMMAND = [sys.executable, "-m", "ava_setup", "--lang", "en"]


@pytest.mark.parametrize(
    ("asked", "look"),
    [
        ((None, None, ""), Look.DARK),
        (("ansi", "ava-light", "ava-dark"), Look.ANSI),
        ((None, "ava-light", "ava-dark"), Look.LIGHT),
        ((None, "mauve", "ava-contrast"), Look.CONTRAST),
    ],
)
def test_the_theme_is_the_one_asked_for_then_the_environments_then_the_last(
    asked: tuple[str | None, ...], look: Look
) -> None:
    assert preferred_look(*asked) is look


def test_one_key_leads_through_all_themes() -> None:
    looks = [Look.DARK]
    while (following := looks[-1].following) not in looks:
        looks.append(following)
    assert set(looks) == set(Look)


def test_contrast_and_width_are_measured_as_the_standards_say() -> None:
    assert round(contrast((0, 0, 0), (255, 255, 255)), 1) == 21.0
    assert round(contrast((119, 119, 119), (255, 255, 255)), 2) == 4.48
    assert unaligned("Été ✓ ●\u200d○ 📞 日") == {"\u200d", "📞", "日"}


def background(terminal: Terminal, colour: str) -> bool:
    return f"48;2;{colour}m".encode() in terminal.raw


def test_theme_and_language_are_kept_and_the_cursor_follows_the_focus(tmp_path: Path) -> None:
    home = {"AVA_SETUP_HOME": str(tmp_path)}

    def at(words: str) -> None:
        def holds() -> bool:
            column, row = terminal.cursor
            return terminal.screen_text().splitlines()[row][column:].startswith(words)

        terminal.wait_until(holds, f"the cursor at {words!r}")

    with Terminal(COMMAND, env=home) as terminal:
        terminal.wait_for("Start")
        at("Start")
        terminal.press("ctrl+t").wait_for("Theme: light")
        terminal.press("ctrl+l").wait_for("Commencer").press("ctrl+l").wait_for("Start")
        terminal.press("enter").wait_for("As callers know it.")
        terminal.type("Martin").press("enter", "tab")
        at("General reception")
        terminal.press("space").wait_for("Plumber").press("down", "down")
        at("Electrician")
        terminal.press("enter")
        at("Electrician")
        terminal.press(*["shift+tab"] * 3)
        at("Continue")
        # The step with a tick is within reach: the list of commands leads to it.
        terminal.press("ctrl+p").wait_for("What would you like to do?")
        terminal.type("Twilio").wait_for("Go to step 4").press("enter").wait_for("Account SID")
        terminal.press("tab", "tab")
        at("[ ]")
        terminal.press("space")
        at("[✓]")
        terminal.press("ctrl+l").wait_for("Retour").press("ctrl+q")
        assert terminal.exit_code() == 0
    with Terminal([*COMMAND[:3]], env=home) as terminal:
        terminal.wait_for("Étape").press("ctrl+q")
        assert terminal.exit_code() == 0
        assert background(terminal, "251;252;253")


class SlowFile(PreferencesFile):
    """A disk that takes its time for the first choice."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.asked = 0

    def read(self) -> Preferences:
        found = super().read()
        self.asked += 1
        if self.asked == 1:
            time.sleep(1)
        return found


async def test_choices_made_faster_than_the_disk_are_all_kept(tmp_path: Path) -> None:
    kept = SlowFile(tmp_path)
    worlds = LocalWorlds({}, Places(tmp_path), keep_secrets=False, scenario="fresh")
    app = AvaSetup(worlds, Language.EN, preferences=kept)
    async with app.run_test() as pilot:
        await pilot.press("ctrl+t", "ctrl+l", "ctrl+t")
        latest = Preferences("fr", Look.DARK.following.following.value)
        while kept.asked < 3:
            await pilot.pause(0.05)
        await pilot.pause(1.2)
    assert kept.read() == latest


def test_without_colours_the_fields_and_the_focus_are_still_to_be_seen(tmp_path: Path) -> None:
    env = {"AVA_SETUP_HOME": str(tmp_path), "NO_COLOR": "1", "AVA_SETUP_THEME": "ava-light"}
    with Terminal(COMMAND, env=env) as terminal:

        def stands_out(how: str, *, right: int = 0) -> bool:
            column, row = terminal.cursor
            return how in terminal.emphasis(column + right, row)

        terminal.wait_for("Start").wait_until(lambda: stands_out("reverse"), "the button")
        terminal.press("ctrl+t").wait_for("NO_COLOR is set")
        terminal.press("enter").wait_for("As callers know it.")
        terminal.wait_until(lambda: stands_out("underscore", right=5), "an empty field")
        terminal.press("tab", "tab", "space").wait_for("Plumber").press("down")
        terminal.wait_until(lambda: stands_out("bold"), "what is picked")
        assert b"\x1b[38;" not in terminal.raw
        assert b"\x1b[48;" not in terminal.raw
