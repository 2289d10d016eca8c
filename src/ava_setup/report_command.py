"""`ava-setup report`: shows what support would ask for, and writes it into a file when told to."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from ava_setup.conversation import Conversation
from ava_setup.onboarding.errors import ErrorCode
from ava_setup.onboarding.redaction import Redactor
from ava_setup.onboarding.report import Findings, compose
from ava_setup.store.disk import said_plainly, write_new
from ava_setup.store.logbook import read_log
from ava_setup.store.places import DEFAULT_PROFILE, Places
from ava_setup.store.state_file import StateFile
from ava_setup.store.vault import open_vault
from ava_setup.surroundings import surroundings
from ava_setup.words import Voice, _, verbatim

_NAMES_MAX = 99


def report(profile: str | None, output: str | None, voice: Voice, *, yes: bool) -> int:
    """Write a report on a profile. Nothing else is changed, and nobody is asked anything.

    Args:
        profile: Its name, or None for the default one.
        output: The file to write, or None for a name of today in the current folder.
        voice: The language.
        yes: Whether to write without asking.

    Returns:
        The exit code: 0 when it was written, or not wanted; 1 when it could not be.
    """
    talk = Conversation(voice, yes=yes)

    async def converse() -> int:
        name = profile or DEFAULT_PROFILE
        now = datetime.now(UTC)
        written = await _written(Places.from_environment(), name, now, voice)
        talk.say(verbatim(written))
        names = _names(output, f"ava-setup-{name}-{now:%Y-%m-%d}.md")
        if not await talk.agrees(_("Write this to {path}?", path=str(_unused(names)))):
            talk.say(_("Nothing has been written."))
            return 0
        path = _write(names, written)
        talk.say(_("Written: {path}", path=str(path)))
        talk.say(_("It was sent to nobody: read it, then pass it on yourself if you wish."))
        return 0

    return talk.hold(converse, _("Stopped. Nothing has been written."))


async def _written(places: Places, profile: str, now: datetime, voice: Voice) -> str:
    """Look at a profile, whoever holds it, and write down what is there, without secrets."""
    folder = places.profile(profile)
    vault = await open_vault(places, profile).look()
    redactor = Redactor()
    for secret in vault.secrets.values():
        redactor.learn(secret)
    found = Findings(
        at=now,
        surroundings=surroundings(os.environ),
        profile=profile,
        folder=_without_home(folder.path),
        saved=StateFile(folder.state).look(),
        secrets=frozenset(vault.secrets),
        vault=vault.places,
        silent=vault.silent,
        log=read_log(folder.log),
    )
    return redactor.clean(compose(found, voice))


def _without_home(path: Path) -> str:
    """Name a folder without the name of the person whose it is, as far as that can be."""
    with suppress(RuntimeError, ValueError):
        return f"~/{path.relative_to(Path.home()).as_posix()}"
    return str(path)


def _names(output: str | None, usual: str) -> tuple[Path, ...]:
    """Give the name for the file, and others like it in case that something has it."""
    wanted = Path(output or usual).absolute()
    if wanted.is_dir():
        wanted /= usual
    others = (wanted.with_stem(f"{wanted.stem}-{number}") for number in range(2, _NAMES_MAX + 1))
    return (wanted, *others)


def _unused(names: tuple[Path, ...]) -> Path:
    return next((path for path in names if not os.path.lexists(path)), names[-1])


def _write(names: tuple[Path, ...], written: str) -> Path:
    """Write the report under the first name that nothing has; gives it.

    Raises:
        StoreError: `REPORT_UNWRITABLE`.
    """
    path = _unused(names)
    with said_plainly(path, ErrorCode.REPORT_UNWRITABLE):
        write_new(path, written.encode(errors="replace"))
    return path
