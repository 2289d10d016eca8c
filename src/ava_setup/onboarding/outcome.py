"""How an attempt to link ended: what was done, what was found, and the whole in one sentence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from ava_setup.onboarding.errors import ErrorCode, Problem
from ava_setup.words import NOTHING, Text, _, verbatim

if TYPE_CHECKING:
    from ava_setup.onboarding.assistant import Assistant
    from ava_setup.onboarding.verdicts import Check
    from ava_setup.words import Voice


class Outcome(StrEnum):
    """How an attempt to link ended."""

    IMPORTED = "imported"
    RELINKED = "relinked"
    ALREADY_LINKED = "already_linked"
    REASSIGNED = "reassigned"
    LINKED_ELSEWHERE = "linked_elsewhere"
    ASSISTANT_REQUIRED = "assistant_required"
    UNPROVEN = "unproven"
    FAILED = "failed"


class Consent(StrEnum):
    """Something that is only done when the user has agreed to it."""

    REASSIGN = "reassign"
    OVERWRITE = "overwrite"
    TRIAL = "trial"
    CHANGE_ASSISTANT = "change_assistant"


@dataclass(frozen=True, slots=True)
class LinkedPhone:
    """The phone of a link result; `assistantId` is spelt as Vapi spells it when written out."""

    id: str
    number: str
    provider: str
    assistant_id: str | None


@dataclass(frozen=True, slots=True)
class LinkResult:
    """How an attempt to link ended, and how it is known.

    Attributes:
        success: True only after three reads agreed (Vapi number, Vapi assistant, Twilio number).
        outcome: What was done, or why nothing was.
        phone: The number at Vapi, or None when it is not there.
        auto_linked: Whether the assistant was chosen by us.
        assistant_id: The assistant that answers or was to answer, or None.
        message: The whole in one sentence.
        checks: The checklist as last read.
        problem: What went wrong, or None.
        consent: What the user may agree to and try again, or None.
        linked_at: ISO 8601 by Vapi's clock, when this attempt wrote the link; else "".
    """

    success: bool
    outcome: Outcome
    message: Text
    phone: LinkedPhone | None = None
    auto_linked: bool = False
    assistant_id: str | None = None
    checks: tuple[Check, ...] = ()
    problem: Problem | None = None
    consent: Consent | None = None
    linked_at: str = ""

    def written_out(self, voice: Voice) -> dict[str, object]:
        """Give the result as plain values, sentences in the voice's language, for JSON."""
        phone = self.phone
        return {
            "success": self.success,
            "outcome": self.outcome.value,
            "phone": phone
            and {
                "id": phone.id,
                "number": phone.number,
                "provider": phone.provider,
                "assistantId": phone.assistant_id,
            },
            "auto_linked": self.auto_linked,
            "assistant_id": self.assistant_id,
            "message": voice(self.message),
            "checks": [
                {
                    "id": check.id.value,
                    "verdict": check.verdict.value,
                    "question": voice(check.question),
                    "detail": voice(check.detail),
                }
                for check in self.checks
            ],
        }


_DONE: dict[Outcome, Text] = {
    Outcome.IMPORTED: _("Number imported and linked to {assistant}."),
    Outcome.RELINKED: _("The number was at Vapi but linked to nothing: now {assistant} answers."),
    Outcome.ALREADY_LINKED: _("The number was already linked to {assistant}."),
    Outcome.REASSIGNED: _("The number was handed over to {assistant}."),
}
_CHOSEN_BY_US = _("{done} (No assistant was chosen: the first available one was taken.)")


def done_message(outcome: Outcome, assistant: Assistant, *, auto_linked: bool) -> Text:
    """Say in one sentence what a successful attempt did.

    Raises:
        KeyError: The outcome is not a success.
    """
    done = Text(_DONE[outcome].msgid, (("assistant", verbatim(assistant.label)),))
    return Text(_CHOSEN_BY_US.msgid, (("done", done),)) if auto_linked else done


def refused(
    problem: Problem,
    *,
    consent: Consent | None = None,
    assistant: Assistant | None = None,
    checks: tuple[Check, ...] = (),
) -> LinkResult:
    """Make the result of an attempt that wrote nothing."""
    outcome = {
        ErrorCode.ASSISTANT_REQUIRED: Outcome.ASSISTANT_REQUIRED,
        ErrorCode.LINKED_ELSEWHERE: Outcome.LINKED_ELSEWHERE,
    }.get(problem.code, Outcome.FAILED)
    return LinkResult(
        success=False,
        outcome=outcome,
        message=problem.what or NOTHING,
        assistant_id=assistant.id if assistant else None,
        checks=checks,
        problem=problem,
        consent=Consent.TRIAL if problem.code is ErrorCode.TWILIO_TRIAL else consent,
    )
