from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from ava_setup.clients import vapi_answers as vapi
from ava_setup.onboarding.assistant import Assistant, Opening
from ava_setup.onboarding.calls import Call
from ava_setup.onboarding.errors import (
    Ambiguous,
    CredentialsRefused,
    ErrorCode,
    Evidence,
    NotFound,
    NumberExists,
    RateLimited,
    Rejected,
    Vendor,
    VendorDown,
    VendorError,
)
from ava_setup.onboarding.number import VapiNumber
from ava_setup.words import Language, Voice
from tests.canaries import TOKEN
from tests.clients.lab import (
    ACCOUNT_SID,
    ASSISTANT,
    ASSISTANT_ID,
    AUTH_TOKEN,
    CALL,
    NUMBER,
    UUID,
    VAPI_NUMBER,
    answer,
)

say = Voice(Language.EN)


INVALID_KEY = (
    "Invalid Key. Hot tip, you may be using the private key instead of the public key, or "
    "vice versa."
)
INVALID_NUMBER = (
    "number must be a valid phone number in the E.164 format. Hot tip, you may be missing the "
    "country code (Eg. US: +1)."
)
EXISTING = (
    f"Existing Phone Number {UUID} Has Identical `twilioAccountSid` {ACCOUNT_SID} and "
    f"`number` {NUMBER}."
)


def refused(status: int, message: object, **more: object) -> VendorError:
    return vapi.failure(
        answer(status, {"message": message, "statusCode": status, **more}), wanted=NUMBER
    )


# Every row of the contract's table (vapi.md, Errors).
@pytest.mark.parametrize(
    ("status", "message", "kind", "code"),
    [
        (401, INVALID_KEY, CredentialsRefused, ErrorCode.VAPI_KEY_REFUSED),
        (401, "Missing Authorization Header.", CredentialsRefused, ErrorCode.VAPI_KEY_REFUSED),
        (400, ["property X should not exist"], Rejected, ErrorCode.REJECTED),
        (
            400,
            ["name must be shorter than or equal to 40 characters"],
            Rejected,
            ErrorCode.REJECTED,
        ),
        (400, INVALID_NUMBER, Rejected, ErrorCode.REJECTED),
        (400, EXISTING, NumberExists, ErrorCode.NUMBER_EXISTS),
        (
            400,
            f"Phone number {NUMBER} already in use by another org.",
            Rejected,
            ErrorCode.NUMBER_IN_OTHER_ORG,
        ),
        (400, "Number Not Found on Twilio.", Rejected, ErrorCode.NUMBER_NOT_IN_ACCOUNT),
        (
            400,
            f"Couldn't Get Assistant. `assistantId` {ASSISTANT_ID} Does Not Exist.",
            Rejected,
            ErrorCode.ASSISTANT_GONE,
        ),
        (400, "Couldn't Find 11labs Voice", Rejected, ErrorCode.VOICE_UNAVAILABLE),
        (404, "whatever", NotFound, ErrorCode.NOT_FOUND),
        (409, "This assistant is pinned.", Rejected, ErrorCode.REJECTED),
        (429, "Rate limit exceeded", RateLimited, ErrorCode.RATE_LIMITED),
        (500, "Internal server error", VendorDown, ErrorCode.VENDOR_DOWN),
        (503, ["anything"], VendorDown, ErrorCode.VENDOR_DOWN),
    ],
)
def test_each_refusal_of_the_contract_has_its_error(
    status: int, message: object, kind: type[VendorError], code: ErrorCode
) -> None:
    error = refused(status, message)
    assert type(error) is kind
    assert error.code is code
    assert error.may_have_acted is (status >= 500)
    for text in (error.problem.what, error.problem.why, error.problem.next):
        assert "{" not in say(text)


