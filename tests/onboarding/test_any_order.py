"""In any order of steps, backs, edits, failures and restarts, nothing is lost or doubled."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from ava_setup.onboarding.outcome import Consent
from ava_setup.onboarding.steps import StepId
from tests.onboarding.any_order import NONE, AnyOrder, AnyOrderAcross, Trouble
from tests.onboarding.lives import Cut, no_waiting
from tests.onboarding.neighbourhood import HOME, SECOND
from tests.onboarding.strict_vendors import Quirks

if TYPE_CHECKING:
    from collections.abc import Callable

_BOUNDED = settings(
    max_examples=40,
    stateful_step_count=25,
    derandomize=True,
    database=None,
    deadline=None,
    # Bounded when it fails, too: the sequence is then shown as it was drawn.
    phases=[Phase.generate],
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)
_ALL = frozenset(Consent)
# As many as any story has, at least.
_WRITES = 7


def test_in_any_order_nothing_is_lost_nothing_doubled_and_undoing_takes_all_back() -> None:
    with no_waiting():
        run_state_machine_as_test(AnyOrder, settings=_BOUNDED)


@dataclass(frozen=True)
class Story:
    """A use case that meets with trouble, and what comes before and after it.

    Attributes:
        begun: How far the set-up is.
        act: The use case.
        then: What the owner does next, before all is seen through and taken back.
        turns: How many turns of the event loop it takes, or a few more.
        number: The number that was chosen, if that matters.
        drafts: Whether another assistant is still to be created.
    """

    begun: StepId
    act: Callable[[AnyOrder, Trouble], None]
    turns: int
    then: Callable[[AnyOrder, Trouble], None] = lambda machine, trouble: machine.goes_on(trouble)
    number: str = ""
    drafts: bool = False
    quirks: Quirks = field(default_factory=Quirks)

    def told_with(self, trouble: Trouble) -> str:
        """Tell it; gives what went wrong, or ""."""
        machine = AnyOrder()
        try:
            try:
                machine.begins(self.quirks, inhabited=False, begun=self.begun)
                if self.number:
                    machine.chooses_a_number(self.number, NONE)
                if self.drafts:
                    machine.drafts_an_assistant("Ava du samedi", "", NONE)
                self.act(machine, trouble)
                self.then(machine, NONE)
            finally:
                machine.teardown()
        except (AssertionError, RuntimeError) as error:
            return str(error) or type(error).__name__
        return ""

    def cut_short(self, every: int) -> dict[int, str]:
        """Tell it cut short at a turn, for every so many turns; gives what went wrong by turn."""
        told = {at: self.told_with(Trouble(cut=Cut(at))) for at in range(0, self.turns, every)}
        return {at: wrong for at, wrong in told.items() if wrong}

    def short_of_room(self) -> dict[int, str]:
        """Tell it with the disk full, for every write; gives what went wrong by write."""
        told = {room: self.told_with(Trouble(room=room)) for room in range(_WRITES)}
        return {room: wrong for room, wrong in told.items() if wrong}


def _goes_live_and_undoes(machine: AnyOrder, trouble: Trouble) -> None:
    machine.goes_live(_ALL, NONE)
    machine.undoes(trouble)


STORIES = {
    "connect": Story(StepId.ASSISTANT, lambda one, how: one.connects(HOME, how), 15),
    "create": Story(
        StepId.ASSISTANT, lambda one, how: one.creates_an_assistant("Ava", "", how), 25
    ),
    "check Twilio": Story(StepId.NUMBER, lambda one, how: one.checks_twilio("token", how), 20),
    "go live": Story(StepId.NUMBER, lambda one, how: one.goes_live(_ALL, how), 60, number="fresh"),
    "go live with a draft": Story(
        StepId.NUMBER,
        lambda one, how: one.goes_live(_ALL, how),
        80,
        number="fresh",
        drafts=True,
    ),
    "go live, then undo": Story(
        StepId.NUMBER,
        lambda one, how: one.goes_live(_ALL, how),
        40,
        then=lambda one, how: one.undoes(how),
        number="unlinked",
        quirks=Quirks(masks=True),
    ),
    "undo": Story(StepId.PROOF, lambda one, how: one.undoes(how), 40),
    "undo where a deletion empties": Story(
        StepId.PROOF, lambda one, how: one.undoes(how), 40, quirks=Quirks(empties=True)
    ),
    "undo of a number that served somebody": Story(
        StepId.NUMBER, _goes_live_and_undoes, 40, number="serving"
    ),
    "undo of a number left over at Vapi": Story(
        StepId.NUMBER,
        _goes_live_and_undoes,
        40,
        number="left over",
        quirks=Quirks(empties=True),
    ),
}


@pytest.mark.parametrize("name", STORIES)
def test_cut_short_at_many_a_turn_it_is_finished_later_and_can_be_taken_back(name: str) -> None:
    with no_waiting():
        # At every turn: tests/torture.
        assert STORIES[name].cut_short(every=7) == {}


@pytest.mark.parametrize("name", STORIES)
def test_with_the_disk_full_at_any_write_it_is_finished_later_and_can_be_taken_back(
    name: str,
) -> None:
    with no_waiting():
        assert STORIES[name].short_of_room() == {}


def _in_another_organisation(machine: AnyOrderAcross) -> None:
    machine.begins(Quirks(), inhabited=False, begun=StepId.WELCOME)
    machine.connects_elsewhere(SECOND, NONE)
    machine.goes_on(NONE)
    machine.goes_on(NONE)


def _with_another_account(machine: AnyOrderAcross) -> None:
    machine.begins(Quirks(empties=True), inhabited=True, begun=StepId.NUMBER)
    machine.checks_the_spare_account(NONE)
    machine.chooses_the_spare_number(NONE)
    machine.goes_live(_ALL, NONE)
    machine.checks_twilio("token", NONE)
    machine.undoes(NONE)


def _with_another_key_half_kept(machine: AnyOrderAcross) -> None:
    machine.begins(Quirks(), inhabited=False, begun=StepId.ASSISTANT)
    machine.creates_an_assistant("Ava", "", NONE)
    machine.connects_elsewhere(SECOND, Trouble(room=1))
    machine.undoes(NONE)


def _made_unseen_then_elsewhere(machine: AnyOrderAcross) -> None:
    machine.begins(Quirks(), inhabited=False, begun=StepId.ASSISTANT)
    machine.creates_an_assistant("Ava", "", Trouble(room=1))
    machine.connects_elsewhere(SECOND, NONE)
    machine.creates_an_assistant("Ava", "", NONE)


def test_what_was_made_unseen_is_not_made_again_with_a_fresh_key() -> None:
    machine = AnyOrder()
    with no_waiting():
        try:
            # With nothing in it, the organisation does not tell which one it is.
            machine.begins(Quirks(), inhabited=False, begun=StepId.ASSISTANT)
            machine.creates_an_assistant("Ava", "", Trouble(room=1))
            machine.credentials_are_rotated(HOME)
            machine.connects(HOME, NONE)
            machine.creates_an_assistant("Ava", "", NONE)
        finally:
            machine.teardown()


@pytest.mark.parametrize(
    "mixes_up",
    [
        _in_another_organisation,
        _with_another_account,
        _with_another_key_half_kept,
        _made_unseen_then_elsewhere,
    ],
    ids=lambda one: one.__name__.strip("_").replace("_", " "),
)
def test_mixing_up_organisations_and_accounts_forgets_nothing_that_was_made(
    mixes_up: Callable[[AnyOrderAcross], None],
) -> None:
    machine = AnyOrderAcross()
    with no_waiting():
        try:
            mixes_up(machine)
        finally:
            machine.teardown()
