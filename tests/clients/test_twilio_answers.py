from __future__ import annotations

import pytest

from ava_setup.clients import twilio_answers as twilio
from ava_setup.onboarding.credentials import AccountKind, AccountStatus, TwilioAccount
from ava_setup.onboarding.errors import (
    Ambiguous,
    CredentialsRefused,
    ErrorCode,
    Evidence,
    NotFound,
    RateLimited,
    Rejected,
    Vendor,
    VendorDown,
    VendorError,
)
from ava_setup.onboarding.number import TwilioNumber
from ava_setup.words import Language, Voice
from tests.clients.lab import (
    ACCOUNT,
    ACCOUNT_SID,
    AUTH_TOKEN,
    BALANCE,
    NUMBER,
    TWILIO_NUMBER,
    answer,
    numbers_page,
)

say = Voice(Language.EN)


def refused(status: int, code: object, message: object) -> VendorError:
    more = f"https://www.twilio.com/docs/errors/{code}"
    return twilio.failure(
        answer(status, {"code": code, "message": message, "more_info": more, "status": status})
    )


# Every row of the contract's table (twilio.md, Errors).
@pytest.mark.parametrize(
    ("code", "status", "message", "kind", "expected"),
    [
        (20003, 401, "Authenticate", CredentialsRefused, ErrorCode.TWILIO_REFUSED),
        (
            20003,
            401,
            "Authentication Error - invalid username",
            CredentialsRefused,
            ErrorCode.TWILIO_USERNAME_INVALID,
        ),
        (20005, 403, "Account not active", Rejected, ErrorCode.TWILIO_SUSPENDED),
        (
            20008,
            403,
            "Resource not accessible with Test Account Credentials",
            CredentialsRefused,
            ErrorCode.TWILIO_TEST_CREDENTIALS,
        ),
        (70051, 401, "Authorization Failed", CredentialsRefused, ErrorCode.TWILIO_KEY_LIMITED),
        (70051, 403, "Authorization Failed", CredentialsRefused, ErrorCode.TWILIO_KEY_LIMITED),
        (20404, 404, "The requested resource was not found", NotFound, ErrorCode.NOT_FOUND),
        (20429, 429, "Too Many Requests", RateLimited, ErrorCode.RATE_LIMITED),
        (20500, 500, "Internal Server Error", VendorDown, ErrorCode.VENDOR_DOWN),
        (20503, 503, "Service unavailable", VendorDown, ErrorCode.VENDOR_DOWN),
        (21404, 400, "Trial accounts: one number", Rejected, ErrorCode.REJECTED),
        (21422, 400, f"{NUMBER} is not available", Rejected, ErrorCode.REJECTED),
        (21615, 400, "An address is required", Rejected, ErrorCode.REJECTED),
        (21631, 400, "An address SID is required", Rejected, ErrorCode.REJECTED),
        (21649, 400, "A bundle is required", Rejected, ErrorCode.REJECTED),
        (21650, 400, "An identity is required", Rejected, ErrorCode.REJECTED),
        (21651, 400, "A document is required", Rejected, ErrorCode.REJECTED),
    ],
)
def test_each_refusal_of_the_contract_has_its_error(
    code: int, status: int, message: str, kind: type[VendorError], expected: ErrorCode
) -> None:
    error = refused(status, code, message)
    assert type(error) is kind
    assert error.code is expected
    assert error.problem.evidence.vendor_code == str(code)
    for text in (error.problem.what, error.problem.why, error.problem.next):
        assert "{" not in say(text)


@pytest.mark.parametrize(
    ("code", "status", "message", "expected"),
    [
        ("20003", 403, "Authenticate", ErrorCode.TWILIO_REFUSED),
        (20003, 401, "Account suspended", ErrorCode.TWILIO_SUSPENDED),
        (None, 401, None, ErrorCode.TWILIO_REFUSED),
        (99999, 401, "brand new", ErrorCode.TWILIO_REFUSED),
        (99999, 404, "brand new", ErrorCode.NOT_FOUND),
        (99999, 403, "brand new", ErrorCode.REJECTED),
        (20429, 400, "Too Many Requests", ErrorCode.RATE_LIMITED),
        (20503, 400, "Unavailable", ErrorCode.VENDOR_DOWN),
        (True, 400, ["odd"], ErrorCode.REJECTED),
        (99999, 302, "", ErrorCode.REDIRECTED),
        (99999, 408, "", ErrorCode.TIMED_OUT),
    ],
)
def test_unusual_refusals_are_still_understood(
    code: object, status: int, message: object, expected: ErrorCode
) -> None:
    assert refused(status, code, message).code is expected


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (401, b"<html></html>", ErrorCode.TWILIO_REFUSED),
        (403, b"<html>proxy</html>", ErrorCode.FORBIDDEN),
        (400, b"<html>proxy</html>", ErrorCode.UNINTELLIGIBLE),
        (400, b'{"code": 2', ErrorCode.UNINTELLIGIBLE),
        (400, b"[]", ErrorCode.UNINTELLIGIBLE),
        (404, b"", ErrorCode.NOT_FOUND),
        (429, b"", ErrorCode.RATE_LIMITED),
        (502, b"<html>Bad gateway</html>", ErrorCode.VENDOR_DOWN),
    ],
)
def test_refusals_that_are_no_json_are_judged_by_their_status(
    status: int, body: bytes, expected: ErrorCode
) -> None:
    assert twilio.failure(answer(status, body)).code is expected


