"""The folder of all that is kept. Light: it is asked for before anything is drawn."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_data_path

_APPLICATION = "ava-setup"
_VARIABLE = "AVA_SETUP_HOME"


def chosen_root() -> Path | None:
    """The folder that `AVA_SETUP_HOME` names, absolute; None when it names none."""
    chosen = os.environ.get(_VARIABLE, "")
    # Unlike Path.expanduser, this leaves a home that does not exist as it was typed.
    return Path(os.path.abspath(os.path.expanduser(chosen))) if chosen else None  # noqa: PTH100, PTH111


def usual_root() -> Path:
    """The system's place for a user's data, absolute."""
    return user_data_path(_APPLICATION, appauthor=False)
