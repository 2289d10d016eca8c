"""How the limit of an account is found, kept to, and felt for anew."""

from __future__ import annotations

import asyncio
import heapq
from itertools import count

import pytest

from ava_setup.clients.pace import Pace
from ava_setup.sandbox.metering import Meter


class Simulation:
    """A clock, and sleepers that it wakes in their order: hours pass in no time."""

    def __init__(self) -> None:
        self.now = 0.0
        self._asleep: list[tuple[float, int, asyncio.Future[None]]] = []
        self._ids = count()

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._asleep, (self.now + seconds, next(self._ids), woken))
        await woken

    async def run(self, seconds: float) -> None:
        """Let time pass."""
        end = self.now + seconds
        while True:
            # Whoever was woken goes on until it sleeps again.
            for _turn in range(10):
                await asyncio.sleep(0)
            if not self._asleep or self._asleep[0][0] > end:
                break
            self.now, _id, woken = heapq.heappop(self._asleep)
            if not woken.done():
                woken.set_result(None)
        self.now = end


class Crowd:
    """As many as like to, all asking one vendor without a pause."""

    def __init__(self, rate: float, *, in_flight: int = 4, latency: float = 0.05) -> None:
        self.time = Simulation()
        self.pace = Pace(in_flight, clock=self.time.clock, sleep=self.time.sleep)
        self.meter = Meter(rate, self.time.clock)
        self._latency = latency
        self.let_in: list[float] = []
        self.turned_away: list[float] = []

    async def ask(self) -> None:
        while True:
            async with self.pace:
                admitted = self.meter.admits()
                await self.time.sleep(self._latency)
                if admitted:
                    self.let_in.append(self.time.now)
                    self.pace.let_in()
                else:
                    self.turned_away.append(self.time.now)
                    self.pace.turned_away(None)

    async def work(self, seconds: float) -> None:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self.ask()) for _one in range(8)]
            await self.time.run(seconds)
            for task in tasks:
                task.cancel()


@pytest.mark.parametrize("rate", [5, 10, 20, 40, 60])
async def test_nine_tenths_of_an_unknown_rate_are_used_and_few_are_turned_away(rate: float) -> None:
    crowd = Crowd(rate)
    await crowd.work(120)
    assert len(crowd.let_in) >= 0.93 * rate * 120
    assert len(crowd.turned_away) <= 0.08 * len(crowd.let_in)


async def test_where_there_is_no_limit_nobody_waits() -> None:
    crowd = Crowd(0)
    await crowd.work(10)
    assert crowd.pace.rate is None
    assert len(crowd.let_in) >= 0.98 * 4 / 0.05 * 10


async def test_a_limit_that_is_raised_is_found_again() -> None:
    crowd = Crowd(10)
    await crowd.work(30)
    crowd.meter.rate = 30
    crowd.let_in.clear()
    await crowd.work(200)
    late = [at for at in crowd.let_in if at > 130]
    assert len(late) >= 0.85 * 30 * 100


async def test_a_limit_that_is_lowered_is_kept_to() -> None:
    crowd = Crowd(40)
    await crowd.work(30)
    crowd.meter.rate = 5
    crowd.turned_away.clear()
    crowd.let_in.clear()
    await crowd.work(60)
    assert len(crowd.let_in) >= 0.9 * 5 * 60
    assert len(crowd.turned_away) <= 0.2 * len(crowd.let_in)


async def test_nobody_asks_before_the_time_that_the_vendor_named() -> None:
    time = Simulation()
    pace = Pace(2, clock=time.clock, sleep=time.sleep)
    begun: list[float] = []

    async def ask() -> None:
        async with pace:
            begun.append(time.now)

    await ask()
    pace.turned_away(7.0)
    tasks = [asyncio.create_task(ask()) for _one in range(3)]
    await time.run(30)
    await asyncio.gather(*tasks)
    assert begun[0] == 0.0
    assert min(begun[1:]) >= 7.0


async def test_never_more_are_under_way_than_may_be() -> None:
    time = Simulation()
    pace = Pace(2, clock=time.clock, sleep=time.sleep)
    under_way = most = 0

    async def ask() -> None:
        nonlocal under_way, most
        async with pace:
            under_way += 1
            most = max(most, under_way)
            await time.sleep(1)
            under_way -= 1

    tasks = [asyncio.create_task(ask()) for _one in range(6)]
    await time.run(10)
    await asyncio.gather(*tasks)
    assert most == 2


async def test_one_who_stops_waiting_lets_the_next_have_the_turn() -> None:
    time = Simulation()
    pace = Pace(1, clock=time.clock, sleep=time.sleep)
    pace.turned_away(60.0)

    async def ask() -> float:
        async with pace:
            return time.now

    first, second = asyncio.create_task(ask()), asyncio.create_task(ask())
    await time.run(1)
    first.cancel()
    await time.run(200)
    assert await second >= 60.0
