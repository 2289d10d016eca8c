"""Following a call to its end, and on until Vapi has written down what was said."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ava_setup.onboarding.errors import CredentialsRefused, NotFound, VendorError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ava_setup.onboarding.calls import Call
    from ava_setup.onboarding.ports import Vapi

# Vapi sums a call up some seconds after its end, unless its assistant is told not to.
LOOKS_AFTER_END = 12


@dataclass(frozen=True, slots=True)
class FollowedCall:
    """A call as Vapi has it now.

    Attributes:
        call: The call.
        is_all: Whether Vapi has nothing more to tell of it.
    """

    call: Call
    is_all: bool = False


async def follow(
    vapi: Vapi, call_id: str, tell: Callable[[FollowedCall], Awaitable[object]], *, poll_s: float
) -> None:
    """Read a call again and again until it is over and summed up; cancel to stop.

    Args:
        vapi: Where it is.
        call_id: Vapi's id of it.
        tell: Told of it at each look.
        poll_s: Seconds between two looks.

    Raises:
        CredentialsRefused: The Vapi key stopped working.
        NotFound: Vapi does not keep it, or no longer.
    """
    left = LOOKS_AFTER_END
    while True:
        try:
            call = await vapi.read_call(call_id)
        except (CredentialsRefused, NotFound):
            raise
        except VendorError:
            # It goes on all the same: keep looking.
            pass
        else:
            left -= call.is_over
            followed = FollowedCall(call, call.is_over and (bool(call.summary) or left <= 0))
            await tell(followed)
            if followed.is_all:
                return
        await asyncio.sleep(poll_s)
