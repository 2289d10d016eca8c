"""The proof while it waits: a call that went astray, and a call of Ava's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.widgets import Button

from ava_setup.onboarding.debugger import in_plain_words
from ava_setup.onboarding.listening import StrayCall
from ava_setup.tui.widgets.spoken import Line
from ava_setup.words import Language, _
from tests.journey.finished import outlive
from tests.journey.test_doctor_screen import examined, record, writes
from tests.journey.wizard import Wizard, wizard_on

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ava_setup.sandbox import Sandbox

TUNNEL = "https://a1b2c3d4.ngrok-free.app/voice"
OWNER = {"fallback_number": "+33612345678"}
CALL = "POST /call"


async def waits(wizard: Wizard) -> None:
    """Wait until the proof waits for a call."""
    await wizard.on("proof")
    await wizard.until(lambda: "Waiting for the first call" in wizard.words, "the wait")
    # The first look knows what was there before.
    await wizard.until(
        lambda: any("/Calls.json" in one["path"] for one in wizard.requests()), "a look"
    )


async def question(wizard: Wizard) -> None:
    """Ask to be rung, by keyboard."""
    await waits(wizard)
    for _place in range(9):
        if wizard.app.focused is wizard.app.screen.query_one("#ring"):
            break
        await wizard.press("tab")
    await wizard.press("enter")
    await wizard.on("ring")


async def test_a_call_that_went_astray_is_said_within_seconds_and_leads_to_the_doctor(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("eu-key")
    await outlive(sandbox, tmp_path)
    async with wizard_on(sandbox, tmp_path, language=Language.EN, regions=True) as wizard:
        await waits(wizard)
        number = wizard.app.setup.saved.number
        assert number is not None
        record(sandbox, "twilio", "numbers", number.sid, voice_url=TUNNEL)
        assert not wizard.call()["answered"]
        await wizard.until(lambda: "(11200)" in wizard.words, "the stray call")
        stray = wizard.said(wizard.app.screen.query_one("#stray", Line))
        assert "reached Twilio but not Vapi" in stray
        assert "Find out why" in wizard.words
        await wizard.press("f9")
        await examined(wizard)
        assert "a1b2c3d4.ngrok-free.app" in wizard.words
        await wizard.press("enter")
        await wizard.on("consent")
        await wizard.press("right", "enter")
        await wizard.until(lambda: "will hear Ava:" in wizard.words, "the mend")
        await wizard.press("escape")
        await waits(wizard)
        # What went astray before the mend is no news any more.
        assert "11200" not in wizard.words
        assert wizard.call()["answered"]
        await wizard.until(lambda: "✓ Ava answered" in wizard.words, "the proof")


async def test_no_telephone_rings_without_a_yes(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("eu-key")
    await outlive(sandbox, tmp_path, changes=OWNER)
    async with wizard_on(sandbox, tmp_path, language=Language.EN, regions=True) as wizard:
        for answer in ("enter", "escape"):
            await question(wizard)
            asked = " ".join(wizard.said(line) for line in wizard.app.screen.query(Line))
            assert "+33 1 99 00 12 34 makes one real call." in asked
            assert "a few cents" in asked
            assert wizard.value("callee") == "+33 6 12 34 56 78"
            assert wizard.app.focused is wizard.app.screen.query_one("#no")
            await wizard.press(answer)
            await wizard.on("proof")
            assert CALL not in writes(wizard)


async def test_a_yes_rings_once_and_ava_is_said_to_ring(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("eu-key")
    await outlive(sandbox, tmp_path, changes=OWNER)
    async with wizard_on(sandbox, tmp_path, language=Language.EN, regions=True) as wizard:
        await question(wizard)
        await wizard.press("tab", "enter")
        await wizard.until(lambda: "Ava is ringing +33 6 12 34 56 78" in wizard.words, "the call")
        placed = [
            one for one in sandbox.world.org.calls.values() if one["type"] == "outboundPhoneCall"
        ]
        assert [one["customer"]["number"] for one in placed] == ["+33612345678"]
        assert writes(wizard).count(CALL) == 1
        # A call of Ava's own proves nothing, and went nowhere it should not.
        assert "Waiting for the first call" in wizard.words
        assert "no assistant took it" not in wizard.words


async def test_the_number_to_ring_is_asked_for_and_must_be_one(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("eu-key")
    await outlive(sandbox, tmp_path)
    async with wizard_on(sandbox, tmp_path, language=Language.EN, regions=True) as wizard:
        await question(wizard)
        assert wizard.app.focused is wizard.app.screen.query_one("#callee")
        for typed, complaint in (
            ("112", "not a phone number"),
            ("01 99 00 12 34", "the line itself"),
        ):
            await wizard.type("callee", typed)
            await wizard.press("enter")
            assert complaint in wizard.message("callee")
        await wizard.type("callee", "06 12 34 56 78")
        await wizard.press("enter")
        assert "+33 6 12 34 56 78" in wizard.message("callee")
        assert wizard.app.focused is wizard.app.screen.query_one("#no")
        await wizard.press("tab", "enter")
        await wizard.until(lambda: "Ava is ringing" in wizard.words, "the call")
        assert writes(wizard).count(CALL) == 1


async def test_a_call_whose_end_nobody_saw_is_not_placed_again_by_itself(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("eu-key")
    await outlive(sandbox, tmp_path, changes=OWNER)
    async with wizard_on(sandbox, tmp_path, language=Language.EN, regions=True) as wizard:
        await question(wizard)
        wizard.spoil("vapi", "POST", "/call", "reset", times=None, acted=True)
        await wizard.press("tab", "enter")
        await wizard.until(lambda: "Nobody saw whether" in wizard.words, "the doubt")
        assert writes(wizard).count(CALL) == 1
        assert not wizard.notice
        # Asked once more, the doubt is said before the answer.
        await question(wizard)
        assert "Nobody saw whether" in wizard.words
        await wizard.press("enter")
        await wizard.on("proof")
        assert writes(wizard).count(CALL) == 1


async def test_the_stray_call_and_the_question_are_in_sight_as_a_whole(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("eu-key")
    await outlive(sandbox, tmp_path, changes=OWNER)
    async with wizard_on(sandbox, tmp_path, regions=True) as wizard:
        await wizard.on("proof")
        await wizard.until(lambda: wizard.app.screen.query_one("#how", Line).sentence, "the wait")
        state = wizard.app.setup.store
        stray = StrayCall(
            "CA1",
            _(
                "The call of {caller} reached Twilio but not Vapi: {why} ({code})",
                caller="+33 1 99 00 99 99",
                why=in_plain_words("11200"),
                code="11200",
            ),
        )
        await state.update(lambda now: now.note(stray=stray))
        for size in ((120, 36), (80, 24)):
            await wizard.pilot.resize_terminal(*size)
            for _language in Language:
                await wizard.press("ctrl+l")
                screen = wizard.app.screen
                assert not screen.query_one("#body", VerticalScroll).show_vertical_scrollbar
                for name in ("#stray", "#find-out", "#ring", "#next"):
                    assert screen.region.contains_region(screen.query_one(name).region), name
        await wizard.click("ring")
        await wizard.on("ring")
        for size in ((120, 36), (80, 24)):
            await wizard.pilot.resize_terminal(*size)
            for _language in Language:
                await wizard.press("ctrl+l")
                for widget in wizard.app.screen.query("Line, Button, Input"):
                    assert wizard.app.screen.region.contains_region(widget.region), widget
                for button in wizard.app.screen.query(Button):
                    assert button.region.width >= len(str(button.label)), button.id


async def test_a_call_that_vapi_refuses_is_said_to_have_rung_nobody(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("eu-key")
    await outlive(sandbox, tmp_path, changes=OWNER)
    async with wizard_on(sandbox, tmp_path, language=Language.EN, regions=True) as wizard:
        await question(wizard)
        wizard.spoil("vapi", "POST", "/call", "unauthorized")
        await wizard.press("tab", "enter")
        await wizard.until(lambda: wizard.notice, "the refusal")
        assert "Ava is ringing" not in wizard.words
        assert "Nobody saw" not in wizard.words
