"""The journal: intents written before a vendor is asked to change something, closed after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.onboarding.state import (
    ChangeAssistant,
    ChangeFallback,
    CreateAssistant,
    ImportNumber,
    MakeKey,
    RelinkNumber,
    RepointNumber,
    Undone,
)

if TYPE_CHECKING:
    from ava_setup.onboarding.assistant import Assistant
    from ava_setup.onboarding.state import Saved, State

Entry = (
    CreateAssistant
    | ImportNumber
    | RelinkNumber
    | RepointNumber
    | ChangeAssistant
    | ChangeFallback
    | MakeKey
)


def opened(state: State, entry: Entry) -> State:
    """Write an intent, in place of an open one that says the same.

    An open one that found something else stays: only it saw what was there before.
    """
    earlier = tuple(one for one in state.saved.journal if one != _as_of(entry, one))
    return state.save(journal=(*earlier, entry))


def _as_of(entry: Entry, other: Entry) -> Entry:
    return entry.model_copy(update={"at": other.at})


def closed(state: State, entry: Entry, made: str, org_id: str = "") -> State:
    """Note what an intent became, and where; nothing happens when it is not in the journal."""
    became = {"made": made, "org_id": org_id or entry.org_id}
    return state.save(
        journal=tuple(
            one.model_copy(update=became) if one == entry else one for one in state.saved.journal
        )
    )


def withdrawn(state: State, entry: Entry) -> State:
    """Take back an intent that provably came to nothing."""
    return state.save(journal=tuple(one for one in state.saved.journal if one != entry))


def undone(state: State, entries: tuple[Entry, ...], how_far: Undone) -> State:
    """Note how far entries are undone."""
    ids = {_identity(entry) for entry in entries}
    return state.save(
        journal=tuple(
            one.model_copy(update={"undone": how_far}) if _identity(one) in ids else one
            for one in state.saved.journal
        )
    )


def _identity(entry: Entry) -> Entry:
    """Give what stays the same of an entry while it is undone."""
    return entry.model_copy(update={"undone": Undone.NOT})


def standing(saved: Saved) -> tuple[Entry, ...]:
    """Give the entries that are not wholly undone, oldest first."""
    return tuple(entry for entry in saved.journal if entry.undone is not Undone.WHOLLY)


def in_reach(saved: Saved) -> tuple[Entry, ...]:
    """Give the standing entries of the connected organisation, or of one that is not known."""
    connected = saved.connection.org_id if saved.connection else ""
    return tuple(
        entry
        for entry in standing(saved)
        if not connected or not entry.org_id or entry.org_id == connected
    )


def assistants_made(saved: Saved) -> frozenset[str]:
    """Give the ids of the assistants that this tool made, as far as it knows."""
    return frozenset(
        entry.made for entry in standing(saved) if isinstance(entry, CreateAssistant) and entry.made
    )


def recognised(state: State, assistant: Assistant) -> State:
    """Close the creation that made an assistant, when nobody saw its end; its mark tells."""
    for one in state.saved.journal:
        if not isinstance(one, CreateAssistant) or one.made:
            continue
        if one.create_id == assistant.create_id:
            return closed(state, one, assistant.id, assistant.org_id)
    return state


def earlier_creation(saved: Saved, create_id: str) -> CreateAssistant | None:
    """Give the creation that nobody saw the end of, else the one with this id, if there is one."""
    creations = [entry for entry in in_reach(saved) if isinstance(entry, CreateAssistant)]
    unfinished = [entry for entry in creations if not entry.made]
    same = [entry for entry in creations if entry.create_id == create_id]
    return next(iter(unfinished + same), None)
