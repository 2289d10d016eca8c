"""Style sheets that are parsed once each."""

from __future__ import annotations

from textual.css.stylesheet import Stylesheet


class KeptStylesheet(Stylesheet):
    """Textual's own forgets all that it parsed whenever a screen brings a style of its own."""

    def reparse(self) -> None:
        """Parse what is new; `set_variables` forgets what a theme had its part in."""
        self.parse()
