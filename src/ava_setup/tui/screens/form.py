"""What every step with fields does the same way: moving on, complaining, keeping what is typed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from textual import on
from textual.widgets import Button, Input, OptionList

from ava_setup.front.remedies import REMEDIES
from ava_setup.onboarding import chronicle
from ava_setup.onboarding.credentials import could_be_secret
from ava_setup.onboarding.errors import SetupError
from ava_setup.onboarding.steps import step
from ava_setup.tui.screens.step import StepScreen
from ava_setup.tui.textual_defects import background
from ava_setup.tui.widgets.field import ChoiceField, Field, Labelled
from ava_setup.tui.widgets.frame import Notice
from ava_setup.tui.widgets.offer_list import OfferList

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult
    from textual.widget import Widget

    from ava_setup.onboarding.errors import Problem
    from ava_setup.onboarding.sources import OfferedKey


class FormScreen(StepScreen):
    """A step that asks something."""

    def __init__(self) -> None:
        super().__init__()
        self._unkept: Problem | None = None
        self._typed_earlier: dict[str, str] = {}

    def _fields(self) -> list[Field[Any]]:
        """Give the fields of one line that are shown."""
        return [field for field in self.query(Field).results(Field) if field.display]

    def action_move_on(self) -> None:
        """Lead to the next field that wants attention; when none does, on to the end.

        What has a good value already is passed over: one Enter accepts all of it.
        """
        entries = [widget for widget in self.focus_chain if self._is_entry(widget)]
        here = self.focused
        left = entries[entries.index(here) + 1 :] if here in entries else []
        wanting = (one for one in left if _wants_attention(one))
        to = next(wanting, self.query_one("#next", Button))
        if isinstance(to, Button) and (not left or (here is not None and _wants_attention(here))):
            self.action_next()
        else:
            to.focus()

    def _is_entry(self, widget: Widget) -> bool:
        return self.query_one("#body") in widget.ancestors and not isinstance(
            widget, Button | OfferList
        )

    def show_problem(self, problem: Problem) -> None:
        """Say what went wrong, and lead to the field when it is mended here."""
        super().show_problem(problem)
        mended_in, _label = REMEDIES.get(problem.action.value, (None, None))
        fields = self._fields()
        if mended_in is self.STEP and fields:
            fields[0].entry.focus()

    def offers(self, *, vapi: bool) -> ComposeResult:
        """Offer the keys of a vendor that were found on this computer."""
        found = self.found_here(vapi=vapi)
        if found:
            yield OfferList(found)

    def found_here(self, *, vapi: bool) -> tuple[OfferedKey, ...]:
        """Give the keys to offer: none where some are known."""
        found = () if step(self.STEP).holds(self.state) else self.state.live.offered
        return tuple(one for one in found if one.is_vapi == vapi)

    def on_paste(self, event: events.Paste) -> None:
        """Take what is pasted on the offers into the fields: it is meant instead of them."""
        fields = self._fields()
        if isinstance(self.focused, OfferList) and fields:
            event.stop()
            fields[0].entry.focus()
            fields[0].entry.insert_paste(event.text)

    @on(OptionList.OptionSelected, "#offers")
    def _take_offer(self) -> None:
        offer = self.query_one(OfferList).picked
        if offer is not None and not self._busy:
            self.attempt(partial(self.use_offered, offer))

    async def use_offered(self, offer: OfferedKey) -> None:
        """Prove keys that were found on this computer, and go on."""
        await self.keep_typed()
        await self.setup.use_offered(offer)
        await self.took_keys()
        self.go_on()

    async def took_keys(self) -> None:
        """Do what follows keys that were just accepted."""

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
        typed = self.state.saved.typed
        self._typed_earlier.setdefault(field_id, typed.get(field_id, ""))
        return typed.get(field_id, default)

    @property
    def is_as_made(self) -> bool:
        """Whether it would be laid out as it is, with the same in its fields, were it made now."""
        typed = self.state.saved.typed
        return super().is_as_made and all(
            typed.get(field_id, "") == value for field_id, value in self._typed_earlier.items()
        )

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
        for choice in self.query(ChoiceField):
            if choice.field_id in demo.answers:
                choice.entry.value = demo.answers[choice.field_id]
        self.query_one("#next", Button).focus()


def _wants_attention(entry: Widget) -> bool:
    return isinstance(entry.parent, Labelled) and entry.parent.wants_attention
