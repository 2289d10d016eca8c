"""The number: one Enter on it imports it, linked; a live checklist shows each part."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual import on
from textual.binding import Binding
from textual.widgets import Button, Input, OptionList
from textual.widgets.option_list import Option

from ava_setup.onboarding.errors import Action, ErrorCode, FieldProblem, SetupError
from ava_setup.onboarding.number import read_number, region_of, spaced
from ava_setup.onboarding.outcome import Consent, Outcome
from ava_setup.onboarding.steps import StepId
from ava_setup.tui.screens.consent import ConsentScreen
from ava_setup.tui.screens.form import FormScreen
from ava_setup.tui.widgets.account import found
from ava_setup.tui.widgets.checklist import Checklist
from ava_setup.tui.widgets.field import Field, Help
from ava_setup.tui.widgets.frame import Notice
from ava_setup.tui.widgets.spoken import Line, SpokenButton, say
from ava_setup.words import NOTHING, Text, _

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from ava_setup.onboarding.errors import Problem
    from ava_setup.onboarding.number import TwilioNumber
    from ava_setup.onboarding.outcome import LinkResult
    from ava_setup.onboarding.state import State

_AGREE = {
    Consent.REASSIGN: _("Yes, hand it over"),
    Consent.OVERWRITE: _("Yes, take the calls over"),
}
_READY = _("Your number is ready to receive calls.")
_TOASTS = {
    Outcome.IMPORTED: _("Number imported and linked automatically!"),
    Outcome.RELINKED: _("Number linked: it was at Vapi without an assistant."),
    Outcome.REASSIGNED: _("Number handed over."),
    Outcome.ALREADY_LINKED: _("The number was already linked."),
}


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

    def __init__(self) -> None:
        super().__init__()
        self._matching: tuple[TwilioNumber, ...] | None = None

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
        yield OptionList(id="numbers", markup=False)
        yield Line(id="change")
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
        if self.state.saved.number is not None and self.state.saved.linked is None:
            await self._link(frozenset())

    # Drawing

    def show_state(self, state: State) -> None:
        """Draw the list, or the checklist once there is something on it."""
        super().show_state(state)
        live = state.live
        line = self.query_one("#found", Line)
        line.tell(found(live.account, live.numbers) if live.account else NOTHING)
        line.set_class(bool(live.account and live.account.kind == "Trial"), "-trial")
        linking = bool(live.checks)
        for name in ("number-search-field", "numbers", "change"):
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
        wanted = self.query_one("#number-search", Input).value.strip()
        matching = tuple(one for one in state.live.numbers or () if _matches(one, wanted))
        if matching == self._matching:
            return
        self._matching = matching
        options = self.query_one("#numbers", OptionList)
        options.clear_options()
        options.add_options(Option(self._row(one), id=one.sid) for one in matching)
        if matching:
            chosen = state.saved.number.sid if state.saved.number else ""
            options.highlighted = max(
                range(len(matching)), key=lambda place: (_rank(matching[place], chosen), -place)
            )
        self._show_change()

    def _row(self, number: TwilioNumber) -> str:
        voice = _("voice") if number.can_be_called else _("no voice")
        name = number.label if number.label not in {number.number, spaced(number.number)} else ""
        return f"{spaced(number.number):<20} {say(self, voice):<10} → " + "   ".join(
            part for part in (say(self, number.target.words), name) if part
        )

    def speak(self) -> None:
        """Draw the rows in the other language."""
        self._matching = None
        if self.wizard.world is not None:
            self._draw_list(self.state)

    @property
    def _picked(self) -> TwilioNumber | None:
        option = self.query_one("#numbers", OptionList).highlighted_option
        return next((one for one in self._matching or () if option and one.sid == option.id), None)

    @on(OptionList.OptionHighlighted, "#numbers")
    def _show_change(self) -> None:
        picked = self._picked
        if picked is None:
            empty = self.state.live.numbers == ()
            self.query_one("#change", Line).tell(
                _("This account has no number yet: buy one at console.twilio.com, Phone Numbers.")
                if empty
                else NOTHING
            )
            return
        today = picked.target
        self.query_one("#change", Line).tell(
            _("This number takes no voice calls: Ava cannot answer it.")
            if not picked.can_be_called
            else _(
                "{number}: calls go to {today} today; they will go to Ava. Messages stay as is.",
                number=spaced(picked.number),
                today=today.words,
            )
        )

    # Picking

    @on(Input.Changed, "#number-search")
    def _filter(self) -> None:
        self._draw_list(self.state)

    def action_highlight(self, by: int) -> None:
        """Move in the list while typing in the search."""
        options = self.query_one("#numbers", OptionList)
        if options.option_count:
            place = (options.highlighted or 0) + by
            options.highlighted = min(max(place, 0), options.option_count - 1)

    @on(OptionList.OptionSelected, "#numbers")
    def _enter_on_list(self) -> None:
        self.action_next()

    def action_move_on(self) -> None:
        """Enter in the search takes what it found."""
        self.action_next()

    def check_fields(self) -> bool:
        """Find the number that is meant."""
        if self.query_one("#checklist").display:
            return True
        search = cast("Field[str]", self.query_one("#number-search-field", Field))
        typed = (search.typed or "").strip()
        if typed and len(self._matching or ()) != 1:
            meant = self._typed_number(typed, search)
            if meant is None:
                return False
            options = self.query_one("#numbers", OptionList)
            search.put("")
            self._draw_list(self.state)
            options.highlighted = options.get_option_index(meant.sid)
        return self._picked is not None

    def _typed_number(self, typed: str, search: Field[str]) -> TwilioNumber | None:
        """Find a typed number in the account, or complain."""
        numbers = self.state.live.numbers or ()
        if self._matching and not any(character.isdigit() for character in typed):
            return self._picked
        try:
            candidates = read_number(typed, self._regions())
        except FieldProblem as problem:
            if self._matching:
                return self._picked
            search.complain(problem.text)
            return None
        for candidate in candidates:
            for number in numbers:
                if number.number == candidate:
                    return number
        if self._matching:
            return self._picked
        absent = SetupError(ErrorCode.NUMBER_NOT_IN_ACCOUNT, number=spaced(candidates[0])).problem
        search.complain(Text("{what} {next}", (("what", absent.what), ("next", absent.next))))
        return None

    def _regions(self) -> tuple[str, ...]:
        """Countries to read national notation by: the account's own numbers', then France."""
        of_numbers = (region_of(one.number) for one in self.state.live.numbers or ())
        return (*(region for region in of_numbers if region), "FR", "CA", "GB", "US")

    # Linking

    async def proceed(self) -> None:
        """Link the number that is picked, or try again."""
        if not self.query_one("#checklist").display:
            picked = self._picked
            if picked is None:
                return
            await self.setup.choose_number(picked)
        await self._link(frozenset())

    async def _link(self, consents: frozenset[Consent]) -> None:
        result = await self.setup.link(consents)
        if result.success:
            self._celebrate(result)
            return
        if result.problem is None:
            return
        if result.consent not in _AGREE:
            self.show_problem(result.problem)
        elif await self.app.push_screen_wait(ConsentScreen(result.problem, _AGREE[result.consent])):
            await self._link(consents | {result.consent})
        else:
            await self._choose_again()
            self.wizard.toast(_("Nothing was changed."))

    def _celebrate(self, result: LinkResult) -> None:
        said = result.message if result.auto_linked else NOTHING
        self.wizard.toast(_READY, title=_TOASTS[result.outcome], more=said)
        self.wizard.go(StepId.PROOF)

    @on(Button.Pressed, "#other")
    def _another_number(self) -> None:
        self.attempt(self._choose_again)

    async def _choose_again(self) -> None:
        await self.setup.forget_number()
        self.query_one(Notice).show(None)
        self.query_one("#numbers").focus()

    def remedy_for(self, problem: Problem) -> Text:
        """Name what the notice's button does here."""
        if problem.action is Action.CONSENT_TRIAL:
            return _("Import anyway, though calls will fail")
        if problem.action is Action.RETRY:
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


def _matches(number: TwilioNumber, wanted: str) -> bool:
    if not wanted:
        return True
    digits = "".join(character for character in wanted if character.isdigit()).lstrip("0")
    return (
        bool(digits) and digits in number.number
    ) or wanted.casefold() in number.label.casefold()


def _rank(number: TwilioNumber, chosen: str) -> int:
    """Tell how sensible a choice is: the one chosen before, then one that nobody uses yet."""
    if number.sid == chosen:
        return 3
    if not number.can_be_called:
        return 0
    return 1 if number.target.is_somebodys else 2
