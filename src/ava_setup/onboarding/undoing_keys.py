"""Undoing API keys at Twilio, once it is known what becomes of the numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.onboarding.number import spaced
from ava_setup.onboarding.state import ImportNumber, MakeKey
from ava_setup.onboarding.undo_steps import DeleteKey, DeleteNumber, UndoFacts, UndoPlan
from ava_setup.words import Text, _

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ava_setup.onboarding.credentials import TwilioKey
    from ava_setup.onboarding.journal import Entry


def plan_keys(entries: Sequence[Entry], facts: UndoFacts, numbers: UndoPlan) -> UndoPlan:
    """Decide about all keys. Pure and total.

    Args:
        entries: The journal's, oldest first, without those that are wholly undone.
        facts: What the vendors have now.
        numbers: What becomes of the numbers.
    """
    plan = UndoPlan()
    for entry in entries:
        if isinstance(entry, MakeKey):
            plan += _delete(entry, _users(entry, entries, facts, numbers), entries, facts)
    return plan


def _delete(
    entry: MakeKey, users: list[str], entries: Sequence[Entry], facts: UndoFacts
) -> UndoPlan:
    if users:
        text = _(
            "The API key “{name}” stays at Twilio: Vapi still uses it for {numbers}.",
            name=entry.name,
            numbers=", ".join(users),
        )
        return UndoPlan(left=(text,))
    if facts.keys is None or entry.account_sid != facts.account_sid:
        return UndoPlan(left=(key_stays(entry.name),))
    sids = tuple(one.sid for one in made_by(entry, entries, facts.keys))
    if not sids:
        return UndoPlan(settled=(entry,))
    return UndoPlan((DeleteKey(sids, entry.name, (entry,)),))


def key_stays(name: str) -> Text:
    """Say that a key cannot be deleted with the credentials at hand, and what can be done."""
    return _(
        "The API key “{name}” stays at Twilio: only the auth token can delete it. Enter the token "
        "and undo again, or delete the key at console.twilio.com, API keys.",
        name=name,
    )


def made_by(
    intent: MakeKey, entries: Iterable[Entry], keys: Iterable[TwilioKey]
) -> tuple[TwilioKey, ...]:
    """Give the keys that an intent made; of an unseen one, all that came to be by its name.

    Args:
        intent: The intent.
        entries: All of the journal's: a key that another intent made is not this one's.
        keys: The account's.
    """
    if intent.made:
        return tuple(one for one in keys if one.sid == intent.made)
    known = {*intent.beside, *(one.made for one in entries if isinstance(one, MakeKey))}
    return tuple(one for one in keys if one.name == intent.name and one.sid not in known)


def users_of(key_sid: str, entries: Iterable[Entry]) -> list[ImportNumber]:
    """Give the imports that handed a key to Vapi."""
    imports = [entry for entry in entries if isinstance(entry, ImportNumber)]
    return [one for one in imports if key_sid and one.key_sid == key_sid]


def _users(
    entry: MakeKey, entries: Sequence[Entry], facts: UndoFacts, numbers: UndoPlan
) -> list[str]:
    """Name the numbers for which Vapi will still use a key."""
    gone = {step.phone_number_id for step in numbers.steps if isinstance(step, DeleteNumber)}
    stays = [one for one in facts.vapi_numbers if one.id not in gone]
    ids, held = {one.id for one in stays}, {one.number for one in stays}
    here = [
        one
        for one in users_of(entry.made, entries)
        if (one.made in ids if one.made else one.number in held)
    ]
    # Of another organisation nothing can be seen now.
    users = [*here, *users_of(entry.made, facts.elsewhere)]
    return list(dict.fromkeys(spaced(one.number) for one in users))
