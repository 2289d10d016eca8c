"""What the README says of the command line is so."""

from __future__ import annotations

import re

from ava_setup.headless.reading import read
from tests.readme import README, refreshed

TEXT = README.read_text(encoding="utf-8")


def test_the_help_in_the_readme_is_that_of_the_program() -> None:
    assert refreshed(TEXT) == TEXT, "stale: make readme"
    assert "exit codes:" in TEXT


def test_the_answer_file_in_the_readme_can_be_used() -> None:
    found = re.search(r"<!-- answer file -->\n```toml\n(.*?)```", TEXT, re.DOTALL)
    assert found
    [business] = read(found[1]).answers.business
    assert business.name == "plomberie-martin"
