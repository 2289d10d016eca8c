from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from ava_setup.clients.patience import Patience, RetryPolicy
from ava_setup.onboarding.errors import (
    Ambiguous,
    CredentialsRefused,
    ErrorCode,
    Evidence,
    NotFound,
    RateLimited,
    Rejected,
    Unreachable,
    Vendor,
    VendorDown,
    VendorError,
)
from tests.clients.lab import Waits

if TYPE_CHECKING:
    from collections.abc import Callable

VAPI = Vendor.VAPI


def limited(seconds: float | None = None) -> RateLimited:
    return RateLimited(VAPI, evidence=Evidence(VAPI, 429), retry_after=seconds)


UNREACHABLE = Unreachable(ErrorCode.UNREACHABLE, VAPI)
DOWN = VendorDown(ErrorCode.VENDOR_DOWN, VAPI)
TIMED_OUT = Ambiguous(ErrorCode.TIMED_OUT, VAPI)
INTERRUPTED = Ambiguous(ErrorCode.INTERRUPTED, VAPI)
NONSENSE = Ambiguous(ErrorCode.UNINTELLIGIBLE, VAPI)
REFUSED = CredentialsRefused(ErrorCode.VAPI_KEY_REFUSED, VAPI)
REJECTED = Rejected(ErrorCode.REJECTED, VAPI)
GONE = NotFound(ErrorCode.NOT_FOUND, VAPI)
REDIRECTED = VendorError(ErrorCode.REDIRECTED, VAPI)


class Asking:
    """Fails as told, then succeeds."""

    def __init__(self, *failures: Exception) -> None:
        self._failures = list(failures)
        self.times = 0

    async def __call__(self) -> str:
        self.times += 1
        if self._failures:
            raise self._failures.pop(0)
        return "done"


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.mark.parametrize(
    "failure", [limited(), UNREACHABLE, DOWN, TIMED_OUT, INTERRUPTED], ids=lambda e: e.code
)
async def test_a_read_is_repeated_after_what_may_pass(failure: VendorError, waits: Waits) -> None:
    ask = Asking(failure)
    assert await waits.patience().read(VAPI, ask) == "done"
    assert ask.times == 2


@pytest.mark.parametrize(
    "failure", [REFUSED, REJECTED, GONE, REDIRECTED, NONSENSE], ids=lambda e: e.code
)
async def test_a_read_is_not_repeated_after_what_will_not(
    failure: VendorError, waits: Waits
) -> None:
    ask = Asking(failure)
    with pytest.raises(type(failure)):
        await waits.patience().read(VAPI, ask)
    assert (ask.times, waits.slept, waits.told) == (1, [], [])


@pytest.mark.parametrize("failure", [limited(), UNREACHABLE], ids=lambda e: e.code)
async def test_a_write_is_repeated_when_it_provably_did_nothing(
    failure: VendorError, waits: Waits
) -> None:
    ask = Asking(failure)
    assert await waits.patience().write(VAPI, ask) == "done"
    assert ask.times == 2


@pytest.mark.parametrize(
    "failure",
    [DOWN, TIMED_OUT, INTERRUPTED, NONSENSE, REFUSED, REJECTED, GONE, REDIRECTED],
    ids=lambda e: e.code,
)
async def test_a_write_is_never_repeated_otherwise(failure: VendorError, waits: Waits) -> None:
    ask = Asking(failure)
    with pytest.raises(type(failure)):
        await waits.patience().write(VAPI, ask)
    assert ask.times == 1


async def test_the_last_failure_is_told_after_four_tries(waits: Waits) -> None:
    ask = Asking(UNREACHABLE, UNREACHABLE, TIMED_OUT, DOWN, DOWN)
    with pytest.raises(VendorDown) as caught:
        await waits.patience().read(VAPI, ask)
    assert caught.value is DOWN
    assert (ask.times, len(waits.slept)) == (4, 3)


async def test_waits_are_drawn_below_bounds_that_double(monkeypatch: pytest.MonkeyPatch) -> None:
    bounds: list[float] = []

    def drawn(low: float, high: float) -> float:
        bounds.append(high)
        assert low == 0
        return high / 2

    monkeypatch.setattr("random.uniform", drawn)
    waits = Waits()
    ask = Asking(*[DOWN] * 7)
    assert await waits.patience(tries=8).read(VAPI, ask) == "done"
    assert bounds == [0.5, 1, 2, 4, 8, 8, 8]
    assert waits.slept == [bound / 2 for bound in bounds]


@pytest.mark.parametrize(("asked", "waited"), [(0.0, 0.25), (7.0, 7.0), (600.0, 30.0)])
async def test_retry_after_is_honoured_up_to_a_cap(
    monkeypatch: pytest.MonkeyPatch, waits: Waits, asked: float, waited: float
) -> None:
    monkeypatch.setattr("random.uniform", lambda _low, high: high / 2)
    assert await waits.patience().write(VAPI, Asking(limited(asked))) == "done"
    assert waits.slept == [waited]


async def test_each_wait_is_announced_before_it_begins(waits: Waits) -> None:
    await waits.patience().read(VAPI, Asking(limited(4.0), limited(3.0)))
    assert waits.told == [("Vapi", 4.0), ("Vapi", 3.0)]
    assert waits.slept == [4.0, 3.0]


async def test_nobody_needs_to_listen() -> None:
    waits = Waits()
    patience = Patience(RetryPolicy(), sleep=waits.sleep)
    assert await patience.read(VAPI, Asking(DOWN)) == "done"


async def test_no_try_begins_after_the_bound_of_all(waits: Waits) -> None:
    ask = Asking(limited(30.0), limited(30.0))
    with pytest.raises(RateLimited):
        await waits.patience(in_all=20.0).write(VAPI, ask)
    assert (ask.times, waits.slept) == (1, [])


async def test_a_read_ends_at_the_bound_of_all_even_in_the_middle_of_a_try(waits: Waits) -> None:
    with pytest.raises(Ambiguous) as caught:
        await waits.patience(in_all=0.01).read(VAPI, lambda: asyncio.sleep(9))
    assert caught.value.code is ErrorCode.TIMED_OUT
    assert caught.value.__context__ is None


@pytest.mark.parametrize("how", [Patience.read, Patience.write])
async def test_cancelling_a_wait_is_immediate(how: Callable[..., object]) -> None:
    told = asyncio.Event()
    ask = Asking(limited(30.0))
    patience = Patience(on_wait=lambda _vendor, _seconds: told.set())
    task = asyncio.ensure_future(how(patience, VAPI, ask))  # type: ignore[call-overload]
    await told.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 1)
    assert ask.times == 1


async def test_a_fault_of_ours_is_never_repeated(waits: Waits) -> None:
    ask = Asking(ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        await waits.patience().read(VAPI, ask)
    assert ask.times == 1
