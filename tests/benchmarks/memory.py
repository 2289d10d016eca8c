"""The most memory held, beside that of the smallest Textual app."""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median

from tests.benchmarks.table import Row
from tests.benchmarks.walk import addresses, begin_anew, ring, to_proof, vendors, wizard
from tests.benchmarks.window import PYTHON, Window

_ONE_STATIC = """
from textual.app import App
from textual.widgets import Static
class One(App):
    def compose(self):
        yield Static('here')
One().run()
"""


def memory(rounds: int) -> list[Row]:
    """Measure the first screen and a whole journey, in processes of their own."""
    peaks: dict[str, list[int]] = {"one": [], "first": [], "journey": []}
    with vendors() as told:
        for _round in range(rounds):
            with Window([PYTHON, "-c", _ONE_STATIC]) as window:
                window.wait("here")
                peaks["one"].append(window.peak_kib)
            begin_anew(told)
            with tempfile.TemporaryDirectory() as home:
                window = wizard(addresses(told, Path(home)))
                with window:
                    window.wait("Commencer", "F1")
                    peaks["first"].append(window.peak_kib)
                    to_proof(window, told)
                    ring(told)
                    window.wait("Ava a répondu")
                    window.settle()
                    peaks["journey"].append(window.peak_kib)
    mib = {name: round(median(values) / 1024, 1) for name, values in peaks.items()}
    floor = f"an app of one Static, {mib['one']:.0f} MiB"
    parts = {f"{name} MiB": value for name, value in mib.items()}
    return [
        Row(
            "memory",
            "memory: peak at the first screen",
            mib["first"] / mib["one"],
            1.35,
            "x",
            floor,
            why=f"{mib['first']:.0f} MiB",
            parts=parts,
        ),
        Row(
            "memory",
            "memory: peak of a whole journey",
            mib["journey"] / mib["one"],
            2.2,
            "x",
            floor,
            why=f"{mib['journey']:.0f} MiB; httpx, pydantic, phone numbers and keyring included",
        ),
    ]
