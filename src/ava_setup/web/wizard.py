"""One wizard in a process of its own, and the socket of the browser that it is drawn in."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aiohttp import WSMsgType
from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

if TYPE_CHECKING:
    from typing import Any

    from aiohttp.web import WebSocketResponse

# It leaves within a second; one that hangs is not waited for for ever.
_LEAVING_S = 5.0


class _Wizard(AppService):
    """A wizard that shuts its socket whenever it ends, not only when it says so."""

    async def run(self) -> None:
        """Pass on what it draws, until it ends."""
        try:
            await super().run()
        finally:
            await self.remote_close()

    async def leave(self) -> None:
        """Have it keep what is typed and leave; one that does not is ended."""
        try:
            await asyncio.wait_for(self.stop(), _LEAVING_S)
        except TimeoutError:
            if self._process is not None and self._process.returncode is None:
                self._process.kill()
        if self._process is not None:
            await self._process.wait()


async def draw(command: str, socket: WebSocketResponse, *, width: int, height: int) -> None:
    """Run a wizard, drawn in a browser, until either of them is gone.

    Args:
        command: Starts it, as a shell takes it.
        socket: The browser's, open.
        width: In characters.
        height: In lines.
    """

    async def shut() -> None:
        await socket.close()

    wizard = _Wizard(
        command,
        write_bytes=socket.send_bytes,
        write_str=socket.send_str,
        close=shut,
        download_manager=DownloadManager(),
    )
    await wizard.start(width, height)
    try:
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                await _pass_on(message.json(), wizard, socket)
    finally:
        await wizard.leave()


async def _pass_on(envelope: Any, wizard: AppService, socket: WebSocketResponse) -> None:
    """Pass on what textual-serve's script says: keys, size, focus; and that it is there."""
    match envelope:
        case ["stdin", str(keys)]:
            await wizard.send_bytes(keys.encode())
        case ["resize", {"width": int(width), "height": int(height)}]:
            await wizard.set_terminal_size(width, height)
        case ["ping", moment]:
            await socket.send_json(["pong", moment])
        case ["focus", *_]:
            await wizard.focus()
        case ["blur", *_]:
            await wizard.blur()
