"""The number: one Enter on it imports it, linked; a live checklist shows each part."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual import on
from textual.binding import Binding
from textual.widgets import Button, Input, OptionList

from ava_setup.onboarding.choosing import meant, narrowed
from ava_setup.onboarding.errors import Action, FieldProblem
from ava_setup.onboarding.number import spaced
from ava_setup.onboarding.outcome import Consent
from ava_setup.onboarding.steps import StepId, as_it_stood
from ava_setup.tui.screens.form import FormScreen
from ava_setup.tui.screens.linking_words import READY, TOASTS, question
from ava_setup.tui.widgets.account import found
from ava_setup.tui.widgets.beside import beside
from ava_setup.tui.widgets.checklist import Checklist
from ava_setup.tui.widgets.field import Field, Help
from ava_setup.tui.widgets.frame import Notice
from ava_setup.tui.widgets.number_list import NumberList
from ava_setup.tui.widgets.spoken import Line, SpokenButton
from ava_setup.words import NOTHING, Text, _

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

    from ava_setup.onboarding.errors import Problem
    from ava_setup.onboarding.outcome import LinkResult
    from ava_setup.onboarding.state import State

_NO_NUMBER = _("This account has no number yet: buy one at console.twilio.com, Phone Numbers.")


class NumberScreen(FormScreen):
    """A list to pick from, then the checklist."""

    STEP = StepId.NUMBER
    CSS_PATH = ["form.tcss", "number.tcss"]
    NEXT = _("Link this number")
    AUTO_FOCUS = "#numbers"
    BINDINGS = [
        Binding("down", "highlight(1)", show=False),
        Binding("up", "highlight(-1)", show=False),
    ]

    def fields(self) -> ComposeResult:
        """Lay out the search, the list and the checklist."""
        yield Line(id="found")
        yield Field(
            "number-search",
            _("Search, or type your number"),
            read=str.strip,
            value=self.earlier("number-search"),
            help_=Help(
                _("The number that Ava is to answer. It must be in your Twilio account."),
                _("Pick it in the list with the arrows, or type it as you would dial it."),
                _("01 99 00 12 34, or +33 1 99 00 12 34"),
            ),
        )
        yield NumberList(id="numbers")
        yield Line(id="change")
        yield Line(id="beside")
        yield Checklist(id="checklist")

    def buttons(self) -> tuple[SpokenButton, ...]:
        """Give the buttons, leftmost first."""
        back, following = super().buttons()
        return back, SpokenButton(_("Another number"), id="other"), following

    def on_mount(self) -> None:
        """Link by itself when the number is known; else list what there is."""
        super().on_mount()
        self.attempt(self._start)

    async def _start(self) -> None:
        if self.state.live.numbers is None:
            await self.setup.list_numbers()
        chosen, linked = self.state.saved.number, self.state.saved.linked
        if chosen is None or self._is_refused(chosen.number):
            return
        if linked is None or linked.outdated:
            await self._link(frozenset())

    # Drawing

    def show_state(self, state: State) -> None:
        """Draw the list, or the checklist once there is something on it."""
        super().show_state(state)
        live = state.live
        line = self.query_one("#found", Line)
        line.tell(found(live.account, live.numbers) if live.account else NOTHING)
        line.set_class(bool(live.account and live.account.kind == "Trial"), "-trial")
        linking = self._is_linking
        for name in ("number-search-field", "numbers", "change", "beside"):
            self.query_one(f"#{name}").display = not linking
        busy = bool(live.activity)
        self.query_one("#other").display = linking and not busy
        checklist = self.query_one("#checklist", Checklist)
        checklist.display = linking
        checklist.show(live.checks)
        again = _("Working…") if busy else _("Try again")
        self.query_one("#next", SpokenButton).tell(again if linking else self.NEXT)
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
        """Say what linking the picked number changes."""
        picked = self._list.picked
        if picked is None:
            change = _NO_NUMBER if self.state.live.numbers == () else NOTHING
        elif not picked.can_be_called:
            change = _("This number takes no voice calls: Ava cannot answer it.")
        else:
            change = _(
                "{number}: calls go to {today} today; they will go to Ava. Messages stay as is.",
                number=spaced(picked.number),
                today=picked.target.words,
            )
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
        if self._is_linking:
            return True
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

    @property
    def _is_linking(self) -> bool:
        """Whether the checklist stands where the list was."""
        return bool(self.state.live.checks) and self.state.saved.number is not None

    # Linking

    async def proceed(self) -> None:
        """Link the number that is picked, or try again."""
        picked = self._list.picked
        if picked is not None and not self._is_linking:
            await self.setup.choose_number(picked)
        await self._link(frozenset())

    async def _link(self, consents: frozenset[Consent]) -> None:
        result = await self.setup.link(consents)
        if result.success:
            self._celebrate(result)
            return
        if result.problem is None:
            return
        asked = question(result, self.state)
        if asked is None or result.consent is None:
            self.show_problem(result.problem)
        elif await self.app.push_screen_wait(asked):
            await self._link(consents | {result.consent})
        else:
            await self._decline()

    def _celebrate(self, result: LinkResult) -> None:
        said = result.message if result.auto_linked else NOTHING
        self.wizard.toast(READY, title=TOASTS[result.outcome], more=said)
        self.wizard.go(StepId.PROOF)

    @on(Button.Pressed, "#other")
    def _another_number(self) -> None:
        self.attempt(self._choose_again)

    async def _decline(self) -> None:
        """Take a no: what stood before this was begun stands again."""
        if await self._restore():
            self.wizard.go(StepId.PROOF)
        else:
            await self._choose_again()
        self.wizard.toast(_("Nothing was changed."))

    async def _restore(self) -> bool:
        stood = self.wizard.stood
        if as_it_stood(stood, self.state) is None:
            return False
        await self.setup.store.update(lambda state: as_it_stood(stood, state) or state)
        return True

    async def _choose_again(self) -> None:
        stood = self.wizard.stood
        same = stood is not None and stood.assistant == self.state.saved.assistant
        if not (same and await self._restore()):
            await self.setup.forget_number()
        self.query_one(Notice).show(None)
        self.query_one("#numbers").focus()

    def asks_doctor(self, problem: Problem) -> bool:
        """Have the doctor look into why there is no link, where only trying again is left."""
        result = self.state.live.result
        return problem.action is Action.RETRY and result is not None and result.problem == problem

    def remedy_for(self, problem: Problem) -> Text:
        """Name what the notice's button does here."""
        if problem.action is Action.CONSENT_TRIAL:
            return _("Import anyway, though calls will fail")
        if problem.action is Action.RETRY and not self.asks_doctor(problem):
            return NOTHING
        return super().remedy_for(problem)

    def action_remedy(self) -> None:
        """Import from a trial account after all, or open the step that mends it."""
        problem = self.query_one(Notice).problem
        if problem is not None and problem.action is Action.CONSENT_TRIAL:
            self.attempt(self._link_on_trial)
        else:
            super().action_remedy()

    async def _link_on_trial(self) -> None:
        await self._link(frozenset({Consent.TRIAL}))

    def action_fill(self) -> None:
        """In a demo, take the number that is highlighted."""
        self.query_one("#next", Button).focus()
