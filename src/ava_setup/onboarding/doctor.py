"""The doctor: why does this number not answer, and what would mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ava_setup.onboarding import chronicle
from ava_setup.onboarding.checks import TABLE, judge
from ava_setup.onboarding.errors import ErrorCode, SetupError
from ava_setup.onboarding.examining import Examiner
from ava_setup.onboarding.facts import Found
from ava_setup.onboarding.hearing import Hearing, foretell
from ava_setup.onboarding.listening import Listener
from ava_setup.onboarding.mender import Mender
from ava_setup.onboarding.mends import plan_mend
from ava_setup.onboarding.verdicts import Check, Verdict

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ava_setup.onboarding.calls import Call
    from ava_setup.onboarding.errors import Problem
    from ava_setup.onboarding.examining import Patient
    from ava_setup.onboarding.facts import Facts
    from ava_setup.onboarding.listening import StrayCall
    from ava_setup.onboarding.mends import Mend
    from ava_setup.onboarding.outcome import Consent
    from ava_setup.onboarding.ports import Store, Vendors
    from ava_setup.words import Voice


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What an examination found.

    Attributes:
        number: E.164.
        facts: All that is known so far.
        is_over: Whether everything has been looked at.
    """

    number: str
    facts: Facts
    is_over: bool = False

    @property
    def checks(self) -> tuple[Check, ...]:
        """Every check of the table."""
        return judge(self.facts, TABLE)

    @property
    def hearing(self) -> Hearing:
        """What callers will hear."""
        return foretell(self.facts)

    @property
    def mends(self) -> tuple[tuple[Check, Mend], ...]:
        """What can be mended, what keeps callers from Ava first."""
        found = [
            (check, mend) for check in self.checks if (mend := self._mend_of(check)) is not None
        ]
        decisive = self.hearing.check
        found.sort(key=lambda pair: pair[0].id is not decisive)
        return tuple(found)

    def written_out(self, voice: Voice) -> dict[str, object]:
        """Give it as plain values, sentences in the voice's language, for JSON."""
        hearing = self.hearing
        return {
            "schema_version": 1,
            "number": self.number,
            "success": hearing.is_ava,
            "message": voice(hearing.sentence(self.number)),
            "callers_hear": {
                "kind": hearing.heard.value,
                "words": voice(hearing.words),
                "because": voice(hearing.because),
                "check": hearing.check and hearing.check.value,
            },
            "checks": [
                {
                    "id": check.id.value,
                    "verdict": check.verdict.value,
                    "question": voice(check.question),
                    "detail": voice(check.detail),
                    "remedy": check.remedy.value,
                    "what_to_do": voice(check.how),
                    "mend": self._mend_written_out(check, voice),
                }
                for check in self.checks
            ],
        }

    def _mend_written_out(self, check: Check, voice: Voice) -> dict[str, object] | None:
        mend = self._mend_of(check)
        if mend is None:
            return None
        return {
            "what": voice(mend.words),
            "before": voice(mend.before),
            "after": voice(mend.after),
            "consent": mend.consent and mend.consent.value,
        }

    def _mend_of(self, check: Check) -> Mend | None:
        return plan_mend(check, self.facts) if check.verdict is Verdict.FAILED else None


class Doctor:
    """Examines one line and mends it.

    Args:
        tell: Told of what is known each time there is more of it.
        settle_s: Seconds between two looks at a fresh link.
        poll_s: Seconds between two looks for a call.
    """

    def __init__(
        self,
        store: Store,
        vendors: Vendors,
        patient: Patient,
        *,
        tell: Callable[[Diagnosis], None] = lambda _diagnosis: None,
        settle_s: float = 1.0,
        poll_s: float = 2.5,
    ) -> None:
        self._patient = patient
        self._poll_s = poll_s
        self._examiner = Examiner(
            vendors, patient, lambda facts: tell(Diagnosis(patient.number, facts))
        )
        self._mender = Mender(store, self._examiner, patient, settle_s=settle_s)

    @property
    def number(self) -> str:
        """The line's number, E.164."""
        return self._patient.number

    async def aclose(self) -> None:
        """Close the connections."""
        await self._examiner.aclose()

    async def examine(self) -> Diagnosis:
        """Look at everything, side by side; changes nothing."""
        facts = await self._examiner.examine()
        diagnosis = Diagnosis(self._patient.number, facts, is_over=True)
        chronicle.checked(diagnosis.checks)
        return diagnosis

    async def wait_for_call(
        self, tell: Callable[[StrayCall], Awaitable[object]], begun: Callable[[], None]
    ) -> Call:
        """Wait until Ava has answered a call that is made from now on; cancel to stop.

        Args:
            tell: Told of each call that comes and is not answered by Ava.
            begun: Called when a call would be seen.

        Raises:
            CredentialsRefused: The Vapi key stopped working.
            SetupError: Neither vendor can be looked at.
        """
        examiner = self._examiner
        if examiner.vapi is None and examiner.twilio is None:
            raise SetupError(ErrorCode.VAPI_KEY_NEEDED)
        record = examiner.facts.vapi_number
        listener = Listener(
            examiner.vapi,
            examiner.twilio,
            number=self.number,
            phone_number_id=record.value.id if isinstance(record, Found) else "",
            linked_at="",
            tell=tell,
            poll_s=self._poll_s,
        )
        return await listener.first_call(begun)

    async def mend(self, mend: Mend, consents: frozenset[Consent]) -> Problem | None:
        """Carry a mend out; see `Mender.mend`.

        Raises:
            SetupError: As `Mender.mend` does.
        """
        return await self._mender.mend(mend, consents)
