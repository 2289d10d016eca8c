"""`ava-setup apply --dry-run`: the requests foretold are those that are then sent."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.headless.files import of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.headless.conftest import Desk

OWN_KEY = "own_key = true\n"
FALLBACK = 'fallback = "+33199005678"\n'
HIDDEN = ("twilioAuthToken", "twilioApiSecret")
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|SK[0-9a-f]{32}")


def alike(requests: list[dict[str, Any]]) -> list[Any]:
    """Give requests without what is another each time, and without secrets."""
    told = [
        {
            "vendor": one["vendor"].lower(),
            "method": one["method"],
            "path": one["path"],
            "body": {
                name: "[…]" if name in HIDDEN else value
                for name, value in (one["body"] or {}).items()
            },
        }
        for one in requests
    ]
    return list(json.loads(ID.sub("ID", json.dumps(told))))


def sent(desk: Desk) -> list[dict[str, Any]]:
    """Give the requests that were to change something."""
    return [one for one in desk.get("requests") if one["method"] != "GET"]


def secrets_of(desk: Desk) -> tuple[str, ...]:
    return (desk.told.vapi_key, desk.told.twilio_auth_token)


@pytest.mark.parametrize(
    ("scenario", "more", "where"),
    [
        ("fresh", "", ["Keys.json", "/assistant", "/phone-number"]),
        ("unlinked", FALLBACK, ["/assistant", "/phone-number/", "/phone-number/"]),
        ("linked-elsewhere", "", ["/assistant", "/phone-number/"]),
        ("two-sides-differ", "", ["/assistant", "/phone-number/", "/IncomingPhoneNumbers/"]),
        ("eu-key", "", ["/assistant", "/phone-number"]),
    ],
)
def test_what_is_foretold_is_what_is_then_sent_and_nothing_of_it_before(
    desk_at: Callable[..., Desk], scenario: str, more: str, where: list[str]
) -> None:
    desk = desk_at(scenario)
    source = of(desk.told, more=more)
    if "Keys.json" in where:
        source = source.replace("[business.phone]", f"{OWN_KEY}\n[business.phone]")
    orders = ("apply", desk.file(source), "--json", "--on-conflict", "reassign")
    before = desk.get("state")
    planned = desk.run(*orders, "--dry-run")
    assert (planned.code, sent(desk), desk.get("state")) == (0, [], before)
    foretold = planned.objects[0]["requests"]
    for one, part in zip(foretold, where, strict=True):
        assert part in one["path"]
        assert f"{one['vendor']} {one['method']} {one['path']}" in planned.err
    assert not any(secret in planned.out + planned.err for secret in secrets_of(desk))
    assert desk.run(*orders, "--yes").code == 0
    assert alike(foretold) == alike(sent(desk))
    assert desk.run(*orders, "--dry-run").objects[0]["requests"] == []


def test_where_somebody_would_lose_something_no_request_is_foretold(
    desk_at: Callable[..., Desk],
) -> None:
    desk = desk_at("linked-elsewhere")
    printed = desk.run("apply", desk.file(of(desk.told)), "--dry-run", "--json")
    plan, summary = printed.objects
    assert (printed.code, plan["requests"], plan["error"]["code"]) == (6, [], "linked_elsewhere")
    assert summary["summary"]["exit_code"] == 6
