"""Which theme is wanted. Light: the command line asks before anything is drawn."""

from __future__ import annotations

from enum import StrEnum

from ava_setup.words import Text, _


class Look(StrEnum):
    """A theme; each value is the name by which it is asked for."""

    DARK = "ava-dark"
    LIGHT = "ava-light"
    CONTRAST = "ava-contrast"
    ANSI = "ansi"

    @property
    def following(self) -> Look:
        """The theme that one key press leads to."""
        looks = tuple(Look)
        return looks[(looks.index(self) + 1) % len(looks)]


LOOK_NAMES: dict[Look, Text] = {
    Look.DARK: _("dark"),
    Look.LIGHT: _("light"),
    Look.CONTRAST: _("high contrast"),
    Look.ANSI: _("the terminal's own colours"),
}


def preferred_look(*asked: str | None) -> Look:
    """Choose the theme: the first name that is one, else dark.

    Args:
        asked: What may name a theme, what counts most first.
    """
    return next((Look(name) for name in asked if name in tuple(Look)), Look.DARK)
