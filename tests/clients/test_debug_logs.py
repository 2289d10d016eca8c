"""What the HTTP libraries would log at DEBUG: headers, reasons and addresses as they are."""

from __future__ import annotations

import logging

import pytest
from pydantic import SecretStr

from ava_setup.clients.twilio import TwilioClient
from ava_setup.clients.vapi import VapiClient
from ava_setup.onboarding.errors import VendorError
from tests.canaries import AUTH_TOKEN, MARK, VAPI_KEY
from tests.clients.lab import ONCE, TOKEN_PAIR, http, serving


@pytest.mark.parametrize(
    "echo",
    [
        http(401, b"{}", f"X-Echo: {VAPI_KEY}", f"Set-Cookie: t={AUTH_TOKEN}"),
        http(302, b"", f"Location: /{VAPI_KEY}/{AUTH_TOKEN}"),
        f"HTTP/1.1 500 {VAPI_KEY} {AUTH_TOKEN}\r\nContent-Length: 0\r\n\r\n".encode(),
        f"not http: {VAPI_KEY} {AUTH_TOKEN}\r\n\r\n".encode(),
    ],
    ids=["headers", "redirect", "reason", "not http"],
)
async def test_a_vendor_that_echoes_a_secret_gets_it_into_no_log(
    echo: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with serving(echo) as server:
        ours = VapiClient(SecretStr(VAPI_KEY), server.url, patience=ONCE)
        theirs = TwilioClient(TOKEN_PAIR, server.url, patience=ONCE)
        for request in (ours.list_assistants(), theirs.list_numbers()):
            with pytest.raises(VendorError):
                await request
        await ours.aclose()
        await theirs.aclose()
        assert len(server.heard) == 2
    assert MARK not in caplog.text


async def test_a_key_that_no_header_can_carry_gets_into_no_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    async with serving(http(200, b"[]")) as server:
        client = VapiClient(SecretStr(f"{VAPI_KEY}\nsecond"), server.url, patience=ONCE)
        with pytest.raises(VendorError):
            await client.list_assistants()
        await client.aclose()
    assert MARK not in caplog.text
