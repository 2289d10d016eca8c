"""The requests that undo: deletions, a number handed back, webhooks put back."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest

from ava_setup.onboarding.errors import ErrorCode, NotFound, Rejected, VendorDown
from ava_setup.onboarding.undo_steps import Holder, Webhooks
from tests.clients.lab import (
    ACCOUNT_SID,
    ASSISTANT_ID,
    TWILIO_NUMBER,
    UUID,
    VAPI_NUMBER,
    Script,
    twilio,
    vapi,
)
from tests.sandbox.spec import needs_contracts, twilio_schema_errors

SID = str(TWILIO_NUMBER["sid"])


async def test_a_number_and_an_assistant_are_deleted_whatever_the_answer_holds() -> None:
    script = Script((200, VAPI_NUMBER), (200, b"{cut short"))
    await vapi(script).delete_number(UUID)
    await vapi(script).delete_assistant("a/b")
    assert [one.method for one in script.asked] == ["DELETE", "DELETE"]
    assert script.paths == [f"/phone-number/{UUID}", "/assistant/a%2Fb"]
    assert script.bodies == [None, None]


async def test_what_is_not_there_is_not_found() -> None:
    with pytest.raises(NotFound):
        await vapi(Script((404, {"message": "Not Found"}))).delete_assistant(ASSISTANT_ID)


async def test_a_failing_deletion_is_not_repeated() -> None:
    script = Script((500, {}))
    with pytest.raises(VendorDown):
        await vapi(script).delete_number(UUID)
    assert len(script.asked) == 1


async def test_a_pinned_assistant_is_said_to_be() -> None:
    refusal = {"error": "assistant_pinned", "message": "Assistant is pinned."}
    with pytest.raises(Rejected) as caught:
        await vapi(Script((409, refusal))).delete_assistant(ASSISTANT_ID)
    assert caught.value.code is ErrorCode.ASSISTANT_PINNED
    assert caught.value.problem.evidence.vendor_code == "assistant_pinned"


async def test_another_conflict_keeps_the_vendors_words() -> None:
    with pytest.raises(Rejected) as caught:
        await vapi(Script((409, {"message": "In use."}))).delete_assistant(ASSISTANT_ID)
    assert caught.value.code is ErrorCode.REJECTED


@pytest.mark.parametrize(
    ("holder", "body"),
    [
        (Holder(), {"assistantId": None}),
        (Holder(ASSISTANT_ID), {"assistantId": ASSISTANT_ID}),
        (Holder("", "squad", ""), {"assistantId": None, "squadId": "squad"}),
        (Holder("", "", "flow"), {"assistantId": None, "workflowId": "flow"}),
    ],
)
async def test_a_number_is_handed_back_naming_only_links_that_were(
    holder: Holder, body: dict[str, object]
) -> None:
    script = Script((200, VAPI_NUMBER))
    assert (await vapi(script).hand_back_number(UUID, holder)).id == UUID
    assert (script.asked[0].method, script.bodies) == ("PATCH", [body])


async def test_webhooks_are_written_as_a_form_and_an_empty_one_is_written_empty() -> None:
    script = Script((200, TWILIO_NUMBER))
    url = "https://pbx.example/voice?a=1&b=é"
    number = await twilio(script).point_number(SID, Webhooks(url, "GET", "", None))
    assert number.sid == SID
    asked = script.asked[0]
    assert asked.url.path == f"/2010-04-01/Accounts/{ACCOUNT_SID}/IncomingPhoneNumbers/{SID}.json"
    assert asked.method == "POST"
    assert asked.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert parse_qsl(asked.content.decode(), keep_blank_values=True) == [
        ("VoiceUrl", url),
        ("VoiceMethod", "GET"),
        ("StatusCallback", ""),
    ]


async def test_a_trunk_or_an_app_is_put_back_or_taken_away_by_its_sid() -> None:
    script = Script((200, TWILIO_NUMBER))
    await twilio(script).point_number(SID, Webhooks(trunk_sid="", application_sid="AP0"))
    await twilio(script).point_number(SID, Webhooks("https://x.example", "POST", trunk_sid="TK0"))
    assert [one.content for one in script.asked] == [
        b"TrunkSid=&VoiceApplicationSid=AP0",
        b"VoiceUrl=https%3A%2F%2Fx.example&VoiceMethod=POST&TrunkSid=TK0",
    ]


@needs_contracts
@pytest.mark.parametrize(
    "webhooks",
    [
        Webhooks("https://x.example", "GET", "", "https://x.example"),
        Webhooks(trunk_sid="", application_sid=""),
        Webhooks(trunk_sid=f"TK{'0' * 32}"),
        Webhooks(application_sid=f"AP{'0' * 32}"),
    ],
)
async def test_whatever_is_written_at_twilio_is_as_specified(webhooks: Webhooks) -> None:
    script = Script((200, TWILIO_NUMBER))
    await twilio(script).point_number(SID, webhooks)
    sent = dict(parse_qsl(script.asked[0].content.decode(), keep_blank_values=True))
    path = "/2010-04-01/Accounts/{AccountSid}/IncomingPhoneNumbers/{Sid}.json"
    assert twilio_schema_errors("post", path, "request", sent) == []


async def test_a_method_that_is_not_known_is_not_written() -> None:
    script = Script((200, TWILIO_NUMBER))
    await twilio(script).point_number(SID, Webhooks("", "", None, "https://sms.example/"))
    assert script.asked[0].content == b"VoiceUrl=&SmsUrl=https%3A%2F%2Fsms.example%2F"
