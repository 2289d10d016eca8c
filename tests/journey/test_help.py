"""F1 explains whatever has the focus; Ctrl+P finds whatever can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Checkbox, Input, OptionList, Select, TextArea

from ava_setup.onboarding.guidance import FIELDS, guidance
from ava_setup.tui.widgets.spoken import Line
from ava_setup.words import Language, Voice
from tests.canaries import VAPI_KEY
from tests.journey.finished import finish
from tests.journey.wizard import Wizard, wizard_on

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ava_setup.sandbox import Sandbox

# Lists that are no field: what is on them is explained line by line, or by the page.
_NO_FIELDS = {"findings", "changes", "found", "search", "review"}


def asked(wizard: Wizard) -> Iterator[str]:
    """The ids of all that can be answered on this screen, hidden or not."""
    for kind in (Input, Select, Checkbox, TextArea, OptionList):
        for widget in wizard.app.screen.query(kind):
            inside = any(isinstance(around, Select) for around in widget.ancestors)
            if not inside:
                yield widget.id or type(widget).__name__


def explained(wizard: Wizard) -> str:
    """What the help says now, as one line."""
    return " ".join(map(wizard.said, wizard.app.screen.query("#explanation Line").results(Line)))


async def explanation(wizard: Wizard, field: str) -> str:
    """What F1 says about a field; the page is closed again."""
    behind = wizard.app.screen.name or ""
    wizard.app.screen.query_one(f"#{field}").focus()
    await wizard.press("f1")
    await wizard.on("help")
    said = explained(wizard)
    await wizard.press("escape")
    await wizard.on(behind)
    return said


async def palette(wizard: Wizard, *words: str) -> str:
    """What Ctrl+P lists for these words; it stays open."""
    await wizard.press("ctrl+p")
    await wizard.on("palette")
    await wizard.paste(" ".join(words))
    return wizard.screen_text


async def test_every_field_of_every_screen_is_explained_in_both_languages(
    sandbox_of: Callable[[str], Sandbox], tmp_path: Path
) -> None:
    french, english = Voice(Language.FR), Voice(Language.EN)
    fields: set[str] = set()
    async with wizard_on(sandbox_of("fresh"), tmp_path, size=(80, 30)) as wizard:
        await wizard.up_to_business()
        fields |= set(asked(wizard))
        assert english(FIELDS["email"].what) not in await explanation(wizard, "email")
        await palette_on_business(wizard)
        await wizard.on("more")
        fields |= set(asked(wizard))
        assert french(FIELDS["fallback-number"].use) in await explanation(wizard, "fallback-number")
        await wizard.press("ctrl+l")
        assert english(FIELDS["webhook-url"].where) in await explanation(wizard, "webhook-url")
        await wizard.press("ctrl+l", "escape")
        await wizard.fill_business()

        await wizard.on("vapi")
        fields |= set(asked(wizard))
        await search_in_the_help(wizard, french)
        await wizard.fill_vapi()

        await wizard.on("assistant")
        fields |= set(asked(wizard))
        await wizard.click("instructions")
        await wizard.on("instructions-page")
        fields |= set(asked(wizard))
        assert "Ctrl+S" in await explanation(wizard, "instructions-text")
        await wizard.press("escape")
        await wizard.on("assistant")
        await palette(wizard, "later")
        await wizard.press("enter")
        await wizard.on("twilio")
        fields |= set(asked(wizard))
        await wizard.fill_twilio()
        await wizard.on("number")
        fields |= set(asked(wizard))
        await palette(wizard, "2", "vapi")
        await wizard.press("enter")
        await wizard.on("vapi")
    fields -= _NO_FIELDS
    incomplete = [
        name
        for name in sorted(fields)
        if (known := guidance(name)) is None or not (known.where and known.example)
    ]
    assert incomplete == []
    assert {"business-name", "recorded", "own-key", "numbers", "key-secret"} <= fields


async def palette_on_business(wizard: Wizard) -> None:
    """See what is listed before there is anything, and open a page by the other language's word."""
    listed = await palette(wizard)
    assert "F8" not in listed
    assert "+33" not in listed
    # A key pasted into it is not shown.
    await wizard.paste(VAPI_KEY)
    assert VAPI_KEY[:12] not in wizard.screen_text
    await wizard.type("search", "more")
    await wizard.press("enter")


async def search_in_the_help(wizard: Wizard, voice: Voice) -> None:
    """Any other topic is a few letters away."""
    await wizard.press("f1")
    await wizard.on("help")
    await wizard.press(*"auth")
    await wizard.until(lambda: "Auth Token" in wizard.screen_text, "the topic")
    await wizard.press("enter")
    await wizard.until(lambda: voice(FIELDS["auth-token"].what) in explained(wizard), "its page")
    await wizard.press("f1")
    await wizard.on("vapi")


async def test_what_a_finished_line_allows_is_listed_and_only_there(
    sandbox_of: Callable[[str], Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    await finish(sandbox, tmp_path)
    async with wizard_on(sandbox, tmp_path, language=Language.EN, size=(80, 36)) as wizard:
        await wizard.on("proof")
        listed = await palette(wizard)
        assert "F8" in listed
        assert "F9" in listed
        assert "Go to step 1: Business" in listed
        # Textual's own commands speak English only, and one of them writes pictures of the screen.
        assert "Screenshot" not in listed
        await wizard.paste("copy number")
        await wizard.press("enter")
        await wizard.on("proof")
        assert wizard.app.clipboard == sandbox.announcement.numbers[0]

        await palette(wizard, "diagnostic")
        await wizard.press("enter")
        await wizard.on("doctor")
        listed = await palette(wizard)
        assert "Go to step" not in listed
        assert "Look again" in listed
        # Its own key closes it again.
        await wizard.press("ctrl+p")
        await wizard.on("doctor")
        await palette(wizard, "copy nothing that there is")
        assert "Nothing is called that." in wizard.screen_text
        await wizard.press("escape")
        await wizard.on("doctor")
