"""Three hundred businesses at once: none lost, none doubled, whatever fails or is killed."""

from __future__ import annotations

import copy
import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from ava_setup.sandbox import Sandbox
from tests.conftest import SAYS
from tests.headless.files import HEAD, business

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# All of the three hundred with AVA_SETUP_FLEET=300; what is asserted is the same.
SIZE = int(os.environ.get("AVA_SETUP_FLEET", "80"))
LATENCY_MS = 50
RATE = 30.0
ONE_IN = 50
GROWTH_MAX_KIB = 40 * 1024
SECONDS_MAX = 900

# One in fifty of each: before or after the vendor acted, told or not.
FAULTS: list[dict[str, Any]] = [
    {"vendor": "vapi", "method": "GET", "path": "/assistant", "kind": "error"},
    {"vendor": "vapi", "method": "POST", "path": "/assistant", "kind": "reset", "acted": True},
    {"vendor": "vapi", "method": "GET", "path": "/phone-number", "kind": "reset_mid_body"},
    {"vendor": "vapi", "method": "POST", "path": "/phone-number", "kind": "error", "acted": True},
    {"vendor": "vapi", "method": "GET", "path": "/phone-number/{id}", "kind": "bad_gateway"},
    {
        "vendor": "twilio",
        "method": "GET",
        "path": "/2010-04-01/Accounts/{sid}/IncomingPhoneNumbers.json",
        "kind": "error",
    },
]


def number(place: int) -> str:
    return f"+331990{place:05d}"


@dataclass
class Fleet:
    """An answer file of many businesses, and the vendors that it is for."""

    sandbox: Sandbox
    home: Path
    file: Path
    rss: list[int] = field(default_factory=list)

    def start(self, *, out: int = subprocess.PIPE) -> subprocess.Popen[str]:
        """Begin to apply the file.

        Args:
            out: Where its answers go; whoever does not read them must not have them in a pipe.
        """
        told = self.sandbox.announcement
        environment = {
            **os.environ,
            "AVA_SETUP_HOME": str(self.home),
            "AVA_SETUP_VAPI_URL": told.vapi_url,
            "AVA_SETUP_TWILIO_URL": told.twilio_url,
            "VAPI_KEY": told.vapi_key,
            "TWILIO_TOKEN": told.twilio_auth_token,
        }
        command = ("apply", str(self.file), "--yes", "--json", "--jobs", "16")
        return subprocess.Popen(
            [sys.executable, "-m", "ava_setup", *command],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def run(self) -> dict[str, Any]:
        """Apply the file to its end; gives the summary. The tally is of this run alone."""
        self.sandbox._stage.tally.clear()
        self.rss.clear()
        process = self.start()
        watch = threading.Thread(target=self._watch, args=(process,))
        watch.start()
        out, _none = process.communicate(timeout=SECONDS_MAX)
        watch.join()
        ended = [json.loads(line) for line in out.splitlines()]
        failed = [one for one in ended[:-1] if not one["success"]]
        assert not failed, failed[:3]
        summary: dict[str, Any] = ended[-1]["summary"]
        return summary

    def _watch(self, process: subprocess.Popen[str]) -> None:
        """Note how much memory it has, from its first requests on: all is loaded then."""
        status = Path(f"/proc/{process.pid}/status")
        while process.poll() is None:
            begun = self.tally()
            for line in status.read_text().splitlines() if begun and status.exists() else ():
                if line.startswith("VmRSS:"):
                    self.rss.append(int(line.split()[1]))
            time.sleep(0.2)

    def tally(self) -> Any:
        """Give what the vendors were asked, in figures."""
        url = f"{self.sandbox.announcement.control_url}/tally"
        return httpx.get(url, trust_env=False).json()

    def writes(self) -> int:
        """Tell how many requests were to change something."""
        return sum(
            one["count"]
            for vendor in self.tally().values()
            for one in vendor["requests"]
            if one["method"] != "GET"
        )

    def check(self) -> None:
        """Each number is there once, linked to an assistant of its own, and answered."""
        org = self.sandbox.world.org
        links = {one["number"]: one["assistantId"] for one in org.numbers.values()}
        assert len(org.numbers) == len(links) == SIZE
        assert len(org.assistants) == len(set(links.values())) == SIZE
        assert set(links.values()) <= set(org.assistants)
        for place in (0, SIZE // 2, SIZE - 1):
            order = {"from": "+33199099999", "to": number(place)}
            url = f"{self.sandbox.announcement.control_url}/calls"
            assert httpx.post(url, json=order, trust_env=False).json()["answered"]


@contextmanager
def fleet_of(folder: Path, size: int, faults: list[dict[str, Any]]) -> Iterator[Fleet]:
    """Serve vendors that go wrong in such ways, with so many numbers, and write the file."""
    with Sandbox("fresh", latency_ms=LATENCY_MS, rate=RATE, remembered=0) as sandbox:
        told = sandbox.announcement
        account = sandbox.world.accounts[told.twilio_account_sid]
        [first] = account.numbers.values()
        account.numbers.clear()
        for place in range(size):
            sid = f"PN{place:032x}"
            record = copy.deepcopy(first)
            record.update(sid=sid, phone_number=number(place), friendly_name=number(place))
            account.numbers[sid] = record
        for fault in faults:
            order = {**fault, "every": ONE_IN, "times": None}
            url = f"{told.control_url}/faults"
            httpx.post(url, json=order, trust_env=False).raise_for_status()
        file = folder / "fleet.toml"
        file.write_text(
            HEAD
            + "".join(
                business(f"b{place}", number=number(place), account_sid=told.twilio_account_sid)
                for place in range(size)
            )
        )
        yield Fleet(sandbox, folder / "home", file)


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Fleet]:
    with fleet_of(tmp_path, SIZE, FAULTS) as businesses:
        yield businesses


def test_a_fleet_that_was_killed_in_the_middle_ends_whole_and_then_writes_nothing(
    fleet: Fleet, record_property: Callable[[str, object], None]
) -> None:
    killed = fleet.start(out=subprocess.DEVNULL)
    while len(fleet.sandbox.world.org.numbers) < SIZE // 3:
        assert killed.poll() is None
        time.sleep(0.05)
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()

    summary = fleet.run()
    assert (summary["done"], summary["failed"]) == (SIZE, 0)
    fleet.check()
    asked = fleet.tally()["vapi"]
    let_in = sum(one["count"] for one in asked["requests"] if one["status"] != 429)
    pace = let_in / asked["seconds"] / RATE
    growth = max(fleet.rss) - fleet.rss[0]

    assert fleet.run()["done"] == SIZE
    written = fleet.writes()
    record_property(SAYS, f"fleet={SIZE} pace={pace:.2f} growth={growth}KiB again={written}")
    assert written == 0
    assert growth < GROWTH_MAX_KIB
