"""What was found of a line, a sentence each; every state is a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.onboarding.verdicts import Verdict
from ava_setup.words import Text, _

if TYPE_CHECKING:
    from ava_setup.onboarding.verdicts import Check
    from ava_setup.plain.prompts import Prompts

_WORDS: dict[Verdict, Text] = {
    Verdict.PASSED: _("good"),
    Verdict.WAITING: _("waiting"),
    Verdict.NOTED: _("good to know"),
    Verdict.FAILED: _("not good"),
    Verdict.CANNOT_TELL: _("cannot tell"),
}


def say_findings(talk: Prompts, checks: tuple[Check, ...]) -> None:
    """Say how each part of the line stands."""
    for check in checks:
        talk.say(sentence(check))


def sentence(check: Check) -> Text:
    """Say how a part stands, and why."""
    verdict = _WORDS[check.verdict]
    if not check.detail:
        return _("{question}: {verdict}", question=check.question, verdict=verdict)
    return _(
        "{question}: {verdict}. {detail}",
        question=check.question,
        verdict=verdict,
        detail=check.detail,
    )
