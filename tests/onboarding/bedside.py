"""A scenario of the sandbox, the doctor at its line, and somebody who rings it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
from pydantic import SecretStr

from ava_setup.onboarding.doctor import Doctor
from ava_setup.onboarding.examining import Patient
from ava_setup.onboarding.facts import Wanted
from ava_setup.onboarding.profile import CallersLanguage
from ava_setup.store.memory import MemoryStore
from tests.clients.stand import Stand

if TYPE_CHECKING:
    from ava_setup.onboarding.credentials import TwilioCredentials
    from ava_setup.onboarding.doctor import Diagnosis
    from ava_setup.onboarding.mends import Mend
    from ava_setup.sandbox import Sandbox

CALLER = "+33699887766"
# Of a line without a set-up, whose callers are known to speak French.
ANY = Wanted(is_set_up=False, language=CallersLanguage.FR_FR)
# More than any line needs.
_MENDS_MAX = 8


class Bedside:
    """A line and its doctor; every region of both vendors is to be had.

    Args:
        scenario: What the vendors hold.
        chosen: Name of the assistant that is to answer, or "".
    """

    def __init__(
        self,
        sandbox: Sandbox,
        scenario: str,
        *,
        wanted: Wanted = ANY,
        chosen: str = "",
        credentials: TwilioCredentials | None = None,
    ) -> None:
        self.stand = Stand(sandbox, scenario, regional=True)
        self.told = self.stand.told
        self.store = MemoryStore()
        self.seen: list[Diagnosis] = []
        patient = Patient(
            self.told.number,
            key=SecretStr(self.told.vapi_key),
            credentials=credentials or self.stand.credentials,
            chosen=self.id_of(chosen) if chosen else None,
            wanted=wanted,
        )
        self.doctor = Doctor(
            self.store, self.stand.vendors, patient, tell=self.seen.append, settle_s=0.01
        )

    async def aclose(self) -> None:
        await self.doctor.aclose()
        await self.stand.vapi.aclose()
        await self.stand.twilio.aclose()

    async def mend(self, diagnosis: Diagnosis) -> tuple[Diagnosis, list[Mend]]:
        """Mend all that can be, with every consent given; gives what is true then, and the mends.

        Raises:
            SetupError: A vendor did not do it.
        """
        tried: list[Mend] = []
        while mend := next((one for _, one in diagnosis.mends if one not in tried), None):
            tried.append(mend)
            assert len(tried) <= _MENDS_MAX
            await self.doctor.mend(mend, frozenset({mend.consent} if mend.consent else ()))
            diagnosis = await self.doctor.examine()
        return diagnosis, tried

    def ring(self) -> dict[str, Any]:
        """Have somebody ring; gives what they heard."""
        order = {"from": CALLER, "to": self.told.number}
        answer = httpx.post(f"{self.told.control_url}/calls", json=order, trust_env=False)
        heard: dict[str, Any] = answer.json()
        return heard

    def state(self) -> Any:
        """Give all that both vendors hold."""
        return httpx.get(f"{self.told.control_url}/state", trust_env=False).json()

    def change(self, **order: Any) -> None:
        """Change a record behind the vendor's back."""
        answer = httpx.post(f"{self.told.control_url}/records", json=order, trust_env=False)
        assert answer.status_code == 200, answer.text

    def id_of(self, name: str) -> str:
        assistants = self.state()["vapi"]["assistants"]
        return next(str(one["id"]) for one in assistants if one.get("name") == name)
