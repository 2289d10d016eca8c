"""The one retry policy: what is asked again, after how long, and when to stop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    stop_after_attempt,
    stop_before_delay,
    wait_random_exponential,
)

from ava_setup.onboarding.errors import (
    Ambiguous,
    ErrorCode,
    RateLimited,
    Unreachable,
    Vendor,
    VendorError,
)

T = TypeVar("T")

OnWait = Callable[[Vendor, float], None]
Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """The figures of the policy; every duration in seconds.

    Attributes:
        tries: How often a request is sent at most.
        first_wait: Bound of the first wait; each later bound doubles. A wait is drawn at random
            between nothing and its bound (full jitter).
        longest_wait: Where the bounds stop growing.
        longest_retry_after: What is honoured of a vendor's `Retry-After`.
        in_all: For all tries and waits of one request together.
    """

    tries: int = 4
    first_wait: float = 0.5
    longest_wait: float = 8.0
    longest_retry_after: float = 30.0
    in_all: float = 45.0


def repeatable_read(error: BaseException) -> bool:
    """Tell whether a read is worth sending again: it changes nothing, so whatever may pass is.

    Nonsense is not: a sign-in page in the vendor's place answers the same for as long as it is
    there.
    """
    return (
        isinstance(error, RateLimited | Unreachable | Ambiguous)
        and error.code is not ErrorCode.UNINTELLIGIBLE
    )


def repeatable_write(error: BaseException) -> bool:
    """Tell whether a write provably did nothing (contract: vapi.md, No idempotency keys exist)."""
    return isinstance(error, RateLimited | Unreachable)


@dataclass(frozen=True, slots=True)
class Patience:
    """Carries the policy out.

    Attributes:
        on_wait: Told before each wait which vendor is asked again, and in how many seconds.
        sleep: How to wait that many seconds.
    """

    policy: RetryPolicy = RetryPolicy()
    on_wait: OnWait | None = None
    sleep: Sleep = asyncio.sleep

    async def read(self, vendor: Vendor, ask: Callable[[], Awaitable[T]]) -> T:
        """Ask until it succeeds, is hopeless, or the policy's bounds are reached.

        Raises:
            VendorError: The last failure.
        """
        try:
            async with asyncio.timeout(self.policy.in_all):
                return await self._persist(vendor, ask, repeatable_read)
        except TimeoutError:
            pass
        raise Ambiguous(ErrorCode.TIMED_OUT, vendor)

    async def write(self, vendor: Vendor, ask: Callable[[], Awaitable[T]]) -> T:
        """Ask, and again only when nothing was done.

        Raises:
            VendorError: The last failure.
        """
        return await self._persist(vendor, ask, repeatable_write)

    async def _persist(
        self,
        vendor: Vendor,
        ask: Callable[[], Awaitable[T]],
        repeatable: Callable[[BaseException], bool],
    ) -> T:
        policy = self.policy
        backoff = wait_random_exponential(multiplier=policy.first_wait, max=policy.longest_wait)

        def wait(tried: RetryCallState) -> float:
            asked = getattr(_failure(tried), "retry_after", None) or 0.0
            return max(backoff(tried), min(asked, policy.longest_retry_after))

        def tell(tried: RetryCallState) -> None:
            if self.on_wait is not None:
                self.on_wait(vendor, tried.upcoming_sleep)

        retrying = AsyncRetrying(
            retry=retry_if_exception(repeatable),
            wait=wait,
            stop=stop_after_attempt(policy.tries) | stop_before_delay(policy.in_all),
            sleep=self.sleep,
            before_sleep=tell,
            reraise=True,
        )

        # Tenacity awaits only what it can see to be a coroutine function.
        async def once() -> T:
            return await ask()

        answer: T = await retrying(once)
        return answer


def _failure(tried: RetryCallState) -> VendorError | None:
    error = tried.outcome.exception() if tried.outcome else None
    return error if isinstance(error, VendorError) else None
