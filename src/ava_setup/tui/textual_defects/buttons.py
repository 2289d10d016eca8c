"""Buttons that bring the style of one kind of button, not of all twenty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Button

if TYPE_CHECKING:
    from textual.css.types import CSSLocation


class CompactButton(Button):
    """A button of one line, without variants. Its colours are for the app's style to give."""

    DEFAULT_CSS = """
    CompactButton {
        width: auto;
        min-width: 16;
        height: auto;
        line-pad: 1;
        text-align: center;
        content-align: center middle;
        pointer: pointer;
        border: none;
        text-style: bold;

        &:disabled {
            pointer: not-allowed;
        }
        &.-active {
            tint: $background 30%;
        }
    }
    CompactButton:ansi {
        &:disabled {
            background: ansi_default !important;
        }
        &.-active {
            background: $ansi-background !important;
            tint: transparent;
        }
    }
    """

    def __init__(
        self,
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name
        classes: str | None = None,
    ) -> None:
        super().__init__("", id=id, classes=classes, compact=True)

    def _get_default_css(self) -> list[tuple[CSSLocation, str, int, str]]:
        return [one for one in super()._get_default_css() if one[1] != Button.DEFAULT_CSS]
