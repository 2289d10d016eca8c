"""Every request leaves one line in the log: what was asked, how it ended, what support can find."""

from __future__ import annotations

import asyncio
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx
import pytest
from pydantic import SecretStr

from ava_setup.clients.vendors import HttpVendors
from ava_setup.onboarding.credentials import AuthToken
from ava_setup.onboarding.errors import SetupError, VendorError
from ava_setup.onboarding.redaction import Redactor
from ava_setup.onboarding.state import Region
from ava_setup.sandbox import Sandbox
from ava_setup.store.logbook import Logbook, read_log
from tests.canaries import OTHER_VAPI_KEY
from tests.clients.lab import (
    ACCOUNT,
    ACCOUNT_SID,
    API_KEY,
    ASSISTANT,
    ASSISTANT_ID,
    NUMBER,
    SECRETS,
    UUID,
    Script,
    Waits,
    draft,
    numbers_page,
    twilio,
    vapi,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


OK = "try=1 status=200 request_id"
NUMBERS = f"/2010-04-01/Accounts/{ACCOUNT_SID}/IncomingPhoneNumbers.json"


@contextmanager
def logged(tmp_path: Path, redactor: Redactor | None = None) -> Iterator[list[str]]:
    """Give, once it is over, the lines that were logged, without times and durations."""
    lines: list[str] = []
    path = tmp_path / "log" / "log"
    with Logbook(path, redactor or Redactor()):
        yield lines
    assert all(re.search(r" ms=\d+", line) for line in read_log(path))
    lines += [re.sub(r"^\S+ | ms=\d+", "", line) for line in read_log(path)]


async def test_a_request_is_told_by_vendor_method_path_status_and_request_id(
    tmp_path: Path,
) -> None:
    with logged(tmp_path) as lines:
        await vapi(Script((200, ASSISTANT, {"cf-ray": "8f1c-CDG"}))).read_assistant(ASSISTANT_ID)
        page = (200, numbers_page(), {"Twilio-Request-Id": f"RQ{'0' * 32}"})
        await twilio(Script(page)).find_number(NUMBER)
    assert lines == [
        f"INFO request vendor=Vapi method=GET path=/assistant/{ASSISTANT_ID} {OK}=8f1c-CDG",
        f"INFO request vendor=Twilio method=GET path={NUMBERS} {OK}=RQ{'0' * 32}",
    ]


async def test_a_refusal_is_told_with_our_code_the_vendors_and_its_words(tmp_path: Path) -> None:
    refusal = {"code": 20003, "message": "Authenticate", "status": 401}
    with logged(tmp_path) as lines, pytest.raises(VendorError):
        await twilio(Script((401, refusal, {"Twilio-Request-Id": "RQ1"}))).list_numbers()
    asked, ended = lines[0].split(" try=1 ")
    assert asked == f"WARNING request vendor=Twilio method=GET path={NUMBERS}"
    assert ended == (
        "status=401 request_id=RQ1 code=twilio_refused vendor_code=20003 words=Authenticate"
    )


async def test_each_try_has_its_line_and_its_number(tmp_path: Path) -> None:
    script = Script(httpx.ConnectError("x"), (503, b""), httpx.ReadTimeout("x"), (200, ASSISTANT))
    with logged(tmp_path) as lines:
        await vapi(script, Waits().patience()).read_assistant(UUID)
    assert [line.split(" try=")[1] for line in lines] == [
        "1 code=unreachable",
        "2 status=503 code=vendor_down",
        "3 code=timed_out",
        "4 status=200",
    ]
    assert [line.split()[0] for line in lines] == ["WARNING", "WARNING", "WARNING", "INFO"]


async def test_what_makes_no_sense_is_a_failure_though_it_is_a_success(tmp_path: Path) -> None:
    with logged(tmp_path) as lines, pytest.raises(VendorError):
        await vapi(Script((201, b"<html>"))).create_assistant(draft())
    assert [line.split(" try=")[1] for line in lines] == ["1 status=201 code=unintelligible"]


async def test_a_request_that_is_given_up_is_told_too_and_is_no_error(tmp_path: Path) -> None:
    asked = asyncio.Event()

    async def wait(_request: httpx.Request) -> httpx.Response:
        asked.set()
        await asyncio.Event().wait()
        raise AssertionError

    script = Script((200, []))
    client = vapi(script)
    client._transport._wire = httpx.MockTransport(wait)
    with logged(tmp_path) as lines:
        asking = asyncio.create_task(client.list_assistants())
        await asked.wait()
        asking.cancel()
        await asyncio.wait({asking})
    assert lines == [
        "INFO request vendor=Vapi method=GET path=/assistant try=1 ended_by=CancelledError"
    ]


async def test_what_can_be_done_without_is_told_as_well(tmp_path: Path) -> None:
    with logged(tmp_path) as lines:
        await twilio(Script((200, ACCOUNT))).read_balance()
    [glance] = lines
    assert glance.startswith("WARNING")
    assert glance.endswith("status=200 code=unintelligible")


async def test_no_body_header_query_or_secret_is_in_any_line(tmp_path: Path) -> None:
    echo = " ".join(SECRETS)
    headers = {"x-request-id": echo, "twilio-request-id": echo, "location": f"/{echo}"}
    answers = [(code, {"message": echo, "error": echo}, headers) for code in (302, 400, 500)]
    vendors = HttpVendors({}, on_secret=(redactor := Redactor()).learn)
    for secret in SECRETS:
        vendors.vapi(SecretStr(secret), Region.US)
    with logged(tmp_path, redactor) as lines:
        for told in answers:
            for asking in (
                vapi(Script(told)).import_number(NUMBER, API_KEY, assistant_id=UUID, name="Martin"),
                vapi(Script(told)).list_calls(UUID, limit=20),
                twilio(Script(told)).find_number(NUMBER),
            ):
                with pytest.raises(VendorError):
                    await asking
    said = "\n".join(lines)
    assert len(lines) == 9
    assert not [secret for secret in SECRETS if secret in said]
    assert not [
        word for word in ("Martin", "limit", "PhoneNumber=", NUMBER, "/made") if word in said
    ]


async def test_a_real_client_is_logged_against_the_sandbox_and_its_secrets_are_known_before(
    tmp_path: Path,
) -> None:
    with Sandbox("fresh") as sandbox:
        told = sandbox.announcement
        environ = {"AVA_SETUP_VAPI_URL": told.vapi_url, "AVA_SETUP_TWILIO_URL": told.twilio_url}
        redactor = Redactor()
        vendors = HttpVendors(environ, on_secret=redactor.learn)
        token = SecretStr(told.twilio_auth_token)
        ours = vendors.vapi(SecretStr(told.vapi_key), Region.CUSTOM)
        wrong = vendors.vapi(SecretStr(OTHER_VAPI_KEY), Region.CUSTOM)
        theirs = vendors.twilio(AuthToken(account_sid=told.twilio_account_sid, auth_token=token))
        with logged(tmp_path, redactor) as lines:
            await ours.list_assistants()
            with pytest.raises(SetupError):
                await wrong.list_assistants()
            await theirs.list_numbers()
        for client in (ours, wrong, theirs):
            await client.aclose()
    first, second, third = lines
    assert re.fullmatch(
        r"INFO request vendor=Vapi method=GET path=/assistant try=1 status=200 request_id=\S+",
        first,
    )
    assert "status=401" in second
    assert "code=vapi_key_refused" in second
    assert re.search(rf"{told.twilio_account_sid}\S+ try=1 status=200 request_id=RQ", third)
    for secret in (told.vapi_key, told.twilio_auth_token, OTHER_VAPI_KEY):
        assert secret not in redactor.clean(f"a {secret} b")
