"""Sends requests and brings whole answers back, or says what became of the request."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlencode

import httpx
from pydantic import SecretStr

from ava_setup.clients.answers import Answer
from ava_setup.clients.network import TOTAL_S, network
from ava_setup.onboarding import chronicle
from ava_setup.onboarding.errors import (
    Ambiguous,
    ErrorCode,
    Evidence,
    RateLimited,
    Unreachable,
    Vendor,
    VendorError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from ava_setup.clients.pace import Pace
    from ava_setup.clients.patience import Patience

T = TypeVar("T")

# They log headers and reasons word for word: what a vendor echoes, a key that cannot be sent.
for _library in ("httpx", "httpcore"):
    logging.getLogger(_library).setLevel(logging.WARNING)

BODY_MAX = 10 * 1024 * 1024

_NOTHING_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


@dataclass(frozen=True, slots=True)
class Form:
    """A body that is sent as a form: (name, value) pairs, none of them secret."""

    fields: tuple[tuple[str, str], ...]


class Bearer(httpx.Auth):
    """Signs with a bearer key; the key is unmasked in the header only."""

    def __init__(self, key: SecretStr) -> None:
        self.secret = key

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Sign a request on its way out."""
        request.headers["Authorization"] = f"Bearer {self.secret.get_secret_value()}"
        yield request


class Basic(httpx.Auth):
    """Signs with a name and a secret, unmasked in the header only."""

    def __init__(self, name: str, secret: SecretStr) -> None:
        self._name = name
        self.secret = secret

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Sign a request on its way out."""
        pair = f"{self._name}:{self.secret.get_secret_value()}".encode()
        request.headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
        yield request


class TooLong(Ambiguous):
    """The answer is longer than `BODY_MAX`: asked for less at once, it may come."""


class Transport:
    """The way to one vendor, for one set of credentials.

    Args:
        vendor: Who is at the other end.
        base: Address without a slash at its end; everything goes there and nowhere else.
        auth: Signs each request.
        pace: Bounds the requests in flight, and in a second.
        patience: Decides what is sent again.
        wire: Replaces the network, in rehearsals and in tests.
    """

    def __init__(
        self,
        vendor: Vendor,
        base: str,
        auth: Bearer | Basic,
        *,
        pace: Pace,
        patience: Patience,
        wire: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._vendor = vendor
        self._base = base
        self._auth = auth
        self._pace = pace
        self._patience = patience
        self._wire = wire
        self._client: httpx.AsyncClient | None = None

    async def aclose(self) -> None:
        """Close the connections; the next request opens new ones."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def read(
        self,
        path: str,
        decipher: Callable[[Answer], T],
        params: Mapping[str, str | int] | None = None,
    ) -> T:
        """Ask for something, again when that may help.

        Args:
            path: Begins with a slash; may carry its own query.
            decipher: Makes a value of the answer, or raises.
            params: The query.

        Raises:
            VendorError: It could not be had.
        """
        tries = count(1)

        async def ask() -> T:
            return await self._ask(next(tries), "GET", path, decipher, params=params)

        try:
            return await self._patience.read(self._vendor, ask)
        except VendorError as error:
            failure = error
        raise _bare(failure)

    async def glance(self, path: str, decipher: Callable[[Answer], T]) -> T | None:
        """Ask once for something that can be done without; None when it cannot be had."""
        try:
            return await self._ask(1, "GET", path, decipher)
        except VendorError:
            return None

    async def write(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | Form | None,
        decipher: Callable[[Answer], T],
    ) -> T:
        """Change something; sent again only when it provably did nothing.

        Args:
            method: `POST`, `PATCH` or `DELETE`.
            path: Begins with a slash.
            body: Written as JSON unless it is a form; its secrets stay masked until then.
            decipher: Makes a value of the answer, or raises.

        Raises:
            VendorError: It failed; `may_have_acted` says whether to look before repeating.
        """
        tries = count(1)

        async def ask() -> T:
            return await self._ask(next(tries), method, path, decipher, body=body)

        try:
            return await self._patience.write(self._vendor, ask)
        except VendorError as error:
            failure = error
        raise _bare(failure)

    async def _ask(
        self,
        tried: int,
        method: str,
        path: str,
        decipher: Callable[[Answer], T],
        *,
        params: Mapping[str, str | int] | None = None,
        body: Mapping[str, object] | Form | None = None,
    ) -> T:
        """Send one request when its turn comes, and make a value of its answer.

        Raises:
            VendorError: No whole answer came, or it is a refusal.
        """
        async with self._pace:
            with chronicle.request(self._vendor, method, path, tried) as answered:
                answer = await self._exchange(method, path, params=params, body=body)
                answered(answer.status, answer.request_id)
                try:
                    told = decipher(answer)
                except RateLimited as error:
                    self._pace.turned_away(error.retry_after)
                    raise
                self._pace.let_in()
                return told

    async def _exchange(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str | int] | None = None,
        body: Mapping[str, object] | Form | None = None,
    ) -> Answer:
        """Send one request and take in its whole answer.

        Raises:
            VendorError: No whole answer came.
        """
        client = self._open()
        try:
            request = client.build_request(
                method,
                f"{self._base}{path}",
                params=params,
                content=None if body is None else _encoded(body),
                headers=None if body is None else {"Content-Type": _media_type(body)},
            )
        except httpx.InvalidURL:
            # Only a vendor's own link can be that long or that odd.
            raise self._failed(ErrorCode.UNINTELLIGIBLE) from None
        try:
            async with asyncio.timeout(TOTAL_S):
                response = await client.send(request, stream=True)
                try:
                    received = await _received(response)
                finally:
                    await response.aclose()
        except (httpx.HTTPError, OSError) as error:
            raise self._lost(error) from None
        if received is None:
            seen = Evidence(self._vendor, response.status_code)
            raise TooLong(ErrorCode.UNINTELLIGIBLE, self._vendor, evidence=seen)
        return Answer(
            status=response.status_code,
            headers={name.lower(): value for name, value in response.headers.items()},
            body=received,
            secrets=(self._auth.secret, *_secrets(body)),
        )

    def _open(self) -> httpx.AsyncClient:
        """Give the client, made on first use.

        Raises:
            Unreachable: The environment's proxy or certificates cannot be used.
        """
        if self._client is None:
            try:
                self._client = network(self._base, auth=self._auth, wire=self._wire)
            except (ValueError, ImportError, OSError, httpx.InvalidURL):
                raise Unreachable(ErrorCode.UNREACHABLE, self._vendor) from None
        return self._client

    def _lost(self, error: Exception) -> VendorError:
        """Say what became of a request that brought no answer."""
        if isinstance(error, _NOTHING_SENT):
            return Unreachable(ErrorCode.UNREACHABLE, self._vendor)
        if isinstance(error, TimeoutError | httpx.TimeoutException):
            return self._failed(ErrorCode.TIMED_OUT)
        if isinstance(error, httpx.DecodingError):
            return self._failed(ErrorCode.UNINTELLIGIBLE)
        return self._failed(ErrorCode.INTERRUPTED)

    def _failed(self, code: ErrorCode) -> Ambiguous:
        return Ambiguous(code, self._vendor)


