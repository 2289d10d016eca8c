"""Proving a link: both vendors read back, and the first call seen to be answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.onboarding import chronicle
from ava_setup.onboarding.activity import doing
from ava_setup.onboarding.errors import ErrorCode, NotFound, SetupError
from ava_setup.onboarding.following import FollowedCall, follow
from ava_setup.onboarding.listening import Listener, StrayCall
from ava_setup.onboarding.state import Answered
from ava_setup.onboarding.verdicts import Check, Verdict
from ava_setup.words import _

if TYPE_CHECKING:
    from ava_setup.onboarding.assistant import Assistant
    from ava_setup.onboarding.calls import Call
    from ava_setup.onboarding.connections import Connections
    from ava_setup.onboarding.linker import Linker
    from ava_setup.onboarding.ports import Store, Twilio
    from ava_setup.onboarding.state import Linked


class Proving:
    """Proves a link that stands.

    Args:
        poll_s: Seconds between two looks for a call.
    """

    def __init__(self, store: Store, connections: Connections, *, poll_s: float) -> None:
        self._store = store
        self._connections = connections
        self._poll_s = poll_s

    def _linked(self) -> Linked:
        linked = self._store.state.saved.linked
        if linked is None:
            raise SetupError(ErrorCode.NUMBER_NEEDED)
        return linked

    async def verify(self, linker: Linker) -> tuple[Check, ...]:
        """Read the link back from both vendors; one that no longer holds stops being one.

        Raises:
            VendorError: A vendor could not be asked.
            SetupError: There is no link.
        """
        linked = self._linked()
        checks = await linker.verify(linked.phone_number_id, linked.assistant_id)
        chronicle.checked(checks)
        if any(check.verdict is Verdict.FAILED for check in checks):
            await self._store.update(lambda state: state.save(linked=None, answered=None))
        return checks

    async def wait_for_call(self) -> Call:
        """Wait until Ava has answered a call; cancel to stop.

        Raises:
            CredentialsRefused: The Vapi key stopped working.
            SetupError: There is no link to wait on.
        """
        linked = self._linked()
        vapi = await self._connections.vapi()
        try:
            twilio: Twilio | None = (await self._connections.twilio())[1]
        except SetupError:
            twilio = None
        listener = Listener(
            vapi,
            twilio,
            number=linked.number,
            phone_number_id=linked.phone_number_id,
            linked_at=linked.linked_at,
            tell=self._note_stray,
            poll_s=self._poll_s,
        )
        call = await listener.first_call()
        await self._note_answered(call)
        return call

    async def _note_stray(self, stray: StrayCall) -> None:
        await self._store.update(lambda state: state.note(stray=stray))

    async def _note_answered(self, call: Call) -> None:
        chronicle.call_answered(call.id)
        answered = Answered(call_id=call.id, caller=call.caller, at=call.created_at)
        await self._store.update(
            lambda state: state.save(answered=answered).note(followed=FollowedCall(call))
        )

    async def follow_call(self) -> None:
        """Follow the call that proved it until Vapi has told all of it; cancel to stop.

        Raises:
            CredentialsRefused: The Vapi key stopped working.
            SetupError: No call was answered yet.
        """
        answered = self._store.state.saved.answered
        if answered is None:
            raise SetupError(ErrorCode.NUMBER_NEEDED)
        vapi = await self._connections.vapi()
        # That it was answered stays true where Vapi keeps no calls.
        try:
            await follow(vapi, answered.call_id, self._note_followed, poll_s=self._poll_s)
        except NotFound:
            known = self._store.state.proving_call
            if known is not None:
                await self._note_followed(FollowedCall(known.call, is_all=True))

    async def _note_followed(self, followed: FollowedCall) -> None:
        await self._store.update(lambda state: state.note(followed=followed))

    async def answering(self) -> Assistant:
        """Read the assistant that answers.

        Raises:
            VendorError: It could not be read.
            SetupError: There is no link.
        """
        linked = self._linked()
        async with doing(self._store, _("Asking Vapi…")):
            vapi = await self._connections.vapi()
            return await vapi.read_assistant(linked.assistant_id)

    async def ring(self, callee: str) -> Call:
        """Have Ava ring a telephone, E.164, once.

        Raises:
            VendorError: It was not placed, or nobody saw whether it was.
            SetupError: There is no link to ring from.
        """
        linked = self._linked()
        async with doing(self._store, _("Vapi is placing the call…")):
            vapi = await self._connections.vapi()
            return await vapi.place_call(linked.assistant_id, linked.phone_number_id, callee)