# The same meanings in other words: texts change without notice.
@pytest.mark.parametrize(
    ("message", "code"),
    [
        (f"EXISTING phone  number `{UUID}` has identical number", ErrorCode.NUMBER_EXISTS),
        (["existing Phone Number has identical `number`"], ErrorCode.NUMBER_EXISTS),
        ("This number is used by another organization", ErrorCode.NUMBER_IN_OTHER_ORG),
        (["number not found on twilio"], ErrorCode.NUMBER_NOT_IN_ACCOUNT),
        ("Couldn\N{RIGHT SINGLE QUOTATION MARK}t get assistant.", ErrorCode.ASSISTANT_GONE),
        (f"Assistant {ASSISTANT_ID} does not exist", ErrorCode.ASSISTANT_GONE),
        ("couldn't find azure voice fr-FR-X", ErrorCode.VOICE_UNAVAILABLE),
        ("Voice Clara was not found", ErrorCode.VOICE_UNAVAILABLE),
        ("The model is not available", ErrorCode.REJECTED),
    ],
)
def test_refusals_are_recognised_loosely(message: object, code: ErrorCode) -> None:
    assert refused(400, message).code is code


def test_an_existing_number_gives_its_id() -> None:
    error = refused(400, EXISTING)
    assert isinstance(error, NumberExists)
    assert error.phone_number_id == UUID


def test_a_refused_import_names_the_number() -> None:
    told = answer(400, {"message": "Number Not Found on Twilio."})
    with pytest.raises(Rejected) as caught:
        vapi.imported(told, NUMBER)
    assert say(caught.value.problem.what) == "+33 1 99 00 12 34 is not in this Twilio account."


def test_a_rejection_quotes_vapi() -> None:
    error = refused(400, ["voice.speed must not be less than 0.25", 7, "name must be a string"])
    assert say(error.problem.why) == (
        "It said: “voice.speed must not be less than 0.25; name must be a string”"
    )


def test_a_rejection_without_a_word_quotes_nothing() -> None:
    error = vapi.failure(answer(400, {}))
    assert error.code is ErrorCode.REJECTED
    assert say(error.problem.why) == ""


def test_a_quoted_rejection_holds_no_secret() -> None:
    told = answer(
        400, {"message": f"twilioAuthToken {AUTH_TOKEN} or {TOKEN} is wrong"}, secret=AUTH_TOKEN
    )
    error = vapi.failure(told)
    assert say(error.problem.why) == "It said: “twilioAuthToken […] or […] is wrong”"


@pytest.mark.parametrize(
    ("text", "wants"),
    [
        ("provider must be one of the following values: twilio, vonage", True),
        ("provider should not be empty", True),
        ("property provider should not exist", False),
        ("name must be a string", False),
    ],
)
def test_a_refusal_that_asks_for_the_provider_is_told_apart(
    text: str,
    wants: bool,  # noqa: FBT001 - the expected figure
) -> None:
    assert isinstance(refused(400, [text]), vapi.ProviderWanted) is wants


def test_evidence_names_vendor_status_symbol_request_and_words() -> None:
    told = answer(
        409,
        {"error": "assistant_pinned", "message": "Pinned."},
        {"x-request-id": "req-1", "cf-ray": "ray-1"},
    )
    assert vapi.failure(told).problem.evidence == Evidence(
        Vendor.VAPI, 409, "assistant_pinned", "req-1", "Pinned."
    )


def test_evidence_falls_back_to_the_edge_and_to_the_name_of_the_error() -> None:
    told = answer(400, {"error": "Bad Request"}, {"cf-ray": "ray-1"})
    assert vapi.failure(told).problem.evidence == Evidence(
        Vendor.VAPI, 400, "", "ray-1", "Bad Request"
    )


def test_a_rate_limit_says_how_long_to_wait() -> None:
    error = vapi.failure(answer(429, b"slow down", {"retry-after": "3"}))
    assert isinstance(error, RateLimited)
    assert error.retry_after == 3.0


