"""`/assistant` (contract: vapi.md, Assistants)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.sandbox.exchange import Answer
from ava_setup.sandbox.quirks import Quirk
from ava_setup.sandbox.vapi.assistant_body import Assistant, ElevenLabsVoice
from ava_setup.sandbox.vapi.body import read
from ava_setup.sandbox.vapi.lists import listed
from ava_setup.sandbox.vapi.refusals import bad_request, not_found, pinned

if TYPE_CHECKING:
    from ava_setup.sandbox.exchange import Asked
    from ava_setup.sandbox.world import Document, World

# The presets of the specification; any other voice of theirs is in nobody's library here.
_ELEVEN_LABS = frozenset(
    {
        "burt",
        "marissa",
        "andrea",
        "sarah",
        "phillip",
        "steve",
        "joseph",
        "myra",
        "paula",
        "ryan",
        "drew",
        "paul",
        "mrb",
        "matilda",
        "mark",
    }
)


def _read(asked: Asked) -> Document:
    body, sent = read(Assistant, asked)
    voice = body.voice
    if isinstance(voice, ElevenLabsVoice) and voice.voice_id not in _ELEVEN_LABS:
        raise bad_request("Couldn't Find 11labs Voice")
    if "model" in sent:
        # Taken and ignored: an assistant that has no other prompt has none.
        sent["model"].pop("systemPrompt", None)
    return sent


def one_of_ours(world: World, assistant_id: str) -> Document:
    """Find an assistant.

    Raises:
        RefusalError: 404, there is none with this id.
    """
    record = world.org.assistants.get(assistant_id)
    if record is None:
        raise not_found("Assistant Not Found.")
    return record


def list_all(world: World, asked: Asked) -> Answer:
    """`GET /assistant`: a bare array."""
    return Answer(200, listed(asked, world.org.assistants.values()))


def create(world: World, asked: Asked) -> Answer:
    """`POST /assistant`: 201; the same body twice makes two assistants."""
    sent = _read(asked)
    assistant_id = world.ids.new_uuid("assistant")
    record = {"id": assistant_id, "orgId": world.org.org_id, **sent, **world.stamps()}
    world.org.assistants[assistant_id] = record
    return Answer(201, record)


def show(world: World, asked: Asked, assistant_id: str) -> Answer:
    """`GET /assistant/{id}`."""
    del asked
    return Answer(200, one_of_ours(world, assistant_id))


def change(world: World, asked: Asked, assistant_id: str) -> Answer:
    """`PATCH /assistant/{id}`: each top-level field that is sent is replaced wholly."""
    record = one_of_ours(world, assistant_id)
    record.update(_read(asked))
    world.touch(record)
    return Answer(200, record)


def delete(world: World, asked: Asked, assistant_id: str) -> Answer:
    """`DELETE /assistant/{id}`: numbers that were linked to it go on naming it."""
    del asked
    record = one_of_ours(world, assistant_id)
    linked = any(n.get("assistantId") == assistant_id for n in world.org.numbers.values())
    if linked and Quirk.ASSISTANT_PINNED in world.quirks:
        raise pinned()
    del world.org.assistants[assistant_id]
    return Answer(200, record)
