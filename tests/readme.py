"""Writes the help of the command line into README.md: `make readme`.

A block stands between `<!-- help: COMMAND -->` and `<!-- /help -->`; COMMAND is `ava-setup`, or one
of its commands.
"""

from __future__ import annotations

import argparse
import os
import re
from pathlib import Path
from unittest.mock import patch

from ava_setup.command_line import parser_of
from ava_setup.words import Language, Voice

README = Path(__file__).parents[1] / "README.md"
_BLOCK = re.compile(r"(<!-- help: ([\w-]+) -->\n).*?(<!-- /help -->)", re.DOTALL)
_COLUMNS = "100"


def refreshed(text: str) -> str:
    """Give the README with the help as it is now."""
    return _BLOCK.sub(lambda found: f"{found[1]}```text\n{_help(found[2])}\n```\n{found[3]}", text)


def _help(name: str) -> str:
    """Give the help of a command below its usage, which each Python folds in its own way."""
    with patch.dict(os.environ, {"COLUMNS": _COLUMNS, "LANGUAGE": "en"}):
        whole = parser_of(Voice(Language.EN))
        commands = next(
            action.choices
            for action in whole._actions
            if isinstance(action, argparse._SubParsersAction)
        )
        parser = whole if name == "ava-setup" else commands[name]
        text = parser.format_help()
    return text.partition("\n\n")[2].strip()


if __name__ == "__main__":
    README.write_text(refreshed(README.read_text(encoding="utf-8")), encoding="utf-8")
