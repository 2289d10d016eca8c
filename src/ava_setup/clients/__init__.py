"""Thin async clients of the two vendors: sending, deciphering, and nothing else."""

import sys

if "httpx" not in sys.modules:
    # Else it brings a command line of its own: half of its time to import, and 3 MiB.
    sys.modules["httpx._main"] = None  # type: ignore[assignment] # what is None cannot be imported
    import httpx as _httpx  # noqa: F401 - only to have it imported so

    del sys.modules["httpx._main"]
