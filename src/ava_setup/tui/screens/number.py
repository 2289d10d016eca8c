"""The number: one Enter on it chooses it; nothing is changed yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual import on
from textual.binding import Binding
from textual.widgets import Button, Input, OptionList

from ava_setup.front.account import found
from ava_setup.front.beside import beside
from ava_setup.front.number_words import NO_NUMBER, change_of
from ava_setup.onboarding.choosing import meant, narrowed
from ava_setup.onboarding.errors import FieldProblem
from ava_setup.onboarding.steps import StepId
from ava_setup.tui.screens.form import FormScreen
from ava_setup.tui.textual_defects import background
from ava_setup.tui.widgets.field import Field
from ava_setup.tui.widgets.number_list import NumberList
from ava_setup.tui.widgets.spoken import Line
from ava_setup.words import NOTHING, _

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

    from ava_setup.onboarding.state import State


class NumberScreen(FormScreen):
    """A list to pick from."""

    STEP = StepId.NUMBER
    IS_LONG = True
    CSS_PATH = ["form.tcss", "number.tcss"]
    NEXT = _("Choose this number")
    AUTO_FOCUS = "#numbers"
    BINDINGS = [
        Binding("down", "highlight(1)", show=False),
        Binding("up", "highlight(-1)", show=False),
    ]

    def fields(self) -> ComposeResult:
        """Lay out the search and the list."""
        yield Line(id="found")
        yield Field(
            "number-search",
            _("Search, or type your number"),
            read=str.strip,
            value=self.earlier("number-search"),
        )
        yield NumberList(id="numbers")
        yield Line(id="change")
        yield Line(id="beside")

    def begin(self) -> None:
        """List what there is, asking Twilio when nobody has yet."""
        super().begin()
        if self.state.live.numbers is None:
            self.attempt(self._read_numbers)
        else:
            self._read_balance()

    async def _read_numbers(self) -> None:
        await self.setup.list_numbers()
        self._read_balance()

    @background("balance")
    async def _read_balance(self) -> None:
        """Show what is left, when it comes: nobody waits for it."""
        await self.setup.read_balance()

    # Drawing

    def show_state(self, state: State) -> None:
        """Draw the account and its numbers."""
        super().show_state(state)
        live = state.live
        line = self.query_one("#found", Line)
        line.tell(found(live.account, live.numbers) if live.account else NOTHING)
        line.set_class(bool(live.account and live.account.kind == "Trial"), "-trial")
        self._draw_list(state)

    def _draw_list(self, state: State) -> None:
        chosen = state.saved.number.sid if state.saved.number else ""
        self._list.show(narrowed(state.live.numbers or (), self._search.typed or ""), chosen)
        self._show_change()

    @property
    def _list(self) -> NumberList:
        return self.query_one("#numbers", NumberList)

    @property
    def _search(self) -> Field[str]:
        return cast("Field[str]", self.query_one("#number-search-field", Field))

    @on(OptionList.OptionHighlighted, "#numbers")
    def _show_change(self) -> None:
        """Say what going live with the picked number changes."""
        picked = self._list.picked
        if picked is None:
            change = NO_NUMBER if self.state.live.numbers == () else NOTHING
        else:
            change = change_of(picked)
        self.query_one("#change", Line).tell(change)
        profile = self.state.saved.profile
        can = picked is not None and picked.can_be_called
        self.query_one("#beside", Line).tell(
            beside(profile.fallback_number, profile.webhook_url) if profile and can else NOTHING
        )

    # Picking

    @on(Input.Changed, "#number-search")
    def _filter(self) -> None:
        self._draw_list(self.state)

    def action_highlight(self, by: int) -> None:
        """Move in the list while typing in the search."""
        self._list.move(by)

    def on_key(self, event: events.Key) -> None:
        """Take what is typed on the list into the search."""
        if self.focused is self._list and event.is_printable and event.character:
            event.stop()
            # All of it now, so that the list is drawn once, not first without the focus.
            self._search.entry.focus()
            self._search.entry.insert_text_at_cursor(event.character)

    @on(OptionList.OptionSelected, "#numbers")
    def _enter_on_list(self) -> None:
        self.action_next()

    def action_move_on(self) -> None:
        """Enter in the search takes what it found."""
        self.action_next()

    def check_fields(self) -> bool:
        """Find the number that is meant."""
        numbers = self.state.live.numbers or ()
        try:
            number = meant(self._search.typed or "", numbers, self._list.picked)
        except FieldProblem as problem:
            self._search.complain(problem.text)
            return False
        if number is not None and self._is_refused(number.number):
            return False
        if number is not None and number != self._list.picked:
            self._search.put("")
            self._draw_list(self.state)
            self._list.pick(number)
        return number is not None

    def _is_refused(self, number: str) -> bool:
        """Whether Ava cannot answer a number because it rings when she cannot; says so."""
        profile = self.state.saved.profile
        if profile is None or profile.fallback_number != number:
            return False
        self._search.complain(
            _("It rings when Ava cannot answer: pick another, or change that in step 1, More….")
        )
        return True

    async def proceed(self) -> None:
        """Choose the number that is picked."""
        picked = self._list.picked
        if picked is not None:
            await self.setup.choose_number(picked)
        self.go_on()

    def action_fill(self) -> None:
        """In a demo, take the number that is highlighted."""
        self.query_one("#next", Button).focus()
