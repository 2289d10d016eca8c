"""The wait: from credentials that are known to a line that is linked and proven."""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from pydantic import SecretStr

from ava_setup.onboarding.credentials import AuthToken
from ava_setup.store.places import Places
from ava_setup.wiring import open_world
from tests.benchmarks.asked import Asked, asked_in, drawn, longest_chain
from tests.benchmarks.table import Row
from tests.benchmarks.walk import Told, addresses, begin_anew, vendors
from tests.onboarding.fakes import PROFILE, draft

if TYPE_CHECKING:
    from ava_setup.onboarding.setup import Setup

LATENCY_MS = 200
PICTURE = Path(__file__).parents[2] / "screenshots" / "request-waterfall.svg"


def the_wait(rounds: int) -> list[Row]:
    """Set a line up from nothing, with vendors that take so long to answer."""
    took, chains = [], []
    with vendors(latency_ms=LATENCY_MS) as told:
        for _round in range(rounds):
            begin_anew(told)
            with tempfile.TemporaryDirectory() as home:
                seconds, known_at = asyncio.run(_set_up(told, Path(home)))
                [log] = Path(home).rglob("*.log")
                asked = asked_in(log)
            took.append(seconds)
            chains.append(longest_chain(one for one in asked if one.began >= known_at - 0.01))
        PICTURE.write_text(drawn(asked, _TITLE), encoding="utf-8")
        ideal = median(map(_lasted, chains))
    longest = max(chains, key=len)
    return [
        Row(
            "wait",
            f"the wait: credentials known → proven, {LATENCY_MS} ms a request",
            median(took) / ideal,
            1.15,
            "x",
            f"its chain, {ideal * 1000:.0f} ms",
            why=f"{median(took) * 1000:.0f} ms",
            parts={"took": round(median(took) * 1000), "chain": round(ideal * 1000)},
        ),
        Row(
            "wait",
            "the wait: requests that wait for one another",
            len(longest),
            3,
            "requests",
            why=" → ".join(f"{one.vendor} {one.what}" for one in longest),
        ),
    ]


async def _set_up(told: Told, home: Path) -> tuple[float, float]:
    """Set a line up; gives the seconds from known credentials on, and when these were known."""
    environ = addresses(told, home)
    world = open_world(environ, Places(home), profile="default")
    setup = world.setup
    try:
        await _answer(setup, told)
        known_at, started = time.time(), time.perf_counter()
        await setup.review()
        result = await setup.go_live()
        took = time.perf_counter() - started
    finally:
        await world.aclose()
    assert result.success, result
    return took, known_at


async def _answer(setup: Setup, told: Told) -> None:
    """Answer all steps, as the screens do."""
    await setup.open()
    await setup.save_profile(PROFILE)
    await setup.connect(SecretStr(told["vapi_key"]))
    await setup.draft_assistant(draft())
    token = SecretStr(told["twilio_auth_token"])
    pair = AuthToken(account_sid=told["twilio_account_sid"], auth_token=token)
    await setup.take_twilio(pair)
    numbers = setup.store.state.live.numbers or ()
    await setup.choose_number(next(one for one in numbers if one.number == told["number"]))


def _lasted(chain: tuple[Asked, ...]) -> float:
    return sum(one.ended - one.began for one in chain)


_TITLE = f"A first set-up, {LATENCY_MS} ms a request: from the key to a line that is proven (ms)"
