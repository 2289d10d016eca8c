"""The first thing on screen: what this is, what is needed, how long it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.widgets import Button, OptionList

from ava_setup.front.welcome_words import ANOTHER, AT_HAND, NEEDS, NOTHING_YET, PROMISE, WHICH
from ava_setup.onboarding.steps import StepId
from ava_setup.tui.screens.step import StepScreen
from ava_setup.tui.textual_defects import plain
from ava_setup.tui.widgets.spoken import Line, SpokenButton, say
from ava_setup.words import _, in_lines

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from ava_setup.front.worlds import Business

_PLUS_ANOTHER = _("+ Another business")


class WelcomeScreen(StepScreen):
    """Start, pick a business, try it as a demo, or change the language."""

    STEP = StepId.WELCOME
    CSS_PATH = "welcome.tcss"
    AUTO_FOCUS = "#next"
    NEXT = _("Start")
    FILL = _("Have someone ring")

    def __init__(self) -> None:
        super().__init__()
        self._offered: tuple[Business, ...] = ()
        self._is_begun = False

    def fields(self) -> ComposeResult:
        """Lay out the welcome."""
        yield Line(PROMISE, id="promise")
        yield Line(AT_HAND, id="at-hand")
        yield Line(in_lines(*NEEDS), id="needs")
        yield Line(NOTHING_YET, id="promise-kept")

    def buttons(self) -> tuple[SpokenButton, ...]:
        """Give the buttons, leftmost first."""
        language = SpokenButton(_("Français"), id="language")
        start = SpokenButton(self.NEXT, id="next", classes="primary")
        if self.wizard.is_demo:
            return language, start
        return (
            language,
            SpokenButton(ANOTHER, id="another"),
            SpokenButton(_("Try it as a demo"), id="demo"),
            start,
        )

    def draw(self) -> None:
        """Offer another business where there is one."""
        super().draw()
        if not self.wizard.is_demo:
            known = self.wizard.world is not None and self.state.saved.profile is not None
            self.query_one("#another").display = known
            if known:
                self._promise_to_carry_on()

    def _promise_to_carry_on(self) -> None:
        """Say that saved work is gone on with, not begun anew."""
        self.query_one("#next", SpokenButton).tell(StepScreen.NEXT)

    def offer(self, businesses: tuple[Business, ...]) -> None:
        """Let the user pick one of several businesses, or begin another."""
        from ava_setup.tui.widgets.pick_list import (  # noqa: PLC0415 - where there are several
            PickList,
        )

        self._offered = businesses
        self._promise_to_carry_on()
        for gone in ("at-hand", "needs", "promise", "another"):
            self.query_one(f"#{gone}").display = False
        options = PickList(id="businesses")
        self.query_one("#body").mount(
            Line(WHICH, id="which"), options, before=self.query_one("#promise-kept")
        )
        options.add_options(plain(one.name or one.profile) for one in businesses)
        options.add_option(plain(say(self, _PLUS_ANOTHER)))
        options.highlighted = 0
        options.focus()

    def speak(self) -> None:
        """Name the last choice in the other language."""
        if self._offered:
            options = self.query_one("#businesses", OptionList)
            options.replace_option_prompt_at_index(
                len(self._offered), plain(say(self, _PLUS_ANOTHER))
            )

    @on(OptionList.OptionSelected, "#businesses")
    def _picked(self) -> None:
        self.action_next()

    @property
    def leads_on(self) -> bool:
        """Nothing is typed here: while the first step is on its way, keys are meant for that."""
        return self._is_begun

    def _be_busy(self, *, busy: bool) -> None:
        super()._be_busy(busy=busy)
        self._is_begun = busy

    def action_next(self) -> None:
        """Start, on the business that is picked."""
        if not self._offered:
            self._is_begun = True
            super().action_next()
            return
        place = self.query_one("#businesses", OptionList).highlighted or 0
        known = place < len(self._offered)
        self.wizard.work_on(self._offered[place].profile if known else None)

    def action_fill(self) -> None:
        """In a demo, have somebody ring the number as it is today."""
        demo = self.wizard.world.demo if self.wizard.world else None
        if demo is not None:
            from ava_setup.tui.screens.caller import CallerScreen  # noqa: PLC0415 - when asked for

            self.app.push_screen(CallerScreen(demo, demo.number))

    @on(Button.Pressed, "#another")
    def _begin_another(self) -> None:
        self.wizard.work_on(None)

    @on(Button.Pressed, "#language")
    def _switch_language(self) -> None:
        self.wizard.action_switch_language()

    @on(Button.Pressed, "#demo")
    def _start_demo(self) -> None:
        self.wizard.start_demo()
