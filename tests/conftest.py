"""What holds for every test: no test is named after a secret, and figures are summed up."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tests.canaries import MARK

if TYPE_CHECKING:
    import pytest

# What tests count with `record_property`, one at a time; summed up over all processes.
FIGURES = ("scenarios", "predicted", "mended")


# What takes longest by far: begun last, one process would still be at it when all others are done.
LONGEST = frozenset({"test_autoplay", "test_every_screen"})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest."""
    items.sort(key=lambda item: item.path.stem not in LONGEST)


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name a parameter with a made-up secret in it by what else it is."""
    if not isinstance(val, str) or MARK not in val.lower():
        return None
    return f"{len(val)} characters, secret"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the sums of what tests counted, in one line."""
    found = Counter[str]()
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            found.update(name for name, _one in report.user_properties if name in FIGURES)
    if found:
        terminalreporter.write_line(" ".join(f"{name}={found[name]}" for name in FIGURES))
