"""What the number step says: what it asks before it takes something over, and how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.onboarding.outcome import Consent, Outcome
from ava_setup.tui.screens.consent import ConsentScreen, today_and_then
from ava_setup.words import NOTHING, Text, _, verbatim

if TYPE_CHECKING:
    from ava_setup.onboarding.outcome import LinkResult
    from ava_setup.onboarding.state import State

AGREE = {
    Consent.REASSIGN: _("Yes, hand it over"),
    Consent.OVERWRITE: _("Yes, take the calls over"),
}
READY = _("Your number is ready to receive calls.")
TOASTS = {
    Outcome.IMPORTED: _("Number imported and linked automatically!"),
    Outcome.RELINKED: _("Number linked: it was at Vapi without an assistant."),
    Outcome.REASSIGNED: _("Number handed over."),
    Outcome.ALREADY_LINKED: _("The number was already linked."),
}


def question(result: LinkResult, state: State) -> ConsentScreen | None:
    """Ask for what a link needs, showing who answers today and who then; None when it needs none.

    Args:
        result: How the attempt ended.
        state: Knows the assistants by name.
    """
    problem, consent = result.problem, result.consent
    if problem is None or consent not in AGREE:
        return None
    params = dict(problem.params)
    known = {one.id: verbatim(one.label) for one in state.live.assistants or ()}
    today = params.get("holder") or params.get("target") or NOTHING
    then = params.get("assistant") or known.get(result.assistant_id or "") or NOTHING
    changes = today_and_then(today, then) if today and then else NOTHING
    said: tuple[Text, ...] = (problem.why, changes, problem.next)
    return ConsentScreen(problem.what, tuple(filter(None, said)), AGREE[consent])
