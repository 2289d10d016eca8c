"""A rehearsal: reads reach the vendors, writes are noted and answered as the vendors would."""

from __future__ import annotations

import base64
import json
import re
import secrets
from collections.abc import AsyncIterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl
from uuid import uuid4

import httpx

from ava_setup.clients.network import network
from ava_setup.onboarding.errors import Vendor
from ava_setup.onboarding.number import inbound_webhook
from ava_setup.onboarding.redaction import HIDDEN
from ava_setup.onboarding.state import Region

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Record = dict[str, Any]

# Where a vendor's own paths begin, wherever the environment has them.
_ROOTS = {
    Vendor.VAPI: re.compile(r"/(assistant|phone-number|call)\b"),
    Vendor.TWILIO: re.compile("/2010-04-01/"),
}
_NUMBERS, _KEYS, _JSON = "/IncomingPhoneNumbers", "/Keys", ".json"
_SECRET = re.compile(r"auth_?token|secret|password|^headers$|^authorization$", re.IGNORECASE)
# A shorter one would hide every other word.
_SHORTEST = 8


@dataclass(frozen=True, slots=True)
class Foretold:
    """A request that would be sent.

    Attributes:
        method: HTTP's.
        path: Without the vendor's address; ids of what is not made yet are made up.
        body: As sent, by its fields, without any secret.
    """

    vendor: Vendor
    method: str
    path: str
    body: Mapping[str, object]


class Rehearsal:
    """What both vendors would hold, had they been asked all that was noted."""

    def __init__(self) -> None:
        self._foretold: list[Foretold] = []
        self._clients: dict[str, httpx.AsyncClient] = {}
        # By path of the record: what it holds, or would hold beside what the vendor has.
        self._made: dict[str, Record] = {}
        self._changed: dict[str, Record] = {}
        self._deleted: set[str] = set()
        # By E.164 number: what an import writes at Twilio.
        self._taken_over: dict[str, Record] = {}
        # By SID of a made-up key: the signature of who asked for it, which Twilio knows.
        self._in_place_of: dict[str, str] = {}
        self._secrets: set[str] = set()

    @property
    def requests(self) -> tuple[Foretold, ...]:
        """What would have been sent so far, in order."""
        return tuple(self._foretold)

    def wire(self, vendor: Vendor) -> httpx.AsyncBaseTransport:
        """Give what takes the place of the network on the way to a vendor."""
        return _Wire(self, vendor)

    async def aclose(self) -> None:
        """Close the connections."""
        clients, self._clients = self._clients, {}
        for client in clients.values():
            await client.aclose()

    async def exchange(self, vendor: Vendor, request: httpx.Request) -> httpx.Response:
        """Forward what only reads; note the rest, and answer it."""
        self._learn(request)
        path = _vendors_path(vendor, request.url.path)
        if request.method == "GET":
            return await self._read(vendor, path, request)
        body = await _body(request)
        told = {name: self._told(name, value) for name, value in body.items()}
        self._foretold.append(Foretold(vendor, request.method, path, told))
        return await self._write(vendor, path, body, request)

    # Reading

    async def _read(self, vendor: Vendor, path: str, request: httpx.Request) -> httpx.Response:
        if path in self._deleted:
            return httpx.Response(404, json={"message": "Not Found"})
        if path in self._made:
            return httpx.Response(200, json=self._made[path])
        response = await self._forward(request)
        if not response.is_success or not self._touches(path):
            return response
        await response.aread()
        try:
            content = response.json()
        except ValueError:
            return _same(response)
        return httpx.Response(
            response.status_code, json=self._overlaid(vendor, path, content, request)
        )

    def _touches(self, path: str) -> bool:
        """Whether an answer may differ by what was noted."""
        known = (*self._made, *self._changed, *self._deleted)
        stem = path.removesuffix(_JSON)
        return any(one.startswith(stem) for one in known) or (
            bool(self._taken_over) and _NUMBERS in path
        )

    def _overlaid(self, vendor: Vendor, path: str, content: Any, request: httpx.Request) -> Any:
        match vendor, content:
            case Vendor.VAPI, list():
                there = [self._as_changed(f"{path}/{one.get('id')}", one) for one in content]
                # Pages go back in time: what was made just now is on the first.
                first = "createdAtLt" not in request.url.params
                return [*self._still(path, there), *(self._made_in(path) if first else ())]
            case Vendor.TWILIO, {"sid": _}:
                return self._as_changed(path, content)
            case Vendor.TWILIO, dict():
                stem = path.removesuffix(_JSON)
                return {
                    name: [
                        *(self._as_changed(f"{stem}/{one['sid']}{_JSON}", one) for one in value),
                        *self._made_in(stem),
                    ]
                    if isinstance(value, list)
                    else value
                    for name, value in content.items()
                }
            case _, dict():
                return self._as_changed(path, content)
            case _:
                return content

    def _still(self, path: str, records: list[Record]) -> Iterator[Record]:
        return (one for one in records if f"{path}/{one.get('id')}" not in self._deleted)

    def _made_in(self, path: str) -> Iterator[Record]:
        return (one for spot, one in self._made.items() if spot.startswith(f"{path}/"))

    def _as_changed(self, path: str, record: Record) -> Record:
        taken_over = self._taken_over.get(str(record.get("phone_number")), {})
        return {**record, **taken_over, **self._changed.get(path, {})}

    # Writing

    async def _write(
        self, vendor: Vendor, path: str, body: Record, request: httpx.Request
    ) -> httpx.Response:
        if request.method == "DELETE":
            self._deleted.add(path)
            self._made.pop(path, None)
            return httpx.Response(204 if vendor is Vendor.TWILIO else 200, json={})
        if path.endswith(f"{_KEYS}{_JSON}"):
            return self._make_key(path, body, request)
        if vendor is Vendor.VAPI and request.method == "POST":
            return self._make(path, body, request)
        return await self._change(vendor, path, body, request)

    def _make(self, path: str, body: Record, request: httpx.Request) -> httpx.Response:
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        record = {**body, "id": str(uuid4()), "createdAt": now, "updatedAt": now}
        if path == "/phone-number":
            record["status"] = "active"
            region = Region.EU if ".eu." in request.url.host else Region.US
            self._taken_over[str(body.get("number"))] = {
                "voice_url": inbound_webhook(region),
                "voice_method": "POST",
            }
        self._made[f"{path}/{record['id']}"] = record
        return httpx.Response(201, json=record)

    def _make_key(self, path: str, body: Record, request: httpx.Request) -> httpx.Response:
        record = {
            "sid": f"SK{secrets.token_hex(16)}",
            "friendly_name": body.get("FriendlyName", ""),
            "date_created": format_datetime(datetime.now(UTC)),
        }
        self._in_place_of[record["sid"]] = request.headers["Authorization"]
        self._made[f"{path.removesuffix(_JSON)}/{record['sid']}{_JSON}"] = record
        return httpx.Response(201, json={**record, "secret": secrets.token_hex(16)})

    async def _change(
        self, vendor: Vendor, path: str, body: Record, request: httpx.Request
    ) -> httpx.Response:
        changes = (
            {_field(name): one for name, one in body.items()} if vendor is Vendor.TWILIO else body
        )
        if path in self._made:
            self._made[path] |= changes
            return httpx.Response(200, json=self._made[path])
        headers = {
            name: value
            for name, value in request.headers.items()
            if not name.startswith("content-")
        }
        now = await self._read(vendor, path, httpx.Request("GET", request.url, headers=headers))
        await now.aread()
        if not now.is_success:
            return _same(now)
        self._changed.setdefault(path, {}).update(changes)
        return httpx.Response(200, json={**now.json(), **changes})

    # The way there

    async def _forward(self, request: httpx.Request) -> httpx.Response:
        origin = str(request.url.copy_with(raw_path=b"/"))
        client = self._clients.get(origin)
        if client is None:
            try:
                client = self._clients[origin] = network(origin)
            except (ValueError, ImportError) as error:
                raise httpx.ConnectError("The network cannot be used") from error
        headers = dict(request.headers)
        headers["authorization"] = self._in_place_of.get(_user(request), headers["authorization"])
        again = httpx.Request("GET", request.url, headers=headers, extensions=request.extensions)
        return await client.send(again, stream=True)

    def _learn(self, request: httpx.Request) -> None:
        """Note which secrets are about: none of them is ever told."""
        scheme, _blank, value = request.headers.get("authorization", "").partition(" ")
        self._secrets.add(_pair(value)[1] if scheme == "Basic" else value)

    def _told(self, name: str, value: object) -> object:
        """Write a field without any secret."""
        if _SECRET.search(name) and value:
            return HIDDEN
        match value:
            case dict():
                return {below: self._told(below, one) for below, one in value.items()}
            case list():
                return [self._told("", one) for one in value]
            case str():
                return HIDDEN if any(map(value.__contains__, self._worth_hiding())) else value
            case _:
                return value

    def _worth_hiding(self) -> Iterator[str]:
        return (one for one in self._secrets if len(one) >= _SHORTEST)


