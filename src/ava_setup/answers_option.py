"""`ava-setup --answers FILE`: reads the file before the wizard opens, so that it asks the rest."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from ava_setup.apply_command import content, in_keyring
from ava_setup.headless.filling import Filling
from ava_setup.headless.reading import Fault, InvalidFileError, read
from ava_setup.headless.references import Hoard, keys_that_are_there
from ava_setup.words import _

if TYPE_CHECKING:
    from ava_setup.headless.answer_file import AnswerFile, BusinessAnswers


def filling_of(file: str, name: str | None) -> Filling:
    """Read what the file knows of one business, and the keys that are where it says.

    Args:
        file: Its path.
        name: Of the business in it, or None for the only one.

    Raises:
        InvalidFileError: It cannot be used; all that is wrong with it.
    """
    try:
        source, folder = content(file)
    except (OSError, UnicodeDecodeError):
        text = _("the file {name} cannot be read", name=file)
        raise InvalidFileError((Fault(0, "", text),)) from None
    answers = _business(read(source).answers, name)
    vapi, twilio = keys_that_are_there(answers, Hoard(os.environ, folder, in_keyring))
    return Filling(answers, Path(file).name, vapi, twilio)


def _business(file: AnswerFile, name: str | None) -> BusinessAnswers:
    names = ", ".join(one.name for one in file.business)
    if name is None:
        if len(file.business) == 1:
            return file.business[0]
        text = _("several businesses are in the file; choose with --profile: {names}", names=names)
        raise InvalidFileError((Fault(0, "", text),))
    found = next((one for one in file.business if one.name == name), None)
    if found is None:
        text = _("--profile: not in the file: {name}; there are: {names}", name=name, names=names)
        raise InvalidFileError((Fault(0, "", text),))
    return found
