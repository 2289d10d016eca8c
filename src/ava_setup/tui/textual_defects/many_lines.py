"""A field of several lines; apart, because Textual's editor is slow to import."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import TextArea

from ava_setup.tui.textual_defects.fields import act_at_once
from ava_setup.tui.textual_defects.paste import typed_lines
from ava_setup.tui.textual_defects.plain_text import plain

if TYPE_CHECKING:
    from textual import events


class ManyLines(TextArea):
    """Several lines of text; Tab moves on, a paste keeps its lines."""

    def __init__(
        self,
        text: str = "",
        *,
        placeholder: str = "",
        read_only: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's own name
        classes: str | None = None,
        disabled: bool = False,
    ) -> None:
        super().__init__(
            text,
            tab_behavior="focus",
            placeholder=plain(placeholder),
            read_only=read_only,
            id=id,
            classes=classes,
            disabled=disabled,
        )

    def on_mount(self) -> None:
        """Blink only where things may move."""
        self.set_reactive(TextArea.cursor_blink, self.app.animation_level != "none")

    async def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        if not self.read_only:
            self.replace(typed_lines(event.text), *self.selection, maintain_selection_offset=False)

    async def _on_key(self, event: events.Key) -> None:
        await act_at_once(self, event)
