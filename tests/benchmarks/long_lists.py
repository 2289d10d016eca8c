"""Five thousand numbers: how soon they are drawn, and how soon they follow what is typed."""

from __future__ import annotations

import copy
import tempfile
from dataclasses import asdict
from pathlib import Path
from statistics import median

from ava_setup.sandbox import Sandbox
from tests.benchmarks.table import Row, percentile
from tests.benchmarks.walk import ENTER, ESCAPE, addresses, to_review, wizard

NUMBERS = 5000
BACKSPACE = "\x7f"
# Drawn is what is followed by nothing for so long.
QUIET_S = 0.15


def long_lists(rounds: int) -> list[Row]:
    """Come back to the list from the review, and look for numbers in it, again and again."""
    opened: list[float] = []
    typed: list[float] = []
    with Sandbox("fresh") as sandbox, tempfile.TemporaryDirectory() as home:
        told = asdict(sandbox.announcement)
        _fill(sandbox)
        window = wizard(addresses(told, Path(home)))
        with window:
            to_review(window, told)
            for place in range(rounds * 4):
                pressed = window.send(ESCAPE)
                window.wait("voix", "Choisir ce numéro", "F1")
                opened.append((window.settle(QUIET_S) - pressed) * 1000)
                window.settle()
                searched = f"{(place * 977) % NUMBERS:04}"
                for sign in searched:
                    pressed = window.send(sign)
                    window.wait(sign)
                    typed.append((window.settle(QUIET_S) - pressed) * 1000)
                for _sign in searched:
                    window.send(BACKSPACE)
                    window.settle(0.1)
                window.send(ENTER)
                window.wait("Mettre en service")
                window.settle()
    return [
        Row(
            "long-lists",
            f"long lists: {NUMBERS:,} numbers, open, p95",
            percentile(opened, 0.95),
            100,
            "ms",
            why=f"median {median(opened):.0f} ms, Escape on the review → drawn",
        ),
        Row(
            "long-lists",
            f"long lists: {NUMBERS:,} numbers, filter as you type, p95",
            percentile(typed, 0.95),
            50,
            "ms",
            why=f"median {median(typed):.0f} ms",
        ),
    ]


def _fill(sandbox: Sandbox) -> None:
    """Have the account hold so many numbers."""
    account = sandbox.world.accounts[sandbox.announcement.twilio_account_sid]
    [first] = account.numbers.values()
    for place in range(1, NUMBERS):
        sid, number = f"PN{place:032x}", f"+331991{place:05d}"
        record = copy.deepcopy(first)
        record.update(sid=sid, phone_number=number, friendly_name=number)
        account.numbers[sid] = record
