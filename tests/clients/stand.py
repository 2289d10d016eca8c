"""A sandbox, the clients of its announcement, and a judge of all that they ask."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import httpx
from pydantic import SecretStr

from ava_setup.clients.addresses import (
    ROUTES_VARIABLE,
    TWILIO_AU1_VARIABLE,
    TWILIO_IE1_VARIABLE,
    TWILIO_VARIABLE,
    VAPI_EU_VARIABLE,
    VAPI_VARIABLE,
)
from ava_setup.clients.patience import RetryPolicy
from ava_setup.clients.vendors import HttpVendors
from ava_setup.onboarding.credentials import AuthToken
from ava_setup.onboarding.state import Region
from tests.sandbox.spec import (
    CONTRACTS,
    document,
    template_of,
    twilio_schema_errors,
    vapi_schema_errors,
)

if TYPE_CHECKING:
    from ava_setup.clients.twilio import TwilioClient
    from ava_setup.clients.vapi import VapiClient
    from ava_setup.sandbox import Sandbox

# What the vendor documents, though the contract's cut of its specification does not have it.
DOCUMENTED = re.compile(
    r"GET /2010-04-01/Accounts\.json"
    r"|GET /2010-04-01/Accounts/AC\w+/Keys\.json"
    r"|DELETE /2010-04-01/Accounts/AC\w+/Keys/SK\w+\.json"
    r"|GET /v2/PhoneNumbers/\+\d+"
)


class Stand:
    """A scenario, and the clients of its announcement.

    Args:
        sandbox: Where it is played.
        scenario: Its name.
        regional: Whether the vendors' regions are told apart, or are all one.
    """

    def __init__(self, sandbox: Sandbox, scenario: str, *, regional: bool = False) -> None:
        self.sandbox = sandbox
        self._control = sandbox.announcement.control_url
        reset = httpx.post(f"{self._control}/reset", json={"scenario": scenario}, trust_env=False)
        assert reset.status_code == 200
        told = self.told = sandbox.announcement
        self.credentials = AuthToken(
            account_sid=told.twilio_account_sid, auth_token=SecretStr(told.twilio_auth_token)
        )
        environ = {VAPI_VARIABLE: told.vapi_url, TWILIO_VARIABLE: told.twilio_url}
        regions = {
            VAPI_EU_VARIABLE: told.vapi_urls["eu"],
            TWILIO_IE1_VARIABLE: told.twilio_urls["ie1"],
            TWILIO_AU1_VARIABLE: told.twilio_urls["au1"],
            ROUTES_VARIABLE: told.twilio_routes_url,
        }
        self.vendors = HttpVendors(
            {**environ, **(regions if regional else {})}, policy=RetryPolicy(tries=1)
        )
        self.vapi: VapiClient = self.vendors.vapi(SecretStr(told.vapi_key), Region.CUSTOM)
        self.twilio: TwilioClient = self.vendors.twilio(self.credentials)

    @property
    def number(self) -> str:
        return self.told.numbers[0]

    @property
    def requests(self) -> list[dict[str, Any]]:
        log: list[dict[str, Any]] = httpx.get(f"{self._control}/requests", trust_env=False).json()
        return log

    def heard_by_a_caller(self) -> dict[str, Any]:
        order = {"from": "+33699887766", "to": self.number}
        told: dict[str, Any] = httpx.post(
            f"{self._control}/calls", json=order, trust_env=False
        ).json()
        return told


def wrong_with(asked: dict[str, Any]) -> list[str]:
    """Judge a request by the vendor's specification: its path, its query and its body."""
    if not CONTRACTS.is_dir():
        return []
    vendor, method = asked["vendor"].lower(), asked["method"].lower()
    if DOCUMENTED.fullmatch(f"{asked['method']} {asked['path']}"):
        return []
    template = template_of(vendor, asked["path"])
    if template is None:
        return [f"no such path: {asked['path']}"]
    operation = document(vendor)["paths"][template][method]
    known = {parameter["name"] for parameter in operation.get("parameters", ())}
    wrong = [f"{template}: no such parameter: {name}" for name in set(asked["query"]) - known]
    if asked["body"] is not None:
        judge = vapi_schema_errors if vendor == "vapi" else twilio_schema_errors
        wrong += judge(method, template, "request", asked["body"])
    return wrong
