"""Carries out what is to be undone, step by step; what was done already is recognised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.onboarding import journal
from ava_setup.onboarding.errors import ErrorCode, NotFound, Rejected, Vendor, VendorError
from ava_setup.onboarding.number import spaced
from ava_setup.onboarding.state import ChosenAssistant, ImportNumber, RelinkNumber, Undone
from ava_setup.onboarding.undo_steps import (
    DeleteAssistant,
    DeleteNumber,
    HandBack,
    PutWebhooksBack,
    Step,
    UndoFacts,
    UndoPlan,
    Webhooks,
)
from ava_setup.onboarding.undoing import is_vapis, plan_undo, to_write

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ava_setup.onboarding.connections import Connections
    from ava_setup.onboarding.number import TwilioNumber, VapiNumber
    from ava_setup.onboarding.ports import Store, Vapi
    from ava_setup.onboarding.state import State
    from ava_setup.words import Text


class Undoer:
    """Takes back what a set-up did at the vendors, as far as it is still as it was left."""

    def __init__(self, store: Store, connections: Connections) -> None:
        self._store = store
        self._connections = connections

    @property
    def has_something(self) -> bool:
        """Whether the journal holds anything that is not wholly undone."""
        return bool(journal.standing(self._store.state.saved))

    async def plan(self) -> UndoPlan:
        """Read the vendors and say what undoing would mean; changes nothing.

        Raises:
            VendorError: A vendor could not be asked.
            SetupError: Credentials that it needs are missing.
        """
        entries = journal.standing(self._store.state.saved)
        if not entries:
            return UndoPlan()
        vapi = await self._connections.vapi()
        wanted = {entry.number for entry in entries if isinstance(entry, ImportNumber)}
        at_twilio = [await self._find(number) for number in sorted(wanted)]
        facts = UndoFacts(
            assistants=await vapi.list_assistants(),
            vapi_numbers=await _unmasked(vapi, wanted),
            twilio_numbers=tuple(one for one in at_twilio if one is not None),
        )
        return plan_undo(entries, facts)

    async def carry_out(
        self, agreed: UndoPlan, done: Callable[[Step], None] = lambda _step: None
    ) -> tuple[Text, ...]:
        """Do what was agreed to, as far as it still is what undoing means.

        Args:
            agreed: The plan that the user saw.
            done: Told of each step that is done.

        Returns:
            What was left as it is.

        Raises:
            VendorError: A step failed; those before it are done and will not be repeated.
            StoreError: The journal could not be written.
        """
        plan = await self.plan()
        left = plan.left
        await self._store.update(lambda state: _settled(state, plan.settled))
        for step in plan.steps:
            # What came up since the user was asked is not theirs to have agreed to.
            if step not in agreed.steps:
                continue
            try:
                await self._do(step)
            except Rejected as error:
                if error.code is not ErrorCode.ASSISTANT_PINNED:
                    raise
                left = (*left, error.problem.what)
                continue
            await self._store.update(lambda state, step=step: _after(state, step))  # type: ignore[misc]
            done(step)
        return left

    async def _do(self, step: Step) -> None:
        match step:
            case PutWebhooksBack(sid=sid, number=number, webhooks=webhooks):
                await self._point(sid, number, webhooks)
            case HandBack(phone_number_id=phone_number_id, holder=holder):
                vapi = await self._connections.vapi()
                await vapi.hand_back_number(phone_number_id, holder)
            case DeleteNumber(phone_number_id=phone_number_id, number=number, webhooks=webhooks):
                vapi = await self._connections.vapi()
                await _gone(
                    vapi.delete_number(phone_number_id), lambda: vapi.read_number(phone_number_id)
                )
                await self._keep_webhooks(number, webhooks)
            case DeleteAssistant(assistant_id=assistant_id):
                vapi = await self._connections.vapi()
                await _gone(
                    vapi.delete_assistant(assistant_id), lambda: vapi.read_assistant(assistant_id)
                )

    async def _find(self, number: str) -> TwilioNumber | None:
        _credentials, twilio = await self._connections.twilio()
        return await twilio.find_number(number)

    async def _point(self, sid: str, number: str, webhooks: Webhooks) -> None:
        """Write webhooks, and read them back (contract: twilio.md, Endpoints)."""
        _credentials, twilio = await self._connections.twilio()
        try:
            await twilio.point_number(sid, webhooks)
        except VendorError as error:
            if not error.may_have_acted:
                raise
        now = await twilio.find_number(number)
        if now is not None and any(map(is_vapis, _still_there(now, webhooks))):
            raise VendorError(ErrorCode.WEBHOOKS_NOT_BACK, Vendor.TWILIO, number=spaced(number))

    async def _keep_webhooks(self, number: str, wanted: Webhooks) -> None:
        """Put back once more what the deletion at Vapi may have emptied."""
        now = await self._find(number) if wanted else None
        if now is not None and (writes := to_write(now, wanted)):
            await self._point(now.sid, number, writes)


def _still_there(now: TwilioNumber, wanted: Webhooks) -> tuple[str, ...]:
    """Give the webhooks that a number has in place of the wanted ones."""
    missing = to_write(now, wanted)
    pairs = (
        (now.voice_url, missing.voice_url),
        (now.status_callback, missing.status_callback),
        (now.sms_url, missing.sms_url),
    )
    return tuple(is_now for is_now, want in pairs if want is not None)


async def _gone(deletion: Awaitable[None], read: Callable[[], Awaitable[object]]) -> None:
    """Delete something; that it is not there is what was wanted.

    Raises:
        VendorError: It is still there.
    """
    try:
        await deletion
    except NotFound:
        return
    except VendorError as error:
        if not error.may_have_acted:
            raise
        failure = error
    else:
        return
    try:
        await read()
    except NotFound:
        return
    raise failure


async def _unmasked(vapi: Vapi, wanted: set[str]) -> tuple[VapiNumber, ...]:
    """List numbers, reading those one by one that a masked list hides and that may be wanted."""
    return tuple(
        [
            await vapi.read_number(one.id)
            if "*" in one.number and any(_fits(one.number, number) for number in wanted)
            else one
            for one in await vapi.list_numbers()
        ]
    )


def _fits(masked: str, number: str) -> bool:
    start, end = masked.split("*", 1)[0], masked.rsplit("*", 1)[-1]
    return number.startswith(start) and number.endswith(end)


def _settled(state: State, entries: tuple[journal.Entry, ...]) -> State:
    """Take in that nothing of some entries is there any more."""
    for entry in entries:
        match entry:
            case ImportNumber(number=number):
                state = _without_number(state, number)
            case RelinkNumber(phone_number_id=phone_number_id):
                state = _without_link(state, phone_number_id)
            case _:
                state = _without_assistant(state, entry.made)
    return journal.undone(state, entries, Undone.WHOLLY)


def _after(state: State, step: Step) -> State:
    """Take in that a step is done."""
    match step:
        case DeleteAssistant(assistant_id=assistant_id):
            state = _without_assistant(state, assistant_id)
        case HandBack(phone_number_id=phone_number_id):
            state = _without_link(state, phone_number_id)
        case PutWebhooksBack(number=number) | DeleteNumber(number=number):
            state = _without_number(state, number)
    return journal.undone(state, step.entries, step.undone)


def _without_number(state: State, number: str) -> State:
    chosen, linked = state.saved.number, state.saved.linked
    if linked and linked.number == number:
        state = state.save(linked=None, answered=None)
    if chosen and chosen.number == number:
        state = state.save(number=None)
    return state.note(checks=(), result=None)


def _without_link(state: State, phone_number_id: str) -> State:
    linked = state.saved.linked
    if linked and linked.phone_number_id == phone_number_id:
        return _without_number(state, linked.number)
    return state


def _without_assistant(state: State, assistant_id: str) -> State:
    chosen, linked = state.saved.assistant, state.saved.linked
    if isinstance(chosen, ChosenAssistant) and chosen.id == assistant_id:
        state = state.save(assistant=None)
    if linked and linked.assistant_id == assistant_id:
        state = state.save(linked=None, answered=None)
    known = state.live.assistants
    if known is None:
        return state
    return state.note(assistants=tuple(one for one in known if one.id != assistant_id))
