"""How Vapi judges a JSON body: whitelisted, typed, in class-validator's words.

Source: contract, vapi.md, Errors. Wording that the contract does not quote follows the library
that the quoted sentences come from.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from ava_setup.sandbox.vapi.refusals import bad_request

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic_core import ErrorDetails

    from ava_setup.sandbox.exchange import Asked

# For a field that may be left out but may not be null.
ABSENT: Any = None

# What marks the name of a union's member in an error's place: it is no field of the body.
MEMBER = "="


class Body(BaseModel):
    """An object of which every property is known."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, alias_generator=to_camel)


BodyT = TypeVar("BodyT", bound=Body)


def _refuse(_: object) -> NoReturn:
    raise PydanticCustomError(
        "verdict",
        "property {{field}} is in the vendor's specification, but this sandbox does not model it",
    )


# A field of the specification that the sandbox refuses, and says so.
Unmodelled = Annotated[Any, BeforeValidator(_refuse)]


def verdict(words: str) -> PydanticCustomError:
    """Refuse a value in the vendor's own words, `{{field}}` standing for the field's name."""
    return PydanticCustomError("verdict", words)


def member_by(key: str) -> Callable[[Any], str | None]:
    """Choose a union's member by one of its properties."""

    def choose(value: Any) -> str | None:
        return f"{MEMBER}{value[key]}" if isinstance(value, dict) and key in value else None

    return choose


_SENTENCES = {
    "extra_forbidden": "property {field} should not exist",
    "missing": "{field} should not be null or undefined",
    "string_type": "{field} must be a string",
    "string_too_long": "{field} must be shorter than or equal to {max_length} characters",
    "string_too_short": "{field} must be longer than or equal to {min_length} characters",
    "string_pattern_mismatch": "{field} must match {pattern} regular expression",
    "bool_type": "{field} must be a boolean value",
    "greater_than_equal": "{field} must not be less than {ge}",
    "less_than_equal": "{field} must not be greater than {le}",
    "finite_number": "{field} must be a number conforming to the specified constraints",
    "float_type": "{field} must be a number conforming to the specified constraints",
    "list_type": "{field} must be an array",
    "dict_type": "{field} must be an object",
    "model_type": "nested property {field} must be either object or array",
    "literal_error": "{field} must be one of the following values: {expected}",
    "union_tag_invalid": "{field} must be of a kind that this sandbox models: {expected_tags}",
    "union_tag_not_found": "nested property {field} must be either object or array",
}


def _listed(value: object) -> str:
    # pydantic writes `'a', 'b' or 'c'` and `10.0`, class-validator `a, b, c` and `10`.
    if isinstance(value, float):
        return f"{value:g}"
    return str(value).replace(MEMBER, "").replace("' or '", "', '").replace("'", "")


def _sentence(error: ErrorDetails) -> str:
    place = [str(part) for part in error["loc"] if not str(part).startswith(MEMBER)] or ["body"]
    *parents, field = place
    if error["type"] == "verdict":
        words = error["msg"].replace("{{field}}", field)
    else:
        known = {k: _listed(v) for k, v in error.get("ctx", {}).items()}
        words = _SENTENCES[error["type"]].format(field=field, **known)
    return ".".join([*parents, words])


def read_json(asked: Asked) -> Any:
    """Read a JSON body.

    Raises:
        RefusalError: 400, the body is not the JSON that its content type announces.
    """
    if asked.media_type != "application/json":
        raise bad_request("Content-Type must be application/json.")
    try:
        value = json.loads(asked.body.decode())
        # Lone surrogates and numbers beyond all bounds can be read, but never be sent back.
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        raise bad_request("The body is not valid JSON.") from None
    return value


def read(model: type[BodyT], asked: Asked) -> tuple[BodyT, dict[str, Any]]:
    """Judge a body, and give it both as understood and as it was sent.

    Raises:
        RefusalError: 400 with every fault in the `message` array.
    """
    value = read_json(asked)
    try:
        return model.model_validate(value), value
    except ValidationError as error:
        faults = [_sentence(e) for e in error.errors(include_url=False, include_input=False)]
        raise bad_request(faults) from None
