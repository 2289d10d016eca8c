"""Screens whose focus and cursor are where a person expects them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, Protocol, runtime_checkable

from rich.cells import cell_len
from textual import events, on
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.geometry import Offset
from textual.reactive import Reactive
from textual.screen import ModalScreen, Screen, ScreenResultType
from textual.widget import Widget
from textual.widgets import Button, Input, OptionList

from ava_setup.tui.textual_defects.paste import first_line

if TYPE_CHECKING:
    from typing import Any

    from textual.app import App
    from textual.geometry import Size
    from textual.notifications import SeverityLevel
    from textual.selection import Selection
    from textual.timer import Timer

    from ava_setup.tui.textual_defects.fields import TextField

_A_MOMENT: Final = 0.005
# One key may set off three drawings: at Textual's sixty a second, two of them wait their turn.
_BETWEEN_DRAWINGS: Final = 1 / 120


@runtime_checkable
class HasCursor(Protocol):
    """A widget that knows where on the terminal its cursor is, as `Input` does."""

    @property
    def cursor_screen_offset(self) -> Offset:
        """Column and row on the terminal."""
        ...


@runtime_checkable
class MindsKeys(Protocol):
    """An app that holds keys back until the one before has had its effect: `SteadyApp`."""

    def note_gone(self, screen: Screen[Any]) -> None:
        """Take note that a screen went away."""
        ...


@runtime_checkable
class MeetsScreens(Protocol):
    """An app that puts something of its own on every screen."""

    def meet(self, screen: Screen[Any]) -> None:
        """Take note that a screen has come."""
        ...


class ScrollBox(VerticalScroll, can_focus=False):
    """A box that scrolls and never takes the focus; page up and down reach it from within."""


class SteadyScreen(Screen[ScreenResultType]):
    """The base of every screen."""

    AUTO_FOCUS = "Input, OptionList, Button"
    BINDINGS = [
        # Before the focused widget: the rest of a burst must already find the next field.
        Binding("tab", "app.focus_next", show=False, priority=True),
        Binding("shift+tab", "app.focus_previous", show=False, priority=True),
        # The second is run when there was nothing to copy; a question hides the app's own binding.
        Binding("ctrl+c,super+c", "screen.copy_text", show=False),
        Binding("ctrl+c", "app.leave(130)", show=False),
    ]
    # Textual's own draws all of the screen anew whenever the focus moves.
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    _draws: Timer | None = None
    _has_come = False
    _was_early = False
    _was_drawn = False

    @property
    def _update_timer(self) -> Timer:
        if self._draws is None:
            self._draws = self.set_interval(
                _BETWEEN_DRAWINGS, self._on_timer_update, name="screen_update", pause=True
            )
        return self._draws

    @property
    def is_going_away(self) -> bool:
        """Whether it was taken away before all of it was there: its mount comes all the same."""
        return self._pruning

    @property
    def leads_on(self) -> bool:
        """Whether it is about to be left: what is typed now is meant for the screen after it."""
        return False

    def take_paste(self, field: TextField, text: str) -> str | None:  # noqa: ARG002 - for overriding
        """See the whole of a paste before `field` inserts any of it.

        Override it to understand more than one line, or to fill several fields.

        Returns:
            The one line to insert, or `None` when there is nothing left for the field to do.
        """
        return first_line(text)

    def on_paste(self, event: events.Paste) -> None:
        """Keep a paste that comes before the first field has the focus."""
        if self.focused is None:
            event.stop()
            self.call_after_refresh(self._paste_late, event.text)

    def _paste_late(self, text: str) -> None:
        from ava_setup.tui.textual_defects.fields import TextField  # noqa: PLC0415 - it imports this

        if isinstance(self.focused, TextField):
            self.focused.insert_paste(text)

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Show a toast; its text is shown as it is unless `markup` says otherwise."""
        super().notify(message, title=title, severity=severity, timeout=timeout, markup=markup)

    def _pop_result_callback(self) -> None:
        # The app's first screen was never pushed, so it has none; Textual then fails to switch it.
        if self._result_callbacks:
            super()._pop_result_callback()

    def _post_register(self, app: App[Any]) -> None:
        super()._post_register(app)
        # Else all on it is styled once more as soon as it is told of its size.
        for cells, steps in (
            (app.size.width, self.HORIZONTAL_BREAKPOINTS),
            (app.size.height, self.VERTICAL_BREAKPOINTS),
        ):
            self.add_class(*self._get_breakpoint_classes(cells, steps or []), update=False)

    def _watch_selections(  # type: ignore[override] # Textual's is awaited, or is never
        self, was: dict[Widget, Selection], now: dict[Widget, Selection]
    ) -> None:
        # Told at once: what waits on a screen that ends meanwhile is warned of on the terminal.
        for widget in was.keys() | now.keys():
            widget.selection_updated(now.get(widget))

    def _screen_resized(self, size: Size) -> None:  # noqa: ARG002 - it may be an old one
        # Two sizes on their way at once would follow each other for ever: each brings itself again.
        super()._screen_resized(self.app.size)

    @on(events.ScreenResume)
    def _come_styled(self, event: events.ScreenResume) -> None:
        """Style nothing twice: what comes for the first time was styled just now."""
        if not self._has_come:
            self._has_come = True
            event.refresh_styles = False
            if self._was_early:
                self.arrive()
            if self._was_drawn:
                if isinstance(self.focused, Input):
                    # It has blinked since long before it is seen.
                    self.focused._restart_blink()  # noqa: SLF001 - no public way
                # A sixtieth of a second before Textual would.
                self.call_next(self._on_timer_update)
            else:
                self.app.stylesheet.apply(self)

    @property
    def is_early(self) -> bool:
        """Whether it is there before it is shown."""
        return self not in self.app.screen_stack

    def arrive(self) -> None:
        """Take note that it is shown, having been made before. To be overridden."""

    async def wholly_there(self) -> None:
        """Wait until all of it is mounted."""
        while not (self._is_whole or self.is_going_away):  # noqa: ASYNC110 - nothing tells when
            await asyncio.sleep(_A_MOMENT)

    @property
    def _is_whole(self) -> bool:
        return self.is_mounted and all(widget.is_mounted for widget in self.walk_children(Widget))

    async def draw_ahead(self) -> None:
        """Lay it out and draw it once, so that all of that is known when it is shown."""
        self._update_auto_focus()
        for _round in range(2):
            # Some of it is known only by those who know their size.
            self._refresh_layout(self.app.size)
            await asyncio.sleep(_A_MOMENT)
        if self.is_early:
            self._layout_required = False
            self._compositor.render_strips(self.app.size)
            self._was_drawn = True

    @on(events.Mount)
    def _be_met(self) -> None:
        """Have the app put on this screen what it has for every screen."""
        self._was_early = self.is_early
        if isinstance(self.app, MeetsScreens):
            self.app.meet(self)

    @on(events.Unmount)
    def _let_keys_go_on(self) -> None:
        """Have the keys wait no longer for the one that closed this screen."""
        if isinstance(self.app, MindsKeys):
            self.app.note_gone(self)

    def cursor_spot(self) -> Offset | None:
        """Where the focus is on the terminal, for whoever reads it by ear."""
        focused = self.focused
        if focused is None or not focused.is_attached:
            return None
        if isinstance(focused, HasCursor):
            return focused.cursor_screen_offset
        item = _innermost(focused)
        return item.content_region.offset + _spot_within(item)


class SteadyModal(SteadyScreen[ScreenResultType], ModalScreen[ScreenResultType]):
    """The base of every question asked over a screen."""


def _innermost(widget: Widget) -> Widget:
    """The part of a widget that its words are in: a Select's label, a RadioSet's chosen button."""
    while children := widget.displayed_children:
        widget = next((child for child in children if child.has_class("-selected")), children[0])
    return widget


def _spot_within(widget: Widget) -> Offset:
    """Where in a widget the current words begin."""
    if isinstance(widget, OptionList) and widget.highlighted is not None:
        line = widget._index_to_line.get(widget.highlighted, 0)  # noqa: SLF001 - no public way
        return Offset(0, line) - widget.scroll_offset
    if isinstance(widget, Button):
        # Its words are centred.
        spare = widget.content_size - (cell_len(str(widget.label)), 1)
        return Offset(spare.width // 2, spare.height // 2)
    return Offset(0, 0)
