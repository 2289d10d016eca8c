"""The answer file: what one or many businesses are to be, with every secret by reference only."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    model_validator,
)
from pydantic.json_schema import GenerateJsonSchema

from ava_setup.onboarding.assistant import (
    VOICES,
    VoiceId,
    read_assistant_name,
    read_greeting,
    read_instructions,
    read_webhook_url,
)
from ava_setup.onboarding.credentials import TwilioRegion, read_account_sid, read_key_sid
from ava_setup.onboarding.errors import FieldProblem
from ava_setup.onboarding.number import read_number
from ava_setup.onboarding.profile import (
    CallersLanguage,
    Trade,
    read_business_name,
    read_email,
    read_hours,
    read_time_zone,
)
from ava_setup.onboarding.state import Region
from ava_setup.words import _

if TYPE_CHECKING:
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import core_schema

VERSION: Literal[1] = 1
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
# Descriptions are for whoever edits the file: their editor shows them beside the key.


class _Answers(BaseModel):
    """What every part of the file has in common: it never changes, and unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class FromEnvironment(_Answers):
    """A secret that an environment variable holds."""

    kind: ClassVar = "env"
    env: Annotated[
        str,
        Field(
            min_length=1,
            description="Name of an environment variable that holds the secret.",
            examples=["VAPI_API_KEY"],
        ),
    ]


class FromFile(_Answers):
    """A secret that is alone in a file; a path that is not absolute is the answer file's."""

    kind: ClassVar = "file"
    file: Annotated[
        str,
        Field(
            min_length=1,
            description="A file that holds the secret and nothing else; a relative path begins "
            "at this answer file's folder.",
            examples=["secrets/vapi.key"],
        ),
    ]


class FromKeyring(_Answers):
    """A secret that the system's keyring holds."""

    kind: ClassVar = "keyring"
    keyring: Annotated[
        str,
        Field(
            pattern=r"^[^/]+/.+$",
            description="Where the system's keyring holds the secret, SERVICE/USER.",
            examples=["vapi/agence-durand"],
        ),
    ]


def _never_itself(value: Any) -> Any:
    """Refuse a secret that is written out, without ever repeating it."""
    if isinstance(value, str) and value != "prompt":
        raise FieldProblem(
            _(
                "A secret never stands in this file. Write where it is: "
                '{ env = "NAME" }, { file = "PATH" }, { keyring = "SERVICE/USER" }, '
                'or "prompt".'
            )
        )
    return value


def _which_reference(value: Any) -> str:
    if isinstance(value, dict):
        return next((kind for kind in ("file", "keyring") if kind in value), "env")
    return getattr(value, "kind", "prompt")


Reference = Annotated[
    Annotated[FromEnvironment, Tag("env")]
    | Annotated[FromFile, Tag("file")]
    | Annotated[FromKeyring, Tag("keyring")]
    | Annotated[Literal["prompt"], Tag("prompt")],
    Discriminator(_which_reference),
    BeforeValidator(_never_itself),
]
"""Where a secret is; `prompt` asks for it."""


def _name(value: str) -> str:
    if not _NAME.fullmatch(value):
        raise FieldProblem(
            _("A name has letters without accents, digits, - and _, {max} at most.", max=64)
        )
    return value


def _e164(value: str) -> str:
    if not value.strip().startswith("+"):
        raise FieldProblem(_("Write it with its country in front, for example +33612345678."))
    return read_number(value, ())[0]


def _e164_or_none(value: str) -> str:
    return _e164(value) if value.strip() else ""


