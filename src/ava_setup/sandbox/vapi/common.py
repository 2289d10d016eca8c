"""What more than one body has in it: names, numbers, addresses, a server."""

import re
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from ava_setup.sandbox.vapi.body import ABSENT, Body, Unmodelled, verdict

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")

Name = Annotated[str, Field(max_length=40)]
Said = Annotated[str, Field(max_length=1000)]
Number = Annotated[float, Field(allow_inf_nan=False)]


def _e164(number: str) -> str:
    if not _E164.fullmatch(number):
        raise verdict(
            "{{field}} must be a valid phone number in the E.164 format. "
            "Hot tip, you may be missing the country code (Eg. US: +1)."
        )
    return number


def _url(url: str) -> str:
    try:
        parts = urlsplit(url)
        fit = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        fit = False
    if not fit or not url.isascii() or not url.isprintable() or " " in url:
        raise verdict("{{field}} must be a URL address")
    return url


def sound(name: str) -> str:
    """Judge a background sound: one of the two presets, or the address of a recording."""
    return name if name in {"off", "office"} else _url(name)


E164 = Annotated[str, AfterValidator(_e164)]
Url = Annotated[str, AfterValidator(_url)]


class Server(Body):
    """Where Vapi sends its webhooks."""

    url: Url = ABSENT
    timeout_seconds: Annotated[Number, Field(ge=1, le=300)] = ABSENT
    headers: dict[str, Any] = ABSENT
    credential_id: Unmodelled = ABSENT
    static_ip_addresses_enabled: Unmodelled = ABSENT
    encrypted_paths: Unmodelled = ABSENT
    backoff_plan: Unmodelled = ABSENT
