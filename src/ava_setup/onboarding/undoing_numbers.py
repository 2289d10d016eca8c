"""Undoing what was done to phone numbers, at both vendors; decided from facts alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ava_setup.onboarding.number import VapiNumber, spaced
from ava_setup.onboarding.state import ChangeFallback, ImportNumber, RelinkNumber, Undone
from ava_setup.onboarding.undo_steps import (
    DeleteNumber,
    HandBack,
    Holder,
    PutFallbackBack,
    PutWebhooksBack,
    Step,
    UndoFacts,
    UndoPlan,
    Webhooks,
)
from ava_setup.onboarding.undoing_webhooks import Write, earlier, to_write
from ava_setup.words import Text, _, verbatim

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ava_setup.onboarding.journal import Entry

# What was done to a record at Vapi.
_AtVapi = RelinkNumber | ChangeFallback


def plan_numbers(entries: Sequence[Entry], facts: UndoFacts) -> UndoPlan:
    """Decide about all numbers. Pure and total.

    Args:
        entries: The journal's, oldest first, without those that are wholly undone.
        facts: What the vendors have now.
    """
    writes = [entry for entry in entries if isinstance(entry, Write)]
    at_vapi = [entry for entry in entries if isinstance(entry, _AtVapi)]
    lines = [
        _Line(number, tuple(one for one in writes if one.number == number), facts)
        for number in dict.fromkeys(entry.number for entry in writes)
    ]
    imported = {phone_number_id for line in lines for phone_number_id in line.ids}
    plan = UndoPlan()
    left: set[str] = set()
    for phone_number_id in dict.fromkeys(one.phone_number_id for one in at_vapi):
        if phone_number_id in imported:
            continue
        own = [one for one in at_vapi if one.phone_number_id == phone_number_id]
        record = next((one for one in facts.vapi_numbers if one.id == phone_number_id), None)
        if record is None:
            plan += UndoPlan(settled=tuple(own))
            continue
        handed = _hand_back(record, [one for one in own if isinstance(one, RelinkNumber)], facts)
        if handed.left:
            left.add(record.number)
        rung = _fallback_back(record, [one for one in own if isinstance(one, ChangeFallback)])
        plan += handed + rung
    for line in lines:
        # Whoever answers a number by now keeps its calls.
        if line.is_imported or line.number not in left:
            plan += line.plan(tuple(one for one in at_vapi if one.phone_number_id in line.ids))
    return plan


class _Line:
    """A number that this tool imported, or pointed at Vapi, once or several times.

    Attributes:
        record: What an import of ours made of it at Vapi, if that is there.
        ids: What imports of ours made of it, there or not.
    """

    def __init__(self, number: str, writes: tuple[Write, ...], facts: UndoFacts) -> None:
        self.number = number
        self._writes = writes
        self._imports = tuple(one for one in writes if isinstance(one, ImportNumber))
        self._account_sid = facts.account_sid
        self._at_twilio = next((o for o in facts.twilio_numbers if o.number == number), None)
        made = {one.made for one in self._imports} - {""}
        found = [one for one in facts.vapi_numbers if one.id in made]
        self._others = [
            one for one in facts.vapi_numbers if one.number == number and one.id not in made
        ]
        # Of an import that nobody saw the end of, the record is found by its number; every import
        # of ours is linked, and what others hold is linked to nothing or to something else.
        unseen = {one.assistant_id for one in self._imports if not one.made}
        if not found:
            found = [one for one in self._others if one.assistant_id in unseen]
            self._others = [one for one in self._others if one not in found]
        self.record = found[-1] if found else None
        self.ids = made | {one.id for one in found}

    @property
    def is_imported(self) -> bool:
        """Whether it came to Vapi by this tool."""
        return bool(self._imports)

    def plan(self, at_vapi: tuple[_AtVapi, ...]) -> UndoPlan:
        """Decide about the number at both vendors.

        Args:
            at_vapi: What was done to the imported record.
        """
        number, record = spaced(self.number), self.record
        if self.is_imported and record is None and self._others:
            text = _(
                "Vapi holds {number} anew, not as imported here; left as it is.", number=number
            )
            return UndoPlan(left=(text,))
        # Any of the assistants that this tool linked it to is as it was left; so is none.
        relinks = [one for one in at_vapi if isinstance(one, RelinkNumber)]
        ours = {
            Holder(),
            *(Holder(one.assistant_id) for one in self._imports),
            *(Holder(one.assistant_id) for one in relinks),
        }
        if record is not None and _holder(record) not in ours:
            return UndoPlan(left=(_answered_by_another(number),))
        entries: tuple[Entry, ...] = (*self._writes, *at_vapi)
        if self._at_twilio is None:
            return self._plan_without_twilio()
        before = earlier(self._writes, self._at_twilio)
        left: tuple[Text, ...] = ()
        if before.taken:
            text = _(
                "The calls of {number} go to {target} today, not to Vapi; left as they are.",
                number=number,
                target=self._at_twilio.target.words,
            )
            left = (text,)
        steps: tuple[Step, ...] = self._deletion(before.webhooks, entries)
        if writes := to_write(self._at_twilio, before.webhooks):
            far = Undone.WHOLLY if record is None else Undone.WEBHOOKS
            put_back = PutWebhooksBack(self._at_twilio.sid, self.number, writes, entries, far)
            steps = (put_back, *steps)
        return UndoPlan(steps, left, () if steps else entries)

    def _plan_without_twilio(self) -> UndoPlan:
        """Decide about a number that the Twilio account at hand does not have."""
        number = spaced(self.number)
        if self._account_sid not in {one.account_sid for one in self._writes}:
            # Vapi may empty its webhooks by a deletion, and nobody could put them back.
            text = _(
                "{number} is not in this Twilio account, and left as it is: enter the credentials "
                "of its account to undo it.",
                number=number,
            )
            return UndoPlan(left=(text,))
        text = _("{number} is no longer in this Twilio account.", number=number)
        # Without its webhooks it is not undone: another account may still have it.
        return UndoPlan(self._deletion(Webhooks(), ()), (text,))

    def _deletion(self, wanted: Webhooks, entries: tuple[Entry, ...]) -> tuple[Step, ...]:
        if self.record is None:
            return ()
        return (DeleteNumber(self.record.id, self.number, wanted, entries),)


def _answered_by_another(number: str) -> Text:
    return _("{number} is answered by something else now; left as it is.", number=number)


def _holder(number: VapiNumber) -> Holder:
    return Holder(number.assistant_id or "", number.squad_id or "", number.workflow_id or "")


@dataclass(frozen=True, slots=True)
class _Relinked:
    """Relinks that follow each other, each from where the one before left the number."""

    earlier: Holder
    left: Holder
    entries: tuple[RelinkNumber, ...]


def _in_a_row(relinks: list[RelinkNumber]) -> list[_Relinked]:
    rows: list[_Relinked] = []
    for one in relinks:
        before = Holder(one.earlier_assistant_id, one.earlier_squad_id, one.earlier_workflow_id)
        left = Holder(one.assistant_id)
        if rows and rows[-1].left == before:
            row = rows.pop()
            rows.append(replace(row, left=left, entries=(*row.entries, one)))
        else:
            rows.append(_Relinked(before, left, (one,)))
    return rows


def _hand_back(record: VapiNumber, relinks: list[RelinkNumber], facts: UndoFacts) -> UndoPlan:
    """Decide about a number that was at Vapi before this tool came."""
    holder = _holder(record)
    entries: tuple[RelinkNumber, ...] = ()
    left: tuple[Text, ...] = ()
    for row in reversed(_in_a_row(relinks)):
        if holder not in (row.left, row.earlier):
            left = (_answered_by_another(spaced(record.number)),)
            break
        holder = row.earlier
        entries = (*row.entries, *entries)
    names = {one.id: one.label for one in facts.assistants}
    if holder.assistant_id not in names:
        # Vapi links to nothing that is gone, and what is gone answered nobody.
        holder = replace(holder, assistant_id="")
    if holder == _holder(record):
        return UndoPlan(left=left, settled=entries)
    step = HandBack(record.id, record.number, holder, _name_of(holder, names), entries)
    return UndoPlan((step,) if entries else (), left)


def _name_of(holder: Holder, names: dict[str, str]) -> Text:
    if holder.squad_id:
        return _("a squad of assistants")
    if holder.workflow_id:
        return _("a workflow")
    return verbatim(names.get(holder.assistant_id, ""))


def _fallback_back(record: VapiNumber, changes: list[ChangeFallback]) -> UndoPlan:
    """Decide about the telephone that rings when Ava cannot answer."""
    rings = record.fallback_number
    left: tuple[Text, ...] = ()
    entries = tuple(changes)
    if not entries or rings == entries[0].earlier:
        # As before the first of them: whoever put it back, nothing is left to do.
        return UndoPlan(settled=entries)
    for one in reversed(entries):
        if rings == one.wanted:
            rings = one.earlier
        elif rings != one.earlier:
            left = (_other_telephone(record),)
            break
    if rings == record.fallback_number:
        return UndoPlan(left=left, settled=entries)
    return UndoPlan((PutFallbackBack(record.id, record.number, rings, entries),), left)


def _other_telephone(record: VapiNumber) -> Text:
    number = spaced(record.number)
    if not record.fallback_number:
        return _(
            "No other telephone rings for {number} by now when Ava cannot answer; left as it is.",
            number=number,
        )
    return _(
        "Another telephone rings for {number} by now when Ava cannot answer; left as it is.",
        number=number,
    )
