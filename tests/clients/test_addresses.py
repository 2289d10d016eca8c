from __future__ import annotations

import pytest
from pydantic import SecretStr

from ava_setup.clients.addresses import (
    ROUTES_VARIABLE,
    TWILIO_AU1_VARIABLE,
    TWILIO_IE1_VARIABLE,
    TWILIO_VARIABLE,
    VAPI_EU_VARIABLE,
    VAPI_VARIABLE,
    from_environment,
)
from ava_setup.clients.vendors import HttpVendors
from ava_setup.onboarding.credentials import TwilioRegion
from ava_setup.onboarding.errors import ErrorCode, SetupError
from ava_setup.onboarding.state import Region
from ava_setup.words import Language, Voice
from tests.clients.lab import TOKEN_PAIR, VAPI_KEY, serving


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://api.eu.vapi.ai", "https://api.eu.vapi.ai"),
        ("https://vapi.example:8443/proxy/", "https://vapi.example:8443/proxy"),
        (" HTTPS://API.vapi.ai/ ", "https://api.vapi.ai"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://127.9.8.7/vapi/", "http://127.9.8.7/vapi"),
        ("http://localhost:1", "http://localhost:1"),
        ("http://LocalHost:1", "http://localhost:1"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("", None),
        ("  ", None),
    ],
)
def test_an_address_that_may_receive_credentials_is_taken(text: str, address: str | None) -> None:
    assert from_environment({VAPI_VARIABLE: text}, VAPI_VARIABLE) == address


@pytest.mark.parametrize(
    "text",
    [
        "http://api.vapi.ai",
        "http://10.0.0.1",
        "http://0.0.0.0:8000",
        "http://128.0.0.1",
        "http://[::2]",
        "http://[::ffff:127.0.0.1]",
        "http://localhost.example.com",
        "http://localhost.",
        "http://127.0.0.1.example.com",
        "http://127.1",
        "http://2130706433",
        "http://127.0.0.1@elsewhere.example",
        "http://elsewhere.example@127.0.0.1",
        "https://user:word@api.vapi.ai",
        "https://api.vapi.ai?key=1",
        "https://api.vapi.ai?",
        "https://api.vapi.ai#x",
        "https://api.vapi.ai\\@elsewhere.example",
        "http://127.0.0.1\\.elsewhere.example",
        "https://api.vapi.ai\n.elsewhere.example",
        "https://ápi.vapi.ai",
        "https://",
        "https:///assistant",
        "https://api.vapi.ai:port",
        "https://[::1",
        "http://[::1%25lo]",
        "https://api.vapi.ai:65536",
        "http://127.0.0.1:0",
        "https://xn--zz",
        "https://api.vapi.ai%2eelsewhere.example",
        "ftp://127.0.0.1",
        "ws://127.0.0.1",
        "api.vapi.ai",
        "127.0.0.1:8000",
        "/run/socket",
    ],
)
@pytest.mark.parametrize(
    "variable",
    [
        VAPI_VARIABLE,
        VAPI_EU_VARIABLE,
        TWILIO_VARIABLE,
        TWILIO_IE1_VARIABLE,
        TWILIO_AU1_VARIABLE,
        ROUTES_VARIABLE,
    ],
)
def test_any_other_address_is_refused_by_the_name_of_its_variable(variable: str, text: str) -> None:
    with pytest.raises(SetupError) as caught:
        HttpVendors({variable: text})
    assert caught.value.code is ErrorCode.ADDRESS_REFUSED
    assert variable in Voice(Language.EN)(caught.value.problem.what)
    assert caught.value.__context__ is None


def test_without_an_environment_a_key_is_tried_in_the_us_then_in_europe() -> None:
    assert HttpVendors({}).vapi_regions == (Region.US, Region.EU)


def test_an_address_of_the_environment_is_the_only_region() -> None:
    assert HttpVendors({VAPI_VARIABLE: "http://127.0.0.1:1"}).vapi_regions == (Region.CUSTOM,)


def test_a_region_whose_address_is_no_longer_given_is_refused() -> None:
    with pytest.raises(SetupError) as caught:
        HttpVendors({}).vapi(SecretStr(VAPI_KEY), Region.CUSTOM)
    assert caught.value.code is ErrorCode.ADDRESS_REFUSED


@pytest.mark.parametrize(
    ("region", "base"),
    [(Region.US, "https://api.vapi.ai"), (Region.EU, "https://api.eu.vapi.ai")],
)
def test_each_region_has_its_address(region: Region, base: str) -> None:
    assert HttpVendors({}).vapi(SecretStr(VAPI_KEY), region)._transport._base == base


