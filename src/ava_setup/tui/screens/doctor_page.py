"""How the doctor's page looks: the sentence, the findings, and what to do about each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.widgets import OptionList

from ava_setup.front.doctor_offers import (
    NO_OFFER,
    Offer,
    first_to_mend,
    free_mends,
    offer_for,
)
from ava_setup.onboarding.checks import TABLE
from ava_setup.onboarding.hearing import Heard
from ava_setup.onboarding.steps import StepId
from ava_setup.tui.screens.framed import FramedScreen
from ava_setup.tui.widgets.findings import Findings
from ava_setup.tui.widgets.spoken import Line, SpokenButton
from ava_setup.words import NOTHING, Text, _, verbatim

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from ava_setup.onboarding.doctor import Diagnosis
    from ava_setup.onboarding.guidance import Guidance
    from ava_setup.onboarding.mends import Mend
    from ava_setup.onboarding.state import State

LOOKING = _("Looking at every part of the line…")
_MARKED = {True: _("✓ {sentence}"), False: _("✗ {sentence}"), None: _("? {sentence}")}


class DoctorPage(FramedScreen):
    """Draws what the doctor tells; what is done about it is the screen's own."""

    CSS_PATH = "doctor.tcss"
    AUTO_FOCUS = "#findings"

    def __init__(self) -> None:
        super().__init__("doctor")
        self._diagnosis: Diagnosis | None = None
        self._activity = LOOKING

    @property
    def place(self) -> StepId:
        """None of the steps that are counted."""
        return StepId.WELCOME

    @property
    def heading(self) -> Text:
        """What it is."""
        return _("Doctor")

    @property
    def purpose(self) -> Text:
        """What it is for."""
        return _("What callers hear, why, and how to mend it.")

    def fields(self) -> ComposeResult:
        """Lay out the sentence, the list, and what to do about the line that is picked."""
        yield Line(id="hearing")
        yield Findings()
        yield Line(id="to-do")

    def buttons(self) -> tuple[SpokenButton, ...]:
        """Give the buttons, leftmost first."""
        return (
            SpokenButton(_("Back"), id="back"),
            SpokenButton(_("Look again"), id="again"),
            SpokenButton(_("Mend all"), id="all"),
            SpokenButton(NOTHING, id="mend", classes="primary"),
        )

    def hints(self) -> tuple[tuple[Text, Text], ...]:
        """Name the keys that do something here."""
        if self._activity:
            return ((_("Esc"), _("Stop")),)
        everything = ((_("A"), _("Mend all")),) if len(self._free) > 1 else ()
        return (
            (verbatim("↑↓"), _("Pick")),
            (_("R"), _("Look again")),
            *everything,
            (_("Esc"), _("Back")),
        )

    # Drawing

    def show_state(self, state: State) -> None:
        """Say what is going on, or else what can be done."""
        super().show_state(state)
        self._show_offer()

    def _tell(self, diagnosis: Diagnosis) -> None:
        self._diagnosis = diagnosis
        if not self.is_attached:
            return
        hearing = diagnosis.hearing
        over = diagnosis.is_over
        first = first_to_mend(diagnosis) if over else None
        self.query_one(Findings).show(diagnosis.checks, over=over, first=first)
        good = None if hearing.heard is Heard.UNKNOWN else hearing.is_ava
        sentence = hearing.sentence(diagnosis.number)
        line = self.query_one("#hearing", Line)
        line.tell(Text(_MARKED[good].msgid, (("sentence", sentence),)) if over else NOTHING)
        for name, holds in (("-good", good is True), ("-bad", good is False)):
            line.set_class(over and holds, name)
        self._show_offer()

    @property
    def doing(self) -> Text:
        """What goes on between two requests."""
        return self._activity

    @property
    def found(self) -> Diagnosis | None:
        """What was found; None until everything has been looked at."""
        over = self._diagnosis is not None and self._diagnosis.is_over and not self._busy
        return self._diagnosis if over else None

    def _be_at(self, activity: Text) -> None:
        """Say what is being done; nothing when all is over."""
        self._activity = activity
        self.show_state(self.state)

    @on(OptionList.OptionHighlighted, "#findings")
    def _show_offer(self) -> None:
        offer = NO_OFFER if self._activity else self._offer
        to_do = self.query_one("#to-do", Line)
        to_do.set_class(not offer.said, "-aside")
        to_do.tell(NOTHING if self._activity else offer.said or self._explained)
        button = self.query_one("#mend", SpokenButton)
        button.display = bool(offer.label)
        button.tell(offer.label)
        self.query_one("#all").display = not self._activity and len(self._free) > 1
        self.query_one("#again").display = not self._activity
        self._show_hints()

    @property
    def _offer(self) -> Offer:
        picked = self.query_one(Findings).picked
        return offer_for(picked, self._diagnosis) if picked and self._diagnosis else NO_OFFER

    @property
    def _explained(self) -> Text:
        picked = self.query_one(Findings).picked
        return TABLE[picked.id].explained if picked else NOTHING

    @property
    def _free(self) -> tuple[Mend, ...]:
        over = self._diagnosis is not None and self._diagnosis.is_over
        return free_mends(self._diagnosis) if self._diagnosis and over else ()

    def topic(self) -> Guidance:
        """Explain the line that is picked, while the list has the focus."""
        picked = self.query_one(Findings).picked
        if picked is None or self.focused is not self.query_one(Findings):
            return super().topic()
        from ava_setup.onboarding.guidance_pages import CHECKS  # noqa: PLC0415 - when asked for

        return CHECKS[picked.id]
