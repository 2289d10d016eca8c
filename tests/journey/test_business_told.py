"""A finished set-up whose business changes: its assistant at Vapi is told, once that was shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.onboarding.composing import compose
from tests.journey.wizard import wizard_on

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ava_setup.sandbox import Sandbox


async def test_new_opening_hours_are_told_to_the_assistant_and_a_caller_is_answered_still(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    async with wizard_on(sandbox, tmp_path) as wizard:
        await wizard.up_to_review()
        await wizard.press("enter")
        await wizard.on("proof")
        await wizard.click("change")
        await wizard.on("change")
        await wizard.press("enter")
        await wizard.on("business")
        await wizard.type("opening-hours", "mar-sam 10h-19h")
        await wizard.click("next")
        await wizard.on("review")
        assert wizard.written() == {"instructions"}
        review = wizard.app.setup.store.state.live.review
        assert review is not None
        (change,) = review.writes
        said = wizard.app.voice(change.effect.words)
        before, after = said.split(" → ")
        assert "du lundi au vendredi" in before
        assert "du mardi au samedi de 10 h à 19 h" in after

        (there,) = wizard.vendors()["vapi"]["assistants"]
        await wizard.press("enter")
        await wizard.on("proof")
        (told,) = wizard.vendors()["vapi"]["assistants"]
        profile = wizard.app.setup.saved.profile
        assert profile is not None
        assert told["model"]["messages"][0]["content"] == compose(profile).instructions
        changed = {name for name in there if there[name] != told[name]}
        assert changed <= {"model", "updatedAt"}
        assert told["model"]["tools"] == there["model"]["tools"]
        assert wizard.call()["answered"]
