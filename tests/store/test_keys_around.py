"""Keys that this computer holds already: found where they are, and never half of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from ava_setup.onboarding.sources import offer_of
from ava_setup.store.keys_around import KeysAround
from tests.canaries import KEY_SECRET, TOKEN, VAPI_KEY
from tests.onboarding.fakes import ACCOUNT_SID, KEY_SID

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import SecretStr

PROFILE = {"accountSid": ACCOUNT_SID, "apiKey": KEY_SID, "apiSecret": KEY_SECRET}
PAIR = {"TWILIO_ACCOUNT_SID": ACCOUNT_SID, "TWILIO_AUTH_TOKEN": TOKEN}
CONFIG: dict[str, Any] = {
    # Profiles of earlier versions have their secrets elsewhere.
    "projects": [{"id": "older", "accountSid": ACCOUNT_SID}],
    "profiles": {"other": PROFILE, "shop": PROFILE, "broken": {"accountSid": "AC1"}, "none": None},
    "activeProject": "shop",
}


def keep(home: Path, config: str) -> None:
    folder = home / ".twilio-cli"
    folder.mkdir()
    (folder / "config.json").write_text(config)


async def found(environ: dict[str, str]) -> list[str]:
    """Tell where keys were found, in the order in which they are offered."""
    learnt: list[SecretStr] = []
    around = await KeysAround(environ, on_secret=learnt.append).look()
    # No log may ever show one, taken or not.
    assert len(learnt) == len(around)
    for one in around:
        for secret in (VAPI_KEY, TOKEN, KEY_SECRET):
            assert secret not in f"{one!r} {offer_of(one)!r}"
    return [one.source.name for one in around]


@pytest.mark.parametrize(
    ("environ", "where"),
    [
        ({}, []),
        ({"VAPI_API_KEY": VAPI_KEY}, ["VAPI_API_KEY"]),
        ({"VAPI_API_KEY": " "}, []),
        (PAIR, ["TWILIO_AUTH_TOKEN"]),
        ({"TWILIO_ACCOUNT_SID": ACCOUNT_SID}, []),
        ({**PAIR, "TWILIO_ACCOUNT_SID": "AC1"}, []),
        ({**PAIR, "TWILIO_API_KEY": KEY_SID, "TWILIO_API_SECRET": KEY_SECRET}, ["TWILIO_API_KEY"]),
    ],
)
async def test_the_environment_is_offered_when_it_holds_a_whole_pair(
    environ: dict[str, str], where: list[str]
) -> None:
    assert await found(environ) == where


@pytest.mark.parametrize(
    ("environ", "where"),
    [
        ({}, ["shop", "other"]),
        (PAIR, ["TWILIO_AUTH_TOKEN", "shop", "other"]),
        ({**PAIR, "TWILIO_PROFILE": "other"}, ["other", "TWILIO_AUTH_TOKEN", "shop"]),
    ],
)
async def test_twilio_cli_profiles_are_offered_the_one_that_is_named_or_in_use_first(
    tmp_path: Path, environ: dict[str, str], where: list[str]
) -> None:
    keep(tmp_path, json.dumps(CONFIG))
    assert await found({"HOME": str(tmp_path), **environ}) == where


@pytest.mark.parametrize("config", ["", "{", "[]", '{"profiles": []}', '{"profiles": {"a": 1}}'])
async def test_a_file_that_makes_no_sense_offers_nothing(tmp_path: Path, config: str) -> None:
    keep(tmp_path, config)
    assert await found({"HOME": str(tmp_path)}) == []
