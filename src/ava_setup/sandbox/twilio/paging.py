"""Twilio's pages: `next_page_uri` is a path to follow as it is (contract: twilio.md, Endpoints)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from ava_setup.sandbox.exchange import Answer
from ava_setup.sandbox.twilio.refusals import invalid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ava_setup.sandbox.exchange import Asked
    from ava_setup.sandbox.world import Document

_DEFAULT_SIZE = 50
_MAX_SIZE = 1000
_OWN = ("PageSize", "Page", "PageToken")


def _whole(asked: Asked, name: str, default: int) -> int:
    text = asked.param(name)
    if text is None:
        return default
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise invalid(f"{name} is not a number: {text}")
    return int(text)


def page_of(asked: Asked, name: str, records: Sequence[Document], *, by: str = "sid") -> Answer:
    """Answer one page of a list.

    Only `PageToken` moves on: `Page` is for the client's own use (specification, `Page`).

    Args:
        asked: The request, whose filters every page's address repeats.
        name: What the list is called in the answer.
        records: Everything that the filters let through, in order.
        by: The property that tells records apart.

    Raises:
        RefusalError: 400, a page's parameter is ill-formed.
    """
    size = _whole(asked, "PageSize", _DEFAULT_SIZE)
    if not 1 <= size <= _MAX_SIZE:
        raise invalid(f"Page size must be between 1 and {_MAX_SIZE}", 20007)
    page = _whole(asked, "Page", 0)
    start = 0
    token = asked.param("PageToken")
    if token is not None:
        places = [i for i, record in enumerate(records) if f"PA{record[by]}" == token]
        if not places:
            raise invalid(f"PageToken is not valid: {token}")
        start = places[0] + 1
    shown = records[start : start + size]
    filters = [(k, v) for k, v in asked.query if k not in _OWN]

    def uri(number: int, after: Document | None) -> str:
        own = [("PageSize", str(size)), ("Page", str(number))]
        if after is not None:
            own.append(("PageToken", f"PA{after[by]}"))
        return f"{asked.path}?{urlencode([*filters, *own])}"

    before = records[start - size - 1] if start > size else None
    body = {
        name: list(shown),
        "start": start,
        "end": max(start + len(shown) - 1, start),
        "page": page,
        "page_size": size,
        "first_page_uri": uri(0, None),
        "previous_page_uri": uri(page - 1, before) if start and page else None,
        "next_page_uri": uri(page + 1, shown[-1]) if start + size < len(records) else None,
        "uri": uri(page, records[start - 1] if start else None),
    }
    return Answer(200, body)
