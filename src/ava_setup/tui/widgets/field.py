"""A field: label, entry, and below it the hint or what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar, cast

from textual import on
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Select
from textual.widgets._select import SelectCurrent

from ava_setup.tui.textual_defects import SecretField, TextField, plain
from ava_setup.tui.widgets.spoken import say
from ava_setup.words import NOTHING, Text, _

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual.app import ComposeResult
    from textual.geometry import Size
    from textual.suggester import Suggester
    from textual.widget import Widget

T = TypeVar("T")
V = TypeVar("V", bound=str)


# Always two lines where there is a hint: an error must not make the page jump.
_HINTED, _BARE = (2, 2), (1, 2)


class Labelled(Vertical):
    """What every kind of field has: a label above, a message below; F1 explains it.

    Both are drawn by the field itself: a widget for each would take as long as all the rest of it.
    """

    ROWS: ClassVar[tuple[int, int] | None] = None
    """Of its message, the fewest and the most; None where it has as many as others."""

    def __init__(self, field_id: str, label: Text, *, hint: Text = NOTHING) -> None:
        super().__init__(id=f"{field_id}-field", classes="field")
        self.field_id = field_id
        self.label = label
        self.hint = hint
        self.message = hint
        """What stands below it."""

    @property
    def typed(self) -> str | None:
        """What is in it, as typed; None when that must not be kept (a secret)."""
        raise NotImplementedError

    def complain(self, text: Text) -> None:
        """Say what is wrong, in the field's place."""
        self.add_class("-wrong")
        self._tell(text)

    def relieve(self, note: Text = NOTHING) -> None:
        """Nothing is wrong (any more); say a note or the hint instead."""
        self.remove_class("-wrong")
        self._tell(note or self.hint)

    def _tell(self, text: Text) -> None:
        self.message = text
        if self.is_attached:
            self.refresh(layout=True)

    def speak(self) -> None:
        """Draw its words anew, in the app's language."""
        self.refresh(layout=True)

    def render(self) -> Content:
        """Draw the label and the message; the entry lies over the lines between them."""
        label = Content.styled(say(self, self.label), "bold").truncate(self.size.width)
        return Content("\n").join((label, *[Content()] * self._entry_rows, self._below))

    @property
    def _below(self) -> Content:
        return Content.styled(say(self, self.message), "$error" if self.is_wrong else "$text-muted")

    @property
    def _entry_rows(self) -> int:
        return sum(child.outer_size.height for child in self.children)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Give the rows that it takes."""
        entry = super().get_content_height(container, viewport, width)
        fewest, most = self.ROWS or (_HINTED if self.hint else _BARE)
        message = self._below.get_height({}, width)
        return entry + min(max(message, fewest), most)

    @property
    def wants_attention(self) -> bool:
        """Whether Enter stops at it on the way to the end of a step."""
        return False

    @property
    def is_wrong(self) -> bool:
        """Whether it shows a complaint."""
        return self.has_class("-wrong")


class Columns(Horizontal):
    """Fields side by side."""

    def __init__(self) -> None:
        super().__init__(classes="columns")
        self._is_begun = False

    def compose_add_child(self, widget: Widget) -> None:
        """Take a field; the first keeps its distance from the next."""
        widget.set_class(not self._is_begun, "left")
        self._is_begun = True
        super().compose_add_child(widget)


class _Entry(TextField):
    """A visible entry, which lets no secret in by a paste."""

    def take_paste(self, text: str) -> str | None:
        """Give what is to be inserted, or None when it must not be shown here."""
        line, field = super().take_paste(text), self.parent
        refused = line and isinstance(field, Field) and field.refuses_paste(line)
        return None if refused else line


class Field(Labelled, Generic[T]):
    """A field of one line.

    Args:
        read: Makes a value of what was typed; raises `FieldProblem` with what is wrong.
        note: A remark about a value that is right, or nothing.
    """

    def __init__(
        self,
        field_id: str,
        label: Text,
        *,
        read: Callable[[str], T],
        value: str = "",
        hint: Text = NOTHING,
        placeholder: str = "",
        suggester: Suggester | None = None,
        note: Callable[[str], Text] | None = None,
    ) -> None:
        super().__init__(field_id, label, hint=hint)
        self._read = read
        self._note = note
        self._heeded = ""
        self.entry: TextField = self._make_entry(field_id, value, placeholder, suggester)

    def _make_entry(
        self, field_id: str, value: str, placeholder: str, suggester: Suggester | None
    ) -> TextField:
        entry = _Entry(value, placeholder, id=field_id, suggester=suggester)
        entry.compact = True
        return entry

    def compose(self) -> ComposeResult:
        """Lay out the entry."""
        yield self.entry

    @property
    def typed(self) -> str | None:
        """What is in it, as typed."""
        return self.entry.value

    def put(self, value: str) -> None:
        """Fill it."""
        self.entry.value = value
        self.entry.cursor_position = len(value)
        self.relieve()

    def check(self) -> T | None:
        """Give the value, or complain and give None."""
        # Imported late: errors bring the catalogue, which the first screen does without.
        from ava_setup.onboarding.errors import FieldProblem  # noqa: PLC0415

        try:
            value = self._read(self.entry.value)
            self._keep_secrets_out(self.entry.value)
        except FieldProblem as problem:
            self.complain(problem.text)
            return None
        self.relieve(self.remark)
        return value

    def _keep_secrets_out(self, typed: str) -> None:
        from ava_setup.onboarding.credentials import keep_secrets_out  # noqa: PLC0415 - as above

        keep_secrets_out(typed)

    @property
    def wants_attention(self) -> bool:
        """Whether it is empty and may not stay so."""
        from ava_setup.onboarding.errors import FieldProblem  # noqa: PLC0415 - as above

        if self.entry.value.strip():
            return False
        try:
            self._read("")
        except FieldProblem:
            return True
        return False

    def refuses_paste(self, text: str) -> bool:
        """Whether a paste must not be shown here; says so."""
        from ava_setup.onboarding.errors import FieldProblem  # noqa: PLC0415 - as above

        try:
            self._keep_secrets_out(text)
        except FieldProblem as problem:
            self.complain(problem.text)
            return True
        return False

    @property
    def remark(self) -> Text:
        """What is odd about a value that is right, or nothing."""
        return self._note(self.entry.value) if self._note else NOTHING

    def has_news(self) -> bool:
        """Whether it makes a remark for the first time: worth a pause before going on."""
        news = bool(self.remark) and self._heeded != self.entry.value
        self._heeded = self.entry.value
        return news

    @on(Input.Changed)
    def _forgive(self) -> None:
        """A complaint about what is no longer there is only in the way."""
        if self.is_wrong:
            self.relieve()

    @on(TextField.PasteCut)
    def _own_up(self, event: TextField.PasteCut) -> None:
        event.stop()
        self.complain(_("Only the first {kept} characters fit.", kept=event.kept))


class SecretEntry(Field[T]):
    """A field whose content is never shown, copied or kept as typed."""

    def _make_entry(
        self, field_id: str, value: str, placeholder: str, suggester: Suggester | None
    ) -> TextField:
        del suggester
        entry = SecretField(value, placeholder, id=field_id)
        entry.compact = True
        return entry

    def _keep_secrets_out(self, typed: str) -> None:
        """Take them: this is where they belong."""

    @property
    def typed(self) -> str | None:
        """Nothing: a secret is not kept as typed."""
        return None


class Choice(Select[str]):
    """A choice of a few: left and right change it, Space shows all, Enter moves on."""

    BINDINGS = [
        ("enter", "screen.move_on"),
        ("space,down,up", "show_overlay"),
        ("left", "turn(-1)"),
        ("right", "turn(1)"),
    ]

    def __init__(
        self,
        names: Mapping[V, Text],
        value: V,
        *,
        id: str,  # noqa: A002 - Textual's own name
    ) -> None:
        self._names = cast("Mapping[str, Text]", names)
        self._first: str = value
        super().__init__(
            [(key, key) for key in names], value=value, allow_blank=False, id=id, compact=True
        )

    def on_mount(self) -> None:
        """Speak as soon as there is an app to ask."""
        self.speak()

    def speak(self) -> None:
        """Name the options anew, keeping the one that is chosen."""
        # Select takes its first value only after this class has been mounted.
        chosen = self._first if self.value is Select.NULL else self.value
        with self.prevent(Select.Changed):
            self.set_options([(plain(say(self, name)), key) for key, name in self._names.items()])
            self.value = chosen
        # Select redraws only when the value changes, not when its name does.
        if chosen in self._names:
            self.query_one(SelectCurrent).update(plain(say(self, self._names[str(chosen)])))

    def action_turn(self, by: int) -> None:
        """Choose the next or the previous one, round and round."""
        keys = list(self._names)
        self.value = keys[(keys.index(self.chosen) + by) % len(keys)]

    @property
    def chosen(self) -> str:
        """The key of what is chosen."""
        return str(self.value)


class ChoiceField(Labelled):
    """A labelled choice.

    Args:
        asks: Whether Enter stops at it on the way, though it has a value.
    """

    def __init__(
        self,
        field_id: str,
        label: Text,
        names: Mapping[V, Text],
        value: V,
        *,
        hint: Text = NOTHING,
        asks: bool = False,
    ) -> None:
        super().__init__(field_id, label, hint=hint)
        self.asks = asks
        self.entry = Choice(names, value, id=field_id)

    @property
    def wants_attention(self) -> bool:
        """Whether Enter stops at it on the way."""
        return self.asks

    def compose(self) -> ComposeResult:
        """Lay out the choice."""
        yield self.entry

    @property
    def typed(self) -> str | None:
        """The key of what is chosen."""
        return self.entry.chosen
