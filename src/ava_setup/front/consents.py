"""What is asked before somebody else may notice a change, and how a link ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ava_setup.onboarding.mends import loss
from ava_setup.onboarding.outcome import Consent, Outcome
from ava_setup.words import NOTHING, Text, _, verbatim

if TYPE_CHECKING:
    from ava_setup.onboarding.mends import Mend
    from ava_setup.onboarding.outcome import LinkResult
    from ava_setup.onboarding.state import State

_AGREE = {
    Consent.REASSIGN: _("Yes, hand it over"),
    Consent.OVERWRITE: _("Yes, take the calls over"),
}
READY = _("Your number is ready to receive calls.")
ENDINGS = {
    Outcome.IMPORTED: _("Number imported and linked automatically!"),
    Outcome.RELINKED: _("Number linked: it was at Vapi without an assistant."),
    Outcome.REASSIGNED: _("Number handed over."),
    Outcome.ALREADY_LINKED: _("The number was already linked."),
}


@dataclass(frozen=True, slots=True)
class Question:
    """A question to be answered by yes or no.

    Attributes:
        heading: What it is about.
        said: What there is to know before answering, by paragraphs.
        agree: What agreeing does.
    """

    heading: Text
    said: tuple[Text, ...]
    agree: Text


def today_and_then(today: Text | str | int, then: Text | str | int) -> Text:
    """Say what a change replaces, and by what."""
    return _("Today: {before}\nThen: {after}", before=today, after=then)


def question_of_link(result: LinkResult, state: State) -> Question | None:
    """Ask for what a link needs, showing who answers today and who then; None when it needs none.

    Args:
        result: How the attempt ended.
        state: Knows the assistants by name.
    """
    problem, consent = result.problem, result.consent
    if problem is None or consent not in _AGREE:
        return None
    params = dict(problem.params)
    known = {one.id: verbatim(one.label) for one in state.live.assistants or ()}
    today = params.get("holder") or params.get("target") or NOTHING
    then = params.get("assistant") or known.get(result.assistant_id or "") or NOTHING
    changes = today_and_then(today, then) if today and then else NOTHING
    said: tuple[Text, ...] = (problem.why, changes, problem.next)
    return Question(problem.what, tuple(filter(None, said)), _AGREE[consent])


def question_of_mend(mend: Mend) -> Question:
    """Ask before a mend that somebody else would notice."""
    said = (
        _("To do: {words}", words=mend.words),
        today_and_then(mend.before, mend.after),
        loss(mend),
    )
    return Question(_("Somebody else would notice this change."), said, _("Yes, change it"))
