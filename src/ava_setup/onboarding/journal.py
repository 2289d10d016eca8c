"""The journal: intents written before a vendor is asked to change something, closed after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.onboarding.state import CreateAssistant, ImportNumber, RelinkNumber, Undone

if TYPE_CHECKING:
    from ava_setup.onboarding.assistant import Assistant
    from ava_setup.onboarding.state import Saved, State

Entry = CreateAssistant | ImportNumber | RelinkNumber


def opened(state: State, entry: Entry) -> State:
    """Write an intent, in place of an open one about the same thing."""
    earlier = tuple(
        one for one in state.saved.journal if one.made or _subject(one) != _subject(entry)
    )
    return state.save(journal=(*earlier, entry))


def _subject(entry: Entry) -> tuple[str, str]:
    match entry:
        case ImportNumber(number=number):
            return entry.kind, number
        case RelinkNumber(phone_number_id=number):
            return entry.kind, number
        case CreateAssistant():
            return entry.kind, ""


def closed(state: State, entry: Entry, made: str) -> State:
    """Note what an intent became; nothing happens when it is not in the journal."""
    return state.save(
        journal=tuple(
            one.model_copy(update={"made": made}) if one == entry else one
            for one in state.saved.journal
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


def recognised(state: State, assistant: Assistant) -> State:
    """Close the creation that made an assistant, when nobody saw its end; its mark tells."""
    for one in state.saved.journal:
        if not isinstance(one, CreateAssistant) or one.made:
            continue
        if one.create_id == assistant.create_id:
            return closed(state, one, assistant.id)
    return state


def earlier_creation(saved: Saved, create_id: str) -> CreateAssistant | None:
    """Give the creation that nobody saw the end of, else the one with this id, if there is one."""
    creations = [entry for entry in standing(saved) if isinstance(entry, CreateAssistant)]
    unfinished = [entry for entry in creations if not entry.made]
    same = [entry for entry in creations if entry.create_id == create_id]
    return next(iter(unfinished + same), None)
