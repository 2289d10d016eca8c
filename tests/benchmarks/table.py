"""What a benchmark found, one row a figure: as a table, as JSON, and as a line of the history."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

HISTORY = Path(__file__).with_name("history.jsonl")


@dataclass(frozen=True, slots=True)
class Row:
    """One figure, beside what must be reached.

    Attributes:
        name: What `make bench ROWS=…` calls it.
        moment: What is measured.
        figure: What came out.
        target: What must be reached.
        unit: "x", "ms", "requests"; "" counts something.
        at_least: Whether the target is a least, not a most.
        floor: What it is held against, with its own figure.
        why: Where the rest goes.
        parts: The figures that it was made of: milliseconds unless the name says otherwise.
    """

    name: str
    moment: str
    figure: float
    target: float
    unit: str
    floor: str = ""
    at_least: bool = False
    why: str = ""
    parts: Mapping[str, float] = field(default_factory=dict)

    @property
    def is_met(self) -> bool:
        """Whether the target is reached."""
        return self.figure >= self.target if self.at_least else self.figure <= self.target

    @property
    def told(self) -> str:
        """The figure, with its unit."""
        return _with_unit(self.figure, self.unit)

    @property
    def aim(self) -> str:
        """The target, with its unit."""
        return f"{'≥' if self.at_least else '≤'} {_with_unit(self.target, self.unit)}"

    def as_plain(self) -> dict[str, Any]:
        """Give it for JSON."""
        return asdict(self) | {"is_met": self.is_met}


def _with_unit(value: float, unit: str) -> str:
    figure = f"{value:.2f}" if unit == "x" else f"{value:.0f}"
    return f"{figure} {unit}".rstrip()


def drawn(rows: Iterable[Row]) -> str:
    """Draw the rows as a table, and below it where the rest goes."""
    listed = list(rows)
    lines = [("", "moment", "target", "figure", "held against")]
    lines += [
        ("✓" if row.is_met else "✗", row.moment, row.aim, row.told, row.floor) for row in listed
    ]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    table = "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
    notes = "\n".join(f"{row.moment}: {row.why}" for row in listed if row.why)
    return f"{table}\n\n{notes}\n" if notes else f"{table}\n"


def as_json(rows: Sequence[Row]) -> str:
    """Write the rows out as one line of JSON, with the conditions under which they came."""
    return json.dumps(
        {
            "date": datetime.now(UTC).isoformat(timespec="seconds"),
            "python": platform.python_version(),
            "textual": version("textual"),
            "cores": os.cpu_count(),
            "load": round(os.getloadavg()[0], 1),
            "rows": [row.as_plain() for row in rows],
        },
        ensure_ascii=False,
    )


def keep(line: str) -> None:
    """Add a run to the history."""
    with HISTORY.open("a", encoding="utf-8") as history:
        history.write(f"{line}\n")


def percentile(values: Sequence[float], part: float) -> float:
    """Give the value below which such a part (0 to 1) of them lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def against(ours: Sequence[float], floor: Sequence[float]) -> tuple[float, str]:
    """Divide the medians; gives the ratio, and that of the minima in words."""
    return median(ours) / median(floor), f"of the minima: {min(ours) / min(floor):.2f}"
