"""One request and its answer, apart from any network."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Asked:
    """What a client sent.

    Attributes:
        method: The HTTP method, in capitals.
        path: The decoded path, from the host's root.
        query: Every (name, value) pair of the query, decoded, in order.
        headers: By lower-case name.
        body: The bytes of the body, empty when there is none.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def param(self, name: str) -> str | None:
        """Look a query parameter up: its last value, or None when it was not sent."""
        return dict(self.query).get(name)

    def header(self, name: str) -> str:
        """Look a header up by its lower-case name: empty when it was not sent."""
        return self.headers.get(name, "")

    @property
    def media_type(self) -> str:
        """The content type without its parameters."""
        return self.header("content-type").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a vendor says.

    Attributes:
        status: The HTTP status.
        body: A JSON value, or the words themselves when `media_type` is text.
        media_type: `application/json` unless it is an edge that answers.
        headers: Sent beside the content type.
    """

    status: int
    body: Any
    media_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


class RefusalError(Exception):
    """A request is refused: carries the vendor's whole answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer)
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one path template: `/assistant/{id}` passes `id` by name."""

    method: str
    template: str
    handler: Callable[..., Answer]

    def match(self, path: str) -> dict[str, str] | None:
        """Read the places of the template out of a path, or None when it is another path."""
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(self.template))
        found = re.fullmatch(pattern, path)
        return found and found.groupdict()


def find(
    routes: Sequence[Route], method: str, path: str
) -> tuple[Callable[..., Answer] | None, dict[str, str], bool]:
    """Find who answers a request.

    Returns:
        The handler (or None), the named places of the path, and whether the path is known at all.
    """
    known = False
    for route in routes:
        places = route.match(path)
        if places is None:
            continue
        if route.method == method:
            return route.handler, places, True
        known = True
    return None, {}, known