@pytest.mark.parametrize(
    ("status", "body", "kind", "code"),
    [
        (403, b"error code: 1010", VendorError, ErrorCode.FORBIDDEN),
        (403, b"<html>blocked</html>", VendorError, ErrorCode.FORBIDDEN),
        (403, b'{"message": "Forbidden resource"}', Rejected, ErrorCode.REJECTED),
        (401, b"<html></html>", CredentialsRefused, ErrorCode.VAPI_KEY_REFUSED),
        (404, b"", NotFound, ErrorCode.NOT_FOUND),
        (400, b"<html></html>", VendorError, ErrorCode.UNINTELLIGIBLE),
        (400, b'{"message": "tru', VendorError, ErrorCode.UNINTELLIGIBLE),
        (400, b"[]", VendorError, ErrorCode.UNINTELLIGIBLE),
        (408, b"", Ambiguous, ErrorCode.TIMED_OUT),
        (302, b"", VendorError, ErrorCode.REDIRECTED),
        (307, b"{}", VendorError, ErrorCode.REDIRECTED),
        (502, b"<html>Bad gateway</html>", VendorDown, ErrorCode.VENDOR_DOWN),
        (500, b"", VendorDown, ErrorCode.VENDOR_DOWN),
    ],
)
def test_refusals_that_are_no_json_are_judged_by_their_status(
    status: int, body: bytes, kind: type[VendorError], code: ErrorCode
) -> None:
    error = vapi.failure(answer(status, body))
    assert type(error) is kind
    assert error.code is code


def test_the_edge_is_quoted_in_the_evidence() -> None:
    assert vapi.failure(answer(403, b"error code: 1010")).problem.evidence.words == (
        "error code: 1010"
    )


def test_an_assistant_is_read_with_our_marks() -> None:
    assert vapi.assistant(answer(201, {**ASSISTANT, "new": {"field": 1}})) == Assistant(
        id=ASSISTANT_ID,
        name="Ava",
        created_at="2026-11-01T10:00:00.000Z",
        first_message="Bonjour.",
        org_id="org-1",
        business_id="b" * 32,
        create_id="c" * 32,
        admin_email="a@example.fr",
    )


@pytest.mark.parametrize("odd", [None, 7, [], {}, "x"])
def test_an_assistant_needs_nothing_but_its_id(odd: object) -> None:
    strange = {key: odd for key in ASSISTANT if key != "id"}
    found = vapi.assistant(answer(200, {**strange, "id": ASSISTANT_ID}))
    assert found.id == ASSISTANT_ID
    assert found.business_id == ""


# What a caller hears, and what the owner must know.


@pytest.mark.parametrize(
    ("told", "opening", "speaks_first"),
    [
        ({}, Opening.SAYS, True),
        ({"firstMessageMode": "assistant-speaks-first"}, Opening.SAYS, True),
        ({"firstMessage": ""}, Opening.SAYS, False),
        ({"firstMessage": None}, Opening.SAYS, False),
        ({"firstMessageMode": "assistant-waits-for-user"}, Opening.WAITS, False),
        (
            {
                "firstMessageMode": "assistant-speaks-first-with-model-generated-message",
                "firstMessage": "",
            },
            Opening.MADE_UP,
            True,
        ),
        ({"firstMessageMode": "brand-new"}, Opening.SAYS, True),
    ],
)
def test_an_assistant_without_first_words_waits_for_the_caller(
    told: dict[str, object],
    opening: Opening,
    speaks_first: bool,  # noqa: FBT001 - the expected figure
) -> None:
    found = vapi.assistant(answer(200, {**ASSISTANT, **told}))
    assert (found.opening, found.speaks_first) == (opening, speaks_first)


@pytest.mark.parametrize(
    ("sound", "is_quiet"),
    [("off", True), ("office", False), ("https://x.example/cafe.mp3", False), (None, False)],
)
def test_only_a_plain_off_is_quiet_for_the_telephone_has_office_noise_by_default(
    sound: object,
    is_quiet: bool,  # noqa: FBT001 - the expected figure
) -> None:
    assert vapi.assistant(answer(200, {**ASSISTANT, "backgroundSound": sound})).is_quiet is is_quiet


@pytest.mark.parametrize(
    ("plan", "is_recorded"),
    [
        ({"recordingEnabled": False}, False),
        ({"recordingEnabled": "false"}, False),
        ({"recordingEnabled": True}, True),
        ({"recordingEnabled": None}, True),
        ({}, True),
        (None, True),
        ("off", True),
    ],
)
def test_calls_are_recorded_unless_plainly_not(
    plan: object,
    is_recorded: bool,  # noqa: FBT001 - the expected figure
) -> None:
    found = vapi.assistant(answer(200, {**ASSISTANT, "artifactPlan": plan}))
    assert found.is_recorded is is_recorded


