"""Carries out one mend: the old values go to the journal first, then a vendor is asked."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from ava_setup.onboarding import changes, journal
from ava_setup.onboarding.errors import ErrorCode, SetupError, VendorError
from ava_setup.onboarding.facts import Found
from ava_setup.onboarding.linker import Linker
from ava_setup.onboarding.mends import LinkNumber, Mend, MendAssistant, PointNumber, SetFallback
from ava_setup.onboarding.state import ChangeAssistant, ChangeFallback, RepointNumber

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ava_setup.onboarding.errors import Problem
    from ava_setup.onboarding.examining import Examiner, Patient
    from ava_setup.onboarding.outcome import Consent
    from ava_setup.onboarding.ports import Store, Twilio, Vapi


class Mender:
    """Mends one line.

    Args:
        examiner: Has examined it; its clients are used.
        settle_s: Seconds between two looks at a fresh link.
    """

    def __init__(
        self, store: Store, examiner: Examiner, patient: Patient, *, settle_s: float
    ) -> None:
        self._store = store
        self._examiner = examiner
        self._patient = patient
        self._settle_s = settle_s

    async def mend(self, mend: Mend, consents: frozenset[Consent]) -> Problem | None:
        """Carry a mend out.

        Returns:
            Why it was refused, or None; what is true afterwards only the next examination knows.

        Raises:
            SetupError: It needs a consent that was not given, or credentials that are missing.
            VendorError: A vendor did not do it.
            StoreError: The journal could not be written; nothing was asked of a vendor then.
        """
        if mend.consent is not None and mend.consent not in consents:
            raise SetupError(ErrorCode.CONSENT_NEEDED)
        match mend:
            case LinkNumber():
                return await self._link(consents)
            case PointNumber():
                await self._point(mend)
            case MendAssistant():
                await self._mend_assistant(mend)
            case SetFallback():
                await self._set_fallback(mend)
        return None

    @property
    def _vapi(self) -> Vapi:
        if self._examiner.vapi is None:
            raise SetupError(ErrorCode.VAPI_KEY_NEEDED)
        return self._examiner.vapi

    @property
    def _twilio(self) -> Twilio:
        if self._examiner.twilio is None:
            raise SetupError(ErrorCode.TWILIO_NEEDED)
        return self._examiner.twilio

    async def _link(self, consents: frozenset[Consent]) -> Problem | None:
        patient, assistant = self._patient, self._examiner.facts.assistant
        if patient.credentials is None:
            raise SetupError(ErrorCode.TWILIO_NEEDED)
        linker = Linker(
            self._store,
            self._vapi,
            self._twilio,
            patient.credentials,
            business_id=patient.business_id,
            label=patient.business_name,
            fallback=patient.wanted.fallback,
            number=patient.number,
            settle_s=self._settle_s,
            # Where the calls go is a mend of its own, with a consent of its own.
            points=False,
        )
        chosen = patient.chosen
        # Without a set-up, what is linked is what was shown.
        if not patient.wanted.is_set_up and isinstance(assistant, Found):
            chosen = assistant.value.id
        result = await linker.link(chosen, consents)
        await self._store.update(lambda state: changes.link_ended(state, result))
        return result.problem

    async def _point(self, mend: PointNumber) -> None:
        now = mend.number
        intent = RepointNumber(
            sid=now.sid,
            number=now.number,
            account_sid=self._patient.credentials.account_sid if self._patient.credentials else "",
            at=datetime.now(UTC),
            voice_url=now.voice_url,
            voice_method=now.voice_method,
            trunk_sid=now.trunk_sid,
            application_sid=now.application_sid,
        )
        point = partial(self._twilio.point_number, now.sid, mend.webhooks)
        await self._write(intent, point, now.sid)

    async def _mend_assistant(self, mend: MendAssistant) -> None:
        earlier = await self._vapi.read_settings(mend.assistant_id, mend.mends)
        intent = ChangeAssistant(
            assistant_id=mend.assistant_id,
            at=datetime.now(UTC),
            earlier=earlier,
        )
        change = partial(self._vapi.mend_assistant, mend.assistant_id, mend.mends)
        await self._write(intent, change, mend.assistant_id)

    async def _set_fallback(self, mend: SetFallback) -> None:
        record = self._examiner.facts.vapi_number
        intent = ChangeFallback(
            phone_number_id=mend.phone_number_id,
            at=datetime.now(UTC),
            wanted=mend.number,
            earlier=record.value.fallback_number if isinstance(record, Found) else "",
        )
        change = partial(self._vapi.set_fallback, mend.phone_number_id, mend.number)
        await self._write(intent, change, mend.phone_number_id)

    async def _write(
        self, intent: journal.Entry, change: Callable[[], Awaitable[object]], made: str
    ) -> None:
        """Ask a vendor for a change that is written down before, and closed after."""
        # Without a set-up only the assistants tell which organisation it is.
        known = (self._examiner.facts.assistant, self._examiner.facts.linked)
        org_id = next((one.value.org_id for one in known if isinstance(one, Found)), "")
        intent = journal.addressed(self._store.state.saved, intent, org_id)
        await self._store.update(lambda state: journal.opened(state, intent))
        try:
            await change()
        except VendorError as error:
            if not error.may_have_acted:
                await self._store.update(lambda state: journal.withdrawn(state, intent))
            raise
        await self._store.update(lambda state: journal.closed(state, intent, made))
