"""The shared state: no update lost, none half done, everybody told."""

from __future__ import annotations

import asyncio
import os
import threading
from typing import TYPE_CHECKING, Any

import pytest

from ava_setup.onboarding.errors import ErrorCode, StoreError
from ava_setup.onboarding.state import Saved, State
from ava_setup.store.state_file import StateFile
from ava_setup.store.state_store import StateStore
from ava_setup.words import verbatim
from tests.store.test_disk import refuse

if TYPE_CHECKING:
    from collections.abc import Callable

    from ava_setup.onboarding.ports import Store
    from ava_setup.store.places import ProfileFolder


@pytest.fixture
def file(folder: ProfileFolder) -> StateFile:
    return StateFile(folder.state)


@pytest.fixture
def store(file: StateFile) -> StateStore:
    return StateStore(file, Saved())


def typing(**answers: str) -> Callable[[State], State]:
    return lambda state: State(saved=state.saved.with_typed(**answers), live=state.live)


def counting(state: State) -> State:
    count = int(state.saved.typed.get("count", "0"))
    return typing(count=str(count + 1))(state)


class SlowFile(StateFile):
    """Writes when it is let to."""

    def __init__(self, folder: ProfileFolder) -> None:
        super().__init__(folder.state)
        self.begun = threading.Event()
        self.go_on = threading.Event()

    def write(self, saved: Saved) -> None:
        self.begun.set()
        assert self.go_on.wait(5)
        super().write(saved)


async def begun(file: SlowFile) -> None:
    assert await asyncio.to_thread(file.begun.wait, 5)


async def test_the_store_is_what_the_engine_asks_for(store: StateStore) -> None:
    port: Store = store
    assert port.state == State()


async def test_an_update_is_on_disk_when_it_returns(store: StateStore, file: StateFile) -> None:
    after = await store.update(typing(email="a@example.fr"))
    assert store.state is after
    assert file.load().saved == after.saved


async def test_a_store_begins_with_what_was_loaded(file: StateFile) -> None:
    saved = Saved(answers=(("email", "a@example.fr"),))
    assert StateStore(file, saved).state == State(saved=saved)


async def test_what_is_only_known_while_running_is_not_written(
    store: StateStore, file: StateFile
) -> None:
    seen: list[State] = []
    store.subscribe(seen.append)
    await store.update(lambda state: state.note(activity=verbatim("Looking")))
    assert [state.live.activity for state in seen] == [verbatim("Looking")]
    assert not file.path.exists()


