"""The server: textual-serve's script and its way of running an app, behind a door of our own.

Its own page asks Google for a font, its log shows local variables, and it keeps whoever presses
Ctrl+C waiting for a browser that stays: none of the three is used.
"""

from __future__ import annotations

import asyncio
import signal
import socket
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import textual_serve
from aiohttp import WSCloseCode, web
from jinja2 import Environment, PackageLoader, StrictUndefined

from ava_setup.web.doorkeeper import Doorkeeper, Refusal, Welcome
from ava_setup.web.wizard import draw
from ava_setup.words import Text, _

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ava_setup.words import Voice

HOST = "127.0.0.1"

_SIZE_MAX = 500

_REFUSALS: dict[Refusal, tuple[int, Text]] = {
    Refusal.OTHER_ADDRESS: (421, _("Open the link as it was shown: this is another address.")),
    Refusal.OTHER_PAGE: (403, _("Only the wizard's own page may ask for this.")),
    Refusal.USED: (403, _("This link opens once, and has been used. Start ava-setup serve again.")),
    Refusal.NO_COOKIE: (403, _("Open the link that ava-setup serve shows.")),
}
_BUSY = _("The wizard is open in another window.")


def listen(port: int) -> socket.socket:
    """Take a port that no other computer reaches.

    Args:
        port: The port, 0 for any that is free.

    Raises:
        OSError: It cannot be had.
    """
    return socket.create_server((HOST, port))


class DemoServer:
    """Serves one wizard at a time, to one browser.

    Args:
        command: Starts the wizard, as a shell takes it.
        listener: Where it is asked.
        voice: The language of what it says.
        patience_s: Seconds that a page waits for the wizard that another one holds.
    """

    def __init__(
        self,
        command: str,
        listener: socket.socket,
        voice: Voice,
        *,
        patience_s: float = 6.0,
    ) -> None:
        self._command = command
        self._listener = listener
        self._voice = voice
        self._patience_s = patience_s
        host = f"{HOST}:{listener.getsockname()[1]}"
        self._doorkeeper = Doorkeeper(host)
        self._socket_url = f"ws://{host}/ws"
        self._one_at_a_time = asyncio.Lock()
        self._open: web.WebSocketResponse | None = None
        self._stopped = asyncio.Event()
        environment = Environment(
            loader=PackageLoader("ava_setup.web", "."), autoescape=True, undefined=StrictUndefined
        )
        self._page = environment.get_template("page.html")

    @property
    def link(self) -> str:
        """The link that opens once."""
        return self._doorkeeper.link

    def stop(self) -> None:
        """Have it end."""
        self._stopped.set()

    async def serve(self, ready: Callable[[], object] = lambda: None) -> None:
        """Serve until it is stopped, by a signal or by `stop`; every wizard has left by then.

        Args:
            ready: Called once the link opens.
        """
        loop = asyncio.get_running_loop()
        # Windows has no such handlers; Ctrl+C then ends the loop itself.
        with suppress(NotImplementedError):
            for one in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(one, self.stop)
        runner = web.AppRunner(self._app(), access_log=None, handle_signals=False)
        await runner.setup()
        try:
            await web.SockSite(runner, self._listener).start()
            ready()
            await self._stopped.wait()
        finally:
            await runner.cleanup()

    def _app(self) -> web.Application:
        app = web.Application(middlewares=[self._at_the_door])
        statics = Path(textual_serve.__file__).parent / "static"
        app.add_routes(
            [
                web.get("/", self._index),
                web.get("/ws", self._draw, allow_head=False),
                web.get("/focus.js", self._focus),
                web.static("/static", statics),
            ]
        )
        app.on_response_prepare.append(self._close_the_page_off)
        app.on_shutdown.append(self._let_go)
        return app

    @web.middleware
    async def _at_the_door(
        self,
        request: web.Request,
        handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
    ) -> web.StreamResponse:
        verdict = self._doorkeeper.judge(
            request.headers,
            request.cookies,
            token=request.query.get("token") if request.method == "GET" else None,
            must_name_origin=request.path == "/ws",
        )
        match verdict:
            case Refusal():
                status, words = _REFUSALS[verdict]
                return self._answer(words, status=status)
            case Welcome(cookie):
                # Led on by the page itself: a redirection would come from where the link was.
                answer = self._answer(_("One moment…"), onward=True)
                name = self._doorkeeper.cookie_name
                answer.set_cookie(name, cookie, httponly=True, samesite="Strict")
                return answer
            case None:
                return await handler(request)

    def _answer(
        self, words: Text, *, status: int = 200, onward: bool = False, socket_url: str = ""
    ) -> web.Response:
        say = self._voice
        page = self._page.render(
            language=say.language.value,
            words=say(words),
            onward=onward,
            socket=socket_url,
            ended=say(_("The wizard has ended, or is open in another window.")),
            again=say(_("Open it here")),
        )
        return web.Response(text=page, status=status, content_type="text/html")

    async def _index(self, _request: web.Request) -> web.Response:
        return self._answer(_("Opening the wizard…"), socket_url=self._socket_url)

    async def _focus(self, _request: web.Request) -> web.StreamResponse:
        return web.FileResponse(Path(__file__).with_name("focus.js"))

    async def _draw(self, request: web.Request) -> web.StreamResponse:
        try:
            # A page that is loaded anew asks before its last one has let go.
            await asyncio.wait_for(self._one_at_a_time.acquire(), self._patience_s)
        except TimeoutError:
            return self._answer(_BUSY, status=409)
        try:
            browser = web.WebSocketResponse(heartbeat=15)
            await browser.prepare(request)
            self._open = browser
            width, height = (_size(request, name) for name in ("width", "height"))
            await draw(self._command, browser, width=width, height=height)
        finally:
            self._open = None
            self._one_at_a_time.release()
        return browser

    async def _let_go(self, _app: web.Application) -> None:
        if self._open is not None:
            await self._open.close(code=WSCloseCode.GOING_AWAY)
        # Whoever still waits for the wizard gets none; the one that was open has left.
        await self._one_at_a_time.acquire()

    async def _close_the_page_off(self, _request: web.Request, answer: web.StreamResponse) -> None:
        """Have the browser ask nobody else, show it in no other page, and keep nothing."""
        answer.headers.update(
            {
                "Content-Security-Policy": (
                    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
                    "font-src 'self'; img-src 'self' data:; "
                    f"connect-src {self._socket_url}; "
                    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
                ),
                "Cache-Control": "no-store",
                "Cross-Origin-Opener-Policy": "same-origin",
                "Cross-Origin-Resource-Policy": "same-origin",
                "Referrer-Policy": "no-referrer",
                "X-Content-Type-Options": "nosniff",
            }
        )


def _size(request: web.Request, name: str) -> int:
    asked = request.query.get(name, "")
    usual = {"width": 80, "height": 24}[name]
    return min(int(asked), _SIZE_MAX) if asked.isascii() and asked.isdigit() else usual
