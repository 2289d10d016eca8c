"""Every endpoint of a journey, with every fault that a network or a vendor can have.

At one step of the journey one request goes wrong, once or for as long as the step is tried. Either
nothing is noticed, or the right error is told; then the person goes on (after a restart when the
fault lasted), and in the end there is one assistant, one number, linked, and a caller hears the
greeting.
"""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import pytest

from ava_setup.onboarding.errors import ErrorCode as Code
from ava_setup.sandbox import Sandbox
from tests.sandbox.lab import Lab
from tests.torture.person import ACCOUNT, DRAFT, IMPATIENCE_S, STEPS, Person, Target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_SHUT_S = 0.15
_RETRY_AFTER_S = 7


def _vapi(method: str, path: str, step: str, scenario: str = "fresh") -> Target:
    return Target("vapi", method, path, step, scenario=scenario)


def _twilio(path: str, step: str, **query: bool) -> Target:
    return Target("twilio", "GET", f"{ACCOUNT}{path}", step, query)


TARGETS = (
    _vapi("GET", "/assistant", "connect"),
    _vapi("POST", "/assistant", "go_live"),
    _vapi("GET", "/assistant", "change"),
    _vapi("PATCH", "/assistant/{id}", "change"),
    _twilio(".json", "check_twilio"),
    _twilio("/Balance.json", "read_balance"),
    _twilio("/IncomingPhoneNumbers.json", "check_twilio", PhoneNumber=False),
    # Where the number has a record, it matters who else is there.
    _vapi("GET", "/assistant", "go_live", "unlinked"),
    _twilio(".json", "go_live"),
    _twilio("/IncomingPhoneNumbers.json", "go_live", PhoneNumber=True),
    _vapi("GET", "/phone-number", "go_live"),
    _vapi("POST", "/phone-number", "go_live"),
    _vapi("PATCH", "/phone-number/{id}", "go_live", "unlinked"),
    _vapi("GET", "/phone-number/{id}", "go_live"),
    _vapi("GET", "/assistant/{id}", "go_live"),
    _vapi("GET", "/phone-number/{id}", "verify"),
    _vapi("GET", "/call", "call"),
)
FAULTS: dict[str, dict[str, Any]] = {
    "connection refused": {},
    "port shut": {"kind": "shut", "seconds": _SHUT_S},
    "reset before acting": {"kind": "reset"},
    "reset after acting": {"kind": "reset", "acted": True},
    "reset mid-body": {"kind": "reset_mid_body"},
    "time-out before acting": {"kind": "timeout"},
    "time-out after acting": {"kind": "timeout", "acted": True},
    "429 with Retry-After": {"kind": "too_many", "retry_after": _RETRY_AFTER_S},
    "429": {"kind": "too_many"},
    "500 before acting": {"kind": "error"},
    "500 after acting": {"kind": "error", "acted": True},
    "502 with HTML": {"kind": "bad_gateway"},
    "401": {"kind": "unauthorized"},
    "truncated JSON": {"kind": "truncated"},
    "wrong types": {"kind": "wrong_types"},
    "long body": {"kind": "long_body"},
    "extra fields": {"kind": "extra_fields"},
    "missing fields": {"kind": "missing_fields"},
}


# What is told when the fault lasts, or cannot be got over.
CODES = {
    "connection refused": Code.UNREACHABLE,
    "reset before acting": Code.INTERRUPTED,
    "reset after acting": Code.INTERRUPTED,
    "reset mid-body": Code.INTERRUPTED,
    "time-out before acting": Code.TIMED_OUT,
    "time-out after acting": Code.TIMED_OUT,
    "429 with Retry-After": Code.RATE_LIMITED,
    "429": Code.RATE_LIMITED,
    "500 before acting": Code.VENDOR_DOWN,
    "500 after acting": Code.VENDOR_DOWN,
    "502 with HTML": Code.VENDOR_DOWN,
    "truncated JSON": Code.UNINTELLIGIBLE,
    "wrong types": Code.UNINTELLIGIBLE,
    "long body": Code.UNINTELLIGIBLE,
    "missing fields": Code.UNINTELLIGIBLE,
}
NOTHING_DONE = {"connection refused", "429 with Retry-After", "429"}
NOT_SEEN = {"reset before acting", "time-out before acting", "500 before acting", "502 with HTML"}
NONSENSE = {"truncated JSON", "wrong types", "missing fields"}


