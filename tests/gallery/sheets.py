"""The pictures side by side, for those who look at one before they try: drawn by Chromium."""

from __future__ import annotations

import hashlib
import html
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from ava_setup.tui.looks import Look
from ava_setup.words import Language
from tests.gallery.frame import LARGE, PICTURES, SMALL, Frame
from tests.gallery.journey import STEPS

if TYPE_CHECKING:
    from collections.abc import Sequence

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
_LONGEST_S = 120
# What a PNG says of what it was drawn from.
_DRAWN_FROM = "Drawn from"
_VIEW_BOX = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
_COLOURS = 255
_GAP, _CAPTION = 24, 24
_STYLE = f"""
body {{ margin: {_GAP}px; background: #ffffff; font: 14px sans-serif; color: #202a33; }}
main {{ display: grid; gap: {_GAP}px; }}
figure {{ margin: 0; }}
img {{ display: block; width: 100%; aspect-ratio: 994 / 635; object-fit: contain; }}
img.tall {{ object-fit: cover; object-position: top; }}
figcaption {{ height: {_CAPTION}px; line-height: {_CAPTION}px; text-align: center; }}
"""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A PNG of some pictures.

    Attributes:
        name: Its file.
        pictures: Files, row after row.
        columns: How many stand side by side.
        width: Of each, in pixels.
    """

    name: str
    pictures: tuple[str, ...]
    columns: int
    width: int

    @property
    def page(self) -> str:
        """The page that is photographed."""
        figures = "".join(map(self._figure, self.pictures))
        grid = f"grid-template-columns: repeat({self.columns}, {self.width}px)"
        return (
            f"<!doctype html><meta charset=utf-8><style>{_STYLE}</style>"
            f'<main style="{grid}">{figures}</main>'
        )

    def _figure(self, picture: str) -> str:
        caption = html.escape(picture.removesuffix(".svg"))
        place = html.escape((PICTURES / picture).as_uri())
        width, height = _size(picture)
        kind = "tall" if height > width else "whole"
        return (
            f'<figure><img class={kind} src="{place}"><figcaption>{caption}</figcaption></figure>'
        )

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the page, in pixels."""
        rows = -(-len(self.pictures) // self.columns)
        height = round(self.width * 635 / 994) + _CAPTION
        return self.columns * (self.width + _GAP) + _GAP, rows * (height + _GAP) + _GAP

    def made_of(self) -> str:
        """Tell apart what it was drawn from: a hash of the pictures, and of how they stand."""
        found = hashlib.sha256(f"{self.columns} {self.width}".encode())
        for picture in self.pictures:
            found.update(hashlib.sha256((PICTURES / picture).read_bytes()).digest())
        return found.hexdigest()

    def is_stale(self) -> bool:
        """Whether it is not there, or was drawn from other pictures than those that are."""
        place = PICTURES / self.name
        if not place.exists():
            return True
        with Image.open(place) as image:
            return image.info.get(_DRAWN_FROM) != self.made_of()

    def draw(self) -> None:
        """Have Chromium draw it.

        Raises:
            LookupError: There is no Chromium.
            subprocess.SubprocessError: Chromium could not.
        """
        with tempfile.TemporaryDirectory() as folder:
            page, drawn = Path(folder) / "page.html", Path(folder) / "drawn.png"
            page.write_text(self.page, encoding="utf-8")
            _photograph(page, drawn, self.size)
            told = PngInfo()
            told.add_text(_DRAWN_FROM, self.made_of())
            with Image.open(drawn) as image:
                few = image.convert("RGB").quantize(_COLOURS)
            few.save(PICTURES / self.name, pnginfo=told, optimize=True)


def sheets(files: Sequence[str]) -> tuple[Sheet, ...]:
    """Give all sheets: the steps in both languages, then all there is in each.

    Args:
        files: All pictures.
    """
    small = [
        Frame(language, look=look) for look in (Look.DARK, Look.LIGHT) for language in Language
    ]
    steps = tuple(frame.file(step) for step in STEPS for frame in small)
    return (
        Sheet("contact-sheet.png", steps, columns=4, width=480),
        *(
            Sheet(f"contact-sheet.{language}.png", _all_in(language, files), 4, 480)
            for language in Language
        ),
    )


def _all_in(language: Language, files: Sequence[str]) -> tuple[str, ...]:
    """Give the pictures of a language: a step a row, then whatever else there is."""
    frames = [
        Frame(language, size, look) for size in (SMALL, LARGE) for look in (Look.DARK, Look.LIGHT)
    ]
    steps = tuple(frame.file(step) for step in STEPS for frame in frames)
    others = (file for file in sorted(files) if f".{language}." in file and file not in steps)
    return (*steps, *others)


def _size(picture: str) -> tuple[float, float]:
    box = _VIEW_BOX.search((PICTURES / picture).read_text(encoding="utf-8"))
    assert box is not None
    return float(box[1]), float(box[2])


def _photograph(page: Path, drawn: Path, size: tuple[int, int]) -> None:
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        raise LookupError("chromium is needed (Debian: apt install chromium fonts-firacode)")
    width, height = size
    subprocess.run(
        [
            program,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
            "--allow-file-access-from-files",
            f"--user-data-dir={drawn.parent / 'chromium'}",
            f"--window-size={width},{height}",
            f"--screenshot={drawn}",
            page.as_uri(),
        ],
        check=True,
        capture_output=True,
        timeout=_LONGEST_S,
    )
