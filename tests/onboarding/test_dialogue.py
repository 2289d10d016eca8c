"""The example of a call that the owner reads before callers hear Ava."""

from __future__ import annotations

import re
from itertools import product

import pytest

from ava_setup.onboarding.composing import compose, wording
from ava_setup.onboarding.dialogue import Speaker, dialogue
from ava_setup.onboarding.profile import CallersLanguage, Trade
from tests.onboarding.fakes import PROFILE

EVERY_ONE = [
    PROFILE.model_copy(update={"trade": trade, "callers_language": language})
    for trade, language in product(Trade, CallersLanguage)
]


def test_every_trade_has_a_call_of_six_turns_in_which_the_two_take_turns() -> None:
    for profile in EVERY_ONE:
        turns = dialogue(profile, compose(profile).greeting, recorded=False)
        assert [turn.speaker for turn in turns] == [Speaker.AVA, Speaker.CALLER] * 3
        assert all(turn.words and "$" not in turn.words for turn in turns)
        assert max(len(turn.words) for turn in turns[1:]) <= 220


def test_ava_begins_with_the_first_words_asks_one_thing_and_reads_the_number_back() -> None:
    for profile in EVERY_ONE:
        turns = dialogue(profile, "Bonjour, ici l'assistante virtuelle ?", recorded=False)
        asked, given, read_back = turns[2].words, turns[3].words, turns[4].words
        assert turns[0].words == "Bonjour, ici l'assistante virtuelle\u00a0?"
        assert asked.count("?") == 1
        [number] = re.findall(r"[0-9][0-9\u00a0]{9,}[0-9]", given)
        assert ", ".join(number.split()) in read_back
        assert wording(profile)["caller_name"] in read_back


def test_no_two_trades_have_the_same_call() -> None:
    for language in CallersLanguage:
        of_language = [one for one in EVERY_ONE if one.callers_language is language]
        assert len({dialogue(one, "", recorded=False) for one in of_language}) == len(Trade)


@pytest.mark.parametrize("language", list(CallersLanguage))
def test_the_notice_of_the_recording_is_in_the_first_turn_only(language: CallersLanguage) -> None:
    profile = PROFILE.model_copy(update={"callers_language": language})
    greeting = compose(profile).greeting
    plain = dialogue(profile, greeting, recorded=False)
    recorded = dialogue(profile, greeting, recorded=True)
    assert wording(profile)["recording_notice"] in recorded[0].words
    assert recorded[1:] == plain[1:]


def test_the_numbers_are_those_kept_for_fiction() -> None:
    fiction = {
        CallersLanguage.FR_FR: "01 99 00",
        CallersLanguage.FR_CA: "514 555 01",
        CallersLanguage.EN_GB: "020 7946 0",
        CallersLanguage.EN_US: "202 555 01",
        CallersLanguage.BILINGUAL: "01 99 00",
    }
    for profile in EVERY_ONE:
        given = dialogue(profile, "", recorded=False)[3].words
        assert fiction[profile.callers_language] in given.replace("\u00a0", " ")
