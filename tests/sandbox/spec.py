"""The vendors' published specifications, as judges of bodies.

They are read where the contract keeps them, beside the project, and never copied into it. They are
read more strictly than they are written in one way, and more loosely in another:

- an object that lists its properties has no others (both vendors whitelist);
- a union is `anyOf`: the generator writes every union as `oneOf`, even where members overlap
  (`nova-3` is both a member of an enumeration and a string), and asks for a discriminating
  `provider` even where a real call refuses it.

Where the contract's prose knows better than the specification, the prose wins: `_PROSE`.
"""

from __future__ import annotations

import functools
import json
import re
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from jsonschema import FormatChecker  # type: ignore[import-untyped] # it ships no types
from openapi_schema_validator import OAS30Validator

CONTRACTS = Path(__file__).resolve().parents[3] / "shared" / "contracts"

needs_contracts = pytest.mark.skipif(
    not CONTRACTS.is_dir(), reason="the vendors' specifications are not beside the project"
)

_LINKS = ("assistantId", "squadId", "workflowId")
_FORM = "application/x-www-form-urlencoded"


def _is_uri(value: object) -> bool:
    parts = urlsplit(value) if isinstance(value, str) else None
    return parts is None or bool(parts.scheme and (parts.netloc or parts.path))


def _is_date_time(value: object) -> bool:
    if not isinstance(value, str):
        return True
    return datetime.fromisoformat(value).tzinfo is not None


def _is_rfc_2822(value: object) -> bool:
    return not isinstance(value, str) or parsedate_to_datetime(value).tzinfo is not None


def _is_uuid(value: object) -> bool:
    return not isinstance(value, str) or bool(re.fullmatch(r"[0-9a-f-]{36}", value))


def _is_phone_number(value: object) -> bool:
    return not isinstance(value, str) or bool(re.fullmatch(r"\+[0-9]+", value))


_formats = FormatChecker(formats=())
_formats.checkers = {
    "uri": (_is_uri, ValueError),
    "date-time": (_is_date_time, ValueError),
    "date-time-rfc-2822": (_is_rfc_2822, (ValueError, TypeError)),
    "uuid": (_is_uuid, ()),
    "phone-number": (_is_phone_number, ()),
}


def _strictly(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_strictly(member) for member in schema]
    if not isinstance(schema, dict):
        return schema
    read = {
        ("anyOf" if k == "oneOf" else k): _strictly(v)
        for k, v in schema.items()
        if k != "discriminator"
    }
    if isinstance(read.get("properties"), dict) and read.get("type") == "object":
        read.setdefault("additionalProperties", False)
    return read


def _no_uri(schema: Any) -> Any:
    # Twilio's own examples put paths and empty strings where the format says `uri`.
    if isinstance(schema, list):
        return [_no_uri(member) for member in schema]
    if not isinstance(schema, dict):
        return schema
    return {k: _no_uri(v) for k, v in schema.items() if (k, v) != ("format", "uri")}


def _prose_of_vapi(document: Any) -> None:
    """`null` clears a number's links (contract: vapi.md, Phone numbers)."""
    properties = document["components"]["schemas"]["UpdateTwilioPhoneNumberDTO"]["properties"]
    for link in _LINKS:
        properties[link] = {**properties[link], "nullable": True}


def _prose_of_twilio(document: Any) -> None:
    """An empty SID or address of a form means "unset" (contract: twilio.md, Endpoints)."""
    for methods in document["paths"].values():
        body = methods.get("post", {}).get("requestBody", {}).get("content", {}).get(_FORM, {})
        for name, schema in body.get("schema", {}).get("properties", {}).items():
            if schema.get("format") == "uri" or name.endswith("Sid"):
                body["schema"]["properties"][name] = {"anyOf": [schema, {"enum": [""]}]}


@functools.cache
def document(vendor: str) -> Any:
    """The specification of `vapi` or `twilio`, as the vendor wrote it."""
    return json.loads((CONTRACTS / f"{vendor}-openapi.json").read_text(encoding="utf-8"))


@functools.cache
def _judged_by(vendor: str) -> Any:
    read = _strictly(document(vendor))
    if vendor == "vapi":
        _prose_of_vapi(read)
        return read
    _prose_of_twilio(read)
    read["components"] = _no_uri(read["components"])
    for methods in read["paths"].values():
        for operation in ("get", "post"):
            if operation in methods:
                methods[operation]["responses"] = _no_uri(methods[operation]["responses"])
    return read


@functools.cache
def _schema(vendor: str, method: str, template: str, what: str) -> Any:
    paths = _judged_by(vendor)["paths"]
    operation = paths.get(template, {}).get(method.lower())
    if operation is None:
        return None
    if what == "request":
        place = operation.get("requestBody", {})
    else:
        place = operation["responses"].get(what, {})
    content = place.get("content", {})
    return next((kind["schema"] for kind in content.values()), None)


@functools.cache
def _validator(vendor: str, method: str, template: str, what: str) -> Any:
    schema = _schema(vendor, method, template, what)
    if schema is None:
        return None
    # References are resolved against the root: the components stand beside the schema.
    root = {"allOf": [schema], "components": _judged_by(vendor)["components"]}
    return OAS30Validator(root, format_checker=_formats)


def _errors(vendor: str, method: str, template: str, what: str, body: Any) -> list[str]:
    validator = _validator(vendor, method, template, what)
    if validator is None:
        return [f"the specification has no {what} of {method} {template}"]
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(body)]


def vapi_schema_errors(method: str, path_template: str, what: str | int, body: Any) -> list[str]:
    """Judge a JSON body of Vapi's.

    Args:
        method: The HTTP method.
        path_template: As the specification writes it: `/assistant/{id}`.
        what: `request`, or the status of the answer.
        body: The JSON value.

    Returns:
        What is wrong with it, empty when it is as specified.
    """
    return _errors("vapi", method, path_template, str(what), body)


def twilio_schema_errors(method: str, path_template: str, what: str | int, body: Any) -> list[str]:
    """Judge a body of Twilio's: a form's fields by name (`request`), or a JSON answer (a status).

    A form's `true` and `false` are taken for the booleans that the specification means.
    """
    if what == "request":
        fields = (_schema("twilio", method, path_template, "request") or {}).get("properties", {})
        truths = {name for name, field in fields.items() if field.get("type") == "boolean"}
        meant = {"true": True, "false": False}
        body = {k: meant.get(v, v) if k in truths else v for k, v in body.items()}
    return _errors("twilio", method, path_template, str(what), body)


@functools.cache
def _patterns(vendor: str) -> list[tuple[str, re.Pattern[str]]]:
    # A literal part beats a place: `…/Local.json` is not somebody's SID.
    templates = sorted(document(vendor)["paths"], key=lambda t: (t.count("{"), t))
    return [(t, re.compile(re.sub(r"\{\w+\}", r"[^/]+", t))) for t in templates]


def template_of(vendor: str, path: str) -> str | None:
    """Find which of a vendor's path templates a path is one of."""
    return next((t for t, pattern in _patterns(vendor) if pattern.fullmatch(path)), None)
