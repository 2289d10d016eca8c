"""Where a vendor is spoken to: its own address, or the one that the environment gives."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, ip_address
from types import MappingProxyType
from typing import TYPE_CHECKING, Generic, TypeVar

import httpx

from ava_setup.onboarding.credentials import TwilioRegion
from ava_setup.onboarding.errors import ErrorCode, SetupError
from ava_setup.onboarding.state import Region

if TYPE_CHECKING:
    from collections.abc import Mapping

R = TypeVar("R", Region, TwilioRegion)

# The plain ones: alone, each moves its whole vendor.
VAPI_VARIABLE = "AVA_SETUP_VAPI_URL"
TWILIO_VARIABLE = "AVA_SETUP_TWILIO_URL"
# Beside the plain one, which then is the first region's.
VAPI_EU_VARIABLE = "AVA_SETUP_VAPI_EU_URL"
TWILIO_IE1_VARIABLE = "AVA_SETUP_TWILIO_IE1_URL"
TWILIO_AU1_VARIABLE = "AVA_SETUP_TWILIO_AU1_URL"
ROUTES_VARIABLE = "AVA_SETUP_TWILIO_ROUTES_URL"

_VAPI_VARIABLES: Mapping[Region, str] = MappingProxyType(
    {Region.US: VAPI_VARIABLE, Region.EU: VAPI_EU_VARIABLE}
)
_TWILIO_VARIABLES: Mapping[TwilioRegion, str] = MappingProxyType(
    {
        TwilioRegion.US1: TWILIO_VARIABLE,
        TwilioRegion.IE1: TWILIO_IE1_VARIABLE,
        TwilioRegion.AU1: TWILIO_AU1_VARIABLE,
    }
)

# Contract: vapi.md, Hosts, keys. Likeliest first.
_VAPI: Mapping[Region, str] = MappingProxyType(
    {Region.US: "https://api.vapi.ai", Region.EU: "https://api.eu.vapi.ai"}
)
# Contract: twilio.md, Auth (plain host = us1). Likeliest first.
_TWILIO: Mapping[TwilioRegion, str] = MappingProxyType(
    {
        TwilioRegion.US1: "https://api.twilio.com",
        TwilioRegion.IE1: "https://api.dublin.ie1.twilio.com",
        TwilioRegion.AU1: "https://api.sydney.au1.twilio.com",
    }
)
_ROUTES = "https://routes.twilio.com"

_PORTS = range(1, 65_536)
_LOOPBACK_V4 = IPv4Network("127.0.0.0/8")
_LOOPBACK_V6 = IPv6Address("::1")
# Where parsers of addresses disagree with each other, credentials do not go.
_NEVER = frozenset("@?#%\\ ")


@dataclass(frozen=True, slots=True)
class Addresses(Generic[R]):
    """Where a vendor is spoken to, by region.

    Attributes:
        regions: Those to try, likeliest first.
        moved: Whether the environment gives any of them.
    """

    regions: tuple[R, ...]
    moved: bool
    _known: Mapping[R, str]
    _variables: Mapping[R, str]

    @property
    def all(self) -> tuple[str, ...]:
        """Those of every region."""
        return tuple(self._known.values())

    def of(self, region: R) -> str:
        """Give a region's address, without a slash at its end.

        Raises:
            SetupError: The environment moved the vendor, and names no address for this region.
        """
        if (address := self._known.get(region)) is not None:
            return address
        plain = next(iter(self._variables.values()))
        raise SetupError(ErrorCode.ADDRESS_REFUSED, variable=self._variables.get(region, plain))


def vapi_addresses(environ: Mapping[str, str]) -> Addresses[Region]:
    """Read where Vapi is.

    Raises:
        SetupError: The environment names an address that may not receive credentials.
    """
    return _addresses(environ, _VAPI, _VAPI_VARIABLES, Region.CUSTOM)


def twilio_addresses(environ: Mapping[str, str]) -> Addresses[TwilioRegion]:
    """Read where Twilio is.

    Raises:
        SetupError: The environment names an address that may not receive credentials.
    """
    return _addresses(environ, _TWILIO, _TWILIO_VARIABLES, TwilioRegion.CUSTOM)


def routes_address(environ: Mapping[str, str]) -> str | None:
    """Read where `routes.twilio.com` is; None when only the rest of Twilio was moved.

    Raises:
        SetupError: The environment names an address that may not receive credentials.
    """
    own = None if twilio_addresses(environ).moved else _ROUTES
    return from_environment(environ, ROUTES_VARIABLE) or own


def _addresses(
    environ: Mapping[str, str], own: Mapping[R, str], variables: Mapping[R, str], custom: R
) -> Addresses[R]:
    named = {region: from_environment(environ, name) for region, name in variables.items()}
    moved = {region: address for region, address in named.items() if address is not None}
    plain = moved.get(next(iter(variables)))
    if plain is None:
        known, regions = {**own, **moved}, tuple(own)
    elif len(moved) == 1:
        # One address stands for the vendor, wherever it is.
        known, regions = {**dict.fromkeys(own, plain), custom: plain}, (custom,)
    else:
        known, regions = {**moved, custom: plain}, tuple(moved)
    return Addresses(regions, bool(moved), MappingProxyType(known), variables)


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
