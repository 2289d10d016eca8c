"""Ways through the wizard that fewer people take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
from textual.widgets import OptionList

from ava_setup.onboarding.outcome import Outcome
from tests.canaries import OTHER_VAPI_KEY
from tests.journey.finished import finish
from tests.journey.wizard import wizard_on

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ava_setup.sandbox import Sandbox


def _api_key(sandbox: Sandbox) -> tuple[str, str]:
    """Make an API key in Twilio's console, so to speak."""
    told = sandbox.announcement
    made = httpx.post(
        f"{told.twilio_url}/2010-04-01/Accounts/{told.twilio_account_sid}/Keys.json",
        data={"FriendlyName": "ava"},
        auth=(told.twilio_account_sid, told.twilio_auth_token),
        headers={"User-Agent": "ava-setup-tests"},
        trust_env=False,
    ).json()
    return made["sid"], made["secret"]


async def test_an_api_key_serves_as_well_as_the_token_and_is_kept_for_the_next_run(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    sid, secret = _api_key(sandbox)
    async with wizard_on(sandbox, tmp_path) as wizard:
        await wizard.up_to_twilio()
        wizard.app.screen.query_one("#twilio-kind").focus()
        await wizard.press("right", "enter")
        await wizard.paste(sandbox.announcement.twilio_account_sid)
        await wizard.press("enter")
        await wizard.paste(sid)
        await wizard.press("enter")
        await wizard.paste(f"  {secret}\n")
        await wizard.press("enter")
        await wizard.on("number")
        assert "Accepté (une clé d'API ne montre pas le compte)" in wizard.screen_text
        await wizard.press("enter")
        await wizard.on("review")
        await wizard.press("enter")
        await wizard.on("proof")
        assert wizard.call()["answered"]
        [record] = wizard.vendors()["vapi"]["numbers"]
        assert record["twilioApiKey"] == sid
        assert "twilioAuthToken" not in record
        state = (tmp_path / "profiles" / "default" / "state.json").read_text()
        assert secret not in state
    async with wizard_on(sandbox, tmp_path) as wizard:
        await wizard.on("proof")


async def test_a_trial_account_is_imported_only_when_insisted_upon_and_never_called_a_success(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    async with wizard_on(sandbox_of("trial"), tmp_path) as wizard:
        await wizard.up_to_number()
        assert "essai" in wizard.screen_text
        await wizard.press("enter")
        await wizard.on("review")
        await wizard.press("enter")
        await wizard.until(lambda: wizard.notice, "the warning")
        assert wizard.vendors()["vapi"]["numbers"] == []
        await wizard.click("remedy")
        await wizard.until(lambda: wizard.vendors()["vapi"]["numbers"], "the import")
        await wizard.on("review")
        result = wizard.app.setup.store.state.live.result
        assert result is not None
        assert result.outcome is Outcome.UNPROVEN
        assert not result.success
        assert "prêt à recevoir" not in wizard.toasts
        assert not wizard.call()["answered"]


async def test_after_a_failure_another_number_can_be_chosen(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    async with wizard_on(sandbox_of("no-voice"), tmp_path) as wizard:
        await wizard.up_to_review()
        await wizard.press("enter")
        await wizard.until(lambda: wizard.notice, "the refusal")
        await wizard.press("enter")
        await wizard.on("number")
        assert wizard.app.screen.query_one("#numbers").display
        assert not wizard.notice


async def test_the_arrows_move_in_the_list_while_searching(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    async with wizard_on(sandbox_of("many"), tmp_path) as wizard:
        await wizard.up_to_number()
        options = wizard.app.screen.query_one("#numbers", OptionList)
        await wizard.type("number-search", "99 00 10")
        await wizard.until(lambda: 1 < options.option_count < 300, "a shorter list")
        first = options.highlighted
        await wizard.press("down", "down", "up")
        assert options.highlighted == (first or 0) + 1


async def test_what_is_typed_on_the_list_goes_into_the_search(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    async with wizard_on(sandbox_of("many"), tmp_path) as wizard:
        await wizard.up_to_number()
        options = wizard.app.screen.query_one("#numbers", OptionList)
        options.focus()
        await wizard.press(*"1007")
        assert wizard.value("number-search") == "1007"
        await wizard.until(lambda: options.option_count == 1, "one left")


async def test_an_assistant_may_be_chosen_among_60_and_one_without_a_name_is_told_apart(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    async with wizard_on(sandbox_of("many"), tmp_path) as wizard:
        await wizard.up_to_assistant()
        options = wizard.app.screen.query_one("#assistants", OptionList)
        await wizard.until(lambda: options.option_count > 60, "the list")
        labels = [str(options.get_option_at_index(n).prompt) for n in range(options.option_count)]
        assert all(label.strip() for label in labels)
        await wizard.press("down", "enter")
        await wizard.on("twilio")
        choice = wizard.app.setup.saved.assistant
        assert choice is not None
        assert choice.kind == "chosen"
        assert choice.name == labels[1]


async def test_the_key_can_be_changed_and_the_assistants_are_then_the_other_organisations(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    async with wizard_on(sandbox, tmp_path) as wizard:
        await wizard.up_to_number()
        for step in ("twilio", "assistant", "vapi"):
            await wizard.press("escape")
            await wizard.on(step)
        await wizard.type("vapi-key", OTHER_VAPI_KEY)
        await wizard.press("enter")
        await wizard.until(lambda: wizard.notice, "the refusal")
        # A refused key replaces nothing.
        await wizard.type("vapi-key", "")
        await wizard.press("enter")
        await wizard.on("number")


@pytest.mark.parametrize("wrong", ["webhook", "unlink"])
async def test_a_link_that_broke_since_is_found_out_on_the_next_start(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path, wrong: str
) -> None:
    sandbox = sandbox_of("fresh")
    await finish(sandbox, tmp_path)
    told = sandbox.announcement
    state = httpx.get(f"{told.control_url}/state", trust_env=False).json()
    if wrong == "webhook":
        [number] = state["twilio"]["accounts"][0]["numbers"]
        httpx.post(
            f"{told.twilio_url}{number['uri']}",
            data={"VoiceUrl": "https://elsewhere.example/voice"},
            auth=(told.twilio_account_sid, told.twilio_auth_token),
            headers={"User-Agent": "ava-setup-tests"},
            trust_env=False,
        ).raise_for_status()
    else:
        [record] = state["vapi"]["numbers"]
        httpx.patch(
            f"{told.vapi_url}/phone-number/{record['id']}",
            json={"assistantId": None},
            headers={"Authorization": f"Bearer {told.vapi_key}", "User-Agent": "ava-setup-tests"},
            trust_env=False,
        ).raise_for_status()
    async with wizard_on(sandbox, tmp_path) as wizard:
        await wizard.on("proof")
        await wizard.until(lambda: wizard.notice, "the finding")
        expected = {"webhook": "elsewhere.example", "unlink": "Aucune assistante"}
        assert expected[wrong] in wizard.notice
        assert wizard.app.setup.saved.linked is None
        if wrong == "unlink":
            await wizard.click("next")
            await wizard.on("review")
            assert wizard.written() == {"number"}
            await wizard.press("enter")
            await wizard.on("proof")
            assert wizard.call()["answered"]
