"""The plain set-up against the sandbox: every journey by lines alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.words import Language
from tests.canaries import KEY_SECRET, OTHER_VAPI_KEY
from tests.onboarding.fakes import KEY_SID
from tests.plain.person import EMAIL, Answers

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.plain.person import Person

    At = Callable[[str], Person]


def test_whatever_is_answered_wrongly_is_said_asked_again_and_in_the_end_ava_answers(
    person_at: At,
) -> None:
    person = person_at("fresh")
    told = person.answers(
        "7",  # no such choice
        "",
        "",  # no name
        "Plomberie Martin",
        "?",
        "nobody",
        "contact@gmial.com",  # a slip: asked about
        EMAIL,
        "<",
        "",  # the e-mail is kept
        "99",
        "plumber",  # by its name
        "2",
        "",  # opening hours stay
        "6",  # no such line
        "",
        "!!",
        person.told.vapi_key,
        "",
        "3",
        "Hello.",  # does not say who answers
        "Hello, this is Ava, the virtual assistant of Plomberie Martin.",
        "",
        "nonsense",
        person.told.twilio_account_sid,
        person.told.vapi_key,  # no token
        person.told.twilio_auth_token,
        "perhaps",
        "n",
        "06 00 00 00 00",  # not of this account
        "",
        "x",
        "y",
        person.somebody_rings,
        "",
        "1",
    )
    assert told.code == 0, told.out
    for said in (
        "Type a number from 1 to 3.",
        "Type the name that callers know you by.",
        "Your address, for everything: asked once, never again.",
        "At every question, Enter takes what stands in brackets.",
        "An e-mail address has an @",
        "Did you mean @gmail.com?",
        f"E-mail [{EMAIL}]:",
        "Callers have a right to know",
        "An Account SID starts with AC.",
        "characters where a token has 32",
        "Type y for yes, or n for no.",
        "is not in this Twilio account",
        "Link: good.",
        "Number imported and linked automatically!",
        "Ava answered +33 1 99 00 99 99",
        "this is Ava, the virtual assistant of Plomberie Martin",
    ):
        assert said in told.words, said
    assert told.out.rstrip().endswith("+33 1 99 00 12 34: Ava answers.")
    assert not any(secret in told.out + told.err for secret in person.secrets)
    assert "\x1b" not in told.out


def test_secrets_are_asked_for_unseen_and_one_paste_may_bring_both(person_at: At) -> None:
    person = person_at("fresh")
    sid, token = person.told.twilio_account_sid, person.told.twilio_auth_token
    block = f"Account SID {sid} Auth Token {token}"
    answers = Answers(*person.business, person.told.vapi_key, "", "", block, "", "!")
    told = person.says(answers)
    assert answers.hidden == [person.told.vapi_key, block]
    assert f"Account SID: {sid}" in told.out
    assert "The Auth Token was pasted with it." in told.out
    assert "Step 5 of 7, Number" in told.out
    assert not any(secret in told.out for secret in person.secrets)
    assert told.code == 0

    copied = ["Account Info", "Account SID", sid, "Auth Token", token]
    answers = Answers("<", *copied, "", "!", is_terminal=True)
    told = person.says(answers)
    assert answers.hidden == copied
    assert "Step 5 of 7, Number" in told.out.partition(f"Account SID: {sid}")[2]

    pasted = (token, sid, "<", sid, KEY_SID, KEY_SECRET)
    told = person.answers("<", *pasted, is_terminal=True)
    assert "The Auth Token is taken. Now the Account SID, which starts with AC." in told.out
    assert "API key secret (not shown while you type):" in told.out
    assert "Twilio refuses these credentials." in told.out


def test_what_was_done_before_leaving_is_carried_on_with_and_not_asked_again(
    person_at: At,
) -> None:
    person = person_at("fresh")
    assert person.answers(*person.business, "!").code == 0

    told = person.answers(person.told.vapi_key)
    assert "Carrying on where it stopped." in told.out
    assert "Business name" not in told.out
    assert told.code == 1
    assert "The answers ended before the set-up was finished." in told.err

    # On a terminal, Ctrl+D is how one leaves.
    told = person.answers("<", is_terminal=True)
    assert "Step 3 of 7" in told.out
    assert "Vapi private key (not shown while you type) [the one that works]:" in told.out
    assert told.code == 0
    assert "Everything is kept" in told.out

    told = person.answers(language=Language.FR)
    assert "Étape 3 sur 7" in told.out


def test_a_number_that_somebody_else_answers_is_handed_over_only_after_a_yes(
    person_at: At,
) -> None:
    person = person_at("linked-elsewhere")
    told = person.answers(*person.up_to_review("2"), "", "n", "!")
    assert "Takes over. Today: Standard du cabinet. Then: Ava pour le cabinet." in told.words
    assert "Nothing was changed." in told.out
    assert told.code == 0

    told = person.answers("", "y", "")
    assert "Number handed over." in told.out
    assert "Link: good. Answered by Ava pour le cabinet." in told.words


def test_without_any_assistant_one_is_asked_for_and_the_link_then_happens_by_itself(
    person_at: At,
) -> None:
    person = person_at("fresh")
    later = person.up_to_review("2")
    told = person.answers(*later, "y", "1", "1", "")
    assert "In the way:" in told.words
    assert told.words.count("Go live") == 1
    assert "Number imported and linked automatically!" in told.out


def test_a_row_of_the_review_leads_to_its_step_and_back(person_at: At) -> None:
    person = person_at("fresh")
    told = person.answers(*person.up_to_review(), "2", "", "chef@plomberie-martin.example", "", "")
    assert "2. E-mail: contact@plomberie-martin.example" in told.out
    assert "2. E-mail: chef@plomberie-martin.example" in told.out


def test_what_a_vendor_refuses_is_asked_anew_and_what_fails_is_tried_again_untyped(
    person_at: At,
) -> None:
    person = person_at("fresh")
    person.spoil("twilio", "GET", "/2010-04-01/Accounts/{sid}.json", "truncated")
    key, sid, token = person.told.vapi_key, person.told.twilio_account_sid, person.secrets[1]
    answers = (*person.business, OTHER_VAPI_KEY, key, "", "", sid, token, "1", "", "!")
    told = person.answers(*answers)
    assert "Vapi refuses this key." in told.out
    assert told.out.count("Vapi private key (not shown while you type):") == 2
    assert "A proxy or a sign-in page may have answered in its place." in told.words
    assert "1. Try again" in told.out
    assert told.out.count("Auth Token (not shown while you type):") == 1
    assert "Step 5 of 7, Number" in told.out


def test_a_finished_set_up_is_verified_changed_looked_at_and_undone(person_at: At) -> None:
    person = person_at("fresh")
    rings = person.somebody_rings
    assert person.answers(*person.up_to_review(), "", rings, "", "1").code == 0

    told = person.answers("See", "Change", "Business", "Martin & Fils", "!")
    assert "Vapi and Twilio agree: calls reach Ava." in told.out
    assert "Looking at every part of the line" in told.out
    assert "First words: good." in told.out
    assert "Business name [Plomberie Martin]:" in told.out

    told = person.answers("!undo", "n", "!défaire", "y", "!")
    assert "Nothing has been changed." in told.out
    assert "Done: remove +33 1 99 00 12 34 from Vapi" in told.words
    assert "Undone." in told.out
    assert "Step 3 of 7, Assistant" in told.out
    assert told.code == 0


def test_ctrl_c_ends_with_130_and_keeps_what_was_answered(person_at: At) -> None:
    person = person_at("fresh")

    async def interrupt() -> None:
        raise KeyboardInterrupt

    told = person.answers("", "Plomberie Martin", interrupt)
    assert told.code == 130
    assert "Everything is kept" in told.err
    told = person.answers("", "!")
    assert "Business name [Plomberie Martin]:" in told.out


def test_of_many_numbers_a_part_of_one_is_enough(person_at: At) -> None:
    person = person_at("many")
    start = person.up_to_review("2")[:-1]
    wanted = person.told.numbers[-1]
    told = person.answers(*start, wanted[-4:], wanted, "!")
    assert "more: type some digits of yours, or its name." in told.words
    assert told.code == 0


def test_a_demo_is_filled_in_by_a_star_and_places_its_own_call(person_at: At) -> None:
    person = person_at("fresh")
    stars = ["*", "*", "*", "", "*", "", "", "*", "*", "", ""]
    told = person.answers("3", *stars, "", "*", "", "1", language=Language.FR)
    assert told.code == 0, told.out
    assert "DÉMO" in told.out
    assert "+33 1 99 00 10 00 appelle, et entend\xa0:" in told.out


def test_keys_that_lie_about_on_this_computer_are_offered_and_used_only_when_taken(
    person_at: At,
) -> None:
    person = person_at("fresh")
    key, sid, token = person.told.vapi_key, person.told.twilio_account_sid, person.secrets[1]
    person.finds(VAPI_API_KEY=key, TWILIO_ACCOUNT_SID=sid, TWILIO_AUTH_TOKEN=token)
    told = person.answers(*person.business, "2", "<", "1", "", "", "1", "", "!")
    assert "Keys found on this computer:" in told.out
    assert key[-4:] in told.out
    assert "VAPI_API_KEY" in told.out
    assert "Vapi private key (not shown while you type):" in told.out
    assert "Vapi accepts the key." in told.out
    assert "Step 5 of 7, Number" in told.out
    assert not any(secret in told.out for secret in person.secrets)


def test_ava_rings_a_telephone_once_after_a_yes(person_at: At) -> None:
    person = person_at("fresh")
    ringing = ["Have Ava", "pasted words", "06 39 98 12 34"]
    told = person.answers(*person.up_to_review(), "", "", *ringing, "n", *ringing, "y", "Finish")
    assert told.code == 0
    assert "Have Ava ring +33 6 39 98 12 34, once?" in told.words
    assert "Nobody is rung." in told.out
    assert "Ava is ringing +33 6 39 98 12 34" in told.out
