from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from ava_setup.api.app import PATH, make_app
from ava_setup.api_command import Engines
from ava_setup.sandbox import Sandbox
from ava_setup.words import Language

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fastapi import FastAPI

    from ava_setup.sandbox.announcement import Announcement


class Counter:
    """Where the route is asked, with a sandbox behind it."""

    def __init__(self, app: FastAPI, sandbox: Sandbox) -> None:
        self.app = app
        self.sandbox = sandbox

    @property
    def told(self) -> Announcement:
        """Where the sandbox is, and with which keys."""
        return self.sandbox.announcement

    @property
    def body(self) -> dict[str, Any]:
        """A request that is well formed."""
        return {
            "twilio_account_sid": self.told.twilio_account_sid,
            "twilio_auth_token": self.told.twilio_auth_token,
            "phone_number": self.told.number,
            "org_id": "org-martin",
        }

    async def ask(
        self, *, key: str | None = None, lang: str = "fr", **changed: Any
    ) -> httpx.Response:
        """Ask for an import; what is None is left out."""
        body = {
            name: value for name, value in {**self.body, **changed}.items() if value is not None
        }
        headers = {"Accept-Language": lang}
        if key != "":
            headers["Authorization"] = f"Bearer {key or self.told.vapi_key}"
        return await self.send(json=body, headers=headers)

    async def send(self, **request: Any) -> httpx.Response:
        """Send a request as it is."""
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.post(PATH, **request)

    def ring(self) -> dict[str, Any]:
        """Ring the number; gives what is heard."""
        heard: dict[str, Any] = self.post("calls", {"from": "+33199001000", "to": self.told.number})
        return heard

    def post(self, control: str, order: dict[str, Any]) -> Any:
        """Give an order at the sandbox's controls."""
        answer = httpx.post(f"{self.told.control_url}/{control}", json=order, trust_env=False)
        answer.raise_for_status()
        return answer.json()

    def get(self, control: str) -> Any:
        """Ask the sandbox's controls."""
        return httpx.get(f"{self.told.control_url}/{control}", trust_env=False).json()


@pytest.fixture
def counter_of(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Iterator[Callable[..., Counter]]:
    """Open the route on a sandbox that plays a scenario."""
    with ExitStack() as opened:

        def open_(scenario: str = "fresh", *, per_minute: int = 1000, **how: Any) -> Counter:
            sandbox = opened.enter_context(Sandbox(scenario, **how))
            told = sandbox.announcement
            monkeypatch.setenv("AVA_SETUP_HOME", str(tmp_path / "home"))
            monkeypatch.setenv("AVA_SETUP_VAPI_URL", told.vapi_url)
            monkeypatch.setenv("AVA_SETUP_TWILIO_URL", told.twilio_url)
            app = make_app(Engines(), language=Language.FR, per_minute=per_minute)
            return Counter(app, sandbox)

        yield open_
