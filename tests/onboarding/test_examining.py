"""Examining a line: in few rounds, in every region, and what cannot be seen is said to be so."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from pydantic import SecretStr

from ava_setup.clients.pace import Pace
from ava_setup.clients.twilio import IN_FLIGHT, TwilioClient
from ava_setup.clients.vapi import VapiClient
from ava_setup.onboarding.credentials import AccountStatus, ApiKey, TwilioRegion
from ava_setup.onboarding.doctor import Diagnosis
from ava_setup.onboarding.errors import ErrorCode
from ava_setup.onboarding.examining import Examiner, Patient
from ava_setup.onboarding.facts import Absent, Facts, Found, Unknown, Unread, Wanted
from ava_setup.onboarding.state import Region
from ava_setup.sandbox import Sandbox
from tests.clients.lab import (
    APPLICATION_SID,
    NUMBER,
    ROUTE,
    ROUTES_URL,
    TOKEN_PAIR,
    TWILIO_NUMBER,
    VAPI_KEY,
    numbers_page,
)
from tests.clients.stand import Stand
from tests.clients.test_every_request import GOOD, NUMBERS, endpoint_of
from tests.onboarding.fakes import WEBHOOK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ava_setup.onboarding.credentials import TwilioCredentials

HEALTHY: dict[str, tuple[int, Any]] = {
    **GOOD,
    NUMBERS: (200, numbers_page({**TWILIO_NUMBER, "voice_url": WEBHOOK, "voice_method": "POST"})),
    "GET /v2/PhoneNumbers/{PhoneNumber}": (200, {**ROUTE, "voice_region": "us1"}),
}


class Rounds(httpx.AsyncBaseTransport):
    """Holds every request back until nobody asks any more, then answers all at once: a round.

    Attributes:
        rounds: How many there were.
        most_at_twilio: How many requests were under way there at once, at most.
        asked: Every request.
    """

    def __init__(self, answers: dict[str, tuple[int, Any]]) -> None:
        self._answers = answers
        self._held: list[tuple[httpx.Request, asyncio.Future[httpx.Response]]] = []
        self.rounds = 0
        self.most_at_twilio = 0
        self.asked: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        held: asyncio.Future[httpx.Response] = asyncio.get_running_loop().create_future()
        self._held.append((request, held))
        return await held

    async def answer_all(self, work: asyncio.Task[Facts]) -> None:
        """Give round after round until some work is done."""
        while not work.done():
            # Every task that can go on has by then: none waits for anything but an answer.
            for _turn in range(200):
                await asyncio.sleep(0)
            held, self._held = self._held, []
            self.rounds += bool(held)
            at_twilio = sum("twilio" in request.url.host for request, _held in held)
            self.most_at_twilio = max(self.most_at_twilio, at_twilio)
            for request, answer in held:
                self.asked.append(endpoint_of(request))
                status, body = self._answers[endpoint_of(request)]
                answer.set_result(httpx.Response(status, json=body))


class Wired:
    """Both vendors in all their regions, at the end of one wire."""

    def __init__(self, wire: Rounds) -> None:
        self._wire = wire
        self._pace = Pace(IN_FLIGHT)

    vapi_regions = (Region.US, Region.EU)
    twilio_regions = (TwilioRegion.US1, TwilioRegion.IE1, TwilioRegion.AU1)

    def vapi(self, key: SecretStr, region: Region) -> VapiClient:
        return VapiClient(key, f"https://{region}.vapi.ai", wire=self._wire)

    def twilio(
        self, credentials: TwilioCredentials, region: TwilioRegion = TwilioRegion.US1
    ) -> TwilioClient:
        base = f"https://{region}.twilio.com"
        return TwilioClient(credentials, base, routes=ROUTES_URL, pace=self._pace, wire=self._wire)


async def rounds_of(answers: dict[str, tuple[int, Any]], **patient: Any) -> tuple[Rounds, Facts]:
    """Examine a line round by round."""
    wire = Rounds(answers)
    wanted = Wanted(is_set_up=False)
    line = Patient(NUMBER, SecretStr(VAPI_KEY), credentials=TOKEN_PAIR, wanted=wanted, **patient)
    examiner = Examiner(Wired(wire), line)
    work = asyncio.create_task(examiner.examine())
    await wire.answer_all(work)
    await examiner.aclose()
    return wire, work.result()


@pytest.mark.parametrize(
    "known", [{}, {"region": Region.US, "twilio_region": TwilioRegion.US1}], ids=["new", "known"]
)
async def test_a_healthy_line_is_examined_in_three_rounds_two_requests_at_once_at_twilio(
    known: dict[str, Any],
) -> None:
    wire, facts = await rounds_of(HEALTHY, **known)
    assert Diagnosis(NUMBER, facts).hearing.is_ava
    assert (wire.rounds, wire.most_at_twilio) == (3, 2)
    assert sum("PhoneNumbers" in one or "Accounts" in one for one in wire.asked) == 6


async def test_a_twiml_app_takes_one_round_more(sandbox: Sandbox) -> None:
    owned = {**TWILIO_NUMBER, "voice_application_sid": APPLICATION_SID}
    wire, facts = await rounds_of({**HEALTHY, NUMBERS: (200, numbers_page(owned))})
    assert isinstance(facts.application, Found)
    assert (wire.rounds, wire.most_at_twilio) == (4, 2)


# Against the sandbox


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox("fresh", call_seconds=0.0) as sandbox:
        yield sandbox


Look = tuple[Facts, Stand, list[Facts]]


class Clinic:
    """Examines the line of a scenario, in all regions; callables make what they name."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def __call__(
        self,
        scenario: str,
        prepare: Callable[[Stand], object] = lambda _: None,
        **changes: Any,
    ) -> Look:
        stand = Stand(self._sandbox, scenario, regional=True)
        prepare(stand)
        told = stand.told
        patient: dict[str, Any] = {
            "number": told.number,
            "key": SecretStr(told.vapi_key),
            "credentials": stand.credentials,
            "wanted": Wanted(is_set_up=False),
            **{name: made(stand) if callable(made) else made for name, made in changes.items()},
        }
        seen: list[Facts] = []
        examiner = Examiner(stand.vendors, Patient(**patient), seen.append)
        facts = await examiner.examine()
        assert examiner.facts == facts
        assert (examiner.vapi is not None) is isinstance(facts.vapi, Found)
        assert (examiner.twilio is not None) is isinstance(facts.twilio, Found)
        await examiner.aclose()
        await stand.vapi.aclose()
        await stand.twilio.aclose()
        return facts, stand, seen


