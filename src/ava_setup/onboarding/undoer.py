"""Carries out what is to be undone, step by step; what was done already is recognised."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from ava_setup.onboarding import journal, undo_changes
from ava_setup.onboarding.errors import (
    CredentialsRefused,
    ErrorCode,
    NotFound,
    Rejected,
    Vendor,
    VendorError,
)
from ava_setup.onboarding.number import is_vapis, spaced
from ava_setup.onboarding.undo_facts import gather
from ava_setup.onboarding.undo_steps import (
    DeleteAssistant,
    DeleteKey,
    DeleteNumber,
    HandBack,
    PutFallbackBack,
    PutSettingsBack,
    PutWebhooksBack,
    Step,
    UndoPlan,
    Webhooks,
)
from ava_setup.onboarding.undoing import plan_undo
from ava_setup.onboarding.undoing_keys import key_stays
from ava_setup.onboarding.undoing_webhooks import to_write
from ava_setup.words import Text, _

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ava_setup.onboarding.connections import Connections
    from ava_setup.onboarding.number import TwilioNumber
    from ava_setup.onboarding.ports import Store


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
        facts = await gather(self._store.state.saved, self._connections)
        elsewhere = (_OUT_OF_REACH,) if facts.elsewhere else ()
        return plan_undo(facts) + UndoPlan(left=elsewhere)

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
        await self._store.update(lambda state: undo_changes.settled(state, plan.settled))
        for step in _agreed_to(plan, agreed):
            await self._store.update(lambda state, step=step: undo_changes.begun(state, step))  # type: ignore[misc]
            try:
                said = await self._do(step)
            except _LeftError as error:
                left += (error.text,)
                continue
            left += tuple(text for text in said if text not in left)
            await self._store.update(lambda state, step=step: undo_changes.after(state, step))  # type: ignore[misc]
            done(step)
        return left

    async def _do(self, step: Step) -> tuple[Text, ...]:
        """Do a step; gives what of it could not be.

        Raises:
            _LeftError: None of it could.
            VendorError: It failed.
        """
        match step:
            case PutWebhooksBack(sid=sid, number=number, webhooks=webhooks):
                return await self._put_back(sid, number, webhooks)
            case DeleteNumber(phone_number_id=phone_number_id, number=number, webhooks=webhooks):
                vapi = await self._connections.vapi()
                await _gone(
                    vapi.delete_number(phone_number_id), lambda: vapi.read_number(phone_number_id)
                )
                return await self._keep_webhooks(number, webhooks)
            case DeleteKey(sids=sids, name=name):
                for sid in sids:
                    await self._delete_key(sid, name)
            case _:
                await self._do_at_vapi(step)
        return ()

    async def _do_at_vapi(
        self, step: HandBack | PutFallbackBack | PutSettingsBack | DeleteAssistant
    ) -> None:
        vapi = await self._connections.vapi()
        match step:
            case HandBack(phone_number_id=phone_number_id, holder=holder):
                await vapi.hand_back_number(phone_number_id, holder)
            case PutFallbackBack(phone_number_id=phone_number_id, number=number, fallback=fallback):
                # What is gone has nothing to be put back.
                with suppress(NotFound):
                    await self._ring(phone_number_id, fallback, number)
            case PutSettingsBack(assistant_id=assistant_id, settings=settings):
                with suppress(NotFound):
                    for earlier in settings:
                        await vapi.put_settings_back(assistant_id, earlier)
            case DeleteAssistant(assistant_id=assistant_id):
                try:
                    await _gone(
                        vapi.delete_assistant(assistant_id),
                        lambda: vapi.read_assistant(assistant_id),
                    )
                except Rejected as error:
                    if error.code is not ErrorCode.ASSISTANT_PINNED:
                        raise
                    raise _LeftError(error.problem.what) from error

    async def _ring(self, phone_number_id: str, fallback: str, number: str) -> None:
        """Have another telephone ring when Ava cannot answer, or none."""
        vapi = await self._connections.vapi()
        try:
            await vapi.set_fallback(phone_number_id, fallback)
        except Rejected as error:
            # Nobody documents how to take one away: where Vapi refuses, all else is undone.
            if fallback:
                raise
            raise _LeftError(_fallback_stays(number)) from error

    async def _delete_key(self, sid: str, name: str) -> None:
        _credentials, twilio = await self._connections.twilio()

        async def read() -> None:
            if sid not in {one.sid for one in await twilio.list_keys()}:
                raise NotFound(ErrorCode.NOT_FOUND, Vendor.TWILIO)

        try:
            await _gone(twilio.delete_key(sid), read)
        except (CredentialsRefused, Rejected) as error:
            # All else was taken back with the same credentials: only this is not allowed.
            raise _LeftError(key_stays(name)) from error

    async def _put_back(self, sid: str, number: str, webhooks: Webhooks) -> tuple[Text, ...]:
        """Write webhooks; a trunk or an app that is gone from Twilio cannot own the number again.

        Returns:
            What could not be written.
        """
        try:
            await self._point(sid, number, webhooks)
        except Rejected as error:
            rest = replace(webhooks, trunk_sid=None, application_sid=None)
            if rest == webhooks or error.code is not ErrorCode.REJECTED:
                raise
            if rest:
                await self._point(sid, number, rest)
            return (_owner_is_gone(number),)
        return ()

    async def _point(self, sid: str, number: str, webhooks: Webhooks) -> None:
        """Write webhooks, and read them back (contract: twilio.md, Endpoints)."""
        _credentials, twilio = await self._connections.twilio()
        try:
            await twilio.point_number(sid, webhooks)
        except VendorError as error:
            if not error.may_have_acted:
                raise
        now = await twilio.find_number(number)
        if now is not None and _is_not_back(now, webhooks):
            raise VendorError(ErrorCode.WEBHOOKS_NOT_BACK, Vendor.TWILIO, number=spaced(number))

    async def _keep_webhooks(self, number: str, wanted: Webhooks) -> tuple[Text, ...]:
        """Put back once more what the deletion at Vapi may have emptied."""
        if not wanted:
            return ()
        _credentials, twilio = await self._connections.twilio()
        now = await twilio.find_number(number)
        if now is None or not (writes := to_write(now, wanted)):
            return ()
        return await self._put_back(now.sid, number, writes)


_OUT_OF_REACH = _(
    "What was made in another Vapi organisation is left as it is: enter that key to undo it."
)


def _owner_is_gone(number: str) -> Text:
    return _(
        "What took the calls of {number} before cannot be had again at Twilio; they go to the "
        "webhook that was set beside it.",
        number=spaced(number),
    )


def _fallback_stays(number: str) -> Text:
    return _(
        "A telephone still rings when Ava cannot answer {number}: Vapi does not let go of it. "
        "Remove it at dashboard.vapi.ai, Phone Numbers.",
        number=spaced(number),
    )


class _LeftError(Exception):
    """A step cannot be done, and all others can."""

    def __init__(self, text: Text) -> None:
        self.text = text
        super().__init__(text.msgid)


def _agreed_to(plan: UndoPlan, agreed: UndoPlan) -> tuple[Step, ...]:
    """Give the steps of a plan that the user saw."""
    # What came up since the user was asked is not theirs to have agreed to.
    steps = tuple(step for step in plan.steps if step in agreed.steps)
    if any(isinstance(step, DeleteNumber) and step not in steps for step in plan.steps):
        # A number that stays at Vapi may need its key.
        return tuple(step for step in steps if not isinstance(step, DeleteKey))
    return steps


def _is_not_back(now: TwilioNumber, wanted: Webhooks) -> bool:
    """Whether a number still sends calls to Vapi, or not to their earlier owner.

    An address that Twilio has written in its own way is back.
    """
    missing = to_write(now, wanted)
    pairs = (
        (now.voice_url, missing.voice_url),
        (now.status_callback, missing.status_callback),
        (now.sms_url, missing.sms_url),
    )
    # What is empty and should not be, a deletion at Vapi has emptied.
    missed = any(is_vapis(is_now) or not is_now for is_now, want in pairs if want is not None)
    return missed or bool(missing.trunk_sid or missing.application_sid)


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