class ProfileAnswers(_Answers):
    """The business itself."""

    business_name: Annotated[
        str,
        AfterValidator(read_business_name),
        Field(
            description="The name as callers know it; the assistant says it.",
            examples=["Plomberie Martin"],
        ),
    ]
    email: Annotated[
        str,
        AfterValidator(read_email),
        Field(
            description="The one e-mail address of the business, for everything.",
            examples=["contact@plomberie-martin.example"],
        ),
    ]
    trade: Annotated[
        Trade, Field(description="What the business does: it chooses the assistant's template.")
    ] = Trade.GENERAL
    opening_hours: Annotated[
        str,
        AfterValidator(read_hours),
        Field(
            description="When it is open, in words of one line.",
            examples=["lun-ven 9h-18h, sam 9h-12h", "Mon-Fri 9am-6pm"],
        ),
    ]
    callers_language: Annotated[
        CallersLanguage, Field(description="The language that callers speak.")
    ] = CallersLanguage.FR_FR
    time_zone: Annotated[
        str,
        AfterValidator(read_time_zone),
        Field(
            description="Where the opening hours are meant, an IANA name.",
            examples=["Europe/Paris", "America/Toronto"],
        ),
    ] = "Europe/Paris"


class VapiAnswers(_Answers):
    """The Vapi organisation in which the assistant lives."""

    key: Annotated[
        Reference,
        Field(description="Where Vapi's private key is; never the key itself."),
    ]
    region: Annotated[
        Literal[Region.US, Region.EU] | None,
        Field(description="Ask Vapi in this region only. Left out: each is tried."),
    ] = None
    webhook_url: Annotated[
        str,
        AfterValidator(read_webhook_url),
        Field(
            description="An https address that Vapi is to tell of the calls. Left out: none.",
            examples=["https://hooks.example/vapi"],
        ),
    ] = ""


class ExistingAssistant(_Answers):
    """An assistant that is at Vapi already."""

    kind: ClassVar = "id"
    id: Annotated[
        str,
        Field(min_length=1, description="Its id at Vapi, as “ava-setup assistants” lists it."),
    ]


class NewAssistant(_Answers):
    """A ready-made assistant for the business's trade, as far as nothing else is said."""

    name: Annotated[
        Annotated[str, AfterValidator(read_assistant_name)] | None,
        Field(description="Its name at Vapi. Left out: Ava and the business's name."),
    ] = None
    greeting: Annotated[
        Annotated[str, AfterValidator(read_greeting)] | None,
        Field(description="The first words that callers hear. Left out: the template's."),
    ] = None
    instructions: Annotated[
        Annotated[str, AfterValidator(read_instructions)] | None,
        Field(description="What it is to do and to ask. Left out: the template's."),
    ] = None
    voice: Annotated[
        VoiceId | None,
        Field(description="One that speaks the callers' language. Left out: its first."),
    ] = None
    recorded: Annotated[
        bool, Field(description="Whether calls are recorded; callers are then told.")
    ] = False


class FirstAvailable(_Answers):
    """Whichever assistant there is: the first available one is taken, and said."""

    kind: ClassVar = "choose"
    choose: Annotated[
        Literal["first-available"],
        Field(description="Take the first assistant that there is at Vapi, and say which."),
    ]


def _which_assistant(value: Any) -> str:
    if isinstance(value, dict):
        return next((kind for kind in ("id", "choose") if kind in value), "new")
    return getattr(value, "kind", "new")


AssistantAnswers = Annotated[
    Annotated[NewAssistant, Tag("new")]
    | Annotated[ExistingAssistant, Tag("id")]
    | Annotated[FirstAvailable, Tag("choose")],
    Discriminator(_which_assistant),
]


