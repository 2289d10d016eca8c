"""No secret leaves the wizard's hands, whatever a person, a vendor or a fault does.

The same net looks into everything at the end of each test; `canary hits=…` sums it all up.
"""

from __future__ import annotations

import base64
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from ava_setup.sandbox import Sandbox
from tests.terminal import Terminal
from tests.torture.canary import VAULT, WRONG_KEY, WRONG_TOKEN, Keys, Net, at, clipboard, shapes
from tests.torture.vendors import babbling, vendor

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WIZARD = ("-m", "ava_setup")
NOT_HERE = "This looks like a key"


@pytest.fixture(scope="module")
def sums(request: pytest.FixtureRequest) -> Iterator[list[Net]]:
    """The nets of all tests here, summed up and printed at the end."""
    nets: list[Net] = []
    yield nets
    hits, files, size = (
        sum(map(len, (net.hits for net in nets))),
        sum(net.files for net in nets),
        sum(net.bytes for net in nets),
    )
    capture = request.config.pluginmanager.getplugin("capturemanager")
    assert capture is not None
    with capture.global_and_fixture_disabled():
        print(f"\ncanary hits={hits} files={files} bytes={size}", flush=True)  # noqa: T201
    assert hits == 0


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox("fresh") as sandbox:
        yield sandbox


@pytest.fixture
def keys(sandbox: Sandbox) -> Keys:
    return Keys(sandbox)


@pytest.fixture
def net(sums: list[Net], keys: Keys, tmp_path: Path) -> Iterator[Net]:
    """The net; at the end, every file of the home and of the temporary folder goes through it."""
    net = Net()
    net.watch(*keys.secrets)
    sums.append(net)
    for name in ("home", "tmp"):
        (tmp_path / name).mkdir()
    yield net
    net.sweep(tmp_path)
    assert net.hits == []
    assert not list((tmp_path / "tmp").iterdir())


def wizard(sandbox: Sandbox, root: Path, *program: str, **addresses: str) -> Terminal:
    """Start the wizard with a home and a temporary folder of its own, Textual's log asked for."""
    told = sandbox.announcement
    return Terminal(
        [sys.executable, *(program or WIZARD), "--lang", "en"],
        env={
            "HOME": str(root / "home"),
            "TMPDIR": str(root / "tmp"),
            "AVA_SETUP_HOME": str(root / "home" / "kept"),
            "AVA_SETUP_VAPI_URL": addresses.get("vapi", told.vapi_url),
            "AVA_SETUP_TWILIO_URL": addresses.get("twilio", told.twilio_url),
            "TEXTUAL": "debug",
            "TEXTUAL_LOG": str(root / "home" / "textual.log"),
            "PYTHONFAULTHANDLER": "1",
        },
    )


def up_to_the_key(terminal: Terminal) -> None:
    """Answer what comes before the first secret."""
    terminal.wait_for("Start").press("enter")
    at(terminal, "Business name")
    terminal.paste("Plomberie Martin").press("enter")
    terminal.paste("contact@plomberie-martin.example").press("enter")
    terminal.press("enter")
    at(terminal, "Vapi private key")


def try_to_take(terminal: Terminal, bullets: str = "••••") -> None:
    """Select all that is in a secret field, copy it, cut it, ask for help, change the language."""
    terminal.wait_for(bullets)
    terminal.press("end", "shift+home", "ctrl+c").press("shift+home", "ctrl+x")
    terminal.type("\x1b[97;6u").press("ctrl+c").press("ctrl+x")
    terminal.press("f1").wait_for("Close").press("escape").wait_gone("Close")
    terminal.press("ctrl+l").wait_for("Retour").press("ctrl+l").wait_for("Back")
    terminal.wait_for(bullets)


def refuse_in_visible_fields(terminal: Terminal, *secrets: str) -> None:
    """Paste secrets where they would be seen; none stays, none is kept."""
    for secret in secrets:
        terminal.paste(secret).wait_for(NOT_HERE)
        terminal.type("x").wait_gone(NOT_HERE).press("ctrl+u")


