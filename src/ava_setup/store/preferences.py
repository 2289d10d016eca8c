"""What a person prefers on this computer, whichever business is worked on: language and theme."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ava_setup.store.root import chosen_root, usual_root

if TYPE_CHECKING:
    from pathlib import Path

_FILE = "preferences.json"
_MOST = 4096


class Preferences(NamedTuple):
    """What was last chosen; empty where nothing was.

    Attributes:
        language: Of the wizard: "fr" or "en".
        theme: By its name.
    """

    language: str = ""
    theme: str = ""


class PreferencesFile:
    """A small file at the root. It blocks, but shortly.

    Args:
        root: The folder of all that is kept, or None for the environment's.
    """

    def __init__(self, root: Path | None = None) -> None:
        self._path = (root or chosen_root() or usual_root()) / _FILE

    def read(self) -> Preferences:
        """Give what was chosen; a file that cannot be read or understood is as good as none."""
        try:
            with self._path.open(encoding="utf-8") as file:
                kept = file.read(_MOST)
        except (OSError, ValueError):
            return Preferences()

        import json  # noqa: PLC0415 - a first start, which has nothing to read, does not wait for it

        try:
            found = json.loads(kept)
        except ValueError:
            return Preferences()
        if not isinstance(found, dict):
            return Preferences()
        language, theme = found.get("language"), found.get("theme")
        return Preferences(
            language if isinstance(language, str) else "", theme if isinstance(theme, str) else ""
        )

    def keep(self, *, language: str | None = None, theme: str | None = None) -> None:
        """Remember a choice; what is not given stays as it was.

        Raises:
            StoreError: It could not be written.
        """
        import json  # noqa: PLC0415 - only when something was chosen

        from ava_setup.store.disk import (  # noqa: PLC0415 - same
            said_plainly,
            write_whole,
        )

        known = self.read()
        chosen = known._replace(
            language=known.language if language is None else language,
            theme=known.theme if theme is None else theme,
        )
        if chosen != known:
            with said_plainly(self._path):
                write_whole(self._path, json.dumps(chosen._asdict()).encode())
