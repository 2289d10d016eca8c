"""A headless Chromium, driven by its own protocol: what it asks the network for is all seen."""

from __future__ import annotations

import asyncio
import base64
import io
import itertools
import re
import shutil
import subprocess
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

import aiohttp
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

_PATIENCE_S = 30.0
_PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    "--headless=new",
    "--remote-debugging-port=0",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
    "--hide-scrollbars",
    "about:blank",
)


class Chromium:
    """A browser; every tab sees its own events."""

    def __init__(self, line: aiohttp.ClientWebSocketResponse) -> None:
        self._line = line
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._tabs: dict[str, Tab] = {}
        self._reading = asyncio.create_task(self._read())

    async def ask(self, method: str, session: str = "", **params: Any) -> Any:
        """Give an order, and wait for its answer."""
        number = next(self._numbers)
        self._waiting[number] = asyncio.get_running_loop().create_future()
        order = {"id": number, "method": method, "params": params}
        await self._line.send_json({**order, "sessionId": session} if session else order)
        return await asyncio.wait_for(self._waiting[number], _PATIENCE_S)

    async def tab(self, *, apart: bool = False) -> Tab:
        """Open a tab, with the cookies of the others or apart from them."""
        within = await self.ask("Target.createBrowserContext") if apart else {}
        target = await self.ask("Target.createTarget", url="about:blank", **within)
        attached = await self.ask(
            "Target.attachToTarget", targetId=target["targetId"], flatten=True
        )
        tab = Tab(self, attached["sessionId"])
        self._tabs[attached["sessionId"]] = tab
        for domain in ("Page", "Network", "Runtime"):
            await tab.ask(f"{domain}.enable")
        await tab.ask("Emulation.setFocusEmulationEnabled", enabled=True)
        return tab

    async def _read(self) -> None:
        async for message in self._line:
            told = message.json()
            waiting = self._waiting.pop(told.get("id", 0), None)
            if waiting is not None and not waiting.done():
                if "error" in told:
                    waiting.set_exception(RuntimeError(str(told["error"])))
                else:
                    waiting.set_result(told["result"])
            elif told.get("sessionId") in self._tabs:
                self._tabs[told["sessionId"]].hear(told["method"], told["params"])

    async def close(self) -> None:
        """Let go of it."""
        self._reading.cancel()
        with suppress(asyncio.CancelledError):
            await self._reading


class Tab:
    """A tab.

    Attributes:
        asked: The addresses of all that it asked the network for.
        statuses: What was answered, by address.
    """

    def __init__(self, browser: Chromium, session: str) -> None:
        self._browser = browser
        self._session = session
        self.asked: list[str] = []
        self.statuses: dict[str, int] = {}

    async def ask(self, method: str, **params: Any) -> Any:
        """Give this tab an order."""
        return await self._browser.ask(method, self._session, **params)

    def hear(self, method: str, params: Any) -> None:
        """Take note of what happens in it."""
        match method:
            case "Network.requestWillBeSent":
                self.asked.append(params["request"]["url"])
            case "Network.webSocketCreated":
                self.asked.append(params["url"])
            case "Network.responseReceived":
                self.statuses[params["response"]["url"]] = params["response"]["status"]

    async def open(self, url: str) -> None:
        """Open an address, and wait until all of it is there."""
        await self.ask("Page.navigate", url=url)
        await self.until("document.readyState === 'complete' && location.href !== 'about:blank'")

    async def value_of(self, script: str) -> Any:
        """Give what a script comes to, a promise's value included."""
        answer = await self.ask(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        return answer["result"].get("value")

    async def until(self, script: str) -> None:
        """Wait until a script comes to true."""
        async with asyncio.timeout(_PATIENCE_S):
            while not await self._holds(script):  # noqa: ASYNC110 - a page tells only when asked
                await asyncio.sleep(0.05)

    async def _holds(self, script: str) -> bool:
        # A page that is being left answers nothing.
        with suppress(RuntimeError):
            return bool(await self.value_of(script))
        return False

    async def pages_printed(self, **paper: float) -> int:
        """Print, and count the pages.

        Args:
            paper: Width and height in inches, where the page's own wish is not to count.
        """
        told = await self.ask("Page.printToPDF", preferCSSPageSize=not paper, **paper)
        pdf = base64.b64decode(told["data"])
        return len(re.findall(rb"/Type\s*/Page\b", pdf))

    async def photographed(self) -> list[bytes]:
        """Give what is to be seen, in grey, a byte a pixel."""
        told = await self.ask("Page.captureScreenshot", captureBeyondViewport=True)
        with Image.open(io.BytesIO(base64.b64decode(told["data"]))) as picture:
            grey = picture.convert("L")
        pixels, width = grey.tobytes(), grey.width
        return [pixels[start : start + width] for start in range(0, len(pixels), width)]

    async def press(self, key: str, *, code: int, modifiers: int = 0) -> None:
        """Press a key and let it go.

        Args:
            key: Its name.
            code: Its number in browsers.
            modifiers: 2 with Ctrl.
        """
        for kind in ("rawKeyDown", "keyUp"):
            await self.ask(
                "Input.dispatchKeyEvent",
                type=kind,
                key=key,
                windowsVirtualKeyCode=code,
                modifiers=modifiers,
            )


def program() -> str:
    """Find the browser.

    Raises:
        LookupError: There is none: these tests are not for a computer without.
    """
    found = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if found is None:
        raise LookupError("these tests need Chromium (Debian: apt-get install chromium)")
    return found


@asynccontextmanager
async def chromium(folder: Path) -> AsyncIterator[Chromium]:
    """Start a browser that keeps all it keeps in a folder."""
    address = folder / "DevToolsActivePort"
    process = subprocess.Popen(  # noqa: ASYNC220 - it is started once, and at once
        [program(), f"--user-data-dir={folder}", *_FLAGS],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        await _until(lambda: address.exists() and address.read_text().count("\n") == 1)
        port, path = address.read_text().split("\n")
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(f"ws://127.0.0.1:{port}{path}", max_msg_size=0) as line,
        ):
            browser = Chromium(line)
            yield browser
            await browser.close()
    finally:
        process.kill()
        process.wait()


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(_PATIENCE_S):
        while not holds():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.02)
