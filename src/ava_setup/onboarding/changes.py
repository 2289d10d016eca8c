"""What each event makes of the state: pure functions, applied by the engine through the store."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ava_setup.onboarding import journal
from ava_setup.onboarding.credentials import SecretName
from ava_setup.onboarding.drafting import following, typed_following
from ava_setup.onboarding.number import region_of
from ava_setup.onboarding.state import ChosenAssistant, DraftedAssistant, Linked

if TYPE_CHECKING:
    from ava_setup.onboarding.assistant import Assistant, AssistantDraft
    from ava_setup.onboarding.credentials import Balance, TwilioAccount, TwilioRegion
    from ava_setup.onboarding.number import TwilioNumber
    from ava_setup.onboarding.outcome import LinkResult
    from ava_setup.onboarding.profile import Profile
    from ava_setup.onboarding.review_rows import Review
    from ava_setup.onboarding.state import (
        ChosenNumber,
        Connection,
        CreateAssistant,
        MakeKey,
        NoAssistantYet,
        Region,
        State,
        TwilioAccess,
    )


def opened(
    state: State, regions: tuple[Region, ...], twilio_regions: tuple[TwilioRegion, ...]
) -> State:
    """Take up saved work; a connection of a region that is not to be had is none."""
    connection, twilio = state.saved.connection, state.saved.twilio
    if connection is not None and connection.region not in regions:
        state = state.save(connection=None)
    if twilio is not None and twilio.region not in twilio_regions:
        state = state.save(twilio=None)
    return state


def vapi_connected(
    state: State, connection: Connection, assistants: tuple[Assistant, ...]
) -> State:
    """Take in a Vapi organisation; another one than before has none of the earlier things."""
    chosen, linked = state.saved.assistant, state.saved.linked
    ids = {one.id for one in assistants}
    state = state.note(secrets=state.live.secrets | {SecretName.VAPI_KEY})
    if isinstance(chosen, ChosenAssistant) and chosen.id not in ids:
        state = state.save(assistant=None)
    if linked is not None and linked.assistant_id not in ids:
        state = state.save(linked=None, answered=None)
    return assistants_listed(state.save(connection=connection), assistants)


def assistant_seen(state: State, assistant: Assistant) -> State:
    """Add an assistant to those listed."""
    known = state.live.assistants or ()
    others = tuple(one for one in known if one.id != assistant.id)
    return assistants_listed(state, (*others, assistant))


def assistant_chosen(state: State, assistant: Assistant) -> State:
    """Have this assistant answer; the unseen creation that made it, if one did, is then seen."""
    earlier = state.saved.assistant
    choice = ChosenAssistant(id=assistant.id, name=assistant.label)
    if isinstance(earlier, ChosenAssistant) and earlier.id == assistant.id:
        # What it still has to be told of its business, it has to be told all the same.
        choice = earlier.model_copy(update={"name": assistant.label, "auto_linked": False})
    return answered_by(journal.recognised(state, assistant), choice)


def assistants_listed(state: State, assistants: tuple[Assistant, ...]) -> State:
    """Take in an organisation's assistants; each of them tells which organisation it is."""
    connection = state.saved.connection
    org_id = next((one.org_id for one in assistants if one.org_id), "")
    if connection is not None and org_id and not connection.org_id:
        state = state.save(connection=connection.model_copy(update={"org_id": org_id}))
    return journal.placed(state, assistants).note(assistants=assistants)


def profile_saved(state: State, profile: Profile) -> State:
    """Take in the business; what was made for it before carries its earlier facts until told."""
    earlier, saved = state.saved.profile, state.saved
    state = state.save(profile=profile)
    if earlier is None:
        return state
    state = replace(state, saved=typed_following(state.saved, earlier, profile))
    chosen, linked = saved.assistant, saved.linked
    if isinstance(chosen, DraftedAssistant):
        follows = following(chosen.draft, earlier, profile)
        state = state.save(assistant=chosen.model_copy(update={"draft": follows}))
    if isinstance(chosen, ChosenAssistant) and chosen.id in journal.assistants_made(saved):
        state = state.save(assistant=_compared(chosen, earlier, profile))
    if linked is not None and earlier.fallback_number != profile.fallback_number:
        state = state.save(linked=linked.model_copy(update={"outdated": True}))
    return state


def _compared(chosen: ChosenAssistant, earlier: Profile, now: Profile) -> ChosenAssistant:
    """Note whether an assistant that was made here still tells of an earlier business."""
    if chosen.draft is None:
        facts = (earlier.admin_email, earlier.webhook_url)
        outdated = chosen.outdated or facts != (now.admin_email, now.webhook_url)
        return chosen.model_copy(update={"outdated": outdated})
    carries = chosen.carries or (earlier,)
    differs = following(chosen.draft, carries[0], now) != chosen.draft
    outdated = differs or len(carries) > 1
    return chosen.model_copy(update={"outdated": outdated, "carries": carries if outdated else ()})


def assistant_telling(state: State, profile: Profile) -> State:
    """Note what an assistant is about to be told: nobody may see how that ends."""
    chosen = state.saved.assistant
    if not isinstance(chosen, ChosenAssistant) or not chosen.carries or profile in chosen.carries:
        return state
    carries = (*chosen.carries, profile)
    return state.save(assistant=chosen.model_copy(update={"carries": carries}))


