"""Three hundred businesses at once, as fast as the vendor lets them."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.benchmarks.table import Row
from tests.torture.test_fleet import RATE, fleet_of

SIZE = 300


def fleet(rounds: int) -> list[Row]:
    """Set them all up once, at a vendor that takes so many requests a second, and no faults."""
    size = min(SIZE, rounds * 100)
    with tempfile.TemporaryDirectory() as folder, fleet_of(Path(folder), size, []) as businesses:
        done = businesses.run()["done"]
        asked = businesses.tally()["vapi"]
    assert done == size
    let_in = sum(one["count"] for one in asked["requests"] if one["status"] != 429)
    turned_away = sum(one["count"] for one in asked["requests"] if one["status"] == 429)
    return [
        Row(
            "fleet",
            f"fleet: {size} businesses, achieved ÷ allowed rate",
            let_in / asked["seconds"] / RATE,
            0.9,
            "x",
            f"{RATE:.0f} requests a second at Vapi",
            at_least=True,
            why=f"{let_in} requests in {asked['seconds']:.0f} s, {turned_away} turned away",
            parts={"requests": let_in, "seconds": round(asked["seconds"], 1)},
        )
    ]
