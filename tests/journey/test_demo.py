"""The demo: a whole journey with F2, apart from everything, gone afterwards."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

from ava_setup.store.places import Places
from ava_setup.tui.app import AvaSetup
from ava_setup.words import Language
from ava_setup.worlds import LocalWorlds
from tests.journey.wizard import QuickWorlds, Wizard

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
    worlds = LocalWorlds({}, Places(tmp_path), keep_secrets=True, scenario="fresh")
    app = AvaSetup(worlds, Language.FR, demo=True)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        wizard = Wizard(app, pilot, None)  # type: ignore[arg-type] # the demo has its own
        await wizard.start()
        for step in ("business", "vapi", "assistant", "twilio", "number"):
            await wizard.on(step)
            assert "DÉMO" in wizard.screen_text
            await wizard.press("f2", "enter")
        await wizard.on("proof")
        await wizard.press("f2")
        await wizard.until(lambda: "Ava a répondu" in wizard.screen_text, "the call")
        assert list(tmp_path.glob("ava-setup-demo-*"))
        await wizard.press("ctrl+q")
        await wizard.until(lambda: app.farewell, "the farewell")
        assert app.voice(app.farewell) == "Fin de la démo\u00a0: rien n'a été conservé."
    assert not list(tmp_path.glob("ava-setup-demo-*"))
    assert not (tmp_path / "untouched").exists()


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
