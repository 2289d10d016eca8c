"""Commands without a screen, cold: the version, and linking a number."""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median

from tests.benchmarks.asked import asked_in, longest_chain
from tests.benchmarks.table import Row, against
from tests.benchmarks.walk import addresses, begin_anew, keys, vendors
from tests.benchmarks.window import PYTHON, WIZARD, seconds_of

LATENCY_MS = 200
# What any program needs: httpx, and requests that wait for one another.
_CHAIN = """
import sys, httpx
with httpx.Client(trust_env=False) as client:
    for _ in range(int(sys.argv[2])):
        client.get(sys.argv[1])
"""


def version(rounds: int) -> list[Row]:
    """Ask for the version, beside a Python that does nothing."""
    took: dict[str, list[float]] = {"pass": [], "version": []}
    for _round in range(rounds * 2 + 1):
        took["pass"].append(seconds_of([PYTHON, "-c", "pass"]))
        took["version"].append(seconds_of([WIZARD, "--version"]))
    parts = {name: round(median(values[1:]) * 1000, 1) for name, values in took.items()}
    ratio, minima = against(took["version"][1:], took["pass"][1:])
    return [
        Row(
            "version",
            "headless: ava-setup --version",
            ratio,
            2.5,
            "x",
            f"python -c pass, {parts['pass']:.0f} ms",
            why=f"{parts['version']:.0f} ms; {minima}",
            parts=parts,
        )
    ]


def link(rounds: int) -> list[Row]:
    """Link a number that Vapi does not know yet to an assistant that is there."""
    took: dict[str, list[float]] = {"floor": [], "link": []}
    with vendors(latency_ms=LATENCY_MS, scenario="out-of-service") as told:
        for _round in range(rounds + 1):
            begin_anew(told)
            with tempfile.TemporaryDirectory() as home:
                env = addresses(told, Path(home)) | keys(told)
                took["link"].append(seconds_of([WIZARD, "link", "--number", told["number"]], env))
                [log] = Path(home).rglob("*.log")
                chain = longest_chain(asked_in(log))
            floor = [PYTHON, "-c", _CHAIN, f"{told['vapi_url']}/assistant", str(len(chain))]
            took["floor"].append(seconds_of(floor))
    parts = {name: round(median(values[1:]) * 1000) for name, values in took.items()}
    ratio, minima = against(took["link"][1:], took["floor"][1:])
    return [
        Row(
            "link",
            f"headless: ava-setup link, {LATENCY_MS} ms a request",
            ratio,
            1.5,
            "x",
            f"import httpx and {len(chain)} requests, {parts['floor']} ms",
            why=(
                f"{parts['link']} ms; {minima}; "
                + " → ".join(f"{one.vendor} {one.what}" for one in chain)
            ),
            parts=parts | {"chain requests": len(chain)},
        )
    ]
