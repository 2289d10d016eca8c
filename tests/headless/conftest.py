from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from ava_setup.cli import main
from ava_setup.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ava_setup.sandbox.announcement import Announcement


@dataclass(frozen=True, slots=True)
class Printed:
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def objects(self) -> list[dict[str, Any]]:
        """The lines of standard output, each an object."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(slots=True)
class Desk:
    """A computer at which commands are typed, with a sandbox for both vendors.

    Attributes:
        home: Where everything is kept.
    """

    home: Path
    sandbox: Sandbox
    capture: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch
    written: set[str] = field(default_factory=set)

    @property
    def told(self) -> Announcement:
        """Where the sandbox is, and with which keys."""
        return self.sandbox.announcement

    def run(self, *arguments: str, lang: str = "en") -> Printed:
        """Run a command."""
        self.capture.readouterr()
        try:
            code = main(["--lang", lang, *arguments])
        except SystemExit as left:
            code = int(left.code or 0)
        captured = self.capture.readouterr()
        return Printed(code, captured.out, captured.err)

    def file(self, source: str, name: str = "answers.toml") -> str:
        """Write an answer file; gives its path."""
        path = self.home.parent / name
        path.write_text(source, encoding="utf-8")
        return str(path)

    def writes(self) -> int:
        """Tell how many requests were to change something at a vendor."""
        return sum(
            one["count"]
            for vendor in self.get("tally").values()
            for one in vendor["requests"]
            if one["method"] != "GET"
        )

    def ring(self, number: str = "") -> dict[str, Any]:
        """Ring a number; gives what is heard."""
        order = {"from": "+33199001000", "to": number or self.told.number}
        answer = httpx.post(f"{self.told.control_url}/calls", json=order, trust_env=False)
        heard: dict[str, Any] = answer.json()
        return heard

    def get(self, control: str) -> Any:
        """Ask the sandbox's controls."""
        return httpx.get(f"{self.told.control_url}/{control}", trust_env=False).json()

    def post(self, control: str, order: dict[str, Any]) -> Any:
        """Tell the sandbox's controls."""
        url = f"{self.told.control_url}/{control}"
        return httpx.post(url, json=order, trust_env=False).raise_for_status()


@pytest.fixture
def desk_at(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Desk]]:
    """Sit down at a computer, with a sandbox that plays a scenario."""
    opened: list[Sandbox] = []

    def sit_down(scenario: str = "fresh", **how: Any) -> Desk:
        sandbox = Sandbox(scenario, **how)
        opened.append(sandbox.__enter__())
        told = sandbox.announcement
        home = tmp_path / "home"
        for name, value in {
            "AVA_SETUP_HOME": str(home),
            "AVA_SETUP_VAPI_URL": told.vapi_urls["us"],
            "AVA_SETUP_VAPI_EU_URL": told.vapi_urls["eu"],
            "AVA_SETUP_TWILIO_URL": told.twilio_urls["us1"],
            "AVA_SETUP_TWILIO_IE1_URL": told.twilio_urls["ie1"],
            "AVA_SETUP_TWILIO_AU1_URL": told.twilio_urls["au1"],
            "AVA_SETUP_TWILIO_ROUTES_URL": told.twilio_routes_url,
            "VAPI_KEY": told.vapi_key,
            "TWILIO_TOKEN": told.twilio_auth_token,
        }.items():
            monkeypatch.setenv(name, value)
        return Desk(home, sandbox, capsys, monkeypatch)

    yield sit_down
    for sandbox in opened:
        sandbox.__exit__(None, None, None)
