from __future__ import annotations

import asyncio
import ssl
import subprocess
import sys
from typing import TYPE_CHECKING

import httpx
import pytest
from pydantic import SecretStr

from ava_setup import __version__
from ava_setup.clients import transport
from ava_setup.clients.network import TOTAL_S, network, trusted
from ava_setup.clients.pace import Pace
from ava_setup.clients.transport import Bearer, Transport
from ava_setup.clients.vendors import HttpVendors
from ava_setup.onboarding.errors import (
    Ambiguous,
    ErrorCode,
    Unreachable,
    Vendor,
    VendorDown,
    VendorError,
)
from tests.clients.lab import (
    ACCOUNT,
    API_KEY,
    ASSISTANT,
    AUTH_TOKEN,
    KEY_SECRET,
    ONCE,
    VAPI_KEY,
    Script,
    Waits,
    draft,
    numbers_page,
    twilio,
    vapi,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


async def test_vapi_is_signed_with_the_key_and_our_own_name() -> None:
    script = Script((200, ASSISTANT))
    await vapi(script).read_assistant("a")
    sent = script.asked[0].headers
    assert sent["Authorization"] == f"Bearer {VAPI_KEY}"
    assert sent["User-Agent"] == f"ava-setup/{__version__} (+python)"
    assert sent["Accept"] == "application/json"


async def test_twilio_is_signed_with_the_account_or_with_the_key() -> None:
    script = Script((200, ACCOUNT))
    await twilio(script).read_account()
    with_key = Script((200, numbers_page()))
    await twilio(with_key, API_KEY).list_numbers()
    made_up = httpx.BasicAuth("AC" + "0" * 32, AUTH_TOKEN)._auth_header
    assert {request.headers["Authorization"] for request in script.asked} == {made_up}
    made_up = httpx.BasicAuth("SK" + "0" * 32, KEY_SECRET)._auth_header
    assert with_key.asked[0].headers["Authorization"] == made_up


@pytest.mark.parametrize(
    ("failure", "kind", "code"),
    [
        (httpx.ConnectError("x"), Unreachable, ErrorCode.UNREACHABLE),
        (httpx.ConnectTimeout("x"), Unreachable, ErrorCode.UNREACHABLE),
        (httpx.PoolTimeout("x"), Unreachable, ErrorCode.UNREACHABLE),
        (httpx.ProxyError("x"), Unreachable, ErrorCode.UNREACHABLE),
        (httpx.UnsupportedProtocol("x"), Unreachable, ErrorCode.UNREACHABLE),
        (httpx.ReadTimeout("x"), Ambiguous, ErrorCode.TIMED_OUT),
        (httpx.WriteTimeout("x"), Ambiguous, ErrorCode.TIMED_OUT),
        (httpx.ReadError("x"), Ambiguous, ErrorCode.INTERRUPTED),
        (httpx.WriteError("x"), Ambiguous, ErrorCode.INTERRUPTED),
        (httpx.RemoteProtocolError("x"), Ambiguous, ErrorCode.INTERRUPTED),
        (httpx.LocalProtocolError("x"), Ambiguous, ErrorCode.INTERRUPTED),
        (OSError("x"), Ambiguous, ErrorCode.INTERRUPTED),
        (httpx.DecodingError("x"), Ambiguous, ErrorCode.UNINTELLIGIBLE),
    ],
    ids=lambda value: getattr(value, "__name__", None) or type(value).__name__,
)
async def test_each_way_to_lose_a_request_has_its_error(
    failure: Exception, kind: type[VendorError], code: ErrorCode
) -> None:
    client = vapi(Script(failure))
    for sending in (client.read_assistant("a"), client.create_assistant(draft())):
        with pytest.raises(VendorError) as caught:
            await sending
        assert type(caught.value) is kind
        assert caught.value.code is code
        assert caught.value.vendor is Vendor.VAPI
        assert caught.value.__context__ is None
        assert caught.value.__cause__ is None


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(status: int) -> None:
    script = Script((status, b"", {"location": "https://elsewhere.example/assistant"}))
    with pytest.raises(VendorError) as caught:
        await vapi(script, Waits().patience()).list_assistants()
    assert caught.value.code is ErrorCode.REDIRECTED
    assert [request.url.host for request in script.asked] == ["api.vapi.ai"]


async def test_reads_are_repeated_and_writes_are_not() -> None:
    waits = Waits()
    script = Script((503, b""), (200, ASSISTANT))
    await vapi(script, waits.patience()).read_assistant("a")
    assert len(script.asked) == 2
    script = Script((503, b""), (201, ASSISTANT))
    with pytest.raises(VendorDown) as caught:
        await vapi(script, waits.patience()).create_assistant(draft())
    assert caught.value.may_have_acted
    assert len(script.asked) == 1


async def test_a_write_that_was_refused_unread_is_repeated_word_for_word() -> None:
    waits = Waits()
    script = Script(httpx.ConnectError("x"), (429, b"", {"retry-after": "2"}), (201, ASSISTANT))
    await vapi(script, waits.patience()).create_assistant(draft())
    assert len({request.content for request in script.asked}) == 1
    assert waits.slept[1] == 2.0


class _Endless(httpx.AsyncByteStream):
    def __init__(self) -> None:
        self.chunks = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            self.chunks += 1
            yield b" " * 65_536


async def test_a_body_beyond_ten_megabytes_is_not_read_to_its_end() -> None:
    stream = _Endless()
    wire = httpx.MockTransport(lambda _request: httpx.Response(200, stream=stream))
    with pytest.raises(Ambiguous) as caught:
        await _transport(wire).read("/", lambda told: told)
    assert caught.value.code is ErrorCode.UNINTELLIGIBLE
    assert caught.value.problem.evidence.status == 200
    assert stream.chunks == transport.BODY_MAX // 65_536 + 1


async def test_a_body_of_just_ten_megabytes_is_read() -> None:
    wire = httpx.MockTransport(
        lambda _request: httpx.Response(200, content=b" " * transport.BODY_MAX)
    )
    told = await _transport(wire).read("/", lambda told: told)
    assert len(told.body) == transport.BODY_MAX


async def test_an_answer_that_drips_is_cut_off_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    async def drip(_request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(9)
        raise AssertionError

    monkeypatch.setattr("ava_setup.clients.transport.TOTAL_S", 0.01)
    with pytest.raises(Ambiguous) as caught:
        await _transport(httpx.MockTransport(drip)).read("/", lambda told: told)
    assert caught.value.code is ErrorCode.TIMED_OUT


def test_connecting_may_take_ten_seconds_and_everything_thirty() -> None:
    assert _transport(None)._open().timeout == httpx.Timeout(30.0, connect=10.0)
    assert TOTAL_S == 30.0


@pytest.mark.parametrize("limit", [1, 2])
async def test_no_more_requests_are_in_flight_than_allowed(limit: int) -> None:
    flying = most = 0

    async def busy(_request: httpx.Request) -> httpx.Response:
        nonlocal flying, most
        flying += 1
        most = max(most, flying)
        await asyncio.sleep(0.001)
        flying -= 1
        return httpx.Response(200, json=[])

    line = _transport(httpx.MockTransport(busy), limit)
    await asyncio.gather(*(line.read("/", lambda told: told) for _ in range(8)))
    assert most == limit


@pytest.mark.parametrize("path", ["/\x00", "/" + "x" * 70_000])
async def test_a_link_that_is_no_address_is_unintelligible(path: str) -> None:
    with pytest.raises(Ambiguous) as caught:
        await _transport(Script((200, [])).wire).read(path, lambda told: told)
    assert caught.value.code is ErrorCode.UNINTELLIGIBLE


async def test_a_client_opens_again_after_it_was_closed() -> None:
    client = vapi(Script((200, ASSISTANT)))
    await client.aclose()
    await client.read_assistant("a")
    await client.aclose()
    await client.aclose()
    assert (await client.read_assistant("a")).name == "Ava"
    await client.aclose()


async def test_what_cannot_be_written_as_json_is_a_fault_of_ours() -> None:
    with pytest.raises(TypeError, match="object cannot be written as JSON"):
        await _transport(Script((200, [])).wire).write(
            "POST", "/", {"odd": object()}, lambda told: told
        )


@pytest.mark.parametrize(
    "variables",
    [{"HTTPS_PROXY": "nonsense://127.0.0.1"}, {"SSL_CERT_FILE": "/nowhere/at/all.pem"}],
)
async def test_a_proxy_or_certificates_that_cannot_be_used_make_the_vendor_unreachable(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    line = _transport(None, base="https://api.vapi.ai")
    with pytest.raises(Unreachable) as caught:
        await line.read("/", lambda told: told)
    assert caught.value.__context__ is None


async def test_all_connections_trust_the_same_certificates_which_are_loaded_once() -> None:
    HttpVendors({}).prepare()
    loaded = trusted()
    assert loaded.verify_mode is ssl.CERT_REQUIRED
    async with network("https://api.vapi.ai"), network("https://api.twilio.com"):
        assert trusted() is loaded


def test_the_clients_bring_no_command_line_of_their_own() -> None:
    names = "{'click', 'httpx._main'} & {*sys.modules}"
    seen = f"import sys, ava_setup.clients.vendors; print(sorted({names}))"
    done = subprocess.run([sys.executable, "-c", seen], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def _transport(
    wire: httpx.AsyncBaseTransport | None, limit: int = 1, base: str = "https://api.vapi.ai"
) -> Transport:
    auth = Bearer(SecretStr(VAPI_KEY))
    return Transport(Vendor.VAPI, base, auth, pace=Pace(limit), patience=ONCE, wire=wire)
