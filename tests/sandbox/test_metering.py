"""How many requests a second are let in, and how they are counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from ava_setup.sandbox import Sandbox
from ava_setup.sandbox.metering import Meter, Tally

if TYPE_CHECKING:
    from collections.abc import Iterator


class Hours:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def admitted(meter: Meter, clock: Hours, every: float, seconds: float) -> Iterator[bool]:
    for _request in range(round(seconds / every)):
        clock.now += every
        yield meter.admits()


def test_without_a_rate_every_request_is_let_in() -> None:
    meter = Meter()
    assert all(meter.admits() for _request in range(1000))


def test_at_four_times_the_rate_one_request_in_four_is_let_in() -> None:
    clock = Hours()
    let_in = sum(admitted(Meter(20, clock), clock, 1 / 80, 60))
    assert 20 * 60 <= let_in <= 20 * 60 + 5


def test_below_the_rate_nobody_is_turned_away() -> None:
    clock = Hours()
    assert all(admitted(Meter(20, clock), clock, 1 / 19, 60))


def test_a_pause_saves_up_no_more_than_a_short_burst() -> None:
    clock = Hours()
    meter = Meter(20, clock)
    meter.admits()
    clock.now += 3600
    assert sum(meter.admits() for _request in range(100)) == 5


def test_the_tally_counts_by_method_and_status_and_times_each_vendor() -> None:
    clock = Hours()
    tally = Tally(clock)
    tally.note("vapi", "GET", 200)
    clock.now += 2
    tally.note("vapi", "GET", 200)
    tally.note("vapi", "POST", 429)
    tally.note("twilio", "GET", None)
    assert tally.listed() == {
        "vapi": {
            "seconds": 2,
            "requests": [
                {"method": "GET", "status": 200, "count": 2},
                {"method": "POST", "status": 429, "count": 1},
            ],
        },
        "twilio": {"seconds": 0, "requests": [{"method": "GET", "status": None, "count": 1}]},
    }


def test_a_sandbox_with_a_rate_turns_the_hasty_away_with_vapis_429_and_counts_them() -> None:
    with Sandbox("fresh", rate=4, remembered=0) as sandbox:
        told = sandbox.announcement
        headers = {"Authorization": f"Bearer {told.vapi_key}", "User-Agent": "ava-setup-tests"}
        with httpx.Client(trust_env=False, headers=headers) as client:
            answers = [client.get(f"{told.vapi_url}/assistant") for _request in range(8)]
            counted = client.get(f"{told.control_url}/tally").json()["vapi"]["requests"]
            remembered = client.get(f"{told.control_url}/requests").json()
    turned_away = [one for one in answers if one.status_code == 429]
    assert turned_away
    assert turned_away[0].json()["message"] == "Rate limit exceeded"
    assert counted == [
        {"method": "GET", "status": 200, "count": 8 - len(turned_away)},
        {"method": "GET", "status": 429, "count": len(turned_away)},
    ]
    assert remembered == []
