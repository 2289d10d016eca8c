from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from ava_setup.sandbox import Sandbox
from ava_setup.sandbox.faults import Kind
from tests.sandbox.lab import Lab

if TYPE_CHECKING:
    from collections.abc import Iterator

ACCOUNT = "/2010-04-01/Accounts/{sid}.json"
NUMBERS = "/2010-04-01/Accounts/{sid}/IncomingPhoneNumbers.json"


@pytest.fixture
def own() -> Iterator[Lab]:
    """A sandbox of this test alone: its port will be shut."""
    with Sandbox("fresh", call_seconds=0.0) as sandbox:
        lab = Lab(sandbox)
        with lab.client:
            yield lab


def order(lab: Lab, kind: str, **how: Any) -> None:
    fault = {"vendor": "vapi", "method": "GET", "path": "/assistant", "kind": kind, **how}
    answer = lab.client.post(f"{lab.told.control_url}/faults", json=fault)
    assert answer.status_code == 200, answer.text


def ask(lab: Lab, method: str = "GET", path: str = "/assistant", **how: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {lab.told.vapi_key}"}
    return lab.client.request(method, lab.told.vapi_url + path, headers=headers, **how)


def make(lab: Lab) -> httpx.Response:
    return ask(lab, "POST", json={"firstMessage": "Bonjour !"})


def made(lab: Lab) -> int:
    return len(lab.state()["vapi"]["assistants"])


def test_a_fault_strikes_as_often_as_ordered_and_no_more(lab: Lab) -> None:
    order(lab, "error", skip=1, times=2)
    assert [ask(lab).status_code for _ in range(4)] == [200, 500, 500, 200]


def test_a_fault_without_an_end_strikes_until_it_is_taken_back(lab: Lab) -> None:
    order(lab, "error", times=None)
    assert {ask(lab).status_code for _ in range(5)} == {500}
    assert lab.client.delete(f"{lab.told.control_url}/faults").json() == []
    assert ask(lab).status_code == 200


def test_a_new_world_has_no_faults(lab: Lab) -> None:
    order(lab, "error", times=None)
    lab.play("fresh")
    assert ask(lab).status_code == 200


def test_a_fault_strikes_its_own_vendor_method_path_and_query_only(lab: Lab) -> None:
    order(lab, "error", path="/assistant/{id}", times=None)
    assert ask(lab).status_code == 200
    assert ask(lab, path="/assistant/x").status_code == 500
    assert ask(lab, path="/assistant/x/y").status_code == 404
    assert ask(lab, "PATCH", "/assistant/x", json={}).status_code == 404
    order(lab, "error", vendor="twilio", path=NUMBERS, query={"PhoneNumber": True}, times=None)
    assert lab.twilio("GET", "/IncomingPhoneNumbers.json").status_code == 200
    found = lab.twilio("GET", "/IncomingPhoneNumbers.json?PhoneNumber=%2B33")
    assert found.status_code == 500


def test_orders_are_listed_with_how_often_they_were_met_and_carried_out(lab: Lab) -> None:
    order(lab, "error", skip=1)
    order(lab, "unauthorized", times=None)
    for _ in range(3):
        ask(lab)
    first, second = lab.client.get(f"{lab.told.control_url}/faults").json()
    assert (first["kind"], first["skip"], first["met"], first["struck"]) == ("error", 1, 3, 1)
    assert (second["kind"], second["times"], second["met"], second["struck"]) == (
        "unauthorized",
        None,
        3,
        2,
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"vendor": "stripe"},
        {"method": "get"},
        {"path": "assistant"},
        {"path": "/assistant?limit=1"},
        {"kind": "gremlins"},
        {"times": 0},
        {"times": "1"},
        {"skip": -1},
        {"colour": "red"},
        {"kind": "truncated", "acted": True},
        {"kind": "error", "retry_after": 3},
        {"kind": "error", "seconds": 1},
        {"kind": "error", "fields": ["id"]},
        {"kind": "too_many", "retry_after": "soon"},
    ],
)
def test_an_order_that_makes_no_sense_is_refused_and_not_kept(lab: Lab, wrong: Any) -> None:
    right = {"vendor": "vapi", "method": "GET", "path": "/assistant", "kind": "error"}
    answer = lab.client.post(
        f"{lab.told.control_url}/faults", json={**right, **wrong} if wrong else []
    )
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert lab.client.get(f"{lab.told.control_url}/faults").json() == []


@pytest.mark.parametrize("acted", [True, False])
@pytest.mark.parametrize(("kind", "status"), [("error", 500), ("bad_gateway", 502)])
def test_a_5xx_comes_before_or_after_the_work(
    lab: Lab, kind: str, status: int, *, acted: bool
) -> None:
    order(lab, kind, method="POST", acted=acted)
    assert make(lab).status_code == status
    assert made(lab) == acted


@pytest.mark.parametrize("acted", [True, False])
def test_an_answer_that_never_comes_is_withheld_before_or_after_the_work(
    lab: Lab, *, acted: bool
) -> None:
    order(lab, "timeout", method="POST", acted=acted)
    with pytest.raises(httpx.ReadTimeout):
        ask(lab, "POST", json={"firstMessage": "Bonjour !"}, timeout=0.1)
    assert made(lab) == acted


