"""`ava-setup export`, and that `apply` makes the same of it elsewhere."""

from __future__ import annotations

import asyncio
import json
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ava_setup.headless.reading import read
from tests.headless.files import of
from tests.journey.wizard import wizard_on

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.headless.conftest import Desk

OWN = """
fallback = "+33199005678"

[business.assistant]
name = "Ava du soir"
voice = "henri"
recorded = true
greeting = "Bonjour, ici Ava, l'assistante virtuelle. Que puis-je pour vous ?"
instructions = \"\"\"
Prenez le nom.

Puis le numéro, et "répétez-le".
\"\"\"
"""


DIFFERENT = r'"(createId|createdAt|updatedAt|date_created|date_updated)": "[^"]*"'


def held(desk: Desk) -> Any:
    """Give what both vendors hold, without what is another at each time: ids and dates."""
    state = json.dumps(desk.get("state"), sort_keys=True)
    state = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "ID", state)
    state = re.sub(DIFFERENT, r'"\1": ""', state)
    return json.loads(state)


def elsewhere(desk: Desk) -> Desk:
    """Sit down at a computer that knows nothing, with empty vendors."""
    desk.monkeypatch.setenv("AVA_SETUP_HOME", str(desk.home.parent / "elsewhere"))
    desk.monkeypatch.setenv("VAPI_API_KEY", desk.told.vapi_key)
    desk.monkeypatch.setenv("TWILIO_AUTH_TOKEN", desk.told.twilio_auth_token)
    desk.post("reset", {"scenario": desk.told.scenario})
    return desk


def exported(desk: Desk, profile: str) -> str:
    printed = desk.run("export", "--profile", profile)
    assert printed.code == 0
    assert desk.told.vapi_key not in printed.out
    assert desk.told.twilio_auth_token not in printed.out
    return printed.out


# What a person does not see in the wizard unless they look for it.
WEBHOOK = '[business.vapi]\nwebhook_url = "https://hooks.example/vapi"'


@pytest.mark.parametrize("more", ["", OWN], ids=["as offered", "in its own words"])
def test_what_was_applied_exported_and_applied_elsewhere_is_the_same(
    desk_at: Callable[..., Desk], more: str
) -> None:
    desk = desk_at()
    source = of(desk.told, more=more)
    if more:
        source = source.replace("[business.vapi]", WEBHOOK)
        source = source.replace("[business.twilio]", "[business.twilio]\nown_key = true")
    assert desk.run("apply", desk.file(source), "--yes").code == 0
    before, file = held(desk), exported(desk, "martin")
    assert desk.run("apply", elsewhere(desk).file(file, "exported.toml"), "--yes").code == 0
    assert held(desk) == before
    assert desk.ring()["answered"]


def test_what_the_wizard_did_exported_and_applied_elsewhere_is_the_same(
    desk_at: Callable[..., Desk],
) -> None:
    desk = desk_at()

    async def journey() -> None:
        async with wizard_on(desk.sandbox, desk.home) as wizard:
            await wizard.up_to_review()
            await wizard.press("enter")
            await wizard.on("proof")

    asyncio.run(journey())
    before, file = held(desk), exported(desk, "default")
    assert desk.run("apply", elsewhere(desk).file(file), "--yes").code == 0
    assert held(desk) == before


def test_a_file_that_is_there_is_not_overwritten(desk_at: Callable[..., Desk]) -> None:
    desk = desk_at()
    desk.run("apply", desk.file(of(desk.told)), "--yes")
    there = desk.file("mine", "there.toml")
    assert desk.run("export", "--profile", "martin", "--output", there).code == 2
    fresh = str(desk.home.parent / "fresh.toml")
    assert desk.run("export", "--profile", "martin", "--output", fresh).code == 0
    written = Path(fresh).read_text(encoding="utf-8")
    assert read(written).answers.business[0].name == "martin"


def test_a_business_that_is_not_there_or_not_finished_is_told(desk_at: Callable[..., Desk]) -> None:
    desk = desk_at()
    assert desk.run("export").code == 3
    assert "default" in desk.run("export").err


def test_the_file_names_an_assistant_that_was_there_before(desk_at: Callable[..., Desk]) -> None:
    desk = desk_at("unlinked")
    more = '[business.assistant]\nchoose = "first-available"'
    desk.run("apply", desk.file(of(desk.told, more=more)), "--yes")
    [written] = tomllib.loads(exported(desk, "martin"))["business"]
    assert written["assistant"] == {"choose": "first-available"}
