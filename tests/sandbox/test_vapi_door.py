from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from tests.canaries import OTHER_VAPI_KEY

if TYPE_CHECKING:
    from tests.sandbox.lab import Lab


def test_a_good_key_lists_assistants(lab: Lab) -> None:
    answer = lab.vapi("GET", "/assistant?limit=1")
    assert (answer.status_code, answer.json()) == (200, [])


def test_a_wrong_key_is_told_the_vendors_hot_tip(lab: Lab) -> None:
    answer = lab.vapi("GET", "/assistant", key=OTHER_VAPI_KEY)
    assert answer.status_code == 401
    assert answer.json()["message"].startswith("Invalid Key. Hot tip, you may be using")


def test_the_public_key_of_the_same_organisation_is_refused(lab: Lab) -> None:
    assert lab.vapi("GET", "/assistant", key=lab.world.org.public_key).status_code == 401


def test_the_key_without_bearer_is_refused(lab: Lab) -> None:
    url = f"{lab.told.vapi_url}/assistant"
    answer = lab.client.get(url, headers={"Authorization": lab.told.vapi_key})
    assert answer.status_code == 401


def test_a_missing_header_is_told_apart_from_a_wrong_key(lab: Lab) -> None:
    answer = lab.client.get(f"{lab.told.vapi_url}/assistant")
    assert answer.status_code == 401
    assert answer.json()["message"] == "Missing Authorization Header."


def test_a_rotated_key_is_refused_everywhere(lab: Lab) -> None:
    lab.play("bad-key")
    paths = ("/assistant", "/phone-number", "/v2/phone-number", "/call")
    assert {lab.vapi("GET", path).status_code for path in paths} == {401}


@pytest.mark.parametrize(
    "agent",
    ["", "python-httpx/0.28.1", "python-requests/2.32", "Python-urllib/3.11"],
)
def test_the_edge_refuses_the_user_agents_of_libraries_in_plain_text(lab: Lab, agent: str) -> None:
    headers = {"User-Agent": agent, "Authorization": f"Bearer {lab.told.vapi_key}"}
    answer = httpx.get(f"{lab.told.vapi_url}/assistant", headers=headers)
    assert (answer.status_code, answer.text) == (403, "error code: 1010")
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/assistants"),
        ("GET", "/assistant/"),
        ("PUT", "/assistant"),
        ("POST", "/phone-number/import"),
        ("DELETE", "/call"),
        ("GET", "/2010-04-01/Accounts.json"),
    ],
)
def test_a_path_that_the_vendor_does_not_have_is_404(lab: Lab, method: str, path: str) -> None:
    assert lab.vapi(method, path).status_code == 404


def test_each_answer_has_a_ray_of_its_own(lab: Lab) -> None:
    rays = {lab.vapi("GET", "/assistant").headers["cf-ray"] for _ in range(3)}
    assert len(rays) == 3
