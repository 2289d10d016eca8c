"""Lines of which one is picked."""

from __future__ import annotations

from textual.widgets import OptionList


class PickList(OptionList):
    """Shows lines as they are, never as markup. Coloured words stay legible on what is picked."""

    # Not the app's: the first screen has no list, and would wait for the style of one.
    DEFAULT_CSS = """
    PickList {
        background: $surface;
        background-tint: $surface 0%;
        border: none;
        scrollbar-size-vertical: 1;

        &:focus {
            background-tint: $surface 0%;
            border: none;
        }
        & > .option-list--option-disabled {
            color: $foreground;
        }
    }
    PickList:ansi {
        & > .option-list--option-highlighted {
            text-style: underline;
        }
        &:focus > .option-list--option-highlighted {
            text-style: bold underline;
        }
    }
    """

    def __init__(
        self,
        *,
        id: str,  # noqa: A002 - Textual's own name
        compact: bool = False,
    ) -> None:
        super().__init__(id=id, markup=False, compact=compact)
