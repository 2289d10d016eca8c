from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from ava_setup.sandbox import Sandbox
from tests.plain.person import Person

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def person_at(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Iterator[Callable[[str], Person]]:
    """Somebody with the accounts of a scenario; the same folder carries on."""
    with ExitStack() as stack:

        def person(scenario: str) -> Person:
            sandbox = stack.enter_context(Sandbox(scenario=scenario))
            return Person(sandbox, tmp_path / "home", capsys)

        yield person
