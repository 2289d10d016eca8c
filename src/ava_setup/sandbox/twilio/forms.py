"""How Twilio judges a form: whitelisted PascalCase fields, each of its kind.

Source: the form properties of the vendor's specification. An empty address or SID means "unset",
which is how the vendor writes it too (contract: twilio.md, Endpoints, `""` or `null`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import parse_qsl, urlsplit

from ava_setup.sandbox.twilio.refusals import invalid

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ava_setup.sandbox.exchange import Asked

    Reader = Callable[[str, str], str | bool | None]

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_FRIENDLY_NAME_MAX = 64


def text(name: str, value: str) -> str:
    """Read a name for people: up to 64 characters."""
    if len(value) > _FRIENDLY_NAME_MAX:
        raise invalid(f"{name} is longer than {_FRIENDLY_NAME_MAX} characters")
    return value


def address(name: str, value: str) -> str:
    """Read a web address, or nothing."""
    try:
        parts = urlsplit(value)
        fit = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        fit = False
    if value and (not fit or not value.isascii() or not value.isprintable() or " " in value):
        raise invalid(f"{name} is not valid: {value}", 21402)
    return value


def method(name: str, value: str) -> str:
    """Read an HTTP method: one of the two that Twilio uses."""
    if value not in {"GET", "POST"}:
        raise invalid(f"{name} is not valid: {value}", 21403)
    return value


def truth(name: str, value: str) -> bool:
    """Read `true` or `false`."""
    if value not in {"true", "false"}:
        raise invalid(f"{name} must be true or false")
    return value == "true"


def receive_mode(name: str, value: str) -> str:
    """Read what a number listens to: a voice or a fax."""
    if value not in {"voice", "fax"}:
        raise invalid(f"{name} must be voice or fax")
    return value


def phone_number(name: str, value: str) -> str:
    """Read a number in E.164."""
    if not _E164.fullmatch(value):
        raise invalid(f"{name} is not valid: {value}", 21421)
    return value


def sid(prefix: str) -> Reader:
    """Read a SID with this prefix, or nothing."""
    shape = re.compile(prefix + "[0-9a-fA-F]{32}")

    def read(name: str, value: str) -> str | None:
        if value and not shape.fullmatch(value):
            raise invalid(f"{name} is not valid: {value}")
        return value or None

    return read


def unmodelled(name: str, value: str) -> NoReturn:
    """Refuse what the specification has and the sandbox does not model."""
    del value
    raise invalid(f"{name} is in the vendor's specification, but this sandbox does not model it")


def snake(name: str) -> str:
    """Name a form's field as the answers do."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def read_form(asked: Asked, fields: Mapping[str, Reader]) -> dict[str, str | bool | None]:
    """Judge a form.

    Args:
        asked: The request.
        fields: How each known field is read, by its PascalCase name.

    Returns:
        What was sent, by the names that answers use.

    Raises:
        RefusalError: 400, the first fault.
    """
    if asked.body and asked.media_type != "application/x-www-form-urlencoded":
        raise invalid("Content-Type must be application/x-www-form-urlencoded")
    try:
        pairs = parse_qsl(
            asked.body.decode(), keep_blank_values=True, strict_parsing=True, errors="strict"
        )
    except ValueError:
        raise invalid("The body is not a form") from None
    read: dict[str, str | bool | None] = {}
    for name, value in pairs:
        if name not in fields:
            raise invalid(f"Unknown parameter: {name}")
        if snake(name) in read:
            raise invalid(f"{name} was sent twice")
        read[snake(name)] = fields[name](name, value)
    return read