def test_a_rate_limit_says_how_long_to_wait() -> None:
    error = twilio.failure(answer(429, {"code": 20429}, {"retry-after": "2"}))
    assert isinstance(error, RateLimited)
    assert error.retry_after == 2.0


def test_evidence_names_vendor_status_code_request_and_words() -> None:
    told = answer(401, {"code": 20003, "message": "Authenticate"}, {"twilio-request-id": "RQ1"})
    evidence = twilio.failure(told).problem.evidence
    assert evidence == Evidence(Vendor.TWILIO, 401, "20003", "RQ1", "Authenticate")
    assert str(evidence) == "Twilio 401 20003 RQ1"


def test_a_rejection_quotes_twilio_without_the_secret() -> None:
    told = answer(400, {"code": 21211, "message": f"Bad {AUTH_TOKEN}"}, secret=AUTH_TOKEN)
    assert say(twilio.failure(told).problem.why) == "It said: “Bad […]”"


def test_an_account_is_read_without_its_token() -> None:
    assert twilio.account(answer(200, ACCOUNT)) == TwilioAccount(
        ACCOUNT_SID, "Plomberie Martin", AccountStatus.ACTIVE, AccountKind.FULL
    )


@pytest.mark.parametrize(
    ("status", "kind", "expected"),
    [
        ("suspended", "Trial", (AccountStatus.SUSPENDED, AccountKind.TRIAL)),
        ("closed", "full", (AccountStatus.CLOSED, AccountKind.FULL)),
        ("brand-new", "Partner", (AccountStatus.HIDDEN, AccountKind.HIDDEN)),
        (None, 7, (AccountStatus.HIDDEN, AccountKind.HIDDEN)),
    ],
)
def test_an_accounts_status_and_kind_are_read(
    status: object, kind: object, expected: tuple[AccountStatus, AccountKind]
) -> None:
    found = twilio.account(answer(200, {**ACCOUNT, "status": status, "type": kind}))
    assert (found.status, found.kind) == expected


def test_a_balance_is_amount_and_currency() -> None:
    assert twilio.balance(answer(200, BALANCE)) == "12.40 USD"
    assert twilio.balance(answer(200, {"balance": "-0.3"})) == "-0.3"


def test_a_number_is_read() -> None:
    page = twilio.numbers(answer(200, numbers_page(TWILIO_NUMBER)))
    assert page.next_path == ""
    assert page.members == (
        TwilioNumber(
            sid=f"PN{'0' * 32}",
            number=NUMBER,
            label="01 99 00 12 34",
            voice_url="https://demo.twilio.com/welcome/voice/",
            voice_method="GET",
            sms_url="https://demo.twilio.com/welcome/sms/reply",
        ),
    )


@pytest.mark.parametrize(
    ("changes", "can_be_called"),
    [
        ({"capabilities": {"voice": False}}, False),
        ({"capabilities": {"voice": "false"}}, False),
        ({"capabilities": {"sms": True}}, True),
        ({"capabilities": {"voice": {"odd": 1}}}, True),
        ({"capabilities": None}, True),
        ({"voice_receive_mode": "fax"}, False),
        ({"voice_receive_mode": None}, True),
    ],
)
def test_voice_is_only_denied_by_a_plain_no(
    changes: dict[str, object],
    can_be_called: bool,  # noqa: FBT001 - the expected figure
) -> None:
    page = twilio.numbers(answer(200, numbers_page({**TWILIO_NUMBER, **changes})))
    assert page.members[0].can_be_called is can_be_called


@pytest.mark.parametrize("odd", [None, 7, [], {}])
def test_a_number_needs_nothing_but_its_sid_and_number(odd: object) -> None:
    strange = {key: odd for key in TWILIO_NUMBER if key not in {"sid", "phone_number"}}
    told = {**strange, "sid": "PN1", "phone_number": NUMBER}
    page = twilio.numbers(answer(200, numbers_page(told)))
    assert page.members == (TwilioNumber(sid="PN1", number=NUMBER),)


def test_one_senseless_member_never_costs_the_list() -> None:
    page = twilio.numbers(
        answer(200, numbers_page(None, "x", {}, {"sid": "PN1"}, TWILIO_NUMBER, [TWILIO_NUMBER]))
    )
    assert [one.number for one in page.members] == [NUMBER]


def test_the_next_page_is_a_path() -> None:
    path = "/2010-04-01/Accounts/AC0/IncomingPhoneNumbers.json?Page=1&PageToken=PA1"
    assert twilio.numbers(answer(200, numbers_page(next_page_uri=path))).next_path == path


def test_credentials_follow_no_link_to_another_host() -> None:
    with pytest.raises(Ambiguous) as caught:
        twilio.numbers(answer(200, numbers_page(next_page_uri="https://elsewhere.example/x")))
    assert caught.value.code is ErrorCode.UNINTELLIGIBLE


@pytest.mark.parametrize("body", [b"", b"<html></html>", b'{"sid": "AC', b"{}", b"[]"])
def test_a_success_that_cannot_be_read_is_unintelligible(body: bytes) -> None:
    for read in (twilio.account, twilio.numbers, twilio.balance):
        with pytest.raises(Ambiguous) as caught:
            read(answer(200, body))
        assert caught.value.code is ErrorCode.UNINTELLIGIBLE
