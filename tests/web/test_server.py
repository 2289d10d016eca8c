"""The server of `ava-setup serve`: one wizard, one browser, nothing from elsewhere."""

from __future__ import annotations

import asyncio
import re
import shlex
import subprocess
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import aiohttp
import pytest

from ava_setup.web.server import DemoServer, listen
from ava_setup.words import Language, Voice

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

# Speaks as Textual's web driver does: draws what it is told, leaves on a `q`, tells when it left.
_WIZARD = """
import sys
def draw(words):
    sys.stdout.buffer.write(b"D" + len(words).to_bytes(4, "big") + words)
    sys.stdout.buffer.flush()
sys.stdout.buffer.write(b"__GANGLION__\\n")
draw(b"here")
while head := sys.stdin.buffer.read(5):
    told = sys.stdin.buffer.read(int.from_bytes(head[1:], "big"))
    if told == b"q" or b"quit" in told:
        break
    draw(told)
open(sys.argv[1], "a").write("left ")
"""


class Browser:
    """A browser, as far as its requests go."""

    def __init__(self, session: aiohttp.ClientSession, server: DemoServer) -> None:
        self._session = session
        self._link = server.link
        self._home = server.link.partition("?")[0]
        self._wizards: list[aiohttp.ClientWebSocketResponse] = []

    async def page(self, path: str = "", **headers: str) -> tuple[int, str]:
        """Ask for a page."""
        async with self._session.get(f"{self._home}{path}", headers=headers) as answer:
            return answer.status, await answer.text(errors="replace")

    async def open(self) -> None:
        """Use the link."""
        async with self._session.get(self._link) as answer:
            assert answer.status == 200

    async def wizard(self, origin: str = "") -> aiohttp.ClientWebSocketResponse:
        """Have the wizard drawn."""
        own = self._home.rstrip("/")
        wizard = await self._session.ws_connect(
            f"{self._home}ws?width=80&height=24", origin=origin or own
        )
        self._wizards.append(wizard)
        return wizard

    async def close(self) -> None:
        """Leave all wizards."""
        for wizard in self._wizards:
            await wizard.close()


@asynccontextmanager
async def served(folder: Path, language: Language = Language.EN) -> AsyncIterator[DemoServer]:
    """Serve; every wizard that left says so in a file."""
    (folder / "wizard.py").write_text(_WIZARD)
    command = shlex.join([sys.executable, str(folder / "wizard.py"), str(folder / "left")])
    with listen(0) as listener:
        server = DemoServer(command, listener, Voice(language), patience_s=0.2)
        ready = asyncio.Event()
        serving = asyncio.create_task(server.serve(ready.set))
        await ready.wait()
        try:
            yield server
        finally:
            server.stop()
            await serving


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[DemoServer]:
    async with served(tmp_path) as running:
        yield running


@pytest.fixture
async def browser(server: DemoServer) -> AsyncIterator[Browser]:
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        browser = Browser(session, server)
        yield browser
        await browser.close()


async def test_one_wizard_is_drawn_at_a_time_and_the_next_once_it_has_left(
    browser: Browser, tmp_path: Path
) -> None:
    await browser.open()
    first = await browser.wizard()
    assert (await first.receive()).data == b"here"
    await first.send_json(["stdin", "hello"])
    assert (await first.receive()).data == b"hello"
    for nonsense in ("[]", '["stdin", 5]', '{"a": 1}', '["resize", {"width": "x"}]'):
        await first.send_str(nonsense)
    await first.send_json(["ping", "1"])
    assert (await first.receive_json()) == ["pong", "1"]
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await browser.wizard()
    assert refused.value.status == 409
    await first.send_json(["stdin", "q"])
    assert (await first.receive()).type is aiohttp.WSMsgType.CLOSE
    assert (tmp_path / "left").read_text() == "left "
    second = await browser.wizard()
    assert (await second.receive()).data == b"here"


async def test_a_socket_from_elsewhere_or_without_the_cookie_gets_no_wizard(
    browser: Browser,
) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as strange:
        await browser.wizard()
    assert strange.value.status == 403
    await browser.open()
    with pytest.raises(aiohttp.WSServerHandshakeError) as foreign:
        await browser.wizard(origin="https://evil.example")
    assert foreign.value.status == 403


async def test_no_page_asks_anybody_else_and_every_refusal_says_what_to_do(
    browser: Browser,
) -> None:
    status, words = await browser.page()
    assert (status, "Open the link that ava-setup serve shows." in words) == (403, True)
    await browser.open()
    status, words = await browser.page()
    assert status == 200
    assert not re.search(r"(?:src|href)=\"(?!/|data:)|url\(\"(?!/)|@import", words)
    for path in re.findall(r"[\"(]\"?(/(?:static|focus)[^\"]+)", words):
        assert (await browser.page(path[1:]))[0] == 200, path
    status, _words = await browser.page("static/../../../../pyproject.toml")
    assert status == 404
    status, words = await browser.page(Host="evil.example")
    assert (status, "another address" in words) == (421, True)


async def test_when_it_is_stopped_the_wizard_has_left_by_the_end(tmp_path: Path) -> None:
    async with served(tmp_path) as server:
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(cookie_jar=jar) as session:
            browser = Browser(session, server)
            await browser.open()
            wizard = await browser.wizard()
            await wizard.receive()
            server.stop()
            assert (await wizard.receive()).data == aiohttp.WSCloseCode.GOING_AWAY
            await browser.close()
    assert (tmp_path / "left").read_text() == "left "


def run(*arguments: str, before: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own, after some lines of Python."""
    script = f"import sys; {before}\nfrom ava_setup.cli import main\nsys.exit(main(sys.argv[1:]))"
    return subprocess.run(
        [sys.executable, "-c", script, "serve", "--lang", "en", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=30,
        check=False,
    )


def test_without_what_draws_it_there_the_command_to_install_it_is_said() -> None:
    ended = run(before="sys.modules['textual_serve'] = None")
    assert ended.returncode == 1
    assert ended.stderr.splitlines()[0] == "The wizard cannot be shown in a browser yet."
    assert f"Run: {sys.executable} -m pip install textual-serve" in ended.stderr


def test_a_port_that_is_taken_is_named() -> None:
    with listen(0) as taken:
        port = taken.getsockname()[1]
        ended = run("--port", str(port))
    assert ended.returncode == 1
    assert f"Port {port} cannot be had." in ended.stderr
    assert "another program uses it." in ended.stderr
    assert run("--port", "70000").returncode == 2
