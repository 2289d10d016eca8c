"""Vendors that misbehave: they repeat what they were told, talk nonsense, or send elsewhere."""

from __future__ import annotations

import contextlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Reply = Callable[[str], tuple[int, bytes, dict[str, str]]]


class Vendor:
    """One loopback port: what it heard, and where it is.

    Attributes:
        heard: Every request, whole, in order.
    """

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.heard: list[str] = []


@contextlib.contextmanager
def vendor(reply: Reply) -> Iterator[Vendor]:
    """Serve on a free port; `reply` gives status, body and headers for a request as heard."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            heard = f"{self.requestline}\n{self.headers}\n{body.decode()}"
            place.heard.append(heard)
            status, said, headers = reply(heard)
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(said))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said)

        do_GET = do_POST = do_PATCH = _answer  # noqa: N815 - the names that http.server calls

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        place = Vendor(server.server_port)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield place
        finally:
            server.shutdown()
            thread.join()


def babbling() -> Reply:
    """Repeat every secret that came in, in another kind of nonsense each time."""
    count = 0

    def reply(heard: str) -> tuple[int, bytes, dict[str, str]]:
        nonlocal count
        count += 1
        flat = " ".join(heard.split())
        nonsense: tuple[tuple[int, bytes, dict[str, str]], ...] = (
            (200, f'[{{"id": "{flat}'.encode(), {"Content-Type": "application/json"}),
            (400, json.dumps({"message": flat, "code": flat}).encode(), {"X-Request-Id": flat}),
            (200, json.dumps({"sid": flat, "friendly_name": [flat]}).encode(), {}),
            (403, f"<html>{flat}</html>".encode(), {"Content-Type": "text/html"}),
            (401, json.dumps({"message": flat}).encode(), {"Twilio-Request-Id": flat}),
        )
        return nonsense[(count - 1) % len(nonsense)]

    return reply


def sending_to(place: str, status: int) -> Reply:
    """Answer every request with a redirect."""
    return lambda _heard: (status, b"", {"Location": place})


def saying(page: bytes) -> Reply:
    """Answer every request with the same page."""
    return lambda _heard: (200, page, {})
