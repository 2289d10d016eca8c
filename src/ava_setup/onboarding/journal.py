"""The journal: intents written before a vendor is asked to change something, closed after."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

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
    from collections.abc import Iterable

    from ava_setup.onboarding.assistant import Assistant
    from ava_setup.onboarding.number import VapiNumber
    from ava_setup.onboarding.state import Connection, Saved, State

Entry = (
    CreateAssistant
    | ImportNumber
    | RelinkNumber
    | RepointNumber
    | ChangeAssistant
    | ChangeFallback
    | MakeKey
)
E = TypeVar("E", bound=Entry)


def addressed(saved: Saved, entry: E, org_id: str = "") -> E:
    """Note in an entry by which connection it is asked for, and of which organisation it is.

    Args:
        saved: What is kept.
        entry: About to be opened.
        org_id: As Vapi gave it with what the entry is about, if it did.
    """
    where = {"org_id": org_id}
    if saved.connection is not None:
        known = saved.connection
        where = {"connection_id": known.id, "org_id": org_id or known.org_id}
    return cast("E", entry.model_copy(update=where))


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


def taken_up(state: State, number: str) -> State:
    """Note that a number whose undoing was cut short is linked once more, with its calls.

    What is from before its latest import stays as far undone: that was of a record that is gone.
    """
    entries = state.saved.journal
    places = [
        place
        for place, one in enumerate(entries)
        if isinstance(one, ImportNumber) and one.number == number
    ]
    latest = entries[places[-1] :] if places else entries
    cut_short = tuple(
        one
        for one in latest
        if isinstance(one, ImportNumber | RepointNumber)
        and one.number == number
        and one.undone is Undone.WEBHOOKS
    )
    return undone(state, cut_short, Undone.NOT)


def _identity(entry: Entry) -> Entry:
    """Give what stays the same of an entry while it is undone."""
    return entry.model_copy(update={"undone": Undone.NOT})


def standing(saved: Saved) -> tuple[Entry, ...]:
    """Give the entries that are not wholly undone, oldest first."""
    return tuple(entry for entry in saved.journal if entry.undone is not Undone.WHOLLY)


def in_reach(saved: Saved) -> tuple[Entry, ...]:
    """Give the standing entries that are surely of the connected organisation."""
    connection = saved.connection
    return tuple(entry for entry in standing(saved) if connection and _is_of(entry, connection))


def _is_of(entry: Entry, connection: Connection) -> bool:
    same = {(entry.connection_id, connection.id), (entry.org_id, connection.org_id)}
    return any(one and one == other for one, other in same)


def is_seen(entry: Entry, assistants: Iterable[Assistant], numbers: Iterable[VapiNumber]) -> bool:
    """Whether what an entry is about is among all that an organisation has.

    Args:
        entry: Of an organisation that nobody knows.
        assistants: All of an organisation's.
        numbers: All of its numbers; those that the entry may be about are not masked.
    """
    match entry:
        case CreateAssistant():
            return any(made_by(entry, one) for one in assistants)
        case ImportNumber(made=""):
            pair = (entry.number, entry.assistant_id)
            return pair in {(one.number, one.assistant_id) for one in numbers}
        case (
            ImportNumber(made=subject)
            | RelinkNumber(phone_number_id=subject)
            | ChangeFallback(phone_number_id=subject)
            | ChangeAssistant(assistant_id=subject)
        ):
            return subject in {one.id for one in assistants} | {one.id for one in numbers}
        case RepointNumber() | MakeKey():
            # At Twilio there are no organisations.
            return True


def made_by(entry: CreateAssistant, assistant: Assistant) -> bool:
    """Whether a creation made an assistant; its mark tells while nobody saw its end."""
    if entry.made:
        return assistant.id == entry.made
    return assistant.create_id == entry.create_id


def placed(state: State, assistants: tuple[Assistant, ...]) -> State:
    """Note of which organisation entries are, once that can be told.

    Args:
        state: Connected to the organisation.
        assistants: All of the organisation's.
    """
    connection = state.saved.connection
    if connection is None or not connection.org_id:
        return state

    def is_here(one: Entry) -> bool:
        made_here = isinstance(one, CreateAssistant) and is_seen(one, assistants, ())
        return made_here or _is_of(one, connection)

    return state.save(
        journal=tuple(
            one.model_copy(update={"org_id": connection.org_id})
            if not one.org_id and is_here(one)
            else one
            for one in state.saved.journal
        )
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
