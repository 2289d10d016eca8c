"""What was asked of the vendors and when, as the product's own log tells it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

_LINE = re.compile(r"^(\S+) \w+ request (.*)$")
_FACT = re.compile(r"(\w+)=(\S+)")
# Two clocks of a millisecond each.
_BLUR_S = 0.004
_HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
    'font-family="Fira Code, monospace" font-size="12">'
)
_LEGEND = "Filled: the longest chain of requests that waited for one another."


@dataclass(frozen=True, slots=True)
class Asked:
    """One request.

    Attributes:
        vendor: Who was asked.
        what: Method and path.
        began: When, in seconds from any beginning.
        ended: When the answer was there.
    """

    vendor: str
    what: str
    began: float
    ended: float


def asked_in(log: Path) -> tuple[Asked, ...]:
    """Read the requests of a log, in the order in which they began."""
    found = []
    for line in log.read_text(encoding="utf-8").splitlines():
        match = _LINE.match(line)
        if match is None:
            continue
        facts = dict(_FACT.findall(match[2]))
        ended = datetime.fromisoformat(match[1]).timestamp()
        what = f"{facts['method']} {_short(facts['path'])}"
        found.append(Asked(facts["vendor"], what, ended - int(facts["ms"]) / 1000, ended))
    return tuple(sorted(found, key=lambda one: one.began))


def longest_chain(requests: Iterable[Asked]) -> tuple[Asked, ...]:
    """Give the most requests that waited for one another: each began after the last had ended.

    That is as many as really depend on one another, or more.
    """
    chain: list[Asked] = []
    for one in sorted(requests, key=lambda one: one.ended):
        if not chain or one.began >= chain[-1].ended - _BLUR_S:
            chain.append(one)
    return tuple(chain)


def drawn(requests: Sequence[Asked], title: str) -> str:
    """Draw requests as a waterfall, as an SVG: one line each, by when they were under way."""
    left, wide, line, top = 390, 460, 22, 74
    first, last = requests[0].began, max(one.ended for one in requests)
    scale = wide / (last - first)
    chain = set(longest_chain(requests))
    height = top + line * len(requests) + 30
    parts = [
        _HEAD.format(width=left + wide + 90, height=height),
        '<rect width="100%" height="100%" fill="#12171c"/>',
        f'<text x="16" y="26" font-size="15" fill="#e6ebee">{title}</text>',
        f'<text x="16" y="48" fill="#b4c0c8">{_LEGEND}</text>',
    ]
    for tick in range(int((last - first) * 5) + 1):
        at = left + tick * scale / 5
        parts.append(
            f'<path d="M{at:.1f} {top - 8}V{height - 24}" stroke="#26323c"/>'
            f'<text x="{at:.1f}" y="{height - 10}" fill="#b4c0c8" text-anchor="middle">'
            f"{tick * 200}</text>"
        )
    for place, one in enumerate(requests):
        y = top + place * line
        begins, lasts = left + (one.began - first) * scale, (one.ended - one.began) * scale
        fill = "#5cc8b0" if one in chain else "none"
        parts.append(
            f'<text x="16" y="{y + 12}" fill="#e6ebee">{one.vendor} {one.what}</text>'
            f'<rect x="{begins:.1f}" y="{y}" width="{lasts:.1f}" height="14" rx="3" '
            f'fill="{fill}" stroke="#5cc8b0"/>'
            f'<text x="{begins + lasts + 6:.1f}" y="{y + 12}" fill="#b4c0c8">'
            f"{(one.ended - one.began) * 1000:.0f} ms</text>"
        )
    return "\n".join((*parts, "</svg>", ""))


def _short(path: str) -> str:
    """Leave out what names an account or a record."""
    short = re.sub(r"^/2010-04-01/Accounts/\w+", "/Accounts/…", path)
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|PN\w{32}", "…", short)
