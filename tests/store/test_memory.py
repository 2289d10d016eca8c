"""A state that nobody keeps: changed like any other, and gone with the process."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ava_setup.onboarding.state import State
from ava_setup.store.memory import MemoryStore
from ava_setup.words import _

if TYPE_CHECKING:
    from ava_setup.onboarding.state import Saved

BUSY = _("Asking Vapi…")


async def test_it_begins_empty_and_each_change_is_seen_by_those_who_asked_to_be_told() -> None:
    store = MemoryStore()
    assert store.state == State()
    seen: list[State] = []
    leave = store.subscribe(seen.append)
    after = await store.update(lambda state: state.note(activity=BUSY))
    assert (store.state, seen) == (after, [after])
    leave()
    await store.update(lambda _state: State())
    assert seen == [after]


async def test_two_of_them_know_nothing_of_each_other() -> None:
    one, other = MemoryStore(), MemoryStore()
    answers: Saved = one.state.saved.with_typed(name="Martin")
    await one.update(lambda state: replace(state, saved=answers))
    assert one.state.saved.typed == {"name": "Martin"}
    assert other.state.saved.typed == {}
