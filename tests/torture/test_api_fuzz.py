"""The route, asked anything that its own OpenAPI allows and much that it does not."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import positive_data_acceptance

from ava_setup.api.app import make_app
from ava_setup.api_command import Engines
from ava_setup.sandbox import Sandbox
from ava_setup.words import Language

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from schemathesis import Case

    from ava_setup.onboarding.setup import Setup
    from ava_setup.sandbox.announcement import Announcement

EXAMPLES = 150


@pytest.fixture(scope="module", autouse=True)
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Announcement]:
    home: Path = tmp_path_factory.mktemp("fuzz") / "home"
    with Sandbox("unlinked", remembered=0) as sandbox, pytest.MonkeyPatch.context() as patched:
        announcement = sandbox.announcement
        patched.setenv("AVA_SETUP_HOME", str(home))
        patched.setenv("AVA_SETUP_VAPI_URL", announcement.vapi_url)
        patched.setenv("AVA_SETUP_TWILIO_URL", announcement.twilio_url)
        yield announcement


@asynccontextmanager
async def engine() -> AsyncIterator[Setup]:
    """Open an engine on the sandbox that is there by then."""
    async with Engines()() as setup:
        yield setup


schema = schemathesis.openapi.from_asgi(
    "/openapi.json", make_app(engine, language=Language.FR, per_minute=10**6)
)


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
def test_whatever_is_asked_the_answer_is_as_published_and_leaks_nothing(
    case: Case[Any], told: Announcement
) -> None:
    # Half of what is well formed then comes as far as the vendors let it.
    meta, body = case.meta, case.body
    is_well_formed = meta and meta.generation.mode.is_positive
    if is_well_formed and isinstance(body, dict) and len(str(body["org_id"])) % 2:
        body["twilio_account_sid"] = told.twilio_account_sid
        body["twilio_auth_token"] = told.twilio_auth_token
    response = case.call(headers={"Authorization": f"Bearer {told.vapi_key}"})
    # A bad gateway is an answer here, and no pattern tells which numbers there can be.
    case.validate_response(response, excluded_checks=[not_a_server_error, positive_data_acceptance])
    assert response.status_code < 500 or response.status_code == 502
    assert told.vapi_key not in response.text
    assert told.twilio_auth_token not in response.text
    assert "Traceback" not in response.text
