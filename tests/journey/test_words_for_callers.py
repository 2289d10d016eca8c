"""What Ava says and is told: hours, example call and instructions follow what the owner types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Checkbox, TextArea

from ava_setup.onboarding.assistant import INSTRUCTIONS_MAX
from ava_setup.onboarding.state import DraftedAssistant
from ava_setup.tui.widgets.dialogue import Dialogue
from ava_setup.tui.widgets.spoken import Line
from ava_setup.words import Language
from tests.journey.wizard import Wizard, wizard_on

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ava_setup.sandbox import Sandbox

OWN = "Dites toujours que le parking est derrière."


def spaced(words: str) -> str:
    return words.replace("\u00a0", " ")


async def _hours_are_shown_back(wizard: Wizard) -> None:
    await wizard.type("opening-hours", "lun-ven 9h-18h, sam 9-12")
    shown = spaced(wizard.message("opening-hours"))
    assert "lundi–vendredi 9 h–18 h, samedi 9 h–12 h" in shown  # noqa: RUF001 - as it is shown
    await wizard.press("ctrl+l")
    await wizard.until(
        lambda: "Monday–Friday 9 am–6 pm" in spaced(wizard.message("opening-hours")),  # noqa: RUF001
        "the hours in English",
    )
    # What cannot be meant holds up once, and is then kept as it was typed.
    await wizard.type("opening-hours", "lun-ven 25h-26h")
    assert "“25h” is no time of day" in wizard.message("opening-hours")
    assert not wizard.is_wrong("opening-hours")
    await wizard.click("next")
    await wizard.pilot.pause()
    assert wizard.app.screen.name == "business"
    await wizard.click("next")
    await wizard.fill_vapi()
    await wizard.on("assistant")


async def _the_example_follows(wizard: Wizard) -> None:
    await wizard.type("greeting", "Bonjour, l'assistante virtuelle de Martin vous écoute ?")
    wizard.app.screen.query_one("#recorded", Checkbox).toggle()
    await wizard.pilot.pause()
    await wizard.click("example-button")
    await wizard.on("example-call")
    words = spaced(wizard.words)
    assert "Caller Bonjour, je voudrais un renseignement" in words
    assert "Cet appel est enregistré" in words
    assert "01, 99, 00, 12, 34" in words
    await wizard.press("escape")
    await wizard.on("assistant")
    # With room enough it stands on the step itself.
    await wizard.pilot.resize_terminal(100, 36)
    await wizard.until(lambda: wizard.app.screen.query_one(Dialogue).display, "the example")
    wizard.app.screen.query_one("#recorded", Checkbox).toggle()
    await wizard.until(lambda: "enregistré" not in wizard.words, "no notice of a recording")
    assert "Martin vous écoute" in wizard.words


async def _instructions_are_measured_undone_and_kept(wizard: Wizard) -> None:
    await wizard.click("instructions")
    await wizard.on("instructions-page")
    editor = wizard.app.screen.query_one(TextArea)
    ready = editor.text

    def says(line: str) -> str:
        return spaced(wizard.said(wizard.app.screen.query_one(f"#{line}", Line)))

    editor.text = "x" * (INSTRUCTIONS_MAX + 1)
    await wizard.until(lambda: "20001 characters" in says("wrong"), "too long")
    await wizard.press("escape")
    assert wizard.app.screen.name == "instructions-page"
    await wizard.click("restore")
    await wizard.until(lambda: editor.text == ready and not says("wrong"), "the ready-made text")
    await wizard.paste("word " * INSTRUCTIONS_MAX)
    assert "99999 characters" in says("wrong")
    assert editor.text == ready
    assert f"{len(ready):,}".replace(",", " ") in says("length")
    await wizard.paste(f"{OWN}\n\n")
    await wizard.until(lambda: says("own").endswith(": 1."), "one line of her own")
    await wizard.click("restore")
    await wizard.press("ctrl+z")
    await wizard.until(lambda: editor.text == f"{OWN}\n{ready}", "her text again")
    await wizard.press("escape")
    await wizard.on("assistant")


async def _instructions_follow_the_business(wizard: Wizard) -> None:
    for step in ("vapi", "business"):
        await wizard.press("escape")
        await wizard.on(step)
    await wizard.type("opening-hours", "mar-sam 10h-19h")
    await wizard.click("next")
    await wizard.on("assistant")
    await wizard.click("next")
    await wizard.on("twilio")
    chosen = wizard.app.setup.saved.assistant
    assert isinstance(chosen, DraftedAssistant)
    assert chosen.draft.instructions.startswith(OWN)
    assert "du mardi au samedi de 10 h à 19 h" in chosen.draft.instructions
    assert "25h" not in chosen.draft.instructions


async def test_the_words_for_callers_follow_what_the_owner_types(
    sandbox_of: Callable[[str], Sandbox], tmp_path: Path
) -> None:
    async with wizard_on(sandbox_of("fresh"), tmp_path, language=Language.FR) as wizard:
        await wizard.up_to_business()
        await wizard.type("business-name", "Chez Léa")
        await wizard.type("email", "lea@example.fr")
        await _hours_are_shown_back(wizard)
        await _the_example_follows(wizard)
        await _instructions_are_measured_undone_and_kept(wizard)
        await _instructions_follow_the_business(wizard)
