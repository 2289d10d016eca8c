"""The step that comes next is made while nobody types, and is never older than what it shows."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from ava_setup.onboarding.profile import CallersLanguage, Profile, Trade
from ava_setup.onboarding.state import TwilioAccess
from ava_setup.onboarding.steps import StepId
from tests.journey.wizard import Wizard, wizard_on

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from rich.style import Style

    from ava_setup.sandbox import Sandbox
    from ava_setup.tui.textual_defects import SteadyScreen

OTHER = Profile(
    business_name="Salon Lucie",
    admin_email="lucie@salon-lucie.example",
    trade=Trade.SALON,
    callers_language=CallersLanguage.EN_GB,
    opening_hours="Tue-Sat 9-18",
    time_zone="Europe/London",
    webhook_url="https://ava.example/calls",
)
TYPED = {
    "business-name": "Salon L",
    "email": "lucie@",
    "trade": "salon",
    "callers-language": "en-GB",
    "opening-hours": "mar-sam 9h-18h",
    "time-zone": "Europe/Londres",
    "fallback-number": "+33199003333",
    "assistant-name": "Ava du salon",
    "greeting": "Salon Lucie, bonjour !",
    "recorded": "yes",
    "twilio-kind": "key",
    "account-sid": "AC" + "5a" * 16,
    "key-sid": "SK" + "5a" * 16,
    "number-search": "0199",
}
ACCESS = TwilioAccess(account_sid="AC" + "6b" * 16, key_sid="SK" + "6b" * 16)


def _saved(**changes: object) -> Callable[[Wizard], Awaitable[object]]:
    async def change(wizard: Wizard) -> None:
        await wizard.app.setup.store.update(lambda state: state.save(**changes))

    return change


async def _type_all(wizard: Wizard) -> None:
    await wizard.app.setup.remember(TYPED)


async def _know_assistants(wizard: Wizard) -> None:
    await wizard.app.setup.list_assistants()


async def _speak_english(wizard: Wizard) -> None:
    await wizard.press("ctrl+l")


async def _look_light(wizard: Wizard) -> None:
    await wizard.press("ctrl+t")


async def _widen(wizard: Wizard) -> None:
    await wizard.pilot.resize_terminal(120, 36)


CHANGES = {
    "profile": _saved(profile=OTHER),
    "typed": _type_all,
    "twilio": _saved(twilio=ACCESS),
    "own key": _saved(own_key=True),
    "number": _saved(number=None),
    "assistants": _know_assistants,
    "language": _speak_english,
    "theme": _look_light,
    "window": _widen,
}
# Where each is made while another is on screen: that other, and what each is laid out from. The
# language, the theme and the window are looked at on one of them: all have them from one place.
FROM = {
    StepId.BUSINESS: (StepId.VAPI, ("profile", "typed")),
    StepId.VAPI: (StepId.ASSISTANT, ("language", "theme", "window")),
    StepId.ASSISTANT: (StepId.TWILIO, ("assistants", "profile", "typed")),
    StepId.TWILIO: (StepId.NUMBER, ("own key", "twilio", "typed")),
    StepId.NUMBER: (StepId.REVIEW, ("number", "typed")),
}


def _made(wizard: Wizard) -> dict[StepId, Any]:
    return wizard.app._ahead._made


async def _is_made(wizard: Wizard, step_id: StepId) -> SteadyScreen[None]:
    def made() -> bool:
        return step_id in _made(wizard) and _made(wizard)[step_id].is_as_made

    await wizard.until(made, f"{step_id} made ahead")
    screen: SteadyScreen[None] = _made(wizard)[step_id]
    return screen


async def _sight(wizard: Wizard) -> list[list[tuple[str, Style | None]]]:
    """What is on screen, once nothing moves any more."""
    seen: list[list[tuple[str, Style | None]]] = []
    for _time in range(40):
        await wizard.until(lambda: not wizard.app.setup.store.state.live.activity, "its rest")
        await asyncio.sleep(0.1)
        strips = wizard.app.screen._compositor.render_strips()
        now = [[(part.text, part.style) for part in strip] for strip in strips]
        if now == seen:
            return now
        seen = now
    raise AssertionError(f"it never rests:\n{wizard.screen_text}")


@pytest.mark.parametrize("step_id", FROM)
async def test_what_changed_since_a_step_was_made_is_on_it_when_it_is_shown(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path, step_id: StepId
) -> None:
    async with wizard_on(sandbox_of("fresh"), tmp_path) as wizard:
        # Else the cursor blinks.
        wizard.app.animation_level = "none"
        await wizard.up_to_review()
        ahead = wizard.app._ahead
        beside, changes = FROM[step_id]
        for name in changes:
            wizard.app.go(beside)
            await wizard.on(beside.value)
            await _sight(wizard)
            await ahead._make(step_id)
            await CHANGES[name](wizard)
            wizard.app.go(step_id)
            await wizard.on(step_id.value)
            shown = await _sight(wizard)
            wizard.app.switch_screen(ahead._kind(step_id)())
            await wizard.on(step_id.value)
            assert shown == await _sight(wizard), name


async def test_what_is_made_while_nobody_types_is_what_is_shown(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    async with wizard_on(sandbox_of("fresh"), tmp_path) as wizard:
        await wizard.up_to_assistant()
        made = await _is_made(wizard, StepId.TWILIO)
        await wizard.press("enter")
        await wizard.on("twilio")
        assert wizard.app.screen is made
        assert "Account SID" in wizard.screen_text


async def test_no_vendor_is_asked_by_a_step_that_is_not_shown_yet(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    async with wizard_on(sandbox_of("fresh"), tmp_path) as wizard:
        await wizard.up_to_review()
        await wizard.press("escape")
        await wizard.on("number")
        await asyncio.sleep(0.2)
        asked = wizard.requests()
        await _is_made(wizard, StepId.REVIEW)
        await asyncio.sleep(0.2)
        assert wizard.requests() == asked


async def test_a_step_that_is_wanted_while_it_is_made_comes_whole(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    async with wizard_on(sandbox_of("fresh"), tmp_path) as wizard:
        await wizard.up_to_assistant()
        ahead = wizard.app._ahead
        halves = 0
        for moments in range(0, 60, 12):
            for _turn in range(2000):
                if ahead._making is not None or StepId.TWILIO in _made(wizard):
                    break
                await asyncio.sleep(0.001)
            for _moment in range(moments):
                await asyncio.sleep(0)
            halves += ahead._making is not None and ahead._making.STEP is StepId.TWILIO
            wizard.app.go(StepId.TWILIO)
            await wizard.on("twilio")
            await wizard.until(lambda: "Continuer" in wizard.screen_text, "the buttons")
            assert wizard.app.step_screen.has_begun
            await wizard.press("A", "C", "5")
            assert wizard.value("account-sid").endswith("AC5")
            await wizard.press("backspace", "backspace", "backspace")
            wizard.app.go(StepId.ASSISTANT)
        assert halves > 1


async def test_a_secret_typed_before_is_not_in_a_step_made_anew(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    async with wizard_on(sandbox_of("fresh"), tmp_path) as wizard:
        await wizard.up_to_twilio()
        await wizard.type("auth-token", wizard.sandbox.announcement.twilio_auth_token)
        await wizard.press("escape")
        await wizard.on("assistant")
        await _is_made(wizard, StepId.TWILIO)
        await wizard.press("enter")
        await wizard.on("twilio")
        assert wizard.value("auth-token") == ""


@pytest.mark.parametrize("code", [130, None])
async def test_leaving_while_a_step_is_made_ends_as_leaving_always_does(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path, code: int | None
) -> None:
    for moments in range(0, 48, 8):
        home = tmp_path / str(moments)
        async with wizard_on(sandbox_of("fresh"), home) as wizard:
            await _comes_to_make(wizard, StepId.BUSINESS)
            for _moment in range(moments):
                await asyncio.sleep(0)
            if code is not None:
                wizard.app.exit(return_code=code)
        assert wizard.app.return_code == code


async def _comes_to_make(wizard: Wizard, step_id: StepId) -> None:
    for _turn in range(2000):
        making = wizard.app._ahead._making
        if making is not None and making.STEP is step_id:
            return
        await asyncio.sleep(0.001)
    raise AssertionError(f"{step_id} is not made")
