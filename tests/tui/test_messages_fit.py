"""What a field says below itself fits there, in both languages, in 80 columns."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import pytest

from ava_setup.onboarding.assistant import (
    read_assistant_name,
    read_greeting,
    read_webhook_url,
)
from ava_setup.onboarding.credentials import (
    keep_secrets_out,
    read_account_sid,
    read_auth_token,
    read_key_secret,
    read_key_sid,
    read_vapi_key,
)
from ava_setup.onboarding.errors import FieldProblem
from ava_setup.onboarding.number import read_number
from ava_setup.onboarding.profile import (
    read_business_name,
    read_email,
    read_hours,
    read_time_zone,
)
from ava_setup.words import Language, Voice
from tests.canaries import TOKEN

if TYPE_CHECKING:
    from collections.abc import Callable

LINES = 2
HALF, BESIDE_A_LIST, WHOLE, IN_A_QUESTION = 35, 22, 72, 58


def read_french_number(typed: str) -> object:
    return read_number(typed, ["FR"])


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(
    ("read", "typed", "width"),
    [
        (read_business_name, "", HALF),
        (read_business_name, "x" * 99, HALF),
        (read_email, "", HALF),
        (read_email, "martin", HALF),
        (read_email, "martin@", HALF),
        (read_hours, "", HALF),
        (read_hours, "x" * 999, HALF),
        (read_time_zone, "Mars", HALF),
        (read_assistant_name, "", BESIDE_A_LIST),
        (read_assistant_name, "x" * 99, BESIDE_A_LIST),
        (keep_secrets_out, TOKEN, BESIDE_A_LIST),
        (read_greeting, "", WHOLE),
        (read_greeting, "x" * 999, WHOLE),
        (read_greeting, "Bonjour", WHOLE),
        (read_vapi_key, "", WHOLE),
        (read_vapi_key, "a b", WHOLE),
        (read_account_sid, "", WHOLE),
        (read_account_sid, "SK" + "5a" * 16, WHOLE),
        (read_account_sid, "AC5a", WHOLE),
        (read_auth_token, "", WHOLE),
        (read_auth_token, "AC" + "5a" * 16, WHOLE),
        (read_auth_token, "5a", WHOLE),
        (read_key_sid, "", WHOLE),
        (read_key_sid, "AC" + "5a" * 16, WHOLE),
        (read_french_number, "112", IN_A_QUESTION),
        (read_webhook_url, "http://ava.example", IN_A_QUESTION),
        (read_webhook_url, "ava", IN_A_QUESTION),
        (read_key_secret, "", WHOLE),
        (read_key_secret, "SK" + "5a" * 16, WHOLE),
    ],
)
def test_a_complaint_fits_in_the_two_lines_below_its_field(
    read: Callable[[str], object], typed: str, width: int, language: Language
) -> None:
    with pytest.raises(FieldProblem) as caught:
        read(typed)
    said = Voice(language)(caught.value.text)
    assert len(textwrap.wrap(said.replace("\u00a0", "_"), width)) <= LINES, said
