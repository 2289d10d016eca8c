"""Where a vendor is spoken to: its own address, or the one that the environment gives."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Address, ip_address
from types import MappingProxyType
from typing import TYPE_CHECKING

import httpx

from ava_setup.onboarding.errors import ErrorCode, SetupError
from ava_setup.onboarding.state import Region

if TYPE_CHECKING:
    from collections.abc import Mapping

VAPI_VARIABLE = "AVA_SETUP_VAPI_URL"
TWILIO_VARIABLE = "AVA_SETUP_TWILIO_URL"

# Contract: vapi.md, Hosts, keys. Likeliest first.
VAPI_ADDRESSES: Mapping[Region, str] = MappingProxyType(
    {Region.US: "https://api.vapi.ai", Region.EU: "https://api.eu.vapi.ai"}
)
# Contract: twilio.md, Auth (plain host = us1).
TWILIO_ADDRESS = "https://api.twilio.com"

_PORTS = range(1, 65_536)
_LOOPBACK_V4 = IPv4Network("127.0.0.0/8")
_LOOPBACK_V6 = IPv6Address("::1")
# Where parsers of addresses disagree with each other, credentials do not go.
_NEVER = frozenset("@?#%\\ ")


def from_environment(environ: Mapping[str, str], variable: str) -> str | None:
    """Read a vendor's address from the environment.

    Returns:
        The address without a slash at its end, or None when the variable is unset or empty.

    Raises:
        SetupError: It may not receive credentials: only https may, and http on loopback; no
            user information, query or fragment.
    """
    text = environ.get(variable, "").strip()
    if not text:
        return None
    refused = SetupError(ErrorCode.ADDRESS_REFUSED, variable=variable)
    if not (text.isascii() and text.isprintable()) or _NEVER & set(text):
        raise refused
    try:
        # The sender's own parser: what is judged here is what will be dialled.
        url = httpx.URL(text)
        fit = _may_receive_credentials(url)
    except (httpx.InvalidURL, ValueError):
        fit = False
    if not fit:
        raise refused
    return str(url).rstrip("/")


def _may_receive_credentials(url: httpx.URL) -> bool:
    if not url.host or (url.port is not None and url.port not in _PORTS):
        return False
    return url.scheme == "https" or (url.scheme == "http" and is_loopback(url))


def is_loopback(url: httpx.URL) -> bool:
    """Tell whether an address is this computer itself: 127.0.0.0/8, ::1 or localhost."""
    if url.host == "localhost":
        return True
    try:
        address = ip_address(url.host)
    except ValueError:
        return False
    return address == _LOOPBACK_V6 if address.version == 6 else address in _LOOPBACK_V4  # noqa: PLR2004 - IP's own
