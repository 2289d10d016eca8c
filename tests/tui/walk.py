"""A walk past every screen of the wizard, as people meet them: new, filled in, wrong, and stuck."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual.widgets import Button, OptionList, Select

from ava_setup.front.consents import question_of_mend
from ava_setup.onboarding.checks import TABLE
from ava_setup.onboarding.outcome import Consent
from ava_setup.onboarding.steps import StepId
from ava_setup.tui.screens.caller import CallerScreen
from ava_setup.tui.screens.consent import ConsentScreen
from ava_setup.tui.screens.doctor import DoctorScreen
from ava_setup.wiring import Rehearsal
from tests.canaries import WRONG_VAPI_KEY
from tests.journey.wizard import CALLER

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.journey.wizard import Wizard

    Look = Callable[[str], Awaitable[None]]

# Read at a vendor while it is on screen: over when the button that repeats it is there.
_EXAMINED = "#again"


async def walk(wizard: Wizard, look: Look, glance: Look) -> None:
    """Look at every screen, by a name for what is seen there.

    Args:
        wizard: On its first screen.
        look: Looks at it in every way.
        glance: Looks at it as it is: for one of many lines.
    """
    await _the_business(wizard, look)
    await _vapi(wizard, look)
    await _the_assistant(wizard, look)
    await _twilio(wizard, look)
    await _the_number(wizard, look)
    await _the_proof(wizard, look)
    await _what_lies_over_it(wizard, look)
    await _the_broken_link(wizard, look, glance)


async def _over(wizard: Wizard, look: Look, opened_by: str, screen: str) -> None:
    """Look at a page that a key or a button opens, and close it."""
    below = wizard.app.screen
    if opened_by.startswith("#"):
        below.query_one(opened_by, Button).press()
    else:
        await wizard.press(opened_by)
    await wizard.on(screen)
    await look(screen)
    await wizard.press("escape")
    await wizard.until(lambda: wizard.app.screen is below, f"the page below {screen}")


async def _the_business(wizard: Wizard, look: Look) -> None:
    await wizard.on("welcome")
    await wizard.until(wizard.app.ready.is_set, "the world")
    await wizard.pilot.pause()
    await look("welcome")
    await wizard.press("enter")
    await wizard.on("business")
    await look("business")
    await _over(wizard, look, "f1", "help")
    await _over(wizard, look, "ctrl+p", "palette")
    await _over(wizard, look, "#more", "more")
    await wizard.type("business-name", "Plomberie Martin")
    await wizard.type("email", "martin")
    await wizard.press("enter")
    await look("business, a wrong address")
    trade = wizard.app.screen.query_one("#trade", Select)
    trade.focus()
    await wizard.press("space")
    await wizard.until(lambda: trade.expanded, "the trades")
    await look("business, the trades")
    await wizard.press("escape")
    await wizard.fill_business()


async def _vapi(wizard: Wizard, look: Look) -> None:
    await wizard.on("vapi")
    await look("vapi")
    await wizard.press("enter")
    await look("vapi, nothing typed")
    await wizard.type("vapi-key", WRONG_VAPI_KEY)
    await wizard.press("enter")
    await wizard.until(lambda: wizard.notice, "the refusal")
    await look("vapi, a key refused")
    await wizard.fill_vapi()


async def _the_assistant(wizard: Wizard, look: Look) -> None:
    await wizard.on("assistant")
    await look("assistant")
    await _over(wizard, look, "#instructions", "instructions-page")
    # A page of its own only where there is no room for it beside the rest.
    await wizard.pilot.resize_terminal(80, 24)
    await _over(wizard, look, "#example-button", "example-call")
    wizard.app.screen.query_one("#later", Button).press()


async def _twilio(wizard: Wizard, look: Look) -> None:
    await wizard.on("twilio")
    await look("twilio")
    await wizard.press("end", "enter", "enter")
    await look("twilio, nothing typed")
    await wizard.fill_twilio()


async def _the_number(wizard: Wizard, look: Look) -> None:
    await wizard.on("number")
    await look("number")
    await wizard.press("enter")
    await wizard.on("review")
    await look("review, nobody to answer")
    await wizard.click("next")
    await wizard.until(lambda: wizard.notice, "the want of an assistant")
    await look("review, no assistant")
    wizard.app.go(StepId.ASSISTANT)
    await wizard.on("assistant")
    await wizard.click("next")
    await wizard.until(lambda: wizard.app.screen.name in {"number", "review"}, "what follows")
    if wizard.app.screen.name == "number":
        await wizard.press("enter")
    await wizard.on("review")
    await wizard.until(lambda: wizard.app.screen.query_one("#rows", OptionList).options, "rows")
    await look("review")
    await wizard.click("next")


async def _the_proof(wizard: Wizard, look: Look) -> None:
    await wizard.on("proof")
    await wizard.until(lambda: wizard.app.setup.store.state.saved.linked, "the link")
    await look("proof, just linked")
    await _over(wizard, look, "#ring", "ring")
    wizard.call()
    await wizard.until(lambda: wizard.app.setup.store.state.saved.answered, "the call")
    await look("proof, answered")
    await _over(wizard, look, "#handover", "handover-question")
    await _over(wizard, look, "#change", "change")
    told = wizard.sandbox.announcement
    number = told.numbers[0]
    demo = Rehearsal(told.control_url, {}, number=number, caller=CALLER)
    caller = CallerScreen(demo, number)
    wizard.app.push_screen(caller)
    await wizard.until(lambda: caller.heard, "what the caller heard")
    await look("caller")
    await wizard.press("escape")
    await wizard.on("proof")


async def _what_lies_over_it(wizard: Wizard, look: Look) -> None:
    await wizard.press("f8")
    await wizard.on("undo")
    await wizard.until(lambda: wizard.app.screen.query_one("#yes").display, "the question")
    await look("undo")
    await wizard.press("escape")
    await wizard.on("proof")
    await _examine(wizard)
    await look("doctor, all well")
    await wizard.press("escape")
    await wizard.on("proof")


async def _the_broken_link(wizard: Wizard, look: Look, glance: Look) -> None:
    number = next(iter(wizard.sandbox.world.org.numbers.values()))
    number["assistantId"] = None
    profile = wizard.app.setup.store.state.saved.profile
    assert profile is not None
    wished = profile.model_copy(update={"fallback_number": "+33612345678"})
    await wizard.app.setup.store.update(lambda state: state.save(profile=wished))
    await _examine(wizard)
    await look("doctor, no link")
    await wizard.press("home")
    for line in range(len(TABLE)):
        await glance(f"doctor, line {line}")
        await wizard.press("down")
    doctor = wizard.app.screen
    assert isinstance(doctor, DoctorScreen)
    assert doctor._diagnosis is not None
    mend = replace(doctor._diagnosis.mends[0][1], consent=Consent.REASSIGN)
    wizard.app.push_screen(ConsentScreen.asking(question_of_mend(mend)))
    await wizard.on("consent")
    await look("consent")
    await wizard.press("escape")
    await wizard.on("doctor")
    await wizard.press("escape")
    await wizard.on("proof")
    # What was read before would be believed.
    await wizard.app.setup.store.update(lambda state: state.note(checks=()))
    wizard.app.go(StepId.PROOF)
    await wizard.until(lambda: wizard.app.screen.name == "proof" and wizard.notice, "the lost link")
    await look("proof, no link")


async def _examine(wizard: Wizard) -> None:
    await wizard.press("f9")
    await wizard.on("doctor")
    await wizard.until(lambda: wizard.app.screen.query_one(_EXAMINED).display, "the findings")
    await wizard.pilot.pause()