@pytest.mark.parametrize("acted", [True, False])
def test_a_reset_comes_before_or_after_the_work(lab: Lab, *, acted: bool) -> None:
    order(lab, "reset", method="POST", acted=acted)
    with pytest.raises(httpx.ReadError):
        make(lab)
    assert made(lab) == acted


def test_a_reset_in_the_body_comes_after_its_first_half(lab: Lab) -> None:
    order(lab, "reset_mid_body", method="POST")
    headers = {"Authorization": f"Bearer {lab.told.vapi_key}"}
    url = f"{lab.told.vapi_url}/assistant"
    came: list[bytes] = []
    with lab.client.stream("POST", url, headers=headers, json={}) as answer:
        assert answer.status_code == 201
        with pytest.raises(httpx.ReadError):
            came.extend(answer.iter_bytes())
    assert 0 < sum(map(len, came)) < int(answer.headers["content-length"])
    assert made(lab) == 1


def test_a_429_says_when_to_come_back_only_when_ordered_and_does_nothing(lab: Lab) -> None:
    order(lab, "too_many", method="POST", retry_after=7)
    order(lab, "too_many", method="POST", skip=1)
    first, second = make(lab), make(lab)
    assert (first.status_code, first.headers["retry-after"]) == (429, "7")
    assert (second.status_code, "retry-after" in second.headers) == (429, False)
    assert made(lab) == 0


@pytest.mark.parametrize(
    ("kind", "status"), [("error", 500), ("too_many", 429), ("unauthorized", 401)]
)
def test_refusals_have_each_vendor_s_own_form(lab: Lab, kind: str, status: int) -> None:
    order(lab, kind)
    order(lab, kind, vendor="twilio", path=ACCOUNT)
    # The lab judges the forms.
    assert lab.vapi("GET", "/assistant").status_code == status
    assert lab.twilio("GET", ".json").status_code == status


def test_a_bad_gateway_is_a_web_page(lab: Lab) -> None:
    order(lab, "bad_gateway")
    answer = ask(lab)
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.text.startswith("<!DOCTYPE html>")


def test_half_of_the_json_comes_as_if_it_were_all(lab: Lab) -> None:
    order(lab, "truncated", method="POST")
    answer = make(lab)
    assert answer.status_code == 201
    with pytest.raises(json.JSONDecodeError):
        answer.json()
    assert made(lab) == 1


def test_every_field_or_a_named_one_is_of_another_type(lab: Lab) -> None:
    record = make(lab).json()
    order(lab, "wrong_types")
    order(lab, "wrong_types", skip=1, fields=["name", "createdAt"])
    (all_wrong,) = ask(lab).json()
    assert all(type(all_wrong[name]) is not type(record[name]) for name in record)
    (one_wrong,) = ask(lab).json()
    assert {name for name in record if one_wrong[name] != record[name]} <= {"name", "createdAt"}


def test_a_list_of_nothing_is_of_another_type_too(lab: Lab) -> None:
    order(lab, "wrong_types")
    assert isinstance(ask(lab).json(), dict)


def test_every_field_or_a_named_one_is_missing(lab: Lab) -> None:
    record = make(lab).json()
    order(lab, "missing_fields")
    order(lab, "missing_fields", skip=1, fields=["createdAt"])
    assert ask(lab).json() == [{}]
    (one,) = ask(lab).json()
    assert set(record) - set(one) == {"createdAt"}


def test_every_object_has_more_fields_than_specified(lab: Lab) -> None:
    record = make(lab).json()
    order(lab, "extra_fields")
    (one,) = ask(lab).json()
    assert {name: one[name] for name in record}.keys() == record.keys()
    assert "xNewInThisVersion" in one


def test_a_long_body_is_the_true_one_and_more_than_ten_megabytes(lab: Lab) -> None:
    record = make(lab).json()
    order(lab, "long_body")
    answer = ask(lab)
    assert len(answer.content) > 10 * 1024 * 1024
    assert answer.json() == [record]


def test_a_shut_port_refuses_connections_and_opens_again(own: Lab) -> None:
    assert ask(own).status_code == 200
    order(own, "shut", method="POST", seconds=0.4)
    with pytest.raises(httpx.ReadError):
        make(own)
    for _ in range(3):
        with pytest.raises(httpx.ConnectError):
            ask(own)
    time.sleep(0.6)
    assert made(own) == 0
    assert make(own).status_code == 201


def test_one_vendor_s_shut_port_leaves_the_other_open(own: Lab) -> None:
    order(own, "shut", vendor="twilio", path=ACCOUNT, seconds=30)
    with pytest.raises(httpx.ReadError):
        own.twilio("GET", ".json")
    with pytest.raises(httpx.ConnectError):
        own.twilio("GET", ".json")
    assert ask(own).status_code == 200


def test_the_log_names_the_fault_and_whether_the_request_was_processed(lab: Lab) -> None:
    order(lab, "error", method="POST", acted=True)
    order(lab, "too_many")
    make(lab)
    ask(lab)
    ask(lab)
    acted, turned_away, well = lab.requests()
    assert (acted["fault"], acted["status"]) == ("error", 201)
    assert (turned_away["fault"], turned_away["status"]) == ("too_many", None)
    assert "fault" not in well


def test_every_kind_is_explained() -> None:
    assert all(f"{kind.name}:" in (Kind.__doc__ or "") for kind in Kind)
