"""`link`, `assistants`, `numbers` and `status`, through their command lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.headless.files import of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.headless.conftest import Desk


def with_keys(desk: Desk) -> Desk:
    desk.monkeypatch.setenv("VAPI_API_KEY", desk.told.vapi_key)
    desk.monkeypatch.setenv("TWILIO_ACCOUNT_SID", desk.told.twilio_account_sid)
    desk.monkeypatch.setenv("TWILIO_AUTH_TOKEN", desk.told.twilio_auth_token)
    return desk


def test_a_number_is_linked_to_the_first_assistant_when_none_is_chosen_and_it_is_said(
    desk_at: Callable[..., Desk],
) -> None:
    desk = with_keys(desk_at("unlinked"))
    number = desk.told.number
    printed = desk.run("link", "--number", number, "--assistant", " ", "--json")
    [told] = printed.objects
    assert printed.code == 0
    assert (told["business"], told["outcome"], told["auto_linked"]) == (number, "relinked", True)
    assert told["phone"]["assistantId"] == told["assistant_id"]
    assert desk.ring()["answered"]


def test_what_link_did_is_taken_back_by_number(desk_at: Callable[..., Desk]) -> None:
    desk = with_keys(desk_at("unlinked"))
    assert desk.run("link", "--number", desk.told.number).code == 0
    assert desk.run("undo", "--number", desk.told.number, "--yes").code == 0
    assert not desk.ring()["answered"]


def test_without_any_assistant_link_says_what_is_missing(desk_at: Callable[..., Desk]) -> None:
    desk = with_keys(desk_at())
    printed = desk.run("link", "--number", desk.told.number, "--json")
    assert printed.code == 3
    assert printed.objects[0]["error"]["code"] == "assistant_required"
    assert desk.writes() == 0


def test_link_takes_nothing_from_anybody_unless_told_to(desk_at: Callable[..., Desk]) -> None:
    desk = with_keys(desk_at("linked-elsewhere"))
    listed = desk.run("assistants", "--json").objects[0]["assistants"]
    holder = next(one["assistantId"] for one in desk.get("state")["vapi"]["numbers"])
    other = next(one["id"] for one in listed if one["id"] != holder)
    orders = ("link", "--number", desk.told.number, "--assistant", other, "--json")
    skipped = desk.run(*orders)
    assert (skipped.code, skipped.objects[0]["outcome"]) == (6, "linked_elsewhere")
    done = desk.run(*orders, "--on-conflict", "reassign")
    assert (done.code, done.objects[0]["outcome"]) == (0, "reassigned")


def test_numbers_say_where_each_points_and_no_secret(desk_at: Callable[..., Desk]) -> None:
    desk = with_keys(desk_at("unlinked"))
    [told] = desk.run("numbers", "--json").objects
    found = {one["number"]: one["points_at"] for one in told["numbers"]}
    assert found[desk.told.number] == "vapi"
    assert desk.told.twilio_auth_token not in str(told)
    assert "Vapi" in desk.run("numbers").out


@pytest.mark.parametrize("command", ["assistants", "numbers", "link"])
def test_without_keys_the_missing_variables_are_named(
    desk_at: Callable[..., Desk], command: str
) -> None:
    desk = desk_at()
    number = ("--number", desk.told.number) if command == "link" else ()
    printed = desk.run(command, *number, "--json")
    assert printed.code == 3
    assert printed.objects[0]["error"]["code"] == "keys_not_set"
    assert "API_KEY" in printed.err or "TWILIO_ACCOUNT_SID" in printed.err


def test_status_tells_what_is_set_up_and_checks_it_when_asked(desk_at: Callable[..., Desk]) -> None:
    desk = desk_at()
    assert desk.run("status").code == 0
    desk.run("apply", desk.file(of(desk.told)), "--yes", "--save-secrets")
    first, summary = desk.run("status", "--json").objects
    assert (first["business"], first["number"]) == ("martin", desk.told.number)
    assert (first["success"], first["checks"], summary["success"]) == (True, [], True)
    checked = desk.run("status", "--check", "--json")
    assert checked.code == 0
    assert {one["verdict"] for one in checked.objects[0]["checks"]} == {"passed"}
    assert desk.run("numbers", "--profile", "martin").code == 0


def test_status_sees_that_a_line_no_longer_answers(desk_at: Callable[..., Desk]) -> None:
    desk = desk_at()
    desk.run("apply", desk.file(of(desk.told)), "--yes", "--save-secrets")
    [record] = desk.get("state")["vapi"]["numbers"]
    desk.post(
        "records",
        {
            "vendor": "vapi",
            "kind": "numbers",
            "id": record["id"],
            "fields": {"assistantId": None},
        },
    )
    printed = desk.run("status", "--check", "--json")
    assert printed.code == 1
    assert not printed.objects[0]["success"]
    assert "no longer answers" in printed.objects[0]["message"]


def test_status_says_that_keys_were_not_kept(desk_at: Callable[..., Desk]) -> None:
    desk = desk_at()
    desk.run("apply", desk.file(of(desk.told)), "--yes")
    printed = desk.run("status", "--check", "--json")
    assert printed.code == 3
    assert printed.objects[0]["error"]["code"] == "vapi_key_needed"


def test_status_names_a_business_that_is_not_there(desk_at: Callable[..., Desk]) -> None:
    desk = desk_at()
    printed = desk.run("status", "--profile", "nobody", "--json")
    assert printed.code == 3
    assert printed.objects[0]["error"]["code"] == "line_needed"