@pytest.mark.parametrize(
    ("region", "base"),
    [
        (TwilioRegion.US1, "https://api.twilio.com"),
        (TwilioRegion.IE1, "https://api.dublin.ie1.twilio.com"),
        (TwilioRegion.AU1, "https://api.sydney.au1.twilio.com"),
    ],
)
def test_each_region_of_twilio_has_its_address_and_routes_are_one_hosts(
    region: TwilioRegion, base: str
) -> None:
    assert vendors_reach({}, region) == (base, "https://routes.twilio.com")
    assert HttpVendors({}).twilio(TOKEN_PAIR)._transport._base == "https://api.twilio.com"


def vendors_reach(environ: dict[str, str], region: TwilioRegion) -> tuple[str, str | None]:
    client = HttpVendors(environ).twilio(TOKEN_PAIR, region)
    return client._transport._base, client._routes._base if client._routes else None


HERE = "http://127.0.0.1:1"
THERE = "http://127.0.0.1:2"
ELSEWHERE = "http://127.0.0.1:3"


def test_without_an_environment_credentials_are_tried_in_every_region_of_twilio() -> None:
    regions = HttpVendors({}).twilio_regions
    assert regions == (TwilioRegion.US1, TwilioRegion.IE1, TwilioRegion.AU1)


@pytest.mark.parametrize("region", TwilioRegion)
def test_one_address_of_the_environment_stands_for_all_of_twilio(region: TwilioRegion) -> None:
    environ = {TWILIO_VARIABLE: HERE}
    assert HttpVendors(environ).twilio_regions == (TwilioRegion.CUSTOM,)
    # Credentials that were meant for another place do not go to Twilio's own.
    assert vendors_reach(environ, region) == (HERE, None)


@pytest.mark.parametrize("region", Region)
def test_one_address_of_the_environment_stands_for_all_of_vapi(region: Region) -> None:
    vendors = HttpVendors({VAPI_VARIABLE: HERE})
    assert vendors.vapi(SecretStr(VAPI_KEY), region)._transport._base == HERE


def test_where_the_environment_names_regions_they_are_real() -> None:
    environ = {
        VAPI_VARIABLE: HERE,
        VAPI_EU_VARIABLE: THERE,
        TWILIO_VARIABLE: HERE,
        TWILIO_IE1_VARIABLE: THERE,
        ROUTES_VARIABLE: ELSEWHERE,
    }
    vendors = HttpVendors(environ)
    key = SecretStr(VAPI_KEY)
    assert vendors.vapi_regions == (Region.US, Region.EU)
    assert vendors.vapi(key, Region.US)._transport._base == HERE
    assert vendors.vapi(key, Region.EU)._transport._base == THERE
    assert vendors.twilio_regions == (TwilioRegion.US1, TwilioRegion.IE1)
    assert vendors_reach(environ, TwilioRegion.US1) == (HERE, ELSEWHERE)
    assert vendors_reach(environ, TwilioRegion.IE1) == (THERE, ELSEWHERE)
    # A set-up from before the regions were named goes on where it was.
    assert vendors.vapi(key, Region.CUSTOM)._transport._base == HERE
    assert vendors_reach(environ, TwilioRegion.CUSTOM) == (HERE, ELSEWHERE)


def test_a_region_that_a_moved_vendor_does_not_have_is_refused_by_its_variable() -> None:
    vendors = HttpVendors({TWILIO_VARIABLE: HERE, TWILIO_IE1_VARIABLE: THERE})
    with pytest.raises(SetupError) as caught:
        vendors.twilio(TOKEN_PAIR, TwilioRegion.AU1)
    assert caught.value.code is ErrorCode.ADDRESS_REFUSED
    assert TWILIO_AU1_VARIABLE in Voice(Language.EN)(caught.value.problem.what)


def test_a_region_alone_is_moved_alone() -> None:
    environ = {TWILIO_AU1_VARIABLE: HERE}
    assert HttpVendors(environ).twilio_regions == (
        TwilioRegion.US1,
        TwilioRegion.IE1,
        TwilioRegion.AU1,
    )
    assert vendors_reach(environ, TwilioRegion.US1) == ("https://api.twilio.com", None)
    assert vendors_reach(environ, TwilioRegion.AU1) == (HERE, None)
    with pytest.raises(SetupError):
        vendors_reach(environ, TwilioRegion.CUSTOM)


async def test_the_environments_address_goes_before_any_region() -> None:
    reply = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]"
    async with serving(reply) as server:
        client = HttpVendors({VAPI_VARIABLE: f"{server.url}/prefix/"}).vapi(
            SecretStr(VAPI_KEY), Region.EU
        )
        assert await client.list_assistants() == ()
        await client.aclose()
    assert server.heard[0].startswith(b"GET /prefix/assistant?limit=1000 HTTP/1.1\r\n")


def test_all_clients_of_an_account_share_its_limit() -> None:
    vendors = HttpVendors({})
    one, other = vendors.twilio(TOKEN_PAIR), vendors.twilio(TOKEN_PAIR, TwilioRegion.IE1)
    assert one._transport._pace is other._transport._pace
    assert one._routes is not None
    assert one._routes._pace is one._transport._pace
