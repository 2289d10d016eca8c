"""`ava-setup export`: writes the answer file of what the wizard did."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ava_setup import exit_codes
from ava_setup.conversation import Conversation
from ava_setup.exit_codes import ExitCode
from ava_setup.headless.exporting import exported
from ava_setup.onboarding.errors import ErrorCode, SetupError, StoreError
from ava_setup.store.disk import publish
from ava_setup.store.places import DEFAULT_PROFILE, Places
from ava_setup.store.state_file import StateFile
from ava_setup.words import NOTHING, _

if TYPE_CHECKING:
    from ava_setup.onboarding.state import Saved
    from ava_setup.words import Voice


def export(profile: str | None, output: str, voice: Voice) -> int:
    """Write a business's answer file.

    Args:
        profile: Its name, or None for the default one.
        output: The file, which must not be there yet; `-` is standard output.
        voice: The language.

    Returns:
        The exit code, one of `ExitCode`.
    """
    talk = Conversation(voice, yes=True, quiet=True)
    file = Path(output).absolute()

    async def converse() -> int:
        name = profile or DEFAULT_PROFILE
        try:
            text = exported(_kept(name), name, voice)
            if output == "-":
                sys.stdout.write(text)
            else:
                publish(file, text.encode())
                talk.say(_("Written: {file}", file=output))
        except FileExistsError:
            talk.say(_("{file} is there already: name another file.", file=output))
            return ExitCode.USAGE
        except OSError as error:
            why = os.strerror(error.errno or 0)
            talk.say(_("{file} cannot be written: {cause}", file=output, cause=why))
            return ExitCode.FAILED
        except SetupError as error:
            talk.complain(error.problem)
            return exit_codes.of_error(error)
        return ExitCode.DONE

    return talk.hold(converse, NOTHING)


def _kept(name: str) -> Saved:
    """Look at what is kept, whoever works on it.

    Raises:
        SetupError: Nothing is, or it cannot be read.
    """
    file = StateFile(Places.from_environment().profile(name).state)
    match file.look():
        case ErrorCode() as code:
            raise StoreError(code, path=str(file.path), backup="", cause="")
        case None:
            raise SetupError(ErrorCode.LINE_NEEDED, name=name, others=NOTHING)
        case saved:
            return saved
