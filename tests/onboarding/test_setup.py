"""The use cases, through the real clients and the real store, against a sandbox of both vendors."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr

from ava_setup.clients.patience import RetryPolicy
from ava_setup.clients.twilio import TwilioClient
from ava_setup.clients.vapi import VapiClient
from ava_setup.clients.vendors import HttpVendors
from ava_setup.onboarding import ports
from ava_setup.onboarding.checks import all_passed
from ava_setup.onboarding.credentials import (
    AccountKind,
    ApiKey,
    AuthToken,
    SecretName,
    TwilioRegion,
)
from ava_setup.onboarding.errors import (
    CredentialsRefused,
    ErrorCode,
    VendorError,
)
from ava_setup.onboarding.number import TargetKind
from ava_setup.onboarding.outcome import Consent, LinkResult, Outcome
from ava_setup.onboarding.setup import Setup
from ava_setup.onboarding.state import (
    ChosenAssistant,
    ChosenNumber,
    Connection,
    CreateAssistant,
    ImportNumber,
    Region,
    RelinkNumber,
    Saved,
    TwilioAccess,
)
from ava_setup.onboarding.steps import StepId, first_open
from ava_setup.onboarding.verdicts import CheckId, Verdict
from ava_setup.store.places import Places
from ava_setup.store.state_file import StateFile
from ava_setup.store.state_store import StateStore
from ava_setup.store.vault import LocalVault, open_vault
from ava_setup.words import Language, Voice
from tests.canaries import WRONG_TOKEN
from tests.onboarding.fakes import (
    BUSINESS_ID,
    PROFILE,
    FakeTwilio,
    FakeVapi,
    FakeVendors,
    MemoryStore,
    draft,
)
from tests.sandbox.lab import CALLER

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from ava_setup.onboarding.assistant import Assistant
    from tests.sandbox.lab import Lab

say = Voice(Language.EN)
GREETING = draft().first_message
NOT_FOUND = "Phone Number Not Found"
CLOSED_PORT = "http://127.0.0.1:9"


class Owner:
    """A business owner with a folder on this computer, and accounts at the sandbox."""

    def __init__(self, lab: Lab, home: Path, opened: AsyncExitStack) -> None:
        self.lab = lab
        self.places = Places(home)
        self._opened = opened

    async def starts(self, **addresses: str) -> Setup:
        """Start the program, on whatever is in the folder."""
        folder = self.places.profile()
        loaded = StateFile(folder.state).load()
        assert loaded.problem is None
        told = self.lab.told
        environ = {
            "AVA_SETUP_VAPI_URL": told.vapi_url,
            "AVA_SETUP_TWILIO_URL": told.twilio_url,
            **addresses,
        }
        setup = Setup(
            StateStore(StateFile(folder.state), loaded.saved),
            open_vault(self.places, folder.name),
            HttpVendors(environ, policy=RetryPolicy(tries=1)),
            poll_s=0.01,
            settle_s=0.01,
        )
        self._opened.push_async_callback(setup.aclose)
        await setup.open()
        return setup

    async def connects(self, number: str | None = None) -> Setup:
        """Start and go as far as the number: only the link is left to be made."""
        setup = await self.starts()
        await setup.save_profile(PROFILE)
        await setup.connect(self.vapi_key)
        await setup.check_twilio(self.token_pair)
        await self.chooses(setup, number)
        return setup

    async def was_connected(self) -> Setup:
        """Start on what an earlier run left, when both vendors still accepted everything."""
        folder = self.places.profile()
        vault = open_vault(self.places, folder.name)
        await vault.load()
        await vault.write(SecretName.VAPI_KEY, self.vapi_key)
        await vault.write(SecretName.TWILIO_AUTH_TOKEN, self.token_pair.auth_token)
        saved = Saved(
            profile=PROFILE,
            connection=Connection(region=Region.CUSTOM),
            twilio=TwilioAccess(
                account_sid=self.token_pair.account_sid, region=TwilioRegion.CUSTOM
            ),
            number=ChosenNumber(sid="PN", number=self.lab.told.numbers[0]),
        )
        StateFile(folder.state).write(saved)
        return await self.starts()

    async def chooses(self, setup: Setup, number: str | None = None) -> None:
        numbers = {one.number: one for one in setup.store.state.live.numbers or ()}
        await setup.choose_number(numbers[number or self.lab.told.numbers[0]])

    @property
    def vapi_key(self) -> SecretStr:
        return SecretStr(self.lab.told.vapi_key)

    @property
    def token_pair(self) -> AuthToken:
        return AuthToken(
            account_sid=self.lab.told.twilio_account_sid,
            auth_token=SecretStr(self.lab.told.twilio_auth_token),
        )

    def vendors_hold(self) -> bytes:
        """Everything that both vendors hold, byte for byte."""
        return self.lab.client.get(f"{self.lab.told.control_url}/state").content

    def hears(self, number: str | None = None) -> str:
        """Ring the number as a customer would, and listen to the first words."""
        return str(self.lab.call(number)["heard"])

    def at_vapi(self, number: str | None = None) -> dict[str, Any]:
        """The one record of a number at Vapi; there must not be two."""
        wanted = number or self.lab.told.numbers[0]
        (record,) = (
            one for one in self.lab.state()["vapi"]["numbers"] if one.get("number") == wanted
        )
        return dict(record)

    def assistant_named(self, name: str) -> dict[str, Any]:
        (record,) = (
            one for one in self.lab.state()["vapi"]["assistants"] if one.get("name") == name
        )
        return dict(record)


@pytest.fixture
async def owner(lab: Lab, tmp_path: Path) -> AsyncIterator[Owner]:
    async with AsyncExitStack() as opened:
        yield Owner(lab, tmp_path / "home", opened)


def assert_proven(result: LinkResult, outcome: Outcome) -> None:
    assert (result.success, result.outcome, result.problem) == (True, outcome, None)
    assert all_passed(result.checks)
    assert result.phone is not None
    assert result.phone.provider == "twilio"
    assert result.phone.assistant_id == result.assistant_id


def failure(result: LinkResult) -> ErrorCode:
    assert not result.success
    assert not all_passed(result.checks)
    assert result.problem is not None
    assert say(result.message) == say(result.problem.what)
    return result.problem.code


def verdict(result: LinkResult, check_id: CheckId) -> Verdict:
    return next(check.verdict for check in result.checks if check.id is check_id)


@pytest.mark.parametrize(
    ("port", "kinds"),
    [
        (ports.Vapi, [VapiClient, FakeVapi]),
        (ports.Twilio, [TwilioClient, FakeTwilio]),
        (ports.Vendors, [HttpVendors, FakeVendors]),
        (ports.Store, [StateStore, MemoryStore]),
        (ports.Vault, [LocalVault]),
    ],
)
def test_the_real_things_and_their_stand_ins_have_all_that_the_engine_asks_for(
    port: type, kinds: list[type]
) -> None:
    wanted = {name for name in vars(port) if not name.startswith("_")}
    assert wanted
    for kind in kinds:
        assert wanted <= set(dir(kind))


# fresh: nothing but a number that plays Twilio's demo.


async def test_fresh_an_assistant_is_made_then_the_number_is_imported_linked_and_answered(
    owner: Owner,
) -> None:
    setup = await owner.starts()
    await setup.save_profile(PROFILE)
    assert (await setup.connect(owner.vapi_key)).region is Region.CUSTOM
    assert setup.store.state.live.assistants == ()
    made = await setup.create_assistant(draft())
    account = await setup.check_twilio(owner.token_pair)
    assert account.kind is AccountKind.FULL
    await setup.read_balance()
    assert setup.store.state.live.account is not None
    assert setup.store.state.live.account.balance == "12.40 USD"
    assert [one.target.kind for one in setup.store.state.live.numbers or ()] == [TargetKind.DEMO]
    await owner.chooses(setup)
    result = await setup.link()
    assert_proven(result, Outcome.IMPORTED)
    assert not result.auto_linked
    assert result.assistant_id == made.id
    assert made.name in say(result.message)
    assert owner.at_vapi()["assistantId"] == made.id
    assert owner.at_vapi()["smsEnabled"] is False
    assert owner.hears() == GREETING


async def test_fresh_without_an_assistant_nothing_is_written_and_no_call_gets_through(
    owner: Owner,
) -> None:
    setup = await owner.connects()
    await setup.assistant_later()
    before = owner.vendors_hold()
    result = await setup.link()
    assert failure(result) is ErrorCode.ASSISTANT_REQUIRED
    assert result.outcome is Outcome.ASSISTANT_REQUIRED
    assert verdict(result, CheckId.ASSISTANT) is Verdict.FAILED
    assert owner.vendors_hold() == before
    assert owner.lab.call()["answered"] is False
    # The assistant is all that was missing: nothing else is entered again.
    await setup.create_assistant(draft())
    assert_proven(await setup.link(), Outcome.IMPORTED)
    assert owner.hears() == GREETING


async def test_fresh_an_assistant_nobody_chose_is_taken_and_named(owner: Owner) -> None:
    owner.lab.assistant(name="Older")
    newest = owner.lab.assistant(name="Newest", firstMessage="Hello from the newest.")
    setup = await owner.connects()
    result = await setup.link()
    assert_proven(result, Outcome.IMPORTED)
    assert (result.auto_linked, result.assistant_id) == (True, newest["id"])
    assert "Newest" in say(result.message)
    assert owner.hears() == "Hello from the newest."
    assert setup.saved.assistant == ChosenAssistant(
        id=newest["id"], name="Newest", auto_linked=True
    )


async def test_fresh_ours_for_this_business_is_taken_before_a_newer_one(owner: Owner) -> None:
    ours = owner.lab.assistant(
        name="Ours", firstMessage="Ours.", metadata={"businessId": BUSINESS_ID}
    )
    owner.lab.assistant(name="Newer", metadata={"businessId": "f" * 32})
    result = await (await owner.connects()).link()
    assert_proven(result, Outcome.IMPORTED)
    assert result.assistant_id == ours["id"]
    assert owner.hears() == "Ours."


async def test_fresh_an_api_key_serves_as_well_as_the_token(owner: Owner) -> None:
    sid = owner.lab.told.twilio_account_sid
    key = owner.lab.twilio("POST", "/Keys.json", data={"FriendlyName": "ava"}).json()
    owner.lab.assistant(firstMessage="Hello by key.")
    setup = await owner.starts()
    await setup.save_profile(PROFILE)
    await setup.connect(owner.vapi_key)
    account = await setup.check_twilio(
        ApiKey(account_sid=sid, key_sid=key["sid"], key_secret=SecretStr(key["secret"]))
    )
    assert account.kind is AccountKind.HIDDEN
    await owner.chooses(setup)
    assert_proven(await setup.link(), Outcome.IMPORTED)
    assert owner.hears() == "Hello by key."
    assert setup.saved.twilio == TwilioAccess(
        account_sid=sid, key_sid=key["sid"], region=TwilioRegion.CUSTOM
    )


async def test_fresh_the_first_call_is_seen(owner: Owner) -> None:
    owner.lab.assistant()
    setup = await owner.connects()
    owner.hears()
    assert (await setup.link()).success
    wait = asyncio.create_task(setup.wait_for_call())
    await asyncio.sleep(0.1)
    assert not wait.done()
    owner.hears()
    call = await asyncio.wait_for(wait, 5)
    assert call.caller == CALLER
    assert setup.saved.answered is not None
    assert first_open(setup.store.state) is StepId.PROOF


async def test_fresh_the_same_creation_twice_makes_one_assistant_as_last_described(
    owner: Owner,
) -> None:
    setup = await owner.connects()
    first = await setup.create_assistant(draft("Before", "c" * 32))
    second = await setup.create_assistant(draft("After", "c" * 32))
    assert second.id == first.id
    (only,) = owner.lab.state()["vapi"]["assistants"]
    assert only["name"] == "After"
    assert only["metadata"]["adminEmail"] == PROFILE.admin_email


async def test_fresh_a_creation_that_nobody_saw_the_end_of_is_taken_up_by_the_next_start(
    owner: Owner,
) -> None:
    setup = await owner.connects()
    made = await setup.create_assistant(draft("Before"))
    (creation,) = setup.saved.journal
    assert isinstance(creation, CreateAssistant)
    # As a power cut after Vapi's answer would leave it.
    unseen = creation.model_copy(update={"made": ""})
    await setup.store.update(lambda state: state.save(journal=(unseen,), assistant=None))
    again = await (await owner.starts()).create_assistant(draft("After"))
    assert (again.id, again.name) == (made.id, "After")
    assert len(owner.lab.state()["vapi"]["assistants"]) == 1


async def test_fresh_what_the_import_overwrites_is_in_the_journal(owner: Owner) -> None:
    owner.lab.assistant()
    before = owner.lab.at_twilio()
    setup = await owner.connects()
    await setup.link()
    (entry,) = setup.saved.journal
    assert isinstance(entry, ImportNumber)
    assert entry.voice_url == before["voice_url"]
    assert entry.made == owner.at_vapi()["id"]
    # Messages are not taken over.
    assert owner.lab.at_twilio()["sms_url"] == before["sms_url"]


async def test_fresh_nothing_is_asked_again_after_a_new_start(owner: Owner) -> None:
    setup = await owner.connects()
    await setup.remember({"hours": "8h-18h"})
    await setup.create_assistant(draft())
    assert (await setup.link()).success
    kept = setup.saved
    await setup.aclose()
    again = await owner.starts()
    assert again.saved == kept
    assert again.store.state.live.secrets == {
        SecretName.VAPI_KEY,
        SecretName.TWILIO_AUTH_TOKEN,
    }
    assert first_open(again.store.state) is StepId.PROOF
    assert all_passed(await again.verify())
    result = await again.link()
    assert_proven(result, Outcome.ALREADY_LINKED)
    # A second assistant asks for nothing that is known.
    second = await again.create_assistant(draft("Second"))
    assert second.admin_email == PROFILE.admin_email
    assert_proven(await again.link(frozenset({Consent.REASSIGN})), Outcome.REASSIGNED)


async def test_fresh_credentials_are_kept_though_the_link_then_fails(owner: Owner) -> None:
    setup = await owner.connects()
    assert not (await setup.link()).success
    again = await owner.starts()
    assert again.saved.twilio is not None
    assert again.saved.twilio.account_sid == owner.lab.told.twilio_account_sid
    assert len(await again.list_numbers()) == 1


async def test_fresh_credentials_are_kept_though_vapi_then_refuses_the_import(
    owner: Owner,
) -> None:
    made = owner.lab.assistant()
    setup = await owner.connects()
    # No request can make another organisation hold a number.
    owner.lab.world.org.used_elsewhere = frozenset(owner.lab.told.numbers)
    before = owner.vendors_hold()
    result = await setup.link()
    assert failure(result) is ErrorCode.NUMBER_IN_OTHER_ORG
    assert owner.vendors_hold() == before
    assert setup.saved.journal == ()
    again = await owner.starts()
    assert again.store.state.live.secrets == {
        SecretName.VAPI_KEY,
        SecretName.TWILIO_AUTH_TOKEN,
    }
    owner.lab.world.org.used_elsewhere = frozenset()
    result = await again.link()
    assert_proven(result, Outcome.IMPORTED)
    assert result.assistant_id == made["id"]


async def test_fresh_a_number_that_serves_someone_is_only_taken_on_consent(owner: Owner) -> None:
    owner.lab.assistant(firstMessage="Hello.")
    owner.lab.point(VoiceUrl="https://handler.twilio.com/twiml/EH5a5a5a")
    setup = await owner.connects()
    before = owner.vendors_hold()
    result = await setup.link()
    assert failure(result) is ErrorCode.POINTS_ELSEWHERE
    assert result.consent is Consent.OVERWRITE
    assert owner.vendors_hold() == before
    assert_proven(await setup.link(frozenset({Consent.OVERWRITE})), Outcome.IMPORTED)
    assert owner.hears() == "Hello."


async def test_fresh_a_chosen_assistant_that_was_deleted_is_said_to_be_gone(owner: Owner) -> None:
    chosen = owner.lab.assistant(name="Chosen")
    owner.lab.assistant(name="Another")
    setup = await owner.connects()
    listed = {one.id: one for one in await setup.list_assistants()}
    await setup.choose_assistant(listed[chosen["id"]])
    owner.lab.vapi("DELETE", f"/assistant/{chosen['id']}")
    before = owner.vendors_hold()
    assert failure(await setup.link()) is ErrorCode.ASSISTANT_GONE
    assert owner.vendors_hold() == before


async def test_fresh_a_vapi_that_cannot_be_reached_is_said_so_and_nothing_is_written(
    owner: Owner,
) -> None:
    owner.lab.assistant()
    await owner.connects()
    offline = await owner.starts(AVA_SETUP_VAPI_URL=CLOSED_PORT)
    before = owner.vendors_hold()
    result = await offline.link()
    assert failure(result) is ErrorCode.UNREACHABLE
    assert "Vapi" in say(result.message)
    assert owner.vendors_hold() == before


async def test_fresh_a_twilio_that_cannot_be_reached_is_said_so_and_nothing_is_written(
    owner: Owner,
) -> None:
    owner.lab.assistant()
    await owner.connects()
    offline = await owner.starts(AVA_SETUP_TWILIO_URL=CLOSED_PORT)
    before = owner.vendors_hold()
    result = await offline.link()
    assert failure(result) is ErrorCode.UNREACHABLE
    assert "Twilio" in say(result.message)
    assert owner.vendors_hold() == before


async def test_fresh_wrong_twilio_credentials_are_refused_and_not_kept(owner: Owner) -> None:
    setup = await owner.starts()
    wrong = replace(owner.token_pair, auth_token=SecretStr(WRONG_TOKEN))
    with pytest.raises(CredentialsRefused):
        await setup.check_twilio(wrong)
    again = await owner.starts()
    assert again.saved.twilio is None
    assert not again.store.state.live.secrets


async def test_fresh_no_secret_is_in_the_state_file(owner: Owner) -> None:
    setup = await owner.connects()
    await setup.create_assistant(draft())
    await setup.link()
    kept = owner.places.profile().state.read_text(encoding="utf-8")
    assert owner.lab.told.twilio_account_sid in kept
    assert owner.lab.told.twilio_auth_token not in kept
    assert owner.lab.told.vapi_key not in kept


# unlinked: imported without an assistant.


async def test_unlinked_the_number_is_relinked_and_answered(owner: Owner) -> None:
    owner.lab.play("unlinked")
    assert NOT_FOUND in owner.hears()
    setup = await owner.connects()
    record = owner.at_vapi()["id"]
    result = await setup.link()
    assert_proven(result, Outcome.RELINKED)
    assert result.auto_linked
    assert result.phone is not None
    assert result.phone.id == record
    assert owner.hears() == owner.assistant_named("Accueil Martin Plomberie")["firstMessage"]
    (entry,) = setup.saved.journal
    assert isinstance(entry, RelinkNumber)
    assert entry.made == record


async def test_unlinked_without_an_assistant_it_stays_as_it_is(owner: Owner) -> None:
    owner.lab.play("unlinked")
    only = owner.assistant_named("Accueil Martin Plomberie")
    owner.lab.vapi("DELETE", f"/assistant/{only['id']}")
    setup = await owner.connects()
    before = owner.vendors_hold()
    assert failure(await setup.link()) is ErrorCode.ASSISTANT_REQUIRED
    assert owner.vendors_hold() == before
    assert NOT_FOUND in owner.hears()


# linked-elsewhere: somebody else answers today.


async def test_linked_elsewhere_nothing_is_written_before_the_user_agrees(owner: Owner) -> None:
    owner.lab.play("linked-elsewhere")
    today = owner.hears()
    setup = await owner.connects()
    before = owner.vendors_hold()
    result = await setup.link()
    assert failure(result) is ErrorCode.LINKED_ELSEWHERE
    assert (result.outcome, result.consent) == (Outcome.LINKED_ELSEWHERE, Consent.REASSIGN)
    assert "Standard du cabinet" in say(result.message)
    assert owner.vendors_hold() == before
    assert setup.saved.linked is None
    assert owner.hears() == today
    agreed = await setup.link(frozenset({Consent.REASSIGN}))
    assert_proven(agreed, Outcome.REASSIGNED)
    assert agreed.auto_linked
    assert owner.hears() == owner.assistant_named("Ava pour le cabinet")["firstMessage"]


async def test_linked_elsewhere_choosing_the_one_that_answers_changes_nothing(
    owner: Owner,
) -> None:
    owner.lab.play("linked-elsewhere")
    setup = await owner.connects()
    holder = owner.assistant_named("Standard du cabinet")["id"]
    listed = {one.id: one for one in setup.store.state.live.assistants or ()}
    await setup.choose_assistant(listed[holder])
    before = owner.vendors_hold()
    result = await setup.link()
    assert_proven(result, Outcome.ALREADY_LINKED)
    assert not result.auto_linked
    assert owner.vendors_hold() == before


# returning: everything is there already.


async def test_returning_everything_is_recognised_and_nothing_is_written(owner: Owner) -> None:
    owner.lab.play("returning")
    setup = await owner.connects()
    assert len(setup.store.state.live.assistants or ()) == 3
    before = owner.vendors_hold()
    result = await setup.link()
    assert_proven(result, Outcome.ALREADY_LINKED)
    assert result.auto_linked
    assert owner.vendors_hold() == before
    assert setup.saved.journal == ()
    assert owner.hears() == owner.assistant_named("Accueil Martin Plomberie")["firstMessage"]


async def test_returning_calls_from_before_the_wait_prove_nothing(owner: Owner) -> None:
    owner.lab.play("returning")
    setup = await owner.connects()
    owner.hears()
    assert (await setup.link()).success
    wait = asyncio.create_task(setup.wait_for_call())
    await asyncio.sleep(0.1)
    assert not wait.done()
    owner.hears()
    await asyncio.wait_for(wait, 5)


async def test_returning_a_link_undone_at_vapi_is_found_out(owner: Owner) -> None:
    owner.lab.play("returning")
    setup = await owner.connects()
    await setup.link()
    assert all_passed(await setup.verify())
    owner.lab.vapi("PATCH", f"/phone-number/{owner.at_vapi()['id']}", json={"assistantId": None})
    again = await owner.starts()
    checks = await again.verify()
    assert {one.id for one in checks if one.verdict is Verdict.FAILED} == {CheckId.LINKED}
    assert again.saved.linked is None
    assert first_open(again.store.state) is StepId.REVIEW
    assert_proven(await again.link(), Outcome.RELINKED)


async def test_returning_a_vendor_out_of_reach_does_not_undo_the_link(owner: Owner) -> None:
    owner.lab.play("returning")
    setup = await owner.connects()
    await setup.link()
    offline = await owner.starts(AVA_SETUP_VAPI_URL=CLOSED_PORT)
    checks = await offline.verify()
    assert Verdict.CANNOT_TELL in {one.verdict for one in checks}
    assert offline.saved.linked is not None


# trial, suspended, no-voice: no call could come in.


async def test_trial_nothing_is_written_and_the_upgrade_is_named(owner: Owner) -> None:
    owner.lab.play("trial")
    owner.lab.assistant()
    setup = await owner.connects()
    account = setup.store.state.live.account
    assert account is not None
    assert account.kind is AccountKind.TRIAL
    before = owner.vendors_hold()
    result = await setup.link()
    assert failure(result) is ErrorCode.TWILIO_TRIAL
    assert result.consent is Consent.TRIAL
    assert verdict(result, CheckId.ACCOUNT) is Verdict.FAILED
    assert owner.vendors_hold() == before


async def test_trial_an_import_on_consent_is_never_called_a_success(owner: Owner) -> None:
    owner.lab.play("trial")
    owner.lab.assistant()
    setup = await owner.connects()
    result = await setup.link(frozenset({Consent.TRIAL}))
    assert failure(result) is ErrorCode.LINK_UNPROVEN
    assert result.outcome is Outcome.UNPROVEN
    assert setup.saved.linked is None
    assert owner.lab.call()["answered"] is False


async def test_suspended_credentials_are_not_kept_and_the_reason_is_named(owner: Owner) -> None:
    owner.lab.play("suspended")
    setup = await owner.starts()
    with pytest.raises(VendorError) as caught:
        await setup.check_twilio(owner.token_pair)
    assert caught.value.code is ErrorCode.TWILIO_SUSPENDED
    assert setup.saved.twilio is None


async def test_suspended_meanwhile_nothing_is_written(owner: Owner) -> None:
    owner.lab.play("suspended")
    owner.lab.assistant()
    setup = await owner.was_connected()
    before = owner.vendors_hold()
    result = await setup.link()
    assert failure(result) is ErrorCode.TWILIO_SUSPENDED
    assert verdict(result, CheckId.ACCOUNT) is Verdict.FAILED
    assert owner.vendors_hold() == before


async def test_no_voice_nothing_is_written(owner: Owner) -> None:
    owner.lab.play("no-voice")
    owner.lab.assistant()
    setup = await owner.connects()
    before = owner.vendors_hold()
    result = await setup.link()
    assert failure(result) is ErrorCode.NUMBER_WITHOUT_VOICE
    assert verdict(result, CheckId.NUMBER) is Verdict.FAILED
    assert owner.vendors_hold() == before


# bad-key: the key was rotated.


async def test_bad_key_is_refused_and_nothing_is_kept(owner: Owner) -> None:
    owner.lab.play("bad-key")
    setup = await owner.starts()
    with pytest.raises(CredentialsRefused) as caught:
        await setup.connect(owner.vapi_key)
    assert caught.value.code is ErrorCode.VAPI_KEY_REFUSED
    again = await owner.starts()
    assert again.saved.connection is None
    assert not again.store.state.live.secrets


async def test_bad_key_since_the_last_start_is_named_and_not_taken_for_no_assistant(
    owner: Owner,
) -> None:
    owner.lab.play("bad-key")
    setup = await owner.was_connected()
    before = owner.vendors_hold()
    result = await setup.link()
    assert failure(result) is ErrorCode.VAPI_KEY_REFUSED
    assert verdict(result, CheckId.ASSISTANT) is Verdict.CANNOT_TELL
    assert owner.vendors_hold() == before
    assert setup.saved.twilio is not None


# many: sixty assistants, three hundred numbers.


async def test_many_everything_is_listed_and_one_number_among_them_is_imported(
    owner: Owner,
) -> None:
    owner.lab.play("many")
    setup = await owner.connects("+33199001001")
    live = setup.store.state.live
    assert len(live.assistants or ()) == 60
    assert len(live.numbers or ()) == 300
    result = await setup.link()
    assert_proven(result, Outcome.IMPORTED)
    newest: Assistant = max(live.assistants or (), key=lambda one: one.created_at)
    assert (result.auto_linked, result.assistant_id) == (True, newest.id)
    assert owner.hears("+33199001001") == newest.first_message


@pytest.mark.parametrize(
    ("number", "code", "consent"),
    [
        ("+33199002000", ErrorCode.NUMBER_WITHOUT_VOICE, None),
        ("+442079460001", ErrorCode.POINTS_ELSEWHERE, Consent.OVERWRITE),
        ("+12125550100", ErrorCode.LINKED_ELSEWHERE, Consent.REASSIGN),
    ],
)
async def test_many_each_number_is_judged_by_itself(
    owner: Owner, number: str, code: ErrorCode, consent: Consent | None
) -> None:
    owner.lab.play("many")
    setup = await owner.connects(number)
    before = owner.vendors_hold()
    result = await setup.link()
    assert failure(result) is code
    assert result.consent is consent
    assert owner.vendors_hold() == before


async def test_many_changing_ones_mind_about_the_number_links_the_other(owner: Owner) -> None:
    owner.lab.play("many")
    setup = await owner.connects("+33199002000")
    assert not (await setup.link()).success
    await owner.chooses(setup, "+442079460000")
    assert setup.store.state.live.result is None
    assert_proven(await setup.link(), Outcome.RELINKED)
    assert owner.at_vapi("+442079460000")["assistantId"]
