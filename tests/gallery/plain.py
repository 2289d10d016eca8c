"""The demo line by line, as it is read on a real terminal."""

from __future__ import annotations

import asyncio
import io
import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.terminal_theme import DIMMED_MONOKAI
from rich.text import Text

from ava_setup.words import Voice, _
from tests.gallery.frame import lasting
from tests.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gallery.frame import Frame

SUBJECT = "25-plain"

# Enough that nothing scrolls away.
_ROWS = 300
_LONGEST_S = 60.0
_ANSWERED_BY_THE_DEMO = "*"
_RINGS = _("In this demo, an asterisk, *, places a call.")
_ENDS = _("End of the demo: nothing was kept.")
# Said only where something takes a while: it may not.
_GOES_ON = "…"


async def draw(frame: Frame, home: Path) -> dict[str, str]:
    """Have the demo answer each question, and draw all that was said."""
    said = await asyncio.to_thread(_transcript, frame, home)
    assert Voice(frame.language)(_ENDS) in said
    assert "\x1b" not in said
    return {frame.file(SUBJECT): _drawn(said, frame)}


def _transcript(frame: Frame, home: Path) -> str:
    command = [sys.executable, "-m", "ava_setup", "--plain", "--demo", "--lang", frame.language]
    rings = Voice(frame.language)(_RINGS)
    columns, _rows = frame.size
    env = {"AVA_SETUP_HOME": str(home), "TZ": "Europe/Paris"}
    with Terminal(command, columns=columns, rows=_ROWS, env=env) as terminal:
        answered = (0, -1)

        def is_asked() -> bool:
            column, row = terminal.cursor
            before, line = (["", *terminal.screen_text().splitlines()][row : row + 2],)[0]
            asks = line.rstrip().endswith(":") and column == len(line.rstrip()) + 1
            return (column, row) != answered and (asks or before.rstrip() == rings)

        while terminal.process.poll() is None:
            terminal.wait_until(
                lambda: is_asked() or terminal.process.poll() is not None, "a question", _LONGEST_S
            )
            answered = terminal.cursor
            terminal.type(f"{_ANSWERED_BY_THE_DEMO}\r")
        assert terminal.exit_code() == 0, terminal.screen_text()
        lines = [line.rstrip() for line in terminal.screen_text().rstrip().splitlines()]
    return "\n".join(line for line in lines if not line.endswith(_GOES_ON))


def _drawn(said: str, frame: Frame) -> str:
    columns, _rows = frame.size
    console = Console(
        width=columns,
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
        record=True,
        legacy_windows=False,
    )
    console.print(Text(said))
    return lasting(console.export_svg(title="ava-setup --plain --demo", theme=DIMMED_MONOKAI))
