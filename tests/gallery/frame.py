"""What a picture shows, beside its subject: a language, a size, a theme; and its file's name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ava_setup.tui.looks import Look

if TYPE_CHECKING:
    from ava_setup.words import Language

PICTURES = Path(__file__).parents[2] / "screenshots"
COMMAND = "make screenshots"

Size = tuple[int, int]
SMALL, LARGE = (80, 24), (120, 36)

_REMOTE_FONT = re.compile(r",?\s*url\([^)]*\) format\([^)]*\)")
_REMARK = re.compile(r" *<!--.*?-->\n")
# Rich names what is in a picture after its content: any change would change every line.
_NAME = re.compile(r"terminal-\d+")
# As long as the one it stands for.
_MOMENT, _ANY_MOMENT = re.compile(r"\d\d/\d\d/\d{4}(&#160;| )\d\d:\d\d"), r"05/10/2026\g<1>09:30"


@dataclass(frozen=True, slots=True)
class Frame:
    """How pictures of one run are drawn.

    Attributes:
        language: Of the wizard.
        size: Columns and rows.
        look: The theme.
    """

    language: Language
    size: Size = SMALL
    look: Look = Look.DARK

    def file(self, subject: str, look: Look | None = None) -> str:
        """Name the file of a picture: `02-business.fr.80x24.dark.svg`."""
        columns, rows = self.size
        theme = (look or self.look).removeprefix("ava-")
        return f"{subject}.{self.language}.{columns}x{rows}.{theme}.svg"

    def __str__(self) -> str:
        """Name it in a few letters."""
        return self.file("").strip(".").removesuffix(".svg")


def lasting(svg: str) -> str:
    """Take out of a picture what would differ tomorrow or elsewhere, and other hosts' addresses."""
    return _MOMENT.sub(_ANY_MOMENT, _NAME.sub("ava", _REMOTE_FONT.sub("", _REMARK.sub("", svg))))
