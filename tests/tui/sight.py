"""What cannot be seen of a screen that should be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Button, OptionList
from textual.widgets._select import SelectOverlay

from ava_setup.tui.screens.framed import FramedScreen
from ava_setup.tui.widgets.field import Labelled
from ava_setup.tui.widgets.frame import KeyHints, Notice, Stepper
from tests.tui.strips import squeezed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.screen import Screen

    from tests.tui.strips import Picture

# What is drawn to measure, and so is cut by itself where it must be.
_MEASURED = {"qr", "title-bar", "too-small"}


def what_is_wrong(screen: Screen[Any], picture: Picture) -> Iterator[str]:
    """Say what is out of sight, or cut, of the screen that a picture was made of."""
    focused = screen.focused
    if focused is None:
        yield "nothing has the focus"
        return
    if not _is_whole(focused) and not isinstance(focused, OptionList):
        yield f"#{focused.id} has the focus out of sight"
    for field in (one for one in focused.ancestors if isinstance(one, Labelled)):
        if field.is_wrong and not _is_whole(field):
            yield f"what is wrong with #{field.field_id} is out of sight"
    for button in screen.query("Button.primary, #buttons Button").results(Button):
        if _is_meant(button) and not _is_whole(button):
            yield f"#{button.id} is out of sight"
    yield from _cut_words(screen, picture)
    yield from _cut_options(screen, picture)
    if isinstance(screen, FramedScreen):
        yield from _missing_in_the_frame(screen, picture)


def _is_meant(widget: Widget) -> bool:
    """Whether a widget is meant to be seen."""
    around = (one for one in widget.ancestors_with_self if isinstance(one, Widget))
    return widget.is_attached and all(one.display for one in around)


def _is_whole(widget: Widget) -> bool:
    """Whether all of a widget is on screen."""
    geometry = widget.screen.find_widget(widget)
    return geometry.visible_region == geometry.region and bool(geometry.region)


def _scrolls(widget: Widget) -> bool:
    """Whether what is out of sight of a widget can be scrolled to."""
    return any(one.max_scroll_y > 0 for one in widget.ancestors if isinstance(one, VerticalScroll))


def _cut_words(screen: Screen[Any], picture: Picture) -> Iterator[str]:
    # A list that is open lies over what is below it.
    over = [one.region for one in screen.query(SelectOverlay) if _is_meant(one)]
    for widget in screen.query("Static, Button"):
        if not _is_meant(widget) or widget.id in _MEASURED:
            continue
        words = str(widget.label if isinstance(widget, Button) else widget.render())
        if any(region.overlaps(widget.region) for region in over) or not words.strip():
            continue
        if not _is_whole(widget):
            if not _scrolls(widget):
                yield f"out of sight: {widget.id or widget.parent} {words:.60}"
        elif squeezed(words) not in picture.within(widget.content_region):
            yield f"cut: {widget.id or widget.parent} {words:.60}"


def _cut_options(screen: Screen[Any], picture: Picture) -> Iterator[str]:
    for options in filter(_is_meant, screen.query(OptionList)):
        # Of a list that scrolls, the one that is picked is in sight.
        picked = [options.highlighted_option] if options.highlighted_option else []
        for option in picked if options.max_scroll_y else options.options:
            if squeezed(str(option.prompt)) not in picture.within(options.content_region):
                yield f"cut: #{options.id} {option.prompt!s:.60}"


def _missing_in_the_frame(screen: FramedScreen, picture: Picture) -> Iterator[str]:
    is_still = not screen.query_one(Notice).display and not screen.wizard.news.said
    if is_still and screen.query_one("#body", VerticalScroll).show_vertical_scrollbar:
        yield "the page is longer than there is room for"
    hints = picture.within(screen.query_one(KeyHints).region)
    yield from (f"no {key} among the keys" for key in ("F1", "Ctrl+Q") if key not in hints)
    steps = picture.within(screen.query_one(Stepper).region)
    if any(title not in steps for title in screen.query_one(Stepper).titles):
        yield "a step has no title"
