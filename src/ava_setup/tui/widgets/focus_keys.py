"""Which keys do something to what has the focus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.tui.widgets.spoken import SpokenButton
from ava_setup.words import _, verbatim

if TYPE_CHECKING:
    from textual.widget import Widget

    from ava_setup.tui.widgets.frame import Hint

_ENTER, _SPACE, _TAB = _("Enter"), _("Space"), _("Tab")
# By the names of Textual's classes: the first screen does without most of them.
_KEYS: dict[str, tuple[Hint, ...]] = {
    "OptionList": ((verbatim("↑↓"), _("Pick")), (_ENTER, _("OK"))),
    "Select": ((verbatim("←→"), _("Change")), (_SPACE, _("List"))),
    "Checkbox": ((_SPACE, _("Tick")),),
    "Input": ((_ENTER, _("Next")),),
    "TextArea": ((_TAB, _("Next")),),
}


def keys_of(focused: Widget | None) -> tuple[Hint, ...]:
    """Name the keys that do something to a widget; of a button, what it does."""
    if isinstance(focused, SpokenButton):
        return ((_ENTER, focused.sentence),)
    known = (_KEYS[kind.__name__] for kind in type(focused).__mro__ if kind.__name__ in _KEYS)
    return next(known, ())
