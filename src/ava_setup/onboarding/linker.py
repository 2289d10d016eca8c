"""Carries a link plan out: gathers the facts, writes, reads back, and says what is true."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from ava_setup.onboarding import journal
from ava_setup.onboarding.checks import all_passed, judge
from ava_setup.onboarding.credentials import ApiKey
from ava_setup.onboarding.errors import (
    ErrorCode,
    NumberExists,
    Problem,
    Rejected,
    VendorError,
)
from ava_setup.onboarding.facts import (
    Absent,
    Facts,
    Found,
    Looked,
    Reading,
    Unknown,
    Unread,
    found,
    looked,
)
from ava_setup.onboarding.linking import (
    Ask,
    Import,
    Keep,
    LinkFacts,
    Refuse,
    Relink,
    is_routed,
    plan_link,
    wanted_assistant,
)
from ava_setup.onboarding.looking import Looker, find_at_twilio, find_at_vapi
from ava_setup.onboarding.number import Target, TargetKind, inbound_webhook
from ava_setup.onboarding.outcome import LinkedPhone, LinkResult, Outcome, done_message, refused
from ava_setup.onboarding.recent import Recent
from ava_setup.onboarding.state import (
    ChangeFallback,
    ImportNumber,
    Region,
    RelinkNumber,
    RepointNumber,
)
from ava_setup.onboarding.undo_steps import Webhooks
from ava_setup.onboarding.verdicts import Check, CheckId, Verdict
from ava_setup.words import Text, _

if TYPE_CHECKING:
    from ava_setup.onboarding.assistant import Assistant
    from ava_setup.onboarding.credentials import TwilioCredentials
    from ava_setup.onboarding.linking import LinkPlan
    from ava_setup.onboarding.number import TwilioNumber, TwimlApp, VapiNumber
    from ava_setup.onboarding.outcome import Consent
    from ava_setup.onboarding.ports import Store, Twilio, Vapi

E = TypeVar("E", bound=journal.Entry)
T = TypeVar("T")

if TYPE_CHECKING:
    AtTwilio = tuple[Looked[TwilioNumber], Reading[TwimlApp]]

_LABEL_MAX = 40
# A number may be activating, or its webhook not yet rewritten, in the first moments.
_SETTLING_READS = 4
_SETTLES = frozenset({CheckId.LINKED, CheckId.ROUTED})
_NOBODYS = Target(TargetKind.NOTHING)


class Linker:
    """One attempt to link one number.

    Args:
        business_id: The business, or "" when there is no set-up.
        label: What Vapi is to call the number.
        number: E.164.
        fallback: The telephone to ring when no assistant can be had, E.164; "" for none, None
            leaves what there is.
        settle_s: Seconds between the reads that wait for a fresh link to settle.
        points: Whether a number that Vapi knows has its calls sent there, too; an import does that.
        recent: What was read seconds ago; None reads everything anew.
    """

    def __init__(
        self,
        store: Store,
        vapi: Vapi,
        twilio: Twilio,
        credentials: TwilioCredentials,
        *,
        business_id: str,
        label: str,
        number: str,
        fallback: str | None = None,
        settle_s: float,
        points: bool = True,
        recent: Recent | None = None,
    ) -> None:
        self._store = store
        self._vapi = vapi
        self._twilio = twilio
        self._credentials = credentials
        self._business_id = business_id
        self._label = label
        # A line that rings itself would go in a circle.
        self._fallback = None if fallback == number else fallback
        self._number = number
        self._settle_s = settle_s
        self._points = points
        self._recent = recent or Recent(store, believed_s=0)
        self._known = Facts()

    async def link(
        self,
        chosen: str | None,
        consents: frozenset[Consent],
        *,
        made: Assistant | None = None,
    ) -> LinkResult:
        """Link the number, or say why not.

        Args:
            chosen: Id of the chosen assistant, or None to take the first available.
            consents: What the user has agreed to.
            made: The chosen assistant, when it was made just now.

        Raises:
            VendorError: A write failed.
            StoreError: The journal could not be written; nothing was asked of a vendor then.
        """
        facts = await self._gather(chosen, consents, made)
        return await self._carry_out(plan_link(facts), facts)

    async def _carry_out(self, plan: LinkPlan, facts: LinkFacts) -> LinkResult:
        match plan:
            case Refuse(problem):
                return refused(problem, checks=self._checks)
            case Ask(consent, problem, assistant, _auto):
                return refused(problem, consent=consent, assistant=assistant, checks=self._checks)
            case Keep():
                outcome = await self._recognise(plan.vapi_number)
                return await self._prove_at_both(plan, plan.vapi_number, outcome)
            case Relink():
                await self._recognise(plan.vapi_number)
                return await self._prove_at_both(plan, await self._relink(plan), plan.outcome)
            case Import():
                made = await self._import(plan, facts)
                if not isinstance(made, Found):
                    return await self._prove(plan, made, Outcome.IMPORTED)
                # It was there already: plan again, which never means importing once more.
                facts = replace(facts, vapi_number=made)
                return await self._carry_out(plan_link(facts), facts)

    async def _recognise(self, record: VapiNumber) -> Outcome:
        """Say how a number came to be linked: by a write cut short earlier, or by others."""
        outcome = Outcome.ALREADY_LINKED
        for intent in journal.standing(self._store.state.saved):
            match intent:
                case ImportNumber(made=""):
                    is_this = intent.number == self._number
                case RelinkNumber(made=""):
                    is_this = intent.phone_number_id == record.id
                case _:
                    continue
            if is_this and intent.assistant_id == record.assistant_id:
                outcome = _outcome_of(intent)
                await self._close(intent, record.id)
        return outcome

    async def verify(self, phone_number_id: str, assistant_id: str) -> tuple[Check, ...]:
        """Read everything anew and judge it, changing nothing."""
        account, _checks = await asyncio.gather(
            found(self._twilio.read_account), self._read_back(phone_number_id, assistant_id)
        )
        await self._learn(account=account)
        return self._checks

    async def _read_back(self, phone_number_id: str, assistant_id: str) -> tuple[Check, ...]:
        """Read the three that make a link anew."""
        vapi_number, assistant, (twilio_number, application) = await asyncio.gather(
            looked(partial(self._vapi.read_number, phone_number_id)),
            looked(partial(self._vapi.read_assistant, assistant_id)),
            self._find_at_twilio(),
        )
        await self._learn(
            vapi_number=vapi_number,
            assistant=assistant,
            linked=_linked(vapi_number, assistant, assistant_id),
            twilio_number=twilio_number,
            application=application,
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

    async def _gather(
        self, chosen: str | None, consents: frozenset[Consent], made: Assistant | None
    ) -> LinkFacts:
        """Read all that the plan depends on, side by side, showing each as it comes."""
        await self._say(_("Reading Vapi and Twilio…"))

        seen = await Looker(self._store, self._vapi, self._twilio, self._recent).look(
            number=self._number,
            business_id=self._business_id,
            enough=(made,) if made else None,
            learn=self._learn,
        )
        facts = replace(seen, chosen=chosen, consents=consents, points=self._points)
        match facts.assistants:
            case Unknown() as unknown:
                await self._learn(assistant=unknown)
            case Found(listed):
                wanted = wanted_assistant(chosen, listed, self._business_id)
                await self._learn(assistant=Found(wanted) if wanted else Absent())
        return facts

    async def _find_at_twilio(self) -> AtTwilio:
        return await find_at_twilio(self._twilio, self._number)

    async def _find_at_vapi(self) -> VapiNumber | None:
        return await find_at_vapi(self._vapi, self._number)

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
            account_sid=self._credentials.account_sid,
            key_sid=self._credentials.key_sid if isinstance(self._credentials, ApiKey) else "",
            at=datetime.now(UTC),
            voice_url=before.voice_url if before else "",
            voice_method=before.voice_method if before else "",
            status_callback=before.status_callback if before else "",
            sms_url=before.sms_url if before else "",
        )
        intent = await self._open(intent, plan.assistant)
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
                    name=self._label[:_LABEL_MAX],
                    fallback=self._fallback or "",
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
        intent = await self._open(intent, plan.assistant)
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

    async def _prove_at_both(
        self, plan: Relink | Keep, number: VapiNumber, outcome: Outcome
    ) -> LinkResult:
        """Have the rest of it be as it is after an import, and prove it."""
        number = await self._backed_up(number, plan.assistant)
        if plan.astray is not None:
            await self._point(plan.astray, plan.assistant)
        await self._store.update(lambda state: journal.taken_up(state, self._number))
        return await self._prove(plan, number, outcome)

    async def _point(self, planned: TwilioNumber, assistant: Assistant) -> None:
        """Have Twilio send the calls to Vapi, unless somebody has them go elsewhere by now."""
        now, application = await self._find_at_twilio()
        if not isinstance(now, Found) or is_routed(now.value, application):
            return
        if now.value.target not in (planned.target, _NOBODYS):
            return
        await self._say(_("Sending the calls of {number} to Vapi…", number=self._number))
        sid, connection = now.value.sid, self._store.state.saved.connection
        intent = RepointNumber(
            sid=sid,
            number=self._number,
            account_sid=self._credentials.account_sid,
            at=datetime.now(UTC),
            voice_url=now.value.voice_url,
            voice_method=now.value.voice_method,
            trunk_sid=now.value.trunk_sid,
            application_sid=now.value.application_sid,
        )
        intent = await self._open(intent, assistant)
        region = connection.region if connection else Region.US
        webhooks = Webhooks(voice_url=inbound_webhook(region), voice_method="POST")
        try:
            await self._twilio.point_number(sid, webhooks)
        except VendorError as error:
            if not error.may_have_acted:
                await self._withdraw(intent)
            raise
        await self._close(intent, sid)

    async def _backed_up(self, number: VapiNumber, assistant: Assistant) -> VapiNumber:
        """Have the wanted telephone ring when no assistant can be had, if one is wanted."""
        wanted = self._fallback
        if wanted is None or number.fallback_number == wanted:
            return number
        intent = ChangeFallback(
            phone_number_id=number.id,
            at=datetime.now(UTC),
            wanted=wanted,
            earlier=number.fallback_number,
        )
        intent = await self._open(intent, assistant)
        try:
            changed = await self._vapi.set_fallback(number.id, wanted)
        except VendorError as error:
            if not error.may_have_acted:
                await self._withdraw(intent)
            # Nobody documents how to take one away: where Vapi refuses, it stays, and is shown.
            if isinstance(error, Rejected) and not wanted:
                return number
            raise
        await self._close(intent, number.id)
        return changed

    async def _open(self, intent: E, assistant: Assistant) -> E:
        """Write an intent about an organisation, which its assistant tells."""
        intent = journal.addressed(self._store.state.saved, intent, assistant.org_id)
        await self._store.update(lambda state: journal.opened(state, intent))
        return intent

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
            await self._read_back(number.id, assistant.id)
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


def _linked(
    number: Looked[VapiNumber], assistant: Looked[Assistant], assistant_id: str
) -> Reading[Assistant]:
    """Give the assistant that a record names, when it is the one that was read."""
    names_it = isinstance(number, Found) and number.value.assistant_id == assistant_id
    return assistant if names_it else Unread()


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