def test_an_assistant_tells_its_languages_and_where_its_calls_are_told_of() -> None:
    told = {
        **ASSISTANT,
        "voice": {"provider": "azure", "voiceId": "fr-FR-DeniseNeural"},
        "transcriber": {"provider": "deepgram", "model": "nova-3", "language": "en"},
        "server": {"url": "https://hooks.example.fr/vapi", "headers": {"X-Key": "k"}},
    }
    found = vapi.assistant(answer(200, told))
    assert found.voice_languages == frozenset({"fr"})
    assert found.heard_languages == frozenset({"en"})
    assert found.webhook_url == "https://hooks.example.fr/vapi"


ODD = st.none() | st.booleans() | st.integers() | st.lists(st.text()) | st.just({"url": 7})


@given(
    st.fixed_dictionaries(
        dict.fromkeys(
            ("name", "firstMessageMode", "backgroundSound", "artifactPlan", "server", "metadata"),
            ODD,
        )
    )
)
def test_whatever_is_odd_about_an_assistant_counts_as_not_said(odd: dict[str, Any]) -> None:
    strange = {**odd, "voice": odd["server"], "transcriber": odd["name"]}
    page = vapi.assistants(answer(200, [{**strange, "id": "odd"}, ASSISTANT]))
    assert page.members[0] == Assistant("odd")
    assert page.members[1].id == ASSISTANT_ID


@pytest.mark.parametrize(
    ("told", "fallback"),
    [
        ({"type": "number", "number": "+33612345678"}, "+33612345678"),
        ({"type": "sip", "sipUri": "sip:owner@pbx.example.fr"}, "sip:owner@pbx.example.fr"),
        ({"type": "number", "number": 7}, ""),
        ({}, ""),
        (None, ""),
        ("+33612345678", ""),
    ],
)
def test_a_number_tells_which_telephone_rings_when_no_assistant_can_be_had(
    told: object, fallback: str
) -> None:
    found = vapi.number(answer(200, {**VAPI_NUMBER, "fallbackDestination": told}))
    assert found.fallback_number == fallback


def test_a_legacy_number_names_no_account() -> None:
    legacy = {key: value for key, value in VAPI_NUMBER.items() if key != "twilioAccountSid"}
    assert vapi.number(answer(200, legacy)).twilio_account_sid == ""


def test_a_name_cannot_redraw_the_terminal() -> None:
    told = {**ASSISTANT, "name": "Ava\x1b[2J\nx\u202e", "firstMessage": "One.\nTwo.\x07"}
    found = vapi.assistant(answer(200, told))
    assert (found.name, found.first_message) == ("Ava [2J x", "One.\nTwo.")


def test_a_number_is_read_without_its_secrets() -> None:
    found = vapi.number(answer(200, VAPI_NUMBER))
    assert found == VapiNumber(
        id=UUID,
        number=NUMBER,
        provider="twilio",
        status="active",
        assistant_id=ASSISTANT_ID,
        name="Plomberie Martin",
        updated_at="2026-11-01T10:00:01.000Z",
        twilio_account_sid=ACCOUNT_SID,
    )


def test_a_number_linked_to_a_squad_or_workflow_says_so() -> None:
    found = vapi.number(
        answer(200, {"id": UUID, "squadId": "s", "workflowId": "w", "assistantId": None})
    )
    assert (found.squad_id, found.workflow_id, found.assistant_id) == ("s", "w", None)


def test_one_senseless_member_never_costs_the_list() -> None:
    page = vapi.numbers(
        answer(200, [VAPI_NUMBER, None, "x", 7, {}, {"id": None}, {"id": "sip", "provider": "new"}])
    )
    assert [one.id for one in page.members] == [UUID, "sip"]
    assert page.size == 7


def test_a_page_knows_its_oldest_member() -> None:
    page = vapi.assistants(
        answer(
            200,
            [
                {"id": "b", "createdAt": "2026-02-01T00:00:00.000Z"},
                {"id": "a", "createdAt": "2026-01-01T00:00:00.000Z"},
                {"id": "c"},
                {"id": "d", "createdAt": 7},
            ],
        )
    )
    assert page.oldest == "2026-01-01T00:00:00.000Z"
    assert vapi.assistants(answer(200, [])).oldest == ""