async def test_an_equal_state_writes_nothing_and_tells_nobody(
    store: StateStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.update(typing(email="a@example.fr"))
    before = store.state
    seen: list[State] = []
    store.subscribe(seen.append)
    monkeypatch.setattr(os, "open", refuse(5))
    assert await store.update(typing(email="a@example.fr")) is before
    assert store.state is before
    assert seen == []


async def test_a_hundred_updates_at_once_lose_none(store: StateStore, file: StateFile) -> None:
    seen: list[str] = []
    store.subscribe(lambda state: seen.append(state.saved.typed["count"]))
    await asyncio.gather(*(store.update(counting) for _ in range(100)))
    assert file.load().saved.typed["count"] == "100"
    assert seen == [str(count) for count in range(1, 101)]


async def test_the_loop_runs_on_during_a_write(folder: ProfileFolder) -> None:
    file = SlowFile(folder)
    store = StateStore(file, Saved())
    update = asyncio.create_task(store.update(counting))
    await begun(file)
    assert store.state == State()
    file.go_on.set()
    await update
    assert store.state.saved.typed["count"] == "1"


async def test_a_change_that_raises_changes_nothing(store: StateStore) -> None:
    def fail(_: State) -> State:
        raise LookupError

    with pytest.raises(LookupError):
        await store.update(fail)
    assert store.state == State()
    await store.update(counting)


async def test_a_write_that_fails_leaves_memory_and_disk_as_before(
    store: StateStore, file: StateFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.update(counting)
    before = store.state
    seen: list[State] = []
    store.subscribe(seen.append)
    with monkeypatch.context() as full:
        full.setattr(os, "fsync", refuse(28))
        with pytest.raises(StoreError) as caught:
            await store.update(counting)
    assert caught.value.code is ErrorCode.STATE_UNWRITABLE
    assert (store.state, seen) == (before, [])
    assert file.load().saved == before.saved
    assert (await store.update(counting)).saved.typed["count"] == "2"


async def test_an_update_cancelled_while_it_is_written_takes_place_first(
    folder: ProfileFolder,
) -> None:
    file = SlowFile(folder)
    store = StateStore(file, Saved())
    seen: list[State] = []
    store.subscribe(seen.append)
    update = asyncio.create_task(store.update(counting))
    await begun(file)
    for _ in range(3):
        update.cancel()
        await asyncio.sleep(0)
        assert not update.done()
    file.go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await update
    assert store.state.saved.typed["count"] == "1"
    assert file.load().saved == store.state.saved
    assert seen == [store.state]


async def test_an_update_cancelled_while_its_write_fails_leaves_all_as_before(
    folder: ProfileFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = SlowFile(folder)
    store = StateStore(file, Saved())
    update = asyncio.create_task(store.update(counting))
    await begun(file)
    update.cancel()
    monkeypatch.setattr(os, "replace", refuse(28))
    file.go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await update
    assert store.state == State()
    assert not file.path.exists()


async def test_an_update_cancelled_before_its_turn_does_nothing(folder: ProfileFolder) -> None:
    file = SlowFile(folder)
    store = StateStore(file, Saved())
    first = asyncio.create_task(store.update(typing(first="1")))
    await begun(file)
    second = asyncio.create_task(store.update(typing(second="2")))
    await asyncio.sleep(0)
    second.cancel()
    file.go_on.set()
    await first
    with pytest.raises(asyncio.CancelledError):
        await second
    assert store.state.saved.typed == {"first": "1"}
    await store.update(typing(third="3"))
    assert file.load().saved.typed == {"first": "1", "third": "3"}


def test_the_end_of_the_loop_sees_a_write_through(folder: ProfileFolder) -> None:
    file = SlowFile(folder)
    store = StateStore(file, Saved())
    kept: set[asyncio.Task[State]] = set()

    async def leave_in_the_middle() -> None:
        kept.add(asyncio.create_task(store.update(counting)))
        await begun(file)
        threading.Timer(0.05, file.go_on.set).start()

    asyncio.run(leave_in_the_middle())
    assert store.state.saved.typed["count"] == "1"
    assert file.load().saved == store.state.saved


async def test_listeners_are_told_in_the_order_in_which_they_came(store: StateStore) -> None:
    told: list[str] = []
    ends = [store.subscribe(lambda _, name=name: told.append(name)) for name in "abc"]  # type: ignore[misc]
    await store.update(counting)
    ends[1]()
    ends[1]()
    await store.update(counting)
    assert told == ["a", "b", "c", "a", "c"]


async def test_the_same_listener_twice_is_two_subscriptions(store: StateStore) -> None:
    seen: list[State] = []
    end = store.subscribe(seen.append)
    store.subscribe(seen.append)
    end()
    await store.update(counting)
    assert len(seen) == 1


async def test_a_listener_whose_subscription_just_ended_is_not_told(store: StateStore) -> None:
    told: list[str] = []
    store.subscribe(lambda _: end())
    end = store.subscribe(lambda _: told.append("late"))
    await store.update(counting)
    assert told == []


async def test_a_listener_may_ask_for_another_update(store: StateStore) -> None:
    asked: list[asyncio.Task[State]] = []

    def ask_once(_: State) -> None:
        if not asked:
            asked.append(asyncio.create_task(store.update(counting)))

    store.subscribe(ask_once)
    await store.update(counting)
    await asked[0]
    assert store.state.saved.typed["count"] == "2"


async def test_a_listener_that_fails_stops_nobody_and_is_reported(
    store: StateStore, file: StateFile
) -> None:
    reported: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context))
    told: list[State] = []
    fault = LookupError("a screen is gone")

    def fail(_: State) -> None:
        raise fault

    store.subscribe(fail)
    store.subscribe(told.append)
    after = await store.update(counting)
    assert told == [after]
    assert file.load().saved == after.saved
    assert [context["exception"] for context in reported] == [fault]
