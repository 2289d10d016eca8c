"""What the README says of the command line is so."""

from __future__ import annotations

import re

import pytest

from ava_setup.headless.reading import read
from tests.readme import README, refreshed

pytestmark = pytest.mark.source_tree


@pytest.fixture(scope="module")
def text() -> str:
    return README.read_text(encoding="utf-8")


def test_the_help_in_the_readme_is_that_of_the_program(text: str) -> None:
    assert refreshed(text) == text, "stale: make readme"
    assert "exit codes:" in text


def test_the_answer_file_in_the_readme_can_be_used(text: str) -> None:
    found = re.search(r"<!-- answer file -->\n```toml\n(.*?)```", text, re.DOTALL)
    assert found
    [business] = read(found[1]).answers.business
    assert business.name == "plomberie-martin"