def assistant_told(state: State, assistant: Assistant, draft: AssistantDraft | None) -> State:
    """Take in that the assistant carries the business's facts of today.

    Args:
        state: The state.
        assistant: As Vapi has it now.
        draft: What it is made from now, or None when that is not known.
    """
    if state.live.assistants is not None:
        state = assistant_seen(state, assistant)
    return _up_to_date(state, name=assistant.label, draft=draft)


def assistant_lost(state: State) -> State:
    """Take in that there is no assistant to tell anything."""
    return _up_to_date(state)


def _up_to_date(state: State, **changes: object) -> State:
    chosen = state.saved.assistant
    if not isinstance(chosen, ChosenAssistant):
        return state
    changes |= {"outdated": False, "carries": ()}
    return state.save(assistant=chosen.model_copy(update=changes))


def assistant_created(
    state: State, intent: CreateAssistant, assistant: Assistant, draft: AssistantDraft
) -> State:
    """Close a creation and have what it made answer: at once, or a kill between makes two."""
    return assistant_made(
        journal.closed(state, intent, assistant.id, assistant.org_id), assistant, draft
    )


def assistant_made(state: State, assistant: Assistant, draft: AssistantDraft) -> State:
    """Have an assistant answer that is now as it was drafted."""
    state = assistant_chosen(assistant_seen(state, assistant), assistant)
    choice = ChosenAssistant(id=assistant.id, name=assistant.label, draft=draft)
    return state.save(assistant=choice)


def answered_by(state: State, choice: ChosenAssistant | DraftedAssistant | NoAssistantYet) -> State:
    """Have another answer; a link to someone else is then no longer the one wanted."""
    linked = state.saved.linked
    match choice:
        case ChosenAssistant(id=wanted) if linked and linked.assistant_id != wanted:
            state = state.save(linked=None, answered=None)
        case DraftedAssistant(of=of) if linked and linked.assistant_id != of:
            state = state.save(linked=None, answered=None)
        case _:
            pass
    return state.save(assistant=choice)


def number_chosen(state: State, chosen: ChosenNumber) -> State:
    """Have a number answered; its country tells whom callers ring in an emergency."""
    if state.saved.number != chosen:
        state = state.save(number=chosen, linked=None, answered=None)
    profile, country = state.saved.profile, region_of(chosen.number) or ""
    if profile is not None and profile.country != country:
        state = profile_saved(state, profile.model_copy(update={"country": country}))
    return state.note(checks=(), result=None)


def twilio_connected(
    state: State,
    access: TwilioAccess,
    account: TwilioAccount,
    numbers: tuple[TwilioNumber, ...],
) -> State:
    """Take in a Twilio account; a number that it does not have is no longer chosen."""
    number = state.saved.number
    if number is not None and number.number not in {one.number for one in numbers}:
        state = state.save(number=None, linked=None, answered=None)
    # There is no token that a key of our own could take the place of.
    own_key = state.saved.own_key and not access.key_sid
    return state.save(twilio=access, own_key=own_key).note(account=account, numbers=numbers)


def balance_read(state: State, balance: Balance | None) -> State:
    """Take in what the Twilio account has left, as far as that was told."""
    account = state.live.account
    return state if account is None else state.note(account=account.having(balance))


def key_made(state: State, intent: MakeKey, sid: str) -> State:
    """Close the making of an API key and have it be the one in use: at once, or it is an orphan."""
    access = state.saved.twilio
    state = journal.closed(state, intent, sid)
    access = access and access.model_copy(update={"key_sid": sid})
    return state.save(twilio=access, own_key=False)


def reviewed(state: State, review: Review) -> State:
    """Take in what going live is to do, and no checklist of an earlier attempt."""
    return state.note(review=review, checks=())


def link_ended(state: State, result: LinkResult) -> State:
    """Take in how a link ended; only a proven one is kept."""
    state = state.note(result=result, checks=result.checks)
    assistant_id, phone = result.assistant_id, result.phone
    if not result.success or phone is None or assistant_id is None:
        return state
    earlier = state.saved.linked
    linked = Linked(
        phone_number_id=phone.id,
        number=phone.number,
        assistant_id=assistant_id,
        outcome=result.outcome,
        auto_linked=result.auto_linked,
        linked_at=result.linked_at,
    )
    # Proven once more, nothing was written: the call that answered still counts.
    if earlier is None or result.linked_at or not _same_line(earlier, linked):
        state = state.save(linked=linked, answered=None)
    else:
        state = state.save(linked=earlier.model_copy(update={"outdated": False}))
    if result.auto_linked:
        known = state.live.assistants or ()
        name = next((one.label for one in known if one.id == assistant_id), assistant_id)
        state = state.save(assistant=ChosenAssistant(id=assistant_id, name=name, auto_linked=True))
    return state


def _same_line(one: Linked, other: Linked) -> bool:
    return (one.phone_number_id, one.assistant_id) == (
        other.phone_number_id,
        other.assistant_id,
    )
