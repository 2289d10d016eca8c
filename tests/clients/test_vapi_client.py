from __future__ import annotations

import json

import pytest

from ava_setup.clients import transport
from ava_setup.onboarding.assistant import AssistantMends
from ava_setup.onboarding.errors import (
    CredentialsRefused,
    ErrorCode,
    NotFound,
    NumberExists,
    Rejected,
    VendorError,
)
from ava_setup.onboarding.profile import CallersLanguage
from tests.clients.lab import (
    API_KEY,
    ASSISTANT,
    ASSISTANT_ID,
    AUTH_TOKEN,
    CALL,
    KEY_SECRET,
    KEY_SID,
    NUMBER,
    TOKEN_PAIR,
    UUID,
    VAPI_NUMBER,
    Script,
    draft,
    vapi,
)

EXISTS = {"message": f"Existing Phone Number {UUID} Has Identical `number` {NUMBER}."}
WANTS_PROVIDER = {"message": ["provider must be one of the following values: twilio"]}


def member(place: int, at: str) -> dict[str, str]:
    return {"id": f"a-{place}", "createdAt": at}


def at(second: int) -> str:
    return f"2026-11-01T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}.000Z"


async def test_a_short_page_is_the_last() -> None:
    script = Script((200, [ASSISTANT]))
    assert [one.id for one in await vapi(script).list_assistants()] == [ASSISTANT_ID]
    assert script.paths == ["/assistant?limit=1000"]


