"""The proof on screen: a code that phones read in every theme, the first call, and the sheet."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from textual.widgets import Digits

from ava_setup.front.consents import ENDINGS, READY
from ava_setup.handing_over import usual_page
from ava_setup.onboarding.assistant import Assistant
from ava_setup.onboarding.outcome import Outcome, done_message
from ava_setup.sandbox.ids import Clock
from ava_setup.tui.looks import Look
from ava_setup.tui.widgets.spoken import Line
from ava_setup.words import NOTHING, Language
from tests.journey.finished import outlive
from tests.journey.wizard import wizard_on
from tests.qr import codes_in, photographed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from ava_setup.sandbox import Sandbox

NUMBER = "+33199001234"


async def test_the_code_is_read_in_every_theme_and_the_first_call_is_told_to_its_end(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    sandbox = sandbox_of("eu-key", call_seconds=600.0)
    await outlive(sandbox, tmp_path)
    async with wizard_on(sandbox, tmp_path, language=Language.EN, regions=True) as wizard:
        await wizard.on("proof")
        await wizard.until(lambda: "Waiting for the first call" in wizard.words, "the wait")
        for look in Look:
            wizard.app.theme = look.value
            await wizard.pilot.pause()
            for paper in (0, 255):
                seen = photographed(wizard.app, paper=paper)
                assert codes_in(seen) == [f"tel:{NUMBER}"], look
        assert "01 99 00 12 34 +33 1 99 00 12 34" in wizard.words
        assert wizard.app.screen.query_one(Digits).value == "01 99 00 12 34"
        assert "✓ Vapi and Twilio agree: calls reach Ava." in wizard.words

        # Just linked, with an assistant that was chosen for its owner: the longest that is said.
        chosen = done_message(Outcome.IMPORTED, Assistant("a", "A" * 40), auto_linked=True)
        for more in (NOTHING, chosen):
            wizard.app.toast(READY, title=ENDINGS[Outcome.IMPORTED], more=more)
            for _language in Language:
                await wizard.press("ctrl+l")
                await wizard.pilot.pause()
                scrolled = wizard.app.screen.query_one("#body").max_scroll_y
                assert scrolled <= (2 if more else 0), wizard.screen_text
                assert codes_in(photographed(wizard.app)) == [f"tel:{NUMBER}"]
        wizard.app.toast(NOTHING)

        wizard.call(NUMBER)
        await wizard.until(lambda: "● They are talking now…" in wizard.words, "the conversation")
        assert "✓ Ava answered +33 1 99 00 99 99" in wizard.words
        now = sandbox.world.clock.now
        sandbox.world.clock = Clock(lambda: now() + timedelta(seconds=600.0))
        await wizard.until(lambda: "The call lasted 10 min 00 s." in wizard.words, "the end")
        await wizard.until(lambda: "In short: Claire Petit demande" in wizard.words, "the summary")

        await wizard.click("handover")
        await wizard.on("handover-question")
        assert wizard.value("handover-file") == str(tmp_path / "ava-martin-plomberie.html")
        await wizard.press("escape")
        await wizard.on("proof")
        assert not list(tmp_path.glob("ava-*"))
        (tmp_path / "ava-martin-plomberie.md").write_text("mine")
        assert usual_page(wizard.app.setup.saved).name == "ava-martin-plomberie-2.html"
        await wizard.click("handover")
        await wizard.on("handover-question")
        await wizard.press("enter")
        await wizard.on("proof")
        page = tmp_path / "ava-martin-plomberie-2.html"
        await wizard.until(page.with_suffix(".md").exists, "the sheet")
        lies = wizard.app.screen.query_one("#sheet", Line)
        await wizard.until(lambda: str(page) in wizard.said(lies), "where it lies")
        assert "Bonjour, ici Ava" in page.read_text(encoding="utf-8")
        assert (tmp_path / "ava-martin-plomberie.md").read_text() == "mine"
