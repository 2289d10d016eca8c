"""The route: `POST /api/v1/phone-numbers/import-twilio`. Keeps nothing, logs no secret."""

# FastAPI reads the annotations of routes: they are not to be postponed.

import asyncio
from hashlib import sha256
from typing import TYPE_CHECKING, Annotated, Any, Protocol

from fastapi import Depends, FastAPI, Header, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.exceptions import HTTPException

from ava_setup import __version__
from ava_setup.api.bounds import BODY_MAX, Bounded
from ava_setup.api.shapes import ImportAnswer, ImportRequest, Malformed, Phone, Refusal
from ava_setup.exit_codes import ExitCode, of_error, of_problem
from ava_setup.onboarding.credentials import AuthToken, read_vapi_key
from ava_setup.onboarding.errors import ErrorCode, FieldProblem, Problem, SetupError
from ava_setup.onboarding.verdicts import CheckId, Verdict
from ava_setup.words import NOTHING, Language, Text, Voice, _

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from ava_setup.onboarding.outcome import LinkResult
    from ava_setup.onboarding.setup import Setup

PATH = "/api/v1/phone-numbers/import-twilio"
PER_MINUTE = 60
AT_A_TIME = 16

_NO_ASSISTANT = _(
    "You must create an assistant before importing a number. Create one, then retry: the number is "
    "linked by itself."
)
_STATUS: dict[ExitCode, int] = {
    ExitCode.PREREQUISITE: 400,
    ExitCode.USAGE: 422,
    ExitCode.CREDENTIALS: 401,
    ExitCode.CONSENT: 409,
    ExitCode.UNREACHABLE: 502,
}
_STATUS_OF_CODE: dict[ErrorCode, int] = {
    ErrorCode.NUMBER_NOT_IN_ACCOUNT: 404,
    ErrorCode.ASSISTANT_GONE: 404,
    ErrorCode.NUMBER_IN_OTHER_ORG: 409,
    ErrorCode.TRUNK_OWNS_VOICE: 409,
    ErrorCode.APPLICATION_OWNS_VOICE: 409,
    ErrorCode.TWILIO_SUSPENDED: 409,
    ErrorCode.TWILIO_CLOSED: 409,
    ErrorCode.NUMBER_WITHOUT_VOICE: 409,
}


class Engines(Protocol):
    """Opens engines of which nothing is kept."""

    def __call__(self) -> "AbstractAsyncContextManager[Setup]":
        """Open one, and close it."""
        ...


