"""An assistant that is told something else: all else that it has stays, secrets included."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ava_setup.clients import vapi_bodies as bodies
from ava_setup.onboarding.assistant import AssistantMends
from ava_setup.onboarding.profile import CallersLanguage
from tests.clients.lab import ASSISTANT, ASSISTANT_ID, AUTH_TOKEN, KEY_SECRET, Script, draft, vapi
from tests.sandbox.spec import needs_contracts, vapi_schema_errors


@needs_contracts
@pytest.mark.parametrize("language", [None, *CallersLanguage])
def test_other_instructions_leave_the_model_its_tools_and_bring_last_words_of_the_language(
    language: CallersLanguage | None,
) -> None:
    made = bodies.new_assistant(draft())
    kept = bodies.Kept(model=made["model"], last_words=made["endCallMessage"])
    mends = AssistantMends(instructions="Soyez brève.", language=language)
    body = bodies.mended_assistant(mends, kept)
    told = [{"role": "system", "content": "Soyez brève."}]
    assert body["model"] == {**made["model"], "messages": told}
    assert body.get("endCallMessage") == (bodies.LAST_WORDS[language] if language else None)
    assert vapi_schema_errors("patch", "/assistant/{id}", "request", body) == []
    own = bodies.mended_assistant(mends, replace(kept, last_words="Salut !"))
    assert "endCallMessage" not in own


async def test_other_instructions_leave_all_else_that_a_model_has_and_its_secrets() -> None:
    tool = {"type": "function", "server": {"secret": AUTH_TOKEN, "headers": {"X-Key": KEY_SECRET}}}
    messages = [{"role": "user", "content": "?"}, {"role": "system", "content": "\tSois brève. "}]
    model = {"provider": "openai", "model": "gpt-4.1", "messages": messages, "tools": [tool]}
    script = Script((200, {**ASSISTANT, "model": model}), (200, {**ASSISTANT, "model": model}))
    there = await vapi(script).mend_assistant(ASSISTANT_ID, AssistantMends(instructions="Non."))
    assert there.instructions == "\tSois brève. "
    told = [messages[0], {"role": "system", "content": "Non."}]
    assert script.bodies[1] == {"model": {**model, "messages": told}}


@pytest.mark.parametrize("model", [None, "odd", {"messages": "odd"}, {"messages": [None, {}]}])
async def test_instructions_that_make_no_sense_are_none(model: object) -> None:
    script = Script((200, {**ASSISTANT, "model": model}))
    assert (await vapi(script).read_assistant(ASSISTANT_ID)).instructions == ""


@pytest.mark.parametrize("model", [{"tools": []}, {"messages": []}])
async def test_what_was_told_nothing_is_told_first(model: dict[str, object]) -> None:
    script = Script((200, {**ASSISTANT, "model": model}), (200, ASSISTANT))
    await vapi(script).mend_assistant(ASSISTANT_ID, AssistantMends(instructions="Oui."))
    assert script.bodies[1]["model"]["messages"] == [{"role": "system", "content": "Oui."}]
