"""No secret in any repr, message, chain or traceback, even one that shows local variables."""

from __future__ import annotations

import asyncio
import traceback
from io import StringIO
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from pydantic import SecretStr, ValidationError
from rich.console import Console
from rich.traceback import Traceback

from ava_setup.clients.answers import Seen
from ava_setup.clients.patience import Patience, RetryPolicy
from ava_setup.clients.transport import Basic, Bearer
from ava_setup.clients.twilio import TwilioClient
from ava_setup.clients.vapi import VapiClient
from ava_setup.clients.vendors import HttpVendors
from ava_setup.onboarding.errors import VendorError
from tests.clients.lab import (
    API_KEY,
    AUTH_TOKEN,
    KEY_SECRET,
    NUMBER,
    ONCE,
    SECRETS,
    TOKEN_PAIR,
    TWILIO_URL,
    UUID,
    VAPI_KEY,
    VAPI_NUMBER,
    VAPI_URL,
    Script,
    Waits,
    draft,
    http,
    serving,
    twilio,
    vapi,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

ECHO = " ".join(SECRETS)

# Each way to fail, with the vendor repeating every secret that it was ever told.
FAILURES: dict[str, tuple[Any, ...] | Exception] = {
    "rejected": (400, {"message": f"twilioAuthToken {ECHO}", "error": VAPI_KEY, "code": 1}),
    "refused": (401, {"message": ECHO, "code": 20003}),
    "exists": (400, {"message": f"Existing Phone Number {UUID} {ECHO}"}),
    "limited": (429, {"message": ECHO}, {"x-request-id": ECHO, "twilio-request-id": ECHO}),
    "down": (500, ECHO.encode()),
    "page": (502, f"<html>{ECHO}</html>".encode()),
    "truncated": (201, f'{{"twilioAuthToken": "{ECHO}'.encode()),
    "senseless": (201, {**VAPI_NUMBER, "id": None, "sid": None, "twilioAuthToken": ECHO}),
    "redirected": (302, b"", {"location": f"https://elsewhere.example/{VAPI_KEY}"}),
    "interrupted": httpx.ReadError(ECHO),
    "unsendable": httpx.LocalProtocolError(f"Illegal header value b'Bearer {ECHO}'"),
    "unreachable": httpx.ConnectError(ECHO),
}


async def _import(script: Script, credentials: Any, patience: Patience) -> object:
    client = vapi(script, patience)
    return await client.import_number(NUMBER, credentials, assistant_id="a", name="x")


SENDING: dict[str, Callable[[Script, Patience], Awaitable[object]]] = {
    "import": lambda script, patience: _import(script, TOKEN_PAIR, patience),
    "import by key": lambda script, patience: _import(script, API_KEY, patience),
    "create": lambda script, patience: vapi(script, patience).create_assistant(draft()),
    "read": lambda script, patience: vapi(script, patience).read_number(UUID),
    "account": lambda script, patience: twilio(script, patience=patience).read_account(),
    "by key": lambda script, patience: twilio(script, API_KEY, patience).read_account(),
    "make a key": lambda script, patience: twilio(script, patience=patience).create_key("x"),
}
KNOWN = {
    "import": (VAPI_KEY, AUTH_TOKEN),
    "import by key": (VAPI_KEY, KEY_SECRET),
    "create": (VAPI_KEY,),
    "read": (VAPI_KEY,),
    "account": (AUTH_TOKEN,),
    "by key": (KEY_SECRET,),
    "make a key": (AUTH_TOKEN,),
}


def everything_shown(error: BaseException, *, richly: bool = True) -> str:
    """Print an error in every way there is, with local variables."""
    plain = traceback.TracebackException.from_exception(error, capture_locals=True)
    shown = [*plain.format(), str(error), repr(error), str(error.args)]
    if richly:
        page = StringIO()
        rich = Traceback.from_exception(type(error), error, error.__traceback__, show_locals=True)
        Console(file=page, width=400).print(rich)
        shown.append(page.getvalue())
    if isinstance(error, VendorError):
        shown += [repr(error.problem), str(error.problem.evidence), repr(vars(error))]
    return "\n".join(shown)


@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("sending", SENDING)
async def test_no_failure_shows_a_secret_that_was_sent(sending: str, failure: str) -> None:
    patience = Waits().patience(tries=2)
    with pytest.raises(VendorError) as caught:
        await SENDING[sending](Script(FAILURES[failure]), patience)
    # The test's own frames know every secret; the errors of the product start below them.
    below = caught.value.with_traceback(_below_tests(caught.value))
    # Rich takes its time: one way of sending stands for all.
    shown = everything_shown(below, richly=sending == "import")
    assert not [secret for secret in KNOWN[sending] if secret in shown]
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None
    # Nothing below is kept: those frames hold headers and bodies.
    assert traceback.extract_tb(caught.value.__traceback__)[-1].name in {"read", "write"}


def _below_tests(error: BaseException) -> Any:
    frames = error.__traceback__
    while frames is not None and "tests" in frames.tb_frame.f_code.co_filename:
        frames = frames.tb_next
    assert frames is not None
    return frames


@pytest.mark.parametrize("failure", ["truncated", "senseless"])
async def test_a_key_whose_secret_came_in_vain_does_not_show_it(failure: str) -> None:
    with pytest.raises(VendorError) as caught:
        await SENDING["make a key"](Script(FAILURES[failure]), ONCE)
    below = caught.value.with_traceback(_below_tests(caught.value))
    assert KEY_SECRET not in everything_shown(below)


async def test_a_key_that_no_header_can_carry_is_not_shown() -> None:
    broken = f"{VAPI_KEY}\nsecond line"
    async with serving(http(200, b"[]")) as server:
        client = VapiClient(SecretStr(broken), server.url, patience=ONCE)
        with pytest.raises(VendorError) as caught:
            await client.list_assistants()
        await client.aclose()
    below = caught.value.with_traceback(_below_tests(caught.value))
    assert VAPI_KEY not in everything_shown(below)
    assert server.heard == []


def test_nothing_that_holds_a_secret_shows_it() -> None:
    vendors = HttpVendors({})
    things: tuple[object, ...] = (
        vendors,
        Bearer(SecretStr(VAPI_KEY)),
        Basic("AC", SecretStr(AUTH_TOKEN)),
        VapiClient(SecretStr(VAPI_KEY), VAPI_URL),
        TwilioClient(TOKEN_PAIR, TWILIO_URL),
        TwilioClient(API_KEY, TWILIO_URL),
        Patience(RetryPolicy()),
    )
    for thing in things:
        shown = f"{thing} {thing!r} {getattr(thing, '__dict__', '')}"
        assert not [secret for secret in SECRETS if secret in shown]


def test_a_complaint_about_a_vendors_object_does_not_quote_it() -> None:
    class Strict(Seen):
        twilio_auth_token: int

    with pytest.raises(ValidationError) as caught:
        Strict.model_validate({"twilio_auth_token": AUTH_TOKEN})
    assert AUTH_TOKEN not in str(caught.value)


async def test_a_failed_task_that_nobody_awaits_logs_no_secret(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    script = Script(FAILURES["senseless"])
    task = asyncio.ensure_future(SENDING["import"](script, ONCE))
    await asyncio.wait({task})
    asyncio.get_running_loop().call_exception_handler(
        {"message": "never retrieved", "exception": task.exception(), "task": task}
    )
    assert not [secret for secret in SECRETS if secret in caplog.text]
