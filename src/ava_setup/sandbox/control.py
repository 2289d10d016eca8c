"""The sandbox's own controls, under `/sandbox`: no vendor has them."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from ava_setup.sandbox.doors import Vendor
from ava_setup.sandbox.dump import state
from ava_setup.sandbox.editing import Edit, Switch, UnknownRecordError, edit, rotate
from ava_setup.sandbox.faults import Fault
from ava_setup.sandbox.quirks import Quirk
from ava_setup.sandbox.scenarios import UnknownScenarioError
from ava_setup.sandbox.telephony import dial_in

if TYPE_CHECKING:
    from collections.abc import Callable

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


class _Rotation(_Order):
    vendor: Vendor


class Controls:
    """What the sandbox can be told, and asked, while a scenario is played.

    - `POST /sandbox/calls {"from", "to"}`: a simulated caller; what was heard, and by which way.
    - `GET /sandbox/state`: everything that both vendors hold.
    - `GET /sandbox/requests`: what the vendors were asked, and answered.
    - `GET /sandbox/tally`: how often each was asked, by method and status, and for how long.
    - `POST /sandbox/reset {"scenario"}`: a new world without faults; answers its announcement.
    - `POST /sandbox/faults {"vendor", "method", "path", "kind", …}`: lets requests go wrong; every
      key is described at `Fault` and `Kind`. Answers all orders, as `GET` does: each with how
      often it was met and carried out.
    - `DELETE /sandbox/faults`: no more faults; a port that is shut opens in its own time.
    - `POST /sandbox/quirks {"on", "off"}`: turns the vendors' oddities on and off. Answers all of
      them, as `GET` does: each with its line, and whether it is on.
    - `POST /sandbox/records {"vendor", "kind", "id", "fields", …}`: changes a record behind the
      vendor's back; every key is described at `Edit`. Answers the record, null when it is gone.
    - `POST /sandbox/rotate {"vendor"}`: makes the announced key, or token, worthless.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    async def calls(self, request: Request) -> Response:
        """Ring a number."""
        order = _Call.model_validate_json(await request.body())
        world = self._stage.world
        world.settle()
        outcome = dial_in(world, order.caller, order.called)
        told: dict[str, Any] = {
            "answered": outcome.answered,
            "heard": outcome.heard,
            "background": outcome.background,
            "path": list(outcome.path),
        }
        return JSONResponse(told)

    async def state(self, _: Request) -> Response:
        """Show what both vendors hold."""
        self._stage.world.settle()
        return JSONResponse(state(self._stage.world))

    async def requests(self, _: Request) -> Response:
        """Show what was asked."""
        return JSONResponse(self._stage.requests)

    async def tally(self, _: Request) -> Response:
        """Show what was asked, in figures."""
        return JSONResponse(self._stage.tally.listed())

    async def reset(self, request: Request) -> Response:
        """Begin a scenario."""
        self._stage.play(_Reset.model_validate_json(await request.body()).scenario)
        return JSONResponse(asdict(self._stage.announcement))

    async def faults(self, request: Request) -> Response:
        """Order, list or forget faults."""
        match request.method:
            case "DELETE":
                self._stage.faults.clear()
            case "POST":
                fault = Fault.model_validate_json(await request.body())
                self._stage.faults.declare(fault)
        return JSONResponse(self._stage.faults.listed())

    async def quirks(self, request: Request) -> Response:
        """Switch or list oddities."""
        world = self._stage.world
        if request.method == "POST":
            wanted = Switch.model_validate_json(await request.body())
            world.quirks = (world.quirks | wanted.on) - wanted.off
        return JSONResponse(
            {quirk.value: {"on": quirk in world.quirks, "line": quirk.line} for quirk in Quirk}
        )

    async def records(self, request: Request) -> Response:
        """Change a record."""
        wanted = Edit.model_validate_json(await request.body())
        return JSONResponse(edit(self._stage.world, wanted))

    async def rotate(self, request: Request) -> Response:
        """Rotate a key or a token."""
        rotate(self._stage.world, _Rotation.model_validate_json(await request.body()).vendor)
        return Response(status_code=204)

    @property
    def routes(self) -> list[Route]:
        """Every control's path."""
        served: dict[Callable[..., Any], list[str]] = {
            self.calls: ["POST"],
            self.state: ["GET"],
            self.requests: ["GET"],
            self.tally: ["GET"],
            self.reset: ["POST"],
            self.faults: ["GET", "POST", "DELETE"],
            self.quirks: ["GET", "POST"],
            self.records: ["POST"],
            self.rotate: ["POST"],
        }
        return [
            Route(f"/{control.__name__}", control, methods=methods)
            for control, methods in served.items()
        ]


async def _refused(_: Request, error: Exception) -> Response:
    return JSONResponse({"error": str(error)}, 400)


def with_controls(stage: Stage, vendor: ASGIApp) -> ASGIApp:
    """Put the controls under `/sandbox`, and a vendor everywhere else."""
    return Starlette(
        routes=[Mount("/sandbox", routes=Controls(stage).routes), Mount("/", app=vendor)],
        exception_handlers=dict.fromkeys(
            (ValidationError, UnknownScenarioError, UnknownRecordError), _refused
        ),
    )
