"""The route, over the engine and the sandbox: the three stories, and every way it can end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.canaries import OTHER_VAPI_KEY, WRONG_TOKEN

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.api.conftest import Counter


async def test_a_number_is_imported_linked_to_the_first_available_assistant_and_it_is_said(
    counter_of: Callable[..., Counter],
) -> None:
    counter = counter_of("unlinked")
    answer = await counter.ask()
    told = answer.json()
    assert answer.status_code == 201
    assert (told["success"], told["auto_linked"], told["webhook_configured"]) == (True, True, True)
    assert told["phone"]["assistantId"] == told["assistant_id"]
    assert "premi" in told["message"]
    assert counter.ring()["answered"]


@pytest.mark.parametrize("blank", ["", "  ", None])
async def test_an_empty_assistant_id_means_the_first_available(
    counter_of: Callable[..., Counter], blank: str | None
) -> None:
    answer = await counter_of("unlinked").ask(assistant_id=blank)
    assert (answer.status_code, answer.json()["auto_linked"]) == (201, True)


async def test_a_chosen_assistant_is_the_one_that_answers(
    counter_of: Callable[..., Counter],
) -> None:
    counter = counter_of("unlinked")
    [wanted, *_others] = [one["id"] for one in counter.get("state")["vapi"]["assistants"]]
    told = (await counter.ask(assistant_id=wanted)).json()
    assert (told["assistant_id"], told["auto_linked"]) == (wanted, False)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("fr", "Vous devez créer un assistant avant d'importer un numéro."),
        ("en-GB,en;q=0.9,fr;q=0.1", "You must create an assistant before importing a number."),
        ("de", "Vous devez créer un assistant avant d'importer un numéro."),
    ],
)
async def test_without_an_assistant_the_answer_is_a_400_in_the_callers_language(
    counter_of: Callable[..., Counter], lang: str, words: str
) -> None:
    counter = counter_of("fresh")
    before = counter.get("state")
    answer = await counter.ask(lang=lang)
    assert answer.status_code == 400
    assert answer.json()["code"] == "assistant_required"
    assert answer.json()["detail"].startswith(words)
    assert counter.get("state") == before


async def test_doing_it_twice_changes_nothing_the_second_time(
    counter_of: Callable[..., Counter],
) -> None:
    counter = counter_of("unlinked")
    first = (await counter.ask()).json()
    state = counter.get("state")
    second = await counter.ask()
    assert second.status_code == 201
    assert second.json()["phone"] == first["phone"]
    assert counter.get("state") == state


async def test_a_number_that_another_assistant_answers_is_a_409_and_stays_with_it(
    counter_of: Callable[..., Counter],
) -> None:
    counter = counter_of("linked-elsewhere")
    state = counter.get("state")
    [record] = state["vapi"]["numbers"]
    other = next(
        one["id"] for one in state["vapi"]["assistants"] if one["id"] != record["assistantId"]
    )
    answer = await counter.ask(assistant_id=other)
    assert (answer.status_code, answer.json()["code"]) == (409, "linked_elsewhere")
    assert counter.get("state") == state


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({"key": OTHER_VAPI_KEY}, 401, "vapi_key_refused"),
        ({"key": ""}, 401, "vapi_key_needed"),
        ({"twilio_auth_token": WRONG_TOKEN}, 401, "twilio_refused"),
        ({"phone_number": "+33199009999"}, 404, "number_not_in_account"),
        ({"assistant_id": "no-such-assistant"}, 404, "assistant_gone"),
    ],
)
async def test_what_is_refused_has_its_status_and_its_code(
    counter_of: Callable[..., Counter], asked: dict[str, Any], status: int, code: str
) -> None:
    answer = await counter_of("unlinked").ask(**asked)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["detail"]


@pytest.mark.parametrize(
    ("asked", "where"),
    [
        ({"twilio_account_sid": "ACnonsense"}, ["body", "twilio_account_sid"]),
        ({"twilio_auth_token": "too-short"}, ["body", "twilio_auth_token"]),
        ({"phone_number": "01 99 00 12 34"}, ["body", "phone_number"]),
        ({"org_id": None}, ["body", "org_id"]),
        ({"colour": "red"}, ["body", "colour"]),
    ],
)
async def test_what_is_malformed_is_named_and_never_repeated(
    counter_of: Callable[..., Counter], asked: dict[str, Any], where: list[str]
) -> None:
    counter = counter_of("unlinked")
    answer = await counter.ask(**asked)
    assert answer.status_code == 422
    assert [one["loc"] for one in answer.json()["detail"]] == [where]
    assert all(one["msg"] for one in answer.json()["detail"])
    assert not any(value in answer.text for value in asked.values() if value)
    assert counter.told.twilio_auth_token not in answer.text


async def test_a_vendor_that_cannot_be_reached_is_a_502(
    counter_of: Callable[..., Counter], monkeypatch: pytest.MonkeyPatch
) -> None:
    counter = counter_of("unlinked")
    shut = {"vendor": "vapi", "method": "GET", "path": "/assistant", "kind": "shut"}
    counter.post("faults", {**shut, "seconds": 60.0})
    answer = await counter.ask()
    assert answer.status_code == 502


async def test_a_body_that_is_too_long_is_not_read_to_its_end(
    counter_of: Callable[..., Counter],
) -> None:
    answer = await counter_of("unlinked").ask(org_id="x" * 20_000)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_long")


async def test_who_asks_too_often_is_told_to_wait(counter_of: Callable[..., Counter]) -> None:
    counter = counter_of("unlinked", per_minute=1)
    await counter.ask(phone_number="+33199009999")
    answer = await counter.ask(phone_number="+33199009999")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")


async def test_nothing_is_kept_and_no_secret_is_logged(
    counter_of: Callable[..., Counter], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    counter = counter_of("unlinked")
    caplog.set_level(0)
    await counter.ask()
    assert not [path for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert counter.told.vapi_key not in caplog.text
    assert counter.told.twilio_auth_token not in caplog.text