class TwilioAnswers(_Answers):
    """The Twilio account that has the number: an auth token, or an API key with its secret."""

    account_sid: Annotated[
        str,
        AfterValidator(read_account_sid),
        Field(description="Account SID: AC and 32 hexadecimal digits; it is no secret."),
    ]
    auth_token: Annotated[
        Reference | None,
        Field(description="Where the Auth Token is; never the token itself."),
    ] = None
    key_sid: Annotated[
        Annotated[str, AfterValidator(read_key_sid)] | None,
        Field(description="In place of auth_token: an API key, SK and 32 hexadecimal digits."),
    ] = None
    key_secret: Annotated[
        Reference | None,
        Field(description="Where that API key's secret is; never the secret itself."),
    ] = None
    own_key: Annotated[
        bool,
        Field(
            description="Whether to make an API key with auth_token, and use it from then on: "
            "Vapi never sees the token then."
        ),
    ] = False
    region: Annotated[
        Literal[TwilioRegion.US1, TwilioRegion.IE1, TwilioRegion.AU1] | None,
        Field(description="Ask Twilio in this region only. Left out: each is tried."),
    ] = None

    @model_validator(mode="after")
    def _one_way_in(self) -> TwilioAnswers:
        by_key = self.key_sid is not None and self.key_secret is not None
        half = (self.key_sid is None) != (self.key_secret is None)
        if half or by_key == (self.auth_token is not None):
            raise FieldProblem(_("Give auth_token, or key_sid with key_secret: one of the two."))
        if self.own_key and by_key:
            raise FieldProblem(_("own_key needs auth_token: an API key can make no other."))
        return self


class PhoneAnswers(_Answers):
    """The number to answer, and the telephone that rings when Ava cannot."""

    number: Annotated[
        str,
        AfterValidator(_e164),
        Field(
            description="A number of the Twilio account, with its country in front.",
            examples=["+33199001234"],
        ),
    ]
    fallback: Annotated[
        str,
        AfterValidator(_e164_or_none),
        Field(
            description="A telephone that rings when no assistant can be had. Left out: what "
            "Vapi has already, or none.",
            examples=["+33199005678"],
        ),
    ] = ""


class BusinessAnswers(_Answers):
    """One business."""

    name: Annotated[
        str,
        AfterValidator(_name),
        Field(
            description="What it is called here: --only NAME and --profile NAME mean this one. "
            "Letters without accents, digits, - and _, 64 at most; each only once.",
            examples=["plomberie-martin"],
        ),
    ]
    id: Annotated[
        Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")] | None,
        Field(
            description="Marks what is made for it at Vapi; “ava-setup export” writes it. "
            "Left out: it follows from the name."
        ),
    ] = None
    profile: Annotated[ProfileAnswers, Field(description="Its name, its trade, its hours.")]
    vapi: Annotated[VapiAnswers, Field(description="The Vapi organisation.")]
    assistant: Annotated[
        AssistantAnswers,
        Field(
            description="Who answers. Left out: a ready-made assistant for the trade, which is "
            "created once."
        ),
    ] = NewAssistant()
    twilio: Annotated[TwilioAnswers, Field(description="The Twilio account.")]
    phone: Annotated[PhoneAnswers, Field(description="The number.")]

    @model_validator(mode="after")
    def _voice_speaks(self) -> BusinessAnswers:
        language, assistant = self.profile.callers_language, self.assistant
        if (
            isinstance(assistant, NewAssistant)
            and assistant.voice is not None
            and assistant.voice not in VOICES[language]
        ):
            raise FieldProblem(
                _(
                    "The voice {voice} does not speak {language}; these do: {voices}.",
                    voice=assistant.voice.value,
                    language=language.value,
                    voices=", ".join(VOICES[language]),
                )
            )
        return self


class AnswerFile(_Answers):
    """What one or many businesses are to be, with every secret by reference only."""

    model_config = ConfigDict(title="ava-setup answer file")

    version: Annotated[Literal[1], Field(description="Of this format.")]
    business: Annotated[
        tuple[BusinessAnswers, ...],
        Field(min_length=1, description="The businesses, each a [[business]] of its own."),
    ]


class _Published(GenerateJsonSchema):
    """The schema as it is of use beside the file: TOML has no null, and a key is its own title."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        published = super().default_schema(schema)
        if published.get("default") is None or isinstance(published["default"], dict):
            published.pop("default", None)
        return published

    def field_title_should_be_set(self, schema: object) -> bool:
        del schema
        return False


def schema() -> dict[str, Any]:
    """Give the file's JSON Schema, draft 2020-12."""
    published = AnswerFile.model_json_schema(schema_generator=_Published)
    for part in published["$defs"].values():
        if "enum" in part:
            # It describes the engine's own type; the key that takes it has one of its own.
            part.pop("description", None)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **published}
