"""A person's whole journey through the wizard, at a keyboard."""

from __future__ import annotations

import json
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx

from tests.benchmarks.window import PYTHON, WIZARD, Window, environment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

ENTER, ESCAPE, RIGHT = "\r", "\x1b[27u", "\x1b[C"
BUSINESS, EMAIL = "Plomberie Martin", "contact@plomberie-martin.example"

Told = dict[str, Any]


@contextmanager
def vendors(*, latency_ms: int = 0, scenario: str = "fresh") -> Iterator[Told]:
    """Serve both vendors in a process of their own; gives where, and with which keys."""
    command = [PYTHON, "-m", "ava_setup", "sandbox", "--scenario", scenario]
    with subprocess.Popen(
        [*command, "--latency", str(latency_ms)],
        stdout=subprocess.PIPE,
        text=True,
        env=environment(),
    ) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()
            process.wait()


def begin_anew(told: Told) -> None:
    """Have the vendors hold again what they held at the beginning."""
    order = {"scenario": told["scenario"]}
    url = f"{told['control_url']}/reset"
    httpx.post(url, json=order, trust_env=False).raise_for_status()


def requests_made(told: Told) -> int:
    """Tell how many requests the vendors were asked since the beginning."""
    tally = httpx.get(f"{told['control_url']}/tally", trust_env=False).json()
    return sum(one["count"] for vendor in tally.values() for one in vendor["requests"])


def addresses(told: Told, home: Path) -> dict[str, str]:
    """Give the environment of a wizard that knows these vendors."""
    return {
        "AVA_SETUP_HOME": str(home),
        "AVA_SETUP_VAPI_URL": told["vapi_url"],
        "AVA_SETUP_TWILIO_URL": told["twilio_url"],
    }


def keys(told: Told) -> dict[str, str]:
    """Give the keys as commands read them from the environment."""
    return {
        "VAPI_API_KEY": told["vapi_key"],
        "TWILIO_ACCOUNT_SID": told["twilio_account_sid"],
        "TWILIO_AUTH_TOKEN": told["twilio_auth_token"],
    }


def wizard(env: Mapping[str, str]) -> Window:
    """Open the wizard."""
    return Window([WIZARD, "--lang", "fr"], env)


def to_business(window: Window) -> None:
    """Walk from the welcome to the first form."""
    window.wait("Commencer", "F1")
    window.settle(1)
    window.send(ENTER)
    window.wait("Nom de l'entreprise")
    window.settle()


def to_key(window: Window) -> None:
    """Fill in the first form, and go on."""
    to_business(window)
    for words in (BUSINESS, EMAIL):
        window.send(words)
        window.settle(0.1)
        window.send(ENTER)
        window.settle(0.1)
    window.send(RIGHT)
    window.settle(0.1)
    window.send(ENTER)
    window.wait("Clé privée Vapi")
    window.settle()


def to_twilio(window: Window, told: Told) -> None:
    """Walk on to Twilio, with the ready-made assistant."""
    to_key(window)
    window.send(told["vapi_key"])
    window.settle(0.1)
    window.send(ENTER)
    window.wait("Ce que vos appelants entendront")
    window.settle()
    window.send(ENTER)
    window.wait("Account SID")
    window.settle()


def to_review(window: Window, told: Told) -> None:
    """Walk all the way to the review."""
    to_twilio(window, told)
    window.send(f"{told['twilio_account_sid']}\t{told['twilio_auth_token']}")
    window.settle(0.1)
    window.send(ENTER)
    window.wait("Choisir ce numéro")
    window.settle()
    window.send(ENTER)
    window.wait("Mettre en service")
    window.settle()


def to_proof(window: Window, told: Told) -> None:
    """Walk until the line waits for its first call."""
    to_review(window, told)
    window.send(ENTER)
    window.wait("premier appel")


def ring(told: Told) -> None:
    """Have somebody call."""
    order = {"from": "+33199009999", "to": told["number"]}
    url = f"{told['control_url']}/calls"
    answer = httpx.post(url, json=order, trust_env=False).raise_for_status()
    assert answer.json()["answered"]