def test_the_net_catches_every_shape_of_every_secret(keys: Keys, tmp_path: Path) -> None:
    for secret in keys.secrets:
        copied = base64.b64encode(f"a {secret}".encode())
        for number, leaked in enumerate(
            (
                *shapes(secret),
                secret.upper().encode(),
                base64.b64encode(f"AC1:{secret}".encode()),
                f"Bearer {secret}".encode(),
                b"\x1b]52;c;" + copied + b"\x07",
            )
        ):
            (tmp_path / "leak").write_bytes(b"before " + leaked + b" after")
            net = Net()
            net.watch(secret)
            net.sweep(tmp_path)
            assert net.files == 1
            assert len(net.hits) == 1, number
        assert clipboard(b"\x1b]52;c;" + copied + b"\x07") == [f"a {secret}".encode()]


def test_a_journey_with_every_mistake_lets_no_secret_out(
    sandbox: Sandbox, keys: Keys, net: Net, tmp_path: Path
) -> None:
    with wizard(sandbox, tmp_path) as terminal:
        terminal.wait_for("Start").press("enter")
        at(terminal, "Business name")
        refuse_in_visible_fields(terminal, keys.auth_token, keys.vapi_key, keys.key_secret)
        terminal.paste("Plomberie Martin").press("shift+home", "ctrl+c", "end", "enter")
        terminal.paste("contact@plomberie-martin.example").press("enter")
        terminal.press("enter")
        at(terminal, "Vapi private key")
        terminal.paste(WRONG_KEY)
        try_to_take(terminal)
        terminal.press("enter").wait_for("Vapi refuses")
        try_to_take(terminal)
        terminal.press("end", "ctrl+u").paste(f"\n{keys.vapi_key}\n").press("enter")

        terminal.wait_for("What callers will hear").wait_for("First words")
        terminal.press("escape")
        at(terminal, "Vapi private key")
        terminal.press("enter").wait_for("First words").press("enter")
        at(terminal, "Account SID")

        # Swapped, then wrong, then a Vapi key where it would be seen, and at last right.
        terminal.paste(keys.auth_token).wait_for("Each value was put").press("tab")
        terminal.paste(keys.account_sid).wait_for(keys.account_sid)
        try_to_take(terminal)
        terminal.press("end", "ctrl+u").paste(WRONG_TOKEN).press("enter")
        terminal.wait_for("Twilio refuses")
        terminal.press("end", "ctrl+u")
        refuse_in_visible_fields(terminal, keys.vapi_key, WRONG_KEY)
        terminal.type(f"{keys.account_sid}\t").press("end", "ctrl+u")
        terminal.paste(keys.auth_token).wait_for(keys.account_sid)
        try_to_take(terminal)
        terminal.press("enter")
        go_live(terminal)
        net.inspect(terminal, "journey")
        assert call(sandbox)["answered"]
        terminal.wait_for("Ava answered").press("enter")
        assert terminal.exit_code() == 0
        net.listen(terminal, "journey")
        # Copying works where nothing is secret: an empty clipboard proves something here.
        assert clipboard(terminal.raw) == [b"Plomberie Martin"]
    [vault] = (tmp_path / "home").rglob(VAULT)
    assert keys.auth_token in vault.read_text()
    assert keys.vapi_key in vault.read_text()
    report(tmp_path, net)
    [log] = (tmp_path / "home").rglob("ava-setup.log")
    assert "code=vapi_key_refused" in log.read_text()
    assert "code=twilio_refused" in log.read_text()
    assert "link outcome=imported success=True" in log.read_text()


def go_live(terminal: Terminal) -> None:
    """Take the number that is offered, and do what the review says."""
    terminal.wait_for("Choose this number").press("enter")
    terminal.wait_for("new: created at Vapi").wait_for("Go live").press("enter")
    terminal.wait_for("first call")


def report(root: Path, net: Net) -> None:
    """Have the report written, and look at it; the net sweeps the file and the log at the end."""
    done = subprocess.run(
        [sys.executable, *WIZARD, "report", "--yes"],
        capture_output=True,
        timeout=30,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(root / "home"),
            "AVA_SETUP_HOME": str(root / "home" / "kept"),
        },
        cwd=root / "home",
        check=True,
    )
    net.look(done.stdout, "report")
    net.look(done.stderr, "report: errors")
    assert len(list((root / "home").glob("ava-setup-default-*.md"))) == 1


def call(sandbox: Sandbox) -> Any:
    """Ring the number."""
    told = sandbox.announcement
    order = {"from": "+33199009999", "to": told.numbers[0]}
    return httpx.post(f"{told.control_url}/calls", json=order, trust_env=False).json()


