"""A strict imitation of Vapi and Twilio on loopback ports, and somebody to call their numbers.

Importing this package costs nothing: the servers are imported when they are first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ava_setup.sandbox.announcement import Announcement
from ava_setup.sandbox.scenarios import (
    UnknownScenarioError,
    scenario_names,
    scenario_summaries,
)

if TYPE_CHECKING:
    from ava_setup.sandbox.server import PortTakenError, Sandbox, serve

__all__ = [
    "Announcement",
    "PortTakenError",
    "Sandbox",
    "UnknownScenarioError",
    "scenario_names",
    "scenario_summaries",
    "serve",
]


def __getattr__(name: str) -> Any:
    """Import the servers on their first use."""
    if name not in {"PortTakenError", "Sandbox", "serve"}:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from ava_setup.sandbox import server  # noqa: PLC0415 - starlette and uvicorn are slow to import

    return getattr(server, name)
