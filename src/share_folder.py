"""Draws what a wheel puts beside its code, while it is built, so that it is never out of date."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ShareFolder(BuildHookInterface[Any]):
    """Fills `share` of wherever the wheel is installed: manual pages, and the Tab key's scripts."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Draw them all."""
        if version == "editable":
            return
        self._folder = TemporaryDirectory()
        for number, (place, text) in enumerate(self._drawn().items()):
            drawn = Path(self._folder.name, str(number))
            drawn.write_text(text, encoding="utf-8")
            build_data["shared_data"][str(drawn)] = f"share/{place}"

    def finalize(self, version: str, _build_data: dict[str, Any], _artifact_path: str) -> None:
        """Clear up."""
        if version != "editable":
            self._folder.cleanup()

    def _drawn(self) -> dict[str, str]:
        """Give each file by its place."""
        sys.path.insert(0, str(Path(self.root, "src")))
        try:
            from ava_setup import completions, manual  # noqa: PLC0415 - found only now
            from ava_setup.words import Language  # noqa: PLC0415 - same
        finally:
            sys.path.pop(0)
        pages = {f"man/{manual.place(one)}": manual.page(one) for one in Language}
        scripts = {place: completions.script(shell) for shell, place in completions.PLACES.items()}
        return {**pages, **{place: f"{script}\n" for place, script in scripts.items()}}
