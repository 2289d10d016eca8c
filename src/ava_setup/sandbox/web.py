"""From HTTP to a vendor's answer and back: the only place that knows of ASGI."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response

from ava_setup.sandbox.doors import ROUTES, TWILIO, VAPI
from ava_setup.sandbox.exchange import Answer, Asked
from ava_setup.sandbox.faults import Kind
from ava_setup.sandbox.spoiling import in_its_place, spoilt, spoilt_bytes
from ava_setup.sandbox.twilio import api as twilio, routing
from ava_setup.sandbox.vapi import api as vapi

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Receive, Scope, Send

    from ava_setup.sandbox.doors import Door, TwilioRegion, VapiRegion
    from ava_setup.sandbox.faults import Fault
    from ava_setup.sandbox.stage import Stage

_SIGNED = {"vapi": vapi.signed, "twilio": twilio.signed}
# Where a connection's own transport stands in the scope's state.
WIRE = "wire"
# Long enough for half an answer to be on its way before its connection is reset.
_HALFWAY = 0.01
# Closing a socket that lingers for no time resets the connection, and says no goodbye.
_NO_LINGER = struct.pack("ii", 1, 0)

# Twilio is never so quick that requests sent together pass it one by one.
_SHORTEST_VISIT = 0.01


async def _asked(request: Request) -> Asked:
    return Asked(
        method=request.method,
        path=request.url.path,
        query=tuple(request.query_params.multi_items()),
        headers={name.lower(): value for name, value in request.headers.items()},
        body=await request.body(),
    )


def _response(given: Answer) -> Response:
    if given.status == HTTPStatus.NO_CONTENT:
        return Response(status_code=given.status, headers=dict(given.headers))
    if given.media_type == "application/json":
        content = json.dumps(given.body, ensure_ascii=False, allow_nan=False)
    else:
        content = str(given.body)
    return Response(content, given.status, media_type=given.media_type, headers=dict(given.headers))


def _defended(answer: Callable[[], Answer]) -> Answer:
    try:
        return answer()
    except Exception as defect:  # noqa: BLE001 - a defect is an answer too, and a visible one
        return Answer(500, {"message": f"the sandbox itself failed: {defect!r}"})


class _Exchange:
    """One request, from its arrival to its answer or to its bad end."""

    def __init__(self, stage: Stage, door: Door, asked: Asked) -> None:
        self._stage = stage
        self._door = door
        self._asked = asked
        self._fault: Fault | None = None
        self._response = Response()

    def process(self, answer: Callable[[], Answer]) -> None:
        """Have the vendor act, unless a fault keeps the request from it, and write it down."""
        fault = self._fault = self._stage.faults.striking(self._door, self._asked)
        if fault is None:
            given = _defended(answer)
            self._stage.note(self._door, self._asked, given)
            # Put into bytes before anything is awaited: records may change under a slow answer.
            self._response = _response(given)
            return
        true = _defended(answer) if fault.lets_the_vendor_act else None
        self._stage.note(self._door, self._asked, true, fault)
        made_up = in_its_place(fault)
        if made_up:
            made_up = _SIGNED[self._door.vendor](self._stage.world, made_up)
        shown = made_up or (true and spoilt(fault, true))
        if shown:
            spoiling = _response(shown)
            content = spoilt_bytes(fault, bytes(spoiling.body))
            self._response = Response(
                content, shown.status, media_type=shown.media_type, headers=dict(shown.headers)
            )

    async def deliver(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what there is to send, in the way that the fault leaves."""
        match self._fault and self._fault.kind:
            case Kind.TIMEOUT:
                await _until_gone(receive)
            case Kind.RESET:
                reset(scope["state"][WIRE])
                await _until_gone(receive)
            case Kind.SHUT if self._fault:
                self._stage.shut(self._door, self._fault.seconds)
                await _until_gone(receive)
            case Kind.RESET_MID_BODY:
                await _send_half(self._response, send)
                reset(scope["state"][WIRE])
                await _until_gone(receive)
            case _:
                await self._response(scope, receive, send)


def reset(wire: asyncio.Transport) -> None:
    """Reset a connection, as a network does that breaks."""
    wire.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    wire.abort()


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send_half(response: Response, send: Send) -> None:
    start: dict[str, Any] = {"status": response.status_code, "headers": response.raw_headers}
    half = bytes(response.body)[: len(response.body) // 2]
    await send({"type": "http.response.start", **start})
    await send({"type": "http.response.body", "body": half, "more_body": True})
    await asyncio.sleep(_HALFWAY)


def vapi_app(stage: Stage, region: VapiRegion) -> ASGIApp:
    """Serve one region of Vapi."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        asked = await _asked(Request(scope, receive))
        exchange = _Exchange(stage, VAPI[region], asked)

        def answer() -> Answer:
            if not stage.meter.admits():
                return vapi.turned_away(stage.world)
            return vapi.answer(stage.world, asked, region)

        exchange.process(answer)
        await asyncio.sleep(stage.latency)
        await exchange.deliver(scope, receive, send)

    return app


def twilio_app(stage: Stage, region: TwilioRegion) -> ASGIApp:
    """Serve one region of Twilio; it turns away an account's third request at once."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        asked = await _asked(Request(scope, receive))
        account = (TWILIO[region], twilio.account_in(asked.path))
        exchange = _Exchange(stage, TWILIO[region], asked)

        def answer() -> Answer:
            if stage.in_flight[account] > twilio.MAX_IN_FLIGHT:
                return twilio.turned_away(stage.world)
            return twilio.answer(stage.world, asked, region)

        stage.in_flight[account] += 1
        try:
            exchange.process(answer)
            await asyncio.sleep(max(stage.latency, _SHORTEST_VISIT))
        finally:
            stage.in_flight[account] -= 1
        await exchange.deliver(scope, receive, send)

    return app


def routes_app(stage: Stage) -> ASGIApp:
    """Serve `routes.twilio.com`."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        asked = await _asked(Request(scope, receive))
        exchange = _Exchange(stage, ROUTES, asked)
        exchange.process(lambda: routing.answer(stage.world, asked))
        await asyncio.sleep(stage.latency)
        await exchange.deliver(scope, receive, send)

    return app


def apps(stage: Stage) -> dict[Door, ASGIApp]:
    """Make every host's application."""
    return {
        **{door: vapi_app(stage, region) for region, door in VAPI.items()},
        **{door: twilio_app(stage, region) for region, door in TWILIO.items()},
        ROUTES: routes_app(stage),
    }
