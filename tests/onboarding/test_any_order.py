"""In any order of steps, backs, edits, failures and restarts, nothing is lost or doubled."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.onboarding.any_order import AnyOrder
from tests.onboarding.lives import no_waiting

_BOUNDED = settings(
    max_examples=60,
    stateful_step_count=25,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def test_in_any_order_nothing_is_lost_nothing_doubled_and_undoing_takes_all_back() -> None:
    with no_waiting():
        run_state_machine_as_test(AnyOrder, settings=_BOUNDED)
