"""Work shows once it has taken a moment, and then long enough to be read."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from textual.app import App

from ava_setup.tui.widgets import activity
from ava_setup.tui.widgets.activity import Activity
from ava_setup.tui.widgets.pace import Pace
from ava_setup.words import NOTHING, Language, Text, Voice, verbatim

if TYPE_CHECKING:
    from textual.app import ComposeResult

ASKING, READING = verbatim("Asking"), verbatim("Reading")


def on_screen(heard: list[tuple[float, Text]], now: float) -> Text:
    """Give what is on screen at a time, after all that was heard before it."""
    pace = Pace()
    for when, going_on in heard:
        pace = looked_at_when_due(pace, when).hear(going_on, when)
    return looked_at_when_due(pace, now).shown


def looked_at_when_due(pace: Pace, until: float) -> Pace:
    """Do what a timer would."""
    while pace.due is not None and pace.due <= until:
        pace = pace.at(pace.due)
    return pace


@pytest.mark.parametrize(
    ("heard", "now", "shown"),
    [
        ([(0, ASKING)], 0.09, NOTHING),
        ([(0, ASKING)], 0.11, ASKING),
        ([(0, ASKING), (0.09, NOTHING)], 0.2, NOTHING),
        ([(0, ASKING), (0.09, READING)], 0.11, READING),
        ([(0, ASKING), (0.2, NOTHING)], 1.0, ASKING),
        ([(0, ASKING), (0.2, NOTHING)], 1.2, NOTHING),
        ([(0, ASKING), (3, NOTHING)], 3.0, NOTHING),
        ([(0, ASKING), (0.2, NOTHING), (0.5, READING)], 0.5, READING),
        ([(0, ASKING), (0.2, NOTHING), (0.5, READING)], 9.0, READING),
        ([(0, ASKING), (0.2, READING), (0.3, NOTHING)], 1.0, READING),
    ],
)
def test_work_shows_after_a_tenth_of_a_second_and_for_one_second_at_least(
    heard: list[tuple[float, Text]], now: float, shown: Text
) -> None:
    assert on_screen(heard, now) == shown


class Busy(App[None]):
    voice = Voice(Language.EN)

    def compose(self) -> ComposeResult:
        yield Activity()


async def test_work_that_was_due_long_ago_because_all_was_held_up_is_shown_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app, clock = Busy(), iter([0.0])
    monkeypatch.setattr(activity, "time", SimpleNamespace(monotonic=lambda: next(clock, 60.0)))
    async with app.run_test() as pilot:
        shown = app.query_one(Activity)
        shown.follow(ASKING)
        shown.follow(READING)
        for _turn in range(100):
            await pilot.pause(0.01)
            if "Reading" in str(shown.content):
                break
        assert "Reading" in str(shown.content)
