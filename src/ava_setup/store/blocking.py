"""Blocking work off the loop: seen through to its end, or given up in time."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


async def finish(work: asyncio.Future[T], then: Callable[[T], None]) -> None:
    """Wait for the end of work that cannot be stopped, even when cancelled meanwhile.

    Args:
        work: A thread's future, not a task: the end of the loop cancels tasks.
        then: Called with the result, before a cancellation is passed on.

    Raises:
        CancelledError: The caller was cancelled; the work is done all the same, or has failed.
        Exception: What the work raised.
    """
    cancelled: asyncio.CancelledError | None = None
    while not work.done():
        try:
            await asyncio.wait((work,))
        except asyncio.CancelledError as error:
            cancelled = error
    failure = work.exception()
    if failure is None:
        then(work.result())
    if cancelled is not None:
        raise cancelled
    if failure is not None:
        raise failure


def in_daemon(call: Callable[[], T], *, seconds: float | None) -> asyncio.Future[T]:
    """Call a function in a thread of its own, which the end of the program does not wait for.

    Args:
        call: May hang for ever.
        seconds: How long to wait for it, or None for as long as it takes.

    Returns:
        The result to come; `TimeoutError` when it does not come in time. The thread then goes
        on, and what it ends with is dropped.
    """
    loop = asyncio.get_running_loop()
    outcome: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, failure: BaseException | None) -> None:
        if outcome.done():
            return
        if failure is None:
            outcome.set_result(result)  # type: ignore[arg-type] # a result goes with no failure
        else:
            outcome.set_exception(failure)

    def run() -> None:
        result: T | None = None
        failure: BaseException | None = None
        try:
            result = call()
        except BaseException as error:  # noqa: BLE001 - a thread's failure is its caller's to see
            failure = error
        # The loop may be closed by now: nobody is waiting any more.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(settle, result, failure)

    if seconds is not None:
        timer = loop.call_later(seconds, settle, None, TimeoutError())
        outcome.add_done_callback(lambda _: timer.cancel())
    threading.Thread(target=run, name="ava-setup-blocking", daemon=True).start()
    return outcome
