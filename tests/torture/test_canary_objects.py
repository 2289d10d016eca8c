"""The same journey from the inside: what is drawn, printed or logged of any object."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr
from rich.pretty import pretty_repr
from textual import events
from textual.message_pump import MessagePump
from textual.widgets import Select

from ava_setup.clients.patience import Patience, RetryPolicy
from ava_setup.clients.twilio import TwilioClient
from ava_setup.clients.vapi import VapiClient
from ava_setup.onboarding.credentials import ApiKey, AuthToken
from ava_setup.onboarding.errors import VendorError
from ava_setup.sandbox import Sandbox
from ava_setup.words import Language
from tests.clients.test_secrets import everything_shown
from tests.journey.wizard import wizard_on
from tests.torture.canary import WRONG_KEY, WRONG_TOKEN, Keys, Net
from tests.torture.vendors import Vendor, babbling, saying, sending_to, vendor

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterator
    from pathlib import Path

    from textual.worker import Worker

    from tests.journey.wizard import Wizard


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox("fresh") as sandbox:
        yield sandbox


@pytest.fixture
def keys(sandbox: Sandbox) -> Keys:
    return Keys(sandbox)


@pytest.fixture
def net(
    keys: Keys,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> Iterator[Net]:
    """The net, through which every message of Textual goes, every log line and every print."""
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    caplog.set_level(logging.DEBUG)
    net = Net()
    net.watch(*keys.secrets)
    post = MessagePump.post_message

    def posted(pump: MessagePump, message: Any) -> bool:
        # What the terminal itself says must hold the keys; nothing of ours prints them.
        if not isinstance(message, events.Key | events.Paste):
            net.look(f"{message!r} {pretty_repr(message)}", f"{type(message).__qualname__}")
        return post(pump, message)

    monkeypatch.setattr(MessagePump, "post_message", posted)
    yield net
    monkeypatch.undo()
    net.sweep(tmp_path)
    net.look(caplog.text, "log")
    out, err = capfd.readouterr()
    net.look(out, "stdout")
    net.look(err, "stderr")
    assert net.hits == []
    with capfd.disabled():
        print(f"\ncanary hits={len(net.hits)} files={net.files} bytes={net.bytes}")  # noqa: T201


def photograph(wizard: Wizard, net: Net, folder: Path) -> None:
    """Draw the step, and print every object in reach of it."""
    app = wizard.app
    step = app.screen.name
    svg = app.export_screenshot()
    (folder / f"{net.bytes}-{step}.svg").write_text(svg)
    net.look(wizard.screen_text, f"{step}: screen")
    net.look(app._clipboard, f"{step}: clipboard")
    for screen in app.screen_stack:
        for widget in screen.walk_children(with_self=True):
            net.look(f"{widget!r} {widget} {pretty_repr(widget)}", f"{step}: {widget!r}")
    workers: tuple[Worker[Any], ...] = tuple(app.workers)
    for worker in workers:
        net.look_at(worker, f"{step}: worker")
    if app.world is not None:
        engine = app.setup
        for thing in (engine, engine.store, engine._vault, engine._vendors, engine._connections):
            net.look_at(thing, f"{step}: {type(thing).__name__}")
        state = app.setup.store.state
        net.look(f"{state!r} {pretty_repr(state)}", f"{step}: state")
        net.look(state.saved.model_dump_json(), f"{step}: what is kept")


async def test_no_picture_message_or_print_of_a_journey_holds_a_secret(
    sandbox: Sandbox, keys: Keys, net: Net, tmp_path: Path
) -> None:
    async with wizard_on(sandbox, tmp_path / "home", language=Language.EN) as wizard:
        await wizard.up_to_business()
        for secret in keys.secrets:
            await wizard.type("business-name", secret)
            assert wizard.is_wrong("business-name")
            assert wizard.value("business-name") == ""
        photograph(wizard, net, tmp_path)
        await wizard.fill_business()
        for wrong in (WRONG_KEY, keys.auth_token, keys.vapi_key):
            await wizard.on("vapi")
            await wizard.type("vapi-key", wrong)
            photograph(wizard, net, tmp_path)
            await wizard.press("shift+home", "ctrl+c", "ctrl+x", "f1")
            photograph(wizard, net, tmp_path)
            await wizard.press("escape", "ctrl+l", "ctrl+l", "enter")
            await wizard.until(lambda: wizard.notice or wizard.app.screen.name != "vapi", "an end")
            photograph(wizard, net, tmp_path)
        await wizard.on("assistant")
        for field in ("assistant-name", "greeting"):
            await wizard.type(field, keys.auth_token)
            assert wizard.is_wrong(field)
        photograph(wizard, net, tmp_path)
        await wizard.click("instructions")
        await wizard.on("instructions-page")
        await wizard.paste(f"Say this:\n{keys.key_secret}\n{keys.vapi_key}\n")
        photograph(wizard, net, tmp_path)
        await wizard.press("ctrl+s")
        await wizard.on("assistant")
        await wizard.press("escape")
        await wizard.on("vapi")
        await wizard.press("enter")
        await wizard.on("assistant")
        await wizard.click("next")
        await wizard.on("twilio")
        await _every_way_to_twilio(wizard, keys, net, tmp_path)
        photograph(wizard, net, tmp_path)
        await wizard.press("enter")
        await wizard.on("review")
        photograph(wizard, net, tmp_path)
        await wizard.press("enter")
        await wizard.on("proof")
        photograph(wizard, net, tmp_path)
        vendors = wizard.vendors()
        net.look(str([made["name"] for made in vendors["vapi"]["assistants"]]), "assistants")


async def _every_way_to_twilio(wizard: Wizard, keys: Keys, net: Net, folder: Path) -> None:
    for token in (WRONG_TOKEN, keys.auth_token):
        await wizard.type("account-sid", token)
        photograph(wizard, net, folder)
        await wizard.type("auth-token", keys.account_sid)
        photograph(wizard, net, folder)
        await wizard.type("account-sid", keys.vapi_key)
        await wizard.type("account-sid", keys.account_sid)
        await wizard.type("auth-token", token)
        if token == WRONG_TOKEN:
            await wizard.press("enter")
            await wizard.until(lambda: wizard.notice, "a refusal")
        photograph(wizard, net, folder)
    wizard.app.screen.query_one("#twilio-kind", Select).value = "key"
    await wizard.pilot.pause()
    await wizard.type("key-sid", keys.key_secret)
    photograph(wizard, net, folder)
    await wizard.type("key-sid", keys.key_sid)
    await wizard.type("key-secret", keys.key_secret)
    photograph(wizard, net, folder)
    await wizard.press("enter")
    await wizard.on("number")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_credentials_do_not_follow_a_redirect_to_another_port(
    sandbox: Sandbox, keys: Keys, net: Net, tmp_path: Path, status: int
) -> None:
    with (
        vendor(babbling()) as other,
        vendor(sending_to(f"{other.url}/elsewhere", status)) as vapi,
        vendor(sending_to(f"{other.url}/elsewhere", status)) as twilio,
    ):
        errors = await _ask_all(keys, vapi, twilio)
        assert len(errors) == 5
        assert vapi.heard
        assert twilio.heard
        assert other.heard == []
    for error in errors:
        net.look(everything_shown(error, richly=False), "an error")


async def test_a_next_page_elsewhere_is_not_asked_for(keys: Keys, net: Net, tmp_path: Path) -> None:
    with vendor(babbling()) as other:
        place = other.url.removeprefix("http://")
        for link in (other.url, f"//{place}/x", f"@{place}/x", f"\\\\{place}", f":80@{place}/"):
            page = f'{{"incoming_phone_numbers": [], "next_page_uri": "{link}"}}'.encode()
            with vendor(saying(page)) as twilio:
                pair = AuthToken(account_sid=keys.account_sid, auth_token=_mask(keys.auth_token))
                client = TwilioClient(pair, twilio.url, patience=_once())
                try:
                    await client.list_numbers()
                except VendorError as error:
                    net.look(everything_shown(error, richly=False), "an error")
                await client.aclose()
        assert other.heard == []


async def test_nonsense_with_the_secrets_in_it_is_in_no_error(
    keys: Keys, net: Net, tmp_path: Path
) -> None:
    with vendor(babbling()) as vapi, vendor(babbling()) as twilio:
        for _kind in range(5):
            for error in await _ask_all(keys, vapi, twilio):
                net.look(everything_shown(error), "an error")
                net.look_at(error, "an error")
        assert len(vapi.heard) + len(twilio.heard) >= 25


async def _ask_all(keys: Keys, vapi: Vendor, twilio: Vendor) -> list[VendorError]:
    """Make every kind of request that carries a secret; what went wrong."""
    pair = AuthToken(account_sid=keys.account_sid, auth_token=_mask(keys.auth_token))
    key = ApiKey(
        account_sid=keys.account_sid, key_sid=keys.key_sid, key_secret=_mask(keys.key_secret)
    )
    ours = VapiClient(_mask(keys.vapi_key), vapi.url, patience=_once())
    theirs = [TwilioClient(one, twilio.url, patience=_once()) for one in (pair, key)]
    asked: tuple[Awaitable[object], ...] = (
        ours.list_assistants(),
        ours.import_number("+33199001234", pair, assistant_id="a", name="x"),
        ours.import_number("+33199001234", key, assistant_id="a", name="x"),
        *(one.list_numbers() for one in theirs),
    )
    errors = []
    for request in asked:
        try:
            await request
        except VendorError as error:
            errors.append(error)
    await ours.aclose()
    for one in theirs:
        await one.aclose()
    return errors


def _mask(secret: str) -> SecretStr:
    return SecretStr(secret)


def _once() -> Patience:
    return Patience(RetryPolicy(tries=1))
