"""`ava-setup forget`: asks, then removes what is kept of a business on this computer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.conversation import Conversation
from ava_setup.onboarding import journal
from ava_setup.onboarding.errors import StoreError
from ava_setup.onboarding.state import VaultPlace
from ava_setup.store.forgetting import Forgotten, forget_profile
from ava_setup.store.lock import ProfileLock
from ava_setup.store.places import DEFAULT_PROFILE, Places
from ava_setup.store.state_file import StateFile
from ava_setup.store.vault import open_vault
from ava_setup.words import Voice, _

if TYPE_CHECKING:
    from ava_setup.store.places import ProfileFolder


def forget(profile: str | None, voice: Voice, *, yes: bool) -> int:
    """Forget a profile; nothing changes at a vendor.

    Args:
        profile: Its name, or None for the default one.
        voice: The language.
        yes: Whether to go ahead without asking.

    Returns:
        The exit code: 0 when it was forgotten, or not wanted; 1 when something may still be there.
    """
    talk = Conversation(voice, yes=yes)

    async def converse() -> int:
        name = profile or DEFAULT_PROFILE
        places = Places.from_environment()
        folder = places.profile(name)
        with ProfileLock(folder):
            _suggest_undo(talk, folder, name)
            question = _(
                "Remove the answers and keys of the business “{name}” from this computer?",
                name=name,
            )
            if not await talk.agrees(question):
                talk.say(_("Nothing has been removed."))
                return 0
            _report(talk, await forget_profile(folder, open_vault(places, name)), folder)
        return 0

    return talk.hold(converse, _("Stopped. Start it again to remove what may still be there."))


def _suggest_undo(talk: Conversation, folder: ProfileFolder, name: str) -> None:
    try:
        saved = StateFile(folder.state).load().saved
    except StoreError as error:
        # What cannot be read can still be removed.
        talk.complain(error.problem)
        return
    if journal.standing(saved):
        talk.say(
            _(
                "What was made at Vapi and Twilio stays there, and after this it can no longer be "
                "undone from here. To undo it first: ava-setup undo --profile {name}",
                name=name,
            )
        )


def _report(talk: Conversation, forgotten: Forgotten, folder: ProfileFolder) -> None:
    if not forgotten:
        talk.say(_("Nothing was kept for this business."))
        return
    if VaultPlace.KEYRING in forgotten.secrets:
        talk.say(_("Removed from the keyring: the keys."))
    if VaultPlace.FILE in forgotten.secrets:
        talk.say(_("Removed: {path}", path=str(folder.secrets)))
    if forgotten.files:
        talk.say(
            _(
                "Removed: {path}, with {count} file(s).",
                path=str(folder.path),
                count=forgotten.files,
            )
        )
    talk.say(_("This computer no longer knows this business. Nothing changed at Vapi or Twilio."))
