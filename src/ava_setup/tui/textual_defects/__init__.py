"""Textual's defects, as reproduced on 8.2.8, and what handles each of them.

Screens and the app build on the classes of this package instead of Textual's own.

1.  Keys of one burst overtake each other: `TextField`, `ManyLines` act on their own keys at once,
    and `SteadyApp` holds what follows a key until that key has had its effect.
2.  Tab in a burst puts the next word into the field just left: `SteadyScreen` binds it first.
3.  alt+backspace and ctrl+backspace delete to the right: `TextField` deletes the word to the left.
4.  A password field copies and cuts in clear: `SecretField` does neither, nor shows its value.
5.  A paste keeps its first line, even when that is empty, or vanishes: `TextField` keeps the first
    line with words in it, cuts what is too long and says so with `TextField.PasteCut`.
6.  The first focus goes to a scrolling box: `SteadyScreen.AUTO_FOCUS`; scroll with `ScrollBox`.
7.  A signal leaves the terminal raw: `SteadyApp` leaves properly on SIGINT, SIGTERM and SIGHUP,
    and when the terminal is lost.
8.  A crash prints local variables and exits 0: `SteadyApp.last_words`, `run_steadily`.
9.  Without a terminal it hangs: `refuse_bad_terminal`, before the app is made.
10. Brackets in a person's text are markup: `notify` shows text as it is; elsewhere, a rule for
    whoever calls: `PlainText` instead of `Static`, and `plain(text)` for options and labels.
11. Toasts cover the buttons: `SteadyApp` docks them at the top. Ours are none: what is said in
    passing has a place of its own in the frame.
12. Ctrl+C does not leave: `SteadyApp.leave`; a filled field is not selected when focused.
13. Validators speak English: `WordedRule` says only what it is told to say.
14. NO_COLOR still emits greys: `SteadyApp` emits no colour, and reverses what colour would show.
    A terminal that is not UTF-8 shows escapes: `refuse_bad_terminal`.
15. The hardware cursor stays behind, and screen readers with it: `SteadyScreen.cursor_spot`.
16. An error in a worker ends the app: `background` and `SteadyApp.worker_failed`.

More that came up: a screen that the app began with cannot be switched (`SteadyScreen` can); a
page that goes away loses the messages on their way through it (`SteadyApp.note_gone`); a thread
that hangs holds the terminal at the end (`AbandonableThreads`, set by `SteadyApp`); lines break at
unbreakable spaces (`keep_together`, called by `SteadyApp`); and two sizes that reach a screen at
once follow each other for ever (`SteadyScreen` heeds the terminal's own).

A new screen's style has all others parsed anew, and every widget is matched against every rule
each time: `KeptStylesheet`, used by `SteadyApp`. A third of what is parsed before the first screen
is about buttons that we have none of: `CompactButton` brings only what it looks like.
A widget is styled over and over while it is made: `SteadyApp` waits until it is there.
What was drawn of a widget stays in memory for good, and each line of it has seven caches:
`let_drawings_go`, called by `SteadyApp`.
Automatic garbage collection makes steps jerk: `QuietCollector`, attached by `SteadyApp`.
Pictures and tests stay still with `TEXTUAL_ANIMATIONS=none`: then no cursor blinks, either.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from ava_setup.tui.textual_defects.app import SteadyApp, background
from ava_setup.tui.textual_defects.buttons import CompactButton
from ava_setup.tui.textual_defects.collector import QuietCollector
from ava_setup.tui.textual_defects.plain_text import PlainText, plain
from ava_setup.tui.textual_defects.screen import ScrollBox, SteadyModal, SteadyScreen
from ava_setup.tui.textual_defects.terminal import (
    TerminalProblem,
    refuse_bad_terminal,
    run_steadily,
)

if TYPE_CHECKING:
    from ava_setup.tui.textual_defects.fields import SecretField, TextField, WordedRule
    from ava_setup.tui.textual_defects.many_lines import ManyLines

__all__ = [
    "CompactButton",
    "ManyLines",
    "PlainText",
    "QuietCollector",
    "ScrollBox",
    "SecretField",
    "SteadyApp",
    "SteadyModal",
    "SteadyScreen",
    "TerminalProblem",
    "TextField",
    "WordedRule",
    "background",
    "plain",
    "refuse_bad_terminal",
    "run_steadily",
]


# The first screen has no field, and Textual's editor alone takes 9 ms to import.
_LATE = {
    "ManyLines": "many_lines",
    "SecretField": "fields",
    "TextField": "fields",
    "WordedRule": "fields",
}


def __getattr__(name: str) -> object:
    if name not in _LATE:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_LATE[name]}"), name)
