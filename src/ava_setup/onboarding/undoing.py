"""Undoing, decided from facts alone: what of the journal can be taken back, and what is left."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ava_setup.onboarding.number import TwilioNumber, VapiNumber, spaced
from ava_setup.onboarding.state import CreateAssistant, ImportNumber, RelinkNumber, Undone
from ava_setup.onboarding.undo_steps import (
    DeleteAssistant,
    DeleteNumber,
    HandBack,
    Holder,
    PutWebhooksBack,
    Step,
    UndoFacts,
    UndoPlan,
    Webhooks,
)
from ava_setup.words import Text, _, verbatim

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ava_setup.onboarding.journal import Entry


def plan_undo(entries: Sequence[Entry], facts: UndoFacts) -> UndoPlan:
    """Decide what to take back. Pure and total.

    Args:
        entries: The journal's, oldest first, without those that are wholly undone.
        facts: What the vendors have now.
    """
    plan = UndoPlan()
    imported: set[str] = set()
    imports = [entry for entry in entries if isinstance(entry, ImportNumber)]
    relinks = [entry for entry in entries if isinstance(entry, RelinkNumber)]
    for number in dict.fromkeys(entry.number for entry in imports):
        line = _Line(number, tuple(one for one in imports if one.number == number), facts)
        if line.record is not None:
            imported.add(line.record.id)
        plan += line.plan(tuple(one for one in relinks if one.phone_number_id in line.ids))
        imported |= line.ids
    for phone_number_id in dict.fromkeys(one.phone_number_id for one in relinks):
        if phone_number_id not in imported:
            own = [one for one in relinks if one.phone_number_id == phone_number_id]
            plan += _hand_back(phone_number_id, own, facts)
    for entry in entries:
        if isinstance(entry, CreateAssistant):
            plan += _delete_assistant(entry, facts, plan)
    return plan


class _Line:
    """A number that this tool imported, once or several times."""

    def __init__(self, number: str, imports: tuple[ImportNumber, ...], facts: UndoFacts) -> None:
        self._number = number
        self._imports = imports
        self._at_twilio = next((o for o in facts.twilio_numbers if o.number == number), None)
        made = {one.made for one in imports} - {""}
        found = [one for one in facts.vapi_numbers if one.id in made]
        self._others = [
            one for one in facts.vapi_numbers if one.number == number and one.id not in made
        ]
        # Of an import that nobody saw the end of, the record is found by its number.
        if not found and any(not one.made for one in imports):
            found, self._others = self._others, []
        self.record = found[-1] if found else None
        self.ids = made | {one.id for one in found}

    def plan(self, relinks: tuple[RelinkNumber, ...]) -> UndoPlan:
        """Decide about the number at both vendors."""
        number, record = spaced(self._number), self.record
        if record is None and self._others:
            text = _(
                "Vapi holds {number} anew, not as imported here; left as it is.", number=number
            )
            return UndoPlan(left=(text,))
        # Any of the assistants that this tool linked it to is as it was left; so is none.
        ours = {
            Holder(),
            *(Holder(one.assistant_id) for one in self._imports),
            *(Holder(one.assistant_id) for one in relinks),
        }
        if record is not None and _holder(record) not in ours:
            text = _("{number} is answered by something else now; left as it is.", number=number)
            return UndoPlan(left=(text,))
        entries: tuple[Entry, ...] = (*self._imports, *relinks)
        if self._at_twilio is None:
            text = _("{number} is no longer in this Twilio account.", number=number)
            # Without its webhooks it is not undone: another account may still have it.
            return UndoPlan(self._deletion(Webhooks(), ()), (text,))
        return self._both_sides(self._at_twilio, entries)

    def _both_sides(self, now: TwilioNumber, entries: tuple[Entry, ...]) -> UndoPlan:
        wanted = self._wanted(now)
        writes = to_write(now, wanted)
        left: tuple[Text, ...] = ()
        if wanted.voice_url is None:
            text = _(
                "The calls of {number} go to {target} today, not to Vapi; left as they are.",
                number=spaced(self._number),
                target=now.target.words,
            )
            left = (text,)
        far = Undone.WHOLLY if self.record is None else Undone.WEBHOOKS
        steps: tuple[Step, ...] = self._deletion(wanted, entries)
        if writes:
            steps = (PutWebhooksBack(now.sid, self._number, writes, entries, far), *steps)
        return UndoPlan(steps, left, () if steps else entries)

    def _deletion(self, wanted: Webhooks, entries: tuple[Entry, ...]) -> tuple[Step, ...]:
        if self.record is None:
            return ()
        return (DeleteNumber(self.record.id, self._number, wanted, entries),)

    def _wanted(self, now: TwilioNumber) -> Webhooks:
        """Give what was there before us, of the webhooks that are still as an import left them."""
        newest = self._imports[-1]
        before = next((o for o in reversed(self._imports) if not is_vapis(o.voice_url)), newest)
        put_back = any(one.undone is Undone.WEBHOOKS for one in self._imports)

        def ours(is_now: str, was: str) -> str | None:
            emptied = put_back and not is_now
            return was if is_vapis(is_now) or is_now == was or emptied else None

        voice_url = ours(now.voice_url, before.voice_url)
        return Webhooks(
            voice_url=voice_url,
            voice_method=None if voice_url is None else before.voice_method,
            status_callback=ours(now.status_callback, before.status_callback),
            sms_url=ours(now.sms_url, before.sms_url),
        )


def to_write(now: TwilioNumber, wanted: Webhooks) -> Webhooks:
    """Give those of the wanted webhooks that a number does not have yet."""

    def missing(is_now: str, want: str | None) -> str | None:
        return None if want == is_now else want

    voice_url = missing(now.voice_url, wanted.voice_url)
    return Webhooks(
        voice_url=voice_url,
        voice_method=None if voice_url is None else wanted.voice_method,
        status_callback=missing(now.status_callback, wanted.status_callback),
        sms_url=missing(now.sms_url, wanted.sms_url),
    )


def is_vapis(url: str) -> bool:
    """Whether a webhook is one that an import writes (contract: vapi.md, What an import does)."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return False
    return (host == "vapi.ai" or host.endswith(".vapi.ai")) and parts.path.startswith("/twilio/")


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
        earlier = Holder(one.earlier_assistant_id, one.earlier_squad_id, one.earlier_workflow_id)
        left = Holder(one.assistant_id)
        if rows and rows[-1].left == earlier:
            row = rows.pop()
            rows.append(replace(row, left=left, entries=(*row.entries, one)))
        else:
            rows.append(_Relinked(earlier, left, (one,)))
    return rows