@pytest.fixture
def clinic(sandbox: Sandbox) -> Clinic:
    return Clinic(sandbox)


def asked(stand: Stand, vendor: str) -> set[str]:
    """The regions of a vendor that were asked."""
    return {one["region"] for one in stand.requests if one["vendor"] == vendor}


def code_of(reading: object) -> ErrorCode:
    assert isinstance(reading, Unknown)
    return reading.problem.code


def quirk(stand: Stand, name: str) -> None:
    control = stand.told.control_url
    assert httpx.post(f"{control}/quirks", json={"on": [name]}, trust_env=False).status_code == 200


async def test_a_key_of_the_eu_is_found_there(clinic: Clinic) -> None:
    facts, _stand, _seen = await clinic("eu-key")
    assert facts.vapi == Found(Region.EU)
    assert isinstance(facts.linked, Found)


async def test_the_region_that_took_the_key_last_is_asked_alone(clinic: Clinic) -> None:
    _facts, stand, _seen = await clinic("returning", region=Region.US)
    assert asked(stand, "vapi") == {"us"}


async def test_when_it_takes_the_key_no_more_the_others_are_asked(clinic: Clinic) -> None:
    facts, stand, _seen = await clinic("eu-key", region=Region.US)
    assert facts.vapi == Found(Region.EU)
    assert asked(stand, "vapi") == {"us", "eu"}


