"""Draws all pictures of the real app: `make screenshots`.

Writes `screenshots/`: an SVG for each picture, and PNG of them side by side. The latter need the
program `chromium` and the font Fira Code; the test that finds stale pictures needs neither.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.waiting import PICTURE as WATERFALL
from tests.gallery.frame import PICTURES
from tests.gallery.sheets import sheets
from tests.gallery.stories import stories

if TYPE_CHECKING:
    from tests.gallery.stories import Story


def draw(story: Story) -> None:
    """Write the pictures of one run."""
    with tempfile.TemporaryDirectory() as home:
        pictures = asyncio.run(story.told(Path(home)))
    for file, picture in pictures.items():
        (PICTURES / file).write_text(picture, encoding="utf-8")


def wanted() -> set[str]:
    """Name all that is to be in the folder, recordings apart, be it drawn or measured."""
    files = {file for story in stories() for file in story.files}
    return files | {sheet.name for sheet in sheets(sorted(files))} | {WATERFALL.name}


def left_over() -> set[Path]:
    """Give the pictures that nobody draws any more."""
    there = (*PICTURES.glob("*.svg"), *PICTURES.glob("*.png"))
    return {picture for picture in there if picture.name not in wanted()}


def main() -> int:
    """Draw everything; what is left over goes."""
    PICTURES.mkdir(exist_ok=True)
    # Each run begins with nothing of another in memory.
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(mp_context=fresh, max_tasks_per_child=1) as drawers:
        list(drawers.map(draw, stories()))
    for old in left_over():
        old.unlink()
    for sheet in sheets(sorted(file for story in stories() for file in story.files)):
        if sheet.is_stale():
            sheet.draw()
    return 0


if __name__ == "__main__":
    sys.exit(main())
