"""The demo: a whole journey with F2, apart from everything, gone afterwards."""

from __future__ import annotations

import signal
import sys
import tempfile
from typing import TYPE_CHECKING

from ava_setup.tui.app import AvaSetup
from ava_setup.tui.playhead import Playhead
from ava_setup.words import Language
from tests.journey.wizard import QuickDemos, QuickWorlds, Wizard
from tests.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from ava_setup.sandbox import Sandbox


async def test_f2_fills_every_step_and_at_the_end_somebody_rings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("AVA_SETUP_HOME", str(tmp_path / "untouched"))
    app = AvaSetup(QuickDemos(), Language.FR, demo=True, tempo=Playhead(lasts=0))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        wizard = Wizard(app, pilot, None)  # type: ignore[arg-type] # the demo has its own
        await wizard.start()
        for step in ("business", "vapi", "assistant", "twilio", "number", "review"):
            await wizard.on(step)
            assert "DÉMO" in wizard.screen_text
            await _question_on(wizard, "f1", "help")
            await wizard.press("f2", "enter")
        await wizard.on("proof")
        await _question_on(wizard, "f1", "help")
        await wizard.press("f2")
        await wizard.until(lambda: "Je suis Ava" in wizard.words, "what the caller hears")
        assert "DÉMO" in wizard.screen_text
        await wizard.press("escape")
        await wizard.until(lambda: app.setup.saved.answered, "the call")
        assert list(tmp_path.glob("ava-setup-demo-*"))
        await wizard.press("ctrl+q")
        await wizard.until(lambda: app.farewell, "the farewell")
        assert app.voice(app.farewell) == "Fin de la démo\u00a0: rien n'a été conservé."
    assert not list(tmp_path.glob("ava-setup-demo-*"))
    assert not (tmp_path / "untouched").exists()


async def _question_on(wizard: Wizard, key: str, screen_id: str) -> None:
    """Open what lies over a step, see that it is a demo there, too, and close it."""
    step = wizard.app.screen.name
    await wizard.press(key)
    await wizard.until(lambda: wizard.app.screen.name == screen_id, screen_id)
    await wizard.until(lambda: "DÉMO" in wizard.screen_text, "that it is a demo")
    await wizard.press("escape")
    await wizard.until(lambda: wizard.app.screen.name == step, "the step again")


async def test_before_anything_is_set_up_a_caller_of_the_demo_hears_what_callers_hear_today(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    app = AvaSetup(QuickDemos(scenario="unlinked"), Language.EN, demo=True, tempo=Playhead(lasts=0))
    async with app.run_test(size=(80, 24)) as pilot:
        wizard = Wizard(app, pilot, None)  # type: ignore[arg-type] # the demo has its own
        await wizard.on("welcome")
        await wizard.until(app.ready.is_set, "the world")
        await wizard.press("f2")
        await wizard.until(lambda: "“Phone Number Not Found”" in wizard.words, "the error")
        await wizard.until(lambda: "✗ Ava has not answered" in wizard.words, "what it means")


def test_a_signal_leaves_nothing_of_a_demo(tmp_path: Path) -> None:
    where = {"TMPDIR": str(tmp_path), "AVA_SETUP_HOME": str(tmp_path / "untouched")}
    with Terminal([sys.executable, "-m", "ava_setup", "--demo", "--lang", "en"], env=where) as one:
        one.wait_for("DEMO")
        one.press("enter").wait_for("Business name")
        assert list(tmp_path.glob("ava-setup-demo-*"))
        one.send_signal(signal.SIGTERM)
        assert one.exit_code() == 143
    assert not list(tmp_path.iterdir())


async def test_a_demo_started_from_the_welcome_leaves_the_real_set_up_alone(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    real = sandbox_of("fresh")
    home = tmp_path / "home"

    app = AvaSetup(QuickWorlds(real, home, scenario="unlinked"), Language.EN)
    async with app.run_test(size=(80, 24)) as pilot:
        wizard = Wizard(app, pilot, real)
        await wizard.on("welcome")
        await wizard.until(app.ready.is_set, "the real world")
        await wizard.click("demo")
        await wizard.on("business")
        assert "DEMO" in wizard.screen_text
        await wizard.press("f2", "enter")
        await wizard.on("vapi")
        await wizard.press("f2", "enter")
        await wizard.on("assistant")
        assert wizard.requests() == []
        await wizard.press("ctrl+q")
    assert not (home / "profiles" / "default" / "state.json").exists()


def test_a_wrong_idea_of_the_windows_size_is_put_right(tmp_path: Path) -> None:
    # As shells hand it on when the window has changed since.
    where = {
        "TMPDIR": str(tmp_path),
        "AVA_SETUP_HOME": str(tmp_path / "untouched"),
        "COLUMNS": "80",
        "LINES": "24",
    }
    command = [sys.executable, "-m", "ava_setup", "--demo", "--lang", "en"]
    with Terminal(command, env=where, columns=100, rows=30) as one:
        one.wait_for("F2").press("enter").wait_for("Business name").press("ctrl+q")
        assert one.exit_code() == 0
