"""An API key takes the auth token's place: one key, whatever happens, and never no way in."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings, strategies as st

from ava_setup.onboarding.credentials import ApiKey, TwilioKey
from ava_setup.onboarding.errors import ErrorCode, SetupError, StoreError, Vendor
from ava_setup.onboarding.keymaker import key_name
from ava_setup.onboarding.state import ImportNumber, Undone
from tests.onboarding.fakes import KEY_SECRET, NUMBER, down, timed_out, unreachable
from tests.onboarding.key_line import NAME, KeyLine, cut_short

if TYPE_CHECKING:
    from ava_setup.onboarding.errors import VendorError as Failure

TOKEN_ALONE = {"twilio-auth-token"}
KEY_ALONE = {"twilio-api-secret"}
FOREIGN = f"SK{'f' * 32}"


async def key_line(**how: object) -> KeyLine:
    line = KeyLine(**how)
    await line.opened()
    return line


async def refusal(line: KeyLine) -> SetupError:
    with pytest.raises(SetupError) as caught:
        await line.setup.make_key()
    return caught.value


async def has_one_key(line: KeyLine) -> bool:
    """Whether there is one key, and it is the one that is used, and the token is gone."""
    access = line.saved().twilio
    assert access is not None
    (key,) = line.twilio.keys
    return (
        access.key_sid == key
        and await line.secrets() == KEY_ALONE
        and line.store.state.live.secrets >= KEY_ALONE
        and not line.store.state.live.secrets & TOKEN_ALONE
        and await line.opens_twilio()
    )


async def works_by_token(line: KeyLine) -> bool:
    """Whether all is as before: no key, and the token in use."""
    access = line.saved().twilio
    assert access is not None
    return (
        not line.twilio.keys
        and not access.key_sid
        and await line.secrets() == TOKEN_ALONE
        and await line.opens_twilio()
    )


async def test_a_key_is_made_named_and_used_and_the_token_is_forgotten() -> None:
    line = await key_line()
    await line.setup.make_key()
    assert await has_one_key(line)
    (key,) = await line.twilio.list_keys()
    assert key.name == NAME
    (intent,) = line.intents
    assert (intent.made, intent.name, intent.undone) == (key.sid, NAME, Undone.NOT)
    assert KEY_SECRET not in line.saved().model_dump_json()
    # Every later request is made with it, in this run and in the next.
    assert await line.setup.list_numbers()
    assert (await line.again().link()).success


async def test_the_intent_is_written_before_the_request() -> None:
    line = await key_line()
    seen: list[str] = []
    line.twilio.before["create_key"] = lambda: seen.extend(one.name for one in line.intents)
    await line.setup.make_key()
    assert seen == [NAME]


async def test_an_import_hands_vapi_the_key() -> None:
    line = await key_line()
    await line.setup.make_key()
    assert (await line.setup.link()).success
    handed = line.vapi.handed[NUMBER]
    assert isinstance(handed, ApiKey)
    assert {handed.key_sid} == line.keys
    (noted,) = (one for one in line.saved().journal if isinstance(one, ImportNumber))
    assert noted.key_sid == handed.key_sid


async def test_the_longest_names_are_cut_to_what_twilio_takes() -> None:
    assert key_name("x" * 80) == f"ava-setup for {'x' * 50}"
    assert len(key_name("é" * 49 + " " + "é" * 30)) == 63


async def test_without_a_business_there_is_no_name_for_a_key() -> None:
    line = await key_line()
    await line.store.update(lambda state: state.save(profile=None))
    assert (await refusal(line)).code is ErrorCode.PROFILE_NEEDED
    assert await works_by_token(line)


# When there can be none.


async def test_an_account_that_makes_no_keys_goes_on_with_its_token() -> None:
    line = await key_line()
    line.twilio.makes_keys = False
    assert (await refusal(line)).code is ErrorCode.TWILIO_KEY_REFUSED
    assert await works_by_token(line)
    assert line.intents == []


async def test_a_key_that_is_in_use_already_stays_the_only_one() -> None:
    line = await key_line()
    await line.setup.make_key()
    before = line.saved()
    assert (await refusal(line)).code is ErrorCode.TWILIO_KEY_REFUSED
    assert line.saved() == before
    assert await has_one_key(line)


async def test_pressed_twice_it_makes_one() -> None:
    line = await key_line()
    both = await asyncio.gather(
        line.setup.make_key(), line.setup.make_key(), return_exceptions=True
    )
    assert [type(one) for one in both] == [type(None), SetupError]
    assert await has_one_key(line)


@pytest.mark.parametrize("request_", ["list_keys", "create_key"])
async def test_a_request_that_did_nothing_changes_nothing(request_: str) -> None:
    line = await key_line()
    line.twilio.fail(request_, unreachable(Vendor.TWILIO))
    assert (await refusal(line)).code is ErrorCode.UNREACHABLE
    assert await works_by_token(line)
    assert line.intents == []


async def test_a_key_that_twilio_never_takes_is_deleted_again() -> None:
    line = await key_line()
    line.twilio.propagation = 99
    assert (await refusal(line)).code is ErrorCode.TWILIO_KEY_REFUSED
    assert await works_by_token(line)
    assert line.intents == []


async def test_a_key_that_is_not_known_everywhere_at_once_is_waited_for() -> None:
    line = await key_line()
    line.twilio.propagation = 3
    await line.setup.make_key()
    assert await has_one_key(line)


# This computer.


async def test_a_key_that_cannot_be_kept_is_deleted_again() -> None:
    line = await key_line()
    line.vault.full = True
    assert isinstance(await refusal(line), StoreError)
    assert await works_by_token(line)
    line.vault.full = False
    await line.setup.make_key()
    assert await has_one_key(line)


async def test_a_full_disk_before_the_request_asks_nothing_of_twilio() -> None:
    line = await key_line()
    line.store.full = True
    assert isinstance(await refusal(line), StoreError)
    line.store.full = False
    assert await works_by_token(line)


async def test_a_disk_that_fills_meanwhile_leaves_no_key_behind() -> None:
    line = await key_line()
    line.twilio.before["read_account"] = lambda: setattr(line.store, "full", True)
    assert isinstance(await refusal(line), StoreError)
    line.store.full = False
    line.twilio.mend()
    assert await works_by_token(line)
    await line.setup.make_key()
    assert await has_one_key(line)


async def test_a_token_that_cannot_be_forgotten_is_said_and_forgotten_at_the_next_start() -> None:
    line = await key_line()
    line.vault.stuck = True
    assert isinstance(await refusal(line), StoreError)
    assert await line.secrets() == KEY_ALONE | TOKEN_ALONE
    # Still stuck, the program starts all the same.
    await line.again().open()
    line.vault.stuck = False
    await line.again().open()
    assert await has_one_key(line)


async def test_a_token_is_not_forgotten_where_the_secret_of_the_key_is_gone() -> None:
    line = await key_line()
    await line.store.update(
        lambda state: state.save(
            twilio=state.saved.twilio and state.saved.twilio.model_copy(update={"key_sid": FOREIGN})
        )
    )
    await line.again().open()
    assert await line.secrets() == TOKEN_ALONE


# Answers that nobody saw.

UNSEEN = [timed_out(Vendor.TWILIO), down(Vendor.TWILIO)]


@pytest.mark.parametrize("error", UNSEEN)
async def test_what_an_unseen_answer_made_is_deleted_before_one_more_is_made(
    error: Failure,
) -> None:
    line = await key_line()
    most: list[int] = []
    line.twilio.before["create_key"] = lambda: most.append(len(line.twilio.keys))
    line.twilio.fail("create_key", error, done=True)
    await line.setup.make_key()
    assert most == [0, 0]
    assert await has_one_key(line)
    assert [one.made for one in line.intents] == list(line.twilio.keys)


async def test_twice_unseen_it_gives_up_and_leaves_none() -> None:
    line = await key_line()
    line.twilio.fail("create_key", timed_out(Vendor.TWILIO), done=True, times=2)
    assert (await refusal(line)).code is ErrorCode.TIMED_OUT
    assert await works_by_token(line)


@pytest.mark.parametrize("done", [False, True])
@pytest.mark.parametrize("error", UNSEEN)
async def test_where_it_cannot_be_looked_the_next_making_looks(
    error: Failure, *, done: bool
) -> None:
    line = await key_line()
    line.twilio.fail("create_key", error, done=done)
    line.twilio.before["create_key"] = lambda: line.twilio.fail(
        "list_keys", unreachable(Vendor.TWILIO)
    )
    await refusal(line)
    assert [one.made for one in line.intents] == [""]
    assert await line.opens_twilio()
    line.twilio.mend()
    line.setup = line.again()
    await line.setup.make_key()
    assert await has_one_key(line)
    assert len(line.intents) == 1


@pytest.mark.parametrize("looks", range(1, 6))
async def test_a_request_that_comes_through_late_leaves_no_second_key(looks: int) -> None:
    line = await key_line()
    line.twilio.fail("create_key", timed_out(Vendor.TWILIO))
    await refusal(line)

    # It comes through while the next making looks for it.
    left = iter(range(looks))

    def comes_through() -> None:
        if next(left, None) == looks - 1:
            late = TwilioKey(FOREIGN, NAME)
            line.twilio.keys[late.sid] = late, "nobody knows it"

    line.twilio.before["list_keys"] = comes_through
    await line.setup.make_key()
    assert await has_one_key(line)


async def test_keys_of_the_same_name_that_were_there_before_stay() -> None:
    line = await key_line()
    line.twilio.keys[FOREIGN] = TwilioKey(FOREIGN, NAME), "another computer's"
    other = TwilioKey(f"SK{'e' * 32}", "something else")
    line.twilio.keys[other.sid] = other, "somebody's"
    line.twilio.fail("create_key", timed_out(Vendor.TWILIO), done=True)
    await line.setup.make_key()
    assert line.keys > {FOREIGN, other.sid}
    assert len(line.keys) == 3


# Again, after the token was entered once more.


async def test_a_key_that_is_of_no_use_any_more_gives_way_to_the_new_one() -> None:
    line = await key_line()
    await line.setup.make_key()
    (first,) = line.keys
    await line.token_is_entered_again()
    await line.setup.make_key()
    assert await has_one_key(line)
    assert first not in line.keys
    assert [one.undone for one in line.intents] == [Undone.WHOLLY, Undone.NOT]


async def test_a_key_that_vapi_uses_is_never_deleted_by_another_making() -> None:
    line = await key_line()
    await line.setup.make_key()
    (first,) = line.keys
    assert (await line.setup.link()).success
    await line.token_is_entered_again()
    await line.setup.make_key()
    assert first in line.keys
    assert len(line.keys) == 2


# Cut short anywhere.


async def test_cut_short_at_any_moment_there_is_a_way_in_and_then_one_key() -> None:
    for turns in count(1):
        line = await key_line()
        was_cut = await cut_short(line.setup.make_key, turns)
        assert await line.opens_twilio(), f"shut out after {turns} turns"
        assert len(line.twilio.keys) <= 1
        line.setup = line.again()
        await line.setup.open()
        with suppress(SetupError):
            await line.setup.make_key()
        assert await has_one_key(line), f"after {turns} turns"
        assert [one.made for one in line.intents if one.undone is Undone.NOT] == list(
            line.twilio.keys
        )
        if not was_cut:
            assert turns > 20
            return


REQUESTS = ("list_keys", "create_key", "delete_key", "read_account")
FAULTS = st.tuples(
    st.sampled_from(REQUESTS),
    st.sampled_from([timed_out, down, unreachable]),
    st.booleans(),
    st.integers(1, 2),
)
ATTEMPTS = st.lists(
    st.tuples(st.none() | st.integers(1, 60), st.lists(FAULTS, max_size=3)), max_size=3
)


@settings(max_examples=120, deadline=None)
@given(attempts=ATTEMPTS, sends_on=st.none() | st.integers(1, 4), links=st.booleans())
async def test_whatever_goes_wrong_one_key_is_left_and_undoing_leaves_none(
    attempts: list[tuple[int | None, list[tuple[str, object, bool, int]]]],
    sends_on: int | None,
    links: bool,  # noqa: FBT001
) -> None:
    line = await key_line()
    line.twilio.sends_on = sends_on
    for turns, faults in attempts:
        for request, error, done, times in faults:
            raised = error(Vendor.TWILIO)  # type: ignore[operator] # one of the makers above
            did_it = done and raised.may_have_acted
            line.twilio.fail(request, raised, done=did_it, times=times)
        with suppress(SetupError):
            if turns is None:
                await line.setup.make_key()
            else:
                await cut_short(line.setup.make_key, turns)
        line.twilio.mend()
        assert await line.opens_twilio()
        line.setup = line.again()
        await line.setup.open()
    with suppress(SetupError):
        await line.setup.make_key()
    assert await has_one_key(line)
    if links:
        assert (await line.setup.link()).success
    await line.token_is_entered_again()
    await line.setup.undoer.carry_out(await line.setup.undoer.plan())
    assert not line.twilio.keys
    assert not line.setup.undoer.has_something
