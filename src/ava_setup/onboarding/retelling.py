"""What an assistant that was made here is told when its business has changed since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ava_setup.onboarding.assistant import AssistantMends, Opening
from ava_setup.onboarding.composing import compose
from ava_setup.onboarding.drafting import following
from ava_setup.onboarding.recomposing import carried_over, own_lines

if TYPE_CHECKING:
    from ava_setup.onboarding.assistant import Assistant, AssistantDraft
    from ava_setup.onboarding.composing import Composition
    from ava_setup.onboarding.profile import Profile
    from ava_setup.onboarding.state import ChosenAssistant


@dataclass(frozen=True, slots=True)
class Retelling:
    """What is to change in an assistant, so that it tells of its business as it is today.

    Attributes:
        mends: What to write at Vapi; nothing where all of it is so already.
        draft: What the assistant is made from then, or None when that is not known.
        paragraph: One of its instructions that changes, as it is and as it is to be; or None.
        keeps_own: Whether words that would change are the owner's own, and stay.
    """

    mends: AssistantMends
    draft: AssistantDraft | None = None
    paragraph: tuple[str, str] | None = None
    keeps_own: bool = False


def retold(there: Assistant, choice: ChosenAssistant, now: Profile) -> Retelling:
    """Compare an assistant with its business; what its owner wrote, here or at Vapi, stays. Pure.

    Args:
        there: As Vapi has it.
        choice: What is kept of it.
        now: The business of today.
    """
    email = None if there.admin_email == now.admin_email else now.admin_email
    webhook = None if there.webhook_url == now.webhook_url else now.webhook_url
    base = choice.draft
    if base is None or not choice.carries:
        return Retelling(AssistantMends(admin_email=email, webhook_url=webhook), base)
    draft = following(base, choice.carries[0], now)
    written = [following(base, choice.carries[0], one) for one in choice.carries]
    greets = there.opening is Opening.SAYS
    # Of several that it may carry, the one that most of its words are of; else the latest.
    latest_first = reversed(choice.carries)
    carried = min(latest_first, key=lambda one: own_lines(there.instructions, compose(one)))
    earlier, anew = compose(carried), compose(now)
    instructions = carried_over(there.instructions, earlier, anew)
    speaks_anew = now.callers_language is not carried.callers_language
    mends = AssistantMends(
        name=_next(there.name, {one.name for one in written}, draft.name),
        opening_words=_next(
            there.first_message,
            {one.first_message for one in written if greets},
            draft.first_message,
        ),
        instructions=None if instructions == there.instructions else instructions,
        language=now.callers_language if speaks_anew else None,
        voice=draft.voice if speaks_anew else None,
        admin_email=email,
        webhook_url=webhook,
    )
    changed, keeps_own = _paragraphs(there.instructions, earlier, anew)
    return Retelling(mends, draft, changed, keeps_own)


def _next(there: str, written: set[str], wanted: str) -> str | None:
    """Give what is to stand in place of words that this tool wrote; None leaves them."""
    return wanted if there in written and there != wanted else None


def _paragraphs(
    text: str, earlier: Composition, anew: Composition
) -> tuple[tuple[str, str] | None, bool]:
    """Give the first paragraph that changes, and whether one that would is the owner's own."""
    changing = {
        key: (paragraph, anew.paragraphs.get(key, ""))
        for key, paragraph in earlier.paragraphs.items()
        if anew.paragraphs.get(key) != paragraph
    }
    lines = {line.strip() for line in text.split("\n")}
    follow = [pair for pair in changing.values() if pair[0] in lines]
    own = any(pair[0] not in lines and pair[1] not in lines for pair in changing.values())
    return (follow[0] if follow else None), own
