"""`ava-setup api`: serves the import of a number over HTTP."""

from __future__ import annotations

import os
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from ava_setup.clients.patience import RetryPolicy
from ava_setup.clients.vendors import HttpVendors
from ava_setup.exit_codes import ExitCode
from ava_setup.onboarding.setup import Setup
from ava_setup.store.memory import MemoryStore
from ava_setup.store.places import Places
from ava_setup.store.vault import open_vault
from ava_setup.words import Voice, _

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


# Whoever asks waits for the answer, and can ask again.
_POLICY = RetryPolicy(tries=2, in_all=25.0)


class Engines:
    """Opens engines of which nothing is kept; they share what is known of the vendors' limits."""

    def __init__(self) -> None:
        self._places = Places.from_environment()
        self._vendors = HttpVendors(os.environ, policy=_POLICY)

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[Setup]:
        """Open one, and close it."""
        vault = open_vault(self._places, "visitor", keep=False)
        setup = Setup(MemoryStore(), vault, self._vendors)
        try:
            yield setup
        finally:
            await setup.aclose()


def api(host: str, port: int, voice: Voice) -> int:
    """Serve until a signal comes.

    Returns:
        The exit code: 0 after a signal, 2 when the extra is not installed, 1 when the address
        cannot be had.
    """
    try:
        from ava_setup.api.app import make_app  # noqa: PLC0415 - an extra
    except ModuleNotFoundError:
        missing = _("This needs an extra: pip install 'ava-setup[api]'")
        sys.stderr.write(f"{voice(missing)}\n")
        return ExitCode.USAGE
    import uvicorn  # noqa: PLC0415 - only for this command

    app = make_app(Engines(), language=voice.language)
    # A body, a header or an address in a log would be a secret, or somebody's own.
    config = uvicorn.Config(
        app, host=host, port=port, access_log=False, server_header=False, log_level="warning"
    )
    server = uvicorn.Server(config)
    where = _("Serving at {url}; Ctrl+C stops.", url=f"http://{host}:{port}/openapi.json")
    sys.stderr.write(f"{voice(where)}\n")
    try:
        server.run()
    except SystemExit:
        return ExitCode.FAILED
    return ExitCode.DONE
