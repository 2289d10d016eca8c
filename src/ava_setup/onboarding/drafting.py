"""The assistant that is to be created: it follows its business until it is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import uuid4

from ava_setup.onboarding.assistant import VOICES, AssistantDraft
from ava_setup.onboarding.composing import compose, suggested_name
from ava_setup.onboarding.recomposing import carried_over
from ava_setup.onboarding.state import DraftedAssistant

if TYPE_CHECKING:
    from ava_setup.onboarding.profile import Profile
    from ava_setup.onboarding.state import Saved


def drafted(draft: AssistantDraft, saved: Saved, of: str = "") -> DraftedAssistant:
    """Make a draft one creation, however often it is changed or tried.

    Args:
        draft: A `create_id` of "" is that of the draft before, if there is one.
        saved: What is kept.
        of: Id of the assistant at Vapi that is to become so; "" makes a new one.
    """
    earlier = saved.assistant
    known = earlier.draft.create_id if isinstance(earlier, DraftedAssistant) else uuid4().hex
    return DraftedAssistant(draft=replace(draft, create_id=draft.create_id or known), of=of)


def following(draft: AssistantDraft, earlier: Profile, now: Profile) -> AssistantDraft:
    """Have a draft follow its business; words that the owner made their own stay as they are."""
    ready, anew = compose(earlier), compose(now)
    language = now.callers_language
    return replace(
        draft,
        name=suggested_name(now) if draft.name == suggested_name(earlier) else draft.name,
        greeting=anew.greeting if draft.greeting == ready.greeting else draft.greeting,
        instructions=carried_over(draft.instructions, ready, anew),
        voice=draft.voice if draft.voice in VOICES[language] else VOICES[language][0],
        language=language,
        admin_email=now.admin_email,
        webhook_url=now.webhook_url,
    )


def typed_following(saved: Saved, earlier: Profile, now: Profile) -> Saved:
    """Have instructions that were typed, and not drafted yet, follow their business too."""
    written = saved.typed.get("instructions", "")
    if not written:
        return saved
    return saved.with_typed(instructions=carried_over(written, compose(earlier), compose(now)))