class _Wire(httpx.AsyncBaseTransport):
    """The way to one vendor in a rehearsal; the rehearsal closes its connections."""

    def __init__(self, rehearsal: Rehearsal, vendor: Vendor) -> None:
        self._rehearsal = rehearsal
        self._vendor = vendor

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Have the rehearsal answer."""
        return await self._rehearsal.exchange(self._vendor, request)


def _vendors_path(vendor: Vendor, path: str) -> str:
    found = _ROOTS[vendor].search(path)
    return path[found.start() :] if found else path


async def _body(request: httpx.Request) -> Record:
    """Read a body of ours: a form, JSON, or none."""
    assert isinstance(request.stream, AsyncIterable)  # noqa: S101 - ours always are
    text = (await request.aread()).decode()
    if request.headers.get("content-type") == "application/json":
        read: Record = json.loads(text)
        return read
    return dict(parse_qsl(text, keep_blank_values=True))


def _field(name: str) -> str:
    """Name a field as Twilio shows it, from how it takes it: `VoiceUrl` is `voice_url`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _same(response: httpx.Response) -> httpx.Response:
    """Give an answer that was read, again."""
    return httpx.Response(response.status_code, content=response.content)


def _user(request: httpx.Request) -> str:
    scheme, _blank, value = request.headers.get("authorization", "").partition(" ")
    return _pair(value)[0] if scheme == "Basic" else ""


def _pair(value: str) -> tuple[str, str]:
    user, _colon, secret = base64.b64decode(value).decode().partition(":")
    return user, secret
