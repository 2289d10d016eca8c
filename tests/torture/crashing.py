"""The wizard with F9 made a fault: it raises where a secret is in reach, masked and plain.

Run as `python -m tests.torture.crashing PLACE [arguments of the wizard]`.
"""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, NoReturn

from pydantic import SecretStr
from textual.binding import Binding
from textual.widgets import Input

from ava_setup import cli
from ava_setup.tui import app as wizard
from ava_setup.tui.textual_defects import SecretField, background
from ava_setup.tui.widgets.spoken import Line

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.strip import Strip


def crash(plain: str) -> NoReturn:
    """Raise, with the secret in every kind of place that a traceback shows."""
    masked = SecretStr(plain)
    held = {"plain": plain, "masked": masked, "list": [plain.encode()]}
    try:
        raise ValueError(plain, masked)  # noqa: TRY301 - a chain is wanted
    except ValueError as error:
        error.add_note(plain)
        raise RuntimeError(f"deliberate: {plain} {held}") from error


class Crashing(wizard.AvaSetup):
    """Crashes on F9, at the place named by `PLACE`."""

    PLACE = ""
    BINDINGS = [Binding("f9", "crash", priority=True)]

    def action_crash(self) -> None:
        """Crash."""
        plain = self.screen.query(SecretField).first(Input).value
        places: dict[str, Callable[[str], object]] = {
            "handler": crash,
            "worker": self._crash_in_a_worker,
            "thread": self._crash_in_a_thread,
            "callback": lambda plain: self.call_later(crash, plain),
            "timer": lambda plain: self.set_timer(0.01, lambda: crash(plain)),
            "stray": lambda plain: asyncio.get_running_loop().call_soon(crash, plain),
            "drawing": self._crash_in_drawing,
        }
        places[self.PLACE](plain)

    @background("crash")
    async def _crash_in_a_worker(self, plain: str) -> None:
        crash(plain)

    @background("crash")
    async def _crash_in_a_thread(self, plain: str) -> None:
        await asyncio.to_thread(crash, plain)

    def _crash_in_drawing(self, plain: str) -> None:
        def drawn(y: int) -> Strip:
            crash(plain)

        line = self.screen.query(Line).first()
        line.render_line = drawn  # type: ignore[method-assign]
        line.refresh()


if __name__ == "__main__":
    Crashing.PLACE = sys.argv[1]
    wizard.AvaSetup = Crashing  # type: ignore[misc]
    sys.exit(cli.main(sys.argv[2:]))
