"""How fast moves what moves by itself: a simulated call, a demo that plays."""

from __future__ import annotations

import asyncio


class Tempo:
    """Real time."""

    async def rest(self, seconds: float) -> None:
        """Let some time pass, in seconds as this tempo counts them."""
        await asyncio.sleep(seconds)
