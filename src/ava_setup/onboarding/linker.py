"""Carries a link plan out: gathers the facts, writes, reads back, and says what is true."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from ava_setup.onboarding import journal
from ava_setup.onboarding.checks import (
    Absent,
    Check,
    CheckId,
    Facts,
    Found,
    Looked,
    Unknown,
    Verdict,
    all_passed,
    judge,
)
from ava_setup.onboarding.errors import (
    ErrorCode,
    NumberExists,
    Problem,
    SetupError,
    VendorError,
)
from ava_setup.onboarding.linking import (
    Ask,
    Import,
    Keep,
    LinkFacts,
    Refuse,
    Relink,
    plan_link,
    wanted_assistant,
)
from ava_setup.onboarding.outcome import LinkedPhone, LinkResult, Outcome, done_message, refused
from ava_setup.onboarding.state import CreateAssistant, ImportNumber, RelinkNumber
from ava_setup.words import Text, _

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from ava_setup.onboarding.assistant import Assistant
    from ava_setup.onboarding.credentials import TwilioCredentials
    from ava_setup.onboarding.linking import LinkPlan
    from ava_setup.onboarding.number import VapiNumber
    from ava_setup.onboarding.outcome import Consent
    from ava_setup.onboarding.ports import Store, Twilio, Vapi
    from ava_setup.onboarding.profile import Profile

T = TypeVar("T")

_LABEL_MAX = 40
# A number may be activating, or its webhook not yet rewritten, in the first moments.
_SETTLING_READS = 4
_SETTLES = frozenset({CheckId.LINKED, CheckId.ROUTED})


async def _found(reading: Awaitable[T]) -> Found[T] | Unknown:
    """Make a value of a read that may fail."""
    try:
        return Found(await reading)
    except SetupError as error:
        return Unknown(error.problem)


async def _looked(reading: Awaitable[T | None]) -> Looked[T]:
    """Make a value of a read that may find nothing, or fail."""
    try:
        value = await reading
    except SetupError as error:
        if error.code is ErrorCode.NOT_FOUND:
            return Absent()
        return Unknown(error.problem)
    return Absent() if value is None else Found(value)


class Linker:
    """One attempt to link one number.

    Args:
        settle_s: Seconds between the reads that wait for a fresh link to settle.
    """

    def __init__(
        self,
        store: Store,
        vapi: Vapi,
        twilio: Twilio,
        credentials: TwilioCredentials,
        *,
        profile: Profile,
        number: str,
        settle_s: float,
    ) -> None:
        self._store = store
        self._vapi = vapi
        self._twilio = twilio
        self._credentials = credentials
        self._profile = profile
        self._number = number
        self._settle_s = settle_s
        self._known = Facts()

    async def link(self, chosen: str | None, consents: frozenset[Consent]) -> LinkResult:
        """Link the number, or say why not.

        Args:
            chosen: Id of the chosen assistant, or None to take the first available.
            consents: What the user has agreed to.

        Raises:
            VendorError: A write failed.
            StoreError: The journal could not be written; nothing was asked of a vendor then.
        """
        facts = await self._gather(chosen, consents)
        return await self._carry_out(plan_link(facts), facts)

    async def _carry_out(self, plan: LinkPlan, facts: LinkFacts) -> LinkResult:
        match plan:
            case Refuse(problem):
                return refused(problem, checks=self._checks)
            case Ask(consent, problem, assistant, _auto):
                return refused(problem, consent=consent, assistant=assistant, checks=self._checks)
            case Keep():
                return await self._prove(plan, plan.vapi_number, await self._kept(plan))
            case Relink():
                return await self._prove(plan, await self._relink(plan), plan.outcome)
            case Import():
                made = await self._import(plan, facts)
                if not isinstance(made, Found):
                    return await self._prove(plan, made, Outcome.IMPORTED)
                # It was there already: plan again, which never means importing once more.
                facts = replace(facts, vapi_number=made)
                return await self._carry_out(plan_link(facts), facts)

    async def _kept(self, plan: Keep) -> Outcome:
        """Say how a number came to be linked: by a write cut short earlier, or by others."""
        outcome = Outcome.ALREADY_LINKED
        for intent in journal.standing(self._store.state.saved):
            if isinstance(intent, CreateAssistant) or intent.made:
                continue
            if isinstance(intent, ImportNumber):
                is_this = intent.number == self._number
            else:
                is_this = intent.phone_number_id == plan.vapi_number.id
            if is_this and intent.assistant_id == plan.assistant.id:
                outcome = _outcome_of(intent)
                await self._close(intent, plan.vapi_number.id)
        return outcome

    async def verify(self, phone_number_id: str, assistant_id: str) -> tuple[Check, ...]:
        """Read everything anew and judge it, changing nothing."""
        account, vapi_number, assistant, twilio_number = await asyncio.gather(
            _found(self._twilio.read_account()),
            _looked(self._vapi.read_number(phone_number_id)),
            _looked(self._vapi.read_assistant(assistant_id)),
            _looked(self._twilio.find_number(self._number)),
        )
        await self._learn(
            account=account,
            vapi_number=vapi_number,
            assistant=assistant,
            twilio_number=twilio_number,
            written=True,
        )
        return self._checks

    @property
    def _checks(self) -> tuple[Check, ...]:
        return judge(self._known)

    async def _learn(self, **facts: object) -> None:
        """Take in what was read, and show it."""
        self._known = replace(self._known, **facts)  # type: ignore[arg-type]
        checks = self._checks
        await self._store.update(lambda state: state.note(checks=checks))

    async def _say(self, activity: Text) -> None:
        await self._store.update(lambda state: state.note(activity=activity))

    async def _gather(self, chosen: str | None, consents: frozenset[Consent]) -> LinkFacts:
        """Read all that the plan depends on, side by side, showing each as it comes."""
        await self._say(_("Reading Vapi and Twilio…"))

        async def learn(name: str, reading: Awaitable[T]) -> T:
            value = await reading
            await self._learn(**{name: value})
            return value

        assistants, account, twilio_number, vapi_number = await asyncio.gather(
            _found(self._vapi.list_assistants()),
            learn("account", _found(self._twilio.read_account())),
            learn("twilio_number", _looked(self._twilio.find_number(self._number))),
            learn("vapi_number", _looked(self._find_at_vapi())),
        )
        facts = LinkFacts(
            number=self._number,
            business_id=self._profile.business_id,
            chosen=chosen,
            assistants=assistants,
            account=account,
            twilio_number=twilio_number,
            vapi_number=vapi_number,
            consents=consents,
        )
        match assistants:
            case Unknown():
                await self._learn(assistant=assistants)
            case Found(listed):
                wanted = wanted_assistant(chosen, listed, self._profile.business_id)
                await self._learn(assistant=Found(wanted) if wanted else Absent())
                await self._store.update(lambda state: state.note(assistants=listed))
        return facts

    async def _find_at_vapi(self) -> VapiNumber | None:
        numbers = await self._vapi.list_numbers()
        return next((one for one in numbers if one.number == self._number), None)

    async def _import(self, plan: Import, facts: LinkFacts) -> VapiNumber | Found[VapiNumber]:
        """Import the number, linked; or give the record found when it was at Vapi already.

        Raises:
            VendorError: The import failed and the number is not at Vapi.
        """
        await self._say(_("Importing {number} into Vapi…", number=self._number))
        before = facts.twilio_number.value if isinstance(facts.twilio_number, Found) else None
        intent = ImportNumber(
            number=self._number,
            assistant_id=plan.assistant.id,
            at=datetime.now(UTC),
            voice_url=before.voice_url if before else "",
            voice_method=before.voice_method if before else "",
            status_callback=before.status_callback if before else "",
            sms_url=before.sms_url if before else "",
        )
        await self._store.update(lambda state: journal.opened(state, intent))
        made = await self._post(plan.assistant, intent)
        if not isinstance(made, Found):
            await self._close(intent, made.id)
        return made

    async def _post(
        self, assistant: Assistant, intent: ImportNumber
    ) -> VapiNumber | Found[VapiNumber]:
        """Send the import at most twice, looking before the second time."""
        last = False
        while True:
            try:
                return await self._vapi.import_number(
                    self._number,
                    self._credentials,
                    assistant_id=assistant.id,
                    name=self._profile.business_name[:_LABEL_MAX],
                )
            except NumberExists as error:
                if last:
                    # A list that masks numbers hides what the first, unseen answer made.
                    return await self._made_unseen(error.phone_number_id, assistant)
                await self._withdraw(intent)
                return await self._adopt(await self._vapi.read_number(error.phone_number_id))
            except VendorError as error:
                if not error.may_have_acted:
                    await self._withdraw(intent)
                    # Vapi says “another org” of our own numbers too: only the list knows.
                    if error.code is not ErrorCode.NUMBER_IN_OTHER_ORG:
                        raise
                found = await self._find_at_vapi()
                if found is not None:
                    if error.may_have_acted and found.assistant_id == assistant.id:
                        return found
                    return await self._adopt(found)
                if last or not error.may_have_acted:
                    raise
                last = True

    async def _made_unseen(
        self, phone_number_id: str, assistant: Assistant
    ) -> VapiNumber | Found[VapiNumber]:
        number = await self._vapi.read_number(phone_number_id)
        return number if number.assistant_id == assistant.id else await self._adopt(number)

    async def _adopt(self, number: VapiNumber) -> Found[VapiNumber]:
        found = Found(number)
        await self._learn(vapi_number=found)
        return found

    async def _relink(self, plan: Relink) -> VapiNumber:
        await self._say(_("Linking {number}…", number=self._number))
        number = plan.vapi_number
        intent = RelinkNumber(
            phone_number_id=number.id,
            assistant_id=plan.assistant.id,
            at=datetime.now(UTC),
            earlier_assistant_id=number.assistant_id or "",
            earlier_squad_id=number.squad_id or "",
            earlier_workflow_id=number.workflow_id or "",
        )
        await self._store.update(lambda state: journal.opened(state, intent))
        try:
            linked = await self._vapi.link_number(
                number.id, assistant_id=plan.assistant.id, clears=plan.clears
            )
        except VendorError as error:
            if not error.may_have_acted:
                await self._withdraw(intent)
            raise
        await self._close(intent, linked.id)
        return linked

    async def _withdraw(self, intent: journal.Entry) -> None:
        await self._store.update(lambda state: journal.withdrawn(state, intent))

    async def _close(self, intent: journal.Entry, made: str) -> None:
        await self._store.update(lambda state: journal.closed(state, intent, made))

    async def _prove(
        self, plan: Import | Relink | Keep, number: VapiNumber, outcome: Outcome
    ) -> LinkResult:
        """Read both vendors back; success is what they say, not what was sent."""
        await self._say(_("Checking both sides…"))
        assistant = plan.assistant
        for reads_left in reversed(range(_SETTLING_READS)):
            await self.verify(number.id, assistant.id)
            if all_passed(self._checks) or not reads_left or not self._may_settle():
                break
            await asyncio.sleep(self._settle_s)
        now = self._known.vapi_number
        read_back = now.value if isinstance(now, Found) else number
        result = LinkResult(
            success=all_passed(self._checks),
            outcome=outcome,
            message=done_message(outcome, assistant, auto_linked=plan.auto_linked),
            phone=LinkedPhone(
                read_back.id, self._number, read_back.provider, read_back.assistant_id
            ),
            auto_linked=plan.auto_linked,
            assistant_id=assistant.id,
            checks=self._checks,
            linked_at="" if outcome is Outcome.ALREADY_LINKED else read_back.updated_at,
        )
        return result if result.success else _unproven(result)

    def _may_settle(self) -> bool:
        """Whether what is not true yet could become so by itself within seconds."""
        number = self._known.vapi_number
        activating = isinstance(number, Found) and number.value.status == "activating"
        failed = {check.id for check in self._checks if check.verdict is not Verdict.PASSED}
        return activating or bool(failed & _SETTLES)


def _outcome_of(intent: ImportNumber | RelinkNumber) -> Outcome:
    if isinstance(intent, ImportNumber):
        return Outcome.IMPORTED
    earlier = intent.earlier_assistant_id or intent.earlier_squad_id or intent.earlier_workflow_id
    return Outcome.REASSIGNED if earlier else Outcome.RELINKED


def _unproven(result: LinkResult) -> LinkResult:
    failing = next(check for check in result.checks if check.verdict is not Verdict.PASSED)
    problem = Problem(ErrorCode.LINK_UNPROVEN, (("failed", failing.detail),))
    return replace(
        result,
        success=False,
        outcome=Outcome.UNPROVEN,
        message=problem.what,
        problem=problem,
    )
