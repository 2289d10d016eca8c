"""What says over a question that all of this is a demo: it dims the bar that says so below."""

from __future__ import annotations

from ava_setup.tui.widgets.spoken import Line
from ava_setup.words import _


class DemoMark(Line):
    """One line along the top of the window."""

    DEFAULT_CSS = """
    DemoMark {
        dock: top;
        height: 1;
        width: 100%;
        text-align: center;
        text-style: reverse;
    }
    """

    def __init__(self) -> None:
        super().__init__(_("DEMO: nothing here is real, and nothing is kept."), id="demo-mark")
