"""Who may come in by the link of `ava-setup serve`, and who may not."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from ava_setup.web.doorkeeper import Doorkeeper, Refusal, Welcome

HOST = "127.0.0.1:8000"
OWN = {"Host": HOST, "Origin": f"http://{HOST}"}


def token_of(keeper: Doorkeeper) -> str:
    return parse_qs(urlsplit(keeper.link).query)["token"][0]


def opened(keeper: Doorkeeper) -> dict[str, str]:
    """Use the link; gives the cookies that a browser then has."""
    welcome = keeper.judge({"Host": HOST}, {}, token=token_of(keeper), must_name_origin=False)
    assert isinstance(welcome, Welcome)
    return {keeper.cookie_name: welcome.cookie}


def test_the_link_opens_once_whoever_uses_it_again() -> None:
    keeper = Doorkeeper(HOST)
    wrong = keeper.judge({"Host": HOST}, {}, token="guessed", must_name_origin=False)
    assert wrong is Refusal.USED
    cookies = opened(keeper)
    for held in ({}, cookies):
        again = keeper.judge({"Host": HOST}, held, token=token_of(keeper), must_name_origin=False)
        assert again is Refusal.USED


def test_only_the_browser_that_used_the_link_is_let_in() -> None:
    keeper = Doorkeeper(HOST)
    cookies = opened(keeper)
    assert keeper.judge(OWN, cookies, token=None, must_name_origin=True) is None
    name = keeper.cookie_name
    for held in ({}, {name: ""}, {name: token_of(keeper)}, {name: "é"}, opened(Doorkeeper(HOST))):
        assert keeper.judge(OWN, held, token=None, must_name_origin=True) is Refusal.NO_COOKIE


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Host": "evil.example:8000"},
        {"Host": "localhost:8000"},
        {"Host": "127.0.0.1"},
        {"Host": "127.0.0.1:8001"},
        {"Host": "127.0.0.1:8000.evil.example"},
    ],
)
def test_a_name_that_was_made_to_point_here_is_turned_away(headers: dict[str, str]) -> None:
    keeper = Doorkeeper(HOST)
    cookies = opened(keeper)
    asked = {"Origin": keeper.origin, **headers}
    assert keeper.judge(asked, cookies, token=None, must_name_origin=True) is Refusal.OTHER_ADDRESS


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "", "http://127.0.0.1:8001", "https://127.0.0.1:8000"],
)
def test_a_page_from_elsewhere_is_turned_away_and_uses_no_link_up(origin: str) -> None:
    keeper = Doorkeeper(HOST)
    asked = {"Host": HOST, "Origin": origin}
    refused = keeper.judge(asked, {}, token=token_of(keeper), must_name_origin=False)
    assert refused is Refusal.OTHER_PAGE
    cookies = opened(keeper)
    for must in (True, False):
        assert keeper.judge(asked, cookies, token=None, must_name_origin=must) is Refusal.OTHER_PAGE


def test_a_socket_says_where_it_comes_from_and_a_page_need_not() -> None:
    keeper = Doorkeeper(HOST)
    cookies = opened(keeper)
    asked = {"Host": HOST}
    assert keeper.judge(asked, cookies, token=None, must_name_origin=False) is None
    assert keeper.judge(asked, cookies, token=None, must_name_origin=True) is Refusal.OTHER_PAGE
