from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from ava_setup.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing moves by itself."""
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")


@pytest.fixture
def sandbox_of() -> Iterator[Callable[..., Sandbox]]:
    """Start sandboxes by scenario, stopped at the end."""
    with ExitStack() as stack:
        # A call that is soon over is soon followed to its end.
        yield lambda scenario, **how: stack.enter_context(
            Sandbox(scenario=scenario, **({"call_seconds": 0.05} | how))
        )
