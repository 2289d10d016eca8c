"""Choosing a number among an account's: narrowing the list, the sensible one, the one typed."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from ava_setup.onboarding.errors import ErrorCode, FieldProblem, SetupError
from ava_setup.onboarding.number import read_number, region_of, spaced
from ava_setup.words import Text

if TYPE_CHECKING:
    from ava_setup.onboarding.number import TwilioNumber

# Where national notation is read when the account's own numbers do not tell.
_LIKELY_REGIONS = ("FR", "CA", "GB", "US")


def narrowed(numbers: tuple[TwilioNumber, ...], typed: str) -> tuple[TwilioNumber, ...]:
    """Give the numbers that have what is typed in their digits or their label."""
    wanted = typed.strip()
    if not wanted:
        return numbers
    digits = "".join(character for character in wanted if character.isdigit()).lstrip("0")
    return tuple(
        one
        for one in numbers
        if (digits and digits in one.number) or wanted.casefold() in one.label.casefold()
    )


def most_sensible(numbers: tuple[TwilioNumber, ...], chosen_sid: str) -> TwilioNumber | None:
    """Give the number to offer: the one chosen before, else one that nobody uses yet."""
    # Looked for one after the other: of thousands, the first few mostly tell.
    chosen = (one for one in numbers if one.sid == chosen_sid)
    free = (one for one in numbers if one.can_be_called and not one.target.is_somebodys)
    callable_ones = (one for one in numbers if one.can_be_called)
    return next(chain(chosen, free, callable_ones, numbers), None)


def meant(
    typed: str, numbers: tuple[TwilioNumber, ...], highlighted: TwilioNumber | None
) -> TwilioNumber | None:
    """Tell which number is meant by what is typed and what is highlighted.

    Args:
        typed: A number in any usual notation, a part of one, a label, or nothing.
        numbers: All of the account's.
        highlighted: The one that stands out in the narrowed list.

    Returns:
        The number, or None when nothing is typed and nothing highlighted.

    Raises:
        FieldProblem: What is typed is no number, or none of this account's.
    """
    left = narrowed(numbers, typed)
    if not typed.strip() or len(left) == 1:
        return highlighted if highlighted in left else next(iter(left), None)
    try:
        candidates = read_number(typed, _regions(numbers))
    except FieldProblem:
        if left:
            return highlighted
        raise
    for candidate in candidates:
        for number in numbers:
            if number.number == candidate:
                return number
    if left:
        return highlighted
    absent = SetupError(ErrorCode.NUMBER_NOT_IN_ACCOUNT, number=spaced(candidates[0])).problem
    raise FieldProblem(Text("{what} {next}", (("what", absent.what), ("next", absent.next))))


def _regions(numbers: tuple[TwilioNumber, ...]) -> tuple[str, ...]:
    of_numbers = (region_of(one.number) for one in numbers)
    return (*(region for region in of_numbers if region), *_LIKELY_REGIONS)
