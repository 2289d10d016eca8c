"""Many businesses side by side: one that fails never stops the others."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from ava_setup import exit_codes
from ava_setup.exit_codes import ExitCode
from ava_setup.headless.applying import Applier
from ava_setup.onboarding import chronicle
from ava_setup.onboarding.errors import SetupError, problem_of
from ava_setup.onboarding.outcome import Consent

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from contextlib import AbstractAsyncContextManager

    from ava_setup.headless.answer_file import BusinessAnswers
    from ava_setup.headless.applying import Keys
    from ava_setup.onboarding.errors import Problem, Vendor
    from ava_setup.onboarding.outcome import LinkResult
    from ava_setup.onboarding.review_rows import Review
    from ava_setup.onboarding.setup import Setup


class OnConflict(StrEnum):
    """What to do where somebody would lose something."""

    ASK = "ask"
    SKIP = "skip"
    REASSIGN = "reassign"


# What `reassign` agrees to. A trial account is nobody's loss, but its callers would not hear Ava.
_REASSIGN = frozenset({Consent.REASSIGN, Consent.OVERWRITE})


@dataclass(frozen=True, slots=True)
class Order:
    """One business to be set up.

    Attributes:
        answers: What it is to be.
        keys: Its secrets.
    """

    answers: BusinessAnswers
    keys: Keys

    @property
    def name(self) -> str:
        """What it is called in the file."""
        return self.answers.name


class Foretold(Protocol):
    """A request that would be sent."""

    @property
    def vendor(self) -> Vendor:
        """Who would be asked."""
        ...

    @property
    def method(self) -> str:
        """HTTP's."""
        ...

    @property
    def path(self) -> str:
        """Without the vendor's address; ids of what is not made yet are made up."""
        ...

    @property
    def body(self) -> Mapping[str, object]:
        """Its fields, without any secret."""
        ...


@dataclass(frozen=True, slots=True)
class Planned:
    """What one business needs.

    Attributes:
        review: All that would be written, or None when that cannot be told.
        problem: Why not.
        code: What the command would end with, were it only for this one.
        requests: Those that would be sent to write it; None when that was not rehearsed.
    """

    name: str
    review: Review | None = None
    problem: Problem | None = None
    code: ExitCode = ExitCode.DONE
    requests: tuple[Foretold, ...] | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """How one business ended.

    Attributes:
        result: Of going live, or None when it did not come to that.
        problem: What went wrong, or None.
    """

    name: str
    code: ExitCode
    result: LinkResult | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a fleet is.

    Attributes:
        left: Those not begun, and those under way.
        seconds_to_go: None while that cannot be told.
    """

    done: int
    failed: int
    left: int
    seconds_to_go: float | None


class Rehearsed(Protocol):
    """An engine whose writes are noted, and answered as if they had been done."""

    @property
    def setup(self) -> Setup:
        """The engine."""
        ...

    @property
    def requests(self) -> tuple[Foretold, ...]:
        """What would have been sent so far, in order."""
        ...


class Businesses(Protocol):
    """Opens businesses' engines, and closes them."""

    def work(self, answers: BusinessAnswers) -> AbstractAsyncContextManager[Setup]:
        """Open one, to set it up.

        Raises:
            SetupError: It is in use, or cannot be read.
        """
        ...

    def look(self, answers: BusinessAnswers) -> AbstractAsyncContextManager[Setup]:
        """Open one on what is kept of it; nothing more is kept on this computer.

        Raises:
            SetupError: It cannot be read.
        """
        ...

    def rehearse(self, answers: BusinessAnswers) -> AbstractAsyncContextManager[Rehearsed]:
        """Open one as `look` does; nothing is written at a vendor either.

        Raises:
            SetupError: It cannot be read.
        """
        ...