def expected(target: Target, fault: str, *, throughout: bool) -> set[Code | None]:
    """Give what may be told; None where nothing needs to be."""
    if fault == "extra fields" or target.path.endswith("/Balance.json"):
        return {None}
    if fault == "port shut":
        # It opens again by the clock, perhaps while the step is still being tried.
        return {None, Code.UNREACHABLE, Code.INTERRUPTED, Code.LINK_UNPROVEN}
    refused = Code.VAPI_KEY_REFUSED if target.vendor == "vapi" else Code.TWILIO_REFUSED
    code = CODES.get(fault, refused)
    if target.method == "GET":
        return {_told_of_a_read(target, fault, code, throughout=throughout)}
    if fault in NOTHING_DONE:
        return {code if throughout else None}
    if code is refused or target.method == "PATCH":
        return {code}
    # What was made is found by looking; an import that left no trace is sent once more.
    resent = target.path == "/phone-number" and not throughout
    return {code if fault in NOT_SEEN and not resent else None}


def _told_of_a_read(target: Target, fault: str, code: Code, *, throughout: bool) -> Code | None:
    proves = target.path.endswith("{id}")
    if target.step == "call":
        # Waiting goes on, unless the key is refused.
        return code if fault == "401" else None
    if fault == "missing fields" and target.path == "/assistant" and target.step == "connect":
        # There is none yet: an empty list lacks nothing.
        return None
    if fault == "missing fields" and target.path == "/phone-number":
        return None
    if fault == "long body" and not throughout and target.path in {"/assistant", "/phone-number"}:
        # Fewer at once are asked for.
        return None
    if not throughout and (proves or fault not in NONSENSE | {"long body", "401"}):
        # A read is repeated; so is a proof that may still settle.
        return None if target.step == "go_live" or fault not in NONSENSE else Code.LINK_UNPROVEN
    return Code.LINK_UNPROVEN if proves else code


# Struck once, reads are all alike: the clients' one policy repeats them.
ONCE = (TARGETS[0], TARGETS[6], *(target for target in TARGETS if target.method != "GET"))
CASES = [
    (target, fault, throughout)
    for target in TARGETS
    for fault in FAULTS
    for throughout in (False, True)
    if throughout or (target in ONCE and fault != "port shut")
]


@pytest.fixture(scope="session")
def running() -> Iterator[Lab]:
    # A call is over at once: nothing is still to happen when what the vendors hold is counted.
    with Sandbox("fresh", call_seconds=0.0) as sandbox:
        running = Lab(sandbox)
        with running.client:
            yield running


@pytest.fixture(scope="session")
def nobody() -> Iterator[int]:
    """A port of this computer that refuses connections."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


@pytest.mark.parametrize(
    ("target", "fault", "throughout"),
    CASES,
    ids=[f"{t} - {f} - {'throughout' if w else 'once'}" for t, f, w in CASES],
)
async def test_a_journey_survives(
    target: Target,
    fault: str,
    *,
    throughout: bool,
    running: Lab,
    nobody: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    record_property("cases", 1)
    if "time-out" in fault:
        monkeypatch.setattr("ava_setup.clients.transport.TOTAL_S", IMPATIENCE_S)
    # A power cut is another test's: without it, the disk need not be waited for.
    monkeypatch.setattr("os.fsync", lambda _: None)
    # Nor need Twilio be as slow as it is when its limit of requests is what is tested.
    monkeypatch.setattr("ava_setup.sandbox.web._SHORTEST_VISIT", 0.001)
    running.play(target.scenario)
    person = Person(running, tmp_path, nobody)
    await person.starts()
    try:
        for step in STEPS[: STEPS.index(target.step)]:
            assert await person.tries(step) is None, step
        person.suffers(target, FAULTS[fault], throughout=throughout)
        told = await person.tries(target.step)
        person.is_relieved()
        assert person.struck
        assert told in expected(target, fault, throughout=throughout)
        if fault == "429 with Retry-After" and not target.path.endswith("/Balance.json"):
            assert _RETRY_AFTER_S in person.waits
        if told and throughout:
            await person.setup.aclose()
            await person.starts()
        await person.goes_on()
        holds_one_line(running, person)
    finally:
        await person.setup.aclose()


def holds_one_line(lab: Lab, person: Person) -> None:
    held = lab.state()["vapi"]
    (ava,) = (one for one in held["assistants"] if "metadata" in one)
    (number,) = (one for one in held["numbers"] if one["number"] == lab.told.numbers[0])
    assert number["assistantId"] == ava["id"]
    heard = lab.call()
    assert (heard["answered"], heard["heard"]) == (True, DRAFT.first_message)
    saved = person.setup.saved
    assert saved.linked
    assert (saved.linked.assistant_id, saved.linked.phone_number_id) == (ava["id"], number["id"])
    assert saved.answered
    assert all(entry.made for entry in saved.journal), saved.journal
