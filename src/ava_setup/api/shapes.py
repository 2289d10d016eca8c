"""What goes in and comes out of the route, as its callers know it."""

from __future__ import annotations

from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    WithJsonSchema,
)

from ava_setup.onboarding.credentials import read_account_sid, read_auth_token
from ava_setup.onboarding.number import read_number

_ID_MAX = 128


def _blank_is_none(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


def _token(value: SecretStr) -> SecretStr:
    return read_auth_token(value.get_secret_value())


class ImportRequest(BaseModel):
    """A number of a Twilio account, to be imported into Vapi, linked."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    twilio_account_sid: Annotated[
        str,
        AfterValidator(read_account_sid),
        WithJsonSchema({"type": "string", "pattern": "^AC[0-9a-fA-F]{32}$"}),
        Field(description="`AC` and 32 hexadecimal digits."),
    ]
    twilio_auth_token: Annotated[
        SecretStr,
        AfterValidator(_token),
        WithJsonSchema({"type": "string", "pattern": "^[0-9a-zA-Z]{32}$", "writeOnly": True}),
        Field(description="The account's auth token: 32 letters and digits."),
    ]
    phone_number: Annotated[
        str,
        AfterValidator(lambda typed: read_number(typed, ())[0]),
        WithJsonSchema({"type": "string", "maxLength": 40, "pattern": r"^\+[1-9][0-9 ]{6,}$"}),
        Field(description="With its country in front.", max_length=40, examples=["+33199001234"]),
    ]
    assistant_id: Annotated[
        Annotated[str, Field(max_length=_ID_MAX)] | None,
        BeforeValidator(_blank_is_none),
        Field(description="Vapi's id. Left out, empty or blank: the first available one is taken."),
    ] = None
    org_id: Annotated[
        str, Field(min_length=1, max_length=_ID_MAX, description="The caller's organisation.")
    ]


class Phone(BaseModel):
    """The number at Vapi."""

    id: str
    number: str
    provider: str
    assistantId: str | None  # noqa: N815 - spelt as Vapi spells it


class ImportAnswer(BaseModel):
    """The number answers."""

    success: bool
    phone: Phone
    auto_linked: bool
    assistant_id: str
    webhook_configured: bool
    message: str


class Refusal(BaseModel):
    """Why it does not."""

    detail: str
    code: str


class Malformed(BaseModel):
    """What is wrong with a request, without what it held."""

    class Fault(BaseModel):
        """One thing that is wrong."""

        loc: tuple[str, ...]
        msg: str

    detail: list[Fault]
