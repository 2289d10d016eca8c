"""A secret that stands in a field for everybody to read goes neither to disk nor to a vendor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.sandbox import Sandbox
from tests.journey.wizard import wizard_on

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

TOKEN = "d06f00d5a5a5a1b2c3d4e5f60718293a"


async def test_a_token_typed_key_by_key_as_the_name_is_refused_and_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    with Sandbox("fresh") as sandbox:
        async with wizard_on(sandbox, tmp_path) as wizard:
            await wizard.up_to_business()
            await wizard.type("email", "contact@plomberie-martin.example")
            wizard.app.screen.query_one("#business-name").focus()
            await wizard.press(*TOKEN)
            await wizard.click("next")
            await wizard.until(lambda: wizard.is_wrong("business-name"), "a complaint")
            assert wizard.app.screen.name == "business"
            assert wizard.value("business-name") == TOKEN
            await wizard.press("ctrl+q")
    kept = [path.read_text() for path in tmp_path.rglob("*") if path.is_file()]
    assert any("plomberie-martin" in text for text in kept)
    assert not any(TOKEN in text for text in kept)
