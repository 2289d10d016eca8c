from __future__ import annotations

import pytest

from ava_setup.onboarding.choosing import meant, most_sensible, narrowed
from ava_setup.onboarding.errors import FieldProblem
from ava_setup.onboarding.number import TwilioNumber

SHOP = TwilioNumber("PN1", "+33199001234", "Magasin", voice_url="https://elsewhere.example/x")
FRESH = TwilioNumber("PN2", "+33199001235", "", voice_url="https://demo.twilio.com/welcome")
FAX = TwilioNumber("PN3", "+442079460001", "Fax", has_voice=False)
ALL = (FAX, SHOP, FRESH)


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("", ALL),
        ("  ", ALL),
        ("99 00 12", (SHOP, FRESH)),
        ("01 99 00 12 35", (FRESH,)),
        ("magasin", (SHOP,)),
        ("+44", (FAX,)),
        ("zzz", ()),
    ],
)
def test_the_list_is_narrowed_to_what_has_the_typed_part(
    typed: str, left: tuple[TwilioNumber, ...]
) -> None:
    assert narrowed(ALL, typed) == left


def test_the_number_offered_is_one_with_voice_that_nobody_uses_yet() -> None:
    assert most_sensible(ALL, "") == FRESH
    assert most_sensible((FAX, SHOP), "") == SHOP
    assert most_sensible((FAX,), "") == FAX
    assert most_sensible((), "") is None


def test_the_number_chosen_before_is_offered_again() -> None:
    assert most_sensible(ALL, SHOP.sid) == SHOP


def test_nothing_typed_means_the_highlighted_one() -> None:
    assert meant("", ALL, SHOP) == SHOP
    assert meant("", (), None) is None


@pytest.mark.parametrize("typed", ["01 99 00 12 35", "+33199001235", "0033 1 99 00 12 35", "12 35"])
def test_a_typed_number_is_found_whatever_is_highlighted(typed: str) -> None:
    assert meant(typed, ALL, SHOP) == FRESH


def test_a_foreign_number_in_its_national_notation_is_found_by_the_accounts_own_countries() -> None:
    assert meant("020 7946 0001", ALL, SHOP) == FAX


def test_a_part_that_several_have_means_the_highlighted_one() -> None:
    assert meant("99 00 12", ALL, SHOP) == SHOP
    assert meant("+33 1 99 00 12", ALL, FRESH) == FRESH


def test_a_number_that_the_account_does_not_have_is_said_so() -> None:
    with pytest.raises(FieldProblem) as caught:
        meant("+33 1 99 00 99 99", ALL, SHOP)
    assert "not in this Twilio account" in dict(caught.value.text.params)["what"].msgid  # type: ignore[union-attr]


def test_what_is_no_number_and_matches_nothing_is_said_so() -> None:
    with pytest.raises(FieldProblem):
        meant("bonjour", ALL, SHOP)
