"""What is being done right now, in words, for whoever watches."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from ava_setup.words import NOTHING, Text

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from ava_setup.onboarding.ports import Store


@asynccontextmanager
async def doing(store: Store, activity: Text) -> AsyncIterator[None]:
    """Say what is being done while it is, and no longer."""
    await say(store, activity)
    try:
        yield
    finally:
        await say(store, NOTHING)


async def say(store: Store, activity: Text) -> None:
    """Say what is being done from now on."""
    await store.update(lambda state: state.note(activity=activity))
