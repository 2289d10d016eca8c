"""From exec to the first sign of life, and to the first step painted."""

from __future__ import annotations

import tempfile
from statistics import median
from typing import TYPE_CHECKING

from tests.benchmarks.table import Row, against
from tests.benchmarks.window import PYTHON, WIZARD, Window

if TYPE_CHECKING:
    from collections.abc import Sequence

# The title, as soon as it is anywhere.
TITLE = "Ava"
_FLOORS = {
    "print": [PYTHON, "-c", "print('here')"],
    "textual": [PYTHON, "-c", "import textual.app; print('here')"],
}


def first_screen(rounds: int) -> list[Row]:
    """Start the wizard again and again, beside an import of Textual and a bare Python."""
    took: dict[str, list[float]] = {"print": [], "textual": [], "title": [], "screen": []}
    for _round in range(rounds + 1):
        for name, command in _FLOORS.items():
            took[name].append(_until(command, "here")[0])
        with tempfile.TemporaryDirectory() as home:
            title, screen = _until([WIZARD, "--lang", "fr"], TITLE, "Commencer", home=home)
        took["title"].append(title)
        took["screen"].append(screen)
    # The first round warms the disk.
    figures = {name: values[1:] for name, values in took.items()}
    parts = {name: round(median(values) * 1000, 1) for name, values in figures.items()}
    screen_ratio, screen_minima = against(figures["screen"], figures["textual"])
    title_ratio, title_minima = against(figures["title"], figures["print"])
    return [
        Row(
            "first-screen",
            "first screen: exec → first step painted",
            screen_ratio,
            1.35,
            "x",
            f"import textual.app, {parts['textual']:.0f} ms",
            why=f"{parts['screen']:.0f} ms; {screen_minima}",
            parts=parts,
        ),
        Row(
            "first-sign",
            "first sign of life: exec → title visible",
            title_ratio,
            3.0,
            "x",
            f"python -c print(), {parts['print']:.0f} ms",
            why=f"{parts['title']:.0f} ms; {title_minima}",
            parts={name: parts[name] for name in ("print", "title")},
        ),
    ]


def _until(command: Sequence[str], *words: str, home: str = "") -> list[float]:
    """Start a program; gives the seconds from exec to each of some words."""
    with Window(command, {"AVA_SETUP_HOME": home}) as window:
        return [window.wait(word) - window.started for word in words]
