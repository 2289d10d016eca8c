"""The demo that plays by itself: the bug, the whole journey; it can be steered, and left."""

from __future__ import annotations

import json
import re
import tempfile
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from ava_setup import sandbox
from ava_setup.onboarding.steps import StepId
from ava_setup.sandbox import Sandbox
from ava_setup.tui.autoplay import Autoplay
from ava_setup.tui.autoplay_script import SCRIPT
from ava_setup.tui.beats import AwaitStep, Beat, Chapter, Rest, Write
from ava_setup.tui.playhead import Playhead
from ava_setup.tui.screens.caller import SIMULATED, CallerScreen
from ava_setup.tui.widgets.caption import ROWS
from ava_setup.words import Language, Voice, verbatim
from tests.journey.wizard import QuickDemos, Wizard
from tests.recording import COLUMNS, PICTURES, read_cast, scenes

if TYPE_CHECKING:
    from pathlib import Path

    from textual.screen import Screen

_HEARD = {
    Language.FR: ["Phone Number Not Found", "Bonjour, vous êtes chez", "Plomberie Martin, bonjour"],
    Language.EN: ["Phone Number Not Found", "Bonjour, vous êtes chez", "Martin Plumbing"],
}


class WatchedAutoplay(Autoplay):
    """The play, remembering its telephone calls."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.calls: list[CallerScreen] = []

    def meet(self, screen: Screen[Any]) -> None:
        super().meet(screen)
        if isinstance(screen, CallerScreen):
            self.calls.append(screen)


@pytest.fixture(autouse=True)
def apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Demos in a folder of the test's own, whose calls are short."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("AVA_SETUP_HOME", str(tmp_path / "untouched"))
    monkeypatch.setattr(sandbox, "Sandbox", partial(Sandbox, call_seconds=0.2))
    return tmp_path


@pytest.mark.parametrize("language", Language)
async def test_it_plays_from_the_bug_to_ava_by_itself_and_leaves_nothing(
    language: Language, apart: Path
) -> None:
    app = WatchedAutoplay(QuickDemos(), language, playhead=Playhead(lasts=0))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        wizard = Wizard(app, pilot, None)  # type: ignore[arg-type] # the demo has its own
        await wizard.until(lambda: app.farewell, "the end", patience_s=120)
    assert app.return_code == 0
    assert f"ava-setup --lang {language}" in app.voice(app.farewell)
    heard = [call.heard for call in app.calls]
    assert [one and one.answered for one in heard] == [False, True, True]
    for one, words in zip(heard, _HEARD[language], strict=True):
        assert one is not None
        assert words in one.words
    assert not list(apart.iterdir())


async def test_the_person_at_the_keys_steers_it_and_touches_nothing_else() -> None:
    name = Beat(verbatim("The name"), (Write(verbatim("Lemoine")),))
    start = Beat(verbatim("The start"), (AwaitStep(StepId.WELCOME),))
    script = (Chapter(verbatim("Only"), "fresh", (start, name)),)
    app = Autoplay(QuickDemos(), Language.EN, script=script)
    async with app.run_test(size=(80, 24)) as pilot:
        wizard = Wizard(app, pilot, None)  # type: ignore[arg-type] # the demo has its own
        await wizard.until(lambda: "The start" in wizard.screen_text, "the caption")
        assert "DEMO" in wizard.screen_text
        await wizard.press("space")
        await wizard.until(lambda: "Held" in wizard.screen_text, "the pause")
        assert app.playhead.is_paused
        await wizard.press("enter", "x", "f9", "tab")
        assert app.screen.name == "welcome"
        await wizard.press("plus", "plus", "minus", "space")
        await wizard.until(lambda: "(1.5)" in wizard.screen_text, "the pace")
        await wizard.press("right")
        await wizard.until(lambda: "The name" in wizard.screen_text, "the next beat")
        await wizard.press("q")
        await wizard.until(lambda: app.farewell, "the farewell")
    assert app.return_code == 0


async def test_a_step_made_ahead_comes_with_the_caption_of_now() -> None:
    start = Beat(verbatim("The start"), (Rest(60),))
    script = (Chapter(verbatim("Only"), "fresh", (start,)),)
    app = Autoplay(QuickDemos(), Language.EN, script=script)
    async with app.run_test(size=(80, 24)) as pilot:
        wizard = Wizard(app, pilot, None)  # type: ignore[arg-type] # the demo has its own
        await wizard.until(lambda: "The start" in wizard.screen_text, "the caption")
        await wizard.until(lambda: StepId.BUSINESS in app._ahead._made, "the next step")
        app._tell(verbatim("Now"))
        app.go(StepId.BUSINESS)
        await wizard.on("business")
        await wizard.until(lambda: "Now" in wizard.screen_text, "the caption of now")


def test_every_caption_fits_into_its_lines_in_both_languages() -> None:
    for language in Language:
        voice = Voice(language)
        for beat in (beat for chapter in SCRIPT for beat in chapter.beats):
            assert len(_wrapped(voice(beat.caption))) <= ROWS, voice(beat.caption)


def _wrapped(words: str) -> list[str]:
    lines = [""]
    for word in words.split(" "):
        if len(lines[-1]) + 1 + len(word) > COLUMNS - 2:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip(" ")
    return lines


@pytest.mark.source_tree
@pytest.mark.parametrize("language", Language)
def test_the_recording_tells_the_whole_script_in_order_with_nothing_of_this_computer_in_it(
    language: Language,
) -> None:
    cast = (PICTURES / f"autoplay.{language}.cast").read_text(encoding="utf-8")
    shown = scenes(read_cast(cast))
    voice = Voice(language)
    captions = [voice(beat.caption) for chapter in SCRIPT for beat in chapter.beats]
    told = [scene.caption for scene in shown]
    assert [one for one in told if one in map(_in_line, captions)] == list(map(_in_line, captions))
    calls = [scene.text for scene in shown if voice(SIMULATED) in scene.text]
    assert ["✓" in call for call in calls] == [False, True, True]
    assert all(words in call for words, call in zip(_HEARD[language], calls, strict=True))
    assert len(cast.encode()) < 1_000_000
    assert set(json.loads(cast.partition("\n")[0])) == {"version", "width", "height", "env"}
    assert not re.search(r"/(tmp|home|work|root|Users)\b|[0-9a-f]{32}|sandbox-vapi", cast)


def _in_line(words: str) -> str:
    return " ".join(words.split())