async def test_a_key_that_no_region_takes_is_refused(clinic: Clinic) -> None:
    facts, _stand, _seen = await clinic("bad-key")
    for reading in (facts.vapi, facts.assistant, facts.linked):
        assert code_of(reading) is ErrorCode.VAPI_KEY_REFUSED
    assert isinstance(facts.twilio_number, Found), "Twilio is examined all the same"


async def test_credentials_of_ireland_are_found_there(clinic: Clinic) -> None:
    facts, stand, _seen = await clinic("ie1-token")
    assert facts.twilio == Found(TwilioRegion.IE1)
    assert isinstance(facts.twilio_number, Found)
    assert asked(stand, "twilio") >= {"us1", "ie1"}
    facts, stand, _seen = await clinic("ie1-token", twilio_region=TwilioRegion.IE1)
    assert facts.twilio == Found(TwilioRegion.IE1)
    assert "us1" not in asked(stand, "twilio")


async def test_credentials_that_no_region_takes_are_refused(clinic: Clinic) -> None:
    facts, stand, _seen = await clinic("rotated-token")
    for reading in (facts.twilio, facts.account, facts.twilio_number, facts.failures):
        assert code_of(reading) is ErrorCode.TWILIO_REFUSED
    assert asked(stand, "twilio") >= {"us1", "ie1", "au1"}
    assert isinstance(facts.linked, Found), "Vapi is examined all the same"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("suspended-as-401", ErrorCode.TWILIO_REFUSED),
        ("suspended-as-403", ErrorCode.TWILIO_SUSPENDED),
    ],
)
async def test_a_suspended_account_is_told_as_far_as_twilio_tells_it(
    clinic: Clinic, name: str, code: ErrorCode
) -> None:
    facts, _stand, _seen = await clinic("suspended", lambda stand: quirk(stand, name))
    assert code_of(facts.twilio) is code


async def test_without_a_key_vapi_is_not_asked(clinic: Clinic) -> None:
    facts, stand, _seen = await clinic("returning", key=None)
    assert facts.vapi == Absent()
    for reading in (facts.assistant, facts.linked, facts.vapi_number):
        assert code_of(reading) is ErrorCode.VAPI_KEY_NEEDED
    assert asked(stand, "vapi") == set()


async def test_without_credentials_twilio_is_not_asked(clinic: Clinic) -> None:
    facts, stand, _seen = await clinic("returning", credentials=None)
    assert facts.twilio == Absent()
    for reading in (facts.account, facts.twilio_number, facts.failures, facts.voice_region):
        assert code_of(reading) is ErrorCode.TWILIO_NEEDED
    assert asked(stand, "twilio") == set()


async def test_a_number_that_lists_hide_is_found_by_reading_it(clinic: Clinic) -> None:
    facts, stand, _seen = await clinic("masked-list")
    assert isinstance(facts.vapi_number, Found)
    assert facts.vapi_number.value.number == stand.told.number


async def test_of_two_numbers_that_look_alike_in_a_list_the_right_one_is_taken(
    clinic: Clinic,
) -> None:
    def add(stand: Stand) -> None:
        numbers = stand.sandbox.world.org.numbers
        (real,) = numbers.values()
        other = {**real, "id": "3f9f2d0a-0000-4000-8000-000000000001", "number": "+33199771234"}
        mine = dict(numbers)
        numbers.clear()
        numbers.update({other["id"]: other, **mine})

    facts, stand, _seen = await clinic("masked-list", add)
    assert isinstance(facts.vapi_number, Found)
    assert facts.vapi_number.value.number == stand.told.number


