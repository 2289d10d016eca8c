from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING

import httpx
import pytest

from ava_setup.sandbox import PortTakenError, Sandbox, UnknownScenarioError
from tests.sandbox.lab import AGENT

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVE = "import sys; from ava_setup.sandbox import serve; sys.exit(serve('fresh', {port}, 0))"


@contextmanager
def _serving(port: int) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE.format(port=port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def _free_port() -> int:
    """Give a port that is free, and so is the next; both below those that the system gives out."""
    for port in random.sample(range(20_000, 30_000), 50):
        with (
            suppress(OSError),
            closing(socket.create_server(("127.0.0.1", port))),
            closing(socket.create_server(("127.0.0.1", port + 1))),
        ):
            return port
    raise AssertionError("no port is free")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_serving_announces_itself_in_one_line_and_stops_at_a_signal(
    number: signal.Signals, code: int
) -> None:
    port = _free_port()
    with _serving(port) as process:
        assert process.stdout
        told = json.loads(process.stdout.readline())
        assert list(told) == [
            "vapi_url",
            "twilio_url",
            "control_url",
            "vapi_key",
            "twilio_account_sid",
            "twilio_auth_token",
            "numbers",
            "scenario",
            "number",
            "vapi_urls",
            "twilio_urls",
            "twilio_routes_url",
        ]
        assert list(told["vapi_urls"]) == ["us", "eu"]
        assert list(told["twilio_urls"]) == ["us1", "ie1", "au1"]
        assert told["vapi_urls"]["us"] == told["vapi_url"]
        assert told["twilio_urls"]["us1"] == told["twilio_url"]
        assert told["vapi_url"] == f"http://127.0.0.1:{port}"
        assert told["control_url"] == f"http://127.0.0.1:{port}/sandbox"
        with httpx.Client(headers=AGENT) as client:
            assert client.get(f"{told['control_url']}/state").status_code == 200
            pair = (told["twilio_account_sid"], told["twilio_auth_token"])
            account = f"{told['twilio_url']}/2010-04-01/Accounts/{pair[0]}.json"
            assert client.get(account, auth=pair).status_code == 200
            process.send_signal(number)
            out, err = process.communicate(timeout=5)
        assert (process.returncode, out, err) == (code, "", "")


def test_a_taken_port_is_one_clear_sentence() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        with _serving(port) as process:
            out, err = process.communicate(timeout=5)
    assert (process.returncode, out) == (1, "")
    assert err == f"The sandbox cannot start: port {port} of 127.0.0.1 is taken.\n"


def test_a_taken_port_has_a_type_of_its_own() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTakenError) as caught:
            Sandbox(port=port)
    assert caught.value.port == port


def test_what_is_no_port_is_said_so() -> None:
    with pytest.raises(PortTakenError, match=r"port 70000 of .* cannot be had"):
        Sandbox(port=70_000)


def test_an_unknown_scenario_leaves_no_port_taken() -> None:
    port = _free_port()
    with pytest.raises(UnknownScenarioError):
        Sandbox("nothing", port=port)
    with Sandbox(port=port) as sandbox:
        assert sandbox.announcement.vapi_url.endswith(f":{port}")


def test_twilio_listens_on_the_next_port_or_on_another() -> None:
    port = _free_port()
    with Sandbox(port=port) as sandbox:
        assert sandbox.announcement.twilio_url == f"http://127.0.0.1:{port + 1}"
    with closing(socket.create_server(("127.0.0.1", port + 1))), Sandbox(port=port) as sandbox:
        assert sandbox.announcement.twilio_url != f"http://127.0.0.1:{port + 1}"


def test_only_this_machine_can_reach_it() -> None:
    with Sandbox() as sandbox:
        hosts = {s.getsockname()[0] for s in sandbox._listeners.values()}
        assert hosts == {"127.0.0.1"}


def test_two_sandboxes_do_not_disturb_each_other() -> None:
    with Sandbox("fresh") as one, Sandbox("returning") as other:
        assert one.announcement.vapi_url != other.announcement.vapi_url
        assert (len(one.world.org.assistants), len(other.world.org.assistants)) == (0, 3)


def test_it_starts_and_stops_at_once_though_connections_are_kept() -> None:
    with httpx.Client(headers=AGENT) as client:
        start = time.monotonic()
        with Sandbox("many") as sandbox:
            client.get(f"{sandbox.announcement.control_url}/state")
            started = time.monotonic()
        stopped = time.monotonic()
    assert started - start < 1
    assert stopped - started < 0.5


def test_it_stops_at_once_though_an_answer_is_under_way() -> None:
    with socket.socket() as waiting:
        with Sandbox(latency_ms=60_000) as sandbox:
            port = int(sandbox.announcement.vapi_url.rpartition(":")[2])
            waiting.connect(("127.0.0.1", port))
            waiting.sendall(b"GET /assistant HTTP/1.1\r\nHost: x\r\n\r\n")
            while not sandbox._stage.requests:
                time.sleep(0.01)
            start = time.monotonic()
        assert time.monotonic() - start < 0.5


def test_latency_delays_every_vendor_but_not_the_controls() -> None:
    with Sandbox(latency_ms=300) as sandbox, httpx.Client(headers=AGENT) as client:
        told = sandbox.announcement

        def seconds(url: str) -> float:
            start = time.monotonic()
            client.get(url)
            return time.monotonic() - start

        assert seconds(f"{told.vapi_url}/assistant") >= 0.3
        assert seconds(f"{told.twilio_url}/2010-04-01/Accounts.json") >= 0.3
        client.get(f"{told.control_url}/state")
        assert seconds(f"{told.control_url}/state") < 0.3


def test_importing_the_package_imports_no_server() -> None:
    code = (
        "import sys, ava_setup.sandbox as s; s.scenario_names(); "
        "print([m for m in ('starlette', 'uvicorn', 'pydantic', 'asyncio') if m in sys.modules])"
    )
    environment = {**os.environ, "PYTHONWARNINGS": "error"}
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    assert out.stdout == "[]\n"
