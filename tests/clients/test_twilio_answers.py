from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, strategies as st
from pydantic import SecretStr

from ava_setup.clients import twilio_answers as twilio, twilio_refusals as refusals
from ava_setup.onboarding.calls import CallFailure, TwilioCall
from ava_setup.onboarding.credentials import (
    AccountKind,
    AccountStatus,
    Balance,
    MadeKey,
    TwilioAccount,
)
from ava_setup.onboarding.errors import (
    Ambiguous,
    CredentialsRefused,
    ErrorCode,
    Evidence,
    Hidden,
    NotFound,
    RateLimited,
    Rejected,
    Vendor,
    VendorDown,
    VendorError,
)
from ava_setup.onboarding.number import TwilioNumber, TwimlApp
from ava_setup.words import Language, Voice
from tests.clients.lab import (
    ACCOUNT,
    ACCOUNT_SID,
    APPLICATION,
    APPLICATION_SID,
    AUTH_TOKEN,
    BALANCE,
    CALL_SID,
    KEY_SECRET,
    KEY_SID,
    NOTIFICATION,
    NUMBER,
    ROUTE,
    TWILIO_CALL,
    TWILIO_KEY,
    TWILIO_NUMBER,
    answer,
    numbers_page,
    page_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from ava_setup.clients.answers import Answer

say = Voice(Language.EN)


def refused(status: int, code: object, message: object) -> VendorError:
    more = f"https://www.twilio.com/docs/errors/{code}"
    return refusals.failure(
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
    assert refusals.failure(answer(status, body)).code is expected


def test_a_rate_limit_says_how_long_to_wait() -> None:
    error = refusals.failure(answer(429, {"code": 20429}, {"retry-after": "2"}))
    assert isinstance(error, RateLimited)
    assert error.retry_after == 2.0


def test_evidence_names_vendor_status_code_request_and_words() -> None:
    told = answer(401, {"code": 20003, "message": "Authenticate"}, {"twilio-request-id": "RQ1"})
    evidence = refusals.failure(told).problem.evidence
    assert evidence == Evidence(Vendor.TWILIO, 401, "20003", "RQ1", "Authenticate")
    assert str(evidence) == "Twilio 401 20003 RQ1"


def test_a_rejection_quotes_twilio_without_the_secret() -> None:
    told = answer(400, {"code": 21211, "message": f"Bad {AUTH_TOKEN}"}, secret=AUTH_TOKEN)
    assert say(refusals.failure(told).problem.why) == "It said: “Bad […]”"


# What API keys may not do.


def told(status: int, code: int, message: str) -> Answer:
    return answer(status, {"code": code, "message": message, "status": status})


AUTHENTICATE = told(401, 20003, "Authenticate")
LIMITED = told(403, 70051, "Authorization Failed")
POLICY = told(401, 20003, "Policy evaluation failed")


@pytest.mark.parametrize("refusal", [AUTHENTICATE, LIMITED, POLICY])
def test_what_a_good_key_may_not_see_is_hidden_and_says_that_nothing_is_wrong(
    refusal: Answer,
) -> None:
    error = refusals.hidden(refusal)
    assert isinstance(error, Hidden)
    assert not isinstance(error, CredentialsRefused | Rejected)
    assert error.code is ErrorCode.TWILIO_HIDDEN
    assert "Nothing is wrong" in say(error.problem.next)
    assert error.problem.evidence.status == refusal.status


@pytest.mark.parametrize("read", [refusals.hidden, refusals.key_stays])
def test_any_other_failure_of_a_key_is_told_as_it_is(
    read: Callable[[Answer], VendorError],
) -> None:
    assert read(told(404, 20404, "not found")).code is ErrorCode.NOT_FOUND
    assert read(told(429, 20429, "Too Many Requests")).code is ErrorCode.RATE_LIMITED


@pytest.mark.parametrize(
    ("refusal", "by_key", "code"),
    [
        (POLICY, False, ErrorCode.TWILIO_KEY_REFUSED),
        (POLICY, True, ErrorCode.TWILIO_KEY_REFUSED),
        (AUTHENTICATE, True, ErrorCode.TWILIO_KEY_REFUSED),
        (LIMITED, True, ErrorCode.TWILIO_KEY_REFUSED),
        (AUTHENTICATE, False, ErrorCode.TWILIO_REFUSED),
        (told(403, 20005, "Account not active"), True, ErrorCode.TWILIO_SUSPENDED),
        (told(500, 20500, "Internal"), True, ErrorCode.VENDOR_DOWN),
    ],
)
def test_a_key_that_cannot_be_made_is_told_apart_from_bad_credentials(
    refusal: Answer,
    by_key: bool,  # noqa: FBT001 - one of the choices
    code: ErrorCode,
) -> None:
    assert refusals.no_key(refusal, by_key=by_key).code is code


def test_a_key_that_cannot_delete_keys_is_no_bad_key() -> None:
    error = refusals.key_stays(AUTHENTICATE)
    assert (type(error), error.code) == (Rejected, ErrorCode.TWILIO_KEY_STAYS)


def test_an_account_is_read_without_its_token() -> None:
    assert twilio.account(answer(200, ACCOUNT)) == TwilioAccount(
        ACCOUNT_SID,
        "Plomberie Martin",
        AccountStatus.ACTIVE,
        AccountKind.FULL,
        owner_account_sid=ACCOUNT_SID,
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
    assert twilio.balance(answer(200, BALANCE)) == Balance("12.40 USD", Decimal("12.40"), "USD")
    assert twilio.balance(answer(200, {"balance": "-0.3"})) == Balance("-0.3", Decimal("-0.3"), "")


@pytest.mark.parametrize("odd", ["NaN", "Infinity", "1e9", "12,40", "1" * 40, "twelve"])
def test_a_balance_that_is_no_figure_has_only_its_words(odd: str) -> None:
    found = twilio.balance(answer(200, {"balance": odd, "currency": "EUR"}))
    assert (found.words, found.amount, found.currency) == (f"{odd} EUR", None, "EUR")


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


def test_a_number_tells_where_its_calls_go_when_its_webhook_fails() -> None:
    told = {
        **TWILIO_NUMBER,
        "voice_fallback_url": "https://handler.twilio.com/twiml/EH0",
        "voice_fallback_method": "get",
    }
    found = twilio.number(answer(200, told))
    assert found.voice_fallback_url == "https://handler.twilio.com/twiml/EH0"
    assert found.voice_fallback_method == "GET"


@pytest.mark.parametrize(
    ("owner", "is_subaccount"),
    [(ACCOUNT_SID, False), (f"AC{'1' * 32}", True), (None, False), (7, False)],
)
def test_an_account_that_another_owns_is_a_subaccount(
    owner: object,
    is_subaccount: bool,  # noqa: FBT001 - the expected figure
) -> None:
    found = twilio.account(answer(200, {**ACCOUNT, "owner_account_sid": owner}))
    assert found.is_subaccount is is_subaccount


def test_accounts_are_listed_without_their_tokens() -> None:
    page = twilio.accounts(answer(200, page_of("accounts", ACCOUNT, None, {"sid": None})))
    assert [one.name for one in page.members] == ["Plomberie Martin"]
    assert AUTH_TOKEN not in repr(page)


def test_a_twiml_app_is_read_and_classified_as_a_number_is() -> None:
    found = twilio.application(answer(200, APPLICATION))
    assert found == TwimlApp(
        sid=APPLICATION_SID,
        name="Standard",
        voice_url="https://pbx.example.fr/voice",
        voice_method="GET",
        voice_fallback_url="https://handler.twilio.com/twiml/EH0",
    )
    assert found.target == TwilioNumber("PN", NUMBER, voice_url=found.voice_url).target


@pytest.mark.parametrize("odd", [None, 7, [], {}, "x"])
def test_a_twiml_app_needs_nothing_but_its_sid(odd: object) -> None:
    names = set(APPLICATION) - {"sid", "friendly_name", "voice_url", "voice_fallback_url"}
    found = twilio.application(answer(200, {**dict.fromkeys(names, odd), "sid": "AP1"}))
    assert found == TwimlApp("AP1")


TEN_PAST = datetime(2026, 11, 1, 10, 5, tzinfo=UTC)


def test_calls_are_read_with_the_moment_they_came_in() -> None:
    ringing = {**TWILIO_CALL, "sid": "CA2", "start_time": None}
    odd = {"sid": "CA3", "from": 7, "start_time": "yesterday", "date_created": ["x"]}
    page = twilio.calls(answer(200, page_of("calls", TWILIO_CALL, ringing, odd, {}, None)))
    assert page.members == (
        TwilioCall(CALL_SID, "+33612345678", NUMBER, "completed", "inbound", TEN_PAST),
        TwilioCall(
            "CA2", "+33612345678", NUMBER, "completed", "inbound", TEN_PAST - timedelta(seconds=1)
        ),
        TwilioCall("CA3"),
    )


def test_a_failure_is_told_in_the_debuggers_words_with_the_webhook_concerned() -> None:
    page = twilio.failures(answer(200, page_of("notifications", NOTIFICATION)))
    assert page.members == (
        CallFailure(
            code="11200",
            text="Got HTTP 404 response to https://pbx.example.fr/",
            url="https://pbx.example.fr/",
            call_sid=CALL_SID,
            at=TEN_PAST + timedelta(seconds=1),
        ),
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("HTTP retrieval failure: 404", "HTTP retrieval failure: 404"),
        ("Got a=b&c=d", "Got a=b&c=d"),
        ("Msg=", "Msg="),
        ("&".join("a=b" for _ in range(99)), None),
        ("ErrorCode=11200&msg=Bad+\x1b[2JGateway", "Bad [2JGateway"),
        ("long " * 200, None),
        (7, ""),
        (None, ""),
    ],
)
def test_a_debuggers_text_is_read_whatever_it_is(text: object, words: str | None) -> None:
    page = twilio.failures(
        answer(200, page_of("notifications", {**NOTIFICATION, "message_text": text}))
    )
    found = page.members[0].text
    assert len(found) <= 300
    assert words is None or found == words


@pytest.mark.parametrize(
    ("code", "read"), [("11200", "11200"), (11200, "11200"), ("", ""), (None, ""), ("x", "")]
)
def test_a_failures_code_is_read_as_text_or_number(code: object, read: str) -> None:
    page = twilio.failures(
        answer(200, page_of("notifications", {**NOTIFICATION, "error_code": code}))
    )
    assert page.members[0].code == read


def test_keys_are_listed_and_a_new_one_keeps_its_secret_masked() -> None:
    page = twilio.keys(answer(200, page_of("keys", TWILIO_KEY, {"sid": "SK2"}, {})))
    assert [(one.sid, one.name) for one in page.members] == [
        (KEY_SID, "ava-setup for Martin"),
        ("SK2", ""),
    ]
    made = twilio.made_key(answer(201, {**TWILIO_KEY, "secret": KEY_SECRET}))
    assert made == MadeKey(KEY_SID, SecretStr(KEY_SECRET))
    assert KEY_SECRET not in repr(made)


@pytest.mark.parametrize("secret", [None, "", 7, ["x"]])
def test_a_key_without_its_secret_may_have_been_made(secret: object) -> None:
    with pytest.raises(Ambiguous):
        twilio.made_key(answer(201, {**TWILIO_KEY, "secret": secret}))


@pytest.mark.parametrize(("region", "read"), [("ie1", "ie1"), ("IE1", "ie1"), (None, ""), (7, "")])
def test_a_numbers_region_is_read(region: object, read: str) -> None:
    assert twilio.voice_region(answer(200, {**ROUTE, "voice_region": region})) == read


ODD = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text())
FIELDS: dict[str, dict[str, Any]] = {
    "calls": TWILIO_CALL,
    "notifications": NOTIFICATION,
    "keys": TWILIO_KEY,
    "accounts": ACCOUNT,
    "incoming_phone_numbers": TWILIO_NUMBER,
}


@given(st.data())
@pytest.mark.parametrize("name", FIELDS)
def test_one_odd_member_never_costs_the_list(name: str, data: st.DataObject) -> None:
    read: dict[str, Callable[[Answer], twilio.Page[Any]]] = {
        "calls": twilio.calls,
        "notifications": twilio.failures,
        "keys": twilio.keys,
        "accounts": twilio.accounts,
        "incoming_phone_numbers": twilio.numbers,
    }
    good = FIELDS[name]
    odd = data.draw(st.fixed_dictionaries(dict.fromkeys(good, ODD)))
    page = read[name](answer(200, page_of(name, odd, good)))
    assert page.members[-1] == read[name](answer(200, page_of(name, good))).members[0]


@pytest.mark.parametrize("body", [b"", b"<html></html>", b'{"sid": "AC', b"{}", b"[]"])
def test_a_success_that_cannot_be_read_is_unintelligible(body: bytes) -> None:
    for read in (
        twilio.account,
        twilio.numbers,
        twilio.balance,
        twilio.application,
        twilio.calls,
        twilio.failures,
        twilio.keys,
        twilio.made_key,
    ):
        with pytest.raises(Ambiguous) as caught:
            read(answer(200, body))
        assert caught.value.code is ErrorCode.UNINTELLIGIBLE
