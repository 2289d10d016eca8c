"""Scenarios: one short TOML file each, beside this one. `format.py` says what a file may hold."""

from __future__ import annotations

import tomllib
from pathlib import Path

_FOLDER = Path(__file__).parent


class UnknownScenarioError(LookupError):
    """Nobody wrote a scenario of this name.

    Attributes:
        name: The name that was asked for.
        known: The names that exist, in order.
    """

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"no scenario named {name!r}; there are: {', '.join(known)}")
        self.name = name
        self.known = known


def scenario_names() -> tuple[str, ...]:
    """List the scenarios, in alphabetical order."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


def scenario_text(name: str) -> str:
    """Read a scenario's file.

    Raises:
        UnknownScenarioError: There is none of this name.
    """
    known = scenario_names()
    if name not in known:
        raise UnknownScenarioError(name, known)
    return (_FOLDER / f"{name}.toml").read_text(encoding="utf-8")


def scenario_summaries(language: str) -> dict[str, str]:
    """Sum every scenario up in one sentence, by name.

    Args:
        language: `fr` or `en`.
    """
    key = "summary_fr" if language == "fr" else "summary"
    return {name: str(tomllib.loads(scenario_text(name))[key]) for name in scenario_names()}
