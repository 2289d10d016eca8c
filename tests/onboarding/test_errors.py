"""The one error tree and its catalogue: every code has its sentences, every sentence its words."""

from __future__ import annotations

import ast
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

import pytest
from pydantic import ValidationError

import ava_setup
from ava_setup.onboarding.catalogue import CATALOGUE
from ava_setup.onboarding.errors import (
    Action,
    Ambiguous,
    CredentialsRefused,
    ErrorCode,
    Evidence,
    FieldProblem,
    NotFound,
    NumberExists,
    Problem,
    RateLimited,
    Rejected,
    SetupError,
    StoreError,
    Unreachable,
    Vendor,
    VendorDown,
    VendorError,
    problem_of,
    vendor_words,
)
from ava_setup.words import NOTHING, Language, Text, Voice, verbatim
from tests.canaries import AUTH_TOKEN
from tests.onboarding.fakes import PROFILE

if TYPE_CHECKING:
    from collections.abc import Iterator

IN_ENGLISH = Voice(Language.EN)
EVIDENCE = Evidence(Vendor.TWILIO, 401, "20003", "RQ0", "Authenticate")


def places(code: ErrorCode) -> set[str]:
    """Give the names of the places in a code's sentences."""
    entry = CATALOGUE[code]
    sentences = (entry.what.msgid, entry.why.msgid, entry.next.msgid)
    return {name for text in sentences for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("code", ErrorCode)
def test_every_code_says_what_happened_and_what_to_do_next(code: ErrorCode) -> None:
    entry = CATALOGUE[code]
    assert entry.what
    assert entry.next or code is ErrorCode.FIELD_INVALID
    assert entry.action in Action


@pytest.mark.parametrize("code", ErrorCode)
@pytest.mark.parametrize("language", Language)
def test_every_sentence_can_be_said_when_its_places_are_given(
    code: ErrorCode, language: Language
) -> None:
    say = Voice(language)
    problem = Problem(code, tuple((name, f"<{name}>") for name in places(code)))
    said = say(problem.what) + say(problem.why) + say(problem.next)
    assert "{" not in said
    assert all(f"<{name}>" in said for name in places(code))


def raised() -> Iterator[tuple[str, ErrorCode, set[str]]]:
    """Find where problems are made in so many words: the place, the code, and what is given."""
    root = Path(ava_setup.__file__).parent
    for path in sorted(root.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match call:
                case ast.Call(
                    func=ast.Name(),
                    args=[ast.Attribute(value=ast.Name(id="ErrorCode"), attr=code), *rest],
                    keywords=keywords,
                ):
                    given = {word.arg for word in keywords if word.arg}
                    match rest:
                        case [ast.Tuple(elts=pairs)]:
                            given |= {ast.literal_eval(one.elts[0]) for one in pairs}  # type: ignore[attr-defined]
                        case [_vendor]:
                            given.add("vendor")
                    yield f"{path.name}:{call.lineno}", ErrorCode[code], given


def test_every_place_of_a_sentence_is_given_wherever_it_is_raised() -> None:
    found = list(raised())
    assert len({code for _, code, _ in found}) > 25
    lacking = {at: places(code) - given for at, code, given in found if places(code) - given}
    assert lacking == {}


# The tree.


@pytest.mark.parametrize(
    ("error", "acted"),
    [
        (Unreachable(ErrorCode.UNREACHABLE, Vendor.VAPI), False),
        (Ambiguous(ErrorCode.TIMED_OUT, Vendor.VAPI), True),
        (VendorDown(ErrorCode.VENDOR_DOWN, Vendor.VAPI), True),
        (RateLimited(Vendor.VAPI, evidence=EVIDENCE, retry_after=2.0), False),
        (CredentialsRefused(ErrorCode.VAPI_KEY_REFUSED, Vendor.VAPI), False),
        (Rejected(ErrorCode.REJECTED, Vendor.VAPI, words=NOTHING), False),
        (NumberExists("uuid", evidence=EVIDENCE), False),
        (NotFound(ErrorCode.NOT_FOUND, Vendor.VAPI), False),
    ],
)
def test_only_an_unseen_answer_may_stand_for_work_that_was_done(
    error: VendorError, *, acted: bool
) -> None:
    assert error.may_have_acted is acted
    assert error.vendor is Vendor.VAPI
    assert isinstance(error, SetupError)


def test_an_error_of_a_vendor_names_it_and_carries_its_evidence() -> None:
    error = RateLimited(Vendor.TWILIO, evidence=EVIDENCE, retry_after=2.0)
    assert error.problem.evidence is EVIDENCE
    assert "Twilio" in IN_ENGLISH(error.problem.what)
    bare = VendorError(ErrorCode.UNREACHABLE, Vendor.VAPI)
    assert bare.problem.evidence == Evidence(Vendor.VAPI)


@pytest.mark.parametrize(
    ("evidence", "line"),
    [
        (EVIDENCE, "Twilio 401 20003 RQ0"),
        (Evidence(Vendor.VAPI, 503), "Vapi 503"),
        (Evidence(Vendor.VAPI), "Vapi"),
        (Evidence(), ""),
    ],
)
def test_evidence_is_one_short_line(evidence: Evidence, line: str) -> None:
    assert str(evidence) == line


def test_an_error_gives_the_action_that_a_screen_can_offer() -> None:
    assert SetupError(ErrorCode.ASSISTANT_REQUIRED).problem.action is Action.MAKE_ASSISTANT
    assert SetupError(ErrorCode.TWILIO_NEEDED).problem.action is Action.ENTER_TWILIO


def test_a_problem_can_be_said_again_in_the_other_language() -> None:
    problem = StoreError(ErrorCode.BUSY, pid=4321).problem
    french, english = (Voice(language)(problem.why) for language in Language)
    assert "4321" in french
    assert "4321" in english
    assert french != english


def test_a_field_problem_is_its_own_sentence_and_a_value_error_for_models() -> None:
    problem = FieldProblem(Text("Wrong: {what}", (("what", "this"),)))
    assert IN_ENGLISH(problem.problem.what) == "Wrong: this"
    with pytest.raises(ValidationError):
        type(PROFILE).model_validate({**PROFILE.model_dump(), "admin_email": "nobody"})


def test_a_vendors_words_are_quoted_and_nothing_is_when_it_gave_none() -> None:
    assert "Nope" in IN_ENGLISH(vendor_words("Nope"))
    assert vendor_words("") is NOTHING


# Any exception.


def test_a_known_error_is_its_own_problem() -> None:
    error = SetupError(ErrorCode.NUMBER_NEEDED)
    assert problem_of(error) is error.problem


def test_an_unknown_error_names_its_type_and_nothing_of_what_it_says() -> None:
    problem = problem_of(RuntimeError(f"{AUTH_TOKEN} at /home/marie"))
    assert problem.code is ErrorCode.UNEXPECTED
    assert problem.params == (("kind", verbatim("RuntimeError")),)
    for language in Language:
        say = Voice(language)
        said = say(problem.what) + say(problem.why) + say(problem.next)
        assert "RuntimeError" in said
        assert "made-up" not in said
        assert "marie" not in said
