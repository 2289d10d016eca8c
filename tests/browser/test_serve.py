"""`ava-setup serve` in a real browser: the wizard is there, for one, and for nobody else."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.test_utils import RawTestServer

from tests.browser.chromium import chromium

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.browser.chromium import Tab

_CTRL = 2
_SOCKET = """
new Promise((tell) => {
  const socket = new WebSocket('ws://%s/ws?width=80&height=24');
  socket.onopen = () => tell('let in');
  socket.onerror = () => tell('turned away');
})
"""
_FETCH = """
fetch('http://%s/', {credentials: 'include'}).then(() => 'something').catch(() => 'nothing')
"""


class Served:
    """The command, running.

    Attributes:
        link: What it said opens the wizard.
        host: The name and port in that.
    """

    def __init__(self, process: asyncio.subprocess.Process, link: str) -> None:
        self._process = process
        self.link = link
        self.host = urlsplit(link).netloc

    async def interrupted(self) -> int:
        """Press Ctrl+C; gives the exit code."""
        self._process.send_signal(signal.SIGINT)
        return await asyncio.wait_for(self._process.wait(), 20)


@asynccontextmanager
async def served(home: Path) -> AsyncIterator[Served]:
    """Run the command on a demo."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "ava_setup", "serve", "--demo", "--lang", "en"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        env={"PATH": os.environ["PATH"], "AVA_SETUP_HOME": str(home), "LC_ALL": "C.UTF-8"},
    )
    try:
        assert process.stdout is not None
        while not (link := re.search(r"http://\S+", (await process.stdout.readline()).decode())):
            assert process.returncode is None
        yield Served(process, link[0])
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


@asynccontextmanager
async def somebody_elses_page() -> AsyncIterator[str]:
    """Serve an empty page from another port of this computer."""

    async def answer(_request: web.BaseRequest) -> web.Response:
        return web.Response(text="<!doctype html><title>evil</title>", content_type="text/html")

    async with RawTestServer(answer, host="127.0.0.1") as server:
        yield str(server.make_url("/"))


async def wizard_in(tab: Tab) -> None:
    """Wait until the wizard has drawn itself."""
    await tab.until("document.body.classList.contains('-first-byte')")


async def test_the_link_opens_the_wizard_once_and_nothing_is_asked_of_anybody_else(
    tmp_path: Path,
) -> None:
    async with chromium(tmp_path / "profile") as browser, served(tmp_path / "home") as running:
        tab = await browser.tab()
        await tab.open(running.link)
        await wizard_in(tab)
        assert await tab.value_of("location.href") == f"http://{running.host}/"
        assert await tab.value_of("document.fonts.check('16px \"Roboto Mono\"')")

        # Loaded anew, it is there again.
        await tab.ask("Page.reload")
        await wizard_in(tab)

        another = await browser.tab(apart=True)
        await another.open(running.link)
        assert another.statuses[running.link] == 403
        assert "has been used" in await another.value_of("document.body.textContent")
        await another.open(f"http://{running.host}/")
        assert "Open the link" in await another.value_of("document.body.textContent")

        hosts = {urlsplit(one).netloc for one in tab.asked if not one.startswith("data:")}
        assert hosts == {running.host}

        # Keys reach it: it leaves, and the page says so.
        await tab.press("q", code=81, modifiers=_CTRL)
        await tab.until("document.body.classList.contains('-closed')")
        assert await running.interrupted() == 130


async def test_a_page_of_another_origin_is_turned_away_though_the_browser_holds_the_cookie(
    tmp_path: Path,
) -> None:
    async with chromium(tmp_path / "profile") as browser, served(tmp_path / "home") as running:
        tab = await browser.tab()
        await tab.open(running.link)
        await wizard_in(tab)
        # The same host at another port: browsers count it as the same site, and send the cookie.
        async with somebody_elses_page() as page:
            stranger = await browser.tab()
            await stranger.open(page)
            await tab.open("about:blank#gone")
            assert await stranger.value_of(_SOCKET % running.host) == "turned away"
            assert await stranger.value_of(_FETCH % running.host) == "nothing"
        own = await browser.tab()
        await own.open(f"http://{running.host}/static/css/xterm.css")
        assert await own.value_of(_SOCKET % running.host) == "let in"


async def test_ctrl_c_ends_it_while_the_wizard_is_open(tmp_path: Path) -> None:
    async with chromium(tmp_path / "profile") as browser, served(tmp_path / "home") as running:
        tab = await browser.tab()
        await tab.open(running.link)
        await wizard_in(tab)
        assert await running.interrupted() == 130
        await tab.until("document.body.classList.contains('-closed')")
