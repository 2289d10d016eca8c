"""From Enter to the next step, drawn."""

from __future__ import annotations

import tempfile
from itertools import cycle
from pathlib import Path
from statistics import median

from tests.benchmarks.table import Row, percentile
from tests.benchmarks.walk import ENTER, ESCAPE, addresses, to_twilio, vendors, wizard

STEPS = 100
# A person's: some meet the collector, which waits for 0.4 s without a key.
_PAUSES_S = (0.15, 0.3, 0.45, 0.6, 0.75)


def a_step(rounds: int) -> list[Row]:
    """Go from the assistant on to Twilio, and back by Escape: a step that asks no vendor."""
    took: list[float] = []
    with vendors() as told, tempfile.TemporaryDirectory() as home:
        window = wizard(addresses(told, Path(home)))
        with window:
            to_twilio(window, told)
            for _step, pause_s in zip(range(min(STEPS, rounds * 20)), cycle(_PAUSES_S)):
                window.send(ESCAPE)
                window.wait("Ce que vos appelants", "F1")
                window.settle(pause_s)
                pressed = window.send(ENTER)
                took.append((window.wait("Account SID", "F1") - pressed) * 1000)
                window.settle(0.25)
    parts = {"median": round(median(took), 1), "p95": percentile(took, 0.95), "worst": max(took)}
    return [
        Row(
            "step",
            f"a step: Enter → next step drawn, p95 of {len(took)}",
            parts["p95"],
            50,
            "ms",
            why=f"median {parts['median']:.0f} ms",
            parts={name: round(value, 1) for name, value in parts.items()},
        ),
        Row("step", "a step: the slowest", parts["worst"], 100, "ms"),
    ]
