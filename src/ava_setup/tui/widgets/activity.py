"""What is being done, beside a motion, and what is said in passing: both above the buttons."""

from __future__ import annotations

import time
from itertools import cycle
from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content

from ava_setup.tui.widgets.pace import Pace
from ava_setup.tui.widgets.spoken import Line, say
from ava_setup.words import NOTHING, Text

if TYPE_CHECKING:
    from textual.timer import Timer

_MOTION = ("●○○", "○●○", "○○●", "○●○")
_STILL = "●●●"
_MOTION_S = 0.25
# Textual 8.2.8 divides by a timer's time: one of 0 s ends the app.
_AT_ONCE_S = 0.001


class News(NamedTuple):
    """Something said in passing.

    Attributes:
        title: What happened, or nothing.
        said: What there is to say.
        more: What there is to know beside, or nothing.
    """

    title: Text = NOTHING
    said: Text = NOTHING
    more: Text = NOTHING


class Activity(Line):
    """Says what is being done; where nothing is, its own sentence."""

    def __init__(self, *, id: str = "activity") -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._news = News()
        self._pace = Pace()
        self._due: Timer | None = None
        self._motion: Timer | None = None
        self._frames = cycle(_MOTION)
        self._frame = _STILL

    @property
    def going_on(self) -> Text:
        """What is being done, or nothing."""
        return self._pace.going_on

    def follow(self, going_on: Text) -> None:
        """Say what is being done now, or nothing; too short a work is never shown."""
        if going_on != self._pace.going_on:
            self._take(self._pace.hear(going_on, time.monotonic()))

    def pass_on(self, news: News) -> None:
        """Say something in passing; work that is over makes room for it."""
        self._news = news
        self.settle()

    def settle(self) -> None:
        """Show no longer what is over."""
        self._take(self._pace if self._pace.going_on else Pace())

    def _take(self, pace: Pace) -> None:
        self._pace = pace
        if self._due is not None:
            self._due.stop()
            self._due = None
        if pace.due is not None:
            left = max(_AT_ONCE_S, pace.due - time.monotonic())
            self._due = self.set_timer(left, self._on_time)
        self._move(moving=bool(pace.shown))
        self.speak()

    def _on_time(self) -> None:
        self._take(self._pace.at(time.monotonic()))

    def _move(self, *, moving: bool) -> None:
        if not moving and self._motion is not None:
            self._motion.stop()
            self._motion = None
        elif moving and self._motion is None and self.app.animation_level != "none":
            self._frame = next(self._frames)
            self._motion = self.set_interval(_MOTION_S, self._step)

    def _step(self) -> None:
        self._frame = next(self._frames)
        # As many cells as before: nothing else has to move.
        self.update(self._words(), layout=False)

    def speak(self) -> None:
        """Put the words on screen anew."""
        words = self._words()
        self.set_class(not words, "-empty")
        self.set_class(bool(self._news.said), "-news")
        self.update(words)

    def _words(self) -> Content:
        news = self._news
        lines = [
            Content.styled(say(self, news.title), "bold"),
            Content(say(self, news.said)),
            Content(say(self, news.more)),
        ]
        if self._pace.shown:
            shown = f"{self._frame} {say(self, self._pace.shown)}"
            lines.append(Content.styled(shown, "$accent"))
        else:
            lines.append(Content(say(self, self.sentence)))
        return Content("\n").join(line for line in lines if line)
