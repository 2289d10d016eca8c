"""How long a full look of the doctor takes, against three round trips to the vendors.

    python -m tests.benchmarks.doctor [MILLISECONDS]

Prints the median of some looks at a healthy line of the sandbox, whose vendors take so long to
answer, each with new connections; then the same of the whole command, Python's start included.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from statistics import median
from typing import TYPE_CHECKING

from pydantic import SecretStr

from ava_setup.clients.vendors import HttpVendors
from ava_setup.onboarding.credentials import AuthToken
from ava_setup.onboarding.doctor import Doctor
from ava_setup.onboarding.examining import Patient
from ava_setup.onboarding.facts import Wanted
from ava_setup.sandbox import Sandbox
from ava_setup.store.memory import MemoryStore

if TYPE_CHECKING:
    from ava_setup.sandbox import Announcement

LATENCY_MS = 200
ROUND_TRIPS = 3
# Of a look's time, over that of the round trips (issue: at most).
BOUND = 1.3
LOOKS = 7
COMMANDS = 3


def environ_of(told: Announcement) -> dict[str, str]:
    return {
        "AVA_SETUP_VAPI_URL": told.vapi_urls["us"],
        "AVA_SETUP_VAPI_EU_URL": told.vapi_urls["eu"],
        "AVA_SETUP_TWILIO_URL": told.twilio_urls["us1"],
        "AVA_SETUP_TWILIO_IE1_URL": told.twilio_urls["ie1"],
        "AVA_SETUP_TWILIO_AU1_URL": told.twilio_urls["au1"],
        "AVA_SETUP_TWILIO_ROUTES_URL": told.twilio_routes_url,
        "VAPI_API_KEY": told.vapi_key,
        "TWILIO_ACCOUNT_SID": told.twilio_account_sid,
        "TWILIO_AUTH_TOKEN": told.twilio_auth_token,
    }


async def look(told: Announcement) -> float:
    """Look at a line once; gives the seconds that it took."""
    token = SecretStr(told.twilio_auth_token)
    patient = Patient(
        told.number,
        key=SecretStr(told.vapi_key),
        credentials=AuthToken(account_sid=told.twilio_account_sid, auth_token=token),
        wanted=Wanted(is_set_up=False),
    )
    doctor = Doctor(MemoryStore(), HttpVendors(environ_of(told)), patient)
    started = time.perf_counter()
    diagnosis = await doctor.examine()
    took = time.perf_counter() - started
    await doctor.aclose()
    assert diagnosis.hearing.is_ava
    return took


def command(told: Announcement) -> float:
    """Run the command once; gives the seconds that it took."""
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "ava_setup", "doctor", "--number", told.number],
        env={**os.environ, **environ_of(told)},
        capture_output=True,
        check=True,
    )
    return time.perf_counter() - started


def main() -> None:
    latency_ms = int(sys.argv[1]) if len(sys.argv) > 1 else LATENCY_MS
    ideal = ROUND_TRIPS * latency_ms / 1000
    with Sandbox("returning", latency_ms=latency_ms) as sandbox:
        told = sandbox.announcement
        took = median(asyncio.run(look(told)) for _ in range(LOOKS))
        whole = median(command(told) for _ in range(COMMANDS))
    sys.stdout.write(
        f"look={took:.3f}s ratio={took / ideal:.3f} (of {ROUND_TRIPS} x {latency_ms} ms, "
        f"at most {BOUND}) command={whole:.3f}s\n"
    )


if __name__ == "__main__":
    main()
