"""Records the demo that plays by itself, from a real terminal: `make screenshots`.

Writes `screenshots/autoplay.<language>.cast` (asciicast v2: `asciinema play`), which holds what
changed from one picture to the next. What tells the same story in the same colours is left as it
is: a run at another time of day changes nothing.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pyte

from ava_setup.words import Language
from tests.terminal import UNKNOWN_TO_PYTE, Terminal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyte.screens import Char

PICTURES = Path(__file__).parents[1] / "screenshots"
COLUMNS, ROWS = 80, 24
CAPTION_ROWS = 3

# Seconds: at most that long nothing moves; what comes within a frame comes at once.
_IDLE, _FRAME = 6.0, 0.04
_LONGEST = 900.0
_MOMENT = re.compile(r"\d\d/\d\d/\d{4} \d\d:\d\d")
# What scanners take for a credential: the made-up account's number is drawn in full.
_SHAPE = re.compile(r"(?<=[0-9a-f]{16})(?=[0-9a-f]{16})")
# pyte has one screen only: entering and leaving the other one begins with an empty one.
_OTHER_SCREEN = re.compile(rb"\x1b\[\?1049[hl]")
_EMPTY = b"\x1b[2J\x1b[H"
_HEADER = {"version": 2, "width": COLUMNS, "height": ROWS, "env": {"TERM": "xterm-256color"}}

Picture: TypeAlias = "tuple[tuple[Char, ...], ...]"


@dataclass(frozen=True, slots=True)
class Written:
    """Something that was drawn.

    Attributes:
        at: Seconds from the beginning.
        text: As it goes to the terminal.
    """

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Scene:
    """A screen as it was at the end of a caption.

    Attributes:
        text: Without the time of day.
        colours: Of text and background, each pair that was on it.
    """

    text: str
    colours: frozenset[tuple[str, str]]

    @property
    def caption(self) -> str:
        """The caption, in one line."""
        rows = self.text.splitlines()[ROWS - CAPTION_ROWS : ROWS - 1]
        return " ".join(" ".join(rows).split())


class _Canvas:
    """A terminal's screen."""

    def __init__(self) -> None:
        self._screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self._screen)

    def draw(self, written: bytes) -> None:
        known = UNKNOWN_TO_PYTE.sub(b"", _OTHER_SCREEN.sub(_EMPTY, written))
        self._stream.feed(known)

    @property
    def picture(self) -> Picture:
        buffer = self._screen.buffer
        return tuple(tuple(buffer[row][at] for at in range(COLUMNS)) for row in range(ROWS))

    @property
    def scene(self) -> Scene:
        text = _MOMENT.sub("…", "\n".join(self._screen.display))
        return Scene(text, frozenset((one.fg, one.bg) for row in self.picture for one in row))


class _Recorded(Terminal):
    """A terminal that remembers when what was drawn."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.written: list[tuple[float, bytes]] = []
        super().__init__(*args, **kwargs)

    def _feed(self, written: bytes) -> None:
        self.written.append((time.monotonic(), written))
        super()._feed(written)


def record(language: Language) -> tuple[Written, ...]:
    """Play it once, from its beginning to its end.

    Raises:
        AssertionError: It did not come to its end.
    """
    command = [sys.executable, "-m", "ava_setup", "--autoplay", "--lang", language.value]
    with tempfile.TemporaryDirectory() as home:
        environment = {"AVA_SETUP_HOME": home, "TZ": "Europe/Paris"}
        with _Recorded(command, columns=COLUMNS, rows=ROWS, env=environment) as terminal:
            code = terminal.exit_code(_LONGEST)
            assert code == 0, f"it ended with {code}:\n{terminal.screen_text()}"
            return tuple(_changes(_frames(terminal.written)))


def _frames(written: Iterable[tuple[float, bytes]]) -> Iterator[tuple[float, Picture]]:
    """Give the pictures that stood for a moment, with what is idle shortened."""
    canvas = _Canvas()
    at, before, together = 0.0, None, b""
    for moment, drawn in written:
        gap = moment - before if before is not None else 0.0
        if gap > _FRAME:
            canvas.draw(together)
            yield at, canvas.picture
            at, together = at + min(gap, _IDLE), b""
        before = moment
        together += drawn
    canvas.draw(together)
    yield at, canvas.picture


def _changes(frames: Iterable[tuple[float, Picture]]) -> Iterator[Written]:
    """Give what is to be drawn for each picture to become the next."""
    shown = _Canvas().picture
    yield Written(0.0, "\x1b[?25l")
    for at, picture in frames:
        rows = zip(shown, picture, strict=True)
        text = "".join(_row_drawn(row, was, now) for row, (was, now) in enumerate(rows))
        # Apart, so that no line of the file looks like a credential.
        for part in filter(None, _SHAPE.split(text)):
            yield Written(round(at, 2), part)
        shown = picture


def _row_drawn(row: int, was: tuple[Char, ...], now: tuple[Char, ...]) -> str:
    changed = [at for at in range(COLUMNS) if was[at] != now[at]]
    if not changed:
        return ""
    first, last = changed[0], changed[-1]
    drawn, style = f"\x1b[{row + 1};{first + 1}H", ""
    for cell in now[first : last + 1]:
        if _style(cell) != style:
            style = _style(cell)
            drawn += style
        drawn += cell.data
    return f"{drawn}\x1b[0m"


def _style(cell: Char) -> str:
    marks = ((1, cell.bold), (3, cell.italics), (4, cell.underscore), (7, cell.reverse))
    codes = ["0", *(str(code) for code, on in marks if on)]
    for ground, colour in ((38, cell.fg), (48, cell.bg)):
        if colour != "default":
            codes.append(f"{ground};2;{';'.join(str(part) for part in bytes.fromhex(colour))}")
    return f"\x1b[{';'.join(codes)}m"


def as_cast(written: Iterable[Written]) -> str:
    """Write a recording as asciicast v2; nothing of this computer is in it."""
    events = ([one.at, "o", one.text] for one in written)
    lines = (json.dumps(line, ensure_ascii=False) for line in (_HEADER, *events))
    return "\n".join(lines) + "\n"


def read_cast(cast: str) -> tuple[Written, ...]:
    """Read a recording."""
    _header, *events = map(json.loads, cast.splitlines())
    return tuple(Written(at, text) for at, _kind, text in events)


def scenes(written: Iterable[Written]) -> tuple[Scene, ...]:
    """Give the screen as it was at the end of each caption, in order."""
    canvas = _Canvas()
    found: list[Scene] = []
    for one in written:
        canvas.draw(one.text.encode())
        now = canvas.scene
        if found and found[-1].caption == now.caption:
            found.pop()
        found.append(now)
    # What comes before the first caption is there too short to be the same each time.
    return tuple(scene for scene in found if scene.caption)


def main() -> int:
    """Record it in every language."""
    PICTURES.mkdir(exist_ok=True)
    with ThreadPoolExecutor() as players:
        for language, written in zip(Language, players.map(record, Language), strict=True):
            place = PICTURES / f"autoplay.{language}.cast"
            known = read_cast(place.read_text(encoding="utf-8")) if place.exists() else ()
            if scenes(known) != scenes(written):
                place.write_text(as_cast(written), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
