"""Undo of an API key: numbers first, the key last, and never while a number at Vapi needs it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from ava_setup.onboarding.credentials import AuthToken, TwilioKey
from ava_setup.onboarding.errors import ErrorCode, SetupError, Vendor, VendorError
from ava_setup.onboarding.state import Connection, Region
from ava_setup.onboarding.undo_steps import DeleteNumber, UndoPlan
from tests.onboarding.fakes import (
    AT_TWILIO,
    NUMBER,
    OTHER,
    TOKEN_PAIR,
    down,
    rejected,
    timed_out,
    unreachable,
)
from tests.onboarding.key_line import NAME, KeyLine
from tests.onboarding.taking_back import SAY, kinds, linked, undo, vendors, wholly

if TYPE_CHECKING:
    from ava_setup.onboarding.errors import VendorError as Failure

FOREIGN = f"SK{'f' * 32}"


async def with_a_key(*, links: bool = True) -> KeyLine:
    """Give a line whose key is in use, by this program and by Vapi."""
    line = KeyLine()
    await line.opened()
    await line.setup.make_key()
    if links:
        await linked(line)
    return line


async def test_with_the_token_the_key_goes_last() -> None:
    line = KeyLine()
    await line.opened()
    before = vendors(line)
    await line.setup.make_key()
    await linked(line)
    await line.token_is_entered_again()
    done, left = await undo(line)
    assert kinds(done) == ["PutWebhooksBack", "DeleteNumber", "DeleteKey"]
    assert SAY(done[-1].words) == f"delete the API key “{NAME}” at Twilio"
    assert left == []
    assert vendors(line) == before
    assert wholly(line)
    assert await line.setup.undoer.plan() == UndoPlan()


async def test_with_the_key_alone_the_rest_is_undone_and_how_to_delete_it_is_said() -> None:
    line = await with_a_key()
    done, left = await undo(line)
    assert kinds(done) == ["PutWebhooksBack", "DeleteNumber"]
    assert line.twilio.numbers[NUMBER] == AT_TWILIO
    assert len(left) == 1
    assert NAME in left[0]
    assert "console.twilio.com" in left[0]
    assert len(line.twilio.keys) == 1
    # It is still known: with the token it goes.
    assert line.setup.undoer.has_something
    await line.token_is_entered_again()
    done, left = await undo(line)
    assert (kinds(done), left) == (["DeleteKey"], [])
    assert not line.twilio.keys
    assert wholly(line)


async def test_a_key_made_before_there_was_anything_at_vapi_needs_no_key_of_vapis() -> None:
    line = await with_a_key(links=False)
    await line.store.update(lambda state: state.save(connection=None))
    await line.token_is_entered_again()
    line.vapi.fail("list_assistants", unreachable())
    done, _left = await undo(line)
    assert kinds(done) == ["DeleteKey"]


async def test_a_key_that_vapi_uses_for_a_number_that_stays_stays_too() -> None:
    line = await with_a_key()
    line.vapi.numbers = {
        one.id: replace(one, assistant_id=OTHER.id) for one in line.vapi.numbers.values()
    }
    await line.token_is_entered_again()
    done, left = await undo(line)
    assert done == []
    assert "Vapi still uses it for +33 1 99 00 12 34" in left[-1]
    assert len(line.twilio.keys) == 1
    # Taken out of Vapi by hand, the number needs it no more.
    line.vapi.numbers.clear()
    await undo(line)
    assert not line.twilio.keys
    assert wholly(line)


async def test_a_key_that_another_organisation_uses_stays() -> None:
    line = await with_a_key()
    await line.token_is_entered_again()
    elsewhere = Connection(region=Region.US, org_id="another org")
    await line.store.update(lambda state: state.save(connection=elsewhere))
    done, left = await undo(line)
    assert done == []
    assert any("Vapi still uses it" in text for text in left)
    assert len(line.twilio.keys) == 1


async def test_a_key_that_was_made_after_the_import_is_needed_by_no_number() -> None:
    line = KeyLine()
    await line.opened()
    await linked(line)
    await line.setup.make_key()
    line.vapi.numbers = {
        one.id: replace(one, assistant_id=OTHER.id) for one in line.vapi.numbers.values()
    }
    await line.token_is_entered_again()
    done, _left = await undo(line)
    assert kinds(done) == ["DeleteKey"]


async def test_a_key_whose_number_nobody_agreed_to_remove_stays() -> None:
    line = await with_a_key()
    await line.token_is_entered_again()
    plan = await line.setup.undoer.plan()
    agreed = replace(
        plan, steps=tuple(step for step in plan.steps if not isinstance(step, DeleteNumber))
    )
    await line.setup.undoer.carry_out(agreed)
    assert len(line.twilio.keys) == len(line.vapi.numbers) == 1


@pytest.mark.parametrize("again", [False, True])
async def test_of_an_unseen_making_what_came_to_be_by_its_name_is_deleted(*, again: bool) -> None:
    line = KeyLine()
    await line.opened()
    line.twilio.keys[FOREIGN] = TwilioKey(FOREIGN, NAME), "another computer's"
    line.twilio.fail("create_key", timed_out(Vendor.TWILIO), done=True)
    line.twilio.before["create_key"] = lambda: line.twilio.fail(
        "list_keys", unreachable(Vendor.TWILIO)
    )
    with suppress(SetupError):
        await line.setup.make_key()
    line.twilio.mend()
    assert len(line.twilio.keys) == 2
    if again:
        await line.setup.make_key()
        await line.token_is_entered_again()
    done, left = await undo(line)
    assert (kinds(done), left) == (["DeleteKey"], [])
    assert set(line.twilio.keys) == {FOREIGN}
    assert wholly(line)


async def test_a_key_that_is_gone_is_settled() -> None:
    line = await with_a_key(links=False)
    await line.token_is_entered_again()
    line.twilio.keys.clear()
    assert await undo(line) == ([], [])
    assert wholly(line)


async def test_a_key_of_another_account_stays_and_is_said() -> None:
    line = await with_a_key(links=False)
    other = AuthToken(account_sid=f"AC{'9' * 32}", auth_token=TOKEN_PAIR.auth_token)
    await line.setup.check_twilio(other)
    done, left = await undo(line)
    assert (done, len(left)) == ([], 1)
    assert len(line.twilio.keys) == 1
    assert line.setup.undoer.has_something


@pytest.mark.parametrize("error", [timed_out(Vendor.TWILIO), down(Vendor.TWILIO)])
@pytest.mark.parametrize("acted", [False, True])
async def test_an_unseen_deletion_is_looked_after(error: Failure, *, acted: bool) -> None:
    line = await with_a_key()
    await line.token_is_entered_again()
    line.twilio.fail("delete_key", error, done=acted)
    if not acted:
        with pytest.raises(VendorError):
            await undo(line)
        line.setup = line.again()
        await line.setup.open()
    done, _left = await undo(line)
    assert kinds(done)[-1] == "DeleteKey"
    assert not line.twilio.keys
    assert wholly(line)


async def test_a_key_that_twilio_will_not_delete_is_said_and_the_rest_is_undone() -> None:
    line = await with_a_key()
    await line.token_is_entered_again()
    line.twilio.fail("delete_key", rejected(ErrorCode.TWILIO_KEY_STAYS))
    done, left = await undo(line)
    assert kinds(done) == ["PutWebhooksBack", "DeleteNumber"]
    assert "console.twilio.com" in left[0]
    assert line.setup.undoer.has_something
