"""Completion in the shell: what follows what is typed, asked of the parser itself."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Where each shell looks for it by itself, below `share`.
PLACES = {
    "bash": "bash-completion/completions/ava-setup",
    "zsh": "zsh/site-functions/_ava-setup",
    "fish": "fish/vendor_completions.d/ava-setup.fish",
}
SHELLS = tuple(PLACES)
# The shells' scripts set it when they ask.
_ASKS = "_ARGCOMPLETE"


def script(shell: str) -> str:
    """Give the lines that make a shell ask us.

    Args:
        shell: One of `SHELLS`.
    """
    from argcomplete.shell_integration import shellcode  # noqa: PLC0415 - only for this command

    return shellcode(["ava-setup"], use_defaults=False, shell=shell).strip()


def answer_the_shell(parser: argparse.ArgumentParser) -> None:
    """When a shell asks what can follow, tell it, and end the process."""
    if _ASKS not in os.environ:
        return
    import argcomplete  # noqa: PLC0415 - only when a shell asks

    for action in _valued(parser):
        action.completer = _COMPLETERS.get(action.dest, _nothing)  # type: ignore[attr-defined]
    argcomplete.autocomplete(parser, always_complete_options=False)


def _valued(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """Give all options that take a value of no fixed choice, those of the commands too."""
    for action in parser._actions:  # noqa: SLF001 - argparse has no public way, nor does argcomplete
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - same
            for command in action.choices.values():
                yield from _valued(command)
        elif action.nargs != 0 and not action.choices and action.metavar != "FILE":
            yield action


def _scenarios(**_asked: object) -> tuple[str, ...]:
    from ava_setup.sandbox import scenario_names  # noqa: PLC0415 - only when a shell asks

    return scenario_names()


def _profiles(**_asked: object) -> tuple[str, ...]:
    from ava_setup.store.places import Places  # noqa: PLC0415 - only when a shell asks

    return Places.from_environment().profiles()


def _nothing(**_asked: object) -> tuple[str, ...]:
    return ()


_COMPLETERS: dict[str, Callable[..., tuple[str, ...]]] = {
    "profile": _profiles,
    "sandbox_scenario": _scenarios,
    "scenario": _scenarios,
}
