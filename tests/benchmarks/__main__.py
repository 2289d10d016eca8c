"""Measures what must be fast, and prints it beside what must be reached.

    python -m tests.benchmarks [--quick] [--no-history] [ROW…]

Each figure is a ratio, or a time, of runs that took turns in one go, with bytecode compiled first.
The machine should have nothing else to do.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from tests.benchmarks import (
    fleet,
    headless,
    imports,
    long_lists,
    memory,
    opening,
    requests_made,
    spent,
    stepping,
    typing_keys,
    vendors_sdks,
    waiting,
)
from tests.benchmarks.table import as_json, drawn, keep
from tests.benchmarks.window import PYTHON, environment

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.benchmarks.table import Row

# What measures a row or two, and how many rounds it makes.
BENCHMARKS: dict[str, tuple[Callable[[int], list[Row]], int]] = {
    "first-screen": (opening.first_screen, 20),
    "accepts-keys": (typing_keys.accepts_keys, 8),
    "key": (typing_keys.a_key, 5),
    "step": (stepping.a_step, 5),
    "long-lists": (long_lists.long_lists, 5),
    "memory": (memory.memory, 3),
    "wait": (waiting.the_wait, 5),
    "requests": (requests_made.requests, 1),
    "sdks": (vendors_sdks.vendors_sdks, 3),
    "version": (headless.version, 15),
    "link": (headless.link, 8),
    "fleet": (fleet.fleet, 3),
}
_QUICK = 2


def main() -> int:
    """Run the benchmarks that are named, or all."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=", ".join(BENCHMARKS))
    parser.add_argument("--quick", action="store_true", help="fewer rounds, and no history")
    options = parser.parse_args()
    unknown = set(options.rows) - set(BENCHMARKS)
    if unknown:
        parser.error(f"no row {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    compiled = [PYTHON, "-m", "compileall", "-q", "-j", "0", "src", "tests", *_libraries()]
    subprocess.run(compiled, check=False, env=environment(), stdout=subprocess.DEVNULL)
    rows: list[Row] = []
    for name in options.rows or BENCHMARKS:
        measure, rounds = BENCHMARKS[name]
        started = time.perf_counter()
        rows += measure(min(rounds, _QUICK) if options.quick else rounds)
        sys.stderr.write(f"{name}: {time.perf_counter() - started:.0f} s\n")
    told = as_json(rows)
    sys.stdout.write(f"\n{drawn(rows)}\n{imports.explained()}\n{spent.explained()}\n\n{told}\n")
    if not options.quick:
        keep(told)
    return 0


def _libraries() -> list[str]:
    """Name the folders of installed libraries."""
    return [path for path in sys.path if path.endswith("site-packages")]


if __name__ == "__main__":
    sys.exit(main())
