"""What holds for every test: no test is named after a secret, and figures are summed up."""

from __future__ import annotations

import signal
from collections import Counter
from typing import TYPE_CHECKING

from tests.canaries import MARK

if TYPE_CHECKING:
    import pytest

# What tests count with `record_property`, one at a time; summed up over all processes.
FIGURES = (("scenarios", "predicted", "mended"), ("cases", "failures"))
# What a test has to say for itself: `record_property(SAYS, "a line")`.
SAYS = "says"


# What takes longest by far: begun last, one process would still be at it when all others are done.
LONGEST = frozenset({"test_autoplay", "test_every_screen"})


def pytest_configure() -> None:
    """Mind signals, for what the tests start: a run in the background ignores some."""
    for number, handler in (
        (signal.SIGINT, signal.default_int_handler),
        (signal.SIGHUP, signal.SIG_DFL),
    ):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest."""
    items.sort(key=lambda item: item.path.stem not in LONGEST)


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name a parameter with a made-up secret in it by what else it is."""
    if not isinstance(val, str) or MARK not in val.lower():
        return None
    return f"{len(val)} characters, secret"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests said, and the sums of what they counted."""
    found = Counter[str]()
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            told = [name for name, _one in report.user_properties]
            found.update(told)
            found["failures"] += "cases" in told and report.failed
            for name, line in report.user_properties:
                if name == SAYS:
                    terminalreporter.write_line(str(line))
    for names in FIGURES:
        if any(found[name] for name in names):
            terminalreporter.write_line(" ".join(f"{name}={found[name]}" for name in names))
