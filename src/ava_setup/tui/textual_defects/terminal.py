"""The terminal: is it fit to draw on, and does it come back as it was."""

from __future__ import annotations

import codecs
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from ava_setup.tui.textual_defects.app import SteadyApp, print_last_words

if TYPE_CHECKING:
    from collections.abc import Mapping


class TerminalProblem(StrEnum):
    """Why the wizard cannot be drawn here; the caller puts it into words."""

    NOT_A_TERMINAL = "not_a_terminal"
    DUMB = "dumb"
    NOT_UTF8 = "not_utf8"


class _Stream(Protocol):
    def isatty(self) -> bool: ...


def _is_utf8(encoding: str) -> bool:
    try:
        return codecs.lookup(encoding).name == "utf-8"
    except LookupError:
        return False


def refuse_bad_terminal(
    stdin: _Stream, stderr: _Stream, environ: Mapping[str, str]
) -> TerminalProblem | None:
    """Say why the app must not be started here, or `None` when it may.

    Args:
        stdin: Where keys come from.
        stderr: What Textual draws on; stdout stays free for a result.
        environ: The environment; `TEXTUAL_DRIVER` means that something else does the drawing.
    """
    if environ.get("TEXTUAL_DRIVER"):
        return None
    if not (stdin.isatty() and stderr.isatty()):
        return TerminalProblem.NOT_A_TERMINAL
    if environ.get("TERM", "") in {"", "dumb", "unknown"}:
        return TerminalProblem.DUMB
    locale = next(filter(None, map(environ.get, ("LC_ALL", "LC_CTYPE", "LANG"))), "")
    _, _, charset = locale.partition("@")[0].partition(".")
    encodings = (getattr(stderr, "encoding", None) or "ascii", charset or "utf-8")
    return None if all(map(_is_utf8, encodings)) else TerminalProblem.NOT_UTF8


def run_steadily(app: SteadyApp[Any]) -> int:
    """Run an app to its end.

    Returns:
        The exit code to give to the shell, whatever ended it.
    """
    try:
        app.run()
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # noqa: BLE001 - the last place where one can be caught
        print_last_words(app, error)
        return 1
    return app.return_code or 0
