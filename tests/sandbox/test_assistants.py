from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.sandbox.lab import NOBODY

if TYPE_CHECKING:
    from tests.sandbox.lab import Lab

READY_MADE: dict[str, Any] = {
    "name": "Accueil",
    "firstMessage": "Bonjour, l'assistante automatique vous écoute.",
    "model": {
        "provider": "openai",
        "model": "gpt-4.1-mini",
        "temperature": 0.3,
        "messages": [{"role": "system", "content": "You are a receptionist."}],
        "tools": [{"type": "endCall"}],
    },
    "voice": {"provider": "vapi", "voiceId": "Clara", "version": "2", "language": "fr"},
    "transcriber": {"provider": "deepgram", "model": "nova-3", "language": "fr"},
    "backgroundSound": "off",
    "artifactPlan": {"recordingEnabled": False},
    "metadata": {"adminEmail": "owner@example.com", "createId": "1"},
}


def _faults(lab: Lab, body: Any) -> Any:
    answer = lab.vapi("POST", "/assistant", json=body)
    assert answer.status_code == 400, answer.text
    return answer.json()["message"]


def test_a_ready_made_assistant_is_created_as_it_was_sent(lab: Lab) -> None:
    answer = lab.vapi("POST", "/assistant", json=READY_MADE)
    assert answer.status_code == 201
    assert READY_MADE.items() <= answer.json().items()
    assert answer.json()["orgId"] == lab.world.org.org_id


def test_no_field_is_required(lab: Lab) -> None:
    answer = lab.vapi("POST", "/assistant", json={})
    assert answer.status_code == 201
    assert "name" not in answer.json()


def test_the_same_body_twice_makes_two_assistants(lab: Lab) -> None:
    assert lab.assistant()["id"] != lab.assistant()["id"]


def test_creation_dates_strictly_increase_to_the_millisecond(lab: Lab) -> None:
    dates = [lab.assistant()["createdAt"] for _ in range(20)]
    assert dates == sorted(set(dates))
    assert all(len(date) == 24 and date.endswith("Z") for date in dates)


def test_an_unknown_property_is_named_in_an_array(lab: Lab) -> None:
    assert _faults(lab, {"color": "red"}) == ["property color should not exist"]


def test_an_unknown_nested_property_is_named_with_its_place(lab: Lab) -> None:
    body = {**READY_MADE, "voice": {**READY_MADE["voice"], "color": "red"}}
    assert _faults(lab, body) == ["voice.property color should not exist"]


def test_a_name_of_41_characters_is_too_long(lab: Lab) -> None:
    assert lab.assistant(name="n" * 40)["name"] == "n" * 40
    assert _faults(lab, {"name": "n" * 41}) == [
        "name must be shorter than or equal to 40 characters"
    ]


def test_every_fault_is_told_at_once(lab: Lab) -> None:
    faults = _faults(lab, {"name": 3, "color": 1, "maxDurationSeconds": 9})
    assert set(faults) == {
        "name must be a string",
        "property color should not exist",
        "maxDurationSeconds must not be less than 10",
    }


def test_what_the_sandbox_does_not_model_is_refused_and_said_so(lab: Lab) -> None:
    (fault,) = _faults(lab, {"hooks": []})
    assert fault.startswith("property hooks is in the vendor's specification, but this sandbox")


@pytest.mark.parametrize("url", ["ava.example", "ftp://ava.example", "https://[ava", "https://a b"])
def test_a_server_needs_a_web_address(lab: Lab, url: str) -> None:
    assert _faults(lab, {"server": {"url": url}}) == ["server.url must be a URL address"]


def test_an_unreachable_voice_of_elevenlabs_is_not_found(lab: Lab) -> None:
    voice = {"provider": "11labs", "voiceId": "sarah"}
    assert lab.assistant(voice=voice)["voice"] == voice
    assert _faults(lab, {"voice": {**voice, "voiceId": "mine"}}) == "Couldn't Find 11labs Voice"


def test_a_system_prompt_beside_the_messages_is_taken_and_ignored(lab: Lab) -> None:
    model = {"provider": "openai", "model": "gpt-4.1", "systemPrompt": "Be kind."}
    assert lab.assistant(model=model)["model"] == {"provider": "openai", "model": "gpt-4.1"}


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"{", "application/json"),
        (b'{"maxDurationSeconds": NaN}', "application/json"),
        (b'{"name": "\\ud800"}', "application/json"),
        (b'{"metadata": {"big": 1e400}}', "application/json"),
        ('{"name": "Ava"}'.encode("utf-16"), "application/json"),
        (b'{"name": "Ava"}', "text/plain"),
        (b"[]", "application/json"),
        (b"name=Ava", "application/x-www-form-urlencoded"),
    ],
)
def test_a_body_that_is_no_json_object_makes_no_assistant(
    lab: Lab, content: bytes, kind: str
) -> None:
    headers = {"Authorization": f"Bearer {lab.told.vapi_key}", "Content-Type": kind}
    answer = lab.client.post(f"{lab.told.vapi_url}/assistant", content=content, headers=headers)
    assert answer.status_code == 400
    assert lab.state()["vapi"]["assistants"] == []


