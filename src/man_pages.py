"""Draws the manual pages while a wheel is built, so that they are never out of date."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ManualPages(BuildHookInterface[Any]):
    """Puts them below `share/man` of wherever the wheel is installed."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Draw the pages."""
        if version == "editable":
            return
        sys.path.insert(0, str(Path(self.root, "src")))
        try:
            from ava_setup.manual import page, place  # noqa: PLC0415 - found only now
            from ava_setup.words import Language  # noqa: PLC0415 - same
        finally:
            sys.path.pop(0)
        self._folder = TemporaryDirectory()
        for language in Language:
            drawn = Path(self._folder.name, f"{language}.1")
            drawn.write_text(page(language), encoding="utf-8")
            build_data["shared_data"][str(drawn)] = f"share/man/{place(language)}"

    def finalize(self, version: str, _build_data: dict[str, Any], _artifact_path: str) -> None:
        """Clear up."""
        if version != "editable":
            self._folder.cleanup()
