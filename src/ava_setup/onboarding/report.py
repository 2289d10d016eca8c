"""Composes what a person can send to support: pure, from what was found on this computer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ava_setup.onboarding.catalogue import CATALOGUE, ErrorCode
from ava_setup.onboarding.chronicle import CHECKS
from ava_setup.onboarding.state import Live, Saved, State, VaultPlace
from ava_setup.onboarding.steps import QUESTIONS, Standing, first_open, standing
from ava_setup.words import Text, _

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from ava_setup.onboarding.credentials import SecretName
    from ava_setup.words import Voice

ERRORS_MAX = 20
LINES_MAX = 200


@dataclass(frozen=True, slots=True)
class Findings:
    """What a report is made of.

    Attributes:
        at: When it was found, UTC.
        surroundings: Versions, system and the like, as (name, value) pairs.
        profile: The profile's name.
        folder: Where it is kept.
        saved: What is kept; None when nothing is, a code when it cannot be read.
        secrets: Which secrets there are.
        vault: Where secrets are.
        silent: Where some may be, which could not be seen.
        log: The lines of the log, oldest first.
    """

    at: datetime
    surroundings: tuple[tuple[str, str], ...]
    profile: str
    folder: str
    saved: Saved | ErrorCode | None
    secrets: frozenset[SecretName]
    vault: frozenset[VaultPlace]
    silent: frozenset[VaultPlace]
    log: tuple[str, ...]


_STANDINGS: dict[Standing, Text] = {
    Standing.DONE: _("done"),
    Standing.CURRENT: _("comes next"),
    Standing.TO_DO: _("still to do"),
    Standing.ATTENTION: _("put off"),
}
_PLACES: dict[VaultPlace, Text] = {
    VaultPlace.KEYRING: _("in the system's keyring"),
    VaultPlace.FILE: _("in a file for you only"),
}
_TITLE = _("Report of ava-setup")
_NONE = _("None.")
_NONE_FOUND = _("none found")


def compose(found: Findings, voice: Voice) -> str:
    """Write the report, as Markdown that is readable as it is.

    Names, states and the log stay in English: they are for support. It is to go through a
    `Redactor`: only what a person typed is left out here.
    """
    parts = (
        [f"# {voice(_TITLE)}", *map(voice, _introduction(found))],
        [_heading(voice, _("Versions")), _listed(found.surroundings)],
        [_heading(voice, _("What is kept, and where")), *_kept(found, voice)],
        *([] if isinstance(found.saved, ErrorCode) else [_steps(found, voice)]),
        [
            _heading(voice, _("Last checks")),
            _lines((line for line in reversed(found.log) if _event(line) == CHECKS), 1, voice),
        ],
        [
            _heading(voice, _("Last errors")),
            _lines((line for line in reversed(found.log) if _is_error(line)), ERRORS_MAX, voice),
        ],
        [_heading(voice, _("End of the log")), _lines(reversed(found.log), LINES_MAX, voice)],
    )
    return "\n\n".join(text for part in parts for text in part) + "\n"


def _introduction(found: Findings) -> tuple[Text, ...]:
    return (
        _("Written on {when} (UTC).", when=f"{found.at:%Y-%m-%d %H:%M:%S}"),
        _(
            "No key or token is in it; e-mail addresses and phone numbers are shortened. "
            "It was sent to nobody."
        ),
    )


def _kept(found: Findings, voice: Voice) -> Iterator[str]:
    places = [voice(_PLACES[place]) for place in VaultPlace if place in found.vault]
    silent = [voice(_PLACES[place]) for place in VaultPlace if place in found.silent]
    told = [
        _("Business: {profile}, in {folder}", profile=found.profile, folder=found.folder),
        _("Keys and tokens: {places}", places=", ".join(places) or _NONE_FOUND),
    ]
    if silent:
        told.append(_("Perhaps more, not readable now: {places}", places=", ".join(silent)))
    yield "\n".join(f"- {voice(text)}" for text in told)
    match found.saved:
        case None:
            yield voice(_("Nothing is saved for this business."))
        case ErrorCode() as code:
            yield voice(CATALOGUE[code].what)
        case Saved() as saved:
            yield _fenced(json.dumps(_without_typed(saved), ensure_ascii=False, indent=1))


def _steps(found: Findings, voice: Voice) -> list[str]:
    saved = found.saved if isinstance(found.saved, Saved) else Saved()
    state = State(saved=saved, live=Live(secrets=found.secrets))
    current = first_open(state)
    told = (
        _("{step}: {standing}", step=step.title, standing=_STANDINGS[how])
        for step in QUESTIONS
        for how in (standing(step.id, current, state),)
    )
    return [_heading(voice, _("Steps")), "\n".join(f"- {voice(text)}" for text in told)]


def _without_typed(saved: Saved) -> dict[str, Any]:
    """Give what is kept as plain values; of what was typed, only how much it is."""
    typed = {name: f"{len(answer)} characters" for name, answer in saved.answers}
    return {**saved.model_dump(mode="json", by_alias=True), "answers": typed}


def _heading(voice: Voice, text: Text) -> str:
    return f"## {voice(text)}"


def _listed(pairs: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"- {name}: {value}" for name, value in pairs)


def _lines(latest_first: Iterable[str], most: int, voice: Voice) -> str:
    """Show the latest lines of some, in the order in which they were written."""
    shown = [line for line, _place in zip(latest_first, range(most), strict=False)]
    return _fenced("\n".join(reversed(shown))) if shown else voice(_NONE)


def _fenced(text: str) -> str:
    return f"```\n{text}\n```"


def _event(line: str) -> str:
    """Name what a line of the log tells of: the word after time and level."""
    return "".join(line.split(" ", 3)[2:3])


def _is_error(line: str) -> bool:
    return line.split(" ", 2)[1:2] in (["WARNING"], ["ERROR"])