class RefusedError(Exception):
    """A request that is not carried out.

    Attributes:
        status: HTTP's.
        code: For programs.
        text: For people.
        headers: Of the answer.
    """

    def __init__(
        self, status: int, code: str, text: Text, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.text = text
        self.headers = headers


_bearer = HTTPBearer(
    auto_error=False, scheme_name="vapi", description="The caller's private Vapi key."
)


def _refusal(description: str) -> dict[str, Any]:
    return {"model": Refusal, "description": description}


def make_app(opened: Engines, *, language: Language, per_minute: int = PER_MINUTE) -> FastAPI:
    """Make the application.

    Args:
        opened: Opens an engine for each request.
        language: What is spoken to those who ask for none.
        per_minute: Requests a minute that each Vapi key may make.
    """
    app = FastAPI(
        title="ava-setup",
        version=__version__,
        description="Imports a Twilio number into Vapi, never unlinked.",
        docs_url=None,
        redoc_url=None,
    )
    turns = asyncio.Semaphore(AT_A_TIME)
    _answer_refusals(app, language)
    keys = _Keys(per_minute)

    @app.post(
        PATH,
        status_code=201,
        operation_id="import_twilio",
        summary="Import a Twilio number into Vapi, linked to an assistant",
        responses={
            400: _refusal("There is no assistant to link it to."),
            401: _refusal("Vapi or Twilio refuses the credentials."),
            404: _refusal("The number is not in the Twilio account, or the assistant not at Vapi."),
            409: _refusal("Something else answers the number, or it cannot be called."),
            413: _refusal(f"The request is longer than {BODY_MAX} bytes."),
            422: {"model": Malformed, "description": "The request is malformed."},
            429: _refusal("Too many requests with this key."),
            502: _refusal("A vendor cannot be reached, or does not do what it was asked."),
        },
    )
    async def import_twilio(
        wanted: ImportRequest,
        key: Annotated[str, Depends(keys)],
        accept_language: Annotated[
            str | None, Header(description="`fr` or `en`: the language of `message` and `detail`.")
        ] = None,
    ) -> ImportAnswer:
        async with turns, opened() as setup:
            try:
                result = await _imported(setup, key, wanted)
            except FieldProblem as problem:
                # Of the key in the header: what is in the body was read before.
                raise RefusedError(401, "vapi_key_refused", problem.text) from None
            except SetupError as error:
                raise _refused(error.problem, _status_of(error)) from None
        if not result.success or result.phone is None or result.assistant_id is None:
            why = result.problem or Problem(ErrorCode.LINK_UNPROVEN, (("failed", result.message),))
            raise _refused(why, _status(why, of_problem(why)))
        return ImportAnswer(
            success=True,
            phone=Phone(
                id=result.phone.id,
                number=result.phone.number,
                provider=result.phone.provider,
                assistantId=result.phone.assistant_id,
            ),
            auto_linked=result.auto_linked,
            assistant_id=result.assistant_id,
            webhook_configured=any(
                one.id is CheckId.ROUTED and one.verdict is Verdict.PASSED for one in result.checks
            ),
            message=_voice(accept_language, language)(result.message),
        )

    app.add_middleware(Bounded)
    return app


class _Keys:
    """Takes the key out of a request, unless it came too often."""

    def __init__(self, per_minute: int) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._limit = RateLimitItemPerMinute(per_minute)

    async def __call__(
        self, bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
    ) -> str:
        """Give the caller's Vapi key.

        Raises:
            RefusedError: There is none, or it was used too often.
        """
        if bearer is None:
            raise RefusedError(
                401,
                "vapi_key_needed",
                _("Send your private Vapi key: Authorization: Bearer …"),
                {"WWW-Authenticate": "Bearer"},
            )
        if not self._limiter.hit(self._limit, sha256(bearer.credentials.encode()).hexdigest()):
            raise RefusedError(
                429, "rate_limited", _("Too many requests. Wait a minute."), {"Retry-After": "60"}
            )
        return bearer.credentials


def _answer_refusals(app: FastAPI, language: Language) -> None:
    """Have everything that is not carried out answered in the request's language."""

    def voice_of(request: Request) -> Voice:
        return _voice(request.headers.get("accept-language"), language)

    @app.exception_handler(RefusedError)
    async def refused(request: Request, error: RefusedError) -> Response:
        told = {"detail": voice_of(request)(error.text), "code": error.code}
        return JSONResponse(told, error.status, error.headers)

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, error: RequestValidationError) -> Response:
        voice = voice_of(request)
        # What was sent is never repeated: it may be a secret in the wrong place.
        faults = [
            {"loc": [str(part) for part in one["loc"]], "msg": _said(one, voice)}
            for one in error.errors()
        ]
        return JSONResponse({"detail": faults}, 422)

    @app.exception_handler(HTTPException)
    async def elsewhere(request: Request, error: HTTPException) -> Response:
        told = {"detail": voice_of(request)(_("There is nothing here.")), "code": "not_found"}
        return JSONResponse(told, error.status_code, error.headers)


def _voice(accept_language: str | None, otherwise: Language) -> Voice:
    return Voice(_preferred(accept_language, otherwise))


async def _imported(setup: "Setup", key: str, wanted: ImportRequest) -> "LinkResult":
    await setup.open()
    await setup.connect(read_vapi_key(key))
    await setup.take_twilio(
        AuthToken(account_sid=wanted.twilio_account_sid, auth_token=wanted.twilio_auth_token)
    )
    return await setup.link_line(wanted.phone_number, wanted.assistant_id)


def _refused(problem: Problem, status: int) -> RefusedError:
    if problem.code is ErrorCode.ASSISTANT_REQUIRED:
        return RefusedError(status, problem.code.value, _NO_ASSISTANT)
    text = Text("{what} {next}", (("what", problem.what), ("next", problem.next or NOTHING)))
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None  # noqa: PLR2004 - HTTP's
    return RefusedError(status, problem.code.value, text, headers)


def _status_of(error: SetupError) -> int:
    return _status(error.problem, of_error(error))


def _status(problem: Problem, code: ExitCode) -> int:
    """Give the status of a refusal; whatever else a vendor does is a bad gateway's."""
    return _STATUS_OF_CODE.get(problem.code) or _STATUS.get(code, 502)


def _preferred(accept_language: str | None, otherwise: Language) -> Language:
    """Choose the language that a request prefers among ours."""
    ranked: list[tuple[float, int, Language]] = []
    for place, part in enumerate((accept_language or "").split(",")):
        tag, _semicolon, quality = part.partition(";")
        name = tag.strip()[:2].lower()
        if name in tuple(Language):
            ranked.append((-_quality(quality), place, Language(name)))
    return min(ranked)[2] if ranked else otherwise


def _quality(parameter: str) -> float:
    try:
        return float(parameter.partition("=")[2])
    except ValueError:
        return 1.0


def _said(error: dict[str, Any], voice: Voice) -> str:
    """Say what is wrong with a field, in our own words where it is ours to judge."""
    cause = error.get("ctx", {}).get("error")
    if isinstance(cause, FieldProblem):
        return voice(cause.text)
    return voice(_MALFORMED.get(error["type"], _ODD))


_ODD = _("This cannot be used; see /openapi.json.")
_MALFORMED = {
    "missing": _("This is missing."),
    "extra_forbidden": _("This is not known."),
    "json_invalid": _("The body is not JSON."),
}
