from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings, strategies as st

from ava_setup.clients import twilio_answers, vapi_answers
from ava_setup.clients.answers import Answer, retry_after
from ava_setup.onboarding.errors import Vendor, VendorError
from tests.canaries import TOKEN
from tests.clients.lab import NUMBER, VAPI_KEY, answer

if TYPE_CHECKING:
    from collections.abc import Callable

DATE = "Sun, 01 Nov 2026 10:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": " 1.5 "}, 1.5),
        ({"retry-after": "Sun, 01 Nov 2026 10:00:20 GMT", "date": DATE}, 20.0),
        ({"retry-after": "Sun, 01 Nov 2026 09:00:00 GMT", "date": DATE}, 0.0),
        ({"retry-after": "Sun, 01 Nov 2026 10:00:20 GMT"}, None),
        ({"retry-after": "Sun, 01 Nov 2026 10:00:20", "date": DATE}, None),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "9" * 400}, None),
        ({"retry-after": "soon"}, None),
    ],
)
def test_retry_after_is_read_in_both_notations_and_nonsense_counts_as_unsaid(
    headers: dict[str, str], seconds: float | None
) -> None:
    assert retry_after(answer(429, b"", headers)) == seconds


def test_a_quote_is_one_short_line() -> None:
    told = answer(400).quotable("first\nsecond\t\x1b[31mred\u202e " + "x" * 400)
    assert told.startswith("first second [31mred x")
    assert len(told) == 200
    assert told.endswith("…")


def test_a_quote_hides_the_secrets_that_were_sent() -> None:
    quoted = answer(400, secret=VAPI_KEY).quotable(f"bad key {VAPI_KEY}!")
    assert quoted == "bad key […]!"


def test_evidence_hides_words_shaped_like_an_auth_token_and_leaves_ids() -> None:
    sid, uuid, token = f"AC{'5a' * 16}", "7a1b8f5e-0000-4000-8000-000000000001", TOKEN
    told = answer(400, headers={"x-request-id": token}).evidence(
        Vendor.VAPI, code="", words=f"{sid} {token} {uuid}"
    )
    assert (told.words, told.request_id) == (f"{sid} […] {uuid}", token)


def test_an_answer_shows_neither_its_body_nor_its_headers() -> None:
    body, headers = {"twilioAuthToken": TOKEN}, {"set-cookie": TOKEN}
    shown = repr(answer(200, body, headers, secret=TOKEN))
    assert TOKEN not in shown
    assert "'s'" not in shown


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"error code: 1010", "error code: 1010"),
        (b"<html>502</html>", ""),
        (b'{"truncated": ', ""),
        (b"[1, 2", ""),
        (b"\xff\xfe", "\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}"),
        (b"", ""),
    ],
)
def test_only_plain_text_is_quoted_as_it_stands(body: bytes, words: str) -> None:
    assert answer(502, body).plain_words() == words


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b'{"a": "\\ud800"}', b"\xff", b"9" * 10_000, b"{", b""]
)
def test_hostile_json_never_raises(body: bytes) -> None:
    answer(200, body).json()


NAMES = (
    *("id", "sid", "message", "error", "code", "metadata", "customer", "createdAt"),
    *("incoming_phone_numbers", "next_page_uri", "capabilities", "phone_number", "voice"),
)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4)
    ),
    max_leaves=12,
)
READERS = (
    (Vendor.VAPI, vapi_answers.assistant),
    (Vendor.VAPI, vapi_answers.assistants),
    (Vendor.VAPI, vapi_answers.number),
    (Vendor.VAPI, vapi_answers.numbers),
    (Vendor.VAPI, vapi_answers.calls),
    (Vendor.VAPI, lambda told: vapi_answers.imported(told, NUMBER)),
    (Vendor.TWILIO, twilio_answers.account),
    (Vendor.TWILIO, twilio_answers.balance),
    (Vendor.TWILIO, twilio_answers.numbers),
)


def error_of(read: Callable[[Answer], object], told: Answer) -> VendorError | None:
    try:
        read(told)
    except VendorError as error:
        return error
    return None


@settings(max_examples=200, deadline=None)
@given(
    status=st.sampled_from((200, 201, 204, 302, 400, 401, 403, 404, 408, 409, 422, 429, 500, 599)),
    body=JSON | st.lists(JSON, max_size=3),
)
def test_any_json_at_any_status_is_a_value_or_an_error_of_the_tree(
    status: int, body: object
) -> None:
    for vendor, read in READERS:
        error = error_of(read, answer(status, body))
        if 200 <= status < 300:
            assert error is None or error.may_have_acted
        else:
            assert error is not None
            assert (error.vendor, error.problem.evidence.status) == (vendor, status)


@settings(max_examples=100, deadline=None)
@given(status=st.integers(100, 700), body=st.binary(max_size=40))
def test_any_bytes_are_a_value_or_an_error_of_the_tree(status: int, body: bytes) -> None:
    for _vendor, read in READERS:
        error = error_of(read, Answer(status, {}, body))
        assert error is None or error.problem.entry.what
