"""What every step with fields does the same way: moving on, complaining, keeping what is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual import on
from textual.widgets import Button, Input

from ava_setup.onboarding import chronicle
from ava_setup.onboarding.credentials import could_be_secret
from ava_setup.onboarding.errors import SetupError
from ava_setup.tui.screens.remedies import REMEDIES
from ava_setup.tui.screens.step import StepScreen
from ava_setup.tui.textual_defects import background
from ava_setup.tui.widgets.field import Field, Labelled
from ava_setup.tui.widgets.frame import Notice

if TYPE_CHECKING:
    from textual.widget import Widget

    from ava_setup.onboarding.errors import Problem
    from ava_setup.tui.textual_defects import TextField


class FormScreen(StepScreen):
    """A step that asks something."""

    def __init__(self) -> None:
        super().__init__()
        self._unkept: Problem | None = None

    def _fields(self) -> list[Field[Any]]:
        """Give the fields of one line that are shown."""
        return [field for field in self.query(Field).results(Field) if field.display]

    def action_move_on(self) -> None:
        """Focus the next field; on the last one, continue."""
        entries = [widget for widget in self.focus_chain if self._is_entry(widget)]
        if self.focused in entries and self.focused is not entries[-1]:
            entries[entries.index(self.focused) + 1].focus()
        else:
            self.action_next()

    def _is_entry(self, widget: Widget) -> bool:
        return self.query_one("#body") in widget.ancestors and not isinstance(widget, Button)

    def show_problem(self, problem: Problem) -> None:
        """Say what went wrong, and lead to the field when it is mended here."""
        super().show_problem(problem)
        mended_in, _label = REMEDIES.get(problem.action.value, (None, None))
        fields = self._fields()
        if mended_in is self.STEP and fields:
            fields[0].entry.focus()

    def take_paste(self, field: TextField, text: str) -> str | None:
        """Keep a pasted secret out of a field that would show it."""
        line = super().take_paste(field, text)
        labelled = field.parent
        if line and isinstance(labelled, Field) and labelled.refuse_paste(line):
            return None
        return line

    def check_fields(self) -> bool:
        """Have every field complain that must; focus the first that does."""
        fields = self._fields()
        wrong = [field for field in fields if field.check() is None]
        wrong = wrong or [field for field in fields if field.has_news()]
        if wrong:
            wrong[0].entry.focus()
        return not wrong

    def typed_of(self, field_id: str) -> str:
        """Give what stands in a field, as typed."""
        return self.query_one(f"#{field_id}-field", Labelled).typed or ""

    def value_of(self, field_id: str) -> Any:
        """Give the value of a field that has just been checked."""
        return self.query_one(f"#{field_id}-field", Field).check()

    def earlier(self, field_id: str, default: str = "") -> str:
        """Give what was last typed into a field."""
        return self.state.saved.typed.get(field_id, default)

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        field = event.input.parent
        stays = isinstance(field, Field) and (field.check() is None or field.has_news())
        if not stays:
            self.action_move_on()

    @on(Input.Blurred)
    def _left(self, event: Input.Blurred) -> None:
        field = event.input.parent
        if isinstance(field, Field) and event.input.value:
            field.check()
        if self.is_current:
            self._keep_soon()

    @background("keep")
    async def _keep_soon(self) -> None:
        """Keep what was typed while the next field is typed in: no problem takes the focus."""
        notice = self.query_one(Notice)
        try:
            await self.keep_typed()
        except SetupError as error:
            chronicle.problem(error.problem)
            self._unkept = error.problem
            notice.show(self._unkept)
        else:
            if self._unkept is not None and notice.problem == self._unkept:
                notice.show(None)
            self._unkept = None

    async def keep_typed(self) -> None:
        """Keep what stands in the fields, as typed; never a secret.

        Raises:
            StoreError: It could not be written.
        """
        typed = {
            field.field_id: field.typed
            for field in self.query(Labelled)
            if field.typed is not None and not could_be_secret(field.typed)
        }
        if any(self.state.saved.typed.get(name) != value for name, value in typed.items()):
            await self.setup.remember(typed)

    def action_fill(self) -> None:
        """In a demo, fill this step."""
        demo = self.wizard.world.demo if self.wizard.world else None
        if demo is None:
            return
        for field in self._fields():
            if field.field_id in demo.answers:
                field.put(demo.answers[field.field_id])
        self.query_one("#next", Button).focus()

    def explained(self) -> Labelled | None:
        """Give the field that has the focus."""
        around = self.focused.ancestors if self.focused else ()
        return next((one for one in around if isinstance(one, Labelled)), None)
