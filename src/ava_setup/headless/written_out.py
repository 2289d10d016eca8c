"""What programs read: plain values, one object a business, sentences in the asked language."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ava_setup import exit_codes
from ava_setup.exit_codes import ExitCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ava_setup.headless.fleet import Ended, Foretold, Planned
    from ava_setup.headless.reading import Fault
    from ava_setup.onboarding.errors import Problem
    from ava_setup.onboarding.review_rows import Review
    from ava_setup.words import Voice

SCHEMA_VERSION = 1
_LONG = 40

Plain = dict[str, Any]


def line(value: Plain) -> str:
    """Write an object on one line."""
    return json.dumps({"schema_version": SCHEMA_VERSION, **value}, ensure_ascii=False)


def problem(shown: Problem | None, voice: Voice) -> Plain | None:
    """Give a problem; None when there is none."""
    if shown is None:
        return None
    return {
        "code": shown.code.value,
        "what": voice(shown.what),
        "why": voice(shown.why),
        "next": voice(shown.next),
        "evidence": str(shown.evidence),
    }


def ended(one: Ended, voice: Voice) -> Plain:
    """Give how a business ended."""
    if one.result is not None:
        told = one.result.written_out(voice)
    else:
        told = {
            "success": False,
            "outcome": _OUTCOMES.get(one.code, "failed"),
            "phone": None,
            "auto_linked": False,
            "assistant_id": None,
            "message": voice(one.problem.what) if one.problem else "",
            "checks": [],
        }
    return {"business": one.name, **told, "error": problem(one.problem, voice)}


_OUTCOMES = {ExitCode.INTERRUPTED: "not_begun"}


def planned(one: Planned, voice: Voice) -> Plain:
    """Give what a business needs."""
    return {
        "business": one.name,
        "success": one.problem is None,
        "outcome": "planned" if one.problem is None else "failed",
        "plan": rows(one.review, voice),
        "requests": [foretold(request) for request in one.requests or ()],
        "error": problem(one.problem, voice),
    }


def foretold(one: Foretold) -> Plain:
    """Give a request that would be sent."""
    return {
        "vendor": one.vendor.value,
        "method": one.method,
        "path": one.path,
        "body": dict(one.body),
    }


def in_short(one: Foretold) -> str:
    """Write a request that would be sent on one line, its long texts cut."""
    body = json.dumps(_cut(one.body), ensure_ascii=False)
    return f"{one.vendor.value} {one.method} {one.path} {body}"


def _cut(value: object) -> object:
    match value:
        case dict():
            return {name: _cut(below) for name, below in value.items()}
        case list():
            return [_cut(below) for below in value]
        case str() if len(value) > _LONG:
            return f"{value[:_LONG]}…"
        case _:
            return value


def rows(review: Review | None, voice: Voice) -> list[Plain]:
    """Give a review."""
    return [
        {
            "id": row.id.value,
            "setting": voice(row.setting),
            "value": voice(row.value),
            "source": row.source.origin.value,
            "writes": row.writes,
            "effect": voice(row.effect.words),
        }
        for row in (review.rows if review else ())
    ]


def summary(ends: Sequence[ExitCode]) -> Plain:
    """Give the whole of several businesses."""
    code = exit_codes.of_all(tuple(ends))
    return {
        "summary": {
            "businesses": len(ends),
            "done": sum(1 for one in ends if one is ExitCode.DONE),
            "failed": sum(1 for one in ends if one not in {ExitCode.DONE, ExitCode.INTERRUPTED}),
            "not_begun": sum(1 for one in ends if one is ExitCode.INTERRUPTED),
            "exit_code": code.value,
        },
        "success": code is ExitCode.DONE,
    }


def invalid(faults: Sequence[Fault], voice: Voice) -> Plain:
    """Give what is wrong with an answer file."""
    return {
        "success": False,
        "error": {
            "code": "file_invalid",
            "faults": [
                {"line": one.line, "where": one.where, "message": voice(one.text)} for one in faults
            ],
        },
    }