def test_an_api_key_connects_without_its_secret_being_seen(
    sandbox: Sandbox, keys: Keys, net: Net, tmp_path: Path
) -> None:
    with wizard(sandbox, tmp_path) as terminal:
        up_to_the_key(terminal)
        terminal.paste(keys.vapi_key).press("enter").wait_for("First words")
        terminal.press("enter")
        at(terminal, "Account SID")
        terminal.press("shift+tab", "right").wait_for("API key secret")
        terminal.press("tab").type(f"{keys.account_sid}\t{keys.key_sid}\t{keys.key_secret}")
        try_to_take(terminal)
        terminal.press("enter")
        go_live(terminal)
        net.inspect(terminal, "api key")
        terminal.press("ctrl+q")
        assert terminal.exit_code() == 0
        net.listen(terminal, "api key")
    [vault] = (tmp_path / "home").rglob(VAULT)
    assert keys.key_secret in vault.read_text()


@pytest.mark.parametrize(
    "ending", [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)]
)
def test_a_signal_while_a_secret_is_typed_but_not_sent_leaves_none_behind(
    sandbox: Sandbox, keys: Keys, net: Net, tmp_path: Path, ending: tuple[signal.Signals, int]
) -> None:
    number, code = ending
    with wizard(sandbox, tmp_path) as terminal:
        up_to_the_key(terminal)
        terminal.paste(keys.vapi_key).wait_for("••••")
        net.inspect(terminal, number.name)
        terminal.send_signal(number)
        assert terminal.exit_code() == code
        assert terminal.is_restored
        net.listen(terminal, number.name)
    assert not list((tmp_path / "home").rglob(VAULT))


@pytest.mark.parametrize(
    "place", ["handler", "worker", "thread", "callback", "timer", "stray", "drawing"]
)
def test_a_fault_with_the_secrets_in_reach_shows_its_kind_only(
    sandbox: Sandbox, keys: Keys, net: Net, tmp_path: Path, place: str
) -> None:
    with wizard(sandbox, tmp_path, "-m", "tests.torture.crashing", place) as terminal:
        up_to_the_key(terminal)
        terminal.paste(keys.vapi_key).wait_for("••••").press("f9")
        if place in {"worker", "thread", "stray"}:
            # Work behind the screen takes nothing with it: the wizard says so and goes on.
            terminal.wait_for("RuntimeError").press("ctrl+c")
            assert terminal.exit_code() == 130
        else:
            assert terminal.exit_code() == 1
            assert b"fault of its own (RuntimeError)" in terminal.raw
            assert b"ava-setup report" in terminal.raw
        assert terminal.is_restored
        assert b"Traceback" not in terminal.raw
        net.listen(terminal, place)
    [log] = (tmp_path / "home").rglob("ava-setup.log")
    assert "ERROR fault kind=RuntimeError at=" in log.read_text()
    assert ":crash < " in log.read_text()


# What is told of each answer of a babbling vendor, in turn; no two in a row are alike.
NONSENSE_TOLD = (
    "an answer that makes no sense",
    "refused the request",
    "an answer that makes no sense",
    "turned us away",
    "refuses this key",
)


def test_a_vendor_that_repeats_the_secrets_in_its_nonsense_is_not_quoted(
    sandbox: Sandbox, keys: Keys, net: Net, tmp_path: Path
) -> None:
    with vendor(babbling()) as vapi, wizard(sandbox, tmp_path, vapi=vapi.url) as terminal:
        up_to_the_key(terminal)
        for told in NONSENSE_TOLD:
            terminal.press("end", "ctrl+u").wait_gone("••••")
            terminal.paste(keys.vapi_key).wait_for("••••").press("enter")
            # Only once it is told is the wizard at rest: work this short is never shown.
            terminal.wait_for(told).press("f1").wait_for("Close")
            terminal.press("escape").wait_gone("Close")
            # “Try again” has the focus, and Textual's buttons take no second press so soon.
            terminal.press("shift+tab")
        assert len(vapi.heard) == len(NONSENSE_TOLD)
        assert all(keys.vapi_key in heard for heard in vapi.heard)
        net.inspect(terminal, "nonsense")
        terminal.press("ctrl+q")
        assert terminal.exit_code() == 0
        net.listen(terminal, "nonsense")
