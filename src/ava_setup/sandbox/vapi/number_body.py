"""The bodies about phone numbers and calls: no wider than the vendor's specification."""

from typing import Annotated, Literal

from pydantic import Field

from ava_setup.sandbox.vapi.body import ABSENT, Body, Unmodelled
from ava_setup.sandbox.vapi.common import E164, Name, Server


class Fallback(Body):
    """The telephone that rings when no assistant can be had."""

    type: Literal["number"]
    number: Annotated[E164, Field(min_length=3, max_length=40)]
    message: str = ABSENT
    description: str = ABSENT
    extension: Annotated[str, Field(min_length=1, max_length=10)] = ABSENT
    caller_id: Annotated[str, Field(max_length=40)] = ABSENT
    number_e164_check_enabled: Literal[True] = ABSENT
    transfer_plan: Unmodelled = ABSENT


class UpdateNumber(Body):
    """The body of `PATCH /phone-number/{id}`.

    `null` clears the three links, and `provider` should not exist, whatever the specification
    says of both (contract: vapi.md, Phone numbers).
    """

    name: Name = ABSENT
    assistant_id: str | None = ABSENT
    squad_id: str | None = ABSENT
    workflow_id: str | None = ABSENT
    fallback_destination: Fallback = ABSENT
    server: Server = ABSENT
    sms_enabled: bool = ABSENT
    twilio_auth_token: str = ABSENT
    twilio_api_key: str = ABSENT
    twilio_api_secret: str = ABSENT
    number: Unmodelled = ABSENT
    twilio_account_sid: Unmodelled = ABSENT
    hooks: Unmodelled = ABSENT


class UpdateNumberOfProvider(UpdateNumber):
    """The same where the vendor asks for the provider (quirk `provider-wanted-in-patch`)."""

    provider: Literal["twilio"]


class ImportNumber(Body):
    """The body of `POST /phone-number` for a number of Twilio's, the only kind modelled."""

    provider: Literal["twilio"]
    number: E164
    twilio_account_sid: str
    twilio_auth_token: str = ABSENT
    twilio_api_key: str = ABSENT
    twilio_api_secret: str = ABSENT
    name: Name = ABSENT
    assistant_id: str = ABSENT
    squad_id: str = ABSENT
    workflow_id: str = ABSENT
    fallback_destination: Fallback = ABSENT
    server: Server = ABSENT
    sms_enabled: bool = ABSENT
    hooks: Unmodelled = ABSENT


class Customer(Body):
    """Who is called."""

    number: E164
    name: Name = ABSENT
    email: Name = ABSENT
    external_id: Name = ABSENT
    number_e164_check_enabled: Literal[True] = ABSENT
    extension: Unmodelled = ABSENT
    assistant_overrides: Unmodelled = ABSENT
    squad_overrides: Unmodelled = ABSENT
    sip_uri: Unmodelled = ABSENT


class CreateCall(Body):
    """The body of `POST /call`: one existing assistant calls one number."""

    assistant_id: str
    phone_number_id: str
    customer: Customer
    name: Name = ABSENT
    assistant_version: Unmodelled = ABSENT
    transport: Unmodelled = ABSENT
    customers: Unmodelled = ABSENT
    schedule_plan: Unmodelled = ABSENT
    assistant: Unmodelled = ABSENT
    assistant_overrides: Unmodelled = ABSENT
    squad_id: Unmodelled = ABSENT
    squad: Unmodelled = ABSENT
    squad_overrides: Unmodelled = ABSENT
    workflow_id: Unmodelled = ABSENT
    workflow: Unmodelled = ABSENT
    workflow_overrides: Unmodelled = ABSENT
    phone_number: Unmodelled = ABSENT
    customer_id: Unmodelled = ABSENT
