"""`ava-setup apply`, through its command line, against the sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.canaries import WRONG_VAPI_KEY
from tests.headless.files import HEAD, business, of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.headless.conftest import Desk


def test_a_business_is_set_up_and_the_second_time_nothing_is_written(
    desk_at: Callable[..., Desk],
) -> None:
    desk = desk_at()
    file = desk.file(of(desk.told))
    first = desk.run("apply", file, "--yes", "--json")
    assert first.code == 0
    done, summary = first.objects
    assert (done["business"], done["success"], done["outcome"]) == ("martin", True, "imported")
    assert done["phone"]["assistantId"] == done["assistant_id"]
    assert summary["summary"] == {
        "businesses": 1,
        "done": 1,
        "failed": 0,
        "not_begun": 0,
        "exit_code": 0,
    }
    assert desk.ring()["answered"]
    written = desk.writes()
    second = desk.run("apply", file, "--yes", "--json")
    assert second.code == 0
    assert second.objects[0]["outcome"] == "already_linked"
    assert desk.writes() == written


def test_on_another_computer_the_second_time_nothing_is_written_either(
    desk_at: Callable[..., Desk],
) -> None:
    desk = desk_at()
    file = desk.file(of(desk.told))
    desk.run("apply", file, "--yes")
    written = desk.writes()
    desk.monkeypatch.setenv("AVA_SETUP_HOME", str(desk.home.parent / "elsewhere"))
    assert desk.run("apply", file, "--yes").code == 0
    assert desk.writes() == written


def test_a_dry_run_shows_what_would_be_written_and_keeps_and_writes_nothing(
    desk_at: Callable[..., Desk],
) -> None:
    desk = desk_at()
    printed = desk.run("apply", desk.file(of(desk.told)), "--dry-run", "--json")
    assert printed.code == 0
    plan, summary = printed.objects
    assert plan["outcome"] == "planned"
    writes = {row["id"] for row in plan["plan"] if row["writes"]}
    assert {"assistant", "number"} <= writes
    assert summary["success"]
    assert desk.writes() == 0
    assert not list(desk.home.glob("profiles/*/state.json"))


def test_one_that_fails_does_not_stop_the_others(desk_at: Callable[..., Desk]) -> None:
    desk = desk_at()
    sid = desk.told.twilio_account_sid
    source = HEAD + business("absent", number="+33199009999", account_sid=sid)
    source += business("martin", number=desk.told.number, account_sid=sid)
    printed = desk.run("apply", desk.file(source), "--yes", "--json")
    absent, martin = sorted(printed.objects[:2], key=lambda one: one["business"])
    assert printed.code == 3
    assert absent["error"]["code"] == "number_not_in_account"
    assert martin["success"]
    assert printed.objects[2]["summary"]["failed"] == 1
    assert desk.ring()["answered"]


def test_all_that_is_wrong_with_the_file_is_told_and_nothing_is_done(
    desk_at: Callable[..., Desk],
) -> None:
    desk = desk_at()
    source = of(desk.told).replace("email =", "emial =")
    printed = desk.run("apply", desk.file(source), "--yes", "--json")
    assert printed.code == 2
    [told] = printed.objects
    assert [fault["line"] for fault in told["error"]["faults"]] == [6, 8]
    assert "did you mean email?" in printed.err
    assert "Nothing was done." in printed.err
    assert desk.get("tally") == {}


def test_secrets_that_are_not_there_are_all_told_with_their_lines(
    desk_at: Callable[..., Desk],
) -> None:
    desk = desk_at()
    for name in ("VAPI_KEY", "TWILIO_TOKEN"):
        desk.monkeypatch.delenv(name)
    printed = desk.run("apply", desk.file(of(desk.told)), "--yes", lang="fr")
    assert printed.code == 3
    assert "ligne 13, business[1].vapi.key" in printed.err
    assert "ligne 17, business[1].twilio.auth_token" in printed.err
    assert desk.get("tally") == {}


def test_a_secret_may_lie_in_a_file_beside_the_answers(desk_at: Callable[..., Desk]) -> None:
    desk = desk_at()
    desk.file(f"{desk.told.vapi_key}\n", "vapi.key")
    source = of(desk.told).replace('{ env = "VAPI_KEY" }', '{ file = "vapi.key" }')
    assert desk.run("apply", desk.file(source), "--yes").code == 0


def test_a_key_that_is_refused_ends_with_its_own_code_before_anything_is_written(
    desk_at: Callable[..., Desk],
) -> None:
    desk = desk_at()
    desk.monkeypatch.setenv("VAPI_KEY", WRONG_VAPI_KEY)
    printed = desk.run("apply", desk.file(of(desk.told)), "--yes", "--json")
    assert printed.code == 4
    assert printed.objects[0]["error"]["code"] == "vapi_key_refused"
    assert desk.writes() == 0
    assert WRONG_VAPI_KEY not in printed.out + printed.err


def test_a_number_that_somebody_else_answers_is_skipped_unless_it_may_be_reassigned(
    desk_at: Callable[..., Desk],
) -> None:
    desk = desk_at("linked-elsewhere")
    file = desk.file(of(desk.told))
    before = desk.get("state")
    printed = desk.run("apply", file, "--yes", "--json")
    assert printed.code == 6
    assert printed.objects[0]["outcome"] == "linked_elsewhere"
    assert desk.get("state") == before
    assert desk.run("apply", file, "--yes", "--on-conflict", "reassign").code == 0
    assert "Plomberie Martin" in desk.ring()["heard"]


def test_without_an_assistant_of_its_own_the_first_available_is_taken_and_said(
    desk_at: Callable[..., Desk],
) -> None:
    desk = desk_at("unlinked")
    file = desk.file(of(desk.told, more='[business.assistant]\nchoose = "first-available"'))
    [done, _summary] = desk.run("apply", file, "--yes", "--json").objects
    assert (done["outcome"], done["auto_linked"]) == ("relinked", True)
    assert "first available" in done["message"]


def test_without_any_assistant_the_first_available_cannot_be_taken(
    desk_at: Callable[..., Desk],
) -> None:
    desk = desk_at()
    file = desk.file(of(desk.told, more='[business.assistant]\nchoose = "first-available"'))
    printed = desk.run("apply", file, "--yes", "--json")
    assert printed.code == 3
    assert printed.objects[0]["outcome"] == "assistant_required"
    assert desk.writes() == 0


def test_only_the_named_business_is_set_up(desk_at: Callable[..., Desk]) -> None:
    desk = desk_at()
    sid = desk.told.twilio_account_sid
    source = HEAD + business("absent", number="+33199009999", account_sid=sid)
    source += business("martin", number=desk.told.number, account_sid=sid)
    file = desk.file(source)
    printed = desk.run("apply", file, "--yes", "--json", "--only", "martin")
    assert (printed.code, len(printed.objects)) == (0, 2)
    unknown = desk.run("apply", file, "--yes", "--only", "nobody")
    assert unknown.code == 2
    assert "nobody" in unknown.err
    assert "absent, martin" in unknown.err


def test_without_a_terminal_and_a_yes_nothing_is_begun(desk_at: Callable[..., Desk]) -> None:
    desk = desk_at()
    printed = desk.run("apply", desk.file(of(desk.told)))
    assert printed.code == 2
    assert "--yes" in printed.err
    assert desk.get("tally") == {}
