"""A sandbox of both vendors, and a profile's folder, for the tests that use the real clients."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ava_setup.sandbox import Sandbox
from tests.sandbox.lab import Lab

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def _running() -> Iterator[Lab]:
    # A call is over at once: nothing is still to happen when what the vendors hold is compared.
    with Sandbox("fresh", call_seconds=0.0) as sandbox:
        running = Lab(sandbox)
        with running.client:
            yield running


@pytest.fixture
def lab(_running: Lab) -> Lab:
    """A sandbox at the beginning of `fresh`; `lab.play(name)` begins another scenario."""
    _running.play("fresh")
    return _running
