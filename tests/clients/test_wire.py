"""What only a real connection shows: refused, reset, cut short, kept, sent past a proxy."""

from __future__ import annotations

import asyncio
import json
import socket
from typing import TYPE_CHECKING

import httpx
import pytest
from pydantic import SecretStr

from ava_setup.clients.addresses import TWILIO_VARIABLE, VAPI_VARIABLE
from ava_setup.clients.patience import RetryPolicy
from ava_setup.clients.vapi import VapiClient
from ava_setup.clients.vendors import HttpVendors
from ava_setup.onboarding.errors import Ambiguous, ErrorCode, Unreachable
from ava_setup.onboarding.state import Region
from tests.clients.lab import (
    ASSISTANT,
    AUTH_TOKEN,
    NUMBER,
    ONCE,
    TOKEN_PAIR,
    VAPI_KEY,
    VAPI_NUMBER,
    Waits,
    draft,
    http,
    numbers_page,
    serving,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from ava_setup.clients.patience import Patience
    from ava_setup.clients.twilio import TwilioClient

MADE = json.dumps(ASSISTANT).encode()


@pytest.fixture
async def opened() -> AsyncIterator[list[VapiClient | TwilioClient]]:
    clients: list[VapiClient | TwilioClient] = []
    yield clients
    for client in clients:
        await client.aclose()


def vapi_at(
    url: str, opened: list[VapiClient | TwilioClient], patience: Patience = ONCE
) -> VapiClient:
    client = VapiClient(SecretStr(VAPI_KEY), url, patience=patience)
    opened.append(client)
    return client


@pytest.fixture
def refusing() -> Iterator[str]:
    """A place that refuses connections, and stays ours."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}"


async def test_a_refused_connection_did_nothing(
    opened: list[VapiClient | TwilioClient], refusing: str
) -> None:
    waits = Waits()
    client = vapi_at(refusing, opened, waits.patience())
    with pytest.raises(Unreachable) as caught:
        await client.create_assistant(draft())
    assert not caught.value.may_have_acted
    assert len(waits.slept) == 3


async def test_a_reset_before_the_answer_may_have_acted(
    opened: list[VapiClient | TwilioClient],
) -> None:
    async with serving(None) as server:
        with pytest.raises(Ambiguous) as caught:
            await vapi_at(server.url, opened, Waits().patience()).create_assistant(draft())
    assert caught.value.code is ErrorCode.INTERRUPTED
    assert len(server.heard) == 1


async def test_a_reset_in_the_middle_of_the_answer_may_have_acted(
    opened: list[VapiClient | TwilioClient],
) -> None:
    async def abort(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.01)
        writer.transport.abort()

    async with serving(http(201, MADE[:20], length=len(MADE)), then=abort) as server:
        with pytest.raises(Ambiguous) as caught:
            await vapi_at(server.url, opened, Waits().patience()).create_assistant(draft())
    assert caught.value.code is ErrorCode.INTERRUPTED


async def test_an_answer_cut_short_may_have_acted(
    opened: list[VapiClient | TwilioClient],
) -> None:
    async def hang_up(writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with serving(http(201, MADE[:20], length=len(MADE)), then=hang_up) as server:
        with pytest.raises(Ambiguous) as caught:
            await vapi_at(server.url, opened, Waits().patience()).create_assistant(draft())
    assert caught.value.code is ErrorCode.INTERRUPTED


async def test_a_read_survives_resets(opened: list[VapiClient | TwilioClient]) -> None:
    async with serving(None, None, http(200, MADE)) as server:
        client = vapi_at(server.url, opened, Waits().patience())
        assert (await client.read_assistant("a")).name == "Ava"
    assert len(server.heard) == 3


async def test_truncated_json_is_unintelligible(opened: list[VapiClient | TwilioClient]) -> None:
    async with serving(http(201, MADE[:20])) as server:
        with pytest.raises(Ambiguous) as caught:
            await vapi_at(server.url, opened).create_assistant(draft())
    assert caught.value.code is ErrorCode.UNINTELLIGIBLE


async def test_bytes_that_are_no_http_are_an_interruption(
    opened: list[VapiClient | TwilioClient],
) -> None:
    async with serving(b"SSH-2.0-made-up\r\n\r\n") as server:
        with pytest.raises(Ambiguous) as caught:
            await vapi_at(server.url, opened).read_assistant("a")
    assert caught.value.code is ErrorCode.INTERRUPTED


async def test_a_body_that_is_not_the_zip_it_claims_is_unintelligible(
    opened: list[VapiClient | TwilioClient],
) -> None:
    async with serving(http(200, MADE, "Content-Encoding: gzip")) as server:
        with pytest.raises(Ambiguous) as caught:
            await vapi_at(server.url, opened).read_assistant("a")
    assert caught.value.code is ErrorCode.UNINTELLIGIBLE


async def test_silence_times_out(
    opened: list[VapiClient | TwilioClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ava_setup.clients.transport.TOTAL_S", 0.05)
    async with serving(b"HTTP/1.1 ") as server:
        with pytest.raises(Ambiguous) as caught:
            await vapi_at(server.url, opened, Waits().patience()).create_assistant(draft())
    assert caught.value.code is ErrorCode.TIMED_OUT
    assert len(server.heard) == 1


async def test_connections_are_reused(opened: list[VapiClient | TwilioClient]) -> None:
    async with serving(http(200, MADE)) as server:
        client = vapi_at(server.url, opened)
        for _ in range(5):
            await client.read_assistant("a")
    assert (len(server.heard), server.connections) == (5, 1)


async def test_cancelling_a_request_is_immediate(opened: list[VapiClient | TwilioClient]) -> None:
    async with serving(b"HTTP/1.1 ") as server:
        task = asyncio.create_task(vapi_at(server.url, opened).read_assistant("a"))
        await server.asked.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, 1)


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
async def test_no_proxy_sees_what_is_meant_for_this_computer(
    opened: list[VapiClient | TwilioClient], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    async with serving(http(200, b"[]")) as proxy, serving(http(200, MADE)) as server:
        monkeypatch.setenv(name, proxy.url)
        assert (await vapi_at(server.url, opened).read_assistant("a")).name == "Ava"
    assert proxy.heard == []


async def test_a_proxy_only_sees_a_tunnel_to_the_vendor(
    opened: list[VapiClient | TwilioClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving(http(502)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        with pytest.raises(Unreachable):
            await vapi_at("https://api.vapi.ai", opened).read_assistant("a")
    assert proxy.heard[0].startswith(b"CONNECT api.vapi.ai:443 HTTP/1.1\r\n")
    assert VAPI_KEY.encode() not in b"".join(proxy.heard)


async def test_a_redirect_takes_no_credentials_elsewhere(
    opened: list[VapiClient | TwilioClient],
) -> None:
    async with serving(http(200, MADE)) as elsewhere:
        moved = http(307, b"", f"Location: {elsewhere.url}/phone-number")
        async with serving(moved) as server:
            with pytest.raises(Exception, match="redirected"):
                await vapi_at(server.url, opened).import_number(
                    NUMBER, TOKEN_PAIR, assistant_id="a", name="x"
                )
    assert elsewhere.heard == []


async def test_an_import_carries_the_token_in_its_body_alone(
    opened: list[VapiClient | TwilioClient],
) -> None:
    async with serving(http(201, json.dumps(VAPI_NUMBER).encode())) as server:
        await vapi_at(server.url, opened).import_number(
            NUMBER, TOKEN_PAIR, assistant_id="a", name="x"
        )
    head, body = server.heard[0].split(b"\r\n\r\n", 1)
    assert json.loads(body)["twilioAuthToken"] == AUTH_TOKEN
    assert AUTH_TOKEN.encode() not in head
    assert b"Content-Type: application/json" in head.replace(b"content-type", b"Content-Type")


async def test_both_vendors_speak_to_the_environments_addresses() -> None:
    body = json.dumps(numbers_page()).encode()
    async with serving(http(200, b"[]")) as vapi, serving(http(200, body)) as twilio:
        vendors = HttpVendors(
            {VAPI_VARIABLE: vapi.url, TWILIO_VARIABLE: twilio.url}, policy=RetryPolicy(tries=1)
        )
        ours, theirs = vendors.vapi(SecretStr(VAPI_KEY), Region.CUSTOM), vendors.twilio(TOKEN_PAIR)
        assert (await ours.list_numbers(), await theirs.list_numbers()) == ((), ())
        await ours.aclose()
        await theirs.aclose()
    assert (len(vapi.heard), len(twilio.heard)) == (1, 1)


async def test_plain_http_to_this_computer_loads_no_certificates(
    monkeypatch: pytest.MonkeyPatch, opened: list[VapiClient | TwilioClient]
) -> None:
    def load(*_args: object, **_kwargs: object) -> None:
        raise AssertionError

    monkeypatch.setattr(httpx, "create_ssl_context", load)
    monkeypatch.setattr("ssl.create_default_context", load)
    async with serving(http(200, MADE)) as server:
        assert (await vapi_at(server.url, opened).read_assistant("a")).name == "Ava"
