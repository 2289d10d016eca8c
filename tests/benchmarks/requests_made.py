"""How many requests a first journey makes, and opening the wizard again after it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.benchmarks.asked import asked_in
from tests.benchmarks.table import Row
from tests.benchmarks.walk import addresses, requests_made, ring, to_proof, vendors, wizard


def requests(rounds: int) -> list[Row]:
    """Count those of a journey until the line is linked and proven, and of a second start.

    The looks for the first call are counted apart: they go on until somebody rings.
    """
    with vendors() as told, tempfile.TemporaryDirectory() as home:
        window = wizard(addresses(told, Path(home)))
        with window:
            to_proof(window, told)
            window.settle()
            [log] = Path(home).rglob("*.log")
            asked = asked_in(log)
            ring(told)
            window.wait("Ava a répondu")
            window.settle()
        whole = requests_made(told)
        again = wizard(addresses(told, Path(home)))
        with again:
            again.wait("Ava a répondu")
            again.settle(3)
        second = requests_made(told) - whole
    named = ", ".join(f"{one.vendor} {one.what}" for one in asked)
    return [
        Row(
            "requests",
            "requests: a first journey",
            whole,
            14,
            "requests",
            "the tally of both vendors",
            why=f"until it waits for a call: {named}",
        ),
        Row("requests", "requests: a second start", second, 6, "requests"),
    ]
