"""The wizard, opened: by the command line, or at once where there is nothing to read in it."""

from __future__ import annotations

import gc
import os
import sys
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from ava_setup import first_sight
from ava_setup.store.preferences import PreferencesFile
from ava_setup.tui.looks import preferred_look
from ava_setup.words import Voice, _, preferred_language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ava_setup.clients.patience import OnWait
    from ava_setup.front.worlds import Business, World, Worlds
    from ava_setup.headless.filling import Filling
    from ava_setup.tui.looks import Look

NOT_UTF8 = 2
_NOT_UTF8 = _(
    "This terminal is not set to UTF-8. Run LC_ALL=C.UTF-8 ava-setup, or ava-setup --plain, which "
    "asks line by line."
)


class Opening(NamedTuple):
    """How the wizard is opened.

    Attributes:
        demo: Whether to start as a demo.
        profile: The business to work on, or None to find out which.
        scenario: What a demo starts from.
        theme: The one asked for, or None.
        keep_secrets: Whether secrets outlast the run.
        filling: What an answer file answers, or None.
    """

    demo: bool = False
    profile: str | None = None
    scenario: str = "fresh"
    theme: str | None = None
    keep_secrets: bool = True
    filling: Filling | None = None


def open_at_once(arguments: Sequence[str]) -> int:
    """Open the wizard as `first_sight.surely_opens_the_wizard` found it asked for.

    Returns:
        The exit code.
    """
    # What is imported stays; the app collects what does not, in quiet moments.
    gc.disable()
    voice = Voice(preferred_language(asked_language(arguments), PreferencesFile().read().language))
    keep_secrets = "--no-save-secrets" not in arguments
    return open_wizard(Opening(demo="--demo" in arguments, keep_secrets=keep_secrets), voice)


def asked_language(arguments: Sequence[str]) -> str | None:
    """Find `--lang` before the parser does: its own words depend on it."""
    for place, argument in enumerate(arguments):
        if argument.startswith("--lang="):
            return argument.partition("=")[2]
        if argument == "--lang" and place + 1 < len(arguments):
            return arguments[place + 1]
    return None


def open_wizard(opening: Opening, voice: Voice) -> int:
    """Open the wizard, and stay until it ends.

    Returns:
        The exit code; `NOT_UTF8` when the terminal cannot show it.
    """
    from ava_setup.tui.textual_defects import (  # noqa: PLC0415 - the words come before
        refuse_bad_terminal,
        run_steadily,
    )

    # What is no terminal, or draws nothing, is asked line by line.
    if refuse_bad_terminal(sys.stdin, sys.stderr, os.environ) is not None:
        first_sight.end()
        print(voice(_NOT_UTF8), file=sys.stderr)
        return NOT_UTF8

    from ava_setup.tui.app import AvaSetup  # noqa: PLC0415 - only where it can be shown

    preferences = PreferencesFile()
    app = AvaSetup(
        LateWorlds(opening),
        voice.language,
        profile=opening.profile,
        demo=opening.demo,
        look=look_of(opening, preferences),
        preferences=preferences,
    )
    code = run_steadily(app)
    if app.farewell:
        print(app.voice(app.farewell), file=sys.stderr)
    return code


def look_of(opening: Opening, preferences: PreferencesFile) -> Look:
    """Choose the theme: asked for, else `AVA_SETUP_THEME`, else remembered, else dark."""
    named = os.environ.get("AVA_SETUP_THEME")
    return preferred_look(opening.theme, named, preferences.read().theme)


class LateWorlds:
    """The worlds, imported when the app asks for the first of them: after its first paint."""

    def __init__(self, opening: Opening, on_wait: OnWait | None = None) -> None:
        self._opening = opening
        self._on_wait = on_wait

    @cached_property
    def _worlds(self) -> Worlds:
        from ava_setup.store.places import Places  # noqa: PLC0415 - after the first paint
        from ava_setup.worlds import LocalWorlds  # noqa: PLC0415 - same

        return LocalWorlds(
            os.environ,
            Places.from_environment(),
            keep_secrets=self._opening.keep_secrets,
            scenario=self._opening.scenario,
            on_wait=self._on_wait,
            filling=self._opening.filling,
        )

    def businesses(self) -> tuple[Business, ...]:
        """The businesses of this computer."""
        return self._worlds.businesses()

    def unused_profile(self) -> str:
        """A profile that has no saved work yet."""
        return self._worlds.unused_profile()

    def open(self, profile: str) -> World:
        """Open a business."""
        return self._worlds.open(profile)

    def open_demo(self, scenario: str = "") -> World:
        """Open a demo."""
        return self._worlds.open_demo(scenario)
