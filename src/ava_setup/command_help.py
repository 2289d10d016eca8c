"""How `--help` looks: grouped, in the reader's language, as wide as the terminal."""

from __future__ import annotations

import argparse
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ava_setup.words import Text, Voice, _

if TYPE_CHECKING:
    from collections.abc import Iterable

# Longer lines than this are hard to read on any terminal.
_WIDEST = 100
_HEADS = 26


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a section.

    Attributes:
        head: What is typed or set, as it is.
        said: What it means.
    """

    head: str
    said: Text


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the help, below the options."""

    title: Text
    rows: tuple[Row, ...]


EXAMPLES = _("examples")


def examples(*rows: tuple[str, Text]) -> Section:
    """Make a section of commands to type and what each does."""
    return Section(EXAMPLES, tuple(Row(head, said) for head, said in rows))


class _Layout(argparse.HelpFormatter):
    def __init__(self, prog: str) -> None:
        columns = shutil.get_terminal_size().columns
        super().__init__(prog, max_help_position=_HEADS, width=min(columns, _WIDEST) - 2)


class SpokenParser(argparse.ArgumentParser):
    """A parser whose help ends with sections of ours.

    Attributes:
        sections: Those sections; subcommands are given theirs after they were added.
        voice: Speaks the reader's language; None has nothing to say yet.
    """

    def __init__(self, *, voice: Voice | None = None, **settings: Any) -> None:
        super().__init__(formatter_class=_Layout, **settings)
        self.voice = voice
        self.sections: tuple[Section, ...] = ()

    def end_with(self, voice: Voice, *sections: Section) -> None:
        """Give the help its last sections."""
        self.voice, self.sections = voice, sections

    def format_help(self) -> str:
        """Put the help into words."""
        layout = self._get_formatter()
        for section in self.sections if self.voice else ():
            layout.start_section(self._said(section.title))
            layout.add_arguments(self._rows(section.rows))
            layout.end_section()
        rest = layout.format_help()
        return f"{super().format_help()}\n{rest}" if rest else super().format_help()

    def _said(self, text: Text) -> str:
        return self.voice(text) if self.voice else ""

    def _rows(self, rows: Iterable[Row]) -> list[argparse.Action]:
        return [
            argparse.Action(
                [], dest="", metavar=row.head, help=self._said(row.said).replace("%", "%%")
            )
            for row in rows
        ]