def _bare(error: VendorError) -> VendorError:
    """Cut an error off from where it arose: frames down there hold headers and bodies."""
    error.__context__ = error.__cause__ = None
    return error.with_traceback(None)


async def _received(response: httpx.Response) -> bytes | None:
    """Read an answer's body, or give None as soon as it is longer than `BODY_MAX`."""
    received = bytearray()
    async for chunk in response.aiter_bytes():
        received += chunk
        if len(received) > BODY_MAX:
            return None
    return bytes(received)


def _media_type(body: Mapping[str, object] | Form) -> str:
    return "application/x-www-form-urlencoded" if isinstance(body, Form) else "application/json"


def _encoded(body: Mapping[str, object] | Form) -> bytes:
    if isinstance(body, Form):
        return urlencode(body.fields).encode()

    def unmasked(value: object) -> str:
        if isinstance(value, SecretStr):
            return value.get_secret_value()
        raise TypeError(f"{type(value).__name__} cannot be written as JSON")

    return json.dumps(body, default=unmasked, ensure_ascii=False).encode()


def _secrets(body: Mapping[str, object] | Form | None) -> tuple[SecretStr, ...]:
    return () if isinstance(body, Form) else tuple(_masked(body or {}))


def _masked(value: object) -> Iterator[SecretStr]:
    if isinstance(value, SecretStr):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _masked(one)
