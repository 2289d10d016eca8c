"""Both vendors on loopback ports, in a thread of their own."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import signal
import socket
import sys
import threading
from typing import TYPE_CHECKING, Self

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from ava_setup.sandbox.control import with_controls
from ava_setup.sandbox.doors import DOORS, VAPI, VapiRegion
from ava_setup.sandbox.stage import REMEMBERED, Stage
from ava_setup.sandbox.web import WIRE, apps, reset

if TYPE_CHECKING:
    from types import FrameType, TracebackType

    from starlette.types import ASGIApp

    from ava_setup.sandbox.announcement import Announcement
    from ava_setup.sandbox.doors import Door
    from ava_setup.sandbox.world import World

_HOST = "127.0.0.1"
_BACKLOG = 128
_LAST_PORT = 65535


class PortTakenError(OSError):
    """The port that was asked for cannot be had: it is somebody else's, or no port at all.

    Attributes:
        port: The port.
    """

    def __init__(self, port: int, reason: str) -> None:
        super().__init__(errno.EADDRINUSE, f"port {port} of {_HOST} {reason}")
        self.port = port


def _bound(port: int) -> socket.socket:
    # asyncio answers without delay only on sockets that say TCP in so many words.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((_HOST, port))
    except (OSError, OverflowError) as error:
        listener.close()
        taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
        raise PortTakenError(port, "is taken" if taken else f"cannot be had: {error}") from None
    return listener


def _listen(port: int) -> socket.socket:
    listener = _bound(port)
    listener.listen(_BACKLOG)
    return listener


def _listen_beside(neighbour: int) -> socket.socket:
    try:
        return _listen(neighbour + 1 if neighbour < _LAST_PORT else 0)
    except PortTakenError:
        return _listen(0)


def _listen_at_all_doors(port: int) -> dict[Door, socket.socket]:
    listeners = [_listen(port)]
    try:
        while len(listeners) < len(DOORS):
            listeners.append(_listen_beside(_port(listeners[-1])))
    except OSError:
        for listener in listeners:
            listener.close()
        raise
    return dict(zip(DOORS, listeners, strict=True))


def _port(listener: socket.socket) -> int:
    return int(listener.getsockname()[1])


class _Connection(H11Protocol):
    """A connection that lets the application at its wire."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to serve a client."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, WIRE: transport}


class _Server(uvicorn.Server):
    """A server that leaves signals to whoever owns the process, and can shut its port a while."""

    def __init__(self, app: ASGIApp) -> None:
        config = uvicorn.Config(
            app,
            lifespan="off",
            ws="none",
            http=_Connection,
            log_config=None,
            access_log=False,
            server_header=False,
            log_level="critical",
            timeout_graceful_shutdown=0,
        )
        super().__init__(config)
        self._reopening: set[asyncio.Task[None]] = set()

    def shut(self, seconds: float) -> None:
        """Reset every connection and refuse new ones for a while; within the server's own loop."""
        ports = [listener.getsockname()[1] for door in self.servers for listener in door.sockets]
        for door in self.servers:
            door.close()
        self.servers.clear()
        for connection in tuple(self.server_state.connections):
            reset(connection.transport)
        for port in ports:
            # Bound without listening: the port refuses, and stays ours.
            task = asyncio.get_running_loop().create_task(self._reopen(_bound(port), seconds))
            self._reopening.add(task)
            task.add_done_callback(self._reopening.discard)

    async def _reopen(self, listener: socket.socket, seconds: float) -> None:
        try:
            await asyncio.sleep(seconds)
            door = await asyncio.get_running_loop().create_server(self._connection, sock=listener)
        except BaseException:
            listener.close()
            raise
        self.servers.append(door)

    def _connection(self) -> asyncio.Protocol:
        return _Connection(self.config, self.server_state, self.lifespan.state)


class Sandbox:
    """Both vendors, played on loopback ports: `with Sandbox("fresh") as sandbox: …`.

    Args:
        scenario: What the vendors hold at the beginning.
        port: Of Vapi in the US and of the controls, 0 for any that is free; the other hosts listen
            on the next ones, in the order of `DOORS`, or on any.
        latency_ms: How long every vendor takes to answer, in milliseconds.
        call_seconds: How long an answered call lasts.
        rate: Requests a second that Vapi takes of an organisation; more are turned away with 429.
            0 takes all.
        remembered: How many requests are remembered, with what was answered.

    Raises:
        UnknownScenarioError: There is no scenario of this name.
        PortTakenError: The port cannot be had.
    """

    def __init__(
        self,
        scenario: str = "fresh",
        port: int = 0,
        latency_ms: int = 0,
        call_seconds: float = 4.0,
        *,
        rate: float = 0.0,
        remembered: int = REMEMBERED,
    ) -> None:
        self._listeners = _listen_at_all_doors(port)
        try:
            self._stage = Stage(
                scenario,
                urls={
                    door: f"http://{_HOST}:{_port(listener)}"
                    for door, listener in self._listeners.items()
                },
                latency=latency_ms / 1000,
                call_seconds=call_seconds,
                rate=rate,
                remembered=remembered,
            )
        except BaseException:
            self._close()
            raise
        served = apps(self._stage)
        first = VAPI[VapiRegion.US]
        served[first] = with_controls(self._stage, served[first])
        self._servers = {door: _Server(app) for door, app in served.items()}
        self._stage.doors = {door: server.shut for door, server in self._servers.items()}
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)

    @property
    def announcement(self) -> Announcement:
        """Where it listens and how to log in, for the scenario that is played now."""
        return self._stage.announcement

    @property
    def world(self) -> World:
        """What the vendors hold now: to look at, not to change."""
        return self._stage.world

    def __enter__(self) -> Self:
        """Serve; connections are taken from now on."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop at once: open connections are dropped, answers under way are lost."""
        for server in self._servers.values():
            server.should_exit = True
        self._thread.join()
        self._close()

    def _close(self) -> None:
        for listener in self._listeners.values():
            listener.close()

    def _run(self) -> None:
        async def serve_all() -> None:
            await asyncio.gather(
                *(server.serve([self._listeners[door]]) for door, server in self._servers.items())
            )

        asyncio.run(serve_all())


def serve(scenario: str, port: int, latency_ms: int, rate: float = 0.0) -> int:
    """Serve until a signal comes; say where on standard output first, as one line of JSON.

    Args:
        scenario: What the vendors hold at the beginning.
        port: Vapi's port, 0 for any.
        latency_ms: How long every vendor takes to answer, in milliseconds.
        rate: Requests a second that Vapi takes; 0 takes all.

    Returns:
        The exit code: 130 after SIGINT, 143 after SIGTERM, 1 when the port cannot be had.

    Raises:
        UnknownScenarioError: There is no scenario of this name.
    """
    stopped = threading.Event()
    received: list[int] = []

    def stop(number: int, _: FrameType | None) -> None:
        received.append(number)
        stopped.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with Sandbox(scenario, port, latency_ms, rate=rate) as sandbox:
            sys.stdout.write(sandbox.announcement.as_json_line() + "\n")
            sys.stdout.flush()
            stopped.wait()
    except PortTakenError as error:
        sys.stderr.write(f"The sandbox cannot start: {error.strerror}.\n")
        return 1
    finally:
        for number, handler in before.items():
            with contextlib.suppress(TypeError):
                signal.signal(number, handler)
    return 128 + received[0]
