"""Runs set-ups that can be killed: one warm process, and a fork of it for each run.

Reads one order a line on standard input, as JSON; answers each with the status of its run.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import traceback
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from ava_setup.onboarding.setup import Setup
from ava_setup.store.places import Places
from ava_setup.wiring import open_world
from tests.torture.kill_journey import Person, Walk
from tests.torture.kill_points import Log, Points

if TYPE_CHECKING:
    from typing import NoReturn

_POLL_S = 0.02
_RUN_MAX_S = 20


@dataclass(frozen=True)
class Order:
    """One run to be made.

    Attributes:
        home: Where the program keeps things.
        log: Where the run tells what it does; it outlives it.
        kill_at: Which touch it dies at; 0 for none.
    """

    home: str
    log: str
    kill_at: int
    vapi_url: str
    twilio_url: str
    person: Person

    def as_line(self) -> str:
        """Write it as one line of JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def from_line(cls, line: str) -> Order:
        """Read what `as_line` wrote."""
        fields = json.loads(line)
        return cls(**{**fields, "person": Person(**fields["person"])})


async def _run(order: Order, log: Log) -> None:
    environ = {
        "AVA_SETUP_VAPI_URL": order.vapi_url,
        "AVA_SETUP_TWILIO_URL": order.twilio_url,
    }
    world = open_world(environ, Places(Path(order.home)), profile="default")
    assert world.problem is None, "the state was set aside"
    slow = world.setup
    setup = Setup(slow.store, slow._vault, slow._vendors, poll_s=_POLL_S, settle_s=_POLL_S)
    world.setup = setup
    try:
        await setup.open()
        await Walk(setup, order.person, log).to_the_end()
    finally:
        await world.aclose()


def _live(order: Order) -> NoReturn:
    """Be the process of one run; never comes back."""
    # A run that hangs ends by SIGALRM, which the test sees.
    signal.alarm(_RUN_MAX_S)
    log = Log(Path(order.log))
    status = 1
    try:
        addresses = map(httpx.URL, (order.vapi_url, order.twilio_url))
        origins = frozenset((url.host, url.port) for url in addresses)
        Points(Path(order.home), origins, order.kill_at, log.tell).watch()
        asyncio.run(_run(order, log))
        status = 0
    except BaseException:  # noqa: BLE001 - whatever it is, the test is to read it
        log.tell(f"failed {traceback.format_exc()!r}")
    finally:
        # As a fork, it must not run what its parent has to do at its end.
        os._exit(status)


def main() -> None:
    """Serve orders until standard input ends."""
    for line in sys.stdin:
        order = Order.from_line(line)
        child = os.fork()
        if child == 0:
            _live(order)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
