"""From HTTP to a vendor's answer and back: the only place that knows of ASGI."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from ava_setup.sandbox.exchange import Answer, Asked
from ava_setup.sandbox.twilio import api as twilio
from ava_setup.sandbox.twilio.refusals import too_many_requests
from ava_setup.sandbox.vapi import api as vapi

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Receive, Scope, Send

    from ava_setup.sandbox.stage import Stage

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
    if given.media_type == "application/json":
        content = json.dumps(given.body, ensure_ascii=False, allow_nan=False)
    else:
        content = str(given.body)
    return Response(content, given.status, media_type=given.media_type, headers=dict(given.headers))


def _answered(stage: Stage, vendor: str, asked: Asked, answer: Callable[[], Answer]) -> Response:
    try:
        given = answer()
    except Exception as defect:  # noqa: BLE001 - a defect is an answer too, and a visible one
        given = Answer(500, {"message": f"the sandbox itself failed: {defect!r}"})
    stage.note(vendor, asked, given)
    # Put into bytes before anything is awaited: records may change under a slow answer.
    return _response(given)


def vapi_app(stage: Stage) -> ASGIApp:
    """Serve Vapi."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        asked = await _asked(Request(scope, receive))
        response = _answered(stage, "vapi", asked, lambda: vapi.answer(stage.world, asked))
        await asyncio.sleep(stage.latency)
        await response(scope, receive, send)

    return app


def twilio_app(stage: Stage) -> ASGIApp:
    """Serve Twilio, which turns away a third request while two of an account are under way."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        asked = await _asked(Request(scope, receive))
        account = twilio.account_in(asked.path)

        def answer() -> Answer:
            if stage.in_flight[account] > twilio.MAX_IN_FLIGHT:
                return twilio.signed(stage.world, too_many_requests().answer)
            return twilio.answer(stage.world, asked)

        stage.in_flight[account] += 1
        try:
            response = _answered(stage, "twilio", asked, answer)
            await asyncio.sleep(max(stage.latency, _SHORTEST_VISIT))
        finally:
            stage.in_flight[account] -= 1
        await response(scope, receive, send)

    return app
