"""The sandbox's own controls, under `/sandbox`: no vendor has them."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from ava_setup.sandbox.faults import Fault
from ava_setup.sandbox.scenarios import UnknownScenarioError
from ava_setup.sandbox.telephony import dial_in

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.types import ASGIApp

    from ava_setup.sandbox.stage import Stage


class _Order(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Call(_Order):
    caller: str = Field(alias="from", pattern=r"^\+[1-9][0-9]{6,14}$")
    called: str = Field(alias="to", pattern=r"^\+[1-9][0-9]{6,14}$")


class _Reset(_Order):
    scenario: str


def _refused(error: ValidationError | UnknownScenarioError) -> Response:
    return JSONResponse({"error": str(error)}, 400)


def _faults_of(stage: Stage) -> Callable[[Request], Awaitable[Response]]:
    async def faults(request: Request) -> Response:
        match request.method:
            case "DELETE":
                stage.faults.clear()
            case "POST":
                try:
                    stage.faults.declare(Fault.model_validate_json(await request.body()))
                except ValidationError as error:
                    return _refused(error)
        return JSONResponse(stage.faults.listed())

    return faults


def with_controls(stage: Stage, vendor: ASGIApp) -> ASGIApp:
    """Put the controls under `/sandbox`, and a vendor everywhere else.

    - `POST /sandbox/calls {"from", "to"}`: a simulated caller; what was heard, and by which way.
    - `GET /sandbox/state`: everything that both vendors hold.
    - `GET /sandbox/requests`: what the vendors were asked, and answered.
    - `POST /sandbox/reset {"scenario"}`: a new world without faults; answers its announcement.
    - `POST /sandbox/faults {"vendor", "method", "path", "kind", …}`: lets requests go wrong; every
      key is described at `Fault` and `Kind`. Answers all orders, as `GET` does: each with how
      often it was met and carried out.
    - `DELETE /sandbox/faults`: no more faults; a port that is shut opens in its own time.
    """

    async def calls(request: Request) -> Response:
        try:
            order = _Call.model_validate_json(await request.body())
        except ValidationError as error:
            return _refused(error)
        stage.world.settle()
        outcome = dial_in(stage.world, order.caller, order.called)
        told: dict[str, Any] = {
            "answered": outcome.answered,
            "heard": outcome.heard,
            "path": list(outcome.path),
        }
        return JSONResponse(told)

    async def state(_: Request) -> Response:
        stage.world.settle()
        return JSONResponse(stage.world.state())

    async def requests(_: Request) -> Response:
        return JSONResponse(stage.requests)

    async def reset(request: Request) -> Response:
        try:
            stage.play(_Reset.model_validate_json(await request.body()).scenario)
        except (ValidationError, UnknownScenarioError) as error:
            return _refused(error)
        return JSONResponse(asdict(stage.announcement))

    return Starlette(
        routes=[
            Mount(
                "/sandbox",
                routes=[
                    Route("/calls", calls, methods=["POST"]),
                    Route("/state", state),
                    Route("/requests", requests),
                    Route("/reset", reset, methods=["POST"]),
                    Route("/faults", _faults_of(stage), methods=["GET", "POST", "DELETE"]),
                ],
            ),
            Mount("/", app=vendor),
        ]
    )
