"""The stories that the product exists for, through the real screens, on real HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
from textual.widgets import Button, OptionList

from ava_setup.onboarding.outcome import Outcome
from ava_setup.onboarding.steps import StepId
from ava_setup.words import Language
from tests.journey.wizard import CALLER, Wizard, wizard_on

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ava_setup.sandbox import Sandbox


_REQUESTS_MAX, _REQUESTS_AGAIN_MAX = 14, 6


async def test_assistant_then_twilio_then_import_is_linked_and_a_caller_hears_the_greeting(
    sandbox_of: Callable[[str], Sandbox], tmp_path: Path
) -> None:
    async with wizard_on(sandbox_of("fresh"), tmp_path) as wizard:
        await wizard.up_to_review()
        await wizard.press("enter")
        await wizard.on("proof")

        # Looking for a first call goes on for as long as nobody calls.
        asked = [one for one in _requests(wizard.sandbox) if "call" not in str(one["path"]).lower()]
        assert len(asked) <= _REQUESTS_MAX
        assert "Numéro importé et lié automatiquement !" in wizard.toasts
        assert "Votre numéro est prêt à recevoir des appels" in wizard.toasts
        [record] = wizard.vendors()["vapi"]["numbers"]
        [assistant] = wizard.vendors()["vapi"]["assistants"]
        assert record["assistantId"] == assistant["id"]
        call = wizard.call()
        assert call["answered"]
        assert call["heard"] == assistant["firstMessage"]
        assert "Plomberie Martin" in call["heard"]

        await wizard.until(lambda: wizard.app.setup.saved.answered, "the first call")
        await wizard.until(lambda: "Ava a répondu" in wizard.screen_text, "Ava a répondu")
        answered = wizard.app.setup.saved.answered
        assert answered is not None
        assert answered.caller == CALLER


async def test_without_an_assistant_the_error_is_clear_and_nothing_is_written(
    sandbox_of: Callable[[str], Sandbox], tmp_path: Path
) -> None:
    async with wizard_on(sandbox_of("fresh"), tmp_path) as wizard:
        before = wizard.vendors()
        await wizard.up_to_review(assistant=None)
        await wizard.press("enter")
        await wizard.until(lambda: wizard.notice, "the error")

        assert "Il faut une assistante avant de pouvoir lier un numéro." in wizard.notice
        assert wizard.app.setup.store.state.live.result is not None
        assert wizard.app.setup.store.state.live.result.outcome is Outcome.ASSISTANT_REQUIRED
        assert wizard.vendors() == before
        assert all(one["method"] == "GET" for one in wizard.requests())
        assert not wizard.call()["answered"]
        remedy = wizard.app.screen.query_one("#remedy", Button)
        assert remedy.display
        assert remedy.has_focus


async def test_the_assistant_made_afterwards_is_linked_by_itself(
    sandbox_of: Callable[[str], Sandbox], tmp_path: Path
) -> None:
    async with wizard_on(sandbox_of("fresh"), tmp_path) as wizard:
        await wizard.up_to_review(assistant=None)
        await wizard.press("enter")
        await wizard.until(lambda: wizard.notice, "the error")

        await wizard.press("enter")
        await wizard.on("assistant")
        await wizard.click("next")
        # Nothing is asked again between here and the proof.
        await wizard.on("proof")

        assert "Numéro importé et lié automatiquement !" in wizard.toasts
        call = wizard.call()
        assert call["answered"]
        assert "assistante virtuelle" in call["heard"]


async def test_a_number_at_vapi_without_an_assistant_is_relinked_and_answered(
    sandbox_of: Callable[[str], Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("unlinked")
    async with wizard_on(sandbox, tmp_path) as wizard:
        assert wizard.call()["heard"] == "Phone Number Not Found"
        await wizard.up_to_review(assistant=None)
        await wizard.press("enter")
        await wizard.on("proof")

        result = wizard.app.setup.store.state.live.result
        assert result is not None
        assert result.outcome is Outcome.RELINKED
        assert result.auto_linked
        assert "première disponible" in wizard.toasts
        call = wizard.call()
        assert call["answered"]
        assert len(wizard.vendors()["vapi"]["numbers"]) == 1


async def test_a_number_that_another_assistant_answers_is_asked_about_and_left_alone_on_no(
    sandbox_of: Callable[[str], Sandbox], tmp_path: Path
) -> None:
    async with wizard_on(sandbox_of("linked-elsewhere"), tmp_path) as wizard:
        before = wizard.vendors()
        heard = wizard.call()["heard"]
        await wizard.up_to_review(assistant="Ava pour le cabinet")
        await wizard.press("enter")
        await wizard.on("consent")
        assert "Standard du cabinet" in wizard.screen_text

        # The safe answer has the focus.
        await wizard.press("enter")
        await wizard.on("review")
        after = wizard.vendors()
        assert after["vapi"]["numbers"] == before["vapi"]["numbers"]
        assert after["vapi"]["assistants"] == before["vapi"]["assistants"]
        assert all(one["method"] == "GET" for one in wizard.requests())
        assert wizard.call()["heard"] == heard


@pytest.mark.parametrize(
    ("scenario", "today"),
    [("linked-elsewhere", "Standard du cabinet"), ("studio", "a Twilio Studio flow")],
)
async def test_what_a_link_takes_over_is_shown_as_it_is_and_as_it_will_be(
    sandbox_of: Callable[[str], Sandbox], tmp_path: Path, scenario: str, today: str
) -> None:
    async with wizard_on(sandbox_of(scenario), tmp_path, language=Language.EN) as wizard:
        await wizard.up_to_review(assistant="Ava pour le cabinet")
        await wizard.press("enter")
        await wizard.on("consent")
        assert f"Today: {today}" in wizard.words
        assert "Then: Ava pour le cabinet" in wizard.words


async def test_a_number_that_another_assistant_answers_is_handed_over_on_yes(
    sandbox_of: Callable[[str], Sandbox], tmp_path: Path
) -> None:
    async with wizard_on(sandbox_of("linked-elsewhere"), tmp_path) as wizard:
        before = wizard.call()["heard"]
        await wizard.up_to_review(assistant="Ava pour le cabinet")
        await wizard.press("enter")
        await wizard.on("consent")
        await wizard.press("right", "enter")
        await wizard.on("proof")

        call = wizard.call()
        assert call["answered"]
        assert call["heard"] != before


async def test_a_finished_set_up_asks_nothing_again_and_is_verified_anew(
    sandbox_of: Callable[[str], Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("returning")
    async with wizard_on(sandbox, tmp_path) as wizard:
        await wizard.up_to_review(assistant="Accueil Martin Plomberie")
        await wizard.press("enter")
        await wizard.on("proof")
        result = wizard.app.setup.store.state.live.result
        assert result is not None
        assert result.outcome is Outcome.ALREADY_LINKED
        await wizard.until(lambda: _waits(wizard), "the wait")
        wizard.call()
        await wizard.until(lambda: wizard.app.setup.saved.answered, "the first call")
    asked = len(_requests(sandbox))

    async with wizard_on(sandbox, tmp_path) as wizard:
        await wizard.on("proof")
        await wizard.until(lambda: wizard.app.setup.store.state.live.checks, "the checks")
        assert "Ava a répondu" in wizard.screen_text
        again = _requests(sandbox)[asked:]
        assert 0 < len(again) <= _REQUESTS_AGAIN_MAX
        assert all(one["method"] == "GET" for one in again)


async def test_a_second_assistant_never_asks_for_the_business_or_the_e_mail_again(
    sandbox_of: Callable[[str], Sandbox], tmp_path: Path
) -> None:
    async with wizard_on(sandbox_of("fresh"), tmp_path) as wizard:
        await wizard.up_to_review()
        await wizard.press("enter")
        await wizard.on("proof")
        wizard.app.go(StepId.ASSISTANT)
        await wizard.on("assistant")
        await wizard.until(lambda: len(_listed(wizard)) == 2, "the list")
        options = wizard.app.screen.query_one("#assistants")
        options.focus()
        await wizard.press("home", "enter")
        await wizard.type("assistant-name", "Ava du samedi")
        await wizard.click("next")
        await wizard.on("review")
        await wizard.press("enter")
        await wizard.on("consent")
        await wizard.press("right", "enter")
        await wizard.on("proof")

        made = wizard.vendors()["vapi"]["assistants"]
        assert sorted(one["name"] for one in made) == ["Ava - Plomberie Martin", "Ava du samedi"]
        addresses = {one["metadata"]["adminEmail"] for one in made}
        assert addresses == {"contact@plomberie-martin.example"}


def _requests(sandbox: Sandbox) -> list[dict[str, object]]:
    url = f"{sandbox.announcement.control_url}/requests"
    requests: list[dict[str, object]] = httpx.get(url, trust_env=False).json()
    return requests


def _waits(wizard: Wizard) -> bool:
    polls = [one for one in wizard.requests() if one["path"] == "/call"]
    return len(polls) > 1


def _listed(wizard: Wizard) -> list[str]:
    options = wizard.app.screen.query_one("#assistants", OptionList)
    return [str(options.get_option_at_index(n).prompt) for n in range(options.option_count)]
