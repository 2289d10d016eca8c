"""A finished set-up: verified anew, changed in one place, and never asked twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
from textual.widgets import OptionList

from ava_setup.onboarding.checks import all_passed
from ava_setup.words import Language
from tests.journey.finished import finish
from tests.journey.test_undo_screen import NUMBER, asked, held
from tests.journey.wizard import Wizard, wizard_on

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ava_setup.sandbox import Sandbox

CHANGES = ("business", "vapi", "assistant", "twilio", "number", "undo")


async def choose(wizard: Wizard, change: str) -> None:
    """Choose what to change, by the keyboard alone."""
    await wizard.on("proof")
    await wizard.until(lambda: wizard.app.screen.query_one("#change").display, "the button")
    await wizard.press("shift+tab", "enter")
    await wizard.on("change")
    await wizard.press(*["down"] * CHANGES.index(change), "enter")


async def verified(wizard: Wizard) -> None:
    """Wait until both sides were read and found right."""
    await wizard.on("proof")
    store = wizard.app.setup.store
    await wizard.until(lambda: all_passed(store.state.live.checks), "the checks")
    await wizard.pilot.pause()


def writes(wizard: Wizard) -> list[Any]:
    """What was asked of the vendors that changes something."""
    return [one for one in wizard.requests() if one["method"] != "GET"]


async def test_the_choice_shows_each_part_as_it_is_and_escape_changes_nothing(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    french = ("Que souhaitez-vous changer ?", "Entreprise, e-mail", "Tout défaire…")
    english = ("What would you like to change?", "Business, e-mail", "Undo everything…")
    sandbox = sandbox_of("fresh")
    await finish(sandbox, tmp_path)
    async with wizard_on(sandbox, tmp_path) as wizard:
        await verified(wizard)
        await wizard.click("change")
        await wizard.on("change")
        for part in (*french, "contact@example.fr", "Ava", "Sandbox", NUMBER):
            assert part in wizard.words
        await wizard.press("ctrl+l")
        await wizard.until(lambda: french[0] not in wizard.words, "the other language")
        for part in (*english, "contact@example.fr", "Ava", "Sandbox", NUMBER):
            assert part in wizard.words
        await wizard.press("escape")
        await verified(wizard)
        assert wizard.app.setup.saved.answered is not None


async def test_another_e_mail_is_reviewed_leads_back_to_the_proof_and_asks_nothing_else(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    await finish(sandbox, tmp_path)
    async with wizard_on(sandbox, tmp_path) as wizard:
        await verified(wizard)
        before = wizard.app.setup.saved
        await choose(wizard, "business")
        await wizard.on("business")
        assert wizard.value("business-name") == "Martin Plomberie"
        assert wizard.value("opening-hours") == "8h-18h"
        await wizard.type("email", "lea@example.fr")
        await wizard.click("next")
        await wizard.on("review")
        assert wizard.written() == {"email"}
        await wizard.press("enter")
        await verified(wizard)
        now = wizard.app.setup.saved
        assert now.profile is not None
        assert now.profile.admin_email == "lea@example.fr"
        assert (now.number, now.linked, now.answered) == (
            before.number,
            before.linked,
            before.answered,
        )
        assert "Ava a répondu" in wizard.words


async def test_a_part_that_is_looked_at_and_left_as_it_is_leads_back_to_the_proof(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    await finish(sandbox, tmp_path)
    async with wizard_on(sandbox, tmp_path) as wizard:
        await verified(wizard)
        before, written = wizard.app.setup.saved, len(writes(wizard))
        for part in ("business", "vapi", "assistant", "twilio", "number"):
            await choose(wizard, part)
            await wizard.on(part)
            await wizard.click("next")
            await verified(wizard)
            now = wizard.app.setup.saved
            for name in ("profile", "assistant", "number", "linked", "answered", "journal"):
                assert getattr(now, name) == getattr(before, name), (part, name)
            assert len(writes(wizard)) == written, part


async def test_another_assistant_is_linked_on_a_yes_and_answers_from_then_on(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    await finish(sandbox, tmp_path, "Ava du samedi", "Ava")
    async with wizard_on(sandbox, tmp_path) as wizard:
        await verified(wizard)
        await choose(wizard, "assistant")
        await wizard.pick_assistant("Ava du samedi")
        await wizard.on("review")
        assert wizard.written() == {"number"}
        await wizard.press("enter")
        await wizard.on("consent")
        assert "Ava du samedi" in wizard.words
        await wizard.press("right", "enter")
        await verified(wizard)
        linked, chosen = wizard.app.setup.saved.linked, wizard.app.setup.saved.assistant
        assert linked is not None
        assert chosen is not None
        assert chosen.kind == "chosen"
        assert linked.assistant_id == chosen.id
        assert "Numéro confié" in wizard.toasts
        [record] = held(sandbox)[1]
        assert record["assistantId"] == chosen.id
        # A link that was just made waits for its own first call.
        assert "En attente du premier appel" in wizard.words


async def test_a_no_to_handing_the_number_over_leaves_all_as_it_stood(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    await finish(sandbox, tmp_path, "Ava du samedi", "Ava")
    async with wizard_on(sandbox, tmp_path) as wizard:
        await verified(wizard)
        before, at_vendors = wizard.app.setup.saved, held(sandbox)
        await choose(wizard, "assistant")
        await wizard.pick_assistant("Ava du samedi")
        await wizard.on("review")
        assert wizard.written() == {"number"}
        await wizard.press("enter")
        await wizard.on("consent")
        await wizard.press("enter")
        await verified(wizard)
        assert "Rien n'a été modifié." in wizard.toasts
        now = wizard.app.setup.saved
        assert (now.assistant, now.number, now.linked, now.answered) == (
            before.assistant,
            before.number,
            before.linked,
            before.answered,
        )
        assert held(sandbox) == at_vendors


async def test_another_number_is_linked_and_proven_and_the_list_shows_the_one_that_is(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("many")
    await finish(sandbox, tmp_path)
    async with wizard_on(sandbox, tmp_path) as wizard:
        await verified(wizard)
        await choose(wizard, "number")
        await wizard.on("number")
        options = wizard.app.screen.query_one("#numbers", OptionList)
        await wizard.until(lambda: options.option_count > 1, "the list")
        chosen = wizard.app.setup.saved.number
        assert chosen is not None
        assert options.highlighted_option is not None
        assert options.highlighted_option.id == chosen.sid
        other = sandbox.announcement.numbers[1]
        await wizard.type("number-search", other)
        await wizard.press("enter")
        await wizard.on("review")
        await wizard.press("enter")
        await verified(wizard)
        linked = wizard.app.setup.saved.linked
        assert linked is not None
        assert linked.number == other
        assert wizard.call(other)["answered"]


async def test_a_number_that_cannot_be_linked_leads_back_to_the_one_that_stood(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("many")
    await finish(sandbox, tmp_path)
    async with wizard_on(sandbox, tmp_path) as wizard:
        await verified(wizard)
        before = wizard.app.setup.saved
        await choose(wizard, "number")
        await wizard.on("number")
        other = sandbox.announcement.numbers[1]
        await wizard.type("number-search", other)
        await wizard.until(lambda: wizard.value("number-search") == other, "the other number")
        wizard.spoil("vapi", "GET", "/phone-number", "truncated")
        await wizard.press("enter")
        await wizard.on("review")
        await wizard.until(lambda: wizard.notice, "the problem")
        await wizard.click("as-it-was")
        await verified(wizard)
        now = wizard.app.setup.saved
        assert (now.number, now.linked, now.answered) == (
            before.number,
            before.linked,
            before.answered,
        )


async def test_undoing_everything_is_one_of_the_changes(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    await finish(sandbox, tmp_path)
    async with wizard_on(sandbox, tmp_path) as wizard:
        await verified(wizard)
        await choose(wizard, "undo")
        await asked(wizard)
        await wizard.press("escape")
        await verified(wizard)


async def test_while_both_sides_are_read_it_says_so_and_claims_nothing_yet(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    await finish(sandbox, tmp_path)
    async with wizard_on(sandbox, tmp_path, language=Language.EN) as wizard:
        wizard.spoil("vapi", "GET", "/assistant/{id}", "timeout", times=None)
        await wizard.on("proof")
        await wizard.until(lambda: "Checking both sides…" in wizard.words, "the words")
        assert "Waiting for the first call" not in wizard.words
        assert wizard.app.setup.store.state.live.checks == ()


def unlink(sandbox: Sandbox) -> None:
    """Take the assistant off the number at Vapi, as somebody at its dashboard might."""
    told = sandbox.announcement
    [record] = held(sandbox)[1]
    httpx.patch(
        f"{told.vapi_url}/phone-number/{record['id']}",
        json={"assistantId": None},
        headers={"Authorization": f"Bearer {told.vapi_key}", "User-Agent": "a-colleague"},
        trust_env=False,
    ).raise_for_status()


async def test_a_link_that_no_longer_holds_is_said_and_is_linked_again_after_a_review(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    await finish(sandbox, tmp_path)
    unlink(sandbox)
    async with wizard_on(sandbox, tmp_path) as wizard:
        await wizard.on("proof")
        await wizard.until(lambda: wizard.notice, "the finding")
        for sentence in ("Le lien ne tient plus", "Aucune assistante", "Lier à nouveau"):
            assert sentence in wizard.words
        await wizard.press("ctrl+l")
        for sentence in ("The link no longer holds", "No assistant is linked", "Link again"):
            assert sentence in wizard.words
        await wizard.press("enter")
        await wizard.on("review")
        assert wizard.written() == {"number"}
        await wizard.press("enter")
        await verified(wizard)
        assert wizard.call()["answered"]


async def test_what_could_not_be_checked_is_no_verdict_and_is_read_again_on_request(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    await finish(sandbox, tmp_path)
    async with wizard_on(sandbox, tmp_path, language=Language.EN) as wizard:
        wizard.spoil("vapi", "GET", "/assistant/{id}", "truncated")
        await wizard.on("proof")
        await wizard.until(lambda: wizard.notice, "the doubt")
        assert "could not be checked just now" in wizard.words
        assert "no longer holds" not in wizard.words
        assert wizard.app.setup.saved.linked is not None
        await wizard.press("enter")
        await verified(wizard)
        assert not wizard.notice
        assert not wizard.app._exit