async def test_a_number_of_a_sub_account_is_told_at_once_with_where_it_is(clinic: Clinic) -> None:
    facts, _stand, seen = await clinic("sub-account")
    assert facts.twilio_number == Absent()
    assert isinstance(facts.subaccount, Found)
    assert facts.subaccount.value.account_name == "Cabinet Lefèvre"
    early = [one for one in seen if one.twilio_number == Absent() and one.subaccount == Unread()]
    assert early == [], "nobody is told first that it is nowhere"


async def test_only_this_numbers_failures_count(clinic: Clinic) -> None:
    def add(stand: Stand) -> None:
        account = stand.sandbox.world.accounts[stand.told.twilio_account_sid]
        record = account.notifications[0]
        account.notifications.append(
            {**record, "sid": f"NO{'9' * 32}", "call_sid": f"CA{'9' * 32}"}
        )

    facts, _stand, _seen = await clinic("recent-failures", add)
    assert isinstance(facts.failures, Found)
    assert isinstance(facts.last_call, Found)
    assert len(facts.failures.value) == 3
    assert facts.last_call.value.sid == facts.failures.value[0].call_sid


def key_of(stand: Stand) -> ApiKey:
    """An API key that reads numbers, and nothing else."""
    quirk(stand, "restricted-keys")
    sid = stand.told.twilio_account_sid
    made = httpx.post(
        f"{stand.told.twilio_url}/2010-04-01/Accounts/{sid}/Keys.json",
        auth=(sid, stand.told.twilio_auth_token),
        data={"FriendlyName": "doctor"},
        trust_env=False,
    ).json()
    return ApiKey(account_sid=sid, key_sid=made["sid"], key_secret=SecretStr(made["secret"]))


async def test_an_api_key_that_may_see_little_leaves_the_rest_in_doubt(clinic: Clinic) -> None:
    facts, _stand, _seen = await clinic("returning", credentials=key_of)
    assert isinstance(facts.twilio_number, Found)
    assert isinstance(facts.account, Found)
    assert facts.account.value.status is AccountStatus.HIDDEN
    assert code_of(facts.failures) is ErrorCode.TWILIO_HIDDEN
    told = Diagnosis(NUMBER, facts)
    assert told.hearing.is_ava
    assert "failed" not in {check.verdict for check in told.checks}


async def test_a_vendor_that_is_down_leaves_the_other_examined(clinic: Clinic) -> None:
    def break_down(stand: Stand) -> None:
        order = {"vendor": "vapi", "method": "GET", "path": "/phone-number", "kind": "error"}
        told = httpx.post(
            f"{stand.told.control_url}/faults", json={**order, "times": 9}, trust_env=False
        )
        assert told.status_code == 200, told.text

    facts, _stand, _seen = await clinic("returning", break_down)
    assert facts.vapi == Found(Region.US)
    assert code_of(facts.vapi_number) is ErrorCode.VENDOR_DOWN
    assert isinstance(facts.assistant, Found)
    assert isinstance(facts.twilio_number, Found)


async def test_it_looks_anew_each_time_and_through_the_same_connections(sandbox: Sandbox) -> None:
    stand = Stand(sandbox, "unlinked", regional=True)
    patient = Patient(
        stand.told.number,
        key=SecretStr(stand.told.vapi_key),
        credentials=stand.credentials,
        wanted=Wanted(is_set_up=False),
    )
    examiner = Examiner(stand.vendors, patient)
    first = await examiner.examine()
    vapi, twilio = examiner.vapi, examiner.twilio
    assert isinstance(first.vapi_number, Found)
    assert isinstance(first.assistant, Found)
    assert vapi is not None
    await vapi.link_number(
        first.vapi_number.value.id, assistant_id=first.assistant.value.id, clears=()
    )
    again = await examiner.examine()
    assert (first.linked, again.linked) == (Absent(), first.assistant)
    assert (examiner.vapi, examiner.twilio) == (vapi, twilio)
    await examiner.aclose()
