"""A key in place of the token, from the first request to the undoing, with the real clients."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr

from ava_setup.clients.patience import RetryPolicy
from ava_setup.clients.vendors import HttpVendors
from ava_setup.onboarding.credentials import AuthToken
from ava_setup.onboarding.errors import ErrorCode, SetupError
from ava_setup.onboarding.setup import Setup
from ava_setup.sandbox.quirks import Quirk
from ava_setup.store.places import Places
from ava_setup.store.state_file import StateFile
from ava_setup.store.state_store import StateStore
from ava_setup.store.vault import open_vault
from tests.onboarding.fakes import PROFILE, draft
from tests.onboarding.key_line import NAME

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.sandbox.lab import Lab

KEYS = "/2010-04-01/Accounts/{sid}/Keys.json"


class Owner:
    """A business owner with a folder on this computer, and accounts at the sandbox."""

    def __init__(self, lab: Lab, home: Path, opened: AsyncExitStack) -> None:
        self.lab = lab
        self.home = home
        self._opened = opened

    async def starts(self) -> Setup:
        """Start the program, on whatever is in the folder."""
        places, told = Places(self.home), self.lab.told
        folder = places.profile()
        file = StateFile(folder.state)
        environ = {"AVA_SETUP_VAPI_URL": told.vapi_url, "AVA_SETUP_TWILIO_URL": told.twilio_url}
        vendors = HttpVendors(environ, policy=RetryPolicy(tries=1))
        store = StateStore(file, file.load().saved)
        vault = open_vault(places, folder.name)
        setup = Setup(store, vault, vendors, poll_s=0.01, settle_s=0.01)
        self._opened.push_async_callback(setup.aclose)
        await setup.open()
        return setup

    async def connects(self) -> Setup:
        """Go as far as Twilio's credentials."""
        setup = await self.starts()
        await setup.save_profile(PROFILE)
        await setup.connect(SecretStr(self.lab.told.vapi_key))
        await self.enters_the_token(setup)
        return setup

    async def enters_the_token(self, setup: Setup) -> None:
        told = self.lab.told
        token = SecretStr(told.twilio_auth_token)
        await setup.check_twilio(AuthToken(account_sid=told.twilio_account_sid, auth_token=token))

    async def links(self, setup: Setup) -> None:
        numbers = setup.store.state.live.numbers or ()
        await setup.choose_number(numbers[0])
        result = await setup.link()
        assert result.success, result.problem

    @property
    def keys(self) -> list[dict[str, Any]]:
        """The keys at Twilio."""
        (account,) = self.lab.state()["twilio"]["accounts"]
        held: list[dict[str, Any]] = account["keys"]
        return held

    def kept(self) -> str:
        """All that is in the folder."""
        files = [one for one in self.home.rglob("*") if one.is_file()]
        return "\n".join(one.read_text(encoding="utf-8") for one in files)


@pytest.fixture
async def owner(lab: Lab, tmp_path: Path) -> AsyncIterator[Owner]:
    async with AsyncExitStack() as opened:
        yield Owner(lab, tmp_path / "home", opened)


async def test_vapi_is_given_the_key_and_the_token_is_nowhere(owner: Owner) -> None:
    setup = await owner.connects()
    assert owner.lab.told.twilio_auth_token in owner.kept()
    await setup.make_key()
    (key,) = owner.keys
    assert key["friendly_name"] == NAME
    assert owner.lab.told.twilio_auth_token not in owner.kept()
    await setup.create_assistant(draft())
    # The next run finds the key, and needs nothing else.
    again = await owner.starts()
    await again.list_numbers()
    await owner.links(again)
    (record,) = owner.lab.state()["vapi"]["numbers"]
    assert (record["twilioApiKey"], record["twilioApiSecret"]) == (key["sid"], key["secret"])
    assert "twilioAuthToken" not in record
    assert owner.lab.call()["answered"]


async def test_all_of_it_is_undone_once_the_token_is_entered(owner: Owner) -> None:
    setup = await owner.connects()
    # What was called is in both logs for good: compared are the things themselves.
    number, before = owner.lab.at_twilio(), owner.lab.state()["vapi"]
    await setup.make_key()
    await setup.create_assistant(draft())
    await owner.links(setup)
    left = await setup.undoer.carry_out(await setup.undoer.plan())
    assert len(left) == 1
    assert len(owner.keys) == 1
    await owner.enters_the_token(setup)
    assert await setup.undoer.carry_out(await setup.undoer.plan()) == ()
    assert owner.keys == []
    assert owner.lab.state()["vapi"] == before
    now = owner.lab.at_twilio()
    assert {**now, "date_updated": ""} == {**number, "date_updated": ""}
    assert not setup.undoer.has_something


async def test_an_account_whose_policy_forbids_keys_goes_on_with_its_token(owner: Owner) -> None:
    setup = await owner.connects()
    owner.lab.switch_on(Quirk.KEY_POLICY)
    with pytest.raises(SetupError) as caught:
        await setup.make_key()
    assert caught.value.code is ErrorCode.TWILIO_KEY_REFUSED
    assert owner.keys == []
    await setup.create_assistant(draft())
    await owner.links(setup)
    (record,) = owner.lab.state()["vapi"]["numbers"]
    assert record["twilioAuthToken"] == owner.lab.told.twilio_auth_token


@pytest.mark.parametrize(
    "fault", [{"kind": "reset", "acted": True}, {"kind": "error", "acted": True}]
)
async def test_a_key_whose_secret_was_lost_on_the_way_is_replaced(
    owner: Owner, fault: dict[str, Any]
) -> None:
    setup = await owner.connects()
    path = KEYS.format(sid=owner.lab.told.twilio_account_sid)
    order = {"vendor": "twilio", "method": "POST", "path": path, "times": 1, **fault}
    assert owner.lab.control("faults", **order).status_code == 200
    await setup.make_key()
    (key,) = owner.keys
    access = setup.saved.twilio
    assert access is not None
    assert access.key_sid == key["sid"]
    made = [one for one in owner.lab.requests() if (one["method"], one["path"]) == ("POST", path)]
    assert len(made) == 2
