"""What is rarely asked for: a telephone when Ava cannot answer, an address, regions, a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
from textual.widgets import Button

from ava_setup.onboarding.credentials import SecretName
from ava_setup.words import Language
from tests.journey.finished import outlive
from tests.journey.wizard import Wizard, wizard_on

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ava_setup.sandbox import Sandbox

ADDRESS = "https://ava.example/vapi/calls"
KEY_NAME = "ava-setup for Plomberie Martin"


async def more(wizard: Wizard) -> None:
    """Open what is rarely asked for."""
    await wizard.on("business")
    for _ in range(12):
        if wizard.app.focused is wizard.app.screen.query_one("#more"):
            break
        await wizard.press("tab")
    await wizard.press("enter")
    await wizard.on("more")


async def test_both_answers_are_kept_shown_before_linking_and_reach_vapi(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    async with wizard_on(sandbox, tmp_path, language=Language.EN, regions=True) as wizard:
        await wizard.up_to_business()
        await more(wizard)
        await wizard.type("fallback-number", "+33 6 12 34 56 78")
        await wizard.press("enter")
        await wizard.type("webhook-url", ADDRESS)
        await wizard.press("enter")
        await wizard.on("business")
        assert "When Ava cannot answer, +33 6 12 34 56 78 rings." in wizard.words
        await wizard.fill_business()
        await wizard.fill_vapi()
        await wizard.on("assistant")
        profile = wizard.app.setup.saved.profile
        assert profile is not None
        assert (profile.fallback_number, profile.webhook_url) == ("+33612345678", ADDRESS)
        await wizard.click("next")
        await wizard.fill_twilio()
        await wizard.on("number")
        await wizard.until(lambda: "they will go to Ava" in wizard.words, "the number")
        assert "When Ava cannot answer, +33 6 12 34 56 78 rings." in wizard.words
        assert f"{ADDRESS} is told of the calls." in wizard.words
        await wizard.press("enter")
        await wizard.on("review")
        rows = wizard.rows()
        assert "new: rings when Ava cannot answer" in rows["fallback"]
        assert ADDRESS in rows["webhook"]
        assert not sandbox.world.org.assistants
        await wizard.press("enter")
        await wizard.on("proof")
        (assistant,) = sandbox.world.org.assistants.values()
        assert assistant["server"]["url"] == ADDRESS
        (number,) = sandbox.world.org.numbers.values()
        assert number["fallbackDestination"]["number"] == "+33612345678"
    # The next run shows them again, and saving the business once more keeps them.
    async with wizard_on(sandbox, tmp_path, language=Language.EN, regions=True) as wizard:
        await wizard.on("proof")
        for step in ("review", "number", "twilio", "assistant", "vapi", "business"):
            await wizard.press("escape")
            await wizard.on(step)
        assert "When Ava cannot answer, +33 6 12 34 56 78 rings." in wizard.words
        await wizard.click("next")
        await wizard.until(lambda: wizard.app.screen.name != "business", "the next step")
        profile = wizard.app.setup.saved.profile
        assert profile is not None
        assert (profile.fallback_number, profile.webhook_url) == ("+33612345678", ADDRESS)


@pytest.mark.parametrize(
    ("field", "typed", "complaint"),
    [
        ("fallback-number", "112", "not a phone number"),
        ("fallback-number", "bonjour", "not a phone number"),
        ("webhook-url", "http://ava.example/calls", "https"),
    ],
)
async def test_what_cannot_be_used_is_refused_in_place(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path, field: str, typed: str, complaint: str
) -> None:
    async with wizard_on(sandbox_of("fresh"), tmp_path, language=Language.EN) as wizard:
        await wizard.up_to_business()
        await more(wizard)
        await wizard.type(field, typed)
        await wizard.press("ctrl+s")
        assert complaint in wizard.message(field)
        assert wizard.app.focused is wizard.app.screen.query_one(f"#{field}")
        await wizard.press("escape")
        await wizard.on("business")
        assert typed not in wizard.words


@pytest.mark.parametrize("language", Language)
async def test_both_questions_and_their_complaints_are_in_sight_as_a_whole(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path, language: Language
) -> None:
    async with wizard_on(sandbox_of("fresh"), tmp_path, language=language) as wizard:
        await wizard.up_to_business()
        await more(wizard)
        for field, typed in (("webhook-url", "http://ava.example"), ("fallback-number", "112")):
            await wizard.type(field, typed)
            await wizard.press("ctrl+s")
        screen = wizard.app.screen
        for widget in screen.query("Line, Button, Input"):
            assert screen.region.contains_region(widget.region), widget
        for button in screen.query(Button):
            assert button.region.width >= len(str(button.label)), button.id


async def test_the_number_that_ava_answers_cannot_ring_when_she_cannot(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    line = sandbox.announcement.numbers[0]
    async with wizard_on(sandbox, tmp_path, language=Language.EN, regions=True) as wizard:
        await wizard.up_to_business()
        await more(wizard)
        await wizard.type("fallback-number", line)
        await wizard.press("ctrl+s")
        await wizard.fill_business()
        await wizard.fill_vapi()
        await wizard.on("assistant")
        await wizard.click("next")
        await wizard.fill_twilio()
        await wizard.on("number")
        await wizard.until(lambda: "they will go to Ava" in wizard.words, "the list")
        await wizard.press("enter")
        assert "It rings when Ava cannot answer" in wizard.message("number-search")
        assert wizard.app.setup.saved.number is None
        assert not sandbox.world.org.numbers


async def test_a_telephone_that_is_given_later_is_set_at_vapi_by_itself(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("eu-key")
    await outlive(sandbox, tmp_path)
    async with wizard_on(sandbox, tmp_path, language=Language.EN, regions=True) as wizard:
        await wizard.on("proof")
        await wizard.until(lambda: "Waiting" in wizard.words, "the wait")
        for step in ("review", "number", "twilio", "assistant", "vapi", "business"):
            await wizard.press("escape")
            await wizard.on(step)
        await more(wizard)
        await wizard.type("fallback-number", "06 12 34 56 78")
        await wizard.press("ctrl+s")
        await wizard.on("business")
        await wizard.click("next")
        await wizard.on("review")
        assert wizard.written() == {"fallback"}
        await wizard.press("enter")
        await wizard.on("proof")
        (number,) = sandbox.world.org.numbers.values()
        assert number["fallbackDestination"]["number"] == "+33612345678"


async def test_a_key_of_the_eu_and_credentials_of_ireland_are_said_to_be_so(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("eu-key")
    async with wizard_on(sandbox, tmp_path, language=Language.EN, regions=True) as wizard:
        await wizard.up_to_vapi()
        await wizard.fill_vapi()
        await wizard.on("assistant")
        assert "This key belongs to the EU region." in wizard.toasts
        await wizard.press("escape")
        await wizard.on("vapi")
        assert "This key belongs to the EU region." in wizard.words
    sandbox = sandbox_of("ie1-token")
    home = tmp_path / "ireland"
    async with wizard_on(sandbox, home, language=Language.EN, regions=True) as wizard:
        await wizard.up_to_assistant()
        assert "region" not in wizard.toasts
        await wizard.pick_assistant("Ava pour le cabinet")
        await wizard.fill_twilio()
        await wizard.on("number")
        assert "These belong to Twilio's Ireland region." in wizard.toasts
        assert "Vapi may not take numbers from there" in wizard.toasts
        await wizard.press("escape")
        await wizard.on("twilio")
        assert "These belong to Twilio's Ireland region." in wizard.words


async def tick_and_go_on(wizard: Wizard) -> None:
    """Give the token, tick the box by keyboard, and go on."""
    told = wizard.sandbox.announcement
    await wizard.on("twilio")
    await wizard.type("account-sid", told.twilio_account_sid)
    await wizard.press("enter")
    await wizard.type("auth-token", told.twilio_auth_token)
    await wizard.press("tab", "space", "enter")


def keys(sandbox: Sandbox) -> list[str]:
    """The names of the keys that the account has."""
    accounts = sandbox.world.accounts.values()
    return [key["friendly_name"] for account in accounts for key in account.keys.values()]


async def test_a_key_of_its_own_takes_the_tokens_place_and_the_token_is_forgotten(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    async with wizard_on(sandbox, tmp_path, language=Language.EN, regions=True) as wizard:
        await wizard.up_to_twilio()
        await tick_and_go_on(wizard)
        await wizard.on("number")
        assert keys(sandbox) == []
        await wizard.press("enter")
        await wizard.on("review")
        assert KEY_NAME in wizard.rows()["api_key"]
        await wizard.press("enter")
        await wizard.on("proof")
        assert "the token is forgotten here" in wizard.toasts
        assert keys(sandbox) == [KEY_NAME]
        access = wizard.app.setup.saved.twilio
        assert access is not None
        assert access.key_sid.startswith("SK")
        assert SecretName.TWILIO_AUTH_TOKEN not in wizard.app.setup.store.state.live.secrets
        assert wizard.call()["answered"]
        # Back at the step, nothing is asked for again.
        for step in ("review", "number", "twilio"):
            await wizard.press("escape")
            await wizard.on(step)
        assert wizard.value("key-sid") == access.key_sid
        await wizard.click("next")
        await wizard.on("proof")


async def test_an_account_that_allows_no_key_goes_on_with_the_token_and_says_so(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    url = f"{sandbox.announcement.control_url}/quirks"
    httpx.post(url, json={"on": ["key-policy"]}, trust_env=False).raise_for_status()
    async with wizard_on(sandbox, tmp_path, language=Language.EN, regions=True) as wizard:
        await wizard.up_to_twilio()
        await tick_and_go_on(wizard)
        await wizard.on("number")
        await wizard.press("enter")
        await wizard.on("review")
        await wizard.press("enter")
        await wizard.until(lambda: wizard.notice, "the refusal")
        assert "Twilio will not make an API key here." in wizard.notice
        assert not sandbox.world.org.assistants
        assert "api_key" not in wizard.rows()
        # What is offered is to go on without.
        await wizard.press("enter")
        await wizard.on("proof")
        assert keys(sandbox) == []
        assert SecretName.TWILIO_AUTH_TOKEN in wizard.app.setup.store.state.live.secrets