async def test_pages_follow_each_other_from_the_oldest_and_lose_no_twin() -> None:
    # The page's border falls between two members made in the very same millisecond.
    everything = [member(place, at(5000 - place // 2)) for place in range(1500)]
    script = Script((200, everything[:1000]), (200, everything[998:]))
    found = await vapi(script).list_assistants()
    assert [one.id for one in found] == [one["id"] for one in everything]
    assert script.paths == [
        "/assistant?limit=1000",
        "/assistant?limit=1000&createdAtLt=2026-11-01T01%3A15%3A01.001Z",
    ]


async def test_a_full_page_that_brings_nothing_new_is_the_last() -> None:
    page = [member(place, at(place)) for place in range(1000)]
    script = Script((200, page))
    assert len(await vapi(script).list_assistants()) == 1000
    assert len(script.asked) == 2


@pytest.mark.parametrize("date", [None, "", "yesterday", "9999-12-31T23:59:59.999Z"])
async def test_a_page_that_cannot_be_followed_is_the_last(date: object) -> None:
    page = [{"id": f"a-{place}", "createdAt": date} for place in range(1000)]
    script = Script((200, page))
    assert len(await vapi(script).list_assistants()) == 1000
    assert len(script.asked) == 1


async def test_pages_end_even_when_the_vendor_never_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ava_setup.clients.vapi._PAGES_MAX", 3)
    pages = [[member(n * 1000 + i, at(9000 - n)) for i in range(1000)] for n in range(5)]
    script = Script(*((200, page) for page in pages))
    assert len(await vapi(script).list_assistants()) == 3000


async def test_pages_too_long_to_take_in_are_asked_for_in_smaller_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(transport, "BODY_MAX", 10_000)
    long = (200, b" " * 10_001)
    pages = [[member(n * 100 + i, at(9000 - n * 100 - i)) for i in range(100)] for n in range(2)]
    script = Script(long, (200, pages[0]), (200, pages[1][:50]))
    assert len(await vapi(script).list_assistants()) == 150
    assert [request.url.params["limit"] for request in script.asked] == ["1000", "100", "100"]


async def test_a_page_that_is_always_too_long_is_unintelligible(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(transport, "BODY_MAX", 10)
    script = Script((200, b" " * 11))
    with pytest.raises(VendorError) as caught:
        await vapi(script).list_assistants()
    assert caught.value.code is ErrorCode.UNINTELLIGIBLE
    assert [request.url.params["limit"] for request in script.asked] == ["1000", "100", "10", "1"]


async def test_numbers_are_listed_the_same_way() -> None:
    script = Script((200, [VAPI_NUMBER, {"provider": "unknown"}]))
    assert [one.number for one in await vapi(script).list_numbers()] == [NUMBER]
    assert script.paths == ["/phone-number?limit=1000"]


async def test_one_thing_is_read_by_its_id_whatever_the_id_is() -> None:
    script = Script((200, ASSISTANT), (200, VAPI_NUMBER))
    await vapi(script).read_assistant("a/../b?c")
    await vapi(script).read_number(UUID)
    assert script.paths == ["/assistant/a%2F..%2Fb%3Fc", f"/phone-number/{UUID}"]


async def test_a_refused_key_is_said_once() -> None:
    script = Script((401, {"message": "Invalid Key."}))
    with pytest.raises(CredentialsRefused) as caught:
        await vapi(script).list_assistants()
    assert caught.value.code is ErrorCode.VAPI_KEY_REFUSED
    assert len(script.asked) == 1


async def test_creating_an_assistant_posts_it_once() -> None:
    script = Script((201, ASSISTANT))
    made = await vapi(script).create_assistant(draft())
    assert made.create_id == "c" * 32
    assert [(one.method, one.url.path) for one in script.asked] == [("POST", "/assistant")]


async def test_changing_an_assistant_replaces_what_a_draft_says() -> None:
    script = Script((200, ASSISTANT))
    await vapi(script).update_assistant("a/b", draft())
    assert [(one.method, one.url.raw_path) for one in script.asked] == [
        ("PATCH", b"/assistant/a%2Fb")
    ]
    assert script.bodies[0]["metadata"]["createId"] == "c" * 32


async def test_a_mend_that_replaces_whole_fields_is_one_request() -> None:
    script = Script((200, ASSISTANT))
    mends = AssistantMends(quiet=True, opening_words="Bonjour.", language=CallersLanguage.FR_FR)
    await vapi(script).mend_assistant("a/b", mends)
    assert [(one.method, one.url.raw_path) for one in script.asked] == [
        ("PATCH", b"/assistant/a%2Fb")
    ]
    assert script.bodies == [
        {
            "backgroundSound": "off",
            "firstMessage": "Bonjour.",
            "firstMessageMode": "assistant-speaks-first",
            "voice": {"provider": "vapi", "voiceId": "Clara", "version": "2", "language": "fr-FR"},
            "transcriber": {"provider": "deepgram", "model": "nova-3", "language": "fr"},
        }
    ]


async def test_a_new_webhook_leaves_the_others_settings_and_their_secrets_as_they_are() -> None:
    server = {
        "url": "https://old.example",
        "timeoutSeconds": 7,
        "headers": {"X-Key": KEY_SECRET, "X-Odd": 7},
    }
    script = Script((200, {**ASSISTANT, "server": server}), (200, ASSISTANT))
    mends = AssistantMends(webhook_url="https://new.example")
    await vapi(script).mend_assistant(ASSISTANT_ID, mends)
    assert [one.method for one in script.asked] == ["GET", "PATCH"]
    assert script.bodies[1] == {"server": {**server, "url": "https://new.example"}}


async def test_a_webhook_that_is_taken_away_leaves_no_address() -> None:
    server = {"url": "https://old.example", "timeoutSeconds": 7}
    script = Script((200, {**ASSISTANT, "server": server}), (200, ASSISTANT))
    await vapi(script).mend_assistant(ASSISTANT_ID, AssistantMends(webhook_url=""))
    assert script.bodies[1] == {"server": {"timeoutSeconds": 7}}


@pytest.mark.parametrize("server", [None, "odd", {"headers": "odd"}])
async def test_a_webhook_is_written_where_none_was(server: object) -> None:
    script = Script((200, {**ASSISTANT, "server": server}), (200, ASSISTANT))
    mends = AssistantMends(webhook_url="https://new.example", admin_email="new@example.fr")
    await vapi(script).mend_assistant(ASSISTANT_ID, mends)
    assert script.bodies[1]["server"]["url"] == "https://new.example"
    assert script.bodies[1]["metadata"] == {
        **ASSISTANT["metadata"],  # type: ignore[dict-item] # it is one
        "adminEmail": "new@example.fr",
    }


async def test_a_secret_of_the_users_own_server_is_not_quoted_back() -> None:
    server = {"url": "https://old.example", "headers": {"X-Key": KEY_SECRET}}
    refusal = (400, {"message": f"server.headers.X-Key {KEY_SECRET} is odd"})
    script = Script((200, {**ASSISTANT, "server": server}), refusal)
    with pytest.raises(Rejected) as caught:
        await vapi(script).mend_assistant(ASSISTANT_ID, AssistantMends(webhook_url=""))
    assert caught.value.problem.evidence.words == "server.headers.X-Key […] is odd"


VOICE = {"provider": "11labs", "voiceId": "sarah", "model": "eleven_turbo_v2_5"}


async def test_what_a_mend_replaces_is_noted_and_put_back_as_it_was() -> None:
    settings = {"backgroundSound": "https://x.example/cafe.mp3", "voice": VOICE, "name": "Ava"}
    script = Script((200, {**ASSISTANT, **settings}), (200, ASSISTANT))
    mends = AssistantMends(quiet=True, language=CallersLanguage.FR_FR)
    earlier = await vapi(script).read_settings("a/b", mends)
    await vapi(script).put_settings_back("a/b", earlier)
    assert [one.method for one in script.asked] == ["GET", "PATCH"]
    assert script.paths == ["/assistant/a%2Fb"] * 2
    # A transcriber that was not set cannot be unset: it stays.
    assert script.bodies[1] == {"backgroundSound": settings["backgroundSound"], "voice": VOICE}


async def test_what_was_not_set_is_put_back_to_what_vapi_does_then() -> None:
    bare = {"id": ASSISTANT_ID}
    script = Script((200, bare), (200, ASSISTANT))
    mends = AssistantMends(quiet=True, opening_words="Bonjour.", admin_email="a@example.fr")
    earlier = await vapi(script).read_settings(ASSISTANT_ID, mends)
    await vapi(script).put_settings_back(ASSISTANT_ID, earlier)
    assert script.bodies[1] == {
        "backgroundSound": "office",
        "firstMessage": "",
        "firstMessageMode": "assistant-speaks-first",
    }


async def test_settings_that_may_hold_a_secret_are_not_noted() -> None:
    own = {"provider": "custom-voice", "server": {"url": "https://x.example", "secret": "s"}}
    script = Script((200, {**ASSISTANT, "voice": own, "transcriber": {"provider": "azure"}}))
    mends = AssistantMends(language=CallersLanguage.EN_GB, webhook_url="")
    earlier = await vapi(script).read_settings(ASSISTANT_ID, mends)
    assert json.loads(earlier) == {"transcriber": {"provider": "azure"}}


async def test_nothing_to_mend_is_a_look() -> None:
    script = Script((200, ASSISTANT))
    found = await vapi(script).mend_assistant(ASSISTANT_ID, AssistantMends())
    assert found.id == ASSISTANT_ID
    assert [one.method for one in script.asked] == ["GET"]


async def test_an_assistant_that_is_gone_cannot_be_mended() -> None:
    script = Script((404, {"message": "Not Found"}))
    for mends in (AssistantMends(), AssistantMends(quiet=True), AssistantMends(webhook_url="")):
        with pytest.raises(NotFound):
            await vapi(script).mend_assistant(ASSISTANT_ID, mends)


async def test_a_new_address_leaves_what_others_noted_in_an_assistant() -> None:
    noted = {"adminEmail": "old@example.fr", "createId": "c" * 32, "crm": {"id": 7}}
    script = Script((200, {**ASSISTANT, "metadata": noted}), (200, ASSISTANT))
    await vapi(script).mend_assistant("a/b", AssistantMends(admin_email="new@example.fr"))
    assert [(one.method, one.url.raw_path) for one in script.asked] == [
        ("GET", b"/assistant/a%2Fb"),
        ("PATCH", b"/assistant/a%2Fb"),
    ]
    assert script.bodies[1] == {"metadata": {**noted, "adminEmail": "new@example.fr"}}


async def test_an_address_is_written_where_nothing_was_noted() -> None:
    script = Script((200, {**ASSISTANT, "metadata": "odd"}), (200, ASSISTANT))
    await vapi(script).mend_assistant(ASSISTANT_ID, AssistantMends(admin_email="new@example.fr"))
    assert script.bodies[1] == {"metadata": {"adminEmail": "new@example.fr"}}


async def test_an_import_is_linked_from_the_first_moment() -> None:
    script = Script((201, VAPI_NUMBER))
    made = await vapi(script).import_number(
        NUMBER, TOKEN_PAIR, assistant_id=ASSISTANT_ID, name="n" * 60
    )
    assert made.assistant_id == ASSISTANT_ID
    assert script.bodies == [
        {
            "provider": "twilio",
            "number": NUMBER,
            "twilioAccountSid": TOKEN_PAIR.account_sid,
            "twilioAuthToken": AUTH_TOKEN,
            "assistantId": ASSISTANT_ID,
            "name": "n" * 40,
            "smsEnabled": False,
        }
    ]


async def test_an_import_with_an_api_key_sends_the_key_and_no_token() -> None:
    script = Script((201, VAPI_NUMBER))
    await vapi(script).import_number(NUMBER, API_KEY, assistant_id=ASSISTANT_ID, name="x")
    body = script.bodies[0]
    assert (body["twilioApiKey"], body["twilioApiSecret"]) == (KEY_SID, KEY_SECRET)
    assert "twilioAuthToken" not in body


async def test_importing_what_is_there_gives_its_id() -> None:
    script = Script((400, EXISTS))
    with pytest.raises(NumberExists) as caught:
        await vapi(script).import_number(NUMBER, TOKEN_PAIR, assistant_id="a", name="x")
    assert caught.value.phone_number_id == UUID


async def test_linking_names_no_provider() -> None:
    script = Script((200, VAPI_NUMBER))
    await vapi(script).link_number(UUID, assistant_id="a", clears=("squadId", "workflowId"))
    assert script.asked[0].method == "PATCH"
    assert script.paths == [f"/phone-number/{UUID}"]
    assert script.bodies == [{"assistantId": "a", "squadId": None, "workflowId": None}]


async def test_linking_names_the_provider_once_asked_for_it() -> None:
    script = Script((400, WANTS_PROVIDER), (200, VAPI_NUMBER))
    await vapi(script).link_number(UUID, assistant_id="a", clears=())
    assert script.bodies == [{"assistantId": "a"}, {"provider": "twilio", "assistantId": "a"}]


async def test_linking_asks_no_third_time() -> None:
    script = Script((400, WANTS_PROVIDER))
    with pytest.raises(Rejected) as caught:
        await vapi(script).link_number(UUID, assistant_id="a", clears=())
    assert len(script.asked) == 2
    assert caught.value.__context__ is None


async def test_another_refusal_of_a_link_is_final() -> None:
    script = Script((400, {"message": ["property provider should not exist"]}))
    with pytest.raises(VendorError):
        await vapi(script).link_number(UUID, assistant_id="a", clears=())
    assert len(script.asked) == 1


async def test_an_import_names_the_telephone_that_rings_otherwise() -> None:
    script = Script((201, VAPI_NUMBER))
    await vapi(script).import_number(
        NUMBER, TOKEN_PAIR, assistant_id=ASSISTANT_ID, name="x", fallback="+33612345678"
    )
    assert script.bodies[0]["fallbackDestination"] == {"type": "number", "number": "+33612345678"}


@pytest.mark.parametrize(
    ("number", "destination"),
    [
        ("+33612345678", {"type": "number", "number": "+33612345678"}),
        ("sip:owner@pbx.example.fr", {"type": "sip", "sipUri": "sip:owner@pbx.example.fr"}),
        ("", None),
    ],
)
async def test_a_fallback_is_set_put_back_or_taken_away(number: str, destination: object) -> None:
    script = Script((400, WANTS_PROVIDER), (200, VAPI_NUMBER))
    await vapi(script).set_fallback(UUID, number)
    body = {"fallbackDestination": destination}
    assert script.paths == [f"/phone-number/{UUID}"] * 2
    assert script.bodies == [body, {"provider": "twilio", **body}]


async def test_a_call_is_placed_and_read() -> None:
    script = Script((201, {**CALL, "status": "queued"}), (200, CALL))
    placed = await vapi(script).place_call(ASSISTANT_ID, UUID, "+33612345678")
    assert placed.status == "queued"
    assert (await vapi(script).read_call("call/1")).status == "ended"
    assert [(one.method, one.url.raw_path) for one in script.asked] == [
        ("POST", b"/call"),
        ("GET", b"/call/call%2F1"),
    ]
    assert script.bodies[0] == {
        "assistantId": ASSISTANT_ID,
        "phoneNumberId": UUID,
        "customer": {"number": "+33612345678"},
    }


async def test_calls_of_one_number_are_listed() -> None:
    script = Script((200, [CALL]))
    assert [one.id for one in await vapi(script).list_calls(UUID, limit=20)] == ["call-1"]
    assert script.paths == [f"/call?phoneNumberId={UUID}&limit=20"]
