"""Keys: how soon each is seen, and whether any is lost that comes before there is a screen."""

from __future__ import annotations

import json
import os
import tempfile
import time
from itertools import cycle, takewhile
from pathlib import Path
from statistics import median
from string import ascii_lowercase

from tests.benchmarks.table import Row, percentile
from tests.benchmarks.walk import ENTER, to_business, wizard
from tests.benchmarks.window import PYTHON, WIZARD, Window

KEYS = 500
EARLY_KEYS = 200
CTRL_U = "\x15"
_LINE = 30
_BARE = """
from textual.app import App
from textual.widgets import Input
class Bare(App):
    def compose(self):
        yield Input(placeholder='ready')
Bare().run()
"""
# What nothing on any screen says by itself.
_LETTERS = "qzxjkwv"


def a_key(rounds: int) -> list[Row]:
    """Type into the wizard's first field and into a bare Input, turn about."""
    took: dict[str, list[float]] = {"bare": [], "ours": []}
    with tempfile.TemporaryDirectory() as home:
        bare = Window([PYTHON, "-c", _BARE])
        ours = wizard({"AVA_SETUP_HOME": home})
        with bare, ours:
            bare.wait("ready")
            to_business(ours)
            for window in (bare, ours):
                window.settle(1)
            letters = cycle(_LETTERS)
            for place in range(min(KEYS, rounds * 100)):
                letter = next(letters)
                for name, window in (("bare", bare), ("ours", ours)):
                    took[name].append(window.send(letter))
                    took[name][-1] = window.wait(letter) - took[name][-1]
                if place % _LINE == _LINE - 1:
                    for window in (bare, ours):
                        window.send(CTRL_U)
                        window.settle(0.05)
    late = {name: percentile(values, 0.95) * 1000 for name, values in took.items()}
    return [
        Row(
            "key",
            f"a key: keystroke → glyph, p95 of {len(took['ours'])}",
            late["ours"] / late["bare"],
            2.0,
            "x",
            f"a bare Input, {late['bare']:.1f} ms",
            why=(
                f"{late['ours']:.1f} ms; medians {median(took['ours']) * 1000:.1f} "
                f"and {median(took['bare']) * 1000:.1f} ms"
            ),
            parts={name: round(value, 2) for name, value in late.items()},
        )
    ]


def accepts_keys(rounds: int) -> list[Row]:
    """Type at the first paint; and type ahead, from exec on."""
    first = [_at_first_paint() * 1000 for _round in range(rounds)]
    kept = [_typed_ahead() for _round in range(max(1, rounds // 2))]
    return [
        Row(
            "accepts-keys",
            "accepts keys: sent at first paint, shown",
            median(first),
            50,
            "ms",
            why=f"at worst {max(first):.0f} ms",
            parts={"worst": round(max(first), 1)},
        ),
        Row(
            "early-keys",
            f"of {EARLY_KEYS} keys sent from exec on, kept in order",
            min(kept),
            EARLY_KEYS,
            "",
            f"{EARLY_KEYS} typed ahead",
            at_least=True,
            why="Enter, then letters, one every 5 ms; the field is read from what is kept",
        ),
    ]


def _at_first_paint() -> float:
    """Press a key as soon as the first step is painted; gives the seconds until it is shown."""
    with (
        tempfile.TemporaryDirectory() as home,
        Window([WIZARD, "--lang", "fr"], {"AVA_SETUP_HOME": home}) as window,
    ):
        window.wait("Commencer", "F1")
        # The focus goes to the next button, which is drawn anew.
        pressed = window.send("\t")
        return window.wait("English") - pressed


def _typed_ahead() -> int:
    """Start, and type at once: Enter to begin, then letters for the first field.

    Returns:
        How many of the keys arrived, in order and with nothing between them.
    """
    letters = "".join(letter for letter, _ in zip(cycle(ascii_lowercase), range(199), strict=False))
    with tempfile.TemporaryDirectory() as home:
        with Window([WIZARD, "--lang", "fr"], {"AVA_SETUP_HOME": home}) as window:
            for key in ENTER + letters:
                os.write(window._master, key.encode())
                time.sleep(0.005)
            try:
                window.wait("Nom de l'entreprise")
            except TimeoutError:
                return 0
            window.settle(1)
            window.send("\x11")
            window.settle(2)
            window.process.wait(5)
        state = Path(home) / "profiles" / "default" / "state.json"
        typed = dict(json.loads(state.read_text())["answers"]).get("business-name", "")
    same = takewhile(lambda pair: pair[0] == pair[1], zip(typed, letters, strict=False))
    return 1 + sum(1 for _pair in same)
