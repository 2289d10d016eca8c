"""Telephones beside the line itself: the one that Ava falls back on, and the one that she rings."""

from __future__ import annotations

from ava_setup.onboarding.errors import FieldProblem
from ava_setup.onboarding.number import read_number, region_of, spaced
from ava_setup.onboarding.profile import CallersLanguage
from ava_setup.words import Text, _


def read_fallback(typed: str, language: CallersLanguage, line: str) -> str:
    """Read the telephone that rings when Ava cannot answer; "" for none.

    Args:
        typed: In any usual notation.
        language: The callers', whose country's notation is understood.
        line: The number that Ava answers, E.164, or "".

    Raises:
        FieldProblem: It is no number, or the line itself.
    """
    if not typed.strip():
        return ""
    number = read_number(typed, _countries(language))[0]
    if number == line:
        raise FieldProblem(_("Ava answers this one: calls would go in a circle."))
    return number


def read_callee(typed: str, line: str) -> str:
    """Read the telephone that Ava is to ring.

    Args:
        typed: In any usual notation.
        line: The number that Ava rings from, E.164.

    Raises:
        FieldProblem: It is no number, or the line itself.
    """
    callee = read_number(typed, filter(None, [region_of(line), "FR"]))[0]
    if callee == line:
        raise FieldProblem(_("This is the line itself. Type the number of another telephone."))
    return callee


def cost_of_call(line: str) -> Text:
    """Say what a call of Ava's own costs.

    Args:
        line: The number that Ava rings from, E.164.
    """
    return _(
        "{number} makes one real call. It costs a few cents, at Vapi and at Twilio.",
        number=spaced(line),
    )


def _countries(language: CallersLanguage) -> tuple[str, ...]:
    """Give the countries whose national notation is likely, likeliest first."""
    if language is CallersLanguage.BILINGUAL:
        return ("FR", "CA", "GB", "US")
    return (language.value[3:], "FR")
