"""Creates an assistant once, whatever happens to the answer."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from ava_setup.onboarding import changes, journal
from ava_setup.onboarding.errors import VendorError
from ava_setup.onboarding.state import CreateAssistant

if TYPE_CHECKING:
    from ava_setup.onboarding.assistant import Assistant, AssistantDraft
    from ava_setup.onboarding.ports import Store, Vapi


_LATER_LOOKS = 2


class Creator:
    """One creation of one assistant.

    Vapi has no idempotency keys (contract: vapi.md): the intent is written first, and after an
    unseen answer the assistant is looked for by its mark, never made twice.

    Args:
        settle_s: Seconds between two looks for what an unseen request may still be making.
    """

    def __init__(self, store: Store, vapi: Vapi, *, settle_s: float) -> None:
        self._store = store
        self._vapi = vapi
        self._settle_s = settle_s

    async def create(self, draft: AssistantDraft) -> Assistant:
        """Create an assistant and have it answer, or take up the creation that this one repeats.

        Raises:
            VendorError: It was not created.
            StoreError: The intent could not be written; nothing was asked of Vapi then.
        """
        intent = journal.earlier_creation(self._store.state.saved, draft.create_id)
        if intent is None:
            intent = journal.addressed(
                self._store.state.saved,
                CreateAssistant(create_id=draft.create_id or uuid4().hex, at=datetime.now(UTC)),
            )
            await self._open(intent)
            assistant = await self._post(replace(draft, create_id=intent.create_id), intent)
        else:
            assistant = await self._take_up(replace(draft, create_id=intent.create_id), intent)
        await self._store.update(
            lambda state: changes.assistant_created(state, intent, assistant, draft)
        )
        return assistant

    async def _take_up(self, draft: AssistantDraft, intent: CreateAssistant) -> Assistant:
        """Have what an earlier creation made be as the draft now says, or make it."""
        made = await self._made_by(intent)
        # A request that nobody waits for any more may still be on its way through Vapi.
        for _look in range(0 if intent.made else _LATER_LOOKS):
            if made is not None:
                break
            await asyncio.sleep(self._settle_s)
            made = await self._made_by(intent)
        if made is None:
            return await self._post(draft, intent)
        return await self._vapi.update_assistant(made.id, draft)

    async def _post(self, draft: AssistantDraft, intent: CreateAssistant) -> Assistant:
        try:
            return await self._vapi.create_assistant(draft)
        except VendorError as error:
            if not error.may_have_acted:
                await self._withdraw(intent)
                raise
            made = await self._made_by(intent)
            if made is None:
                raise
            return made

    async def _made_by(self, intent: CreateAssistant) -> Assistant | None:
        """Look for the assistant that an intent made."""
        assistants = await self._vapi.list_assistants()
        # A mark may be unreadable: what was made is also known by its id, once that was seen.
        return next(
            (
                one
                for one in assistants
                if one.create_id == intent.create_id or one.id == intent.made
            ),
            None,
        )

    async def _open(self, intent: CreateAssistant) -> None:
        await self._store.update(lambda state: journal.opened(state, intent))

    async def _withdraw(self, intent: CreateAssistant) -> None:
        await self._store.update(lambda state: journal.withdrawn(state, intent))
