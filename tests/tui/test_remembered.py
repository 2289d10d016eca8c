"""What is remembered of widgets, to draw the next ones sooner: never what is no longer so."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Final

from textual._styles_cache import StylesCache
from textual.color import Color
from textual.containers import Vertical
from textual.widgets import Static

from ava_setup.tui.textual_defects import SteadyApp, SteadyScreen

if TYPE_CHECKING:
    from textual.app import ComposeResult

RED, GREEN, BLUE, YELLOW = map(Color.parse, ("red", "green", "blue", "yellow"))
NAMES: Final = ("plain", "own", "other")


class Boxes(SteadyScreen[None]):
    """Three boxes, one in another, and what tells them apart."""

    CSS = """
    .box { height: 1; background: red; }
    .around.-wrong .box { background: green; }
    .box:disabled { background: blue; }
    #own { background: yellow; }
    """

    def compose(self) -> ComposeResult:
        with Vertical(classes="around", id="first"):
            yield Static("a", classes="box", id="plain")
            yield Static("b", classes="box", id="own")
        with Vertical(classes="around", id="second"):
            yield Static("c", classes="box", id="other")


async def test_a_style_is_still_that_of_where_a_widget_is_and_how_it_stands() -> None:
    app = SteadyApp[None]()
    async with app.run_test() as pilot:
        for _time in range(2):
            await app.push_screen(Boxes())
            await pilot.pause()

            def colour(name: str) -> Color:
                return app.screen.query_one(f"#{name}").styles.background

            assert [colour(one) for one in NAMES] == [RED, YELLOW, RED]
            app.screen.query_one("#first").add_class("-wrong")
            await pilot.pause()
            assert [colour(one) for one in NAMES] == [GREEN, YELLOW, RED]
            app.screen.query_one("#first").remove_class("-wrong")
            app.screen.query_one("#second").disabled = True
            await pilot.pause()
            assert [colour(one) for one in NAMES] == [RED, YELLOW, BLUE]
            await app.pop_screen()


async def test_nothing_that_was_drawn_outlives_its_widget() -> None:
    app = SteadyApp[None]()
    async with app.run_test() as pilot:
        for _time in range(4):
            await app.push_screen(Boxes())
            await pilot.pause()
            await app.pop_screen()
            await pilot.pause()
        gc.collect()
        drawn = [one for one in gc.get_objects() if isinstance(one, StylesCache)]
        assert len(drawn) < len(app.screen.walk_children(with_self=True)) + 8