class Fleet:
    """Sets businesses up, some at a time.

    Args:
        businesses: Opens them.
        jobs: How many at a time; the vendors' own limits are kept by the clients.
        agreed: Asked for a consent where `on_conflict` is `ASK`.
        tell: Told of each that ended, and how far the fleet is.
    """

    def __init__(
        self,
        businesses: Businesses,
        *,
        jobs: int,
        on_conflict: OnConflict,
        agreed: Callable[[str, LinkResult], Awaitable[bool]],
        tell: Callable[[Ended, Progress], None] = lambda _ended, _progress: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._businesses = businesses
        self._jobs = asyncio.Semaphore(jobs)
        self._on_conflict = on_conflict
        self._agreed = agreed
        self._tell = tell
        self._clock = clock
        self._asking = asyncio.Lock()
        self._stopping = False

    @property
    def is_stopping(self) -> bool:
        """Whether no other business is begun."""
        return self._stopping

    def stop(self) -> None:
        """Begin no other business; those under way come to their end."""
        self._stopping = True

    async def plan(
        self, orders: Sequence[Order], *, rehearsed: bool = False
    ) -> tuple[Planned, ...]:
        """Read what each needs; writes nothing, anywhere.

        Args:
            orders: The businesses.
            rehearsed: Whether to foretell each request, too.
        """
        plan_one = self._rehearsed if rehearsed else self._looked
        return tuple(await asyncio.gather(*(self._planned(one, plan_one) for one in orders)))

    async def _planned(
        self, order: Order, plan_one: Callable[[Order], Awaitable[Planned]]
    ) -> Planned:
        async with self._jobs:
            if self._stopping:
                return Planned(order.name, code=ExitCode.INTERRUPTED)
            try:
                return await plan_one(order)
            except SetupError as error:
                code = exit_codes.of_error(error)
                return Planned(order.name, problem=error.problem, code=code)
            except Exception as error:  # noqa: BLE001 - whatever it is, the others go on
                chronicle.failure(error)
                return Planned(order.name, problem=problem_of(error), code=ExitCode.FAILED)

    async def _looked(self, order: Order) -> Planned:
        with chronicle.about(order.name):
            async with self._businesses.look(order.answers) as setup:
                return _plan_of(order.name, await self._reviewed(order, setup))

    async def _rehearsed(self, order: Order) -> Planned:
        # What the log says was sent was not.
        with chronicle.about(f"{order.name} (dry run)"):
            async with self._businesses.rehearse(order.answers) as rehearsal:
                review = await self._reviewed(order, rehearsal.setup)
                plan = _plan_of(order.name, review)
                if plan.problem is None:
                    result = await rehearsal.setup.go_live(self._agreed_to)
                    code = exit_codes.of_result(result)
                    plan = replace(plan, problem=result.problem, code=code)
                return replace(plan, requests=rehearsal.requests)

    async def _reviewed(self, order: Order, setup: Setup) -> Review:
        applier = Applier(setup, order.answers, order.keys)
        await applier.prepare()
        return await applier.review()

    @property
    def _agreed_to(self) -> frozenset[Consent]:
        """What needs nobody's yes any more."""
        return _REASSIGN if self._on_conflict is OnConflict.REASSIGN else frozenset()

    async def apply(self, orders: Sequence[Order]) -> tuple[Ended, ...]:
        """Set each up; gives how each ended, in the order of `orders`."""
        ends: list[Ended] = []
        begun = self._clock()

        async def one(order: Order) -> Ended:
            ended = await self._applied(order)
            ends.append(ended)
            self._tell(ended, self._progress(ends, len(orders), begun))
            return ended

        return tuple(await asyncio.gather(*map(one, orders)))

    def _progress(self, ends: Sequence[Ended], of: int, begun: float) -> Progress:
        done = sum(1 for one in ends if one.code is ExitCode.DONE)
        left = of - len(ends)
        to_go = (self._clock() - begun) / len(ends) * left if ends else None
        return Progress(done, len(ends) - done, left, to_go)

    async def _applied(self, order: Order) -> Ended:
        async with self._jobs:
            if self._stopping:
                return Ended(order.name, ExitCode.INTERRUPTED)
            with chronicle.about(order.name):
                try:
                    async with self._businesses.work(order.answers) as setup:
                        applier = Applier(setup, order.answers, order.keys)
                        await applier.prepare()
                        result = await self._live(order.name, applier)
                except SetupError as error:
                    chronicle.failure(error)
                    return Ended(order.name, exit_codes.of_error(error), problem=error.problem)
                except Exception as error:  # noqa: BLE001 - whatever it is, the others go on
                    chronicle.failure(error)
                    return Ended(order.name, ExitCode.FAILED, problem=problem_of(error))
        return Ended(order.name, exit_codes.of_result(result), result, result.problem)

    async def _live(self, name: str, applier: Applier) -> LinkResult:
        """Go live; where somebody would lose something, as far as that is agreed to."""
        agreed = self._agreed_to
        while True:
            result = await applier.go_live(agreed)
            wanted = result.consent
            if wanted is None or wanted in agreed or self._on_conflict is not OnConflict.ASK:
                return result
            async with self._asking:
                if not await self._agreed(name, result):
                    return result
            agreed |= {wanted}


def _plan_of(name: str, review: Review) -> Planned:
    code = exit_codes.of_problem(review.unread) if review.unread else ExitCode.DONE
    return Planned(name, review, review.unread, code)
