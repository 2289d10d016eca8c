"""An app that leaves as it should, whatever ends it."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import os
import signal
import sys
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar, cast

from textual import constants, work
from textual.app import ReturnType
from textual.binding import Binding
from textual.css.query import NoMatches
from textual.dom import DOMNode

from ava_setup.tui.textual_defects.collector import QuietCollector
from ava_setup.tui.textual_defects.drawings import let_drawings_go
from ava_setup.tui.textual_defects.keys_in_turn import KeysInTurn
from ava_setup.tui.textual_defects.screen import SteadyScreen
from ava_setup.tui.textual_defects.styles import KeptStylesheet
from ava_setup.tui.textual_defects.threads import AbandonableThreads
from ava_setup.tui.textual_defects.unbreakable import keep_together

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator
    from typing import Any

    from rich.console import RenderableType
    from textual.app import AutopilotCallbackType
    from textual.driver import Driver
    from textual.notifications import SeverityLevel
    from textual.screen import Screen
    from textual.theme import Theme
    from textual.worker import Worker

P = ParamSpec("P")
T = TypeVar("T")

_SIGNALS: Final = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}
_CRASHED: Final = 1


def background(
    group: str,
) -> Callable[[Callable[P, Coroutine[Any, Any, T]]], Callable[P, Worker[T]]]:
    """Make a method of a screen or widget run as a worker, one at a time in its group.

    Starting it again cancels the one that runs; leaving the screen cancels it too. An error does
    not end the app by itself: it goes to `SteadyApp.worker_failed`.

    Args:
        group: Names what the work is about, on its screen.
    """

    def decorate(method: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, Worker[T]]:
        @functools.wraps(method)
        async def surfaced(*args: P.args, **kwargs: P.kwargs) -> T:
            try:
                return await method(*args, **kwargs)
            except Exception as error:
                node = args[0]
                if isinstance(node, DOMNode) and isinstance(node.app, SteadyApp):
                    node.app.worker_failed(error)
                raise

        # A description is given because the default one prints the arguments.
        started = work(
            exclusive=True, exit_on_error=False, group=group, description=method.__name__
        )(surfaced)
        return cast("Callable[P, Worker[T]]", started)

    return decorate


def print_last_words(app: SteadyApp[Any], error: BaseException) -> None:
    """Say on the terminal why the app ended, whatever state either is in."""
    try:
        words = app.last_words(error)
    except Exception:  # noqa: BLE001 - it is what reports errors
        words = SteadyApp.last_words(app, error)
    with contextlib.suppress(OSError):
        print(words, file=sys.__stderr__, flush=True)


class SteadyApp(KeysInTurn[ReturnType]):
    """The base of the app."""

    ENABLE_COMMAND_PALETTE = False
    BINDINGS = [
        Binding("ctrl+q", "leave(0)", show=False, priority=True),
        Binding("ctrl+c", "leave(130)", show=False, system=True),
    ]
    DEFAULT_CSS = """
    SteadyApp ToastRack {
        dock: top;
        align: right top;
        margin-top: 1;
    }
    SteadyApp:nocolor {
        .input--cursor, .input--selection, .text-area--cursor, .text-area--selection {
            text-style: reverse;
        }
        OptionList > .option-list--option-highlighted,
        OptionList:focus > .option-list--option-highlighted {
            text-style: bold underline;
        }
    }
    """

    def __init__(self, *, driver_class: type[Driver] | None = None) -> None:
        # Asked for here: the filters are chosen when the app is made, before it has a theme.
        colourless = True if "NO_COLOR" in os.environ else None
        # Textual's development log holds every key and every paste.
        constants.LOG_FILE = None  # type: ignore[misc]
        keep_together()
        let_drawings_go()
        # Before all else: they are asked for while the app is made.
        self._coloured: Theme | None = None
        self._colours: dict[str, str] = {}
        super().__init__(driver_class=driver_class, ansi_color=colourless)
        self.stylesheet = KeptStylesheet(variables=self.get_css_variables())
        self.theme = self.validate_theme(self.theme)
        self._collector: QuietCollector | None = None

    def get_css_variables(self) -> dict[str, str]:
        """Give the colours of the theme, worked out once."""
        theme = self.current_theme
        if self._coloured is not theme:
            self._coloured, self._colours = theme, super().get_css_variables()
        return self._colours

    def get_driver_class(self) -> type[Driver]:
        """Choose what draws: ours for a terminal, else what Textual finds."""
        if constants.DRIVER or sys.platform == "win32":
            return super().get_driver_class()
        # Imported here because it exists only where there are terminals of that kind.
        from ava_setup.tui.textual_defects.driver import SteadyDriver  # noqa: PLC0415

        return SteadyDriver

    def last_words(self, error: BaseException) -> str:
        """What to print once the terminal is back, when an error ended the app.

        Override it; an error's own text may hold what was typed, so show its kind only.
        """
        return f"Error: {type(error).__name__}"

    def note_end(self, error: Exception) -> None:
        """Take note of the error that ends the app, while all is still open. To be overridden."""

    def leave(self, return_code: int) -> None:
        """End the app because the person asked: 0 for Ctrl+Q, 130 for Ctrl+C. To be overridden."""
        self.exit(return_code=return_code)

    def action_leave(self, return_code: int) -> None:
        """Leave on a key."""
        self.leave(return_code)

    def worker_failed(self, error: Exception) -> None:
        """Surface an error that a `background` method did not handle; by default it is fatal."""
        self._handle_exception(error)

    def validate_theme(self, theme: str) -> str:
        """Keep to the terminal's own colours when NO_COLOR asks for none."""
        return "ansi-dark" if self.no_color else theme

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

    async def run_async(
        self,
        *,
        headless: bool = False,
        inline: bool = False,
        inline_no_clear: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
        auto_pilot: AutopilotCallbackType | None = None,
    ) -> ReturnType | None:
        """Run, leaving properly on a signal and collecting garbage only in quiet moments."""
        loop = asyncio.get_running_loop()
        loop.set_default_executor(AbandonableThreads())
        with self._minding(loop), QuietCollector(loop) as self._collector:
            return await super().run_async(
                headless=headless,
                inline=inline,
                inline_no_clear=inline_no_clear,
                mouse=mouse,
                size=size,
                auto_pilot=auto_pilot,
            )

    @contextlib.contextmanager
    def _minding(self, loop: asyncio.AbstractEventLoop) -> Iterator[None]:
        """Take signals and stray errors while running."""
        found = {number: signal.getsignal(number) for number in _SIGNALS}
        caught = [number for number, handler in found.items() if handler is not signal.SIG_IGN]
        took_errors = loop.get_exception_handler()
        for number in caught:
            leave = functools.partial(self.exit, return_code=_SIGNALS[number])
            loop.add_signal_handler(number, leave)
        loop.set_exception_handler(self._take_stray_error)
        try:
            yield
        finally:
            loop.set_exception_handler(took_errors)
            for number in caught:
                loop.remove_signal_handler(number)
                signal.signal(number, found[number])

    def _take_stray_error(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        # The loop's own way is to print a traceback.
        if self._running and isinstance(error := context.get("exception"), Exception):
            self.worker_failed(error)

    # Screens before they are shown

    async def make_ahead(self, screen: SteadyScreen[Any]) -> None:
        """Mount a screen, lay it out and draw it; to switch to it then only shows it."""
        self._load_screen_css(screen)
        self._get_screen(screen)
        await screen.wholly_there()
        await screen.draw_ahead()

    def update_styles(self, node: DOMNode, animate: bool = True) -> None:  # noqa: FBT001, FBT002 - Textual's
        """Style a node anew; one that is still being made is styled when it comes."""
        if node is self or node.parent is not None:
            super().update_styles(node, animate=animate)

    async def _shutdown(self) -> None:
        # Whoever shuts it down without a word, a test's pilot among them, ends it all the same.
        self._exit = True
        await super()._shutdown()

    def let_go(self, screen: SteadyScreen[Any]) -> None:
        """Take a screen apart that was made and never shown."""
        if screen.is_running:
            self._prune(screen)

    def input_seen(self) -> None:
        """Collect nothing until it has been quiet again."""
        super().input_seen()
        if self._collector is not None:
            self._collector.input_seen()

    def modules_came(self) -> None:
        """Have what was imported looked at by no collection, before anything is made with it."""
        if self._collector is not None:
            self._collector.modules_came()

    def tidy(self) -> None:
        """Let go of what is no longer used, now that nobody types."""
        if self._collector is not None:
            self._collector.collect()

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        # The last moment before drawing: nothing scrolls or moves between here and the terminal.
        if isinstance(screen, SteadyScreen) and (spot := screen.cursor_spot()) is not None:
            self.cursor_position = spot
        super()._display(screen, renderable)

    def _log(self, *_args: object, **_kwargs: object) -> None:
        """Send nothing to Textual's console, for the same reason as to its log file."""

    def panic(self, *renderables: RenderableType) -> None:  # noqa: ARG002 - a traceback
        """End the app as after an error, without showing what Textual would."""
        self._handle_exception(RuntimeError("the terminal cannot be read"))

    def _handle_exception(self, error: Exception) -> None:
        if self._exit and isinstance(error, NoMatches):
            # Textual mounts nothing once the app is over: a screen on its way lacks its parts.
            return
        self._return_code = _CRASHED
        if self._exception is None:
            with contextlib.suppress(Exception):
                self.note_end(error)
            # Pilot raises it again in tests.
            self._exception = error
            self._exception_event.set()
        self._close_messages_no_wait()

    def _print_error_renderables(self) -> None:
        """Say the last words; Textual calls this once the terminal is back."""
        if self._exception is None:
            with contextlib.suppress(OSError):
                super()._print_error_renderables()
        elif not self.is_headless:
            print_last_words(self, self._exception)
