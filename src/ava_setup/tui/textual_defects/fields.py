"""Fields that do what was typed, in the order it was typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.actions import SkipAction
from textual.binding import Binding
from textual.geometry import Offset
from textual.message import Message
from textual.validation import ValidationResult, Validator
from textual.widgets import Input

from ava_setup.tui.textual_defects.paste import first_line
from ava_setup.tui.textual_defects.screen import SteadyScreen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rich.repr import Result
    from textual import events
    from textual.selection import Selection
    from textual.strip import Strip
    from textual.suggester import Suggester
    from textual.widgets import TextArea
    from textual.widgets._input import InputValidationOn


class WordedRule(Validator):
    """A rule for a field that says what is wrong in the words it is given.

    Args:
        judge: Takes the value and returns what is wrong with it, or `None`.
    """

    def __init__(self, judge: Callable[[str], str | None]) -> None:
        super().__init__()
        self._judge = judge

    def validate(self, value: str) -> ValidationResult:
        """Judge a value."""
        wrong = self._judge(value)
        return self.success() if wrong is None else self.failure(wrong)


async def act_at_once(field: Input | TextArea, event: events.Key) -> None:
    """Run a field's own binding for a key now, before later letters can overtake it."""
    if event.is_printable:
        return
    for binding in field._bindings.key_to_bindings.get(event.key, ()):  # noqa: SLF001 - no public way
        # An action that declines (nothing to copy, nothing to scroll) lets the key bubble as usual.
        if not binding.priority and await field.app.run_action(binding.action, field):
            field._restart_blink()  # noqa: SLF001 - same
            event.stop()
            event.prevent_default()
            return


class TextField(Input):
    """One line of text.

    It validates when it is left or submitted, never while it is being typed.
    """

    BINDINGS = [
        Binding("ctrl+backspace,alt+backspace", "delete_left_word", show=False),
    ]

    @dataclass
    class PasteCut(Message):
        """Posted when a paste did not fit.

        Attributes:
            field: The field that was pasted into.
            wanted: How many characters the paste had.
            kept: How many of them are in the field now; 0 when the field refuses them all.
        """

        field: TextField
        wanted: int
        kept: int

        @property
        def control(self) -> TextField:
            """The field, for `@on(TextField.PasteCut, "#id")`."""
            return self.field

    def __init__(
        self,
        value: str | None = None,
        placeholder: str = "",
        *,
        restrict: str | None = None,
        max_length: int = 0,
        suggester: Suggester | None = None,
        validators: Validator | Iterable[Validator] | None = None,
        validate_on: Iterable[InputValidationOn] = ("blur", "submitted"),
        valid_empty: bool = False,
        select_on_focus: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's own name
        classes: str | None = None,
        disabled: bool = False,
    ) -> None:
        super().__init__(
            value,
            placeholder,
            restrict=restrict,
            max_length=max_length,
            suggester=suggester,
            validators=validators,
            validate_on=validate_on,
            valid_empty=valid_empty,
            select_on_focus=select_on_focus,
            id=id,
            classes=classes,
            disabled=disabled,
        )

    @property
    def cursor_screen_offset(self) -> Offset:
        """Where the cursor is drawn; Textual counts one too many at the end of the text."""
        column = self._position_to_cell(self.cursor_position) - self.scroll_offset.x
        return self.content_region.offset + Offset(column, 0)

    def on_mount(self) -> None:
        """Blink only where things may move."""
        self.set_reactive(Input.cursor_blink, self.app.animation_level != "none")

    def render_line(self, y: int) -> Strip:
        """Draw a line as wide as the field, also where nothing is typed yet."""
        return super().render_line(y).extend_cell_length(self.content_size.width, self.rich_style)

    def take_paste(self, text: str) -> str | None:
        """Choose what of a whole pasted text to insert; `None` inserts nothing.

        The screen is asked (`SteadyScreen.take_paste`), else the first line with words is taken.
        """
        if isinstance(self.screen, SteadyScreen):
            return self.screen.take_paste(self, text)
        return first_line(text)

    def insert_paste(self, text: str) -> None:
        """Put a pasted text at the cursor or over the selection, as much of it as fits."""
        line = self.take_paste(text)
        if not line:
            return
        start, end = sorted(self.selection)
        kept = line
        if self.max_length:
            room = self.max_length - len(self.value) + (end - start)
            kept = line[: max(0, room)]
        expected = self.value[:start] + kept + self.value[end:]
        self.replace(kept, start, end)
        if self.value != expected:
            kept = ""
        if kept != line:
            self.post_message(self.PasteCut(self, wanted=len(line), kept=len(kept)))

    def action_paste(self) -> None:
        """Paste what was last copied inside this app."""
        self.insert_paste(self.app.clipboard)

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self.insert_paste(event.text)

    async def _on_key(self, event: events.Key) -> None:
        # Textual calls Input._on_key next, which types the printable ones.
        await act_at_once(self, event)


class _Unprinted:
    """A message about a secret, which prints as its name alone."""

    def __repr__(self) -> str:
        return f"{type(self).__qualname__}()"

    def __rich_repr__(self) -> Result:
        yield from ()


class SecretField(TextField):
    """A field for a key or a token: bullets on screen, and no way to copy what it holds."""

    ALLOW_SELECT = False

    # The names stay Input's, so that `on_input_changed` and `@on(Input.Changed)` still hear them.
    class Changed(_Unprinted, Input.Changed, namespace="input"):
        """`Input.Changed` that does not print its value."""

    class Submitted(_Unprinted, Input.Submitted, namespace="input"):
        """`Input.Submitted` that does not print its value."""

    class Blurred(_Unprinted, Input.Blurred, namespace="input"):
        """`Input.Blurred` that does not print its value."""

    def __init__(
        self,
        value: str | None = None,
        placeholder: str = "",
        *,
        max_length: int = 0,
        validators: Validator | Iterable[Validator] | None = None,
        validate_on: Iterable[InputValidationOn] = ("blur", "submitted"),
        valid_empty: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's own name
        classes: str | None = None,
        disabled: bool = False,
    ) -> None:
        super().__init__(
            value,
            placeholder,
            max_length=max_length,
            validators=validators,
            validate_on=validate_on,
            valid_empty=valid_empty,
            id=id,
            classes=classes,
            disabled=disabled,
        )
        self.password = True

    @property
    def selected_text(self) -> str:
        """Nothing: what is selected here is nobody's to read."""
        return ""

    def get_selection(self, selection: Selection) -> None:  # noqa: ARG002 - Textual's
        """Give the screen's own copy nothing."""
        return

    def action_copy(self) -> None:
        """Do nothing; without a selection the key goes on, as it does from any field."""
        if self.selection.is_empty:
            raise SkipAction

    def action_cut(self) -> None:
        """Do nothing."""
