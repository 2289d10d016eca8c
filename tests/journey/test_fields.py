"""What is typed wrong is said in its place, and nothing typed is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.canaries import WRONG_TOKEN
from tests.journey.wizard import Wizard, wizard_on

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ava_setup.sandbox import Sandbox


async def test_empty_fields_say_what_to_type_and_the_first_has_the_focus(
    sandbox_of: Callable[[str], Sandbox], tmp_path: Path
) -> None:
    async with wizard_on(sandbox_of("fresh"), tmp_path) as wizard:
        await wizard.up_to_business()
        await wizard.click("next")
        assert wizard.is_wrong("business-name")
        assert wizard.is_wrong("email")
        assert "par exemple contact@exemple.fr" in wizard.message("email")
        assert wizard.app.focused is wizard.app.screen.query_one("#business-name")
        assert wizard.app.screen.name == "business"


async def test_a_wrong_e_mail_is_said_below_it_until_it_changes(
    sandbox_of: Callable[[str], Sandbox], tmp_path: Path
) -> None:
    async with wizard_on(sandbox_of("fresh"), tmp_path) as wizard:
        await wizard.up_to_business()
        for address in ("martin", "martin@", "martin@gmail", "a b@example.fr"):
            await wizard.type("email", address)
            await wizard.press("enter")
            assert wizard.is_wrong("email")
            assert wizard.value("email") == address
            assert wizard.app.focused is wizard.app.screen.query_one("#email")
            await wizard.press("x")
            assert not wizard.is_wrong("email")


async def test_a_likely_slip_in_the_e_mail_is_pointed_out_once_and_not_insisted_upon(
    sandbox_of: Callable[[str], Sandbox], tmp_path: Path
) -> None:
    async with wizard_on(sandbox_of("fresh"), tmp_path) as wizard:
        await wizard.up_to_business()
        await wizard.type("business-name", "Martin")
        await wizard.type("email", "martin@gmial.com")
        await wizard.press("enter")
        assert "@gmail.com" in wizard.message("email")
        assert wizard.app.focused is wizard.app.screen.query_one("#email")
        await wizard.click("next")
        await wizard.on("vapi")
        profile = wizard.app.setup.saved.profile
        assert profile is not None
        assert profile.admin_email == "martin@gmial.com"


async def test_enter_stops_at_what_wants_an_answer_and_accepts_all_else_at_once(
    sandbox_of: Callable[[str], Sandbox], tmp_path: Path
) -> None:
    async with wizard_on(sandbox_of("fresh"), tmp_path) as wizard:
        await wizard.up_to_business()
        await wizard.paste("Plomberie Martin")
        await wizard.press("enter")
        await wizard.paste("contact@plomberie-martin.example")
        await wizard.press("enter")
        assert wizard.app.focused is wizard.app.screen.query_one("#trade")
        # A field on the way that is looked at leads to the button, which is in sight.
        await wizard.press("tab", "tab", "enter")
        assert wizard.app.focused is wizard.app.screen.query_one("#next")
        wizard.app.screen.query_one("#trade").focus()
        await wizard.press("enter")
        await wizard.on("vapi")


async def test_enter_on_a_field_of_the_assistant_leads_to_the_button_that_takes_it(
    sandbox_of: Callable[[str], Sandbox], tmp_path: Path
) -> None:
    async with wizard_on(sandbox_of("fresh"), tmp_path) as wizard:
        await wizard.up_to_assistant()
        wizard.app.screen.query_one("#assistant-name").focus()
        await wizard.press("enter")
        assert wizard.app.focused is wizard.app.screen.query_one("#next")
        await wizard.press("enter")
        await wizard.on("twilio")


async def test_choices_turn_with_the_arrows_and_are_kept(
    sandbox_of: Callable[[str], Sandbox], tmp_path: Path
) -> None:
    async with wizard_on(sandbox_of("fresh"), tmp_path) as wizard:
        await wizard.up_to_business()
        wizard.app.screen.query_one("#trade").focus()
        await wizard.press("right")
        wizard.app.screen.query_one("#callers-language").focus()
        await wizard.press("left")
        await wizard.fill_business()
        await wizard.on("vapi")
        profile = wizard.app.setup.saved.profile
        assert profile is not None
        assert profile.trade == "plumber"
        assert profile.callers_language == "bilingual"


async def test_the_key_is_taken_from_an_untidy_paste(
    sandbox_of: Callable[[str], Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    async with wizard_on(sandbox, tmp_path) as wizard:
        await wizard.up_to_vapi()
        await wizard.paste(f"\n   {sandbox.announcement.vapi_key}  \n\n")
        await wizard.press("enter")
        await wizard.on("assistant")


async def test_a_refused_key_is_explained_kept_in_its_field_and_not_saved(
    sandbox_of: Callable[[str], Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("bad-key")
    async with wizard_on(sandbox, tmp_path) as wizard:
        await wizard.start()
        await wizard.fill_business()
        await wizard.fill_vapi()
        await wizard.until(lambda: wizard.notice, "the refusal")
        assert "Vapi refuse cette clé." in wizard.notice
        assert wizard.value("vapi-key") == sandbox.announcement.vapi_key
        assert wizard.app.focused is wizard.app.screen.query_one("#vapi-key")
        assert wizard.app.setup.saved.connection is None
        assert not (tmp_path / "profiles" / "default" / "secrets.json").exists()


async def test_a_token_pasted_into_the_visible_field_moves_to_the_hidden_one(
    sandbox_of: Callable[[str], Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    told = sandbox.announcement
    async with wizard_on(sandbox, tmp_path) as wizard:
        await wizard.up_to_twilio()
        await wizard.type("account-sid", f" {told.twilio_auth_token}\n")
        assert wizard.value("account-sid") == ""
        assert wizard.value("auth-token") == told.twilio_auth_token
        assert told.twilio_auth_token not in wizard.screen_text
        wizard.app.screen.query_one("#auth-token").focus()
        await wizard.paste(told.twilio_account_sid)
        assert wizard.value("account-sid") == told.twilio_account_sid
        assert wizard.value("auth-token") == told.twilio_auth_token
        await wizard.click("next")
        await wizard.on("number")


async def test_a_token_typed_into_the_visible_field_moves_to_the_hidden_one(
    sandbox_of: Callable[[str], Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    told = sandbox.announcement
    async with wizard_on(sandbox, tmp_path) as wizard:
        await wizard.up_to_twilio()
        await wizard.press(*told.twilio_auth_token)
        assert wizard.value("account-sid") == ""
        assert wizard.value("auth-token") == told.twilio_auth_token
        assert "Auth Token" in wizard.message("account-sid")


async def test_a_token_in_a_visible_field_is_never_written_to_the_state(
    sandbox_of: Callable[[str], Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    token = sandbox.announcement.twilio_auth_token
    async with wizard_on(sandbox, tmp_path) as wizard:
        await wizard.up_to_business()
        await wizard.type("business-name", f"Martin {token}")
        await wizard.type("email", "martin@example.fr")
        await wizard.press("escape")
        await wizard.on("welcome")
        state = (tmp_path / "profiles" / "default" / "state.json").read_text()
        assert "martin@example.fr" in state
        assert token not in state


async def test_a_block_copied_from_the_console_fills_both_fields(
    sandbox_of: Callable[[str], Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    told = sandbox.announcement
    async with wizard_on(sandbox, tmp_path) as wizard:
        await wizard.up_to_twilio()
        await wizard.paste(
            f"Account Info\nAccount SID\n{told.twilio_account_sid}\n"
            f"Auth Token\n{told.twilio_auth_token}\nMy Twilio phone number\n"
        )
        await wizard.click("next")
        await wizard.on("number")


async def test_an_api_key_pasted_as_the_account_opens_the_fields_of_a_key(
    sandbox_of: Callable[[str], Sandbox], tmp_path: Path
) -> None:
    async with wizard_on(sandbox_of("fresh"), tmp_path) as wizard:
        await wizard.up_to_twilio()
        key_sid = "SK" + "5a" * 16
        await wizard.type("account-sid", key_sid)
        await wizard.pilot.pause()
        assert wizard.value("key-sid") == key_sid
        assert wizard.value("account-sid") == ""
        assert wizard.app.screen.query_one("#key-secret-field").display
        assert not wizard.app.screen.query_one("#auth-token-field").display


async def test_wrong_credentials_are_explained_and_what_was_typed_stays(
    sandbox_of: Callable[[str], Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    async with wizard_on(sandbox, tmp_path) as wizard:
        await wizard.up_to_twilio()
        await wizard.type("account-sid", sandbox.announcement.twilio_account_sid)
        await wizard.type("auth-token", WRONG_TOKEN)
        await wizard.press("enter")
        await wizard.until(lambda: wizard.notice, "the refusal")
        assert "Twilio refuse ces identifiants." in wizard.notice
        assert wizard.value("auth-token") == WRONG_TOKEN
        assert wizard.app.setup.saved.twilio is None


@pytest.mark.parametrize(
    ("scenario", "says"),
    [
        ("suspended", "Le compte Twilio est suspendu."),
        ("trial", "C'est un compte Twilio d'essai"),
        ("no-voice", "ne prend pas"),
    ],
)
async def test_an_account_or_number_that_cannot_take_calls_is_said_and_nothing_is_written(
    sandbox_of: Callable[[str], Sandbox], tmp_path: Path, scenario: str, says: str
) -> None:
    async with wizard_on(sandbox_of(scenario), tmp_path) as wizard:
        await wizard.up_to_twilio()
        before = wizard.vendors()["vapi"]["numbers"]
        asked = len(wizard.requests())
        await wizard.fill_twilio()
        if scenario != "suspended":
            await wizard.on("number")
            await wizard.press("enter")
            await wizard.on("review")
            await wizard.press("enter")
        await wizard.until(lambda: says in wizard.notice, says)
        assert wizard.vendors()["vapi"]["numbers"] == before
        assert {one["method"] for one in wizard.requests()[asked:]} == {"GET"}


async def test_a_typed_number_is_found_in_the_account_in_any_notation(
    sandbox_of: Callable[[str], Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    [number] = sandbox.announcement.numbers
    assert number == "+33199001234"
    async with wizard_on(sandbox, tmp_path) as wizard:
        await wizard.up_to_number()
        for typed in ("+33 1 99 00 12 34", "01 99 00 12 34", "0033199001234", "01.99.00.12.34"):
            await wizard.type("number-search", typed)
            await wizard.press("enter")
            await wizard.on("review")
            assert (chosen := wizard.app.setup.saved.number) is not None
            assert chosen.number == number
            await wizard.app.setup.store.update(lambda state: state.save(number=None))
            await wizard.press("escape")
            await wizard.on("number")
        await wizard.press("enter")
        await wizard.on("review")
        await wizard.press("enter")
        await wizard.on("proof")
        assert wizard.call()["answered"]


async def test_a_typed_number_of_another_account_is_said_not_to_be_in_this_one(
    sandbox_of: Callable[[str], Sandbox], tmp_path: Path
) -> None:
    async with wizard_on(sandbox_of("fresh"), tmp_path) as wizard:
        await wizard.up_to_number()
        await wizard.type("number-search", "+44 1632 960001")
        await wizard.press("enter")
        assert wizard.is_wrong("number-search")
        assert "n'est pas dans ce compte" in wizard.message("number-search")
        await wizard.type("number-search", "bonjour")
        await wizard.press("enter")
        assert "Ce n'est pas un numéro" in wizard.message("number-search")


async def test_a_list_of_300_numbers_is_narrowed_by_typing_a_part(
    sandbox_of: Callable[[str], Sandbox], tmp_path: Path
) -> None:
    async with wizard_on(sandbox_of("many"), tmp_path) as wizard:
        await wizard.up_to_number()
        options = wizard.app.screen.query_one("#numbers")
        assert "300 numéros" in wizard.screen_text
        # They are drawn as one goes on; the last is one key away.
        await wizard.press("end")
        assert getattr(options, "option_count", 0) == 300
        await wizard.type("number-search", "99 00 10 07")
        await wizard.until(lambda: getattr(options, "option_count", 0) == 1, "one left")


async def made_assistant(wizard: Wizard) -> Any:
    """Go on from the assistant, and give the one that is created in the end."""
    await wizard.fill_twilio()
    await wizard.on("number")
    await wizard.press("enter")
    await wizard.on("review")
    assert wizard.vendors()["vapi"]["assistants"] == []
    await wizard.press("enter")
    await wizard.on("proof")
    [made] = wizard.vendors()["vapi"]["assistants"]
    return made


async def test_a_greeting_that_hides_the_machine_is_refused_with_what_to_add(
    sandbox_of: Callable[[str], Sandbox], tmp_path: Path
) -> None:
    async with wizard_on(sandbox_of("fresh"), tmp_path) as wizard:
        await wizard.up_to_assistant()
        await wizard.type("greeting", "Bonjour, ici Ava.")
        await wizard.click("next")
        assert wizard.is_wrong("greeting")
        assert "assistante virtuelle" in wizard.message("greeting")
        await wizard.press("ctrl+l")
        assert "virtual assistant" in wizard.message("greeting")
        assert wizard.vendors()["vapi"]["assistants"] == []


async def test_recording_is_off_unless_chosen_and_then_announced_to_callers(
    sandbox_of: Callable[[str], Sandbox], tmp_path: Path
) -> None:
    async with wizard_on(sandbox_of("fresh"), tmp_path) as wizard:
        await wizard.up_to_assistant()
        assert "enregistré" not in str(wizard.app.screen.query_one("#preview").render())
        wizard.app.screen.query_one("#recorded").focus()
        await wizard.press("space")
        await wizard.pilot.pause()
        assert "enregistré" in str(wizard.app.screen.query_one("#preview").render())
        await wizard.click("next")
        made = await made_assistant(wizard)
        assert made["artifactPlan"]["recordingEnabled"] is True
        assert "enregistré" in made["firstMessage"]


async def test_instructions_are_edited_on_a_page_of_their_own_and_kept(
    sandbox_of: Callable[[str], Sandbox], tmp_path: Path
) -> None:
    async with wizard_on(sandbox_of("fresh"), tmp_path) as wizard:
        await wizard.up_to_assistant()
        await wizard.click("instructions")
        await wizard.on("instructions-page")
        await wizard.press("ctrl+home")
        await wizard.paste("Commence toujours par sourire.\n")
        await wizard.press("ctrl+s")
        await wizard.on("assistant")
        await wizard.click("next")
        made = await made_assistant(wizard)
        prompt = made["model"]["messages"][0]["content"]
        assert prompt.startswith("Commence toujours par sourire.")
        assert "Plomberie Martin" in prompt
