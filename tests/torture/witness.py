"""A plugin of pytest for a watched suite: writes down what tests see and would then forget.

Terminals, their clipboards, the outputs of programs, the pictures of apps; and the secrets in use
that nobody would have looked for.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import subprocess
import threading
from functools import wraps
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from _pytest.logging import LogCaptureHandler
from hypothesis import currently_in_test_context
from pydantic import SecretStr
from textual.app import App

from ava_setup.onboarding.chronicle import LOGGER
from ava_setup.sandbox.ids import Ids
from ava_setup.sandbox.population import populate
from ava_setup.sandbox.scenarios import scenario_names
from tests.canaries import MARK
from tests.terminal import Terminal
from tests.torture.canary import clipboard, without_escapes
from tests.torture.keeping import PASSED_ON, SUITE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

_HOME = Path(os.environ[SUITE])
_NUMBERS = count()
_SECRETS: set[str] = set()
_PASSED_ON = {name: os.environ[name] for name in PASSED_ON}


def _write_down(kind: str, seen: bytes | str) -> None:
    data = seen.encode(errors="replace") if isinstance(seen, str) else seen
    if data:
        name = f"{os.getpid()}-{threading.get_ident()}-{next(_NUMBERS)}.{kind}"
        (_HOME / "seen" / name).write_bytes(data)


def _remember(secret: str) -> None:
    """Have a secret looked for that does not carry the mark of the tests' own."""
    # Hypothesis makes up any text, which may well stand elsewhere.
    if currently_in_test_context():
        return
    if secret and MARK not in secret and secret not in _SECRETS:
        _SECRETS.add(secret)
        with (_HOME / "secrets" / str(os.getpid())).open("a", encoding="utf-8") as secrets:
            secrets.write(f"{json.dumps(secret)}\n")


def _instead(owner: type, name: str) -> Callable[[Callable[..., Any]], None]:
    """Put a function in a method's place; it is given the method first."""

    def put(function: Callable[..., Any]) -> None:
        method = getattr(owner, name)

        @wraps(method)
        def replaced(*args: Any, **kwargs: Any) -> Any:
            return function(method, *args, **kwargs)

        setattr(owner, name, replaced)

    return put


@_instead(Terminal, "close")
def _close(close: Callable[[Terminal], None], terminal: Terminal) -> None:
    close(terminal)
    raw = terminal.raw
    _write_down("terminal", raw)
    _write_down("terminal-without-escapes", without_escapes(raw))
    _write_down("terminal-screen", terminal.screen_text())
    for copied in clipboard(raw):
        _write_down("clipboard", copied)


@_instead(subprocess.Popen, "__init__")
def _start(start: Callable[..., None], process: Any, *args: Any, **kwargs: Any) -> None:
    if kwargs.get("env") is not None:
        kwargs["env"] = {**_PASSED_ON, **kwargs["env"]}
    start(process, *args, **kwargs)


@_instead(subprocess.Popen, "communicate")
def _communicate(communicate: Callable[..., Any], process: Any, *args: Any, **kwargs: Any) -> Any:
    said = communicate(process, *args, **kwargs)
    for kind, text in zip(("stdout", "stderr"), said, strict=True):
        _write_down(kind, text or b"")
    return said


@_instead(App, "copy_to_clipboard")
def _copy(copy: Callable[..., None], app: App[object], text: str) -> None:
    _write_down("clipboard", text)
    copy(app, text)


@_instead(App, "run_test")
@contextlib.asynccontextmanager
async def _run_test(run: Callable[..., Any], app: App[object], **kwargs: Any) -> AsyncIterator[Any]:
    async with run(app, **kwargs) as pilot:
        try:
            yield pilot
        finally:
            if app.is_running and app.screen_stack:
                _write_down("svg", app.export_screenshot())


@_instead(logging.Logger, "addHandler")
def _listen(listen: Callable[..., None], logger: logging.Logger, handler: logging.Handler) -> None:
    # The wizard's own log goes to its file only, behind a redactor; pytest would listen in before.
    if logger is not LOGGER or not isinstance(handler, LogCaptureHandler):
        listen(logger, handler)


@_instead(SecretStr, "__init__")
def _mask(mask: Callable[..., None], masked: SecretStr, secret: str) -> None:
    _remember(secret)
    mask(masked, secret)


@_instead(Ids, "token")
def _token(make: Callable[..., str], ids: Ids, name: str) -> str:
    token = make(ids, name)
    _remember(token)
    return token


@_instead(Ids, "key")
def _key(make: Callable[..., str], ids: Ids, name: str) -> str:
    key = make(ids, name)
    if name != "public":
        _remember(key)
    return key


# A program that a test starts may play any scenario: what it makes follows from the name.
for _name in scenario_names():
    populate(_name)