def test_calls_are_read() -> None:
    withheld = {"id": "call-2", "customer": None, "status": "brand-new-status"}
    assert vapi.calls(answer(200, [CALL, withheld, {"status": "ended"}])) == (
        Call(
            id="call-1",
            kind="inboundPhoneCall",
            status="ended",
            created_at="2026-11-01T10:05:00.000Z",
            started_at="2026-11-01T10:05:01.000Z",
            ended_at="2026-11-01T10:05:41.000Z",
            ended_reason="customer-ended-call",
            caller="+33612345678",
            assistant_id=ASSISTANT_ID,
        ),
        Call(id="call-2", status="brand-new-status"),
    )


def test_a_call_is_told_with_what_was_said_bounded_and_bare_of_control_characters() -> None:
    told = {
        **CALL,
        "analysis": {"summary": "Wants\x1b[2J a quote. " * 500},
        "artifact": {"transcript": "AI: Bonjour.\nUser: Oui.\n" * 5000, "messages": [{}] * 9},
    }
    found = vapi.call(answer(200, told))
    assert (len(found.summary), len(found.transcript)) == (2_000, 20_000)
    assert found.summary.startswith("Wants [2J a quote. Wants")
    assert found.transcript.startswith("AI: Bonjour.\nUser: Oui.\n")
    assert found.summary.endswith("…")
    assert found.transcript.endswith("…")


@pytest.mark.parametrize("odd", [None, "x", 7, [], {}, {"summary": 7, "transcript": ["x"]}])
def test_a_call_needs_no_words(odd: object) -> None:
    found = vapi.call(answer(200, {**CALL, "analysis": odd, "artifact": odd}))
    assert (found.summary, found.transcript) == ("", "")


CREDIT = "Wallet Balance is -0.02. Purchase More Credits Or Upgrade Your Plan."


@pytest.mark.parametrize("status", [400, 402, 403])
def test_a_call_that_is_refused_quotes_vapi_and_says_that_nothing_rang(status: int) -> None:
    with pytest.raises(Rejected) as caught:
        vapi.placed(answer(status, {"message": CREDIT, "statusCode": status}))
    assert caught.value.code is ErrorCode.CALL_REFUSED
    assert not caught.value.may_have_acted
    assert say(caught.value.problem.why) == f"It said: “{CREDIT}”"
    assert "No telephone rang" in say(caught.value.problem.next)


@pytest.mark.parametrize(
    ("status", "message", "code"),
    [
        (400, "Couldn't Get Assistant. `assistantId` x Does Not Exist.", ErrorCode.ASSISTANT_GONE),
        (401, INVALID_KEY, ErrorCode.VAPI_KEY_REFUSED),
        (429, "Rate limit exceeded", ErrorCode.RATE_LIMITED),
        (500, "Internal server error", ErrorCode.VENDOR_DOWN),
    ],
)
def test_other_reasons_for_no_call_keep_their_own_name(
    status: int, message: str, code: ErrorCode
) -> None:
    with pytest.raises(VendorError) as caught:
        vapi.placed(answer(status, {"message": message}))
    assert caught.value.code is code


def test_a_call_that_was_placed_is_a_call() -> None:
    assert vapi.placed(answer(201, {**CALL, "status": "queued"})).status == "queued"


@pytest.mark.parametrize("body", [b"", b"<html></html>", b'{"id": "tru', b"{}", b"null", b"[]"])
def test_a_success_that_cannot_be_read_may_have_been_one(body: bytes) -> None:
    with pytest.raises(Ambiguous) as caught:
        vapi.assistant(answer(201, body))
    assert caught.value.code is ErrorCode.UNINTELLIGIBLE
    assert caught.value.problem.evidence.status == 201


@pytest.mark.parametrize("body", [b"", b"<html></html>", b"[{", b"{}", b'{"results": []}'])
def test_a_list_that_is_none_is_unintelligible(body: bytes) -> None:
    with pytest.raises(Ambiguous) as caught:
        vapi.assistants(answer(200, body))
    assert caught.value.code is ErrorCode.UNINTELLIGIBLE