def test_a_patch_replaces_each_field_that_it_names_wholly(lab: Lab) -> None:
    made = lab.vapi("POST", "/assistant", json=READY_MADE).json()
    patch = {"metadata": {"adminEmail": "new@example.com"}}
    changed = lab.vapi("PATCH", f"/assistant/{made['id']}", json=patch).json()
    assert changed["metadata"] == {"adminEmail": "new@example.com"}
    assert changed["model"] == made["model"]
    assert changed["updatedAt"] > made["updatedAt"]
    assert changed["createdAt"] == made["createdAt"]


def test_a_refused_patch_changes_nothing(lab: Lab) -> None:
    made = lab.assistant()
    assert lab.vapi("PATCH", f"/assistant/{made['id']}", json={"name": None}).status_code == 400
    assert lab.vapi("GET", f"/assistant/{made['id']}").json() == made


def test_a_deleted_assistant_is_gone(lab: Lab) -> None:
    made = lab.assistant()
    assert lab.vapi("DELETE", f"/assistant/{made['id']}").json() == made
    assert lab.vapi("GET", f"/assistant/{made['id']}").status_code == 404


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
@pytest.mark.parametrize("unknown", [NOBODY, "not-a-uuid"])
def test_an_unknown_id_is_404(lab: Lab, method: str, unknown: str) -> None:
    options: dict[str, Any] = {"json": {}} if method == "PATCH" else {}
    assert lab.vapi(method, f"/assistant/{unknown}", **options).status_code == 404


def test_a_list_is_the_newest_in_no_useful_order(lab: Lab) -> None:
    lab.play("many")
    dates = [a["createdAt"] for a in lab.vapi("GET", "/assistant").json()]
    assert len(dates) == 60
    assert dates not in (sorted(dates), sorted(dates, reverse=True))
    newest = {a["createdAt"] for a in lab.vapi("GET", "/assistant?limit=10").json()}
    assert newest == set(sorted(dates)[-10:])


def test_a_hundred_at_most_are_listed_unless_more_are_asked_for(lab: Lab) -> None:
    for _ in range(101):
        lab.assistant()
    assert len(lab.vapi("GET", "/assistant").json()) == 100
    assert len(lab.vapi("GET", "/assistant?limit=1000").json()) == 101
    assert lab.vapi("GET", "/assistant?limit=0").json() == []


def test_all_are_found_by_paging_with_created_at_lt(lab: Lab) -> None:
    lab.play("many")
    found: list[Any] = []
    params = {"limit": "7"}
    while page := lab.vapi("GET", "/assistant", params=params).json():
        found += page
        params["createdAtLt"] = min(a["createdAt"] for a in page)
    assert len({a["id"] for a in found}) == len(found) == 60


def test_each_date_parameter_bounds_the_list(lab: Lab) -> None:
    first, second, third = (lab.assistant() for _ in range(3))
    middle = second["createdAt"]
    expected = {
        "createdAtLt": [first],
        "createdAtLe": [first, second],
        "createdAtGt": [third],
        "createdAtGe": [second, third],
        "updatedAtLt": [first],
        "updatedAtGe": [second, third],
    }
    for name, kept in expected.items():
        found = lab.vapi("GET", "/assistant", params={name: middle}).json()
        assert {a["id"] for a in found} == {a["id"] for a in kept}, name


@pytest.mark.parametrize(
    "query",
    [
        "limit=1001",
        "limit=-1",
        "limit=ten",
        "limit=1.5",
        "limit=",
        "createdAtLt=yesterday",
        "createdAtLt=2026-01-01",
        "createdAtLt=2026-13-01T00:00:00Z",
        "updatedAtGe=2026-01-01T00:00:00",
    ],
)
def test_an_ill_formed_parameter_is_refused(lab: Lab, query: str) -> None:
    assert lab.vapi("GET", f"/assistant?{query}").status_code == 400


def test_an_unknown_parameter_is_ignored(lab: Lab) -> None:
    assert lab.vapi("GET", "/assistant?page=7").status_code == 200