def _hand_back(phone_number_id: str, relinks: list[RelinkNumber], facts: UndoFacts) -> UndoPlan:
    """Decide about a number that was at Vapi before this tool came."""
    record = next((one for one in facts.vapi_numbers if one.id == phone_number_id), None)
    if record is None:
        return UndoPlan(settled=tuple(relinks))
    holder = _holder(record)
    entries: tuple[RelinkNumber, ...] = ()
    left: tuple[Text, ...] = ()
    for row in reversed(_in_a_row(relinks)):
        if holder not in (row.left, row.earlier):
            number = spaced(record.number)
            left = (_("{number} is answered by something else now; left as it is.", number=number),)
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


def _delete_assistant(entry: CreateAssistant, facts: UndoFacts, plan: UndoPlan) -> UndoPlan:
    """Decide about an assistant, once it is known what becomes of the numbers."""
    made = next(
        (
            one
            for one in facts.assistants
            if (one.id == entry.made if entry.made else one.create_id == entry.create_id)
        ),
        None,
    )
    if made is None:
        return UndoPlan(settled=(entry,))
    becomes = {one.id: _holder(one) for one in facts.vapi_numbers}
    for step in plan.steps:
        if isinstance(step, DeleteNumber):
            del becomes[step.phone_number_id]
        elif isinstance(step, HandBack):
            becomes[step.phone_number_id] = step.holder
    users = [
        spaced(one.number) or one.name or one.id
        for one in facts.vapi_numbers
        if one.id in becomes and becomes[one.id].assistant_id == made.id
    ]
    if users:
        text = _(
            "The assistant “{name}” still answers {numbers}; left as it is.",
            name=made.label,
            numbers=", ".join(users),
        )
        return UndoPlan(left=(text,))
    return UndoPlan((DeleteAssistant(made.id, made.label, (entry,)),))
