"""Where the time of a step goes, by looking at what runs a thousand times a second."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Final

from textual.events import Key

from ava_setup.sandbox import Sandbox
from tests.journey.wizard import Wizard, wizard_on

STEPS: Final = 20
# The first of these that is found, from the innermost call outwards, names what goes on.
_KINDS: Final = (
    ("css/stylesheet.py:", "styling widgets"),
    ("textual_defects/styles.py:", "styling widgets"),
    ("_compositor.py:reflow", "laying out"),
    ("_compositor.py:render_update", "drawing"),
    ("app.py:_register", "mounting widgets"),
    ("compose.py:compose", "making widgets"),
    ("ava_setup/onboarding/", "the engine"),
    ("ava_setup/store/", "the disk"),
    ("ava_setup/tui/screens/", "our screens"),
    ("ava_setup/tui/", "our widgets"),
    ("selectors.py:select", "waiting"),
    ("message_pump.py:", "passing messages on"),
)


def explained() -> str:
    """Say, in shares, where the time between Enter and the next step goes."""
    seen: Counter[str] = Counter()
    widgets = asyncio.run(_watched(seen))
    told = "\n".join(f"  {share / seen.total():6.1%}  {kind}" for kind, share in seen.most_common())
    return f"A step of {widgets} widgets, from Enter until it is drawn:\n{told}"


async def _watched(seen: Counter[str]) -> int:
    looking, over = threading.Event(), threading.Event()
    looker = threading.Thread(
        target=_look, args=(threading.get_ident(), seen, looking, over), daemon=True
    )
    looker.start()
    interval = sys.getswitchinterval()
    sys.setswitchinterval(0.0005)
    try:
        with Sandbox("fresh") as sandbox, tempfile.TemporaryDirectory() as home:
            async with wizard_on(sandbox, Path(home), size=(80, 24)) as wizard:
                await wizard.up_to_twilio()
                for _step in range(STEPS):
                    await _go(wizard, looking)
                return len(wizard.app.screen.walk_children())
    finally:
        over.set()
        looking.set()
        looker.join()
        sys.setswitchinterval(interval)


async def _go(wizard: Wizard, looking: threading.Event) -> None:
    """Go back, and on again: only that is looked at."""
    await wizard.press("escape")
    await wizard.on("assistant")
    await asyncio.sleep(0.3)
    looking.set()
    wizard.app.post_message(Key("enter", "\r"))
    await wizard.until(lambda: wizard.app.screen.name == "twilio" and wizard.app.screen.focused)
    looking.clear()
    await asyncio.sleep(0.3)


def _look(
    watched: int, seen: Counter[str], looking: threading.Event, over: threading.Event
) -> None:
    while looking.wait() and not over.is_set():
        frame = sys._current_frames().get(watched)
        calls = []
        while frame is not None:
            calls.append(f"{Path(frame.f_code.co_filename).as_posix()}:{frame.f_code.co_name}")
            frame = frame.f_back
        seen[_kind(calls)] += 1
        time.sleep(0.001)


def _kind(calls: list[str]) -> str:
    return next((kind for call in calls for part, kind in _KINDS if part in call), "the event loop")
