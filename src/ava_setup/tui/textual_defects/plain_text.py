"""Text that is not ours, shown as it is."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static


def plain(text: str) -> Content:
    """Wrap text that is not ours for an option, a label or a title: brackets stay brackets."""
    return Content(text)


class PlainText(Static):
    """A `Static` whose text is shown as it is: for every word that is not ours."""

    def __init__(
        self,
        text: str = "",
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name
        classes: str | None = None,
    ) -> None:
        super().__init__(text, markup=False, id=id, classes=classes)
