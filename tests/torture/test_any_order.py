"""Longer campaigns of `any_order`, and one with the real clients on the sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, seed, settings, strategies as st
from hypothesis.stateful import initialize, rule, run_state_machine_as_test

from ava_setup.onboarding import journal
from ava_setup.onboarding.state import ChangeFallback
from ava_setup.onboarding.steps import StepId
from ava_setup.sandbox import Sandbox
from tests.onboarding.any_order import (
    TROUBLES,
    AnyOrder,
    AnyOrderAcross,
    AnyOrderAmongOthers,
    Trouble,
)
from tests.onboarding.lives import no_waiting
from tests.onboarding.neighbourhood import HOME, MAIN
from tests.onboarding.oracle import of_kind
from tests.onboarding.strict_vendors import Quirks
from tests.onboarding.test_any_order import STORIES
from tests.sandbox.lab import Lab
from tests.torture.sandbox_world import SandboxWorld, WireLoop, WireVendors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ava_setup.onboarding.number import TwilioNumber
    from ava_setup.onboarding.ports import Vendors
    from tests.onboarding.strict_vendors import Caller

_SCENARIOS = ["fresh", "unlinked", "linked-elsewhere", "squad", "provider-wanted-in-patch"]


def _bounded(examples: int) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=30,
        derandomize=True,
        database=None,
        deadline=None,
        # Bounded when it fails, too: the sequence is then shown as it was drawn.
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


@pytest.mark.parametrize(
    "machine", [AnyOrder, AnyOrderAcross, AnyOrderAmongOthers], ids=lambda one: one.__name__
)
def test_in_many_more_orders_nothing_is_lost_nothing_doubled(machine: type[AnyOrder]) -> None:
    with no_waiting():
        run_state_machine_as_test(seed(20261123)(machine), settings=_bounded(200))


@pytest.mark.parametrize("name", STORIES)
def test_cut_short_at_any_turn_it_is_finished_later_and_can_be_taken_back(name: str) -> None:
    with no_waiting():
        assert STORIES[name].cut_short(every=1) == {}


class AnyOrderAtTheSandbox(AnyOrder):
    """The same with the real clients, on the sandbox."""

    lab: Lab
    _loop: WireLoop
    _world: SandboxWorld

    def _make_loop(self) -> WireLoop:
        return WireLoop()

    def _reach(self, caller: Caller) -> Vendors:
        return WireVendors(self.lab, self._world, self._loop, caller)

    @initialize(
        scenario=st.sampled_from(_SCENARIOS),
        masks=st.booleans(),
        begun=st.sampled_from([StepId.WELCOME, StepId.NUMBER, StepId.PROOF]),
    )
    def begins(self, scenario: str, *, masks: bool, begun: StepId) -> None:
        """Start the program for the first time, and go as far as a step without trouble."""
        self._settle(SandboxWorld(self.lab, scenario, Quirks(masks=masks)))
        told = self.lab.told
        self._oracle.secrets |= {told.vapi_key, told.twilio_auth_token}
        self._goes_as_far_as(begun)

    @rule(which=st.integers(0, 3), trouble=TROUBLES)
    def chooses_a_number(self, which: int, trouble: Trouble) -> None:
        listed = self._state.live.numbers
        if listed:
            self._choose_number(listed[which % len(listed)], trouble)

    def _sensible(self) -> TwilioNumber:
        held = self._world.accounts[MAIN].numbers.values()
        return next(one for one in held if self._can_be_answered(one.number))

    def _takes_it_all_back(self) -> None:
        left = self._gives_back(HOME, "token")
        # The one thing that undoing cannot: nobody documents how to take a telephone away from a
        # number of Vapi. It says so, and is done once its owner has removed it by hand.
        stays = of_kind(journal.standing(self._saved), ChangeFallback)
        assert bool(left) is bool(stays)
        for phone_number_id in {one.phone_number_id for one in stays}:
            self._world.remove_fallback(phone_number_id)
        assert self._gives_back(HOME, "token") == ()
        self._oracle.judge_undone(self._state)

    def _judge(self) -> None:
        super()._judge()
        for body in self._world.imports():
            assert body["assistantId"], "imported unlinked"


@pytest.fixture
def lab() -> Iterator[Lab]:
    # A call is over at once: nothing is still to happen when what the vendors hold is compared.
    with Sandbox("fresh", call_seconds=0.0) as sandbox:
        lab = Lab(sandbox)
        with lab.client:
            yield lab


def test_on_the_sandbox_too_nothing_is_lost_nothing_doubled(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Twilio need not be as slow as it is when its limit of requests is what is tested.
    monkeypatch.setattr("ava_setup.sandbox.web._SHORTEST_VISIT", 0.001)
    monkeypatch.setattr(AnyOrderAtTheSandbox, "lab", lab, raising=False)
    with no_waiting():
        run_state_machine_as_test(AnyOrderAtTheSandbox, settings=_bounded(25))
