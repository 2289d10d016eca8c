"""The manual page, drawn from the parser: `man ava-setup`, in either language."""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING

from ava_setup import __version__
from ava_setup.command_line import parser_of
from ava_setup.words import Language, Voice, _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ava_setup.command_help import Section, SpokenParser

_NAME = "ava-setup"
_LEADING = re.compile(r"^([.'])", re.MULTILINE)


def page(language: Language) -> str:
    """Draw the page.

    Args:
        language: To draw it in.

    Returns:
        Text for `man`: roff with the `man` macros, UTF-8.
    """
    voice = Voice(language)
    return "\n".join(_lines(parser_of(voice), voice)) + "\n"


def place(language: Language) -> str:
    """Give where the page belongs, below `share/man`."""
    return f"man1/{_NAME}.1" if language is Language.EN else f"{language}/man1/{_NAME}.1"


def _lines(parser: SpokenParser, voice: Voice) -> Iterator[str]:
    kind, does = voice(_("User commands")), voice(_("sets up a phone number that Ava answers"))
    yield f'.TH {_NAME.upper()} 1 "" "{_NAME} {__version__}" "{kind}"'
    yield from _heading(voice(_("Name")))
    yield f"{_NAME} \\- {_plain(does)}"
    yield from _heading(voice(_("Synopsis")))
    usage = parser.format_usage().partition(":")[2]
    yield _plain(" ".join(usage.split()))
    yield from _heading(voice(_("Description")))
    yield _plain(parser.description or "")
    yield from _heading(voice(_("Options")))
    yield from _options(parser)
    yield from _heading(voice(_("Commands")))
    for name, command in _commands(parser).items():
        yield f".SS {_NAME} {_plain(name)}"
        yield _plain(command.description or "")
        yield from _options(command)
        for section in command.sections:
            yield ".PP"
            yield f".B {_plain(voice(section.title))}"
            yield from _rows(section, voice)
    for section in parser.sections:
        yield from _heading(voice(section.title))
        yield from _rows(section, voice)
    yield from _heading(voice(_("Secrets")))
    yield _plain(voice(_SECRETS))


_SECRETS = _(
    "No key and no token is ever an option: it would be seen in the list of processes and kept in "
    "the shell's history. They are typed into the wizard, or stand in the environment."
)


def _heading(words: str) -> Iterator[str]:
    yield f".SH {_plain(words.upper())}"


def _options(parser: argparse.ArgumentParser) -> Iterator[str]:
    layout = parser._get_formatter()  # noqa: SLF001 - it alone knows how help fills its places
    for action in parser._actions:  # noqa: SLF001 - argparse has no public way
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - same
            continue
        value = "" if action.nargs == 0 else f" \\fI{_plain(_value(action))}\\fR"
        flags = ", ".join(f"\\fB{_plain(flag)}\\fR{value}" for flag in action.option_strings)
        yield ".TP"
        yield flags or value.strip()
        yield _plain(layout._expand_help(action))  # noqa: SLF001 - same


def _value(action: argparse.Action) -> str:
    if action.choices:
        return "|".join(map(str, action.choices))
    return str(action.metavar or action.dest.upper())


def _commands(parser: argparse.ArgumentParser) -> dict[str, SpokenParser]:
    return next(
        action.choices
        for action in parser._actions  # noqa: SLF001 - argparse has no public way
        if isinstance(action, argparse._SubParsersAction)  # noqa: SLF001 - same
    )


def _rows(section: Section, voice: Voice) -> Iterator[str]:
    for row in section.rows:
        yield ".TP"
        yield f"\\fB{_plain(row.head)}\\fR"
        yield _plain(voice(row.said))


def _plain(words: str) -> str:
    """Keep `man` from reading anything into the words."""
    kept = words.replace("\\", "\\e").replace("-", "\\-").replace("\u00a0", "\\~")
    return _LEADING.sub(r"\\&\1", kept)
